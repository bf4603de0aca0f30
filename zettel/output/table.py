"""Render an answer for people on a terminal with a `Screen`: as a table, a tree or rendered Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from zettel.model.base.answer import Answer, Branch, Column, Document, Drawing, Line, Row, Rows, Tree
from zettel.model.text.inert import escape_unsafe


class Screen(Protocol):
    """A renderer for people."""

    def render_table(self, columns: Sequence[Column], rows: Sequence[Row]) -> str:
        """Render a table."""

    def render_tree(self, branches: Sequence[Branch]) -> str:
        """Render trees, one below the other."""

    def render_drawing(self, rows: Sequence[Sequence[Line]]) -> str:
        """Render rows of three cells, each cut to one line."""

    def render_markdown(self, text: str) -> str:
        """Render Markdown."""


def render_table(answer: Answer, screen: Screen) -> str:
    """Render an answer in the shape that suits it best."""
    if isinstance(answer, Drawing):
        return screen.render_drawing(answer.lines)
    if isinstance(answer, Document):
        text = escape_unsafe(answer.text, keep="\n\t") if answer.markdown is None else screen.render_markdown(answer.markdown)
        parts = [screen.render_tree(branches) for branches in (answer.head, answer.branches) if branches]
        parts.insert(bool(answer.head), text)
        return "\n".join(parts)
    if isinstance(answer, Tree) and answer.branches:
        return screen.render_tree(answer.branches)
    return screen.render_table(answer.columns, answer.table_rows) if isinstance(answer, Rows) and answer.table_rows else ""
