"""Lines of text: a line a row with tabs between columns, or a tree by indentation. No colour, no boxes."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.model.answer import Answer, Branch, Line, cell
from zettel.model.text import inert


def write(answer: Answer, end: str = "\n", *, is_seen: bool = False) -> str:
    """The answer as lines that end in `end`; a text stays as it is, unless a person sees it (`is_seen`)."""
    lines: list[str] = []
    if answer.drawing:
        lines = _drawn(answer.drawing)
    elif answer.tree:
        lines = [line for branch in answer.tree for line in _lines(branch, 0)]
    elif answer.text is None:
        lines = ["\t".join(inert(cell(row, column.key)) for column in answer.columns) for row in answer.shown]
    text = inert(answer.text or "", keep="\n\t") if is_seen else answer.text or ""
    gap = "\n" if text and lines else ""
    return text + gap + "".join(line + end for line in lines)


def _lines(branch: Branch, depth: int) -> list[str]:
    lines = ["  " * depth + inert("".join(text for text, _ in branch.line))]
    for below in branch.branches:
        lines += _lines(below, depth + 1)
    return lines


def _drawn(rows: Sequence[Sequence[Line]]) -> list[str]:
    """The rows of a drawing, their cells one below the other."""
    texts = [[inert("".join(text for text, _ in line)) for line in row] for row in rows]
    number, widest = (max(len(row[at]) for row in texts) for at in (0, 1))
    return [f"{first:>{number}}  {second:<{widest}}  {third}".rstrip() for first, second, third in texts]
