"""List the notes that link to a note."""

from __future__ import annotations

from zettel.model.base.answer import Answer
from zettel.services.filters import FilterOptions, build_filter
from zettel.session import Session
from zettel.views.link_tree import build_link_tree


def run(session: Session, *, note: str, filters: FilterOptions) -> Answer:
    """List the backlinks of `note`, with the sentences around them."""
    start = session.resolve_note(note)
    wanted = build_filter(session, filters)
    found = build_link_tree(
        session.open_notebook(), start, 1, out=False, back=True, wanted=wanted, nothing=f'no note links to "{start.title}"'
    )
    return found.replace(name="backlinks")
