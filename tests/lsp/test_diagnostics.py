"""Test what is said about problems of a note while somebody writes it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types  # noqa: TID253 - what is sent

from tests.conftest import Runner
from tests.lsp.conftest import Start
from tests.lsp.editor import Editor, Message
from zettel.lsp import served_notebooks
from zettel.lsp.client import Client
from zettel.lsp.diagnostics import Diagnostics
from zettel.lsp.served_notebooks import ServedNotebooks
from zettel.model.editor.editor_text import EditorText, TextPlace
from zettel.session import GlobalOptions, Session

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
    editor = start(NOTES, "vscode-1.82")
    editor.open(OWN)
    document: dict[str, Any] = {"textDocument": {"uri": editor.uri(OWN)}}
    report = editor.ask("textDocument/diagnostic", document)
    assert ("full", True) == (report["kind"], ("dangling", 3, 2, 4) in show(report["items"]))
    assert "unchanged" == editor.ask("textDocument/diagnostic", {**document, "previousResultId": report["resultId"]})["kind"]
    editor.change(OWN, "x", (0, 0))
    assert "full" == editor.ask("textDocument/diagnostic", {**document, "previousResultId": report["resultId"]})["kind"]
    assert "textDocument/publishDiagnostics" not in [one["method"] for one in editor.told]


def test_names_that_other_notes_have_are_problems(start: Start) -> None:
    """An ID or title of another note, and a copy that a sync program made, are shown at the title, with the other notes."""
    notes = {
        "202401010001 Trust.md": "# Trust\n",
        "202401010001 Plan.md": "# Plan\n",
        "Other.md": "# Trust\n",
        "Idea.md": "# Idea\n\nSome words of it.\n",
        "Idea (conflicted copy 2024-01-02).md": "# Idea\n\nSome words of it.\n",
    }
    editor = start(notes, "vscode")
    editor.open("202401010001 Trust.md")
    found = wait_for_diagnostics(editor, "202401010001 Trust.md")["diagnostics"]
    assert {("duplicate-id", 1, 0, 2), ("duplicate-title", 2, 0, 2)} == set(show(found))
    related = {one["code"]: [editor.path(other["location"]["uri"]) for other in one["relatedInformation"]] for one in found}
    assert {"duplicate-id": ["202401010001 Plan.md"], "duplicate-title": ["Other.md"]} == related
    editor.change("202401010001 Trust.md", "# Other words\n")
    assert ["duplicate-id"] == [one["code"] for one in wait_for_diagnostics(editor, "202401010001 Trust.md")["diagnostics"]]
    editor.open("Idea (conflicted copy 2024-01-02).md")
    found = wait_for_diagnostics(editor, "Idea (conflicted copy 2024-01-02).md")["diagnostics"]
    assert ["conflict-copy"] == [one["code"] for one in found]


def test_tag_that_is_nearly_another_is_marked(start: Start) -> None:
    """A tag that no other note has and that is nearly one that several have is a problem, at the tag, as soon as it is typed."""
    notes = {f"{number}.md": f"# {number}\n\n#leadership\n" for number in range(3)}
    editor = start({**notes, "Own.md": "---\ntags: [leaderships]\n---\n\n# Own\n"}, "vscode")
    editor.open("Own.md")
    assert [("twin-tag", 2, 1, 7)] == show(wait_for_diagnostics(editor, "Own.md")["diagnostics"])
    editor.change("Own.md", "# Own\n\nSome #leadershp here\n")
    (found,) = wait_for_diagnostics(editor, "Own.md")["diagnostics"]
    assert ("twin-tag", {"start": {"line": 2, "character": 5}, "end": {"line": 2, "character": 15}}) == (found["code"], found["range"])
    editor.change("Own.md", "# Own\n\nSome #leadership here\n")
    assert [] == wait_for_diagnostics(editor, "Own.md")["diagnostics"]


RULES = (
    'check.rules = ["a note tagged initiative links to one tagged metric", "a note tagged metric is linked from one tagged initiative"]\n'
)


def test_own_rules_hold_for_unsaved_text(start: Start) -> None:
    """A rule of one's own is judged by the text in the editor, and by the links and tags that other notes have now."""
    notes = {"A.md": "# A\n\n#initiative\n", "M.md": "# M\n\n#metric\n", ".zettel/config.toml": RULES}
    editor = start(notes, "vscode")
    editor.open("A.md")
    (found,) = wait_for_diagnostics(editor, "A.md")["diagnostics"]
    assert ("rule", 1, 0) == (found["code"], found["severity"], found["range"]["start"]["line"])
    editor.change("A.md", "\n[[M]]\n", (3, 0))
    assert [] == wait_for_diagnostics(editor, "A.md")["diagnostics"]
    editor.open("M.md")
    assert [] == wait_for_diagnostics(editor, "M.md")["diagnostics"]
    (editor.folder / "M.md").write_text("# M\n\n#other\n")
    editor.close("M.md")
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri("M.md"), "type": 2}]})
    assert ["rule"] == [one["code"] for one in wait_for_diagnostics(editor, "A.md")["diagnostics"]]
    editor.close("A.md")
    (editor.folder / "M.md").write_text("# M\n\n#metric\n")
    editor.open("M.md")
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri("M.md"), "type": 2}]})
    while ["rule"] != [one["code"] for one in wait_for_diagnostics(editor, "M.md")["diagnostics"]]:
        pass


@pytest.mark.process
def test_rules_are_judged_as_check_judges_them(start: Start) -> None:
    """For each note that is opened, the problems by rules are those that the command finds."""
    rules = [
        "a note tagged a links to one tagged b",
        "a note tagged b is linked from one tagged a",
        "a note tagged c has a follow-up",
        "every note tagged a is reached by b within 2 hops",
    ]
    notes = {f"{number}.md": f"# {number}\n\n#{'abc'[number % 3]} [[{(number * 5 + 1) % 12}]]\n" for number in range(12)}
    config = "check.rules = [" + ", ".join(f'"{rule}"' for rule in rules) + "]\n"
    editor = start({**notes, ".zettel/config.toml": config}, "vscode")
    run = Runner(editor.folder, editor.folder.parent / "home")
    expected = sorted((one["path"], one["message"]) for one in json.loads(run.process("check", "--only", "rule", "--json").out)["problems"])
    found = []
    for path in notes:
        editor.open(path)
        items = wait_for_diagnostics(editor, path)["diagnostics"]
        found += [(path, one["message"].partition("; ")[0]) for one in items if one["code"] == "rule"]
    assert expected == sorted(found)


def test_note_with_the_same_text_is_found_in_a_quiet_moment(start: Start) -> None:
    """A note with nearly the text of another one is a problem at its title, once nothing has been typed for a second."""
    words = " ".join(f"word{number}" for number in range(60))
    editor = start({"A.md": f"# A\n\n{words}\n", "B.md": f"# B\n\n{words} more\n"}, "vscode")
    editor.open("A.md")
    assert [] == wait_for_diagnostics(editor, "A.md")["diagnostics"]
    (found,) = wait_for_diagnostics(editor, "A.md")["diagnostics"]
    assert ("near-duplicate", {"line": 0, "character": 2}) == (found["code"], found["range"]["start"])
    assert ["B.md"] == [editor.path(one["location"]["uri"]) for one in found["relatedInformation"]]


def test_problems_of_all_notes_are_answered_when_they_are_known(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that asks for the problems of all notes gets them in slices, and is answered again only when something has changed."""
    monkeypatch.setattr(served_notebooks, "CHECK_SECONDS", 0.1)
    notes = {f"{number}.md": f"# {number}\n\n[[nowhere {number}]] and 語 [[{number}]]\n" for number in range(150)}
    editor = start(notes, "vscode-1.82")
    answer = editor.ask("workspace/diagnostic", {"previousResultIds": [], "partialResultToken": "part"})
    parts = [one["params"]["value"]["items"] for one in editor.told if one["method"] == "$/progress" and one["params"]["token"] == "part"]
    assert ([], [100, 50]) == (answer["items"], [len(part) for part in parts])
    items = {editor.path(one["uri"]): one for part in parts for one in part}
    assert [("dangling", 3, 2, 0), ("self", 2, 2, 20)] == show(items["7.md"]["items"])
    known = [{"uri": one["uri"], "value": one["resultId"]} for one in items.values()]
    editor.send({"id": "held", "method": "workspace/diagnostic", "params": {"previousResultIds": known}})
    editor.ask("workspace/symbol", {"query": ""})
    assert "held" not in [one.get("id") for one in editor.told]
    (editor.folder / "7.md").write_text("# 7\n\nText.\n")
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri("7.md"), "type": 2}]})
    report = editor.read_response("held")["result"]["items"]
    assert [("7.md", [])] == [(editor.path(one["uri"]), one["items"]) for one in report if one["kind"] == "full"]
    assert 149 == sum(one["kind"] == "unchanged" for one in report)


def test_held_request_can_be_cancelled(start: Start) -> None:
    """A request for the problems of all notes that waits is answered as cancelled when it is, and with nothing when the server shuts down."""
    editor = start({"A.md": "# A\n\n[[x]]\n"}, "vscode-1.82")
    (first,) = editor.ask("workspace/diagnostic", {"previousResultIds": []})["items"]
    known = [{"uri": first["uri"], "value": first["resultId"]}]
    for name in ("one", "two"):
        editor.send({"id": name, "method": "workspace/diagnostic", "params": {"previousResultIds": known}})
    editor.notify("$/cancelRequest", {"id": "one"})
    assert -32800 == editor.read_response("one")["error"]["code"]
    editor.send({"id": "last", "method": "shutdown"})
    assert {"items": []} == editor.read_response("two")["result"]


def test_nothing_is_judged_at_the_cursor_for_a_second(tmp_path: Path) -> None:
    """By a clock of the test: problems are due 0.15 s after the last change, a link where it was typed a second after it, and nothing else then."""
    now = 100.0
    sent: list[types.PublishDiagnosticsParams] = []
    (tmp_path / "notes" / ".zettel").mkdir(parents=True)
    session = Session(GlobalOptions(), {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}, str(tmp_path / "notes"))
    client = Client(types.InitializeParams(types.ClientCapabilities()))
    served = ServedNotebooks(session, "utf-16", None, lambda _: None, lambda _: None, lambda _: None)
    diagnostics = Diagnostics(client, served, sent.append, lambda: None, lambda: now)
    uri = (tmp_path / "notes/Own.md").as_uri()

    def type_text(text: str, end: int) -> None:
        found, path = served.find(uri) or pytest.fail()
        found.notes.open(path, EditorText(text))
        diagnostics.note_edit(uri, TextPlace(0, end))

    def send_at(when: float) -> list[list[object]]:
        nonlocal now
        now = when
        sent.clear()
        diagnostics.send_due()
        return [[one.code for one in params.diagnostics] for params in sent]

    served.open_document(uri, "", 1)
    diagnostics.note_opened(uri)
    assert [[]] == send_at(100.0)
    type_text("[[no", 4)
    assert 0.15 == round(diagnostics.measure_wait(9), 3)
    assert [] == send_at(100.1)
    type_text("[[nowhere]]", 11)
    assert [] == send_at(100.2)
    assert [[]] == send_at(100.26)
    assert [] == send_at(101.0)
    assert [["dangling"]] == send_at(101.1)
    type_text("[[nowhere]] and on", 18)
    assert [["dangling"]] == send_at(101.3)
    assert [] == send_at(109.0)
    type_text("[[nowherex]] and on", 10)
    diagnostics.note_saved(uri)
    assert [["dangling"]] == send_at(109.0)


def test_client_that_asks_is_only_told_to_when_something_differs(start: Start) -> None:
    """A client that pulls is told to ask again when a change elsewhere gives a document other problems, and not for any other change."""
    editor = start(NOTES, "vscode-1.82")
    editor.open(OWN)
    document = {"textDocument": {"uri": editor.uri(OWN)}}
    editor.ask("textDocument/diagnostic", document)
    for name in ("unrelated.md", "nowhere.md"):
        (editor.folder / name).write_text("# Here\n\nText.\n")
        editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri(name), "type": 1}]})
        time.sleep(0.6)
        editor.ask("workspace/symbol", {"query": ""})
        has_asked = "workspace/diagnostic/refresh" in [one["method"] for one in editor.told]
        assert (name == "nowhere.md") == has_asked
    assert "dangling" not in [code for code, *_ in show(editor.ask("textDocument/diagnostic", document)["items"])]


def test_file_that_is_not_utf_8_is_marked(start: Start) -> None:
    """A file in another encoding, which the editor shows as if nothing were wrong, has a problem in its first such line."""
    editor = start({}, "vscode")
    (editor.folder / "L.md").write_bytes("# L\n\ncafé\n".encode("latin-1"))
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri("L.md"), "type": 1}]})
    editor.open("L.md", "# L\n\ncafé\n")
    assert ("encoding", 1, 2, 0) in show(wait_for_diagnostics(editor, "L.md")["diagnostics"])


def test_there_are_no_problems_without_a_notebook(tmp_path: Path) -> None:
    """In a folder that is not a notebook, a request for the problems of all notes is answered with none."""
    (tmp_path / "notes").mkdir()
    editor = Editor(Runner(tmp_path / "notes", tmp_path / "home"))
    editor.connect("vscode-1.82")
    assert {"items": []} == editor.ask("workspace/diagnostic", {"previousResultIds": []})
    assert 0 == editor.disconnect()


def test_client_that_cannot_be_told_to_ask_is_told(start: Start) -> None:
    """A client that pulls, but that nobody can tell when to pull again, is told its problems unasked, so that they are never old."""
    editor = start(NOTES, "neovim-0.11")
    assert "diagnosticProvider" not in editor.declared["capabilities"]
    editor.open(OWN)
    assert ("dangling", 3, 2, 4) in show(wait_for_diagnostics(editor, OWN)["diagnostics"])
    (editor.folder / "nowhere.md").write_text("# Here\n\nText.\n")
    while "dangling" in [one["code"] for one in wait_for_diagnostics(editor, OWN)["diagnostics"]]:
        editor.at("hover", OWN, 0, 3)  # an editor that watches no files is seen to be active
