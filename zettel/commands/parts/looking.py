"""Record which notes were reviewed and when they are due again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from zettel.adapters import reviewed
from zettel.commands.parts.shared import summarise_note
from zettel.model.answer import Answer
from zettel.model.note import Note
from zettel.model.review import NEVER_REVIEWED, ReviewState, find_due_date, mark_reviewed, postpone
from zettel.model.text import escape_unsafe
from zettel.session import Session


def _update_look(session: Session, note: Note, change: Callable[[ReviewState], ReviewState]) -> ReviewState:
    """Change the stored review record of a note under the lock, and return it. Raises `Refused` and `Unreadable`."""
    notebook = session.open_notebook()
    with notebook.lock():
        look = change(reviewed.read_reviews(notebook.root).get(note.handle, NEVER_REVIEWED))
        reviewed.record_review(notebook.root, note.handle, look)
    return look


def mark_note_reviewed(session: Session, note: Note) -> date:
    """Store that a note was reviewed today, and return the day on which it is due again."""
    today = session.today()
    return find_due_date(note, _update_look(session, note, lambda look: mark_reviewed(look, today))) or today


def postpone_note(session: Session, note: Note, days: int) -> date:
    """Postpone a note's review by `days`, and return the day on which it is due again."""
    until = session.today() + timedelta(days=days)
    return find_due_date(note, _update_look(session, note, lambda look: postpone(look, until))) or until


def mark_notes(session: Session, reviewed_notes: Iterable[Note], postponed_notes: Iterable[Note]) -> Answer:
    """Store that notes were reviewed today, and postpone others until tomorrow."""
    facts: dict[str, list[dict[str, object]]] = {"done": [], "later": []}
    lines = []
    for key, notes, update in (
        ("done", reviewed_notes, mark_note_reviewed),
        ("later", postponed_notes, lambda session, note: postpone_note(session, note, 1)),
    ):
        for note in notes:
            day = update(session, note)
            facts[key].append({**summarise_note(note), "next": str(day)})
            lines.append(f"{escape_unsafe(note.name)}: due again on {day}\n")
    return Answer(facts=facts, text="".join(lines))
