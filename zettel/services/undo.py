"""Undo what this run has changed, for a walk in which the user takes an answer back."""

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
