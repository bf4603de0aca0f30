"""Render an answer for people on a terminal with a `Screen`: as a table, a tree or rendered Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from zettel.model.answer import Answer, Branch, Column, Line, Row
from zettel.model.text import inert


class Screen(Protocol):
    """A renderer for people."""

    def table(self, columns: Sequence[Column], rows: Sequence[Row]) -> str:
        """Render a table."""

    def tree(self, branches: Sequence[Branch]) -> str:
        """Render trees, one below the other."""

    def drawing(self, rows: Sequence[Sequence[Line]]) -> str:
        """Render rows of three cells, each cut to one line."""

    def markdown(self, text: str) -> str:
        """Render Markdown."""


def write(answer: Answer, screen: Screen) -> str:
    """Render an answer in the shape that suits it best."""
    parts = []
    if answer.head:
        parts.append(screen.tree(answer.head))
    if answer.markdown is not None:
        parts.append(screen.markdown(answer.markdown))
    elif answer.text is not None:
        parts.append(inert(answer.text, keep="\n\t"))
    if answer.drawing:
        parts.append(screen.drawing(answer.drawing))
    elif answer.tree:
        parts.append(screen.tree(answer.tree))
    elif answer.text is None and answer.shown:
        parts.append(screen.table(answer.columns, answer.shown))
    return "\n".join(parts)
