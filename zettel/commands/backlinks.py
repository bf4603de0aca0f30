"""List the notes that link to a note."""

from __future__ import annotations

from zettel.commands import links
from zettel.commands.parts.shared import FilterValue
from zettel.model.answer import Answer
from zettel.session import Session


def run(session: Session, *, note: str, **filters: FilterValue) -> Answer:
    """List the backlinks of `note`, with the sentences around them."""
    found = links.build_answer(session, note, 1, out=False, back=True, filters=filters)
    return found.replace(name="backlinks", empty_message="no note links there")
