"""Split a note into sections, and retarget links to their headings and block anchors."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.edit.destinations import build_relative_note_path, is_wiki_destination
from zettel.model.edit.proof import Replacement
from zettel.model.link.link import Link
from zettel.model.link.syntax import SYNTAX_BY_NAME
from zettel.model.note.blocks import LINK
from zettel.model.note.heading import build_heading_key, find_own_key, get_heading_words, list_block_ids, list_heading_keys
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.note.passage import Passage, collapse_whitespace
from zettel.model.text.fold import fold, split_path, strip_suffix
from zettel.model.text.ids import strip_id

LINE = compile_lazily(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
ATX_MARKS = compile_lazily(rb"#{1,6}(?=[ \t])")
SETEXT_UNDERLINE = compile_lazily(rb"(?:=+|-+)[ \t]*(?:\r|\n|\Z)")
FOOTNOTE_MARK = compile_lazily(rb"\[\^[^\[\]\s]+\]")
"""A footnote's mark, which is not part of the words of a heading."""

TAG_OR_ID = compile_lazily(r"#|[0-9]{12}")
"""What may be a tag or a bare link in prose."""


class Section(NamedTuple):
    """A heading and the text below it.

    `heading` holds the words of the heading, `text` also what hangs on it, and `keys` are those of the anchors that lead to it, `own_key` that
    of `{#id}`, if it has one. It begins at byte `start` in line `line` (from 1). `mark_count` counts its `#`: 0 means underlined,
    -1 plain text. The text below it goes from byte `body_start` to `end`, where the next section of the same or a higher level begins.
    `has_link`: the heading contains something that a title would lose: a link, a picture, or what hangs on it.
    """

    level: int
    heading: str
    mark_count: int
    line: int
    start: int
    body_start: int
    end: int
    has_link: bool
    text: str
    keys: tuple[str, ...]
    own_key: str


def list_line_spans(data: bytes) -> list[tuple[int, int]]:
    """Return (start, end) of each line in bytes, including its line ending."""
    return [found.span() for found in LINE.finditer(data) if found[0]]


def list_sections(parsed: ParsedNote, data: bytes) -> list[Section]:
    """Return the sections of a note in order. Headings within lists and quotes do not begin a section."""
    lines = list_line_spans(data)
    starts = [start for start, _ in lines]
    found = [section for passage in parsed.passages if passage.level and (section := _parse_section(passage, data, lines, starts))]
    open_: list[int] = []
    ends = [len(data)] * len(found)
    for at, section in enumerate(found):
        while open_ and found[open_[-1]].level >= section.level:
            ends[open_.pop()] = section.start
        open_.append(at)
    return [section._replace(end=end) for section, end in zip(found, ends, strict=True)]


def _parse_section(passage: Passage, data: bytes, lines: list[tuple[int, int]], starts: list[int]) -> Section | None:
    """Build the section of a heading that is a line of its own, with `end` still 0. Return None for any other heading."""
    pieces = [piece for _, piece in passage.pieces if piece.end > piece.start and piece.text.strip()]
    if not pieces:
        return None
    first, last = (bisect_right(starts, at) - 1 for at in (pieces[0].start, pieces[-1].end - 1))
    start, body, words = lines[first][0], lines[last][1], collapse_whitespace(passage.text)
    found = ATX_MARKS.match(data, start)
    marks = len(found[0]) if found else -1
    if not found and last + 1 < len(lines) and SETEXT_UNDERLINE.match(data, body):
        marks, body = 0, lines[last + 1][1]
    elif not found and fold(data[start:body].decode("utf-8", "replace").strip("\ufeff*_ \t\r\n")) != fold(words):
        return None  # within a list or a quote
    has_link = TAG_OR_ID.search(passage.prose) is not None or any(piece.kind == LINK for piece in pieces)
    heading, raw = get_heading_words(passage), data[pieces[0].start : pieces[-1].end].decode("utf-8", "replace")
    has_link = has_link or heading != words or FOOTNOTE_MARK.search(data, start, body) is not None
    return Section(
        passage.level,
        heading,
        marks,
        first + 1,
        start,
        body,
        0,
        has_link,
        words,
        tuple(list_heading_keys(passage, raw)),
        find_own_key(passage),
    )


def list_sections_below_title(parsed: ParsedNote, data: bytes) -> list[Section]:
    """Return the sections that may become notes: all except that of the heading that is the note's title."""
    found = list_sections(parsed, data)
    if found and fold(strip_id(found[0].heading, parsed.id)) == fold(parsed.title):
        return found[1:]
    return found


WIKI_LINK = compile_lazily(r"(!?\[\[)(.*)(\]\])", re.S)


class AnchorTarget(NamedTuple):
    """The target of an anchor: the index of the part it lies in, and whether it is the heading at the start of that part."""

    position: int
    is_at_start: bool


class SectionSpans:
    """Parts of a text that do not overlap, in order, given as (start, end) in bytes."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._starts, self._ends = [start for start, _ in spans], [end for _, end in spans]

    def find_index(self, offset: int) -> int | None:
        """Return the index of the part that contains an offset, or None if no part does."""
        number = bisect_right(self._starts, offset) - 1
        return number if number >= 0 and offset < self._ends[number] else None

    def find_target(self, offset: int) -> AnchorTarget | None:
        """Return the part that contains an offset, as the target of an anchor, or None."""
        number = self.find_index(offset)
        return None if number is None else AnchorTarget(number, offset == self._starts[number])


def map_anchors(parsed: ParsedNote, data: bytes, spans: SectionSpans) -> dict[str, AnchorTarget | None]:
    """Map the key of each anchor of a note to the span that it leads into, or to None if it leads elsewhere.

    If several headings have the same words, an anchor means the first, and one with `-1` at its end the second. The block ID of the heading at the
    start of a span means the whole of it.
    """
    sections = list_sections(parsed, data)
    starts = [section.start for section in sections]
    targets = {
        key: None if number is None else spans.find_target(starts[number]) for key, number in map_anchor_owners(parsed, sections).items()
    }
    for name, offset in list_block_ids(parsed.passages):
        number = bisect_right(starts, offset) - 1
        is_in_heading = number >= 0 and offset < sections[number].body_start
        targets.setdefault(name.lower(), spans.find_target(starts[number] if is_in_heading else offset))
    return targets


def map_anchor_owners(parsed: ParsedNote, sections: Sequence[Section]) -> dict[str, int | None]:
    """Map the key of each anchor that leads to a heading to the number of its section. `sections` are all sections of the note."""
    owners: dict[str, int | None] = {}
    counts: Counter[str] = Counter()
    for number, section in enumerate(sections):
        for key in section.keys:
            owners.setdefault(key, number)
    for number, section in enumerate(sections):
        key = build_heading_key(section.heading)
        if counts[key]:
            owners.setdefault(f"{key}{counts[key]}", number)
        counts[key] += 1
    for number, names in enumerate(list_nested_names(sections)):
        for name in names:
            owners.setdefault(build_heading_key(name), number)
    for passage in parsed.passages:  # headings within lists and quotes
        for key in list_heading_keys(passage) if passage.level else ():
            owners.setdefault(key, None)
    return owners


def list_nested_names(sections: Sequence[Section]) -> Iterator[list[str]]:
    """Yield for each section how it is named together with the headings above it, as in `[[Note#Heading#Subheading]]`."""
    above: list[Section] = []
    for section in sections:
        above = [one for one in above if one.level < section.level]
        yield ["".join(one.heading for one in (*above[-count:], section)) for count in range(1, len(above) + 1)]
        above.append(section)


HTML_ID = compile_lazily(r"""(?i)<[a-z][^<>]*?\s(?:id|name)\s*=\s*["']?([^"'\s<>]+)""")


def describe_anchors(parsed: ParsedNote, data: bytes) -> dict[str, str]:
    """Return the key of every anchor of a note, with the words of the heading that it leads to; a block ID, or the ID of an HTML tag, has none."""
    sections = list_sections(parsed, data)
    found = {key: sections[number].heading if number is not None else "" for key, number in map_anchor_owners(parsed, sections).items()}
    for name, _ in list_block_ids(parsed.passages):
        found.setdefault(name.lower(), "")
    for name in HTML_ID.findall(data.decode("utf-8", "replace")) if b"<" in data else ():
        found.setdefault(build_heading_key(name), "")
    return found


def find_heading(parsed: ParsedNote, section: Section) -> Passage | None:
    """Return the heading of a section as a passage."""
    return next(
        (
            passage
            for passage in parsed.passages
            if passage.level and passage.pieces and section.start <= passage.pieces[-1][1].start < section.body_start
        ),
        None,
    )


class Anchor(NamedTuple):
    """The anchor of a link: its key, as in the keys of `map_anchors`, and its text."""

    key: str
    text: str


def list_anchors(link: Link) -> list[Anchor]:
    """Return what may be the anchor of a link, likeliest first: all after a `#`. A name and a heading may contain one, too, and headings can be nested."""
    is_wiki = is_wiki_destination(link.dest)
    parts = (link.dest[2:-2].partition("|")[0] if is_wiki else link.dest).split("#")
    texts = ["#".join(parts[number:]) for number in range(1, len(parts))]
    is_encoded = "%" in link.dest and not is_wiki and not WIKI_LINK.fullmatch(link.text)
    return [Anchor(key, text) for text in texts if (key := build_anchor_key(unquote(text) if is_encoded else text))]


def choose_anchor(link: Link, known: Container[str]) -> Anchor | None:
    """Return the anchor of a link whose key is in `known`, or None."""
    return next((anchor for anchor in list_anchors(link) if anchor.key in known), None) if "#" in link.dest else None


def build_anchor_key(anchor: str) -> str:
    """Return the key of an anchor: `^name` for a block, else that of a heading."""
    return anchor.strip().lower() if anchor.startswith("^") else build_heading_key(anchor)


class HeadingLink(NamedTuple):
    """A link to a heading of the same text, `[words](#anchor)` or `<a href="#anchor">`, which is not a link to a note: where it stands, and its anchor."""

    start: int
    end: int
    anchor: str

    @property
    def key(self) -> str:
        """The key of the anchor, as in the keys of `map_anchors`."""
        return build_anchor_key(unquote(self.anchor))


def find_heading_links(parsed: ParsedNote) -> Iterator[HeadingLink]:
    """Yield the links to headings of the same text that are not written in `[[...]]`."""
    for passage in parsed.passages:
        for _, piece in passage.pieces:
            if piece.kind == LINK and piece.dest[:1] == "#" and len(piece.dest) > 1 and not SYNTAX_BY_NAME[piece.syntax].may_have_brackets:
                yield HeadingLink(piece.start, piece.end, piece.dest[1:])


def rewrite_heading_link(data: bytes, link: HeadingLink, dest: str) -> Replacement | None:
    """Return the replacement that gives a link to a heading of its own text another destination, or None if it has none to replace.

    A link that has its destination in a link definition becomes an inline link.
    """
    raw = data[link.start : link.end]
    before, found, after = raw.rpartition(f"#{link.anchor}".encode())
    if found:
        return link.start, link.end, before + dest.encode() + after
    text = raw[: raw.rfind(b"][")] if b"][" in raw else raw[:-1]
    return (link.start, link.end, text + f"]({dest})".encode()) if raw.endswith(b"]") else None


def retarget_heading_link(data: bytes, link: HeadingLink, source: str, target: Note, *, to_whole_note: bool) -> Replacement | None:
    """Return the replacement that makes a link to a heading of its own text, in the note `source`, one to that heading of another note."""
    path = quote(build_relative_note_path(split_path(source)[0], *split_path(target.path)), safe="/._-~")
    return rewrite_heading_link(data, link, path + ("" if to_whole_note else f"#{link.anchor}"))


def retarget_link(link: Link, target: Note, anchor: str, *, label_first: bool) -> str | None:
    """Return the text of a link that leads to an anchor of another note, which is empty or begins with `#`.

    Returns None if the link's text does not contain its destination.
    """
    folder, name = split_path(target.path)
    found = WIKI_LINK.fullmatch(link.text)
    if not found:
        at = link.text.rfind(link.dest)
        path = quote(build_relative_note_path(split_path(link.source)[0], folder, name), safe="/._-~") + anchor
        return link.text[:at] + path + link.text[at + len(link.dest) :] if at >= 0 else None
    opening, inside, closing = found.groups()
    first, bar, second = inside.rpartition("|") if label_first else inside.partition("|")
    bar = "\\|" if first.endswith("\\") else bar
    first = first.removesuffix("\\")
    if not bar:
        return f"{opening}{strip_suffix(name)}{anchor}{closing}"
    dest = (target.id or strip_suffix(name)) + anchor
    return opening + (first + bar + dest if label_first else dest + bar + second) + closing
