"""List the notes that no other note links to."""

from __future__ import annotations

from zettel.adapters import finding
from zettel.commands.parts.shared import NO_NOTES, Filters, filter_of, note_list
from zettel.model.answer import Answer
from zettel.session import Session


def run(session: Session, *, isolated: bool = False, **filters: Filters) -> Answer:
    """Return the notes without backlinks, or (`isolated`) without links in either direction."""
    wanted = filter_of(session, filters, default_sort="created-")
    notebook = session.notebook()
    nothing = (
        NO_NOTES if finding.is_empty(notebook.connection) else "no such note: every one is linked" if wanted.is_open else "no note fits"
    )
    return note_list(notebook, wanted, nothing, finding.ISOLATED if isolated else finding.ORPHANS)
