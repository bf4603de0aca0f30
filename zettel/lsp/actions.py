"""Offer what can be done at a place of a document: edits that the client makes, and commands that make a note first."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from zettel.lsp import answers
from zettel.lsp.client import Client
from zettel.lsp.served_notebooks import ServedNotebook, ServedNotebooks
from zettel.lsp.workspace_edits import build_workspace_edit
from zettel.model.base.errors import Refused
from zettel.model.edit.changes import Changes
from zettel.model.editor.editor_text import TextSpan
from zettel.model.text.inert import escape_unsafe
from zettel.services.editor.note_actions import EXTRACT, FIX_ALL, KINDS, SUGGEST, NoteAction

APPLY, NEW, EXTRACT_COMMAND = "zettel.apply", "zettel.new", "zettel.extract"
"""The commands that actions are carried out by."""

CONTENT_MODIFIED = -32801


def build_options(client: Client) -> types.CodeActionOptions:
    """Return what is declared of actions."""
    return types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=client.resolves_actions or None)


class ActionHandlers:
    """The handlers of actions."""

    def __init__(self, client: Client, all_served: ServedNotebooks) -> None:
        self._client, self._all_served = client, all_served

    def list_actions(self, params: types.CodeActionParams) -> list[types.Command | types.CodeAction]:
        """Return what can be done where something is selected. A client that knows only commands gets these."""
        found = self._all_served.find(params.text_document.uri)
        if not found:
            return []
        served, path = found
        kinds = None if params.context.only is None else [str(getattr(kind, "value", kind)) for kind in params.context.only]
        is_asked = params.context.trigger_kind != types.CodeActionTriggerKind.Automatic
        actions = _list_numbered(served, path, params.range, kinds, is_asked=is_asked)
        return [shown for action, number in actions if (shown := self._build(params, served, path, action, number))]

    def resolve(self, action: types.CodeAction) -> types.CodeAction:
        """Add the edit to an action that was offered without it."""
        if isinstance(action.data, dict):
            served, path = self.find_document(action.data)
            action.edit = build_workspace_edit(self._client, served, self._find_again(served, path, action.data))
        return action

    def build_edit(self, data: dict[str, object]) -> types.WorkspaceEdit:
        """Return the edit of an action that was offered as a command with this argument."""
        served, path = self.find_document(data)
        return build_workspace_edit(self._client, served, self._find_again(served, path, data))

    def find_document(self, data: dict[str, object]) -> tuple[ServedNotebook, str]:
        """Return the document of an action that was offered. Raises `JsonRpcException` if its text has changed since, and `Refused`."""
        found = self._all_served.find(str(data.get("uri")))
        if not found:
            raise Refused("this document is not open", "open it, then ask again")
        served, path = found
        if data.get("version") != served.document_versions.get(path):
            raise JsonRpcException("the text has changed since; ask again", CONTENT_MODIFIED)
        return served, path

    def _find_again(self, served: ServedNotebook, path: str, data: dict[str, object]) -> Changes:
        """Return the changes of an action that was offered, planned anew."""
        span = read_range(data.get("range"))
        kind, title, number = data.get("kind"), data.get("title"), data.get("number")
        if span and isinstance(kind, str):
            for action, at in _list_numbered(served, path, span, [kind], is_asked=True):
                if (action.kind, action.title, at) == (kind, title, number) and action.plan and (changes := action.plan()):
                    return changes
        raise Refused("this cannot be done any more, because notes have changed", "ask again what can be done here")

    def _build(
        self, params: types.CodeActionParams, served: ServedNotebook, path: str, action: NoteAction, number: int
    ) -> types.Command | types.CodeAction | None:
        title, uri, version = escape_unsafe(action.title), params.text_document.uri, served.document_versions.get(path)
        command = _build_command(action, title, uri, version)
        needs_edit = action.new_note is None or action.new_note.needs_edit
        data = {
            "uri": uri,
            "version": version,
            "range": _to_plain(params.range),
            "kind": action.kind,
            "title": action.title,
            "number": number,
        }
        if not self._client.has_action_literals:
            if needs_edit and not self._client.applies_edits:
                return None
            return command or types.Command(title, APPLY, arguments=[data])
        if command and needs_edit and not self._client.applies_edits:
            return None
        shown = types.CodeAction(title, kind=action.kind, command=command)
        if action.finding:
            span, code = answers.to_range(action.finding.span), action.finding.finding.check.code
            shown.diagnostics = [one for one in params.context.diagnostics if one.code == code and one.range == span] or None
        if action.is_preferred and self._client.knows_preferred_actions:
            shown.is_preferred = True
        if action.plan and self._client.resolves_actions:
            shown.data = data
        elif action.plan:
            shown.edit = build_workspace_edit(self._client, served, action.plan())
        return shown


def _list_numbered(
    served: ServedNotebook, path: str, span: types.Range, kinds: list[str] | None, *, is_asked: bool
) -> Iterator[tuple[NoteAction, int]]:
    """Yield the actions of a place, each with its number among those of its kind that are called the same.

    `kinds` are those asked for, None for all. What takes longer is found only if a person has asked, and suggestions only if their kind is.
    """

    def wants(kind: str) -> bool:
        if kinds is None:
            return kind != SUGGEST and (is_asked or kind != FIX_ALL)
        return any(not wanted or kind == wanted or kind.startswith(f"{wanted}.") for wanted in kinds)

    if served.action_finder is None:
        return
    counts: dict[tuple[str, str], int] = {}
    for action in served.action_finder.list_actions(path, read_selection(span), wants, is_asked=is_asked):
        number = counts.setdefault((action.kind, action.title), 0)
        counts[action.kind, action.title] += 1
        yield action, number


def read_selection(span: types.Range) -> TextSpan:
    """Return what is selected. One character is none: an editor whose cursor stands on a character, not before it, sends that as selected."""
    start, end = answers.to_span(span)
    if start.line == end.line and end.character - start.character <= 1:
        return TextSpan(start, start)
    return TextSpan(start, end)


def _build_command(action: NoteAction, title: str, uri: str, version: int | None) -> types.Command | None:
    """Return the command that makes the note of an action, or None if it makes none."""
    if action.new_note:
        proposed = action.new_note
        given: dict[str, object] = {"title": proposed.title, "link": {"uri": uri, "range": _to_plain(answers.to_range(proposed.link))}}
        if proposed.id:
            given["id"] = proposed.id
        return types.Command(title, NEW, arguments=[{**given, "version": version}])
    if action.kind == EXTRACT and action.extracted:
        place = {"uri": uri, "version": version, "range": _to_plain(answers.to_range(action.extracted))}
        return types.Command(title, EXTRACT_COMMAND, arguments=[place])
    return None


def _to_plain(span: types.Range) -> dict[str, dict[str, int]]:
    return {
        "start": {"line": span.start.line, "character": span.start.character},
        "end": {"line": span.end.line, "character": span.end.character},
    }


def read_range(given: object) -> types.Range | None:
    """Return a range that a client has sent back, or None if it is not one."""
    places = [read_position(given.get(name)) for name in ("start", "end")] if isinstance(given, dict) else []
    return types.Range(places[0], places[1]) if len(places) == 2 and places[0] and places[1] else None


def read_position(given: object) -> types.Position | None:
    """Return a position that a client has sent in the arguments of a command, or None if it is not one."""
    if not isinstance(given, dict):
        return None
    line, character = given.get("line"), given.get("character")
    if type(line) is int and type(character) is int and 0 <= line < 2**31 and 0 <= character < 2**31:
        return types.Position(line, character)
    return None
