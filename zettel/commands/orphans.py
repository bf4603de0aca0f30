"""List the notes that no other note links to."""

from __future__ import annotations

from zettel.adapters import finding
from zettel.commands.parts.shared import NO_NOTES, FilterValue, build_filter, list_notes
from zettel.model.answer import Answer
from zettel.session import Session


def run(session: Session, *, isolated: bool = False, **filters: FilterValue) -> Answer:
    """Return the notes without backlinks, or (`isolated`) without links in either direction."""
    wanted = build_filter(session, filters, default_sort="created-")
    notebook = session.open_notebook()
    nothing = (
        NO_NOTES if finding.is_empty(notebook.connection) else "no such note: every one is linked" if wanted.matches_all else "no note fits"
    )
    return list_notes(notebook, wanted, nothing, finding.ISOLATED if isolated else finding.ORPHANS)
