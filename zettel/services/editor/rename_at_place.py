"""Rename what stands at a place of an open note: the note of a link or title, a heading, or a tag."""

from __future__ import annotations

from zettel.model.base.errors import Refused
from zettel.model.base.progress import Progress
from zettel.model.base.value import NamedTuple
from zettel.model.edit.changes import Plan
from zettel.model.edit.sections import Section
from zettel.model.editor.editor_text import TextPlace, TextSpan
from zettel.model.editor.places import ByteSpan, find_heading_span, find_link_at, find_section_at, find_title_section
from zettel.model.note.note import Note
from zettel.model.text.fold import to_nfc
from zettel.services.editor.note_places import find_tag_at, find_title_at
from zettel.services.editor.open_notes import OpenNotes
from zettel.services.rename import plan_rename
from zettel.services.rename_heading import plan_heading_rename
from zettel.services.tag import build_tag_rename, plan_tag_rename


class Renamable(NamedTuple):
    """What can be renamed at a place: the note, or its section, or a tag; `name` is what it is called now."""

    span: TextSpan
    name: str
    note: Note | None = None
    section: Section | None = None
    tag: str = ""


def find_renamable(notes: OpenNotes, path: str, place: TextPlace) -> Renamable:
    """Return what can be renamed at a place of an open note. Raises `Refused`, which says what can be."""
    text = notes.texts[path]
    offset = text.document.find_offset(place)

    def build(span: ByteSpan, name: str, note: Note | None = None, section: Section | None = None, tag: str = "") -> Renamable:
        return Renamable(text.document.find_span(*span), name, note, section, tag)

    if notes.notebook is None:
        raise Refused("a note can only be renamed in a notebook", "make its folder one: zettel init")
    found = find_link_at(text.data, notes.list_links(path), offset)
    if found:
        resolved, span = found
        note = notes.find_note(resolved.resolution.target) if resolved.resolution.target else None
        if note is None:
            raise Refused(f"{resolved.link.text} does not lead to one note", "rename the note where its title stands")
        return build(span, note.title, note=note)
    if tag := find_tag_at(notes, text, offset):
        start = tag.span.start + text.data.startswith(b"#", tag.span.start)
        return build(ByteSpan(start, tag.span.end), tag.tag, tag=tag.tag)
    note = notes.find_note(path)
    title = find_title_at(text, offset)
    if title and note:
        return build(title, note.title, note=note)
    section = find_section_at(text.sections, offset)
    if section and note:
        if section is find_title_section(text.parsed, text.sections):
            return build(find_heading_span(text.data, section), note.title, note=note)
        return build(find_heading_span(text.data, section), section.heading, note=note, section=section)
    raise Refused(
        "there is nothing to rename here", "a note is renamed at its title or at a link to it; headings and tags where they stand"
    )


def plan_rename_at_place(notes: OpenNotes, target: Renamable, new: str, progress: Progress | None = None) -> Plan:
    """Plan to rename something that `find_renamable` has found. Raises `UsageError` or `Refused`."""
    assert notes.notebook
    wanted = " ".join(to_nfc(new).split())
    if target.tag:
        return plan_tag_rename(notes.notebook, build_tag_rename(target.tag, wanted), progress)
    assert target.note
    saved = notes.notebook.catalogue.find_notes_by_path([target.note.path])
    if target.note.path not in saved:
        raise Refused(f"{target.note.path} is not saved yet", "save it, then rename it")
    if target.section:
        label_first = notes.notebook.settings["links.pipe"] == "label-first"
        return plan_heading_rename(notes.notebook, target.note, target.section, wanted, label_first=label_first, progress=progress)
    return plan_rename(notes.notebook, saved[target.note.path], wanted, progress)
