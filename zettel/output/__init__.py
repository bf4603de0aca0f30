"""Render answers: one module per format, and one row per format in FORMATS."""

from __future__ import annotations

FORMATS = {
    "table": "for people on a terminal: a table or tree, in colour",
    "plain": "for people and pipes: lines of text, columns separated by tabs",
    "json": "one JSON document with a version key",
    "jsonl": "one JSON object per line",
    "csv": "comma-separated values with a header",
    "paths": "the path of each note, one per line",
    "ids": "the ID of each note (its path, if it has none), one per line",
}
"""Every format of a list, with its description in the docs."""
