"""Know what the client can do: what it does not declare is not offered to it."""

from __future__ import annotations

from lsprotocol import types

from zettel.model.editor.editor_text import UTF_16

NEVER_ASKS_AGAIN = frozenset(("helix",))
"""Clients, by name, that filter a list of completions themselves even if it is marked incomplete."""

MISPLACES_CURSOR = frozenset(("helix",))
"""Clients, by name, whose cursor stands before a completion that replaces text behind it, unless it is a snippet."""

NARROWS_BY_TEXT = frozenset(("neovim",))
"""Clients, by name, that narrow a list of completions by the text that would be written, and lose titles unless they ask after every letter."""


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
        pulled = self._workspace.diagnostics
        self.pulls_diagnostics = self._document.diagnostic is not None and bool(pulled and pulled.refresh_support)
        edits = self._workspace.workspace_edit
        operations = (edits.resource_operations if edits else None) or ()
        self.has_document_changes = bool(edits and edits.document_changes) or bool(operations)  # Neovim declares only the operations
        self.renames_files = "rename" in operations
        renames = self._document.rename
        self.prepares_renames = bool(renames and renames.prepare_support)
        self.has_change_annotations = self.has_document_changes and bool(edits and edits.change_annotation_support)
        self.applies_edits = bool(self._workspace.apply_edit)
        self.reads_content = self._workspace.text_document_content is not None
        shown = self._window.show_document
        self.shows_documents = bool(shown and shown.support)
        actions = self._document.code_action or types.CodeActionClientCapabilities()
        self.has_action_literals = actions.code_action_literal_support is not None
        self.knows_preferred_actions = bool(actions.is_preferred_support)
        resolved = actions.resolve_support
        self.resolves_actions = bool(actions.data_support and resolved and "edit" in resolved.properties)
        self.has_folders = bool(self._workspace.workspace_folders)
        self.has_configuration = bool(self._workspace.configuration)
        configured = self._workspace.did_change_configuration
        self.registers_configuration = bool(configured and configured.dynamic_registration)
        self.has_progress = bool(self._window.work_done_progress)
        self._read_decorations()
        self.asks_again = self.name.lower() not in NEVER_ASKS_AGAIN
        self.misplaces_cursor = bool(item.snippet_support) and self.name.lower() in MISPLACES_CURSOR
        self.narrows_by_text = self.name.lower() in NARROWS_BY_TEXT

    def _read_decorations(self) -> None:
        """Note what the client can draw into a document, and in `refreshed` by which methods it can be made to ask for that again."""
        hints, folds, tokens = self._document.inlay_hint, self._document.folding_range, self._document.semantic_tokens
        self.has_hints = hints is not None
        self.resolved_hint_parts = tuple(hints.resolve_support.properties) if hints and hints.resolve_support else ()
        self.has_lenses = self._document.code_lens is not None
        self.has_folds = folds is not None
        self.folds_lines_only = bool(folds and folds.line_folding_only)
        self.fold_limit = folds.range_limit if folds else None
        self.has_tokens = bool(tokens and tokens.requests.full)
        self.has_token_ranges = bool(tokens and tokens.requests.range)
        drawn = (
            (types.WORKSPACE_INLAY_HINT_REFRESH, hints, self._workspace.inlay_hint),
            (types.WORKSPACE_SEMANTIC_TOKENS_REFRESH, tokens, self._workspace.semantic_tokens),
            (types.WORKSPACE_CODE_LENS_REFRESH, self._document.code_lens, self._workspace.code_lens),
        )
        self.refreshed = tuple(method for method, own, whole in drawn if own and whole and whole.refresh_support)

    def wants_markdown(self, formats: tuple[types.MarkupKind | str, ...]) -> bool:
        """Return whether the first of some formats, in the client's order, is Markdown. A client that names none gets plain text."""
        return bool(formats) and formats[0] == types.MarkupKind.Markdown
