"""Show a topic as a reading order: structure notes with what they order under their headings, then the rest, most central first."""

from __future__ import annotations

from zettel.model.base.answer import Answer
from zettel.model.base.errors import ensure_positive
from zettel.services.reading_order import list_in_reading_order
from zettel.session import Session


def run(session: Session, *, topic: list[str], limit: int | None = None) -> Answer:
    """Return the notes of a topic in the order in which to read them. A topic of a single note includes that note's neighbours."""
    ensure_positive("--limit", limit, "leave it out to see everything")
    return list_in_reading_order(session, " ".join(topic), limit)
