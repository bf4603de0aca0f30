"""Render an answer for people on a terminal with a `Screen`: as a table, a tree or rendered Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from zettel.model.base.answer import Answer, Branch, Column, Line, Row
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
    parts = []
    if answer.head:
        parts.append(screen.render_tree(answer.head))
    if answer.markdown is not None:
        parts.append(screen.render_markdown(answer.markdown))
    elif answer.text is not None:
        parts.append(escape_unsafe(answer.text, keep="\n\t"))
    if answer.drawing:
        parts.append(screen.render_drawing(answer.drawing))
    elif answer.tree:
        parts.append(screen.render_tree(answer.tree))
    elif answer.text is None and answer.table_rows:
        parts.append(screen.render_table(answer.columns, answer.table_rows))
    return "\n".join(parts)
