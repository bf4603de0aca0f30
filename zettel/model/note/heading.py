"""Take a heading apart: the words that it says, what hangs on it (tags, a block ID, attributes), and the form in which headings are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.note.passage import Passage, collapse_whitespace, find_byte_offset
from zettel.model.note.picture import list_pictures
from zettel.model.note.tags import normalise_tag
from zettel.model.text.fold import fold
from zettel.model.text.prose import find_inline_tokens

ATTRIBUTES = compile_lazily(
    r"\{-\}|\{:?[ \t]*(?:[#.][^\s{}#.]+|[\w:-]+=(?:\"[^\"{}]*\"|[^\s{}\"]+))(?:[ \t]*(?:[#.][^\s{}#.]+|[ \t][\w:-]+=(?:\"[^\"{}]*\"|[^\s{}\"]+)))*[ \t]*\}"
)
"""Attributes at the end of a heading, such as `{#id .class key=value}`, or `{-}`, with which pandoc leaves out the number."""

HIGHLIGHT = compile_lazily(r"(?<!=)(?P<opening>==)(?=[^\s=])(?P<words>[^\n]{1,300}?)(?<=[^\s=])(?P<closing>==)(?!=)")

BLOCK_ID = compile_lazily(r"\^[A-Za-z0-9_-]+")
"""A block ID at the end of a heading."""

BLOCK_ANCHOR = compile_lazily(r"(?m)(?:^|(?<=[ \t]))(?P<block>\^[A-Za-z0-9_-]+)(?=[ \t]*$|[ \t]+(?:#|\{))")
"""A block ID at the end of a line, or before what else hangs on a heading."""

HANGING_ID = compile_lazily(r" \^[A-Za-z0-9_-]+(?= |\Z)| ?\{[^{}]*\}(?= |\Z)")
"""A block ID or attributes that hang on a heading, among its tags."""

ATTRIBUTE_ID = compile_lazily(r"\{:?[ \t]*(?:[^{}]*[ \t])?#(?P<id>[^\s{}#.]+)[^{}]*\}")
"""The ID among the attributes of a heading."""


def find_words_end(prose: str) -> int:
    """Return the offset at which the words of a heading end. Behind it hang trailing `#tags`, `^block`, `{#id}` and `%%comments%%`, in any order.

    `prose` is the heading as in `Passage.prose`. If a heading has no words before them, they are its words.
    """
    end = whole = len(prose.rstrip())
    if "#" not in prose and "^" not in prose and "{" not in prose and "%%" not in prose:
        return end
    tags = {found.end(): found.start() for found in find_inline_tokens(prose) if found["tag"] and normalise_tag(found["tag"])}
    while (start := _find_last_part(prose, end, tags)) < end:
        end = start
        while end and prose[end - 1].isspace():
            end -= 1
        if not end:
            return whole
    return end


def _find_last_part(prose: str, end: int, tags: Mapping[int, int]) -> int:
    """Return the offset at which the last thing that hangs on a heading begins, or `end` if nothing does. `tags` are its tags: end to start."""
    if prose.endswith("}", 0, end):
        start = prose.rfind("{", 0, end)
        return start if start >= 0 and ATTRIBUTES.fullmatch(prose, start, end) else end
    if prose.endswith("%%", 0, end):
        start = prose.rfind("%%", 0, end - 2)
        return start if start >= 0 else end
    start = tags.get(end, -1)
    if start < 0:
        start = prose.rfind("^", 0, end)
        if start < 0 or not BLOCK_ID.fullmatch(prose, start, end):
            return end
    return start if start == 0 or prose[start - 1].isspace() else end


def get_heading_words(passage: Passage) -> str:
    """Return the words of a heading on one line, without what hangs on it, and without pictures unless it has no other words."""
    end = find_words_end(passage.prose)
    words = strip_highlights(collapse_whitespace(passage.text[:end]))
    if passage.prose is not passage.text and (pictures := list_pictures(passage)):
        parts = (passage.text[at : min(at + len(piece.text), end)] for at, piece in passage.pieces if piece not in pictures and at < end)
        return strip_highlights(collapse_whitespace("".join(parts))) or words
    return words


def strip_highlights(words: str) -> str:
    """Return words without the marks of highlights, `==such as these==`."""
    return HIGHLIGHT.sub(r"\g<words>", words) if "==" in words else words


def build_heading_key(heading: str) -> str:
    """Return the form in which headings and the anchors that name them are compared: folded, and letters, marks and digits only.

    Tools write a heading in a link without some of its punctuation, or as a slug. A heading without any letter or digit is compared whole.
    """
    folded = fold(heading)
    if folded.isascii():
        return "".join(filter(str.isalnum, folded)) or folded
    from unicodedata import category

    return "".join(char for char in folded if char.isalnum() or category(char)[0] == "M") or folded


def list_heading_keys(passage: Passage, raw: str = "") -> list[str]:
    """Return the keys of the anchors that lead to a heading (see `build_heading_key`): its words, its ID, and all that is written there.

    `raw` is the heading as written.
    """
    tagged = HANGING_ID.sub("", collapse_whitespace(passage.text)) if "^" in passage.text or "{" in passage.text else ""
    keys = (build_heading_key(text) for text in (get_heading_words(passage), tagged, passage.text, raw) if text.strip())
    return list(dict.fromkeys(filter(None, (find_own_key(passage), *keys))))


def find_own_key(passage: Passage) -> str:
    """Return the key of the ID that a heading gets from `{#id}`, or an empty string."""
    found = ATTRIBUTE_ID.search(passage.prose, find_words_end(passage.prose)) if "{" in passage.prose else None
    return build_heading_key(found["id"]) if found else ""


def list_own_anchors(passages: Iterable[Passage]) -> list[str]:
    """Return the anchors that the passages of a note define besides its headings, in order: block IDs as `^name`, and the IDs from `{#id}` behind headings."""
    found: list[str] = []
    for passage in passages:
        if passage.level and "{" in passage.prose:
            found += [match["id"] for match in ATTRIBUTE_ID.finditer(passage.prose, find_words_end(passage.prose))]
        if "^" in passage.prose:
            found += [match["block"] for match in BLOCK_ANCHOR.finditer(passage.prose)]
    return found


def list_block_ids(passages: Iterable[Passage]) -> list[tuple[str, int]]:
    """Return the block IDs of the passages as `^name`, each with its byte offset."""
    return [
        (match["block"], find_byte_offset(passage, match.start()))
        for passage in passages
        if "^" in passage.prose
        for match in BLOCK_ANCHOR.finditer(passage.prose)
    ]
