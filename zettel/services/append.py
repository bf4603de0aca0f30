"""Append a paragraph to a note."""

from __future__ import annotations

from zettel.model.edit.append import append_text
from zettel.model.edit.changes import Changes, Plan, build_edits
from zettel.model.note.note import Note, summarise_note
from zettel.notebook.notebook import OpenNotebook


def plan_append(notebook: OpenNotebook, note: Note, text: str) -> Plan:
    """Plan to append a text to a note."""
    data = notebook.read_unchanged_bytes(note.path)
    after = append_text(note.path, data, text, lambda data: notebook.parse_note(note.path, data))
    changes = Changes(build_edits([(note.path, data, after)]))
    summary = summarise_note(note)
    message = f"{note.handle}\t{note.path}"
    return Plan(changes, f'add to "{note.title}"', (message,), facts={"note": summary}, changed=(("added to", summary),))
