"""The notes that link to a note."""

from __future__ import annotations

from zettel.commands import links
from zettel.commands.shared import Filters
from zettel.model.answer import Answer
from zettel.session import Session


def run(session: Session, *, note: str, **filters: Filters) -> Answer:
    """The backlinks of `note`, with the sentences where they stand."""
    answer = links.run(session, note=note, back=True, **filters)
    return answer.replace(name="backlinks", nothing="no note links there")
