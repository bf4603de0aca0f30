"""Hold together what the server declares, what it has handlers for, and the table of methods in `docs/editors.md`."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from lsprotocol import types  # noqa: TID253 - what the server is compared with
from pygls.protocol import default_converter  # noqa: TID253

from tests.conftest import ROOT
from tests.lsp.conftest import Start
from tests.lsp.editor import PRESETS, Message
from zettel.adapters.log import Log
from zettel.lsp.server import Protocol, Server
from zettel.session import GlobalOptions, Session
from zettel.views.editor_setup import SETUPS

CAPABILITIES = {
    "textDocument/didOpen": "textDocumentSync.openClose",
    "textDocument/didClose": "textDocumentSync.openClose",
    "textDocument/didChange": "textDocumentSync.change",
    "textDocument/didSave": "textDocumentSync.save",
    "textDocument/completion": "completionProvider",
    "completionItem/resolve": "completionProvider.resolveProvider",
    "textDocument/hover": "hoverProvider",
    "textDocument/declaration": "declarationProvider",
    "textDocument/definition": "definitionProvider",
    "textDocument/references": "referencesProvider",
    "textDocument/documentSymbol": "documentSymbolProvider",
    "textDocument/documentLink": "documentLinkProvider",
    "documentLink/resolve": "documentLinkProvider.resolveProvider",
    "textDocument/rename": "renameProvider",
    "textDocument/prepareRename": "renameProvider.prepareProvider",
    "textDocument/diagnostic": "diagnosticProvider",
    "workspace/diagnostic": "diagnosticProvider.workspaceDiagnostics",
    "textDocument/codeAction": "codeActionProvider",
    "codeAction/resolve": "codeActionProvider.resolveProvider",
    "textDocument/codeLens": "codeLensProvider",
    "codeLens/resolve": "codeLensProvider.resolveProvider",
    "textDocument/inlayHint": "inlayHintProvider",
    "inlayHint/resolve": "inlayHintProvider.resolveProvider",
    "textDocument/foldingRange": "foldingRangeProvider",
    "textDocument/semanticTokens/full": "semanticTokensProvider.full",
    "textDocument/semanticTokens/full/delta": "semanticTokensProvider.full.delta",
    "textDocument/semanticTokens/range": "semanticTokensProvider.range",
    "workspace/symbol": "workspaceSymbolProvider",
    "workspaceSymbol/resolve": "workspaceSymbolProvider.resolveProvider",
    "workspace/executeCommand": "executeCommandProvider",
    "workspace/textDocumentContent": "workspace.textDocumentContent",
    "workspace/didChangeWorkspaceFolders": "workspace.workspaceFolders",
    "workspace/willRenameFiles": "workspace.fileOperations.willRename",
    "workspace/didRenameFiles": "workspace.fileOperations.didRename",
    "workspace/didCreateFiles": "workspace.fileOperations.didCreate",
    "workspace/didDeleteFiles": "workspace.fileOperations.didDelete",
}
"""The place in the server's capabilities that declares each method."""

UNDECLARED = {
    "initialize",
    "initialized",
    "shutdown",
    "exit",
    "$/cancelRequest",
    "window/workDoneProgress/cancel",
    "workspace/didChangeWatchedFiles",
    "workspace/didChangeConfiguration",
}
"""Methods that the protocol has no capability of a server for."""

MAIN_LOOP = ("initialize", "shutdown", "exit", "$/cancelRequest", "window/workDoneProgress/cancel", "workspace/diagnostic")
"""Methods that the main loop answers without a handler."""


CONTAINERS = {
    "semanticTokensProvider",
    "textDocumentSync",
    "textDocumentSync.willSave",
    "textDocumentSync.willSaveWaitUntil",
    "workspace.fileOperations",
}
"""Places of capabilities that offer nothing by themselves."""

SENT = {
    "textDocument/publishDiagnostics",
    "workspace/diagnostic/refresh",
    "workspace/inlayHint/refresh",
    "workspace/codeLens/refresh",
    "workspace/semanticTokens/refresh",
    "client/registerCapability",
    "workspace/configuration",
    "window/workDoneProgress/create",
    "$/progress",
    "window/showMessage",
    "window/showDocument",
    "workspace/applyEdit",
}
"""Methods that the server calls."""

WITHOUT_TRANSCRIPT = {"shutdown", "documentLink/resolve", "workspace/textDocumentContent"}
"""Requests without a golden file: the answer is empty, or no editor of the transcripts comes to ask."""

EXPLAINED = re.compile(r"^\| (`[^|]*`) \|", re.MULTILINE)


def is_declared(declared: Message, place: str) -> bool:
    """Return whether something is offered at a dotted place of the capabilities. `{}` offers, null and false do not."""
    found: object = declared["capabilities"]
    for name in place.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found is not None and found is not False


def list_places(item: object, above: str = "") -> list[str]:
    """Return the dotted places in capabilities whose names say that they offer a method."""
    if not isinstance(item, dict):
        return []
    found = []
    for name, inner in item.items():
        place = f"{above}{name}"
        if name.endswith("Provider") or above in ("workspace.", "workspace.fileOperations.", "textDocumentSync."):
            found.append(place)
        found += list_places(inner, f"{place}.")
    return found


def list_handled(preset: str, folder: Path) -> set[str]:
    """Return the methods that the server answers for an editor."""
    server = Server(Session(GlobalOptions(), {}, str(folder)), Log(None), io.BytesIO(), io.BytesIO())
    name, capabilities = PRESETS[preset]
    given = {"processId": None, "rootUri": None, "capabilities": capabilities, "clientInfo": {"name": name}}
    server.initialize(default_converter().structure(given, types.InitializeParams))
    methods = (getattr(member, "method_name", None) for member in vars(Protocol).values())
    own = {method for method in methods if isinstance(method, str)}
    return {*server.protocol.fm.features, *own, *MAIN_LOOP}


@pytest.mark.parametrize("preset", PRESETS)
def test_what_is_declared_has_a_handler(preset: str, start: Start, tmp_path: Path) -> None:
    """Whatever the server declares to an editor has a handler, and these tests know all of it."""
    declared = start({}, preset).declared
    handled = list_handled(preset, tmp_path)
    assert [] == [method for method, place in CAPABILITIES.items() if is_declared(declared, place) and method not in handled]
    known = {*CAPABILITIES.values(), *CONTAINERS}
    assert [] == [place for place in list_places(declared["capabilities"]) if is_declared(declared, place) and place not in known]


def test_what_has_a_handler_is_declared(start: Start, tmp_path: Path) -> None:
    """Every method that has a handler is declared to some editor, or is one that the protocol has no capability for."""
    declared = [start({}, preset).declared for preset in PRESETS]
    handled = {method for preset in PRESETS for method in list_handled(preset, tmp_path)}
    offered = {method for method, place in CAPABILITIES.items() if any(is_declared(one, place) for one in declared)}
    assert offered | UNDECLARED == handled


def test_docs_list_the_methods(tmp_path: Path) -> None:
    """The table of methods in the docs has those that are answered or sent, each once."""
    text = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    section = text.partition("### Methods\n")[2].partition("\n### ")[0]
    listed = [method for cell in EXPLAINED.findall(section) for method in re.findall(r"`([^`]+)`", cell)]
    handled = {method for preset in PRESETS for method in list_handled(preset, tmp_path)}
    assert sorted(handled | SENT) == sorted(listed)


def test_requests_have_transcripts(tmp_path: Path) -> None:
    """There is a golden file of what editors are answered for every request, and none for anything else."""
    handled = {method for preset in PRESETS for method in list_handled(preset, tmp_path)}
    requests = {method for method in handled if types.METHOD_TO_TYPES[method][1] is not None}
    files = {method: re.sub("^(textDocument|workspace)-", "", method.replace("/", "-")) for method in requests - WITHOUT_TRANSCRIPT}
    written = {re.sub("^workspace-", "", file.stem): file.stem for file in (ROOT / "tests/lsp/transcripts").iterdir()}
    assert sorted(set(files.values())) == sorted(written)


def test_methods_that_are_sent_are_all_known() -> None:
    """The source of the server names no method of a client that is not in the table above."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "zettel/lsp").glob("*.py"))
    constants = {method: name for name, method in vars(types).items() if name.isupper() and isinstance(method, str)}
    used = set()
    for method in types.METHOD_TO_TYPES:
        function = re.sub(r"([A-Z])", r"_\1", method.replace("/", "_")).lower()  # as pygls calls it
        is_named = re.search(rf"\btypes\.{constants[method]}\b|\.{re.escape(function)}\b", text)
        if is_named and types.message_direction(method) != "clientToServer":
            used.add(method)
    assert SENT == used


@pytest.mark.parametrize("name", SETUPS)
def test_docs_have_the_block_of_each_editor(name: str) -> None:
    """What `--setup` prints for an editor stands in the docs, with `zettel` as the program."""
    text = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    assert f"\n{SETUPS[name].fill_in(['zettel', 'lsp'])}```\n" in text
    assert f"`zettel lsp --setup {name}`" in text
