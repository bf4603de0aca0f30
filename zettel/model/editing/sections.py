"""Sections of a note: its headings, and the bytes from each to the next of the same or a higher level."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from zettel.model.ids import without_id
from zettel.model.outline import LINK
from zettel.model.passage import Passage, one_line
from zettel.model.reading import Reading
from zettel.model.text import fold

LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
MARKS = re.compile(rb"#{1,6}(?=[ \t])")
UNDERLINE = re.compile(rb"(?:=+|-+)[ \t]*(?:\r|\n|\Z)")
LINKED = re.compile(r"#|[0-9]{12}")
"""What may be a tag or a bare link in prose."""


class Section(NamedTuple):
    """A heading and what stands below it.

    `words` are the heading's; it begins at the byte `start`, in line `line` (from 1), and is written with `marks` #, underlined
    (0) or as plain text (-1). The text below it is that from `body` to `end`, where the next section of its level or a higher one begins.
    `has_link`: a link or a tag stands in it, which a title would not keep.
    """

    level: int
    words: str
    marks: int
    line: int
    start: int
    body: int
    end: int
    has_link: bool


def lines_of(data: bytes) -> list[tuple[int, int]]:
    """Where each line begins and ends, its line end included."""
    return [found.span() for found in LINE.finditer(data) if found[0]]


def sections(reading: Reading, data: bytes) -> list[Section]:
    """Every heading with its section, in order; headings within lists and quotes are part of the text around them."""
    lines = lines_of(data)
    starts = [start for start, _ in lines]
    found = [section for run in reading.passages if run.level and (section := _section(run, data, lines, starts))]
    open_: list[int] = []
    ends = [len(data)] * len(found)
    for at, one in enumerate(found):
        while open_ and found[open_[-1]].level >= one.level:
            ends[open_.pop()] = one.start
        open_.append(at)
    return [one._replace(end=end) for one, end in zip(found, ends, strict=True)]


def _section(run: Passage, data: bytes, lines: list[tuple[int, int]], starts: list[int]) -> Section | None:
    """A heading that is a line of its own; where its section ends is not known yet."""
    pieces = [piece for _, piece in run.pieces if piece.end > piece.start and piece.text.strip()]
    if not pieces:
        return None
    first, last = (bisect_right(starts, at) - 1 for at in (pieces[0].start, pieces[-1].end - 1))
    start, body, words = lines[first][0], lines[last][1], one_line(run.text)
    found = MARKS.match(data, start)
    marks = len(found[0]) if found else -1
    if not found and last + 1 < len(lines) and UNDERLINE.match(data, body):
        marks, body = 0, lines[last + 1][1]
    elif not found and fold(data[start:body].decode("utf-8", "replace").strip("\ufeff*_ \t\r\n")) != fold(words):
        return None  # within a list or a quote
    has_link = LINKED.search(run.prose) is not None or any(piece.kind == LINK for piece in pieces)
    return Section(run.level, words, marks, first + 1, start, body, 0, has_link)


def below_title(reading: Reading, data: bytes) -> list[Section]:
    """The sections that may become notes: all but that of the heading which is the note's title."""
    found = sections(reading, data)
    if found and fold(without_id(found[0].words, reading.id)) == fold(reading.title):
        return found[1:]
    return found
