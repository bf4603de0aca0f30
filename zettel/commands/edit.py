"""Open a note in the editor."""

from __future__ import annotations

from zettel.adapters import editor, files
from zettel.model.answer import Answer
from zettel.session import Session


def run(session: Session, *, note: str) -> Answer:
    """Open `note` in the editor and wait until the editor exits."""
    found = session.note(note)
    path = files.place(session.notebook().root, found.path)
    editor.edit(path, session.editor(), session.environ)
    return Answer(text="")
