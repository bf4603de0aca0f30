"""Write styled text with the colours of a terminal, without rich: a preview of a note takes less time than importing it would."""

from __future__ import annotations

from collections.abc import Iterable

from zettel.model.base.answer import Line
from zettel.model.text.inert import escape_unsafe

CODES = {
    "id": "36",
    "title": "1",
    "path": "2",
    "tag": "32",
    "dim": "2",
    "hit": "1;33",
    "link": "4;36",
    "heading": "1",
    "arrow": "35",
    "warning": "31",
    "strong": "1",
}
"""The codes of the styles that have one (see `zettel.model.base.answer.StyledText`). Other styles look like plain text."""


def format_line(line: Line, *, colour: bool) -> str:
    """Return a line as text in which nothing but our own colours controls the terminal."""
    parts = [(escape_unsafe(text), CODES.get(style, "") if colour else "") for text, style in line]
    return "".join(f"\x1b[{code}m{text}\x1b[0m" if code and text else text for text, code in parts)


def format_lines(lines: Iterable[Line], *, colour: bool) -> str:
    """Return lines, each with a line break at its end."""
    return "".join(f"{format_line(line, colour=colour)}\n" for line in lines)
