"""Choose the part of a note that becomes a note of its own: a section, or a range of lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from zettel.model.base.errors import Refused
from zettel.model.edit.proof import Replacement
from zettel.model.edit.sections import Section, list_line_spans, list_sections
from zettel.model.note.frontmatter import find_front_matter
from zettel.model.note.parse import ParsedNote
from zettel.model.note.passage import collapse_whitespace
from zettel.model.text.ids import find_first_id, strip_id

LIST_MARK = re.compile(rb"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+")
INDENT = re.compile(rb"[ \t]*")
MAX_TITLE_LENGTH = 60
"""Maximum characters of a title that is made of the first words of a text."""


class NotePart(NamedTuple):
    """The part of a note, from byte `start` to `end`, that becomes a note of its own.

    Its text starts at byte `text_start`, after the heading that becomes the `title`, if it has one; `heading` holds the words of that heading.
    `replacements` replace marks within it. `link_prefix` is put before the link that replaces the part: a list mark, or a heading mark if the link
    would otherwise fall into the section above. `has_atx_heading`: the heading is written with `#`.
    """

    start: int
    end: int
    title: str
    text_start: int
    heading: str = ""
    replacements: tuple[Replacement, ...] = ()
    link_prefix: bytes = b""
    has_atx_heading: bool = False

    @property
    def keeps_heading(self) -> bool:
        """Whether the link that replaces the part is a heading."""
        return self.link_prefix.startswith(b"#")


def build_section_parts(chosen: Iterable[Section], sections: Sequence[Section]) -> list[NotePart]:
    """Build parts from the chosen sections, which must be in order and must not overlap. `sections` are all sections of the note, in order."""
    parts: list[NotePart] = []
    above, end = None, 0
    for section in chosen:
        first = bisect_left(sections, section.start, key=_get_start)
        if first and sections[first - 1].start >= end:
            above = sections[first - 1]
        parts.append(_build_section_part(section, sections, above))
        end = section.end
        above = section if parts[-1].keeps_heading else above
    return parts


def _get_start(section: Section) -> int:
    return section.start


def _build_section_part(section: Section, sections: Sequence[Section], above: Section | None) -> NotePart:
    """Build a part from a section. `above` is the nearest section above it that stays in the note.

    Its heading becomes the title, and stays in the text if it contains a link. The headings below it are promoted by as many levels.
    """
    up = section.level - 1
    first, last = (bisect_left(sections, at, key=_get_start) for at in (section.start, section.end))
    spans = tuple((heading.start, heading.start + up, b"") for heading in sections[first:last] if heading.mark_count > up > 0)
    lead = b"#" * section.level + b" " if section.mark_count >= 0 and above and above.level >= section.level else b""
    if section.has_link:
        return NotePart(section.start, section.end, _build_title(section), section.start, "", spans, lead)
    below = tuple(span for span in spans if span[0] > section.start)
    return NotePart(
        section.start, section.end, _build_title(section), section.body_start, section.text, below, lead, section.mark_count >= 0
    )


def build_line_part(first: int, last: int, title: str, parsed: ParsedNote, data: bytes) -> NotePart:
    """Build a part from a range of lines, counted from 1. Without a `title`, it is the heading or the first words of the lines.

    Raises `Refused` if the lines cannot be cut out of the note.
    """
    inside = _find_written_lines(first, last, data)
    start, end = inside[0][0], inside[-1][1]
    found = list_sections(parsed, data)
    heading = next((section for section in found if section.start == start), None)
    if heading and not title:
        return build_section_parts([heading._replace(end=end)], found)[0]
    indent = min(_measure_indent(data, at) for at, _ in inside)
    mark = LIST_MARK.match(data, start)
    words = " ".join(
        collapse_whitespace(passage.text) for passage in parsed.passages if passage.pieces and start <= passage.pieces[0][1].start < end
    )
    dedent = tuple((at, at + indent, b"") for at, _ in inside if indent)
    return NotePart(start, end, title or _derive_title(words), start, "", dedent, mark[0] if mark else b"")


def _find_written_lines(first: int, last: int, data: bytes) -> list[tuple[int, int]]:
    """Return the spans of the lines in a range that are not blank. Raises `Refused` if the lines cannot be cut out of the note."""
    lines = list_line_spans(data)
    named = f"lines {first} to {last}" if last > first else f"line {first}"
    if last > len(lines):
        raise Refused(f"the note has {len(lines)} lines, so {named} cannot be extracted", "zettel show NOTE | cat -n shows them")
    inside = [span for span in lines[first - 1 : last] if data[slice(*span)].strip()]
    if not inside:
        raise Refused(f"there is nothing in {named}", "zettel show NOTE | cat -n shows the lines")
    start = inside[0][0]
    text = data.decode()
    front = find_front_matter(text)
    if front and start < len(text[: front.body_start].encode()):
        raise Refused(f"{named} cannot be extracted together with front matter", "name lines below it")
    below = next((at for at, line_end in lines[last:] if data[at:line_end].strip()), None)
    if below is not None and _measure_indent(data, below) > _measure_indent(data, start):
        raise Refused(f"{named} cannot be extracted without the indented lines below", "include these lines")
    return inside


def _measure_indent(data: bytes, offset: int) -> int:
    found = INDENT.match(data, offset)
    return len(found[0]) if found else 0


def _derive_title(text: str) -> str:
    """Return the first sentence of a text, cut to as many words as fit into a title."""
    first = re.split(r"(?<=\w)[.!?…]+(?:\s|$)", text, maxsplit=1)[0]
    return first if len(first) <= MAX_TITLE_LENGTH else first[:MAX_TITLE_LENGTH].rpartition(" ")[0] or first[:MAX_TITLE_LENGTH]


def _build_title(section: Section) -> str:
    """Return the heading as a title, without an ID at either end. A heading that is only an ID gets a prefix, so that the ID does not resolve to it."""
    return strip_id(section.heading, find_first_id(section.heading)) or f"About {section.heading}"
