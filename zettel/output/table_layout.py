"""Lay out rows in columns that fit a screen, or one below the other if it is too narrow for that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zettel.model.base.answer import MAX_SPAN_LENGTH, Branch, Column, Line, Row, StyledText, format_cell
from zettel.model.text.inert import clip, escape_unsafe
from zettel.model.text.wrap import measure_columns, measure_line, strip_end, wrap_line

GAP = 2
"""How many blanks part two columns."""

MIN_COLUMN_WIDTH = 12
"""Minimum width of a column that may wrap, unless all its cells are narrower."""

MIN_MAIN_WIDTH = 24
"""Minimum width of the column that people look for first, unless all its cells are narrower."""

MAX_WORD_WIDTH = 24
"""Words that are longer than this are broken in a column that is narrower."""

MIN_NUMBER_WIDTH = 3
"""Minimum width of the numbers before notes: with the blank behind it, a note begins below the text of its neighbours."""

MAIN_KEYS = ("title", "name", "what")
"""The keys of the columns that people look for first."""


def lay_out_rows(columns: Sequence[Column], rows: Sequence[Row], width: int) -> Iterator[Line]:
    """Yield the lines of a table: a line with the headings, then the rows. Columns that may wrap are made narrower if need be.

    If the table does not fit even then, every row is what people look for first, and a line with its other cells.
    """
    cells = [[_escape_cell(_format_tags(row, column) or format_cell(row, column.key)) for column in columns] for row in rows]
    widths = [
        max(measure_columns(text) for text in (column.heading, *texts))
        for column, texts in zip(columns, zip(*cells, strict=True), strict=True)
    ]
    main = _find_main(columns)
    least = [
        min(size, MIN_MAIN_WIDTH if number == main else _measure_words(column, texts)) if column.may_wrap else size
        for number, (column, texts, size) in enumerate(zip(columns, zip(*cells, strict=True), widths, strict=True))
    ]
    room = width - GAP * (len(columns) - 1)
    if sum(least) > room and len(columns) > 1:
        yield from _stack_rows(columns, main, cells, width)
        return
    shrink_columns(widths, least, room, main)
    is_right = [
        column.style == "number" or (column.key != "id" and all(text.isdigit() for text in texts))
        for column, texts in zip(columns, zip(*cells, strict=True), strict=True)
    ]
    yield from lay_out_cells([((column.heading, "dim"),) for column in columns], widths, is_right)
    for texts in cells:
        yield from lay_out_cells([((text, column.style),) for text, column in zip(texts, columns, strict=True)], widths, is_right)


def _format_tags(row: Row, column: Column) -> str:
    """Return the tags in a cell as people write them, empty if it does not have tags."""
    tags = row.get(column.key)
    return " ".join(f"#{tag}" for tag in tags) if column.style == "tag" and isinstance(tags, (list, tuple)) else ""


def _measure_words(column: Column, texts: Sequence[str]) -> int:
    """Return how wide a column has to be so that few words are broken."""
    longest = max(measure_columns(word) for text in (column.heading, *texts) for word in (text.split(" ") or [""]))
    return min(max(longest, MIN_COLUMN_WIDTH), MAX_WORD_WIDTH)


def shrink_columns(widths: list[int], least: Sequence[int], room: int, main: int = -1) -> None:
    """Make columns narrower until all have `room` together, or are as narrow as they may be: the widest first, and the one at `main` last."""
    while sum(widths) > room:
        able = [number for number, size in enumerate(widths) if size > least[number]]
        if not able:
            return
        widths[max(able, key=lambda number: (number != main, widths[number]))] -= 1


def lay_out_cells(cells: Sequence[Line], widths: Sequence[int], is_right: Sequence[bool]) -> Iterator[Line]:
    """Yield the lines of a row of cells, each wrapped to the width of its column, and aligned right where `is_right` says so."""
    wrapped = [wrap_line(cell, max(size, 1)) for cell, size in zip(cells, widths, strict=True)]
    for at in range(max(map(len, wrapped))):
        line: list[StyledText] = []
        for column, (lines, size) in enumerate(zip(wrapped, widths, strict=True)):
            part = strip_end(lines[at]) if at < len(lines) else ()
            blank = (" " * (size - measure_line(part)), "")
            line += [(" " * GAP, "")] if column else []
            line += (blank, *part) if is_right[column] else (*part, blank)
        yield strip_end(tuple(line))


def _stack_rows(columns: Sequence[Column], main: int, cells: Sequence[Sequence[str]], width: int) -> Iterator[Line]:
    """Yield rows as what people look for first, and below it the other cells, with their heading if they are numbers."""
    from zettel.output.tree_layout import lay_out_tree

    before = [number for number, column in enumerate(columns) if column.key in ("number", "id")]
    branches = []
    for texts in cells:
        line: list[StyledText] = []
        for number in before:
            text = texts[number]
            line.append((f"{text:>{MIN_NUMBER_WIDTH}} " if columns[number].style == "number" else f"{text} ", columns[number].style))
        below: list[StyledText] = []
        for number, column in enumerate(columns):
            text = texts[number]
            if number in (*before, main) or not text:
                continue
            below += [(" · ", "dim")] if below else []
            below += [(f"{column.heading} ", "dim")] if text.replace(".", "").isdigit() else []
            below.append((column.heading.lower() if text == "yes" else text, column.style))
        branches.append(Branch((*line, (texts[main], columns[main].style)), (Branch(tuple(below)),) if below else ()))
    yield from lay_out_tree(branches, width)


def _find_main(columns: Sequence[Column]) -> int:
    """Return which column people look for first: the title or name, else the first that may wrap."""
    named = [number for number, column in enumerate(columns) if column.key in MAIN_KEYS]
    return next(iter(named or [number for number, column in enumerate(columns) if column.may_wrap]), 0)


def _escape_cell(text: str) -> str:
    return escape_unsafe(clip(text, MAX_SPAN_LENGTH))
