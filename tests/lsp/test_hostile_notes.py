"""Test that no note, address or name can steer the editor, have it load something, or lead the server out of its notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.lsp.buffers import Buffers
from tests.lsp.conftest import Start
from zettel.model.text.inert import is_unsafe

HOSTILE = "A\x1b[31m\u202eB"
"""Words that would colour a terminal and turn what follows them round."""

FIRST, SECOND = f"202401010001 {HOSTILE}.md", "202401010002 Two.md"
NOTES = {
    FIRST: f"# {HOSTILE} one\n\nSee [[202401010002]]. #t{HOSTILE} #ok ^b{HOSTILE}\n\n## Part {HOSTILE}\n\nText.\n",
    SECOND: f"# {HOSTILE} two\n\nSee [[202401010001]] and [[202401010001#Pa]] {HOSTILE}, [[No {HOSTILE}]], [[Same]]. #ok\n\n## Own {HOSTILE}\n",
    "a/Same.md": f"# {HOSTILE} two\n",
    "b/Same.md": '---\ntitle: "x"\naliases: ["al\\u202eias"]\ntags: ["t\\u202eag"]\n---\n\nSee [[202401010001]].\n',
}
RAW = ("data", "filterText", "newText", "textEditText", "placeholder", "uri", "target")
"""What a client does not show, or writes into a note: these are the very words of a note."""


def list_shown(answer: Any, name: str = "") -> Iterator[str]:
    """Yield the words of an answer that an editor shows."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            if key not in RAW:
                yield from list_shown(value, key)
    elif isinstance(answer, list):
        for value in answer:
            yield from list_shown(value, name)
    elif isinstance(answer, str):
        yield answer


def test_what_is_shown_of_notes_controls_nothing(start: Start) -> None:
    """In no answer that is shown stands a character that controls a terminal or reverses text, wherever the note has it."""
    editor = start(NOTES, "vscode-1.82")
    for path in NOTES:
        editor.open(path)
    answers = []
    for path, text in NOTES.items():
        document = {"textDocument": {"uri": editor.uri(path)}}
        everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        whole = ("documentSymbol", "documentLink", "codeLens", "inlayHint", "diagnostic")
        answers += [editor.request(f"textDocument/{method}", {**document, "range": everything}) for method in whole]
        for line, words in enumerate(text.splitlines()):
            for character in range(0, len(words), 7):
                place = {"line": line, "character": character}
                given = {**document, "position": place, "range": {"start": place, "end": place}}
                for method in ("hover", "completion", "prepareRename", "codeAction"):
                    context = {"triggerKind": 1, "diagnostics": []}
                    answers.append(editor.request(f"textDocument/{method}", {**given, "context": context}))
    answers += [editor.request("workspace/symbol", {"query": query}) for query in ("", "two", "#ok")]
    shown = [words for answer in answers for words in list_shown(answer)]
    told = [words for message in editor.told if "method" in message for words in list_shown(message["params"])]
    assert len(shown) > 300
    assert [] == [words for words in (*shown, *told) if any(is_unsafe(char) and char != "\n" for char in words)]


def test_hover_has_no_picture_that_an_editor_would_load(start: Start) -> None:
    """A picture in a note is a link in its description, so that pointing at a link to the note loads nothing; code stays as it is."""
    body = "![a](http://example.com/a.png) ![b][c]\n\n~~~~\n![in code](x)\n```\n"
    editor = start({"A.md": f"# A\n\n{body}", "B.md": "# B\n\n[[A]]\n"}, "vscode-1.82")
    editor.open("B.md")
    shown = editor.at("hover", "B.md", 2, 3)["contents"]["value"]
    assert body.replace("![a", "\\![a").replace("![b", "\\![b") + "~~~~\n" in shown + "\n"


@pytest.mark.parametrize("path", [".zettel/templates/T.md", ".zettel/config.toml", "drafts/D.md", "linked/S.md", "link.md", "x.txt"])
def test_file_that_is_not_a_note_makes_no_notes_beside_it(start: Start, path: str) -> None:
    """A document that is hidden, ignored, not Markdown or elsewhere is served alone: no command writes where it lies."""
    editor = start({"A.md": "# A\n", ".zettel/config.toml": 'ignore = ["drafts"]\n'}, "vscode-1.82")
    outside = editor.folder.parent / "outside"
    outside.mkdir()
    (outside / "S.md").write_text("# S\n", encoding="utf-8")
    (editor.folder / "linked").symlink_to(outside)
    (editor.folder / "link.md").symlink_to(outside / "S.md")
    (editor.folder / "drafts").mkdir()
    (editor.folder / ".zettel/templates").mkdir()
    buffers = Buffers(editor)
    buffers.open(path, "# S\n\n## Part\n\nText of [[A]].\n")
    before = sorted((*editor.folder.rglob("*"), *outside.rglob("*")))
    place = {"line": 2, "character": 3}
    given = {"uri": editor.uri(path), "version": 1, "range": {"start": place, "end": place}}
    assert "in no notebook" in buffers.refuse("zettel.extract", given)
    assert [] == buffers.list_actions(path, (2, 3))
    assert before == sorted((*editor.folder.rglob("*"), *outside.rglob("*")))
    assert 1 == len([one for one in editor.told if "not a note of its notebook" in str(one)])


def test_symlink_to_a_note_is_that_note(start: Start) -> None:
    """A document that is opened by the name of a symlink is the note to which that leads."""
    editor = start({"a/A.md": "# A\n", "B.md": "# B\n\n[[A]]\n"}, "vscode-1.82")
    (editor.folder / "link.md").symlink_to(editor.folder / "a/A.md")
    editor.open("link.md", "# A\n\n## Unsaved\n")
    assert ["B.md"] == [editor.path(one["uri"]) for one in editor.at("references", "link.md", 0, 3, context={"includeDeclaration": False})]


def test_address_that_names_no_file_is_not_a_bug(start: Start) -> None:
    """Whatever stands where the address of a file is expected, the server says nothing of a bug."""
    editor = start(NOTES, "vscode-1.82")
    root = editor.uri("")
    names = ("", "%00", "x%00.md", "\ud800.md", "%ff.md", "../x.md", "%2e%2e/x.md", "x" * 5000 + ".md", "a/" * 3000, ".zettel/journal/x.md")
    others = ("", "x", "file:", "file://", "file:///", "file://[bad", "file://host/x.md", "file:x.md", "untitled:1", "zettel:1/x.md")
    answers = []
    for uri in (*(root + name for name in names), *others):
        document = {"uri": uri}
        editor.notify("textDocument/didOpen", {"textDocument": {**document, "languageId": "markdown", "version": 1, "text": "# X\n"}})
        answers.append(editor.request("textDocument/hover", {"textDocument": document, "position": {"line": 0, "character": 3}}))
        editor.notify("textDocument/didSave", {"textDocument": document})
        editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": kind} for kind in (1, 2, 3)]})
        editor.notify("workspace/didCreateFiles", {"files": [document]})
        editor.notify("workspace/didDeleteFiles", {"files": [document]})
        editor.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [{"uri": uri, "name": "x"}], "removed": []}})
        for files in ([{"oldUri": uri, "newUri": root + "x.md"}], [{"oldUri": editor.uri(SECOND), "newUri": uri}]):
            editor.notify("workspace/didRenameFiles", {"files": files})
            answers.append(editor.request("workspace/willRenameFiles", {"files": files}))
        symbol = {"name": "x", "kind": 1, "location": document, "data": "../x.md"}
        answers.append(editor.request("workspaceSymbol/resolve", symbol))
        answers.append(editor.request("workspace/executeCommand", {"command": "zettel.append", "arguments": [{"note": uri, "text": "x"}]}))
        editor.notify("textDocument/didClose", {"textDocument": document})
    assert [] == [answer for answer in answers if "bug" in str(answer.get("error"))]
