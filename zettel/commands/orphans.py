"""The notes that nobody links to."""

from __future__ import annotations

from zettel.commands.parts.shared import Filters, filter_of, note_list
from zettel.model.answer import Answer
from zettel.session import Session


def run(session: Session, *, isolated: bool = False, **filters: Filters) -> Answer:
    """The notes without backlinks; `isolated`: without links either way."""
    wanted = filter_of(session, filters, default_sort="created-")
    notebook = session.notebook()
    found = notebook.notes(wanted, notebook.orphans(isolated=isolated))
    return note_list(found, "no such note: every one is linked" if wanted.is_open else "no note fits")
