"""How an answer is written: one module per format, a row each in FORMATS."""

from __future__ import annotations

FORMATS = {
    "table": "for people on a terminal: a table or tree, in colour",
    "plain": "for people and pipes: lines of text, columns apart by tabs",
    "json": "one JSON document with a version key",
    "jsonl": "one JSON object a line",
    "csv": "comma-separated values with a header",
    "paths": "the path of each note, a line each",
    "ids": "the ID of each note (its path, if it has none), a line each",
}
"""Every format of a list; each is written by the module of its name."""
