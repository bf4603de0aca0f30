"""Know what the client can do: what it does not declare is not offered to it."""

from __future__ import annotations

from lsprotocol import types

from zettel.model.editor.editor_text import UTF_16

NEVER_ASKS_AGAIN = frozenset(("helix",))
"""Clients, by name, that filter a list of completions themselves even if it is marked incomplete."""


class Client:
    """What the client declared when it connected. `encoding` is the first of those that it offers, which are in our order by now."""

    def __init__(self, params: types.InitializeParams) -> None:
        self.params = params
        self.process = params.process_id
        self.name = params.client_info.name if params.client_info else ""
        capabilities = params.capabilities
        encodings = capabilities.general.position_encodings if capabilities.general else None
        self.encoding = str(getattr(encodings[0], "value", encodings[0])) if encodings else UTF_16
        self._document = capabilities.text_document or types.TextDocumentClientCapabilities()
        self._workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
        self._window = capabilities.window or types.WindowClientCapabilities()
        completion = self._document.completion or types.CompletionClientCapabilities()
        item = completion.completion_item or types.ClientCompletionItemOptions()
        defaults = completion.completion_list
        self.has_insert_replace = bool(item.insert_replace_support)
        self.has_label_details = bool(item.label_details_support)
        self.has_default_range = bool(defaults and defaults.item_defaults and "editRange" in defaults.item_defaults)
        self.completion_formats = tuple(item.documentation_format or ())
        hover = self._document.hover
        self.hover_formats = tuple(hover.content_format or ()) if hover else ()
        symbols = self._document.document_symbol
        self.has_symbol_tree = bool(symbols and symbols.hierarchical_document_symbol_support)
        self.has_definition_links = bool(self._document.definition and self._document.definition.link_support)
        self.has_declaration_links = bool(self._document.declaration and self._document.declaration.link_support)
        links = self._document.document_link
        self.has_tooltips = bool(links and links.tooltip_support)
        found = self._workspace.symbol
        self.resolves_symbols = bool(found and found.resolve_support and "location.range" in found.resolve_support.properties)
        watched = self._workspace.did_change_watched_files
        self.watches_files = bool(watched and watched.dynamic_registration)
        self.has_relative_patterns = bool(watched and watched.relative_pattern_support)
        published = self._document.publish_diagnostics
        self.knows_related_information = bool(published and published.related_information)
        self.knows_diagnostic_tags = bool(published and published.tag_support)
        self.pulls_diagnostics = self._document.diagnostic is not None
        pulled = self._workspace.diagnostics
        self.refreshes_diagnostics = bool(pulled and pulled.refresh_support)
        edits = self._workspace.workspace_edit
        self.has_document_changes = bool(edits and edits.document_changes)
        self.renames_files = self.has_document_changes and bool(edits and "rename" in (edits.resource_operations or ()))
        renames = self._document.rename
        self.prepares_renames = bool(renames and renames.prepare_support)
        self.has_folders = bool(self._workspace.workspace_folders)
        self.has_configuration = bool(self._workspace.configuration)
        self.has_progress = bool(self._window.work_done_progress)
        self.asks_again = self.name.lower() not in NEVER_ASKS_AGAIN

    def wants_markdown(self, formats: tuple[types.MarkupKind | str, ...]) -> bool:
        """Return whether the first of some formats, in the client's order, is Markdown. A client that names none gets plain text."""
        return bool(formats) and formats[0] == types.MarkupKind.Markdown
