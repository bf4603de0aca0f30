"""Split a note into sections, and retarget links to their headings and block anchors."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from zettel.model.edit.destinations import build_relative_note_path
from zettel.model.link.link import Link
from zettel.model.note.blocks import LINK
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.note.passage import Passage, collapse_whitespace
from zettel.model.text.fold import fold, split_path, strip_suffix
from zettel.model.text.ids import strip_id

LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
ATX_MARKS = re.compile(rb"#{1,6}(?=[ \t])")
SETEXT_UNDERLINE = re.compile(rb"(?:=+|-+)[ \t]*(?:\r|\n|\Z)")
TAG_OR_ID = re.compile(r"#|[0-9]{12}")
"""What may be a tag or a bare link in prose."""


class Section(NamedTuple):
    """A heading and the text below it.

    `heading` is the text of the heading. It begins at byte `start` in line `line` (from 1). `mark_count` counts its `#`: 0 means underlined,
    -1 plain text. The text below it goes from byte `body_start` to `end`, where the next section of the same or a higher level begins.
    `has_link`: the heading contains a link or a tag, which a title would lose.
    """

    level: int
    heading: str
    mark_count: int
    line: int
    start: int
    body_start: int
    end: int
    has_link: bool


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
    return Section(passage.level, words, marks, first + 1, start, body, 0, has_link)


def list_sections_below_title(parsed: ParsedNote, data: bytes) -> list[Section]:
    """Return the sections that may become notes: all except that of the heading that is the note's title."""
    found = list_sections(parsed, data)
    if found and fold(strip_id(found[0].heading, parsed.id)) == fold(parsed.title):
        return found[1:]
    return found


BLOCK_ANCHOR = re.compile(rb"[ \t]\^(?P<name>[A-Za-z0-9-]+)[ \t]*(?=[\r\n]|\Z)")
WIKI_LINK = re.compile(r"(!?\[\[)(.*)(\]\])", re.S)
ANCHOR_LINK = re.compile(rb"\]\(#(?P<anchor>[^()\s]+)\)")
"""A Markdown link to an anchor in the same text, which is not a link to a note."""


def slugify_heading(heading: str) -> str:
    """Return the anchor that web pages generate for a heading."""
    return "".join(char for char in fold(heading) if char.isalnum() or char in " -_").replace(" ", "-")


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


def map_anchors(sections: Iterable[Section], data: bytes, spans: SectionSpans) -> dict[str, AnchorTarget]:
    """Map each folded anchor that leads into one of the spans to its target.

    If several headings have the same words, an anchor means the first.
    """
    targets: dict[str, AnchorTarget | None] = {}
    for section in sections:
        for key in (fold(section.heading), slugify_heading(section.heading)):
            targets.setdefault(key, spans.find_target(section.start))
    for block in BLOCK_ANCHOR.finditer(data):
        number = spans.find_index(block.start())
        targets.setdefault("^" + block["name"].decode().lower(), None if number is None else AnchorTarget(number, is_at_start=False))
    return {key: target for key, target in targets.items() if target is not None}


def parse_anchor(link: Link) -> str:
    """Return the text after the last `#` of a link, folded as in the keys of `map_anchors`. Empty if the link has no anchor."""
    anchor = link.dest.rpartition("#")[2] if "#" in link.dest else ""
    return fold(anchor if WIKI_LINK.fullmatch(link.text) else unquote(anchor))


def find_heading_links(sections: Iterable[Section], data: bytes) -> Iterator[tuple[int, int]]:
    """Yield (offset of the link, offset of the heading) for every Markdown link to a heading of the same text, `[..](#slug)`."""
    starts: dict[str, int] = {}
    for section in sections:
        starts.setdefault(slugify_heading(section.heading), section.start)
    for link in ANCHOR_LINK.finditer(data):
        anchor = fold(unquote(link["anchor"].decode()))
        if anchor in starts:
            yield link.start(), starts[anchor]


def retarget_link(link: Link, target: Note, *, to_whole_note: bool, label_first: bool) -> str | None:
    """Return the text of a link that leads to the same anchor in another note, or with `to_whole_note` to that note itself.

    Returns None if the link's text does not contain its destination.
    """
    anchor = "" if to_whole_note else "#" + link.dest.rpartition("#")[2]
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
