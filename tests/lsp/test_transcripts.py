"""Compare what editors are answered on the starter notebook with golden files, one a method. `python -m tests.lsp.test_transcripts` writes them."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import STARTER, Runner
from tests.lsp.editor import Editor

FOLDER = Path(__file__).parent / "transcripts"
NOTE = "202302060730 Execution is a string of kept promises.md"
EDITORS = ("vscode", "vscode-1.82", "neovim-0.11", "helix", "bare")
PLACES: dict[str, dict[str, Any]] = {
    "hover": {},
    "definition": {},
    "declaration": {},
    "references": {"context": {"includeDeclaration": True}},
}

RANGE = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
DRAWN: dict[str, tuple[dict[str, Any], ...]] = {
    "inlayHint": ({"range": RANGE},),
    "codeLens": ({},),
    "foldingRange": ({},),
    "semanticTokens-full": ({},),
    "semanticTokens-range": ({"range": {"start": {"line": 6, "character": 0}, "end": {"line": 9, "character": 0}}},),
    "diagnostic": ({},),
}
"""What an editor asks for of its own accord, whose answers are drawn into a document."""


def talk(editor: Editor, method: str) -> list[tuple[str, object]]:
    """Return (request, answer) for what an editor asks to try a method."""
    document = {"textDocument": {"uri": editor.uri(NOTE)}}
    if method == "initialize":
        return []
    editor.open(NOTE)
    if method == "completion":
        last = editor.lines(NOTE)
        found = []
        for line in ("[[trust¦]]", "#lead¦", "[[202302060730#¦", "[x](trust¦)"):
            items, typed = editor.complete(NOTE, line)
            found.append((f"{typed} at {last}:{line.index('¦')}", items[:3]))
        return found
    if method == "completionItem-resolve":
        items, _ = editor.complete(NOTE, "[[trust¦")
        return [("the first item for [[trust", editor.ask("completionItem/resolve", items[0]))]
    if method == "documentSymbol":
        return [(NOTE, editor.ask("textDocument/documentSymbol", document))]
    if method == "documentLink":
        return [(NOTE, editor.ask("textDocument/documentLink", document))]
    if method == "workspace-symbol":
        return [
            (query, editor.ask("workspace/symbol", {"query": query})[:3])
            for query in ("promises", "#leadership/people", "eleven customers")
        ]
    if method == "diagnostic":
        editor.change(NOTE, "See [[nowhere]] and [[202302060730]].\n", (editor.lines(NOTE), 0))
    if method in DRAWN:
        return [
            (f"{NOTE} {given}", editor.request(f"textDocument/{method.replace('-', '/')}", {**document, **given}))
            for given in DRAWN[method]
        ]
    if method == "inlayHint-resolve":
        whole = {**document, "range": RANGE}
        hints = editor.request("textDocument/inlayHint", whole).get("result", [])
        return [(hint["label"][0]["value"], editor.request("inlayHint/resolve", hint)) for hint in hints]
    if method == "workspace-diagnostic":
        (editor.folder / "Loose.md").write_text("# Loose\n\nSee [[nowhere]] and [[Loose]].\n")
        editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri("Loose.md"), "type": 1}]})
        return [("Loose.md", editor.request("workspace/diagnostic", {"previousResultIds": []}))]
    if method.startswith("codeAction"):
        return talk_about_actions(editor, method)
    if method == "executeCommand":
        commands = (
            ("zettel.list", {"tag": ["leadership"], "limit": 1}),
            ("zettel.search", {"query": "kept promises", "limit": 1}),
            ("zettel.new", {"titel": 1}),
        )
        return [
            (f"{name} {given}", editor.request("workspace/executeCommand", {"command": name, "arguments": [given]}))
            for name, given in commands
        ]
    if method == "workspaceSymbol-resolve":
        return [
            (f"{one['name']}", editor.request("workspaceSymbol/resolve", one))
            for one in editor.ask("workspace/symbol", {"query": "promises"})[:1]
        ]
    if method == "prepareRename":
        spots = (editor.find(NOTE, words) for words in ("title: Exec", "202301172040 Safety", "What promises", "From outside"))
        return [(f"{line}:{character}", try_at(editor, "prepareRename", line, character)) for line, character in spots]
    if method == "willRenameFiles":
        (editor.folder / "Loose.md").write_text(f"# Loose\n\nBy [path](<{NOTE}>) and by 202302060730.\n", encoding="utf-8")
        editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri("Loose.md"), "type": 1}]})
        file = {"oldUri": editor.uri(NOTE), "newUri": editor.uri(f"done/{NOTE}")}
        return [(f"{NOTE} → done/", editor.request("workspace/willRenameFiles", {"files": [file]}))]
    if method == "rename":
        place = editor.find(NOTE, "202301172040 Safety")
        return [(f"{place[0]}:{place[1]} Safety first", editor.at("rename", NOTE, *place, newName="Safety first"))]
    place = editor.find(NOTE, "From outside" if method == "references" else "202301172040 Safety")
    return [(f"{place[0]}:{place[1]}", editor.at(method, NOTE, *place, **PLACES[method]))]


def try_at(editor: Editor, method: str, line: int, character: int) -> object:
    """Return the result or the error of a question about a place."""
    answer = editor.request(
        f"textDocument/{method}", {"textDocument": {"uri": editor.uri(NOTE)}, "position": {"line": line, "character": character}}
    )
    return answer.get("result", answer.get("error"))


def talk_about_actions(editor: Editor, method: str) -> list[tuple[str, object]]:
    """Return (request, answer) for what is offered at some places, and for the edits of what is."""
    found: list[tuple[str, object]] = []
    end = editor.lines(NOTE)
    editor.change(NOTE, "See [[A map of leading peopel]].\n", (end, 0), (end, 9999))
    heading, link = editor.find(NOTE, "## "), editor.find(NOTE, "202301172040 Safety")
    for words, (line, character), only in (
        ("a slip", (end, 8), None),
        ("a heading", heading, None),
        ("a link", link, ["refactor.rewrite"]),
    ):
        place = {"line": line, "character": character}
        params = {"textDocument": {"uri": editor.uri(NOTE)}, "range": {"start": place, "end": place}, "context": {"diagnostics": []}}
        if only:
            params["context"] = {"diagnostics": [], "only": only}
        answer = editor.request("textDocument/codeAction", params)
        if method == "codeAction":
            found.append((f"{words} at {line}:{character}", answer.get("result", answer)))
        elif "result" in answer:
            found += [
                (action["title"], editor.ask("codeAction/resolve", action)["edit"]) for action in answer["result"] if "data" in action
            ]
    return found


METHODS = (
    "initialize",
    *PLACES,
    *DRAWN,
    "inlayHint-resolve",
    "workspace-diagnostic",
    "codeAction",
    "codeAction-resolve",
    "executeCommand",
    "prepareRename",
    "rename",
    "willRenameFiles",
    "completion",
    "completionItem-resolve",
    "documentSymbol",
    "documentLink",
    "workspace-symbol",
    "workspaceSymbol-resolve",
)


def write_transcript(method: str, folder: Path) -> str:
    """Return the transcript of a method: what each editor asks and is answered, an editor with the same answers only by name."""
    known: dict[str, list[str]] = {}
    for name in EDITORS:
        run = Runner(folder / name / "notes", folder / name / "home")
        shutil.copytree(STARTER, run.folder)
        (run.folder / ".zettel").mkdir(exist_ok=True)
        editor = Editor(run)
        declared = editor.connect(name)
        lines: list[str] = []
        if method == "initialize":
            lines.append(json.dumps({**declared, "serverInfo": "…"}, indent=1, ensure_ascii=False))
        for request, answer in talk(editor, method):
            lines += [f"→ {request}", "← " + json.dumps(answer, indent=1, ensure_ascii=False)]
        editor.disconnect()
        text = re.sub(r'"(modified|resultId)": "[^"]*"', r'"\1": "…"', "\n".join(lines).replace(editor.uri(""), "file:///notes"))
        known.setdefault(text, []).append(name)
    return "\n".join(f"# {', '.join(names)}\n{text}\n" for text, names in known.items())


@pytest.mark.parametrize("method", METHODS)
def test_answers_are_the_same(method: str, tmp_path: Path) -> None:
    """What editors are answered is what the golden file of the method says."""
    assert (FOLDER / f"{method}.txt").read_text(encoding="utf-8") == write_transcript(method, tmp_path)


def test_every_file_is_compared() -> None:
    """There is no golden file without a method."""
    assert sorted(METHODS) == sorted(file.stem for file in FOLDER.iterdir())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for one in METHODS:
        with tempfile.TemporaryDirectory() as temporary:
            (FOLDER / f"{one}.txt").write_text(write_transcript(one, Path(temporary)), encoding="utf-8")
