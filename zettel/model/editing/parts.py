"""Select the part of a note that becomes a note of its own: a section, or a range of lines."""

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
"""(start, end, new bytes): a replacement of the bytes between two offsets."""


class Part(NamedTuple):
    """The part of a note, from byte `start` to `end`, that becomes a note of its own.

    Its text starts at byte `text`, after the heading that becomes the `title`, if it has one; `heading` holds the words of that heading.
    `spans` replace marks within it. `lead` is put before the link that replaces the part: a list mark, or a heading mark if the link
    would otherwise fall into the section above. `is_marked`: the heading is written with `#`.
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
        """Whether the link that replaces the part is a heading."""
        return self.lead.startswith(b"#")


def of_sections(chosen: Iterable[Section], found: Sequence[Section]) -> list[Part]:
    """Build parts from the chosen sections, which must be in order and must not overlap. `found` are all sections of the note, in order."""
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
    """Build a part from a section. `above` is the nearest section above it that stays in the note.

    Its heading becomes the title, and stays in the text if it contains a link. The headings below it are promoted by as many levels.
    """
    up = section.level - 1
    first, last = (bisect_left(found, at, key=_start) for at in (section.start, section.end))
    spans = tuple((heading.start, heading.start + up, b"") for heading in found[first:last] if heading.marks > up > 0)
    lead = b"#" * section.level + b" " if section.marks >= 0 and above and above.level >= section.level else b""
    if section.has_link:
        return Part(section.start, section.end, _title(section), section.start, "", spans, lead)
    below = tuple(span for span in spans if span[0] > section.start)
    return Part(section.start, section.end, _title(section), section.body, section.words, below, lead, section.marks >= 0)


def of_lines(first: int, last: int, title: str, reading: Reading, data: bytes) -> Part:
    """Build a part from a range of lines, counted from 1. Without a `title`, it is the heading or the first words of the lines.

    Raises `Refused` if the lines cannot be cut out of the note.
    """
    lines = lines_of(data)
    named = f"lines {first} to {last}" if last > first else f"line {first}"
    if last > len(lines):
        raise Refused(f"the note has {len(lines)} lines, so {named} cannot be extracted", "zettel show NOTE | cat -n shows them")
    inside = [span for span in lines[first - 1 : last] if data[slice(*span)].strip()]
    if not inside:
        raise Refused(f"there is nothing in {named}", "zettel show NOTE | cat -n shows the lines")
    start, end = inside[0][0], inside[-1][1]
    text = data.decode()
    front = split(text)
    if front and start < len(text[: front.end].encode()):
        raise Refused(f"{named} cannot be extracted together with front matter", "name lines below it")
    below = next((at for at, line_end in lines[last:] if data[at:line_end].strip()), None)
    if below is not None and _indent(data, below) > _indent(data, start):
        raise Refused(f"{named} cannot be extracted without the indented lines below", "include these lines")
    found = sections(reading, data)
    heading = next((section for section in found if section.start == start), None)
    if heading and not title:
        return of_sections([heading._replace(end=end)], found)[0]
    indent = min(_indent(data, at) for at, _ in inside)
    mark = MARK.match(data, start)
    words = " ".join(one_line(passage.text) for passage in reading.passages if passage.pieces and start <= passage.pieces[0][1].start < end)
    dedent = tuple((at, at + indent, b"") for at, _ in inside if indent)
    return Part(start, end, title or _first_words(words), start, "", dedent, mark[0] if mark else b"")


def _indent(data: bytes, at: int) -> int:
    found = INDENT.match(data, at)
    return len(found[0]) if found else 0


def _first_words(text: str) -> str:
    """Return the first sentence of a text, cut to as many words as fit into a title."""
    first = re.split(r"(?<=\w)[.!?…]+(?:\s|$)", text, maxsplit=1)[0]
    return first if len(first) <= LONGEST_TITLE else first[:LONGEST_TITLE].rpartition(" ")[0] or first[:LONGEST_TITLE]


def _title(section: Section) -> str:
    """Return the heading as a title, without an ID at either end. A heading that is only an ID gets a prefix, so that the ID does not resolve to it."""
    return without_id(section.words, first_id(section.words)) or f"About {section.words}"
