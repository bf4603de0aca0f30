"""Report problems in a notebook and how to fix them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zettel.commands.parts.facts import Known
from zettel.commands.parts.mending import fixed
from zettel.model.answer import Answer, Branch, Column
from zettel.model.check import ERROR, Check, Found, selection
from zettel.model.checks import CHECKS
from zettel.model.errors import DONE, NO, QueryError, UsageError
from zettel.model.text import inert
from zettel.notebook import Notebook
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
MOST_EACH = 10
"""Maximum number of problems of one check to show, unless --only, --limit or a note is given."""


def run(
    session: Session,
    *,
    note: Sequence[str] = (),
    only: Sequence[str] = (),
    ignore: Sequence[str] = (),
    limit: int | None = None,
    fix: bool = False,
    yes: bool = False,
    dry_run: bool = False,
) -> Answer:
    """List the problems of the notebook or of some notes. With `fix`, repair what is safe to repair.

    The exit code is 1 if any problem is an error.
    """
    if limit is not None and limit < 1:
        raise QueryError(f"--limit must be 1 or more, not {limit}", "leave it out to see everything")
    if (yes or dry_run) and not fix:
        raise UsageError("--yes and --dry-run go with --fix", "zettel check --fix --dry-run")
    chosen = selection(CHECKS, only, ignore, session.settings)
    notebook = session.notebook()
    paths = {session.note(name).path for name in note}

    def find(notebook: Notebook) -> list[Found]:
        return [one for one in chosen.find(Known(session, notebook)) if not paths or one.problem.path in paths]

    if not fix:
        return _listed(notebook, find(notebook), limit, MOST_EACH if limit is None and not only and not note else 0)
    answer = fixed(session, find, yes=yes, dry_run=dry_run)
    if dry_run:
        return answer
    notebook.refresh(session.progress())
    left = find(notebook)
    remarks = (f"{_summary(left)} left: zettel check",) if left else ()
    return answer.replace(remarks=(*answer.remarks, *remarks), exit_code=_exit_code(left))


def _listed(notebook: Notebook, found: Sequence[Found], limit: int | None, most_each: int) -> Answer:
    shown = found[:limit]
    notes = notebook.by_paths({one.problem.path for one in shown})
    rows: list[dict[str, object]] = []
    for one in shown:
        problem, note = one.problem, notes.get(one.problem.path)
        where: dict[str, object] = {"path": problem.path, "id": note.id if note else None, "line": problem.line, "col": problem.col}
        what = {"code": one.check.code, "severity": one.severity, "message": problem.message, "hint": one.hint}
        rows.append({**where, **what, "fixable": problem.mend is not None})
    counts = Counter(one.severity for one in found)
    by_check = Counter(one.check.code for one in found)
    return Answer(
        "problems",
        rows,
        COLUMNS,
        facts={"counts": {"errors": counts[ERROR], "warnings": len(found) - counts[ERROR], "checks": dict(sorted(by_check.items()))}},
        tree=_tree(shown, most_each),
        remarks=(_summary(found),) if found else (),
        nothing="no problem was found",
        exit_code=_exit_code(found),
        forms={"plain": lambda: "".join(map(_line, shown))},
    )


def _exit_code(found: Sequence[Found]) -> int:
    return NO if any(one.severity == ERROR for one in found) else DONE


def _summary(found: Sequence[Found]) -> str:
    errors = sum(one.severity == ERROR for one in found)
    fixable = sum(one.problem.mend is not None for one in found)
    counts = [f"{errors} error{'s' * (errors != 1)}", f"{len(found) - errors} warning{'s' * (len(found) - errors != 1)}"]
    return ", ".join(counts) + (f" (zettel check --fix can repair {fixable})" if fixable else "")


def _line(found: Found) -> str:
    """Format a problem on one line that editors can parse."""
    problem = found.problem
    return inert(f"{problem.path}:{problem.line}:{problem.col}: {found.check.code} {problem.message}; {found.hint}") + "\n"


def _tree(found: Sequence[Found], most_each: int) -> tuple[Branch, ...]:
    """Build the tree of problems, grouped by check."""
    by_check: dict[str, list[Found]] = {check.code: [] for check in CHECKS}
    for one in found:
        by_check[one.check.code].append(one)
    return tuple(_group(several[0].check, several, most_each or len(several)) for several in by_check.values() if several)


def _group(check: Check, found: Sequence[Found], most: int) -> Branch:
    severity = found[0].severity
    head = ((severity, "warning" if severity == ERROR else "dim"), (f" {check.code}", "strong"), (f" {len(found)}", "dim"))
    below = [_branch(one) for one in found[:most]]
    if len(found) > most:
        below.append(Branch(((f"and {len(found) - most} more: zettel check --only {check.code}", "dim"),)))
    return Branch((*head, (f"  {check.todo}", "heading")), tuple(below))


def _branch(found: Found) -> Branch:
    problem = found.problem
    place = f"{problem.path}:{problem.line}:{problem.col}" if problem.line > 1 or problem.col > 1 else problem.path
    below = (Branch(((problem.hint, "heading"),)),) if problem.hint else ()
    return Branch(((place, "path"), (f"  {problem.message}", "")), below)
