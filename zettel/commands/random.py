"""Show a random note."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Rows
from zettel.services.filters import FilterOptions, build_filter
from zettel.session import Session
from zettel.views import show
from zettel.views.notes import NOTE_COLUMNS


def run(session: Session, *, filters: FilterOptions) -> Answer:
    """Return the answer for one note among those that match the filters, all with the same probability."""
    from random import SystemRandom

    found = session.open_notebook().catalogue.list_notes(build_filter(session, filters))
    if not found:
        return Rows(name="notes", is_numbered=True, columns=NOTE_COLUMNS, empty_message="no note matches the filters")
    return show.build_note_answer(session, SystemRandom().choice(found), links=False).replace(is_numbered=True)
