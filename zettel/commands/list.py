"""List the notes of a notebook."""

from __future__ import annotations

from zettel.model.base.answer import Answer
from zettel.services.filters import FilterOptions, build_filter
from zettel.session import Session
from zettel.views.notes import NO_NOTES, list_notes


def run(session: Session, *, filters: FilterOptions) -> Answer:
    """List the notes that match the filters, newest first."""
    wanted = build_filter(session, filters, default_sort="created-")
    nothing = NO_NOTES if wanted.matches_all else "no note matches the filters"
    return list_notes(session.open_notebook(), wanted, nothing)
