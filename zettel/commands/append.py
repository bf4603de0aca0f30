"""Append a paragraph to a note."""

from __future__ import annotations

from zettel.commands.parts.editing import Plan, perform_plan
from zettel.commands.parts.following import reload_note
from zettel.model.answer import Answer
from zettel.model.editing.appending import append_text
from zettel.model.editing.changes import Changes, build_edits
from zettel.model.errors import UsageError
from zettel.model.note import Note
from zettel.notebook import OpenNotebook
from zettel.session import Session


def run(session: Session, *, note: str, text: list[str], dry_run: bool = False) -> Answer:
    """Append `text`, or what is piped in, to `resolve_note` as a paragraph of its own."""
    paragraph = read_text_argument(session, text)
    if not paragraph.strip():
        raise UsageError("there is nothing to add", "zettel append NOTE A FEW WORDS, or pipe a text into zettel append NOTE")
    found = session.resolve_note(note)
    return perform_plan(session, lambda notebook: plan_append(notebook, reload_note(notebook, found), paragraph), dry_run=dry_run)


def read_text_argument(session: Session, words: list[str]) -> str:
    """Return the words of the command line as a text, or what is piped in if there are none."""
    if words or not session.has_piped_input:
        return " ".join(words).strip()
    return session.read_stdin().decode("utf-8", "replace").removeprefix("\ufeff").rstrip().lstrip("\r\n")


def plan_append(notebook: OpenNotebook, note: Note, text: str) -> Plan:
    """Plan to append a text to a note."""
    data = notebook.read_unchanged_bytes(note.path)
    after = append_text(note.path, data, text, lambda data: notebook.parse_note(note.path, data))
    changes = Changes(build_edits([(note.path, data, after)]))
    facts = {"note": {"id": note.id, "path": note.path, "title": note.title}}
    return Plan(changes, f'add to "{note.title}"', (f"{note.handle}\t{note.path}",), facts=facts)
