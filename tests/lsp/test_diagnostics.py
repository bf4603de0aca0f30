"""Test what is said about problems of a note while somebody writes it."""

from __future__ import annotations

import time
from typing import Any

from tests.lsp.conftest import Start
from tests.lsp.editor import Editor, Message

NOTES = {
    "202401010001 Trust.md": "# Trust is slow\n\nText.\n",
    "a/Twin.md": "# A\n",
    "b/Twin.md": "# B\n",
    "202401010002 Own.md": "# Own\n\nSee [[nowhere]], [[Twin]], [[202401010001#Nothing]] and [[202401010002]].\n\n202401010001 Trust is quick indeed\n",
}
OWN = "202401010002 Own.md"


def wait_for_diagnostics(editor: Editor, path: str) -> Message:
    """Return what the server says next about a document, which it does by itself."""
    while True:
        message = editor.read()
        if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == editor.uri(path):
            params: Message = message["params"]
            return params


def show(found: list[Message]) -> list[tuple[str, int, int, int]]:
    """Return code, severity, line and character of diagnostics."""
    return [(one["code"], one["severity"], one["range"]["start"]["line"], one["range"]["start"]["character"]) for one in found]


def test_problems_of_a_note_are_sent_with_their_places(start: Start) -> None:
    """Each problem has its code, the severity that the check has except that a dangling link is information, and the place of the link."""
    editor = start(NOTES, "vscode")
    editor.open(OWN)
    params = wait_for_diagnostics(editor, OWN)
    assert 1 == params["version"]
    assert {
        ("dangling", 3, 2, 4),
        ("ambiguous", 2, 2, 17),
        ("no-heading", 2, 2, 27),
        ("self", 2, 2, 56),
    } <= set(show(params["diagnostics"]))
    by_code = {one["code"]: one for one in params["diagnostics"]}
    assert {"line": 2, "character": 15} == by_code["dangling"]["range"]["end"]
    assert [1] == by_code["self"]["tags"]
    assert {"a/Twin.md", "b/Twin.md"} == {editor.path(one["location"]["uri"]) for one in by_code["ambiguous"]["relatedInformation"]}
    assert {"zettel"} == {one["source"] for one in params["diagnostics"]}


def test_link_that_is_being_typed_is_not_judged(start: Start) -> None:
    """A link at the place of the last change is left alone at first, and judged after a second, or at once when the note is saved."""
    editor = start({**NOTES, "New.md": "# New\n\n"}, "vscode")
    editor.open("New.md")
    assert [] == wait_for_diagnostics(editor, "New.md")["diagnostics"]
    editor.change("New.md", "[[not yet]]", (2, 0))
    began = time.monotonic()
    assert [] == wait_for_diagnostics(editor, "New.md")["diagnostics"]
    assert [("dangling", 3, 2, 0)] == show(wait_for_diagnostics(editor, "New.md")["diagnostics"])
    assert time.monotonic() - began >= 0.9
    editor.change("New.md", " [[nor this]]", (2, 11))
    editor.notify("textDocument/didSave", {"textDocument": {"uri": editor.uri("New.md")}})
    found = show(wait_for_diagnostics(editor, "New.md")["diagnostics"])
    assert [("dangling", 3, 2, 0), ("dangling", 3, 2, 12)] == found


def test_settings_of_the_checks_hold(start: Start) -> None:
    """What `check.ignore` leaves out is not said, and a dangling link is an error if `check.errors` names it."""
    config = 'check.ignore = ["ambiguous"]\ncheck.errors = ["dangling"]\n'
    editor = start({**NOTES, ".zettel/config.toml": config}, "vscode")
    editor.open(OWN)
    found = show(wait_for_diagnostics(editor, OWN)["diagnostics"])
    assert ("dangling", 1, 2, 4) in found
    assert "ambiguous" not in [code for code, *_ in found]


def test_change_of_another_note_is_seen(start: Start) -> None:
    """A note that answers to a dangling link takes the problem back as soon as its file is named."""
    editor = start(NOTES, "vscode")
    editor.open(OWN)
    wait_for_diagnostics(editor, OWN)
    (editor.folder / "nowhere.md").write_text("# Here\n")
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri("nowhere.md"), "type": 1}]})
    assert "dangling" not in [code for code, *_ in show(wait_for_diagnostics(editor, OWN)["diagnostics"])]


def test_front_matter_that_cannot_be_read_is_shown(start: Start) -> None:
    """The line of front matter that cannot be parsed is marked, and so is a conflict that git has left."""
    editor = start(NOTES, "vscode")
    editor.open(OWN, "---\ntitle: a: b\n---\n\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n")
    found = show(wait_for_diagnostics(editor, OWN)["diagnostics"])
    assert {("front-matter", 1, 1), ("conflict-marker", 1, 4)} == {one[:3] for one in found}


def test_closed_document_has_no_problems(start: Start) -> None:
    """What was said about a document is taken back when it is closed."""
    editor = start(NOTES, "vscode")
    editor.open(OWN)
    wait_for_diagnostics(editor, OWN)
    editor.close(OWN)
    assert [] == wait_for_diagnostics(editor, OWN)["diagnostics"]


def test_client_that_asks_is_not_told_unasked(start: Start) -> None:
    """A client that pulls gets the same problems when it asks, `unchanged` if nothing has changed, and no notification."""
    editor = start(NOTES, "neovim-0.11")
    editor.open(OWN)
    document: dict[str, Any] = {"textDocument": {"uri": editor.uri(OWN)}}
    report = editor.ask("textDocument/diagnostic", document)
    assert ("full", True) == (report["kind"], ("dangling", 3, 2, 4) in show(report["items"]))
    assert "unchanged" == editor.ask("textDocument/diagnostic", {**document, "previousResultId": report["resultId"]})["kind"]
    editor.change(OWN, "x", (0, 0))
    assert "full" == editor.ask("textDocument/diagnostic", {**document, "previousResultId": report["resultId"]})["kind"]
    assert "textDocument/publishDiagnostics" not in [one["method"] for one in editor.told]
