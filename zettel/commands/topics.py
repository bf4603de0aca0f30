"""List the subjects of a notebook: tags, structure notes, hubs, and other clusters."""

from __future__ import annotations

from zettel.model.base.answer import Answer
from zettel.model.base.errors import ensure_positive
from zettel.services.subjects import list_notebook_subjects
from zettel.session import Session


def run(session: Session, *, limit: int = 10) -> Answer:
    """Return at most `limit` subjects of each kind with size and most central notes. Every name is one that the command `topic` accepts."""
    ensure_positive("--limit", limit, "zettel topics --limit 50")
    return list_notebook_subjects(session, limit)
