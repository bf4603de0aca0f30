"""Split a note into sections: its headings, each with the bytes up to the next heading of the same or a higher level."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from zettel.model.ids import strip_id
from zettel.model.outline import LINK
from zettel.model.passage import Passage, collapse_whitespace
from zettel.model.reading import ParsedNote
from zettel.model.text import fold

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
