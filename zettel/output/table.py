"""Render an answer for people on a terminal with a `Screen`: as a table, a tree or a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count

from zettel.model.base.answer import Answer, Branch, Column, Document, Drawing, Line, Row, Rows, TextBlock, Tree
from zettel.model.text.inert import escape_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Screen(Protocol):
        """A renderer for people."""

        def render_drawing(self, rows: Sequence[Sequence[Line]]) -> str:
            """Render rows of three cells, each cut to one line."""

        def highlight_code(self, code: str, language: str) -> list[Line]:
            """Return the styled lines of code."""

        def render_lines(self, lines: Iterable[Line]) -> str:
            """Render lines as they are."""

        @property
        def width(self) -> int:
            """The width of the screen in columns."""


NUMBER_COLUMN = Column("@", "number", "number")
"""The column of the numbers by which people name the notes of a list: `@1` is the first."""

MAX_TEXT_WIDTH = 100
"""Maximum width of text in columns, because longer lines are hard to read."""


def render_table(answer: Answer, screen: Screen, *, with_numbers: bool = False) -> str:
    """Render an answer in the shape that suits it best, `with_numbers` before its notes if it is a list of notes."""
    has_numbers = with_numbers and isinstance(answer, Rows) and answer.is_numbered
    if isinstance(answer, Drawing):
        return screen.render_drawing(answer.lines)
    if isinstance(answer, Document):
        text = escape_unsafe(answer.text, keep="\n\t") if answer.blocks is None else _render_text(answer.blocks, screen)
        parts = [_render_indented(branches, screen, is_spaced=True) for branches in (answer.head, answer.branches) if branches]
        parts.insert(bool(answer.head), text)
        return "\n".join(filter(None, parts))
    if isinstance(answer, Tree) and answer.branches:
        branches = number_branches(answer) if has_numbers else answer.branches
        return _render_indented(branches, screen, is_spaced=answer.is_spaced)
    if isinstance(answer, Rows) and answer.table_rows:
        columns: Sequence[Column] = answer.people_columns or answer.columns
        rows = answer.table_rows
        if has_numbers:
            columns, rows = number_rows(columns, rows)
        from zettel.output.table_layout import lay_out_rows

        return screen.render_lines(lay_out_rows(columns, rows, screen.width))
    return ""


def _render_indented(branches: Sequence[Branch], screen: Screen, *, is_spaced: bool) -> str:
    from zettel.output.tree_layout import lay_out_tree

    return screen.render_lines(lay_out_tree(branches, min(screen.width, MAX_TEXT_WIDTH), is_spaced=is_spaced))


def _render_text(blocks: Sequence[TextBlock], screen: Screen) -> str:
    from zettel.output.text_layout import lay_out_blocks

    return screen.render_lines(lay_out_blocks(blocks, min(screen.width, MAX_TEXT_WIDTH), screen.highlight_code))


def number_branches(answer: Tree) -> list[Branch]:
    """Return the branches with a number before every note, which replaces the number that its line has of its own."""
    from zettel.output.table_layout import MIN_NUMBER_WIDTH

    width, numbers = max(MIN_NUMBER_WIDTH, len(str(len(answer.list_notes())))), count(1)

    def add_number(branch: Branch) -> Branch:
        line = branch.line
        if branch.note:
            own = 1 if line and line[0][1] == "number" else 0
            line = ((f"{next(numbers):>{width}} ", "number"), *line[own:])
        return Branch(line, tuple(map(add_number, branch.branches)), branch.note)

    return list(map(add_number, answer.branches))


def number_rows(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[Sequence[Column], Sequence[Row]]:
    """Return the columns and rows with a number before every note."""
    numbers = count(1)
    numbered = [{**row, "number": next(numbers) if row.get("path") else ""} for row in rows]
    return (NUMBER_COLUMN, *(column for column in columns if column.key != "number")), numbered
