"""Lay out blocks of text in lines that fit a screen: paragraphs and lists wrapped between words, code as it is, tables in columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from zettel.model.base.answer import CODE_BLOCK, RULE_BLOCK, TABLE_BLOCK, Line, TextBlock
from zettel.model.text.inert import escape_unsafe
from zettel.model.text.wrap import measure_line, strip_end, wrap_line
from zettel.output.table_layout import GAP, lay_out_cells, shrink_columns

CODE_INDENT = 2
"""How many columns code is indented."""

MIN_TEXT_WIDTH = 10
"""How many columns a text has at least, even if it is nested so deeply that its lines are wider than the screen."""

MIN_CELL_WIDTH = 4
RULE_WIDTH = 24

Highlighter = Callable[[str, str], list[Line]]
"""Returns the styled lines of code in a language."""


def lay_out_blocks(blocks: Sequence[TextBlock], width: int, highlight: Highlighter) -> Iterator[Line]:
    """Yield the lines of blocks of text, at most `width` columns wide unless code or deep nesting needs more."""
    for number, block in enumerate(blocks):
        if number and block.gap is not None:
            yield strip_end(block.gap)
        room = max(width - max(measure_line(block.first), measure_line(block.further)), MIN_TEXT_WIDTH)
        before = block.first
        for line in _lay_out_block(block, room, highlight):
            yield (*before, *line)
            before = block.further


def _lay_out_block(block: TextBlock, width: int, highlight: Highlighter) -> Iterator[Line]:
    if block.kind == RULE_BLOCK:
        yield (("─" * min(width, RULE_WIDTH), "dim"),)
    elif block.kind == TABLE_BLOCK:
        yield from _lay_out_table(block, width)
    elif block.kind == CODE_BLOCK:
        for line in highlight("\n".join("".join(text for text, _ in line) for line in block.lines), block.language):
            yield ((" " * CODE_INDENT, ""), *line)
    else:
        for line in block.lines:
            yield from wrap_line(_escape(line), width)


def _lay_out_table(block: TextBlock, width: int) -> Iterator[Line]:
    """Yield the lines of a table. Columns that are too wide for the screen are made narrower, the widest first, and their cells wrap."""
    columns = max(map(len, block.rows), default=0)
    rows = [[_escape(cell) for cell in (*row, *[()] * (columns - len(row)))] for row in block.rows]
    widths = [max(map(measure_line, column), default=0) for column in zip(*rows, strict=True)]
    gaps = GAP * (columns - 1)
    shrink_columns(widths, [min(size, MIN_CELL_WIDTH) for size in widths], width - gaps)
    is_right = (*block.is_right, *[False] * columns)
    for number, row in enumerate(rows):
        yield from lay_out_cells([_embolden(cell) for cell in row] if number == 0 else row, widths, is_right)
        if number == 0:
            yield (("─" * (sum(widths) + gaps), "dim"),)


def _embolden(line: Line) -> Line:
    return tuple((text, style or "strong") for text, style in line)


def _escape(line: Line) -> Line:
    return tuple((escape_unsafe(text), style) for text, style in line)
