"""Plan to replace a text that occurs once in a note."""

from __future__ import annotations

from zettel.model.edit.changes import Changes, Plan, build_edits
from zettel.model.edit.replace_text import replace_text
from zettel.model.note.note import Note, summarise_note
from zettel.notebook.notebook import OpenNotebook


def plan_replacement(notebook: OpenNotebook, note: Note, old: str, new: str) -> Plan:
    """Plan to replace `old`, which occurs exactly once in the note, by `new`. Raises `UsageError`, `Refused` and `Unreadable`."""
    data = notebook.read_unchanged_bytes(note.path)
    after = replace_text(note.path, data, old, new, lambda data: notebook.parse_note(note.path, data))
    return Plan(Changes(build_edits([(note.path, data, after)])), f'edit "{note.title}"', facts={"note": summarise_note(note)})
