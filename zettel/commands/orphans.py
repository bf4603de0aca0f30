"""List the notes that no other note links to."""

from __future__ import annotations

from zettel.adapters.catalogue.queries import ISOLATED, ORPHANS
from zettel.model.base.answer import Answer
from zettel.services.filters import FilterOptions, build_filter
from zettel.session import Session
from zettel.views.notes import NO_NOTES, list_notes


def run(session: Session, *, filters: FilterOptions, isolated: bool = False) -> Answer:
    """Return the notes without backlinks, or (`isolated`) without links in either direction."""
    wanted = build_filter(session, filters, default_sort="created-")
    notebook = session.open_notebook()
    nothing = (
        NO_NOTES if notebook.catalogue.is_empty() else "none: every note is linked" if wanted.matches_all else "no note matches the filters"
    )
    return list_notes(notebook, wanted, nothing, ISOLATED if isolated else ORPHANS)
