"""Build the Markdown of a table from the cells of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zettel.adapters.html.tree import Element

LINE_START_MARK = re.compile(r"(#{1,6}(?=\s)|[>+-](?=\s|$)|\d{1,9}(?=[.)]\s)|\[(?=[^\[\]]{1,200}\]:))")
LINE_BREAK, BLOCK_BREAK = "\x01", "\x02"
"""Placeholders in text for `<br>`, and for the boundaries of blocks inside a table."""

NO_BREAKS = {ord(LINE_BREAK): " ", ord(BLOCK_BREAK): " "}
MAX_SPAN = 100
"""Maximum number of columns or rows that a cell spans."""

MAX_EMPTY = 200_000
"""Maximum number of empty cells that spans add to a table. Without a limit, a short page could become an endless one."""


class PageTable:
    """A table under construction: rows of cells, each with the columns and rows that it spans."""

    def __init__(self) -> None:
        self._rows: list[list[tuple[str, int, int]]] = []
        self._foot: list[list[tuple[str, int, int]]] = []
        self._row: list[tuple[str, int, int]] = []
        self._first: list[tuple[str, int, int]] | None = None  # the first row that has a cell
        self._is_heading_row = True  # whether that row holds headings only, so far
        self._spanned = 0
        self._caption = ""

    def start_row(self, element: Element) -> None:
        """Start a row. Those of the foot come last, wherever the page has them."""
        self._row = []
        (self._foot if element.getparent().tag == "tfoot" else self._rows).append(self._row)

    def add_cell(self, element: Element, text: str) -> None:
        """Add a cell with its text."""
        if not self._rows and not self._foot:
            self._rows.append(self._row)
        self._first = self._row if self._first is None else self._first
        if self._row is self._first:
            self._is_heading_row &= element.tag == "th" or element.getparent().getparent().tag == "thead"
        columns = _parse_span(element.get("colspan"))
        rows = MAX_SPAN if element.get("rowspan") == "0" else _parse_span(element.get("rowspan"))
        if self._spanned + columns * rows > MAX_EMPTY:
            columns = rows = 1
        self._spanned += columns * rows - 1
        self._row.append((_join_cell(text), columns, rows))

    def add_text(self, text: str) -> None:
        """Add text outside the cells: the caption, or what a broken page has between them."""
        self._caption = f"{self._caption} {' '.join(text.translate(NO_BREAKS).split())}".strip()

    def format_blocks(self) -> Iterator[list[str]]:
        """Yield the caption as a paragraph, and the table, with an empty heading if it has none."""
        if self._caption:
            yield [escape_line_start(self._caption)]
        placed = [(row, width) for row, width in self._place_cells() if any(row)]
        width = max((width for _, width in placed), default=0)
        rows = [row[:width] for row, _ in placed]
        if rows and not self._is_heading_row:
            rows.insert(0, [])
        filled = width if width * len(rows) <= MAX_EMPTY else 0  # rows may be shorter than the first one
        lines = ["| " + " | ".join([*row, *[""] * ((filled or (0 if at else width)) - len(row))]) + " |" for at, row in enumerate(rows)]
        if lines:
            yield [lines[0], "| " + " | ".join(["---"] * width) + " |", *lines[1:]]

    def _place_cells(self) -> Iterator[tuple[list[str], int]]:
        """Yield the rows with empty cells where one that spans several columns or rows leaves no room, each with the column in which its last cell begins."""
        below: dict[int, int] = {}  # columns, and the number of rows in which a cell of an upper row still fills them
        for row in [*self._rows, *self._foot]:
            placed: list[str] = []
            spans: dict[int, int] = {}
            for text, columns, rows in row:
                while below.get(len(placed)):
                    placed.append("")
                for at in range(len(placed), len(placed) + columns):
                    spans[at] = rows - 1
                placed += [text, *[""] * (columns - 1)]
            below = {at: left for at in {*below, *spans} if (left := max(below.get(at, 0) - 1, spans.get(at, 0))) > 0}
            yield placed, len(placed) - (row[-1][1] - 1 if row else 0)


def _parse_span(given: str | None) -> int:
    return min(int(given), MAX_SPAN) if given and given.isascii() and given.isdigit() and 0 < len(given) < 6 and int(given) else 1


def _join_cell(text: str) -> str:
    """Return the text of a cell on one line, with `<br>` between its lines."""
    parts = [" ".join(part.split()) for part in re.split(f"[{LINE_BREAK}{BLOCK_BREAK}]+", text)]
    return "<br>".join(part for part in parts if part).replace("|", "\\|")


def escape_line_start(line: str) -> str:
    """Escape the start of a paragraph's line if Markdown would take it for a block mark."""
    return (
        LINE_START_MARK.sub(lambda mark: mark[0] + "\\" if mark[0].isdigit() else "\\" + mark[0], line, count=1)
        if LINE_START_MARK.match(line)
        else line
    )
