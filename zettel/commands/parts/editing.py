"""What the commands that change notes share: a plan, shown as a diff or carried out, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from zettel.model.answer import Answer, Branch, Column, Row
from zettel.model.changes import Changes, diff, lines
from zettel.notebook import Notebook
from zettel.session import Session

COLUMNS = (
    Column("Path", "path", "path", may_wrap=True),
    Column("Line", "line", "dim"),
    Column("Before", "before", "", may_wrap=True),
    Column("After", "after", "", may_wrap=True),
)
STYLES = {"+": "added", "-": "removed", "@": "arrow"}


class Plan(NamedTuple):
    """What a command is about to do.

    `done` says it for people and for `zettel undo`, e.g. 'rename "A" to "B"'; `said` are the lines that they are shown once it
    is done; `remarks` go to stderr either way; `facts` are further keys of the JSON document.
    """

    changes: Changes
    done: str
    said: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    facts: Row | None = None


def perform(session: Session, plan: Callable[[Notebook], Plan], *, dry_run: bool = False) -> Answer:
    """Plan changes on a fresh look at the notebook and carry them out under one lock; with `dry_run`, only show them."""
    notebook = session.notebook()
    if dry_run:
        return shown(plan(notebook))
    with notebook.locked():
        notebook.refresh(session.progress())  # another zettel may have written since the lock was waited for
        planned = plan(notebook)
        notebook.carry_out(planned.changes, planned.done, session.progress())
    return performed(planned)


def shown(planned: Plan) -> Answer:
    """A plan as a diff."""
    tree = tuple(Branch(((line, _style(line)),)) for line in diff(planned.changes))
    remarks = (*planned.remarks, "nothing was written (--dry-run)" if planned.changes else "there is nothing to change")
    return Answer("changes", rows(planned.changes), COLUMNS, facts=_facts(planned, dry_run=True), tree=tree, remarks=remarks)


def performed(planned: Plan) -> Answer:
    """What was done, in the plan's own words."""
    text = "".join(f"{line}\n" for line in planned.said)
    return Answer("changes", rows(planned.changes), COLUMNS, facts=_facts(planned, dry_run=False), text=text, remarks=planned.remarks)


def rows(changes: Changes) -> list[Row]:
    """Every line that changes, as JSON and tables show it."""
    return [
        {"path": edit.path, "line": line.number, "before": line.before, "after": line.after}
        for edit in changes.edits
        for line in lines(edit)
    ]


def _facts(planned: Plan, *, dry_run: bool) -> Row:
    moves = [{"path": move.path, "to": move.to} for move in planned.changes.moves]
    made = [edit.path for edit in planned.changes.edits if edit.before is None]
    return {**(planned.facts or {}), "dry_run": dry_run, "done": planned.done, "moves": moves, "made": made}


def _style(line: str) -> str:
    return "strong" if line.startswith(("diff ", "rename ", "--- ", "+++ ", "new file", "deleted file")) else STYLES.get(line[:1], "")
