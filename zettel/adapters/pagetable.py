"""Convert HTML tables to Markdown, and tables that serve only the layout to paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

LINE_START_MARK = re.compile(r"(#{1,6}(?=\s)|[>+-](?=\s|$)|\d{1,9}(?=[.)]\s))")
LINE_BREAK, BLOCK_BREAK = "\x01", "\x02"
"""Placeholders in text for `<br>`, and for the boundaries of blocks inside a table."""

MAX_CELL_LENGTH = 300
"""Maximum length of a table's cell in characters. A table with a longer one serves the layout."""


class PageTable:
    """A table under construction."""

    def __init__(self) -> None:
        self._rows: list[list[str]] = []
        self._has_heading = False

    def start_cell(self, tag: str, text: str) -> None:
        """Add text to the current cell, then start the cell or row that `tag` opens."""
        if text.strip(f" {BLOCK_BREAK}{LINE_BREAK}"):
            if not self._rows:
                self._rows.append([])
            if self._rows[-1]:
                self._rows[-1][-1] += text
            else:
                self._rows[-1].append(text)
        self._has_heading = self._has_heading or tag in ("thead", "th")
        if tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            if not self._rows:
                self._rows.append([])
            self._rows[-1].append("")

    def format_blocks(self) -> Iterator[list[str]]:
        """Yield the table as one Markdown block, with an empty heading if it has none, or as paragraphs if it serves only the layout."""
        rows = [row for row in self._rows if any(cell.strip(f" {BLOCK_BREAK}{LINE_BREAK}") for cell in row)]
        width = max(map(len, rows), default=0)
        cells = [cell for row in rows for cell in row]
        has_blocks = any(BLOCK_BREAK in cell.strip(f" {BLOCK_BREAK}{LINE_BREAK}") for cell in cells)
        is_layout = len(rows) < 2 and (has_blocks or self._has_heading)
        if width < 2 or is_layout or any(len(cell) > MAX_CELL_LENGTH for cell in cells):
            for cell in cells:
                for part in cell.split(BLOCK_BREAK):
                    if words := " ".join(part.replace(LINE_BREAK, " ").split()):
                        yield [escape_line_start(words)]
            return
        cells_by_row = [
            [" ".join(re.sub(f"[{LINE_BREAK}{BLOCK_BREAK}]", " ", cell).split()).replace("|", "\\|") for cell in row] for row in rows
        ]
        if not self._has_heading:
            cells_by_row.insert(0, [])
        lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in cells_by_row]
        yield [lines[0], "| " + " | ".join(["---"] * width) + " |", *lines[1:]]


def escape_line_start(line: str) -> str:
    """Escape the start of a paragraph's line if Markdown would take it for a block mark."""
    return (
        LINE_START_MARK.sub(lambda mark: mark[0] + "\\" if mark[0].isdigit() else "\\" + mark[0], line, count=1)
        if LINE_START_MARK.match(line)
        else line
    )
