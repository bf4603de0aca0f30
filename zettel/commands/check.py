"""Report problems in a notebook and how to fix them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zettel.model.base.answer import BLANK_LINE, Answer, Branch, Column, Line, StyledText, Tree
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

MAX_HINT_LENGTH = 60
"""How long a hint on one line may be."""


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
        shown_per_check = _SHOWN_PER_CHECK if limit is None and not only and not note else 0
        return _build_answer(notebook, find_problems(notebook), limit, shown_per_check, is_styled=session.console.is_styled)
    answer = repair_problems(session, find_problems, yes=yes, dry_run=dry_run)
    if dry_run:
        return answer
    notebook.refresh(session.console.choose_progress())
    left = find_problems(notebook)
    remarks = (f"{_format_counts(left)} left: zettel check",) if left else ()
    return answer.replace(closing_remarks=(*answer.closing_remarks, *remarks), exit_code=_choose_exit_code(left))


def _build_answer(notebook: OpenNotebook, found: Sequence[Finding], limit: int | None, shown_per_check: int, *, is_styled: bool) -> Answer:
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
        branches=(*_build_tree(shown, shown_per_check), *([BLANK_LINE, Branch(_format_summary(found))] if is_styled else []))
        if found
        else (),
        closing_remarks=(_format_counts(found),) if found and not is_styled else (),
        empty_message="no problems found",
        exit_code=_choose_exit_code(found),
        custom_formats={"plain": lambda: "".join(map(_format_line, shown))},
    )


def _choose_exit_code(found: Sequence[Finding]) -> int:
    return NO if any(one.severity == ERROR for one in found) else DONE


def _format_summary(found: Sequence[Finding]) -> Line:
    """Format how many errors and warnings there are, and how many of them `--fix` repairs."""
    errors = sum(one.severity == ERROR for one in found)
    fixable = sum(one.problem.repair is not None for one in found)
    counts: list[StyledText] = [
        (format_count(errors, "error"), "error" if errors else ""),
        (", ", ""),
        (format_count(len(found) - errors, "warning"), "caution" if len(found) > errors else ""),
    ]
    return (*counts, (f" (zettel check --fix can repair {fixable})", "dim")) if fixable else tuple(counts)


def _format_counts(found: Sequence[Finding]) -> str:
    return "".join(text for text, _ in _format_summary(found))


def _format_line(found: Finding) -> str:
    """Format a problem on one line that editors can parse."""
    problem = found.problem
    return escape_unsafe(f"{problem.path}:{problem.line}:{problem.col}: {found.check.code}: {problem.message}; {found.hint}") + "\n"


def _build_tree(found: Sequence[Finding], shown_per_check: int) -> tuple[Branch, ...]:
    """Build the tree of problems, grouped by check, with a blank line between two groups."""
    by_check: dict[str, list[Finding]] = {check.code: [] for check in CHECKS}
    for one in found:
        by_check[one.check.code].append(one)
    branches: list[Branch] = []
    for several in by_check.values():
        if several:
            branches += [BLANK_LINE] if branches else []
            branches.append(_build_check_branch(several[0].check, several, shown_per_check or len(several)))
    return tuple(branches)


def _build_check_branch(check: Check, found: Sequence[Finding], limit: int) -> Branch:
    """Build the branch of a check: what to do about it, and the problems by note. What all problems say is said once."""
    severity = found[0].severity
    messages = {one.problem.message for one in found}
    common = messages.pop() if len(messages) == 1 and len(found) > 1 and not any(one.problem.repair for one in found) else ""
    said: tuple[StyledText, ...] = ((f"  {common}", ""),) if common else ()
    head = ((severity, "error" if severity == ERROR else "caution"), (f" {check.code}", "strong"), (f" {len(found)}", "dim"), *said)
    below = [Branch(((check.hint, "dim"),))]
    by_path: dict[str, list[Finding]] = {}
    for one in found[:limit]:
        by_path.setdefault(one.problem.path, []).append(one)
    below += [_build_note_branch(path, several, is_brief=bool(common)) for path, several in by_path.items()]
    if len(found) > limit:
        below.append(Branch(((f"{limit} of {len(found)}; zettel check --only {check.code} shows all", "dim"),)))
    return Branch(head, tuple(below))


def _build_note_branch(path: str, found: Sequence[Finding], *, is_brief: bool) -> Branch:
    """Build the branch of a note with its problems, or with the places of its problems alone (`is_brief`)."""
    note_id = find_leading_id(path) or ""
    places = [f"{one.problem.line}:{one.problem.col}" if one.problem.line > 1 or one.problem.col > 1 else "" for one in found]
    name: Line = ((note_id, "id"), (path[len(note_id) :], ""))
    if is_brief:
        where = ", ".join(place for place in places if place)
        hints = dict.fromkeys(line for one in found for line in _list_hint_lines(one))
        return Branch((*name, (f":{where}" if where else "", "dim")), tuple(Branch(((line, "dim"),)) for line in hints))
    width = max(map(len, places))
    return Branch(name, tuple(_build_problem_branch(one, f"{place:>{width}}") for one, place in zip(found, places, strict=True)))


def _build_problem_branch(found: Finding, place: str) -> Branch:
    problem = found.problem
    lead: tuple[StyledText, ...] = ((f"{place}  ", "number"),) if place else ()
    is_hidden_fix = problem.repair is not None and "--fix" not in problem.hint
    fixable: tuple[StyledText, ...] = (("  --fix", "typed"), (" repairs it", "dim")) if is_hidden_fix else ()
    return Branch((*lead, (problem.message, ""), *fixable), tuple(Branch(((line, "dim"),)) for line in _list_hint_lines(found)))


def _list_hint_lines(found: Finding) -> list[str]:
    """Return the lines of a problem's own hint: a long one has the command that it ends with on a line of its own, so that it can be copied.

    What the hint of the check says already is left out.
    """
    hint = found.problem.hint
    text, colon, command = hint.partition(": zettel ")
    if colon and {*_list_words(text)} <= {*_list_words(found.check.hint), "it"}:
        return [f"zettel {command}"]
    return [f"{text}:", f"zettel {command}"] if colon and len(hint) > MAX_HINT_LENGTH else [hint] if hint else []


def _list_words(text: str) -> list[str]:
    return text.replace(",", " ").split()
