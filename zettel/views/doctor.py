"""Show the diagnoses of `zettel doctor`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from zettel.model.base.answer import BLANK_LINE, Branch, Column, Tree
from zettel.model.base.diagnosis import FAULT, NOTICE, OK, Diagnosis
from zettel.model.base.errors import DONE, NO
from zettel.model.text.inert import escape_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import DiagnosisRecord

COLUMNS = (
    Column("Area", "area", "heading"),
    Column("What", "name"),
    Column("State", "state"),
    Column("Found", "text", "", may_wrap=True),
    Column("Hint", "hint", "dim", may_wrap=True),
)

SIGNS = {OK: ("✓", "added"), NOTICE: ("!", "caution"), FAULT: ("✗", "warning")}
"""The sign and style of each state."""


def build_doctor_answer(found: Sequence[Diagnosis]) -> Tree:
    """Build the answer: the diagnoses by area, each with a sign for its state. The exit code is 1 if there is a fault."""
    rows: list[DiagnosisRecord] = [
        {"area": one.area, "name": one.name, "state": one.state, "text": one.text, "hint": one.hint} for one in found
    ]
    width = max(len(one.name) for one in found)
    branches: list[Branch] = []
    for area, group in groupby(found, key=lambda one: one.area):
        branches += [BLANK_LINE] if branches else []
        branches.append(Branch(((area, "heading"),), tuple(_build_branch(one, width) for one in group)))
    counts = {state: sum(one.state == state for one in found) for state in SIGNS}
    return Tree(
        name="report",
        rows=rows,
        columns=COLUMNS,
        facts={"counts": counts},
        branches=tuple(branches),
        custom_formats={"plain": lambda: "".join(_format_plain(found, width))},
        exit_code=NO if counts[FAULT] else DONE,
    )


def _build_branch(one: Diagnosis, width: int) -> Branch:
    sign, style = SIGNS[one.state]
    hint = (Branch(((f"  {one.hint}", "dim"),)),) if one.hint else ()
    return Branch(((f"{sign} ", style), (f"{one.name:<{width}}  ", "label"), (one.text, "")), hint)


def _format_plain(found: Sequence[Diagnosis], width: int) -> list[str]:
    """Format the report as text to paste: a line each below the name of its area."""
    lines: list[str] = []
    for area, group in groupby(found, key=lambda one: one.area):
        lines.append(f"{area}\n")
        for one in group:
            hint = f" ({one.hint})" if one.hint else ""
            lines.append(escape_unsafe(f"  {SIGNS[one.state][0]} {one.name:<{width}}  {one.text}{hint}") + "\n")
    return lines
