"""Record which notes were reviewed and when they are due again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from zettel.adapters import reviewed
from zettel.commands.parts.shared import brief
from zettel.model.answer import Answer
from zettel.model.note import Note
from zettel.model.review import NEVER, Look, done, next_day, put_off
from zettel.model.text import inert
from zettel.session import Session


def _remember(session: Session, note: Note, change: Callable[[Look], Look]) -> Look:
    """Change the stored review record of a note under the lock, and return it. Raises `Refused` and `Unreadable`."""
    notebook = session.notebook()
    with notebook.locked():
        look = change(reviewed.read(notebook.root).get(note.handle, NEVER))
        reviewed.put(notebook.root, note.handle, look)
    return look


def look_done(session: Session, note: Note) -> date:
    """Store that a note was reviewed today, and return the day on which it is due again."""
    today = session.today()
    return next_day(note, _remember(session, note, lambda look: done(look, today))) or today


def look_later(session: Session, note: Note, days: int) -> date:
    """Postpone a note's review by `days`, and return the day on which it is due again."""
    until = session.today() + timedelta(days=days)
    return next_day(note, _remember(session, note, lambda look: put_off(look, until))) or until


def noted(session: Session, looked_at: Iterable[Note], later: Iterable[Note]) -> Answer:
    """Store that notes were reviewed today, and postpone others until tomorrow."""
    facts: dict[str, list[dict[str, object]]] = {"done": [], "later": []}
    lines = []
    for key, notes, update in (("done", looked_at, look_done), ("later", later, lambda session, note: look_later(session, note, 1))):
        for note in notes:
            day = update(session, note)
            facts[key].append({**brief(note), "next": str(day)})
            lines.append(f"{inert(note.name)}: due again on {day}\n")
    return Answer(facts=facts, text="".join(lines))
