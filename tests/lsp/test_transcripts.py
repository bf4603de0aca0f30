"""Compare what editors are answered on the starter notebook with golden files, one a method. `python -m tests.lsp.test_transcripts` writes them."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import STARTER, Runner
from tests.lsp.editor import Editor

FOLDER = Path(__file__).parent / "transcripts"
NOTE = "202302060730 Execution is a string of kept promises.md"
EDITORS = ("vscode", "neovim-0.11", "helix", "bare")
PLACES: dict[str, dict[str, Any]] = {
    "hover": {},
    "definition": {},
    "declaration": {},
    "references": {"context": {"includeDeclaration": True}},
}


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
    place = editor.find(NOTE, "From outside" if method == "references" else "202301172040 Safety")
    return [(f"{place[0]}:{place[1]}", editor.at(method, NOTE, *place, **PLACES[method]))]


METHODS = ("initialize", *PLACES, "completion", "completionItem-resolve", "documentSymbol", "documentLink", "workspace-symbol")


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
        text = "\n".join(lines).replace(editor.uri(""), "file:///notes")
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
