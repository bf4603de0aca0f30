"""Play the tour on a copy of the starter notebook."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Document
from zettel.services.tour import TOUR, format_command
from zettel.session import Session


def run(session: Session) -> Answer:
    """Play the tour on a terminal, one step a key. Elsewhere, return its steps as text."""
    if session.console.is_interactive:
        from zettel.interactive.tour_walk import walk_tour

        return walk_tour(session, TOUR)
    return Document(text="\n".join(f"# {step.text}\n{format_command(step.words)}\n" for step in TOUR))
