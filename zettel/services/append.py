"""Append a paragraph to a note, or to one of its sections."""

from __future__ import annotations

from zettel.model.base.errors import UsageError
from zettel.model.edit.append import append_text, append_to_section
from zettel.model.edit.changes import Changes, Plan, build_edits
from zettel.model.note.note import Note, summarise_note
from zettel.model.note.parse import ParsedNote
from zettel.notebook.notebook import OpenNotebook


def plan_append(notebook: OpenNotebook, note: Note, text: str, heading: str = "") -> Plan:
    """Plan to append a text to a note, or to its section with this `heading`. Raises `UsageError` if it has no such section, and `Refused`."""
    data = notebook.read_unchanged_bytes(note.path)

    def parse(data: bytes) -> ParsedNote:
        return notebook.parse_note(note.path, data)

    if heading:
        at = _find_section_end(note, parse(data), data, heading)
        after = append_to_section(note.path, data, at, text, parse)
    else:
        after = append_text(note.path, data, text, parse)
    changes = Changes(build_edits([(note.path, data, after)]))
    summary = summarise_note(note)
    message = f"{note.handle}\t{note.path}"
    return Plan(changes, f'add to "{note.title}"', (message,), facts={"note": summary}, changed=(("added to", summary),))


def _find_section_end(note: Note, parsed: ParsedNote, data: bytes, heading: str) -> int:
    """Return where the own text of a section ends: before the next heading, of whatever level. Raises `UsageError`."""
    from zettel.model.edit.sections import list_sections
    from zettel.services.find_section import find_section

    sections = list_sections(parsed, data)
    if not sections:
        raise UsageError(f'"{note.title}" has no headings', "leave the heading out to append to the note")
    section = find_section(sections, heading, note, "name one of its headings, or leave the heading out to append to the note")
    number = sections.index(section) + 1
    return sections[number].start if number < len(sections) else section.end
