"""Find the note and the section that `NOTE#HEADING` names."""

from __future__ import annotations

from zettel.adapters.fs.files import decode_bytes
from zettel.model.base.errors import NoSuchNote, UsageError
from zettel.model.edit.sections import Section, list_nested_names, list_sections, list_sections_below_title
from zettel.model.note.heading import build_heading_key
from zettel.model.note.note import Note
from zettel.model.text.fold import fold, split_path, strip_suffix
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session


def resolve_heading(session: Session, text: str, prompt: str = "note") -> tuple[Note, str | None]:
    """Return the note that `text` names, and the heading after a `#`, if it names one. A title may contain a `#`, too.

    Raises the errors of `Session.resolve_note`.
    """
    splits = [(text[:at], text[at + 1 :]) for at, char in enumerate(text) if char == "#" and text[:at].strip() and text[at + 1 :].strip()]
    if not splits or any(fold(text) in _list_names(note) for note in _match_notes(session, text)):
        return session.resolve_note(text, prompt), None
    chosen = next((split for split in reversed(splits) if _match_notes(session, split[0])), None)
    if chosen is None:
        try:
            return session.resolve_note(text, prompt), None  # part of a title with a `#`
        except NoSuchNote:
            chosen = splits[0]
    return session.resolve_note(chosen[0], prompt), chosen[1]


def _match_notes(session: Session, text: str) -> list[Note]:
    """Return the notes of which a text is the whole name."""
    return [note for how, notes in session.open_notebook().match_name(text.strip(), session.cwd) if how != "start" for note in notes]


def _list_names(note: Note) -> list[str]:
    """Return what may be typed as the whole name of a note, folded."""
    name = split_path(note.path)[1]
    names = (note.title, *note.aliases, note.path, strip_suffix(note.path), name, strip_suffix(name))
    return [fold(one) for one in (*names, f"{note.id} {note.title}")]


def find_section(sections: list[Section], text: str, note: Note, hint: str) -> Section:
    """Return the section that `text` names: by its heading, by letters and digits of it, by `Heading#Subheading`, by its number in the list, or by part of it.

    Raises `UsageError`, with `hint`, if there is none or several.
    """
    words, key = fold(text.strip().lstrip("#").strip()), build_heading_key(text.strip().lstrip("#"))
    found = [number for number, one in enumerate(sections) if fold(one.heading) == words]
    found = found or [number for number, one in enumerate(sections) if key and key in one.keys]
    found = found or [number for number, names in enumerate(list_nested_names(sections)) if key in map(build_heading_key, names)]
    if not found and words.isascii() and words.isdigit() and 1 <= int(words[:6]) <= len(sections):
        found = [int(words) - 1]
    found = found or [number for number, one in enumerate(sections) if words and words in fold(one.heading)]
    if len(found) == 1:
        return sections[found[0]]
    lines = tuple(f"{number + 1}  {sections[number].heading}" for number in (found or range(len(sections))))
    if found:
        raise UsageError(f'{len(found)} headings of "{note.title}" match "{text}"', "name one by its number", lines)
    raise UsageError(f'"{note.title}" has no heading "{text}"', hint, lines[:20])


def read_section(notebook: OpenNotebook, note: Note, heading: str) -> Section:
    """Return the section of a note that `heading` names, with its place in the decoded text. Raises `UsageError` or `Unreadable`."""
    data = decode_bytes(notebook.read_bytes(note.path))[0].encode()
    parsed = notebook.parse_note(note.path, data)
    known, key = list_sections_below_title(parsed, data), build_heading_key(heading)
    if key == build_heading_key(note.title) and not any(key in one.keys for one in known):
        known = list_sections(parsed, data)
    return find_section(known, heading, note, "zettel split NOTE lists its headings")
