"""Comma-separated values (RFC 4180, but with LF), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from zettel.model.answer import Answer, cell
from zettel.model.text import inert

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV injection): such cells get a leading apostrophe."""


def write(answer: Answer, end: str = "\n") -> str:
    """A header and a line a row, with the cells of the table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow([column.key for column in answer.columns])
    for row in answer.shown:
        writer.writerow([_safe(inert(cell(row, column.key))) for column in answer.columns])
    return out.getvalue()


def _safe(text: str) -> str:
    return "'" + text if text.startswith(FORMULA) else text
