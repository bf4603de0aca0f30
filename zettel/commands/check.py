"""What is wrong in a notebook, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zettel.commands.facts import Known
from zettel.model.answer import Answer, Branch, Column
from zettel.model.check import ERROR, Check, Found, selection
from zettel.model.checks import CHECKS
from zettel.model.errors import DONE, NO, QueryError
from zettel.model.text import inert
from zettel.session import Session

COLUMNS = (
    Column("Path", "path", "path", may_wrap=True),
    Column("Line", "line", "dim"),
    Column("Column", "col", "dim"),
    Column("Severity", "severity"),
    Column("Check", "code", "strong"),
    Column("Problem", "message", "", may_wrap=True),
    Column("What to do", "hint", "dim", may_wrap=True),
)


def run(
    session: Session,
    *,
    note: Sequence[str] = (),
    only: Sequence[str] = (),
    ignore: Sequence[str] = (),
    limit: int | None = None,
) -> Answer:
    """The problems of the notebook, or of some notes; the exit code is 1 if any of them is an error."""
    if limit is not None and limit < 1:
        raise QueryError(f"--limit must be 1 or more, not {limit}", "leave it out to see everything")
    chosen = selection(CHECKS, only, ignore, session.settings)
    notebook = session.notebook()
    paths = {session.note(name).path for name in note}
    facts = Known(session, notebook)
    found = [one for one in chosen.find(facts) if not paths or one.problem.path in paths]
    shown = found[:limit]
    rows = [_row(one, facts) for one in shown]
    return Answer(
        "problems",
        rows,
        COLUMNS,
        facts={"counts": _counts(found)},
        tree=_tree(shown),
        nothing="no problem was found",
        exit_code=NO if any(one.severity == ERROR for one in found) else DONE,
        forms={"plain": lambda: "".join(map(_line, shown))},
    )


def _row(found: Found, facts: Known) -> dict[str, object]:
    problem = found.problem
    note = facts.notes.get(problem.path)
    return {
        "path": problem.path,
        "id": note.id if note else None,
        "line": problem.line,
        "col": problem.col,
        "code": found.check.code,
        "severity": found.severity,
        "message": problem.message,
        "hint": found.hint,
    }


def _counts(found: Sequence[Found]) -> dict[str, object]:
    by_severity = Counter(one.severity for one in found)
    by_code = Counter(one.check.code for one in found)
    return {"errors": by_severity[ERROR], "warnings": len(found) - by_severity[ERROR], "checks": dict(sorted(by_code.items()))}


def _line(found: Found) -> str:
    """A problem as editors read it."""
    problem = found.problem
    return inert(f"{problem.path}:{problem.line}:{problem.col}: {found.check.code} {problem.message}; {found.hint}") + "\n"


def _tree(found: Sequence[Found]) -> tuple[Branch, ...]:
    """The problems, those of each check together."""
    by_check: dict[str, tuple[Check, str, list[Branch]]] = {}
    for one in found:
        problem = one.problem
        line = ((f"{problem.path}:{problem.line}", "path"), (f"  {problem.message}", ""))
        by_check.setdefault(one.check.code, (one.check, one.severity, []))[2].append(Branch(line))
    return tuple(
        Branch(
            (((f"{severity} ", "warning" if severity == ERROR else "dim")), (check.code, "strong"), (f"  {check.todo}", "dim")),
            tuple(below),
        )
        for check, severity, below in by_check.values()
    )
