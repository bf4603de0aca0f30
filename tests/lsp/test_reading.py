"""Test that a notebook is read in another process when that takes long, and what is answered meanwhile."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.conftest import Runner
from tests.lsp.editor import Editor
from zettel.lsp import progress, served_notebooks

OWN = "202401010001 Own.md"


def make(tmp_path: Path, notes: int = 30) -> Runner:
    """Return a runner in a notebook with some notes that link to one."""
    run = Runner(tmp_path / "notes", tmp_path / "home")
    (run.folder / ".zettel").mkdir(parents=True)
    (run.folder / OWN).write_text("# Own\n\nSee [[202401020003]].\n\n## Part\n")
    for number in range(notes):
        (run.folder / f"20240102{number:04} N{number}.md").write_text(f"# N{number}\n\n202401010001 Own. {'Words of it. ' * 300}\n")
    return run


@pytest.fixture
def stalled(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have every notebook read in another process, which is held up until the file is gone that is returned."""
    monkeypatch.setattr(served_notebooks, "MAX_AT_ONCE", 5)
    monkeypatch.setattr(served_notebooks, "TASK", "tests.lsp.stalled_task")
    monkeypatch.setattr(progress, "DELAY", 0.0)
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    return Path(__file__).parent


def connect(run: Runner, held: Path, preset: str = "vscode-1.82") -> Editor:
    """Return an editor whose server's other process waits while the file `held` is there."""
    held.write_text("")
    run.environ |= {"ZETTEL_TEST_HELD": str(held), "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    editor = Editor(run)
    editor.connect(preset)
    editor.open(OWN)
    return editor


def wait_for_notes(editor: Editor) -> None:
    """Wait until the notes are read."""
    for _ in range(200):
        if editor.ask("workspace/symbol", {"query": "n3"}):
            return
        time.sleep(0.05)
    raise AssertionError


@pytest.mark.usefixtures("stalled")
def test_what_one_note_tells_is_answered_while_notes_are_read(tmp_path: Path) -> None:
    """While notes are read, an outline is there at once, completion is empty and incomplete, nothing is a problem, and a rename is refused."""
    held = tmp_path / "held"
    editor = connect(make(tmp_path), held)
    document = {"textDocument": {"uri": editor.uri(OWN)}}
    assert ["Own"] == [one["name"] for one in editor.ask("textDocument/documentSymbol", document)]
    assert 1 == len(editor.ask("textDocument/foldingRange", document))
    answer = editor.at("completion", OWN, 2, 6, context={"triggerKind": 1})
    assert {"isIncomplete": True, "items": []} == answer
    assert [] == editor.ask("textDocument/diagnostic", document)["items"]
    refused = editor.request("textDocument/rename", {**document, "position": {"line": 0, "character": 3}, "newName": "X"})["error"]
    assert (-32803, True) == (refused["code"], "still being read" in refused["message"])
    held.unlink()
    wait_for_notes(editor)
    assert "N3" in editor.at("hover", OWN, 2, 8)["contents"]["value"]
    assert 30 == len(editor.at("references", OWN, 0, 3, context={"includeDeclaration": False}))
    assert 0 == editor.disconnect()


@pytest.mark.usefixtures("stalled")
def test_what_is_typed_meanwhile_counts(tmp_path: Path) -> None:
    """A document that was changed while notes were read has its new text afterwards."""
    held = tmp_path / "held"
    editor = connect(make(tmp_path), held)
    editor.change(OWN, "[[202401020004]]", (2, 4), (2, 20))
    held.unlink()
    wait_for_notes(editor)
    assert "N4" in editor.at("hover", OWN, 2, 8)["contents"]["value"]
    assert 0 == editor.disconnect()


@pytest.mark.usefixtures("stalled")
def test_reading_has_a_bar_at_which_it_can_be_cancelled(tmp_path: Path) -> None:
    """A bar is shown while notes are read. If it is cancelled, the reading ends and a line says so; saving a note begins it again."""
    held = tmp_path / "held"
    editor = connect(make(tmp_path), held)
    while not (begun := [one for one in editor.told if one["method"] == "$/progress"]):
        editor.ask("workspace/symbol", {"query": ""})
        time.sleep(0.02)
    assert (True, "begin") == (begun[0]["params"]["value"]["cancellable"], begun[0]["params"]["value"]["kind"])
    editor.notify("window/workDoneProgress/cancel", {"token": begun[0]["params"]["token"]})
    for _ in range(100):
        editor.ask("workspace/symbol", {"query": ""})
        if shown := [one["params"]["message"] for one in editor.told if one["method"] == "window/showMessage"]:
            break
        time.sleep(0.02)
    assert ["the notes were not read, so links lead nowhere; they are read when you save a note"] == shown
    held.unlink()
    editor.notify("textDocument/didSave", {"textDocument": {"uri": editor.uri(OWN)}})
    wait_for_notes(editor)
    assert 0 == editor.disconnect()


@pytest.mark.usefixtures("stalled")
def test_process_that_is_killed_is_replaced(tmp_path: Path) -> None:
    """If the process that reads notes ends before it is done, they are read all the same."""
    held = tmp_path / "held"
    editor = connect(make(tmp_path), held)
    while not (process := held.read_text()):
        time.sleep(0.02)
    os.kill(int(process), signal.SIGKILL)
    wait_for_notes(editor)
    assert 0 == editor.disconnect()


@pytest.mark.usefixtures("stalled")
def test_server_that_ends_leaves_no_process_behind(tmp_path: Path) -> None:
    """When the server ends, the process that reads notes ends, too."""
    held = tmp_path / "held"
    editor = connect(make(tmp_path), held)
    while not (process := held.read_text()):
        time.sleep(0.02)
    assert 0 == editor.disconnect()
    with pytest.raises(ProcessLookupError):
        os.kill(int(process), 0)


def test_nothing_is_imported_from_the_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module among the notes is not run by the process that reads them."""
    monkeypatch.setattr(served_notebooks, "MAX_AT_ONCE", 5)
    run = make(tmp_path)
    for name in ("json.py", "zettel.py", "sitecustomize.py"):
        (run.folder / name).write_text("open('was-run', 'w')\n")
    monkeypatch.chdir(run.folder)
    editor = Editor(run)
    editor.connect()
    wait_for_notes(editor)
    assert 0 == editor.disconnect()
    assert not (run.folder / "was-run").exists()


def test_many_notes_that_change_at_once_are_read_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes that change outside are read in another process, too, if they are many, and are all there afterwards."""
    run = make(tmp_path)
    editor = Editor(run)
    editor.connect("vscode-1.82")
    editor.open(OWN)
    wait_for_notes(editor)
    monkeypatch.setattr(served_notebooks, "MAX_AT_ONCE", 5)
    names = []
    for number in range(20):
        names.append(f"20240103{number:04} Later {number}.md")
        (run.folder / names[-1]).write_text(f"# Later {number}\n\n202401010001 Own\n")
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri(name), "type": 1} for name in names]})
    for _ in range(200):
        if 50 == len(editor.at("references", OWN, 0, 3, context={"includeDeclaration": False})):
            break
        time.sleep(0.05)
    assert 20 == len(editor.ask("workspace/symbol", {"query": "later"}))
    assert 0 == editor.disconnect()


METHODS = ("completion", "hover", "definition", "references", "documentSymbol", "documentLink", "codeAction", "inlayHint", "codeLens")


@pytest.mark.usefixtures("stalled")
def test_every_question_has_an_answer_while_notes_are_read(tmp_path: Path) -> None:
    """No question about any place fails while notes are read; what files do meanwhile is seen afterwards."""
    held = tmp_path / "held"
    run = make(tmp_path)
    editor = connect(run, held)
    for line in range(6):
        place = {"line": line, "character": 7}
        for method in (*METHODS, "foldingRange", "semanticTokens/full", "semanticTokens/range", "diagnostic"):
            params = {"textDocument": {"uri": editor.uri(OWN)}, "position": place, "range": {"start": place, "end": place}}
            answer = editor.request(
                f"textDocument/{method}", {**params, "context": {"includeDeclaration": True, "triggerKind": 1, "diagnostics": []}}
            )
            assert "error" not in answer, (method, answer)
    (run.folder / "202401029999 N99.md").write_text("# N99\n\n202401010001 Own\n")
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri("202401029999 N99.md"), "type": 1}]})
    files = [{"oldUri": editor.uri("202401020001 N1.md"), "newUri": editor.uri("sub/202401020001 N1.md")}]
    assert None is editor.ask("workspace/willRenameFiles", {"files": files})
    held.unlink()
    wait_for_notes(editor)
    assert 31 == len(editor.at("references", OWN, 0, 3, context={"includeDeclaration": False}))
    assert 0 == editor.disconnect()


@pytest.mark.usefixtures("stalled")
def test_cancelled_reading_is_said_where_notes_are_needed(tmp_path: Path) -> None:
    """After the reading was cancelled, a rename says why it cannot be."""
    held = tmp_path / "held"
    editor = connect(make(tmp_path), held)
    editor.notify("window/workDoneProgress/cancel", {"token": "zettel-bar-1"})
    place = {"textDocument": {"uri": editor.uri(OWN)}, "position": {"line": 0, "character": 3}, "newName": "X"}
    for _ in range(200):
        if "cancelled" in (message := editor.request("textDocument/rename", place)["error"]["message"]):
            break
        time.sleep(0.02)
    assert "save a note to have them read" in message
    held.unlink()
    assert 0 == editor.disconnect()
