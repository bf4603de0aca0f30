"""Render an answer for people on a terminal with a `Screen`: as a table, a tree or rendered Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Protocol

from zettel.model.base.answer import Answer, Branch, Column, Document, Drawing, Line, Row, Rows, Tree
from zettel.model.text.inert import escape_unsafe

NUMBER_COLUMN = Column("@", "number", "number")
"""The column of the numbers by which people name the notes of a list: `@1` is the first."""

MIN_NUMBER_WIDTH = 3
"""Minimum width of the numbers in a tree: with the blank behind it, a note begins below the text of its neighbours."""


class Screen(Protocol):
    """A renderer for people."""

    def render_table(self, columns: Sequence[Column], rows: Sequence[Row]) -> str:
        """Render a table."""

    def render_tree(self, branches: Sequence[Branch], *, has_guides: bool = True) -> str:
        """Render trees, one below the other, with or without guides."""

    def render_drawing(self, rows: Sequence[Sequence[Line]]) -> str:
        """Render rows of three cells, each cut to one line."""

    def render_markdown(self, text: str) -> str:
        """Render Markdown."""


def render_table(answer: Answer, screen: Screen, *, with_numbers: bool = False) -> str:
    """Render an answer in the shape that suits it best, `with_numbers` before its notes if it is a list of notes."""
    has_numbers = with_numbers and isinstance(answer, Rows) and answer.is_numbered
    if isinstance(answer, Drawing):
        return screen.render_drawing(answer.lines)
    if isinstance(answer, Document):
        text = escape_unsafe(answer.text, keep="\n\t") if answer.markdown is None else screen.render_markdown(answer.markdown)
        parts = [screen.render_tree(branches) for branches in (answer.head, answer.branches) if branches]
        parts.insert(bool(answer.head), text)
        return "\n".join(parts)
    if isinstance(answer, Tree) and answer.branches:
        return screen.render_tree(number_branches(answer) if has_numbers else answer.branches, has_guides=answer.has_guides)
    if isinstance(answer, Rows) and answer.table_rows:
        columns, rows = number_rows(answer) if has_numbers else (answer.columns, answer.table_rows)
        return screen.render_table(columns, rows)
    return ""


def number_branches(answer: Tree) -> list[Branch]:
    """Return the branches with a number before every note, which replaces the number that its line has of its own."""
    width, numbers = max(MIN_NUMBER_WIDTH, len(str(len(answer.list_notes())))), count(1)

    def add_number(branch: Branch) -> Branch:
        line = branch.line
        if branch.note:
            own = 1 if line and line[0][1] == "number" else 0
            line = ((f"{next(numbers):>{width}} ", "number"), *line[own:])
        return Branch(line, tuple(map(add_number, branch.branches)), branch.note)

    return list(map(add_number, answer.branches))


def number_rows(answer: Rows) -> tuple[Sequence[Column], Sequence[Row]]:
    """Return the columns and rows with a number before every note."""
    numbers = count(1)
    rows = [{**row, "number": next(numbers) if row.get("path") else ""} for row in answer.table_rows]
    return (NUMBER_COLUMN, *(column for column in answer.columns if column.key != "number")), rows
