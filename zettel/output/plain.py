"""Render an answer as plain lines: one line per row with tabs between columns, or an indented tree. No colour, no boxes."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.model.base.answer import Answer, Branch, Document, Drawing, Line, Rows, Tree, format_cell
from zettel.model.text.inert import escape_unsafe


def render_plain(answer: Answer, end: str = "\n", *, is_terminal: bool = False) -> str:
    """Render an answer as lines that end with `end`. A text is left unchanged unless it goes to a terminal (`is_terminal`)."""
    text = answer.text if isinstance(answer, Document) else ""
    lines = _format_lines(answer)
    gap = "\n" if text and lines else ""
    return (escape_unsafe(text, keep="\n\t") if is_terminal else text) + gap + "".join(line + end for line in lines)


def _format_lines(answer: Answer) -> list[str]:
    """Format everything but the text of a document."""
    if isinstance(answer, Drawing):
        return _format_drawing(answer.lines)
    if isinstance(answer, (Tree, Document)) and answer.branches and not (isinstance(answer, Tree) and not answer.is_plain_tree):
        return [line for branch in answer.branches for line in _format_branch(branch, 0)]
    if isinstance(answer, Rows) and not isinstance(answer, Document):
        return ["\t".join(escape_unsafe(format_cell(row, column.key)) for column in answer.columns) for row in answer.table_rows]
    return []


def _format_branch(branch: Branch, depth: int) -> list[str]:
    lines = ["  " * depth + escape_unsafe("".join(text for text, _ in branch.line))]
    for below in branch.branches:
        lines += _format_branch(below, depth + 1)
    return lines


def _format_drawing(rows: Sequence[Sequence[Line]]) -> list[str]:
    """Format the rows of a drawing, with their cells aligned in columns."""
    texts = [[escape_unsafe("".join(text for text, _ in line)) for line in row] for row in rows]
    number, widest = (max(len(row[at]) for row in texts) for at in (0, 1))
    return [f"{first:>{number}}  {second:<{widest}}  {third}".rstrip() for first, second, third in texts]
