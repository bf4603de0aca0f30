"""Find the notes that a person picks from: all of them, or those that a search finds."""

from __future__ import annotations

from collections.abc import Iterable

from zettel.model.note.label import NoteLabel
from zettel.model.note.note import Note
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session

SEARCH_LIMIT = 50
"""How many notes a search in the picker finds at most."""


def note_to_label(note: Note, sentence: str = "") -> NoteLabel:
    """Return the label of a note."""
    return NoteLabel(note.path, note.id, note.title, note.aliases, note.tags, note.created, sentence)


def find_labels(notebook: OpenNotebook, paths: Iterable[str]) -> list[NoteLabel]:
    """Return the labels of the notes at `paths`, in that order."""
    return [note_to_label(note) for note in notebook.catalogue.find_notes_by_path(paths).values()]


def search_labels(session: Session, query: str) -> list[NoteLabel]:
    """Return the labels of the notes that a search finds, best first, each with its best sentence. Raises `QueryError`."""
    from zettel.services.search import search_notes
    from zettel.views.search import SnippetChooser

    result = search_notes(session, query, limit=SEARCH_LIMIT)
    hits = result.hits_by_path
    chooser = SnippetChooser(result)
    notes = session.open_notebook().catalogue.find_notes_by_path(hits).values()
    return [note_to_label(note, chooser.choose(hits[note.path], note)[0].text) for note in notes]
