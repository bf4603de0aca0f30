"""Change notes on disk for an editor, in the journal, unless it holds text of theirs that is not saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zettel.adapters.fs.files import decode_bytes
from zettel.adapters.journal import journal
from zettel.model.base.errors import Refused, Unreadable
from zettel.model.edit.changes import Changes, Plan
from zettel.notebook.notebook import OpenNotebook
from zettel.services.editor.open_notes import OpenNotes
from zettel.services.undo import undo_last_change
from zettel.session import Session


def carry_out_saved(session: Session, notes: OpenNotes, build_plan: Callable[[OpenNotebook], Plan]) -> Plan:
    """Carry out a plan for notes as they are saved, under one lock, and return it.

    Raises `Refused` if an editor holds text of one of these notes that is not saved.
    """
    notebook = session.open_notebook()
    with notebook.lock():
        notebook.refresh()
        unsaved, notebook.unsaved = notebook.unsaved, {}
        try:
            plan = build_plan(notebook)
        finally:
            notebook.unsaved = unsaved
        ensure_saved(notes, plan.changes.paths)
        if plan.changes:
            notebook.carry_out(plan.changes, plan.description)
    notebook.look_at([*plan.changes.paths, *(move.new_path for move in plan.changes.moves)])
    return plan


def undo_saved(session: Session, notes: OpenNotes) -> tuple[str, Changes]:
    """Undo the last change in the journal, and return what it was, empty if there is nothing to undo, and what that changed.

    Raises as `carry_out_saved` does.
    """
    work = journal.plan_undo(session.open_notebook().root)
    if not work or not work.earlier_entry:
        return "", Changes()
    ensure_saved(notes, work.changes.paths)
    return undo_last_change(session, work.earlier_entry.name), work.changes


def ensure_saved(notes: OpenNotes, paths: Iterable[str]) -> None:
    """Raise `Refused` if a note at one of these paths is open with text that is not saved."""
    assert notes.notebook
    for path in paths:
        if path in notes.texts:
            try:
                saved = notes.notebook.read_saved_bytes(path)
            except Unreadable:
                saved = b""
            if decode_bytes(saved)[0].removeprefix("\ufeff") != notes.texts[path].document.text.removeprefix("\ufeff"):
                raise Refused(f"{path} has text that is not saved", "save it, then try again")
