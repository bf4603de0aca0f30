"""List the notes that link to a note."""

from __future__ import annotations

from zettel.commands import links
from zettel.model.base.answer import Answer
from zettel.services.filters import FilterValue
from zettel.session import Session


def run(session: Session, *, note: str, **filters: FilterValue) -> Answer:
    """List the backlinks of `note`, with the sentences around them."""
    found = links.build_answer(session, note, 1, out=False, back=True, filters=filters)
    return found.replace(name="backlinks", empty_message="no note links there")
