"""Turn what services find into the protocol's objects, in the form that the client declared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsprotocol import types

from zettel.lsp.client import Client
from zettel.lsp.served_notebooks import ServedNotebook
from zettel.model.editor.editor_text import TextPlace, TextSpan
from zettel.model.note.note import Note
from zettel.model.text.inert import escape_unsafe
from zettel.services.editor.complete import BLOCK_KIND, HEADING_KIND, KEY_KIND, TAG_KIND, TITLE_KIND, WORDS_KIND, Proposals
from zettel.services.editor.note_places import LinkPlace, LinkTarget, NotePlace
from zettel.services.editor.note_symbols import BLOCK, HEADING, NOTE, OutlineItem

COMPLETION_KINDS = {
    TITLE_KIND: types.CompletionItemKind.Reference,
    WORDS_KIND: types.CompletionItemKind.Reference,
    HEADING_KIND: types.CompletionItemKind.Text,
    BLOCK_KIND: types.CompletionItemKind.Text,
    TAG_KIND: types.CompletionItemKind.Keyword,
    KEY_KIND: types.CompletionItemKind.Property,
}
ESCAPE = re.compile(r"\\(.)")
SPECIAL_IN_SNIPPETS = re.compile(r"[\\$}]")
SYMBOL_KINDS = {NOTE: types.SymbolKind.File, HEADING: types.SymbolKind.String, BLOCK: types.SymbolKind.Key}


def to_place(position: types.Position) -> TextPlace:
    """Return the place that a position means."""
    return TextPlace(position.line, position.character)


def to_range(span: TextSpan) -> types.Range:
    """Return a span as a range."""
    (line, character), (last_line, last_character) = span
    return types.Range(types.Position(line, character), types.Position(last_line, last_character))


def to_span(span: types.Range) -> TextSpan:
    """Return a range as a span, whichever of its ends comes first."""
    start, end = sorted((to_place(span.start), to_place(span.end)))
    return TextSpan(start, end)


def to_location(served: ServedNotebook, place: NotePlace) -> types.Location:
    """Return a place in a note as a location."""
    return types.Location(served.build_uri(place.path), to_range(place.span))


def build_completion_list(client: Client, found: Proposals, cursor: types.Position, first: list[int]) -> types.CompletionList:
    """Return proposals as a list. `first` holds for each the character at which the replaced text begins, if it is its own.

    Each has one range, with the brackets behind the cursor that an editor has closed by itself: Helix would take the shorter one of two, and
    they would stay. It also needs to be told where the cursor goes then, which only a snippet can.
    """
    whole = to_range(found.span)
    is_snippet = client.misplaces_cursor and whole.end != cursor
    shares_range = client.has_default_range and all(start < 0 for start in first)
    items = []
    for rank, (proposal, start) in enumerate(zip(found.items, first, strict=True), 1):
        item = types.CompletionItem(
            proposal.label,
            kind=COMPLETION_KINDS[proposal.kind],
            sort_text=f"{rank:04}",
            filter_text=proposal.filter_text,
            detail=proposal.detail or None,
        )
        if proposal.description and client.has_label_details:
            item.label_details = types.CompletionItemLabelDetails(description=proposal.description)
        if proposal.path:
            item.data = proposal.path
        text = proposal.text
        if is_snippet:
            item.insert_text_format = types.InsertTextFormat.Snippet
            text = SPECIAL_IN_SNIPPETS.sub(r"\\\g<0>", text) + "$0"
        if shares_range:
            item.text_edit_text = text
        else:
            begin = types.Position(found.line, start) if start >= 0 else whole.start
            item.text_edit = types.TextEdit(types.Range(begin, whole.end), text)
        items.append(item)
    answer = types.CompletionList(found.has_more or client.narrows_by_text, items)
    if shares_range:
        answer.item_defaults = types.CompletionItemDefaults(edit_range=whole)
    return answer


def build_text(client: Client, formats: tuple[types.MarkupKind | str, ...], text: str) -> types.MarkupContent:
    """Return a Markdown text in the format that the client prefers."""
    if client.wants_markdown(formats):
        return types.MarkupContent(types.MarkupKind.Markdown, text)
    plain = text.replace("\n\n---\n\n", "\n\n").replace("### ", "").replace("**", "")
    return types.MarkupContent(types.MarkupKind.PlainText, _drop_escapes(plain))


def _drop_escapes(text: str) -> str:
    return ESCAPE.sub(r"\1", text)


def build_definitions(
    served: ServedNotebook, found: list[LinkTarget], *, with_links: bool
) -> list[types.Location] | list[types.LocationLink] | None:
    """Return where a link leads, or None if it leads nowhere."""
    if not found:
        return None
    if not with_links:
        return [to_location(served, one.target) for one in found]
    return [
        types.LocationLink(served.build_uri(one.target.path), to_range(one.target.span), to_range(one.target.span), to_range(one.origin))
        for one in found
    ]


def build_document_link(client: Client, uri: str, number: int, place: LinkPlace) -> types.DocumentLink:
    """Return a link of a document, whose target is filled in when it is resolved."""
    return types.DocumentLink(to_range(place.span), tooltip=escape_unsafe(place.title) if client.has_tooltips else None, data=[uri, number])


def build_symbol_tree(item: OutlineItem) -> types.DocumentSymbol:
    """Return the outline of a note as a tree."""
    span, name_span = to_range(item.span), to_range(item.name_span)
    if not (_key(span.start) <= _key(name_span.start) and _key(name_span.end) <= _key(span.end)):
        name_span = types.Range(span.start, span.start)
    children = [build_symbol_tree(child) for child in item.children]
    return types.DocumentSymbol(escape_unsafe(item.name) or "…", SYMBOL_KINDS[item.kind], span, name_span, children=children)


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character


def build_symbol_list(uri: str, item: OutlineItem, container: str = "") -> Iterator[types.SymbolInformation]:
    """Yield the outline of a note as a flat list."""
    yield types.SymbolInformation(
        types.Location(uri, to_range(item.span)),
        escape_unsafe(item.name) or "…",
        SYMBOL_KINDS[item.kind],
        container_name=escape_unsafe(container) or None,
    )
    for child in item.children:
        yield from build_symbol_list(uri, child, item.name)


def build_workspace_symbol(served: ServedNotebook, note: Note, place: NotePlace | None) -> types.WorkspaceSymbol:
    """Return a note as a symbol. Without its place, the client asks for that when it needs it."""
    uri = served.build_uri(note.path)
    location = types.Location(uri, to_range(place.span)) if place else types.LocationUriOnly(uri)
    return types.WorkspaceSymbol(
        location,
        escape_unsafe(note.title or note.path),
        types.SymbolKind.File,
        data=note.path,
        container_name=escape_unsafe(note.id or note.path),
    )
