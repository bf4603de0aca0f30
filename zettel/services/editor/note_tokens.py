"""Find what an editor should colour in an open note: links, IDs in them, and tags."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.edit.sections import find_heading_links, map_anchor_owners
from zettel.model.editor.places import find_link_span, list_tag_places
from zettel.model.editor.semantic_token import DANGLING, ID, LINK, TAG, SemanticToken, order_tokens
from zettel.model.link.link import EXTERNAL, OK, ResolvedLink
from zettel.model.text.ids import find_first_id
from zettel.services.editor.open_note_facts import list_stale_links
from zettel.services.editor.open_notes import NoteText, OpenNotes
from zettel.session import Session


def list_tokens(session: Session | None, notes: OpenNotes, path: str, start: int = 0, end: int | None = None) -> list[SemanticToken]:
    """Return what is to be coloured in an open note, or in its bytes from `start` to `end`, in order."""
    text = notes.texts[path]
    end = len(text.data) if end is None else end
    found = [
        *_list_link_tokens(session, notes, text, start, end),
        *_list_heading_link_tokens(text, start, end),
        *_list_tag_tokens(notes, text, start, end),
    ]
    return list(order_tokens(found))


def _list_link_tokens(session: Session | None, notes: OpenNotes, text: NoteText, start: int, end: int) -> Iterator[SemanticToken]:
    links = [resolved for resolved in notes.list_links(text.path) if resolved.link.start < end and resolved.link.end >= start - 500]
    stale = list_stale_links(session, notes, text, links) if session and notes.notebook else set()
    for resolved in links:
        if resolved.resolution.status != EXTERNAL and (notes.notebook or resolved.resolution.status == OK):
            yield from _cut_link(text.data, resolved, is_stale=resolved.link.start in stale)


def _cut_link(data: bytes, resolved: ResolvedLink, *, is_stale: bool) -> Iterator[SemanticToken]:
    """Yield the tokens of a link: what it leads to if nowhere, else its ID, and what stands before and behind that."""
    link, span = resolved.link, find_link_span(data, resolved.link)
    if resolved.resolution.status != OK:
        yield SemanticToken(*span, DANGLING)
        return
    note_id = find_first_id(link.dest)
    at = data.find(note_id.encode(), link.start, link.end) if note_id else -1
    if at < 0 or note_id is None:
        yield SemanticToken(*span, LINK, is_stale)
        return
    after = at + len(note_id)
    parts = (SemanticToken(span.start, at, LINK), SemanticToken(at, after, ID), SemanticToken(after, span.end, LINK, is_stale))
    yield from (part for part in parts if part.end > part.start)


def _list_heading_link_tokens(text: NoteText, start: int, end: int) -> Iterator[SemanticToken]:
    owners: dict[str, int | None] | None = None
    for link in find_heading_links(text.parsed):
        if link.start < end and link.end > start:
            owners = map_anchor_owners(text.parsed, text.sections) if owners is None else owners
            if link.key in owners:
                yield SemanticToken(link.start, link.end, LINK)


def _list_tag_tokens(notes: OpenNotes, text: NoteText, start: int, end: int) -> Iterator[SemanticToken]:
    if text.parsed.tags:
        for tag in list_tag_places(notes.parse_tags(text), text.document.text):
            if tag.span.start < end and tag.span.end > start:
                yield SemanticToken(*tag.span, TAG)
