"""Parts of a note that may become notes of their own: a section, or some lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from zettel.model.editing.sections import Section, lines_of, sections
from zettel.model.errors import Refused
from zettel.model.frontmatter import split
from zettel.model.ids import first_id, without_id
from zettel.model.passage import one_line
from zettel.model.reading import Reading

MARK = re.compile(rb"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+")
INDENT = re.compile(rb"[ \t]*")
LONGEST_TITLE = 60

Span = tuple[int, int, bytes]
"""What is written in place of the bytes between two offsets."""


class Part(NamedTuple):
    """What is to become a note: the bytes from `start` to `end`.

    Its text begins at `text`, behind the heading (of the words `heading`) that becomes the `title`, if there is one. `spans` are the
    marks that change in it. `lead` stands before the link that takes its place: the mark of a list item, or that of a heading
    where the link would else come to stand below another one. `is_marked`: its heading is written with marks.
    """

    start: int
    end: int
    title: str
    text: int
    heading: str = ""
    spans: tuple[Span, ...] = ()
    lead: bytes = b""
    is_marked: bool = False

    @property
    def keeps_heading(self) -> bool:
        """Whether the link in its place is a heading."""
        return self.lead.startswith(b"#")


def of_sections(chosen: Iterable[Section], found: Sequence[Section]) -> list[Part]:
    """Sections that stand apart from each other as parts, in order; `found` are all of the note, in order."""
    parts: list[Part] = []
    above, end = None, 0
    for section in chosen:
        first = bisect_left(found, section.start, key=_start)
        if first and found[first - 1].start >= end:
            above = found[first - 1]
        parts.append(_of_section(section, found, above))
        end = section.end
        above = section if parts[-1].keeps_heading else above
    return parts


def _start(section: Section) -> int:
    return section.start


def _of_section(section: Section, found: Sequence[Section], above: Section | None) -> Part:
    """A section as a part; `above` is the heading above it that stays.

    Its heading becomes the title (and stays, if a link stands in it), and the headings below it move up with it.
    """
    up = section.level - 1
    first, last = (bisect_left(found, at, key=_start) for at in (section.start, section.end))
    spans = tuple((one.start, one.start + up, b"") for one in found[first:last] if one.marks > up > 0)
    lead = b"#" * section.level + b" " if section.marks >= 0 and above and above.level >= section.level else b""
    if section.has_link:
        return Part(section.start, section.end, _title(section), section.start, "", spans, lead)
    below = tuple(span for span in spans if span[0] > section.start)
    return Part(section.start, section.end, _title(section), section.body, section.words, below, lead, section.marks >= 0)


def of_lines(first: int, last: int, title: str, reading: Reading, data: bytes) -> Part:
    """Lines (from 1) as a part; without a `title`, their heading or first words are it. Raises `Refused` where they cannot be taken out."""
    lines = lines_of(data)
    named = f"lines {first} to {last}" if last > first else f"line {first}"
    if last > len(lines):
        raise Refused(f"the note has {len(lines)} lines, so {named} cannot be taken", "zettel show NOTE | cat -n shows them")
    inside = [span for span in lines[first - 1 : last] if data[slice(*span)].strip()]
    if not inside:
        raise Refused(f"there is nothing in {named}", "zettel show NOTE | cat -n shows the lines")
    start, end = inside[0][0], inside[-1][1]
    text = data.decode()
    front = split(text)
    if front and start < len(text[: front.end].encode()):
        raise Refused(f"{named} cannot be taken: there is front matter in it", "name lines of the text below")
    below = next((at for at, till in lines[last:] if data[at:till].strip()), None)
    if below is not None and _indent(data, below) > _indent(data, start):
        raise Refused(f"{named} cannot be taken alone: what follows hangs below", "take the indented lines that follow along")
    found = sections(reading, data)
    heading = next((one for one in found if one.start == start), None)
    if heading and not title:
        return of_sections([heading._replace(end=end)], found)[0]
    least = min(_indent(data, at) for at, _ in inside)
    mark = MARK.match(data, start)
    words = " ".join(one_line(run.text) for run in reading.passages if run.pieces and start <= run.pieces[0][1].start < end)
    dedent = tuple((at, at + least, b"") for at, _ in inside if least)
    return Part(start, end, title or _first_words(words), start, "", dedent, mark[0] if mark else b"")


def _indent(data: bytes, at: int) -> int:
    found = INDENT.match(data, at)
    return len(found[0]) if found else 0


def _first_words(text: str) -> str:
    """The first sentence of a text, or as many words of it as make a title."""
    first = re.split(r"(?<=\w)[.!?…]+(?:\s|$)", text, maxsplit=1)[0]
    return first if len(first) <= LONGEST_TITLE else first[:LONGEST_TITLE].rpartition(" ")[0] or first[:LONGEST_TITLE]


def _title(section: Section) -> str:
    """The heading's words as a title, without an ID at their edge; one of nothing but an ID must not answer to it."""
    return without_id(section.words, first_id(section.words)) or f"About {section.words}"
