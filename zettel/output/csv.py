"""Comma-separated values (RFC 4180, but with LF), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re

from zettel.model.answer import Answer, Row, cell
from zettel.model.text import inert

FORMULA = re.compile(r"(?:^|(?<=;))(?=\s*[=+\-@＝＋－＠])")
"""Where a spreadsheet takes text for a formula (OWASP, CSV injection): at the start of a cell, blanks aside, and after a semicolon,
which parts cells where the comma is in numbers. An apostrophe there makes text of it. A number of zettel's own is none."""


def write(answer: Answer, end: str = "\n") -> str:
    """A header and a line a row, with the cells of the table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow([column.key for column in answer.columns])
    for row in answer.shown:
        writer.writerow([_safe(row, column.key) for column in answer.columns])
    return out.getvalue()


def _safe(row: Row, key: str) -> str:
    text = inert(cell(row, key))
    return text if isinstance(row.get(key), (int, float)) else FORMULA.sub("'", text)
