"""Find the notes whose names are nearly that of a link that leads nowhere."""

from __future__ import annotations

import re

from zettel.model.check.intended_target import split_folder_and_name
from zettel.model.link.link import Link
from zettel.model.note.note import Note
from zettel.model.note.picker_item import PickerItem
from zettel.model.text.fold import fold_letters
from zettel.model.text.fuzzy import find_nearest
from zettel.model.text.ids import find_first_id, strip_id
from zettel.services.editor.open_notes import OpenNotes

MAX_CANDIDATES = 100
"""How many notes are compared with a link letter by letter."""

MAX_WORDS, START = 12, 4
"""How many words of a link are looked for in the names of all notes, and how many letters of each."""

MIN_WORD = 3
"""Shorter words are only looked for if there are no others."""

WORD = re.compile(r"\w+")


def find_near_names(notes: OpenNotes, link: Link) -> list[tuple[str, str]]:
    """Return the titles and aliases most similar to what a link asks for, each with the path of its note, best first."""
    names = {name: note.path for note in list_candidates(notes, link) for name in (note.title, *note.aliases)}
    words = _find_words(link)
    return [(name, names[name]) for name in find_nearest(words, names)] if words else []


def find_near_notes(notes: OpenNotes, link: Link) -> list[Note]:
    """Return the notes with these names, best first."""
    return list(notes.find_notes(list(dict.fromkeys(path for _, path in find_near_names(notes, link)))).values())


def list_candidates(notes: OpenNotes, link: Link) -> list[PickerItem]:
    """Return the notes that a link may have been meant for: those with its ID, then those whose names have the beginnings of most of its words."""
    if notes.notebook is None:
        return []
    words = WORD.findall(fold_letters(_find_words(link)))
    starts = [word[:START] for word in words if len(word) >= MIN_WORD][:MAX_WORDS] or words[:1]
    note_id = find_first_id(link.dest)
    found: list[tuple[int, PickerItem]] = []
    for note, _, names in notes.load_names().names:
        count = sum(start in names for start in starts)
        if note_id and note.id and note.id[:12] == note_id[:12]:
            count += MAX_WORDS
        if count:
            found.append((count, note))
    found.sort(key=lambda each: -each[0])
    return [note for _, note in found[:MAX_CANDIDATES]]


def _find_words(link: Link) -> str:
    """Return the words by which a link names its note, without an ID."""
    name = split_folder_and_name(link)[1]
    note_id = find_first_id(name)
    return (strip_id(name, note_id, anywhere=True) or link.label) if note_id else name
