"""List the notes of a notebook."""

from __future__ import annotations

from zettel.commands.parts.shared import NO_NOTES, Filters, filter_of, note_list
from zettel.model.answer import Answer
from zettel.session import Session


def run(session: Session, **filters: Filters) -> Answer:
    """List the notes that match the filters, newest first."""
    wanted = filter_of(session, filters, default_sort="created-")
    nothing = NO_NOTES if wanted.is_open else "no note fits"
    return note_list(session.notebook(), wanted, nothing)
