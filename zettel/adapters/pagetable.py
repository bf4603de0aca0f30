"""Tables of pages, as Markdown; those that are there for the layout, as paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

AT_START = re.compile(r"(#{1,6}(?=\s)|[>+-](?=\s|$)|\d{1,9}(?=[.)]\s))")
BREAK, APART = "\x01", "\x02"
"""What stands in text for `<br>`, and for the bounds of blocks within a table."""

LONGEST_CELL = 300
"""Characters of a table's cell; with more, the table is there for the layout."""


class Table:
    """A table that is being read."""

    def __init__(self) -> None:
        self._rows: list[list[str]] = []
        self._has_heading = False

    def begin(self, tag: str, text: str) -> None:
        """Take the text of the cell that has ended, and begin another, or a row."""
        if text.strip(f" {APART}{BREAK}"):
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

    def written(self) -> Iterator[list[str]]:
        """The table in Markdown, with an empty heading if it has none; one that is there for the layout only as paragraphs."""
        rows = [row for row in self._rows if any(cell.strip(f" {APART}{BREAK}") for cell in row)]
        width = max(map(len, rows), default=0)
        cells = [cell for row in rows for cell in row]
        has_blocks = any(APART in cell.strip(f" {APART}{BREAK}") for cell in cells)
        is_layout = len(rows) < 2 and (has_blocks or self._has_heading)
        if width < 2 or is_layout or any(len(cell) > LONGEST_CELL for cell in cells):
            for cell in cells:
                for part in cell.split(APART):
                    if words := " ".join(part.replace(BREAK, " ").split()):
                        yield [started(words)]
            return
        written = [[" ".join(re.sub(f"[{BREAK}{APART}]", " ", cell).split()).replace("|", "\\|") for cell in row] for row in rows]
        if not self._has_heading:
            written.insert(0, [])
        lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in written]
        yield [lines[0], "| " + " | ".join(["---"] * width) + " |", *lines[1:]]


def started(line: str) -> str:
    """A line of a paragraph that begins with nothing that Markdown takes for a mark."""
    return (
        AT_START.sub(lambda mark: mark[0] + "\\" if mark[0].isdigit() else "\\" + mark[0], line, count=1) if AT_START.match(line) else line
    )
