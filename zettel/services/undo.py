"""Undo what this run has changed, for a walk in which the user takes an answer back, or the last change of all."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.adapters.journal import journal
from zettel.model.base.errors import Refused
from zettel.session import Session


def undo_own_changes(session: Session, names: Sequence[str]) -> None:
    """Undo the changes of this run with these names in the journal, the last one first, and bring the catalogue up to date.

    Raises `Refused` if another change was made since or a file has changed, and `Unreadable`. What was undone before that stays undone.
    """
    notebook = session.open_notebook()
    with notebook.lock():
        for name in reversed(names):
            following = journal.list_next(notebook.root)
            work = journal.plan_undo(notebook.root)
            if not work or following[0].name != name:
                raise Refused("another change was made since", "see which: zettel undo --list")
            journal.apply_journaled(notebook.root, work)
            notebook.own_changes.remove(name)
            notebook.follow_moves(work.changes)
    notebook.refresh()


def list_standing_changes(session: Session) -> list[str]:
    """Return the journal's names of the changes that are not undone, the last one first."""
    return [entry.name for entry in journal.list_next(session.open_notebook().root)]


def find_last_change(session: Session) -> tuple[str, str]:
    """Return the journal's name of the change that `zettel undo` would take back, and what it did. Both are empty if there is none.

    Raises `Refused` if it cannot be undone, because a file has changed since, and `Unreadable`.
    """
    work = journal.plan_undo(session.open_notebook().root)
    return (work.earlier_entry.name, work.summary) if work and work.earlier_entry else ("", "")


def undo_last_change(session: Session, name: str) -> str:
    """Undo the last change if it is the one of this name in the journal, bring the catalogue up to date, and return what was undone.

    Raises `Refused` if another change was made since or a file has changed, and `Unreadable`.
    """
    notebook = session.open_notebook()
    with notebook.lock():
        work = journal.plan_undo(notebook.root)
        if not work or not work.earlier_entry or work.earlier_entry.name != name:
            raise Refused("another change was made in the meantime", "nothing was undone; try again")
        journal.apply_journaled(notebook.root, work)
        notebook.follow_moves(work.changes)
    if name in notebook.own_changes:
        notebook.own_changes.remove(name)
    notebook.refresh()
    return work.summary
