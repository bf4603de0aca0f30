"""Report problems in a notebook and how to fix them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zettel.model.base.answer import Answer, Branch, Column, Tree
from zettel.model.base.errors import DONE, NO, QueryError, UsageError, ensure_positive
from zettel.model.check.check import ERROR, Check, Finding, select_checks
from zettel.model.check.registry import CHECKS
from zettel.model.text.ids import find_leading_id
from zettel.model.text.inert import escape_unsafe
from zettel.model.text.phrases import format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.services.check_facts import CheckFacts
from zettel.services.repair import repair_problems
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import ProblemRecord

COLUMNS = (
    Column("Path", "path", "path", may_wrap=True),
    Column("Line", "line", "dim"),
    Column("Column", "col", "dim"),
    Column("Severity", "severity"),
    Column("Check", "code", "strong"),
    Column("Problem", "message", "", may_wrap=True),
    Column("What to do", "hint", "dim", may_wrap=True),
)
_SHOWN_PER_CHECK = 10
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
    ensure_positive("--limit", limit, "leave it out to see everything", QueryError)
    if (yes or dry_run) and not fix:
        raise UsageError("--yes and --dry-run go with --fix", "zettel check --fix --dry-run")
    chosen = select_checks(CHECKS, only, ignore, session.settings)
    notebook = session.open_notebook()
    paths = {session.resolve_note(name).path for name in note}

    def find_problems(notebook: OpenNotebook) -> list[Finding]:
        return [one for one in chosen.list_findings(CheckFacts(session, notebook)) if not paths or one.problem.path in paths]

    if not fix:
        return _build_answer(notebook, find_problems(notebook), limit, _SHOWN_PER_CHECK if limit is None and not only and not note else 0)
    answer = repair_problems(session, find_problems, yes=yes, dry_run=dry_run)
    if dry_run:
        return answer
    notebook.refresh(session.console.choose_progress())
    left = find_problems(notebook)
    remarks = (f"{_format_summary(left)} left: zettel check",) if left else ()
    return answer.replace(remarks=(*answer.remarks, *remarks), exit_code=_choose_exit_code(left))


def _build_answer(notebook: OpenNotebook, found: Sequence[Finding], limit: int | None, shown_per_check: int) -> Answer:
    shown = found[:limit]
    notes = notebook.catalogue.find_notes_by_path({one.problem.path for one in shown})
    rows: list[ProblemRecord] = [
        {
            "path": one.problem.path,
            "id": note.id if (note := notes.get(one.problem.path)) else None,
            "line": one.problem.line,
            "col": one.problem.col,
            "code": one.check.code,
            "severity": one.severity,
            "message": one.problem.message,
            "hint": one.hint,
            "fixable": one.problem.repair is not None,
        }
        for one in shown
    ]
    counts = Counter(one.severity for one in found)
    by_check = Counter(one.check.code for one in found)
    return Tree(
        name="problems",
        rows=rows,
        columns=COLUMNS,
        facts={"counts": {"errors": counts[ERROR], "warnings": len(found) - counts[ERROR], "checks": dict(sorted(by_check.items()))}},
        branches=_build_tree(shown, shown_per_check),
        remarks=(_format_summary(found),) if found else (),
        empty_message="no problem was found",
        exit_code=_choose_exit_code(found),
        custom_formats={"plain": lambda: "".join(map(_format_line, shown))},
    )


def _choose_exit_code(found: Sequence[Finding]) -> int:
    return NO if any(one.severity == ERROR for one in found) else DONE


def _format_summary(found: Sequence[Finding]) -> str:
    errors = sum(one.severity == ERROR for one in found)
    fixable = sum(one.problem.repair is not None for one in found)
    counts = f"{format_count(errors, 'error')}, {format_count(len(found) - errors, 'warning')}"
    return counts + (f" (zettel check --fix can repair {fixable})" if fixable else "")


def _format_line(found: Finding) -> str:
    """Format a problem on one line that editors can parse."""
    problem = found.problem
    return escape_unsafe(f"{problem.path}:{problem.line}:{problem.col}: {found.check.code} {problem.message}; {found.hint}") + "\n"


def _build_tree(found: Sequence[Finding], shown_per_check: int) -> tuple[Branch, ...]:
    """Build the tree of problems, grouped by check."""
    by_check: dict[str, list[Finding]] = {check.code: [] for check in CHECKS}
    for one in found:
        by_check[one.check.code].append(one)
    return tuple(
        _build_check_branch(several[0].check, several, shown_per_check or len(several)) for several in by_check.values() if several
    )


def _build_check_branch(check: Check, found: Sequence[Finding], limit: int) -> Branch:
    severity = found[0].severity
    head = ((severity, "warning" if severity == ERROR else "caution"), (f" {check.code}", "strong"), (f" {len(found)}", "dim"))
    below = [_build_problem_branch(one) for one in found[:limit]]
    if len(found) > limit:
        below.append(Branch(((f"and {len(found) - limit} more: zettel check --only {check.code}", "dim"),)))
    return Branch((*head, (f"  {check.hint}", "heading")), tuple(below))


def _build_problem_branch(found: Finding) -> Branch:
    problem = found.problem
    place = f"{problem.path}:{problem.line}:{problem.col}" if problem.line > 1 or problem.col > 1 else problem.path
    note_id = find_leading_id(place) or ""
    below = (Branch(((problem.hint, "heading"),)),) if problem.hint else ()
    return Branch(((note_id, "id"), (place[len(note_id) :], "path"), (f"  {problem.message}", "")), below)
