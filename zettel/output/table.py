"""For people on a terminal: a table, a tree or rendered Markdown, by way of a `Screen`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from zettel.model.answer import Answer, Branch, Column, Line, Row
from zettel.model.text import inert


class Screen(Protocol):
    """What draws for people."""

    def table(self, columns: Sequence[Column], rows: Sequence[Row]) -> str:
        """A table."""

    def tree(self, branches: Sequence[Branch]) -> str:
        """Trees, one below the other."""

    def drawing(self, rows: Sequence[Sequence[Line]]) -> str:
        """Rows of three cells, each cut to one line."""

    def markdown(self, text: str) -> str:
        """Markdown, rendered."""


def write(answer: Answer, screen: Screen) -> str:
    """The answer as people see it best."""
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
