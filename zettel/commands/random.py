"""Show a random note."""

from __future__ import annotations

from zettel.commands import show
from zettel.commands.parts.shared import NOTE_COLUMNS, Filters, filter_of
from zettel.model.answer import Answer
from zettel.session import Session


def run(session: Session, **filters: Filters) -> Answer:
    """Return the answer for one note among those that match the filters, all with the same probability."""
    from random import SystemRandom

    found = session.notebook().notes(filter_of(session, filters))
    if not found:
        return Answer("notes", (), NOTE_COLUMNS, nothing="no note fits")
    return show.answer(session, SystemRandom().choice(found), links=False)
