"""Pick notes from a list, and print their IDs."""

from __future__ import annotations

from zettel.interactive.pick import pick_notes
from zettel.model.base.answer import Answer
from zettel.session import Session
from zettel.views.pick import build_pick_answer


def run(session: Session, *, words: list[str], multi: bool = False) -> Answer:
    """Let a person pick a note, or several with `multi`, and return it. `words` are typed already."""
    return build_pick_answer(pick_notes(session, query=" ".join(words), several=multi))
