"""Render an answer as comma-separated values (RFC 4180, but with LF) that are safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re

from zettel.model.base.answer import Row, Rows, format_cell
from zettel.model.text.inert import escape_unsafe

FORMULA_START = re.compile(r"(?:^|(?<=;))(?=\s*[=+\-@＝＋－＠])")
"""Where a spreadsheet takes text for a formula (OWASP, CSV injection): at the start of a cell, apart from blanks, and after a semicolon,
which separates cells in locales with a decimal comma. An apostrophe at this position marks the cell as text."""


def render_csv(answer: Rows, end: str = "\n") -> str:
    """Render a header, then one line per row, with the same cells as the table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow([column.key for column in answer.columns])
    for row in answer.table_rows:
        writer.writerow([_format_safe_cell(row, column.key) for column in answer.columns])
    return out.getvalue()


def _format_safe_cell(row: Row, key: str) -> str:
    """Format a cell so that no spreadsheet evaluates it. Numbers are safe as they are, negative ones, too."""
    text = escape_unsafe(format_cell(row, key))
    return text if isinstance(row.get(key), (int, float)) else FORMULA_START.sub("'", text)
