"""Render an answer as one JSON document, or as one object per line.

The keys are a contract: fields may be added, never removed.
"""

from __future__ import annotations

from json import dumps
from json.encoder import encode_basestring

from zettel.model.base.answer import Answer, Rows
from zettel.model.text.inert import is_unsafe

VERSION = 1
CONSTANTS = {"None": "null", "False": "false", "True": "true"}


def render_json(answer: Answer, end: str = "\n") -> str:
    """Render an answer as one document with a version key."""
    document: dict[str, object] = {"version": VERSION, **(answer.facts or {})}
    if isinstance(answer, Rows) and answer.name:
        document[answer.name] = list(answer.rows)
    return _escape_unsafe(_indent(document)) + end


def _indent(item: object, margin: str = "\n") -> str:
    """Return what `dumps(item, ensure_ascii=False, indent=2)` does, in less time: with an indent, the standard library yields bracket by bracket.

    `margin` is a line break, and the blanks in front of the closing bracket. The keys of objects are strings.
    """
    kind = type(item)
    if kind is str:
        return encode_basestring(item)  # type: ignore[arg-type]
    if kind is int:
        return repr(item)
    inner = margin + "  "
    if item and isinstance(item, dict):
        parts = [f"{encode_basestring(key)}: {_indent(value, inner)}" for key, value in item.items()]
        return f"{{{inner}{f',{inner}'.join(parts)}{margin}}}"
    if isinstance(item, (list, tuple)):
        return f"[{inner}{f',{inner}'.join([_indent(value, inner) for value in item])}{margin}]" if item else "[]"
    return CONSTANTS.get(repr(item)) or dumps(item, ensure_ascii=False)


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
