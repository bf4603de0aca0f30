"""List the notes of a notebook."""

from __future__ import annotations

from zettel.commands.parts.shared import NO_NOTES, FilterValue, build_filter, list_notes
from zettel.model.answer import Answer
from zettel.session import Session


def run(session: Session, **filters: FilterValue) -> Answer:
    """List the notes that match the filters, newest first."""
    wanted = build_filter(session, filters, default_sort="created-")
    nothing = NO_NOTES if wanted.matches_all else "no note fits"
    return list_notes(session.open_notebook(), wanted, nothing)
