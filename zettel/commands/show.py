"""Show a note: rendered on a terminal, unchanged when piped."""

from __future__ import annotations

from zettel.model.base.answer import Answer
from zettel.session import Session
from zettel.views.show import build_note_answer


def run(session: Session, *, note: str, links: bool = False, raw: bool = False) -> Answer:
    """Return the text of `note`, and with `links` also its links and backlinks. With `raw`, it is not rendered on a terminal either."""
    return build_note_answer(session, session.resolve_note(note), links=links, raw=raw)
