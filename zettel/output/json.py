"""Render an answer as one JSON document, or as one object per line.

The keys are a contract: fields may be added, never removed.
"""

from __future__ import annotations

from json import dumps

from zettel.model.base.answer import Answer, Rows
from zettel.model.text.inert import is_unsafe

VERSION = 1


def render_json(answer: Answer, end: str = "\n") -> str:
    """Render an answer as one document with a version key."""
    document: dict[str, object] = {"version": VERSION, **(answer.facts or {})}
    if isinstance(answer, Rows) and answer.name:
        document[answer.name] = list(answer.rows)
    return _escape_unsafe(dumps(document, ensure_ascii=False, indent=2)) + end


def render_json_lines(answer: Answer, end: str = "\n") -> str:
    """Render the rows, one object per line. An answer without rows becomes its document on one line."""
    rows = answer.rows if isinstance(answer, Rows) and answer.name else [{"version": VERSION, **(answer.facts or {})}]
    return "".join(_escape_unsafe(dumps(row, ensure_ascii=False)) + end for row in rows)


def _escape_unsafe(text: str) -> str:
    r"""Escape characters that could steer a terminal and lone surrogates as `\\uNNNN`. The JSON means the same."""
    if text.isascii() and "\x7f" not in text:
        return text
    return "\n".join(line if line.isprintable() else _escape_line(line) for line in text.split("\n"))


def _escape_line(line: str) -> str:
    return "".join(_escape_character(char) if is_unsafe(char) else char for char in line)


def _escape_character(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
