"""Open a note in the editor."""

from __future__ import annotations

from zettel.adapters import editor
from zettel.adapters.fs import files
from zettel.model.base.answer import Answer
from zettel.session import Session


def run(session: Session, *, note: str) -> Answer:
    """Open `note` in the editor and wait until the editor exits."""
    found = session.resolve_note(note)
    path = files.locate_for_editor(session.open_notebook().root, found.path)
    editor.edit_file(path, session.find_editor(), session.environ)
    return Answer()
