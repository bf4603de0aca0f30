"""Open a note in the editor."""

from __future__ import annotations

from zettel.model.base.answer import Answer
from zettel.services.edit import edit_note
from zettel.session import Session


def run(session: Session, *, note: str) -> Answer:
    """Open `note` in the editor and wait until the editor exits."""
    return Answer(remarks=edit_note(session, session.resolve_note(note, "edit").path).remarks)
