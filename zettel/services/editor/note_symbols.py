"""List the parts of a note as a tree, and find notes by words, for an editor's outline and its search."""

from __future__ import annotations

from zettel.model.base.value import NamedTuple
from zettel.model.editor.editor_text import TextSpan
from zettel.model.editor.places import BlockPlace, ByteSpan, find_heading_span, find_title_span, list_block_places
from zettel.model.note.note import Note
from zettel.model.text.fold import fold
from zettel.services.editor.open_notes import OpenNotes
from zettel.session import Session

MAX_FOUND = 100
"""How many notes are found at most."""

FEW = 5
"""If fewer notes than this are found by their names, the text of notes is searched, too."""

NOTE, HEADING, BLOCK = "note", "heading", "block"


class OutlineItem(NamedTuple):
    """A part of a note: its name, where it stands, and the place of the name itself."""

    kind: str
    name: str
    span: TextSpan
    name_span: TextSpan
    children: list[OutlineItem]


def build_outline(notes: OpenNotes, path: str) -> OutlineItem:
    """Return an open note with its headings, each with those below it and its block IDs."""
    text = notes.texts[path]
    find_span = text.document.find_span
    root = OutlineItem(
        NOTE, text.parsed.title, find_span(0, len(text.data)), find_span(*find_title_span(text.parsed, text.data, text.sections)), []
    )
    blocks = list_block_places(text.parsed, text.data)
    open_: list[tuple[int, OutlineItem]] = [(0, root)]
    starts = [*(section.start for section in text.sections), len(text.data)][1:]
    _add_blocks(
        notes, path, root, [one for one in blocks if one.span.start < (text.sections[0].start if text.sections else len(text.data))]
    )
    for section, next_start in zip(text.sections, starts, strict=True):
        while open_[-1][0] >= section.level:
            open_.pop()
        span = ByteSpan(section.start, _trim_end(text.data, section.start, section.end))
        item = OutlineItem(HEADING, section.heading or "…", find_span(*span), find_span(*find_heading_span(text.data, section)), [])
        _add_blocks(notes, path, item, [one for one in blocks if section.start <= one.span.start < next_start])
        open_[-1][1].children.append(item)
        open_.append((section.level, item))
    return root


def _add_blocks(notes: OpenNotes, path: str, item: OutlineItem, blocks: list[BlockPlace]) -> None:
    document = notes.texts[path].document
    for block in blocks:
        span = document.find_span(*block.span)
        item.children.append(OutlineItem(BLOCK, block.name, span, span, []))


def _trim_end(data: bytes, start: int, end: int) -> int:
    """Return the end of a section without the blank lines behind it."""
    return start + len(data[start:end].rstrip(b" \t\r\n"))


def find_notes_by_words(session: Session, notes: OpenNotes, words: str, *, with_text: bool = True) -> list[Note]:
    """Return at most 100 notes whose names have all words, best first, or that have a `#tag`; if there are few, also those a search finds (`with_text`).

    Without words, returns the newest notes.
    """
    if notes.notebook is None:
        return []
    catalogue = notes.notebook.catalogue
    tag = words.strip().removeprefix("#")
    if tag and words.strip().startswith("#"):
        tagged = catalogue.load_notes_by_row(catalogue.find_tagged_rows(fold(tag)))
        return sorted(tagged, key=lambda note: note.created, reverse=True)[:MAX_FOUND]
    ranked = notes.load_names().rank(words, changed=notes.list_open_items())
    paths = [note.path for _, note in zip(range(MAX_FOUND), ranked, strict=False)]
    if with_text and words.strip() and len(paths) < FEW:
        paths += _search_paths(session, words, MAX_FOUND - len(paths))
    found = notes.find_notes(list(dict.fromkeys(paths)))
    return [found[path] for path in dict.fromkeys(paths) if path in found]


def _search_paths(session: Session, words: str, limit: int) -> list[str]:
    from zettel.services.search import search_notes

    return [hit.path for hit in search_notes(session, words, limit=limit).hits]
