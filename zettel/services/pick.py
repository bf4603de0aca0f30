"""Find the notes that a person picks from: all of them, or those that a search finds."""

from __future__ import annotations

from collections.abc import Iterable

from zettel.model.note.note import Note
from zettel.model.note.picker_item import PickerItem
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session

SEARCH_LIMIT = 50
"""How many notes a search in the picker finds at most."""


def note_to_picker_item(note: Note, sentence: str = "") -> PickerItem:
    """Return what the picker shows of a note."""
    return PickerItem(note.path, note.id, note.title, note.aliases, note.tags, note.created, sentence)


def find_picker_items(notebook: OpenNotebook, paths: Iterable[str]) -> list[PickerItem]:
    """Return what the picker shows of the notes at `paths`, in that order."""
    return [note_to_picker_item(note) for note in notebook.catalogue.find_notes_by_path(paths).values()]


def search_picker_items(session: Session, query: str) -> list[PickerItem]:
    """Return what the picker shows of the notes that a search finds, best first, each with its best sentence. Raises `QueryError`."""
    from zettel.services.search import search_notes
    from zettel.views.search import SnippetChooser

    result = search_notes(session, query, limit=SEARCH_LIMIT)
    hits = result.hits_by_path
    chooser = SnippetChooser(result)
    notes = session.open_notebook().catalogue.find_notes_by_path(hits).values()
    return [note_to_picker_item(note, chooser.choose(hits[note.path], note)[0].text) for note in notes]
