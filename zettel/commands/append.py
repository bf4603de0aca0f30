"""Append a paragraph to a note."""

from __future__ import annotations

from zettel.commands.parts.editing import Plan, perform
from zettel.commands.parts.following import again
from zettel.model.answer import Answer
from zettel.model.editing.appending import appended
from zettel.model.editing.changes import Changes, edits
from zettel.model.errors import UsageError
from zettel.model.note import Note
from zettel.notebook import Notebook
from zettel.session import Session


def run(session: Session, *, note: str, text: list[str], dry_run: bool = False) -> Answer:
    """Append `text`, or what is piped in, to `note` as a paragraph of its own."""
    paragraph = given(session, text)
    if not paragraph.strip():
        raise UsageError("there is nothing to add", "zettel append NOTE A FEW WORDS, or pipe a text into zettel append NOTE")
    found = session.note(note)
    return perform(session, lambda notebook: with_text(notebook, again(notebook, found), paragraph), dry_run=dry_run)


def given(session: Session, words: list[str]) -> str:
    """Return the words of the command line as a text, or what is piped in if there are none."""
    if words or not session.is_piped_into:
        return " ".join(words).strip()
    return session.piped().decode("utf-8", "replace").removeprefix("\ufeff").rstrip().lstrip("\r\n")


def with_text(notebook: Notebook, note: Note, text: str) -> Plan:
    """Plan to append a text to a note."""
    data = notebook.known_data(note.path)
    after = appended(note.path, data, text, lambda data: notebook.reading_of(note.path, data))
    changes = Changes(edits([(note.path, data, after)]))
    facts = {"note": {"id": note.id, "path": note.path, "title": note.title}}
    return Plan(changes, f'add to "{note.title}"', (f"{note.handle}\t{note.path}",), facts=facts)
