"""One JSON document, or one object a line. Keys are a contract: fields may be added, never removed."""

from __future__ import annotations

from json import dumps

from zettel.model.answer import Answer
from zettel.model.text import BIDI

VERSION = 1
STEERING = BIDI + "\u2028\u2029"


def write(answer: Answer, end: str = "\n") -> str:
    """The answer as one document with a version key."""
    document: dict[str, object] = {"version": VERSION, **(answer.facts or {})}
    if answer.name:
        document[answer.name] = list(answer.rows)
    return _safe(dumps(document, ensure_ascii=False, indent=2)) + end


def write_lines(answer: Answer, end: str = "\n") -> str:
    """The rows, one object a line; where there are none of their own, the document on one line."""
    rows = answer.rows if answer.name else [{"version": VERSION, **(answer.facts or {})}]
    return "".join(_safe(dumps(row, ensure_ascii=False)) + end for row in rows)


def _safe(text: str) -> str:
    r"""JSON in which what could steer a terminal, or is no Unicode text, stands as `\\uNNNN`."""
    if text.isascii():
        return text
    return "".join(
        f"\\u{ord(char):04x}" if "\x7f" <= char < "\xa0" or "\ud800" <= char < "\ue000" or char in STEERING else char for char in text
    )
