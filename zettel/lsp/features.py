"""The methods that clients may call, each with its handler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lsprotocol import types

from zettel.lsp import answers
from zettel.lsp.actions import ActionHandlers, build_options
from zettel.lsp.client import Client
from zettel.lsp.commands import SCHEME, CommandHandlers
from zettel.lsp.decorations import LEGEND, Decorations
from zettel.lsp.diagnostics import Diagnostics
from zettel.lsp.renames import RenameHandlers
from zettel.lsp.served_notebooks import ServedNotebook, ServedNotebooks, find_file
from zettel.services.editor.complete import MAX_ALL, MAX_PROPOSALS
from zettel.services.editor.hover import describe_note, describe_place
from zettel.services.editor.lost_links import LostLinks
from zettel.services.editor.note_places import (
    LinkPlace,
    find_definitions,
    find_references,
    list_link_places,
    locate_target,
    locate_title_roughly,
)
from zettel.services.editor.note_symbols import MAX_FOUND, build_outline, find_notes_by_words

TRIGGERS = ("[", "(", "#", "^", "|", "§")

MAX_RESOLVED_LINKS = 200
"""How many links of a document have their targets at once. With more, the client asks for each."""

MAX_WHOLE_REFERENCES = 500
"""How many references are one answer. More come in parts of this size, to a client that asks for parts."""

NOTE_FILES = types.FileOperationFilter(types.FileOperationPattern("**/*.{md,markdown}", types.FileOperationPatternKind.File), "file")
FOLDERS = types.FileOperationFilter(types.FileOperationPattern("**", types.FileOperationPatternKind.Folder), "file")

Feature = tuple[str, Callable[[Any], Any], object]


def list_features(
    client: Client,
    all_served: ServedNotebooks,
    diagnostics: Diagnostics,
    renames: RenameHandlers,
    decorations: Decorations,
    change_settings: Callable[[dict[str, object] | None], None],
    send_part: Callable[[object, object], None],
) -> list[Feature]:
    """Return (method, handler, options) of everything that is offered to a client."""
    handlers = Handlers(client, all_served, diagnostics, change_settings, send_part)
    operations = types.FileOperationRegistrationOptions([NOTE_FILES, FOLDERS])
    found: list[Feature] = [
        (types.TEXT_DOCUMENT_DID_SAVE, handlers.save, types.SaveOptions(include_text=False)),
        (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, handlers.watch, None),
        (types.WORKSPACE_DID_CHANGE_CONFIGURATION, handlers.configure, None),
        (types.WORKSPACE_DID_CREATE_FILES, handlers.create, operations),
        (types.WORKSPACE_DID_DELETE_FILES, handlers.delete, operations),
        (types.WORKSPACE_WILL_RENAME_FILES, renames.rename_files, operations),
        (types.WORKSPACE_DID_RENAME_FILES, handlers.rename, operations),
        (
            types.TEXT_DOCUMENT_COMPLETION,
            handlers.complete,
            types.CompletionOptions(trigger_characters=list(TRIGGERS), resolve_provider=True),
        ),
        (types.COMPLETION_ITEM_RESOLVE, handlers.resolve_completion, None),
        (types.TEXT_DOCUMENT_HOVER, handlers.hover, None),
        (types.TEXT_DOCUMENT_DEFINITION, handlers.define, None),
        (types.TEXT_DOCUMENT_DECLARATION, handlers.declare, None),
        (types.TEXT_DOCUMENT_REFERENCES, handlers.refer, None),
        (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, handlers.outline, None),
        (types.WORKSPACE_SYMBOL, handlers.find_symbols, None),
        (types.TEXT_DOCUMENT_DOCUMENT_LINK, handlers.list_links, None),
        (types.DOCUMENT_LINK_RESOLVE, handlers.resolve_link, None),
    ]
    if client.resolves_symbols:
        found.append((types.WORKSPACE_SYMBOL_RESOLVE, handlers.resolve_symbol, None))
    found.append((types.TEXT_DOCUMENT_RENAME, renames.rename, None))
    if client.prepares_renames:
        found.append((types.TEXT_DOCUMENT_PREPARE_RENAME, renames.prepare, None))
    if client.pulls_diagnostics:
        options = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True, identifier="zettel")
        found.append((types.TEXT_DOCUMENT_DIAGNOSTIC, diagnostics.pull, options))
    return found + _list_decorations(client, decorations)


def list_action_features(client: Client, actions: ActionHandlers, commands: CommandHandlers) -> list[Feature]:
    """Return what is offered of actions, and of documents that are not files."""
    found: list[Feature] = []
    if client.has_action_literals or client.applies_edits:
        found.append((types.TEXT_DOCUMENT_CODE_ACTION, actions.list_actions, build_options(client)))
    if client.resolves_actions:
        found.append((types.CODE_ACTION_RESOLVE, actions.resolve, None))
    if client.reads_content:
        options = types.TextDocumentContentOptions([SCHEME.rstrip(":")])
        found.append((types.WORKSPACE_TEXT_DOCUMENT_CONTENT, commands.read_content, options))
    return found


def _list_decorations(client: Client, decorations: Decorations) -> list[Feature]:
    """Return what is drawn into documents, as far as the client draws it."""
    offered = (
        (client.has_hints, types.TEXT_DOCUMENT_INLAY_HINT, decorations.list_hints, types.InlayHintOptions()),
        (bool(client.resolved_hint_parts), types.INLAY_HINT_RESOLVE, decorations.resolve_hint, None),
        (client.has_lenses, types.TEXT_DOCUMENT_CODE_LENS, decorations.list_lenses, types.CodeLensOptions()),
        (client.has_folds, types.TEXT_DOCUMENT_FOLDING_RANGE, decorations.list_folds, None),
        (client.has_tokens, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, decorations.list_tokens, LEGEND),
        (client.has_token_ranges, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, decorations.list_tokens_in_range, LEGEND),
    )
    return [(method, handler, options) for is_offered, method, handler, options in offered if is_offered]


class Handlers:
    """The handlers for one client."""

    def __init__(
        self,
        client: Client,
        all_served: ServedNotebooks,
        diagnostics: Diagnostics,
        change_settings: Callable[[dict[str, object] | None], None],
        send_part: Callable[[object, object], None],
    ) -> None:
        self._client = client
        self._send_part = send_part
        self._diagnostics = diagnostics
        self._all_served = all_served
        self._change_settings = change_settings
        self._completed: ServedNotebook | None = None

    def _find(self, uri: str) -> tuple[ServedNotebook, str] | None:
        """Return the notebook of an open document, with its path there."""
        return self._all_served.find(uri)

    # Files

    def save(self, params: types.DidSaveTextDocumentParams) -> None:
        """Look at a file that was saved."""
        self._look_at([params.text_document.uri])
        self._diagnostics.note_saved(params.text_document.uri)

    def watch(self, params: types.DidChangeWatchedFilesParams) -> None:
        """Look at files that the client has seen change."""
        uris = [event.uri for event in params.changes]
        self._all_served.reload_settings([file for uri in uris if (file := find_file(uri))])
        self._look_at(uris, [event.uri for event in params.changes if event.type == types.FileChangeType.Deleted])
        for served in self._all_served.notebooks.values():
            served.note_event()

    def create(self, params: types.CreateFilesParams) -> None:
        """Look at files that the client has made."""
        self._look_at([file.uri for file in params.files])

    def delete(self, params: types.DeleteFilesParams) -> None:
        """Look at files that the client has deleted, and at everything if a folder may be among them. Says which links lead nowhere now."""
        uris = [file.uri for file in params.files]
        self._look_at(uris, uris)

    def rename(self, params: types.RenameFilesParams) -> None:
        """Look at files that the client has renamed, and at everything if a folder may be among them."""
        self._look_at([uri for file in params.files for uri in (file.old_uri, file.new_uri)])

    def _look_at(self, uris: list[str], gone: Sequence[str] = ()) -> None:
        files = [file for uri in uris if (file := find_file(uri))]
        gone_files = [file for uri in gone if (file := find_file(uri))]
        has_folders = not all(file.lower().endswith((".md", ".markdown", ".toml")) for file in files)
        for served in list(self._all_served.notebooks.values()):
            deleted = [path for file in gone_files if (path := served.find_path(file))]
            lost = LostLinks(served.notes.notebook, deleted) if served.notes.notebook and deleted else None
            if has_folders:
                served.refresh()
            else:
                served.look_at(files)
            if lost and served.notes.notebook and (words := lost.describe()):
                self._all_served.tell(words)

    def configure(self, params: types.DidChangeConfigurationParams) -> None:
        """Take the settings that the client sends, or ask for them."""
        given = params.settings.get("zettel") if isinstance(params.settings, dict) else None
        if isinstance(given, dict):
            self._change_settings(given)
        elif not params.settings:
            self._change_settings(None)

    # What is typed

    def complete(self, params: types.CompletionParams) -> types.CompletionList | None:
        """Return what can be written at the cursor."""
        found = self._find(params.text_document.uri)
        if not found:
            return None
        served, path = found
        if served.is_reading:
            return types.CompletionList(is_incomplete=True, items=[])
        is_asked = params.context is None or params.context.trigger_kind == types.CompletionTriggerKind.Invoked
        with_words = served.get_setting("lsp.complete") == "words"
        limit = MAX_PROPOSALS if self._client.asks_again else MAX_ALL
        proposals = served.completer.propose(path, answers.to_place(params.position), is_asked=is_asked, with_words=with_words, limit=limit)
        if proposals is None:
            return None
        self._completed = served
        document = served.notes.texts[path].document
        first = [document.build_place(proposals.line, one.start).character if one.start >= 0 else -1 for one in proposals.items]
        return answers.build_completion_list(self._client, proposals, params.position, first)

    def resolve_completion(self, item: types.CompletionItem) -> types.CompletionItem:
        """Add the description of a note to its completion."""
        served = self._completed
        if served and isinstance(item.data, str) and (note := served.notes.find_note(item.data)):
            item.documentation = answers.build_text(
                self._client, self._client.completion_formats, describe_note(served.notes, note, served.hover_lines)
            )
        return item

    # What is there

    def hover(self, params: types.HoverParams) -> types.Hover | None:
        """Describe what stands at the cursor."""
        found = self._find(params.text_document.uri)
        shown = describe_place(found[0].notes, found[1], answers.to_place(params.position), found[0].hover_lines) if found else None
        if shown is None:
            return None
        return types.Hover(answers.build_text(self._client, self._client.hover_formats, shown.text), answers.to_range(shown.span))

    def define(self, params: types.DefinitionParams) -> list[types.Location] | list[types.LocationLink] | None:
        """Return where the link at the cursor leads."""
        return self._define(params, with_links=self._client.has_definition_links)

    def declare(self, params: types.DeclarationParams) -> list[types.Location] | list[types.LocationLink] | None:
        """Return the same as `define`."""
        return self._define(params, with_links=self._client.has_declaration_links)

    def _define(
        self, params: types.DefinitionParams | types.DeclarationParams, *, with_links: bool
    ) -> list[types.Location] | list[types.LocationLink] | None:
        found = self._find(params.text_document.uri)
        if not found:
            return None
        served, path = found
        return answers.build_definitions(
            served, find_definitions(served.notes, path, answers.to_place(params.position)), with_links=with_links
        )

    def refer(self, params: types.ReferenceParams) -> list[types.Location] | None:
        """Return the links to what the link, heading or tag at the cursor means, else those to the note."""
        found = self._find(params.text_document.uri)
        if not found:
            return None
        served, path = found
        places = find_references(served.notes, path, answers.to_place(params.position), with_declaration=params.context.include_declaration)
        locations = [answers.to_location(served, place) for place in places]
        if params.partial_result_token is None or len(locations) <= MAX_WHOLE_REFERENCES:
            return locations
        for start in range(0, len(locations), MAX_WHOLE_REFERENCES):
            self._send_part(params.partial_result_token, locations[start : start + MAX_WHOLE_REFERENCES])
        return []

    # Outlines and symbols

    def outline(self, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
        """Return the headings and block IDs of a document."""
        found = self._find(params.text_document.uri)
        if not found:
            return None
        item = build_outline(found[0].notes, found[1])
        if self._client.has_symbol_tree:
            return [answers.build_symbol_tree(item)]
        return list(answers.build_symbol_list(params.text_document.uri, item))

    def find_symbols(self, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
        """Return the notes that words name, or whose text they are in."""
        found: list[types.WorkspaceSymbol] = []
        for served in self._all_served.notebooks.values():
            if served.session:
                for note in find_notes_by_words(served.session, served.notes, params.query, with_text=not served.is_indexing):
                    place = None if self._client.resolves_symbols else locate_title_roughly(served.notes, note.path)
                    found.append(answers.build_workspace_symbol(served, note, place))
        return found[:MAX_FOUND]

    def resolve_symbol(self, symbol: types.WorkspaceSymbol) -> types.WorkspaceSymbol:
        """Add the place of a note's title to its symbol."""
        file = find_file(symbol.location.uri)
        served = self._all_served.find_by_file(file) if file else None
        if served and isinstance(symbol.data, str) and (place := locate_target(served.notes, symbol.data)):
            symbol.location = answers.to_location(served, place)
        return symbol

    # Links

    def list_links(self, params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
        """Return the links of a document that lead to notes."""
        found = self._find(params.text_document.uri)
        if not found:
            return None
        served, path = found
        places = list_link_places(served.notes, path)
        links = [answers.build_document_link(self._client, params.text_document.uri, number, place) for number, place in enumerate(places)]
        if len(links) <= MAX_RESOLVED_LINKS:
            for link, place in zip(links, places, strict=True):
                self._add_target(link, served, place)
        return links

    def resolve_link(self, link: types.DocumentLink) -> types.DocumentLink:
        """Add the target to a link."""
        uri, number = link.data if isinstance(link.data, (list, tuple)) and len(link.data) == 2 else ("", -1)
        found = self._find(str(uri))
        if found and isinstance(number, int) and link.target is None:
            served, path = found
            places = list_link_places(served.notes, path)
            if 0 <= number < len(places):
                self._add_target(link, served, places[number])
        return link

    def _add_target(self, link: types.DocumentLink, served: ServedNotebook, place: LinkPlace) -> None:
        """Add the target: the note, with the line of a heading or block that the link names, or of the title."""
        path = place.resolved.resolution.target or ""
        has_anchor = "#" in place.resolved.link.dest
        target = locate_target(served.notes, path, place.resolved) if has_anchor else locate_title_roughly(served.notes, path)
        if target:
            line = target.span.start.line
            link.target = served.build_uri(target.path) + (f"#L{line + 1}" if line else "")
