"""Find the note that a program names for a change: by its ID, its path or its whole title, and by nothing less."""

from __future__ import annotations

from zettel.model.base.errors import NoSuchNote, SeveralNotes
from zettel.model.note.note import Note
from zettel.model.text.fold import fold, to_nfc
from zettel.model.text.ids import find_leading_id, is_id, strip_id
from zettel.model.text.inert import clip
from zettel.notebook.find_note import build_several_notes_error
from zettel.notebook.notebook import OpenNotebook

HINT = "a change needs the ID, the path or the whole title of a note"


def resolve_exactly(notebook: OpenNotebook, text: str) -> Note:
    """Return the one note with this ID, path or title, or with this ID and title.

    Raises `NoSuchNote`, which names what a person would get for the text, or `SeveralNotes`.
    """
    wanted = " ".join(to_nfc(text).split())
    for found in (_find_by_id(notebook, wanted), _find_by_path(notebook, text.strip()), _find_by_title(notebook, wanted)):
        if len(found) > 1:
            raise build_several_notes_error(wanted, found)
        if found:
            return found[0]
    raise NoSuchNote(f'no note has the ID, the path or the title "{clip(wanted, 80)}"', HINT, _list_near(notebook, wanted))


def _find_by_id(notebook: OpenNotebook, text: str) -> list[Note]:
    """Return the notes with the ID that a text is, or begins with if the rest of it is their title."""
    note_id = text if is_id(text) else find_leading_id(text)
    found = notebook.catalogue.find_notes_by_key(f"i:{note_id}") if note_id else []
    return [note for note in found if text == note_id or fold(strip_id(text, note_id)) == fold(note.title)]


def _find_by_path(notebook: OpenNotebook, path: str) -> list[Note]:
    return list(notebook.catalogue.find_notes_by_path([path]).values())


def _find_by_title(notebook: OpenNotebook, title: str) -> list[Note]:
    """Return the notes with this title. An alias is not enough: it may be a word that the note shares with others."""
    return [note for note in notebook.catalogue.find_notes_by_title(title) if fold(note.title) == fold(title)]


def _list_near(notebook: OpenNotebook, text: str) -> tuple[str, ...]:
    """Return the ID and title of the notes that a person could mean by a text."""
    from zettel.notebook.find_note import resolve_note

    try:
        near = resolve_note(notebook.catalogue, notebook.root, text)
    except SeveralNotes as error:
        return error.candidates
    except NoSuchNote:
        return ()
    return (f"{near.handle}  {near.title}",)
