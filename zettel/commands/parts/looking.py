"""Remembering looks at notes. Used by review."""

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
    """Change what is remembered of a note; gives what is remembered now. Raises `Refused` and `Unreadable`."""
    notebook = session.notebook()
    with notebook.locked():
        look = change(reviewed.read(notebook.root).get(note.handle, NEVER))
        reviewed.put(notebook.root, note.handle, look)
    return look


def look_done(session: Session, note: Note) -> date:
    """Remember that a note was looked at today; gives the day from which on it is due again."""
    today = session.today()
    return next_day(note, _remember(session, note, lambda look: done(look, today))) or today


def look_later(session: Session, note: Note, days: int) -> date:
    """Remember that a note is to come again in so many days; gives the day."""
    until = session.today() + timedelta(days=days)
    return next_day(note, _remember(session, note, lambda look: put_off(look, until))) or until


def noted(session: Session, looked_at: Iterable[Note], later: Iterable[Note]) -> Answer:
    """Remember that notes were looked at, and that others are to come again tomorrow."""
    facts: dict[str, list[dict[str, object]]] = {"done": [], "later": []}
    said = []
    for key, notes, how in (("done", looked_at, look_done), ("later", later, lambda session, note: look_later(session, note, 1))):
        for note in notes:
            day = how(session, note)
            facts[key].append({**brief(note), "next": str(day)})
            said.append(f"{inert(note.name)}: again from {day}\n")
    return Answer(facts=facts, text="".join(said))
