"""Define how each style looks on a terminal, and write styled text without rich: a preview takes less time than importing it would."""

from __future__ import annotations

from collections.abc import Iterable

from zettel.model.base.answer import Line
from zettel.model.text.inert import escape_unsafe

STYLES = {
    "id": "cyan",
    "title": "bold",
    "path": "dim",
    "tag": "green",
    "number": "dim",
    "dim": "dim",
    "hit": "bold yellow",
    "link": "underline cyan",
    "heading": "italic",
    "arrow": "magenta",
    "warning": "red",
    "caution": "yellow",
    "added": "green",
    "removed": "red",
    "put": "bold green",
    "cut": "bold red",
    "same": "",
    "strong": "bold",
    "": "",
}
"""How each style looks (see `zettel.model.base.answer.StyledText`), in words that rich understands, too."""

WORD_CODES = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "underline": "4",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "magenta": "35",
    "cyan": "36",
}
CODES = {style: ";".join(WORD_CODES[word] for word in look.split()) for style, look in STYLES.items()}
"""The codes of each style, empty for plain text."""


def format_line(line: Line, *, colour: bool) -> str:
    """Return a line as text in which nothing but our own colours controls the terminal."""
    parts = [(escape_unsafe(text), CODES[style] if colour else "") for text, style in line]
    return "".join(f"\x1b[{code}m{text}\x1b[0m" if code and text else text for text, code in parts)


def format_lines(lines: Iterable[Line], *, colour: bool) -> str:
    """Return lines, each with a line break at its end."""
    return "".join(f"{format_line(line, colour=colour)}\n" for line in lines)
