"""Build what browsing shows of a note: its text with numbered links, its backlinks with their sentences, and its outline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zettel.adapters.fs.files import decode_bytes
from zettel.model.base.answer import HEADING_BLOCK, TextBlock
from zettel.model.browse.note_view import Backlink, NoteLink, NoteView, OutlineEntry
from zettel.model.edit.sections import list_sections
from zettel.model.note.frontmatter import find_first_body_byte
from zettel.model.note.note import Note
from zettel.notebook.notebook import OpenNotebook
from zettel.views.notes import format_context, format_note
from zettel.views.show import build_note_blocks

MAX_PREVIEW_BYTES = 12_000
"""How many bytes of a note's text a preview shows."""

MAX_BYTES = 400_000
"""How many bytes of a note's text are shown at all."""

MAX_BACKLINKS = 200
"""How many backlinks are listed."""


def build_note_view(notebook: OpenNotebook, note: Note, *, is_preview: bool = False) -> NoteView:
    """Build what is shown of a note. A preview has the beginning of its text, and no outline. Raises `Unreadable`."""
    decoded, wrong = decode_bytes(notebook.read_bytes(note.path))
    data = decoded.encode("utf-8", "replace")
    end = find_first_body_byte(data) + (MAX_PREVIEW_BYTES if is_preview else MAX_BYTES)
    text = data[:end].decode(errors="ignore")
    blocks = build_note_blocks(notebook, note, text, is_numbered=True)
    remark = wrong or ("" if end >= len(data) or is_preview else "only the beginning is shown; e opens all of it in the editor")
    return NoteView(
        note,
        blocks,
        tuple(_list_links(notebook, note, end)),
        tuple(_list_backlinks(notebook, note)),
        () if is_preview else tuple(_list_headings(notebook, note, data, blocks)),
        remark,
    )


def _list_links(notebook: OpenNotebook, note: Note, end: int) -> Iterator[NoteLink]:
    links = notebook.catalogue.find_links(source=note.path, before=end)
    targets = notebook.catalogue.find_notes_by_path(dict.fromkeys(link.resolution.target for link in links if link.resolution.target))
    for resolved in links:
        target = targets.get(resolved.resolution.target or "")
        title = target.title if target else resolved.link.label or resolved.link.dest
        yield NoteLink(target.path if target else "", title, resolved.link.line, resolved.resolution.status)


def _list_backlinks(notebook: OpenNotebook, note: Note) -> Iterator[Backlink]:
    found = notebook.catalogue.find_links(target=note.path, limit=MAX_BACKLINKS, with_own=False)
    sources = notebook.catalogue.find_notes_by_path(dict.fromkeys(link.link.source for link in found))
    for resolved in found:
        if source := sources.get(resolved.link.source):
            yield Backlink(source.path, resolved.link.line, format_note(source), format_context(resolved, source.title))


def _list_headings(notebook: OpenNotebook, note: Note, data: bytes, blocks: Sequence[TextBlock]) -> Iterator[OutlineEntry]:
    """Yield the headings that begin a section, each with the block that shows it."""
    shown = [number for number, block in enumerate(blocks) if block.kind == HEADING_BLOCK]
    if not shown:
        return
    texts = {number: _squeeze("".join(text for text, _ in blocks[number].lines[0])) for number in shown}
    for section in list_sections(notebook.parse_note(note.path, data), data):
        words = {_squeeze(section.heading), _squeeze(section.text)}
        found = next((number for number in shown if texts[number] in words), None)
        if found is not None:
            shown = shown[shown.index(found) + 1 :]
            yield OutlineEntry(section.heading, section.level, section.line, found)


def _squeeze(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
