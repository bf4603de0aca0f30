"""Answer what an editor draws into a document: hints between words, lenses above lines, folds and colours."""

from __future__ import annotations

from collections.abc import Callable

from lsprotocol import types

from zettel.lsp import answers
from zettel.lsp.client import Client
from zettel.lsp.served_notebooks import ServedNotebook, ServedNotebooks
from zettel.model.editor.fold import FRONT_MATTER
from zettel.model.editor.semantic_token import DANGLING, ID, KINDS, LINK, TAG, encode_tokens
from zettel.services.editor.hover import describe_link, describe_note
from zettel.services.editor.note_folds import list_folds
from zettel.services.editor.note_hints import Hint, list_hints, list_lenses
from zettel.services.editor.note_places import locate_target, locate_title_roughly
from zettel.services.editor.note_tokens import list_tokens

TOKEN_TYPES = {LINK: "class", DANGLING: "variable", TAG: "decorator", ID: "number"}
"""For each kind of token the type that stands for it, which every theme colours."""

LEGEND = types.SemanticTokensLegend(token_types=[TOKEN_TYPES[kind] for kind in KINDS], token_modifiers=["deprecated"])


class Decorations:
    """The handlers for one client. `refresh` sends it a request to ask again, by its method."""

    def __init__(self, client: Client, all_served: ServedNotebooks, refresh: Callable[[str], object]) -> None:
        self._client = client
        self._all_served = all_served
        self._refresh = refresh
        self._drawn: dict[str, object] = {}
        self._limit = client.fold_limit

    def _find_small(self, uri: str) -> tuple[ServedNotebook, str] | None:
        """Return the notebook of an open document and its path there, unless it is so large that nothing is drawn into it."""
        found = self._all_served.find(uri)
        if found:
            self._drawn[uri] = _get_version(found[0])
        return found if found and not found[0].notes.texts[found[1]].is_large else None

    # Hints

    def list_hints(self, params: types.InlayHintParams) -> list[types.InlayHint] | None:
        """Return the titles behind bare IDs in a part of a document, and how many backlinks it has."""
        found = self._find_small(params.text_document.uri)
        if not found:
            return None
        served, path = found
        kinds = served.get_setting("lsp.hints")
        first, last = answers.to_place(params.range.start), answers.to_place(params.range.end)
        hints = list_hints(served.notes, path, kinds if isinstance(kinds, tuple) else (), first, last)
        return [self._build_hint(served, params.text_document.uri, hint) for hint in hints]

    def _build_hint(self, served: ServedNotebook, uri: str, hint: Hint) -> types.InlayHint:
        part = types.InlayHintLabelPart(hint.words)
        built = types.InlayHint(types.Position(*hint.place), [part], padding_left=True)
        if "label.location" not in self._client.resolved_hint_parts and hint.link:
            target = locate_title_roughly(served.notes, hint.path)
            part.location = answers.to_location(served, target)
        if self._client.resolved_hint_parts:
            built.data = [uri, hint.path, hint.link.link.start if hint.link else -1]
        return built

    def resolve_hint(self, hint: types.InlayHint) -> types.InlayHint:
        """Add to a hint where it leads, and what is shown when somebody points at it."""
        uri, path, start = hint.data if isinstance(hint.data, (list, tuple)) and len(hint.data) == 3 else ("", "", -1)
        found = self._all_served.find(str(uri))
        if not found or not isinstance(path, str):
            return hint
        served, source = found
        link = next((one for one in served.notes.list_links(source) if one.link.start == start), None)
        link = link if link and link.resolution.target == path else None
        target = locate_target(served.notes, path, link) if start != -1 else None
        if target and isinstance(hint.label, (list, tuple)) and hint.label:
            hint.label[0].location = answers.to_location(served, target)
        note = served.notes.find_note(path)
        if note:
            lines = served.hover_lines
            text = describe_link(served.notes, link, lines) if link else describe_note(served.notes, note, lines)
            hint.tooltip = types.MarkupContent(types.MarkupKind.Markdown, text)
        return hint

    # Lenses

    def list_lenses(self, params: types.CodeLensParams) -> list[types.CodeLens] | None:
        """Return what stands above the title and headings of a document, if the setting `lsp.lens` is on."""
        found = self._find_small(params.text_document.uri)
        if not found or not found[0].get_setting("lsp.lens") or found[0].notes.notebook is None:
            return None
        lenses = list_lenses(found[0].notes, found[1])
        return [types.CodeLens(answers.to_range(lens.span), command=types.Command(lens.words, "")) for lens in lenses]

    # Folds

    def list_folds(self, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
        """Return what can be folded in a document."""
        found = self._all_served.find(params.text_document.uri)
        if not found:
            return None
        notes, path = found[0].notes, found[1]
        folds = []
        for fold in list_folds(notes, path, self._limit):
            kind = types.FoldingRangeKind.Region if fold.kind == FRONT_MATTER else None
            built = types.FoldingRange(fold.first, fold.last, kind=kind)
            if not self._client.folds_lines_only:
                document = notes.texts[path].document
                built.start_character = document.build_place(fold.first, len(document.get_line(fold.first))).character
                built.end_character = document.build_place(fold.last, len(document.get_line(fold.last))).character
            folds.append(built)
        return folds

    # Colours

    def list_tokens(self, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
        """Return the links and tags of a document for colouring."""
        return self._list_tokens(params.text_document.uri, None)

    def list_tokens_in_range(self, params: types.SemanticTokensRangeParams) -> types.SemanticTokens | None:
        """Return the links and tags of a part of a document for colouring."""
        return self._list_tokens(params.text_document.uri, params.range)

    def _list_tokens(self, uri: str, part: types.Range | None) -> types.SemanticTokens | None:
        found = self._find_small(uri)
        if not found:
            return None
        served, path = found
        document = served.notes.texts[path].document
        start = document.find_offset(answers.to_place(part.start)) if part else 0
        end = document.find_offset(answers.to_place(part.end)) if part else None
        return types.SemanticTokens(encode_tokens(document, list_tokens(served.session, served.notes, path, start, end)))

    # What changes

    def refresh_if_changed(self) -> None:
        """Have the client ask again for what it has drawn, if a notebook or setting has changed since."""
        has_changed = False
        for uri, version in list(self._drawn.items()):
            found = self._all_served.find(uri)
            if not found:
                del self._drawn[uri]
            elif version != _get_version(found[0]):
                self._drawn[uri] = _get_version(found[0])
                has_changed = True
        for method in self._client.refreshed if has_changed else ():
            self._refresh(method)


def _get_version(served: ServedNotebook) -> tuple[object, int]:
    """Return what changes when something else may be drawn into a notebook's documents."""
    return served.notes.version, served.settings_number
