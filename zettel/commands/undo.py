"""Undo the last change, or redo it."""

from __future__ import annotations

from zettel.adapters import files, journal, records, recovery
from zettel.commands.parts.editing import Plan, performed, shown
from zettel.model.answer import Answer, Column
from zettel.model.errors import NO
from zettel.model.text import inert
from zettel.session import Session

COLUMNS = (
    Column("When", "when", "dim"),
    Column("What", "done", "title", may_wrap=True),
    Column("Files", "files"),
    Column("Undone", "undone"),
)


def run(session: Session, *, redo: bool = False, list: bool = False, dry_run: bool = False) -> Answer:
    """Undo the last change that is not undone yet, or (`redo`) redo the one undone last, or (`list`) list all changes in the journal."""
    notebook = session.notebook()
    if list:
        return _history(notebook.root)
    with notebook.locked():
        if (
            files.exists(notebook.root, files.PENDING) and not dry_run
        ):  # left over in a copy of a notebook, where `recover` does not undo it
            return Answer(text=f"{inert(str(recovery.roll_back(notebook.root)))}\n", facts={"dry_run": False})
        work = journal.reversal(notebook.root, again=redo)
        if not work:
            return Answer(remarks=(f"there is nothing to {'redo' if redo else 'undo'}",), facts={"done": None}, exit_code=NO)
        verb, other = ("redone", "undo it with: zettel undo") if redo else ("undone", "redo it with: zettel undo --redo")
        plan = Plan(work.changes, f"{verb}: {work.done}", (f"{verb}: {work.done}",), remarks=() if dry_run else (other,))
        if dry_run:
            return shown(plan)
        journal.perform(notebook.root, work, session.progress())
    return performed(plan)


def _history(root: str) -> Answer:
    from time import localtime, strftime

    rows = [
        {
            "when": strftime("%Y-%m-%d %H:%M:%S", localtime(entry.when)),
            "done": entry.done,
            "files": entry.files,
            "undone": entry.is_undone,
        }
        for entry in records.entries(root)
    ]
    return Answer("history", rows, COLUMNS, nothing="there is no change to undo yet")
