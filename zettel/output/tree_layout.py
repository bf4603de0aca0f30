"""Lay out a tree without guides in lines that fit a screen: branches are indented, below the name of their parent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zettel.model.base.answer import HIDDEN_STYLE, MAX_SPAN_LENGTH, UNCLIPPED_STYLES, Branch, Line
from zettel.model.text.inert import clip, escape_unsafe
from zettel.model.text.wrap import measure_columns, measure_line, wrap_line

INDENT = 2
"""How many columns a branch is indented, and the further lines of one at the edge of the screen."""

LABEL_STYLE = "label"
"""The style of a label: what it names is broken beside it, or stands below it if the screen is narrow."""

MIN_LABELLED_WIDTH = 36
"""How many columns there are at least beside a label."""

MIN_LINE_WIDTH = 10
"""How many columns a line has at least, even if the screen is narrower."""


def lay_out_tree(branches: Sequence[Branch], width: int, *, is_spaced: bool = False) -> Iterator[Line]:
    """Yield the lines of trees, one below the other. If they are spaced, a blank line parts branches that have others below them."""
    yield from _lay_out_branches(branches, 0, width, is_spaced=is_spaced)


def _lay_out_branches(branches: Sequence[Branch], indent: int, width: int, *, is_spaced: bool, mark: int = 0) -> Iterator[Line]:
    """Yield the lines of branches. Those that begin with no mark are indented by `mark` columns more, as wide as that of their parent."""
    above: Branch | None = None
    for branch in branches:
        if is_spaced and above and (branch.branches or above.branches) and not (_is_blank(above) or _is_blank(branch)):
            yield ()
        yield from _lay_out_line(branch.line, indent + (0 if _measure_mark(branch.line) else mark), width)
        is_numbered = _begins_with(branch.line, "number")
        lead = max(measure_columns(branch.line[0][0]), INDENT) if is_numbered else INDENT
        own_mark = _measure_mark(branch.line[1:]) if is_numbered else 0
        if is_spaced and branch.line[:1] and branch.line[0][1] in ("id", "title") and any(below.branches for below in branch.branches):
            yield ()  # the note that the list below it is about
        yield from _lay_out_branches(branch.branches, indent + lead, width, is_spaced=is_spaced, mark=own_mark)
        above = branch


def _measure_mark(line: Line) -> int:
    """Return how many columns the arrow or other sign takes that a line begins with, 0 if there is none."""
    return measure_columns(line[0][0]) if line and len(line[0][0]) == len("→ ") and line[0][0].endswith(" ") else 0


def _is_blank(branch: Branch) -> bool:
    return not any(text for text, _ in branch.line)


def _begins_with(line: Line, style: str) -> bool:
    return bool(line) and line[0][1] == style


def _lay_out_line(line: Line, indent: int, width: int) -> Iterator[Line]:
    """Yield one line of a tree, broken into several if need be: the others begin behind the number or arrow that it begins with."""
    shown = tuple((escape_unsafe(_clip(text, style)), style) for text, style in line if style != HIDDEN_STYLE)
    number = shown[:1] if shown and shown[0][1] == "number" else ()
    column = measure_columns(number[0][0]) if number else 0
    rest = shown[len(number) :]
    room = max(width - indent - column, MIN_LINE_WIDTH)
    if measure_line(rest) <= room:
        yield _indent(indent, (*number, *rest))
        return
    mark = _measure_mark(rest)
    lead = (*number, *rest[:1]) if mark else number
    rest = rest[1:] if mark else rest
    if _begins_with(rest, LABEL_STYLE):
        label = measure_columns(rest[0][0])
        is_beside = room - mark - label >= MIN_LABELLED_WIDTH
        lead = (*lead, rest[0] if is_beside else (rest[0][0].rstrip(" "), LABEL_STYLE))
        rest = rest[1:]
        if not is_beside:
            yield _indent(indent, lead)
            yield from (_indent(indent + column + mark, line_below) for line_below in wrap_line(rest, max(room - mark, MIN_LINE_WIDTH)))
            return
        mark += label
    hanging = 0 if mark or number or indent else INDENT
    first, *further = wrap_line(rest, max(room - mark - hanging, MIN_LINE_WIDTH))
    yield _indent(indent, (*lead, *first))
    for line_below in further:
        yield _indent(indent + column + mark + hanging, line_below)


def _clip(text: str, style: str) -> str:
    return clip(text, MAX_SPAN_LENGTH) if len(text) > MAX_SPAN_LENGTH and style not in UNCLIPPED_STYLES else text


def _indent(columns: int, line: Line) -> Line:
    return ((" " * columns, ""), *line) if columns else line
