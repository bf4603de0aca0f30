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
    "put": "bold underline green",
    "cut": "bold underline red",
    "file": "bold underline",
    "bar": "blue",
    "error": "bold red",
    "date": "dim",
    "same": "dim",
    "label": "dim",
    "strong": "bold",
    "typed": "cyan",
    "emphasis": "italic",
    "struck": "strike",
    "link-id": "",
    "code": "",
    "code-word": "magenta",
    "code-string": "green",
    "code-number": "cyan",
    "": "",
}
"""How each style looks (see `zettel.model.base.answer.StyledText`), in words that rich understands, too."""

MEANINGS = {
    "cyan": "an ID, or something to type",
    "underline cyan": "a link",
    "bold": "a title, or the name of what is listed",
    "bold yellow": "the words that were looked for, or that a mention consists of",
    "italic": "a heading, or emphasis in a note",
    "dim": "what can be skipped: paths, dates, numbers, hints, lines of a diff that stay",
    "magenta": "an arrow: the direction of a link; in code, a keyword",
    "green": "a tag; in a diff, a line that is added (`+`); a check mark",
    "red": "something wrong, such as a dangling link; in a diff, a line that is removed (`-`)",
    "bold red": "an error",
    "yellow": "a warning",
    "bold underline": "a file in a diff",
    "bold underline green": "the words of an added line that differ",
    "bold underline red": "the words of a removed line that differ",
    "blue": "a bar that stands for a number",
    "strike": "text that is struck out in a note",
}
"""What each look means to people."""

WORD_CODES = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "underline": "4",
    "strike": "9",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
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
