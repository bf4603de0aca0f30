"""Append a paragraph to a note."""

from __future__ import annotations

from zettel.model.edit.append import append_text
from zettel.model.edit.changes import Changes, Plan, build_edits
from zettel.model.note.note import Note, summarise_note
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session


def read_text_argument(session: Session, words: list[str]) -> str:
    """Return the words of the command line as a text, or what is piped in if there are none or they are `-`."""
    is_piped = words == ["-"] or (not words and session.console.has_piped_input)
    return strip_blank_lines(session.console.read_text()) if is_piped else " ".join(words).strip()


def strip_blank_lines(text: str) -> str:
    """Return a piped text without blank lines around it and blanks at its end."""
    return text.rstrip().lstrip("\n")


def plan_append(notebook: OpenNotebook, note: Note, text: str) -> Plan:
    """Plan to append a text to a note."""
    data = notebook.read_unchanged_bytes(note.path)
    after = append_text(note.path, data, text, lambda data: notebook.parse_note(note.path, data))
    changes = Changes(build_edits([(note.path, data, after)]))
    return Plan(changes, f'add to "{note.title}"', (f"{note.handle}\t{note.path}",), facts={"note": summarise_note(note)})
