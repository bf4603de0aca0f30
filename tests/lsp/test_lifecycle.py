"""Test that a server starts, answers and ends as the protocol says, whatever a client sends."""

from __future__ import annotations

import os
import stat
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import Runner
from tests.lsp.conftest import Start
from tests.lsp.editor import PRESETS, Editor
from zettel.lsp import progress

NOTES = {"202401010001 Trust.md": "# Trust\n\nSee [[202401010002]].\n", "202401010002 Plan.md": "# Plan\n"}


def make(tmp_path: Path, *, is_notebook: bool = True) -> Runner:
    """Return a runner in a folder with two notes."""
    run = Runner(tmp_path / "notes", tmp_path / "home")
    run.folder.mkdir()
    if is_notebook:
        (run.folder / ".zettel").mkdir()
    for path, text in NOTES.items():
        (run.folder / path).write_text(text)
    return run


@pytest.mark.parametrize("preset", PRESETS)
def test_each_editor_gets_what_it_declares(start: Start, preset: str) -> None:
    """Every editor can connect, complete and hover, and gets utf-8 places if it offers them, else utf-16."""
    editor = start({**NOTES, "Own.md": "\n"}, preset)
    editor.open("Own.md")
    found, _ = editor.complete("Own.md", "[[tru¦")
    assert 1 == len(found)
    editor.open("202401010001 Trust.md")
    assert editor.at("hover", "202401010001 Trust.md", 2, 8)


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (["utf-16"], "utf-16"),
        (["utf-32", "utf-16"], "utf-16"),
        (["utf-16", "utf-32", "utf-8"], "utf-8"),
        (["utf-32"], "utf-32"),
        (["utf-7"], "utf-16"),
        (None, "utf-16"),
    ],
)
def test_position_encoding_is_the_best_that_is_offered(tmp_path: Path, offered: list[str] | None, expected: str) -> None:
    """utf-8 is chosen if the client offers it, else utf-16, else utf-32."""
    editor = Editor(make(tmp_path))
    found = editor.connect(capabilities={"general": {"positionEncodings": offered}} if offered else {})
    assert expected == found["capabilities"]["positionEncoding"]
    assert 0 == editor.disconnect()


def test_nothing_is_declared_to_a_client_that_declares_nothing_of_folders(tmp_path: Path) -> None:
    """Folders and file operations are offered only to a client that knows them."""
    editor = Editor(make(tmp_path))
    found = editor.connect("bare")["capabilities"]
    assert "workspace" not in found
    assert 0 == editor.disconnect()


def test_request_before_initialize_is_refused(tmp_path: Path) -> None:
    """Before the server is initialized, a request is an error and a notification nothing."""
    editor = Editor(make(tmp_path))
    editor.notify("textDocument/didOpen", {})
    assert -32002 == editor.request("textDocument/hover", {})["error"]["code"]
    editor.connect()
    assert -32600 == editor.request("initialize", {"processId": None, "capabilities": {}, "rootUri": None})["error"]["code"]
    assert 0 == editor.disconnect()


def test_request_after_shutdown_is_refused(tmp_path: Path) -> None:
    """After `shutdown` only `exit` is left."""
    editor = Editor(make(tmp_path))
    editor.connect()
    editor.ask("shutdown")
    assert -32600 == editor.request("workspace/symbol", {"query": ""})["error"]["code"]
    editor.notify("exit")
    assert 0 == editor.wait()


def test_exit_without_shutdown_is_a_failure(tmp_path: Path) -> None:
    """`exit` without `shutdown` ends the server with exit code 1."""
    editor = Editor(make(tmp_path))
    editor.connect()
    editor.notify("exit")
    assert 1 == editor.wait()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"jsonrpc":"2.0","id":1}', b'{"id":{},"method":[]}']
)
def test_what_is_not_a_message_does_not_end_the_server(start: Start, body: bytes) -> None:
    """Whatever bytes a client sends as a message, the next request is answered."""
    editor = start(NOTES)
    editor.send_raw(body)
    assert 2 == len(editor.ask("workspace/symbol", {"query": ""}))


@pytest.mark.parametrize(
    "params",
    [
        None,
        [],
        {},
        {"textDocument": 1},
        {"textDocument": {"uri": 5}},
        {"textDocument": {"uri": "x:y"}, "position": {"line": -1, "character": "a"}},
    ],
)
def test_wrong_parameters_are_an_error(start: Start, params: object) -> None:
    """A request with parameters that do not fit is answered with an error, and the server goes on."""
    editor = start(NOTES)
    assert "error" in editor.request("textDocument/hover", params)
    editor.notify("textDocument/didChange", params)
    editor.notify("textDocument/didOpen", params)
    assert 2 == len(editor.ask("workspace/symbol", {"query": ""}))


def test_cancelled_request_is_answered_as_cancelled(start: Start) -> None:
    """A request that is cancelled before its turn comes is answered with the code for that."""
    editor = start(NOTES)
    editor.notify("$/cancelRequest", {"id": 77})
    editor.ask("workspace/symbol", {"query": ""})
    editor.send({"id": 77, "method": "workspace/symbol", "params": {"query": ""}})
    assert -32800 == editor.read_response(77)["error"]["code"]


def test_overtaken_completion_is_empty(start: Start) -> None:
    """A completion that a later one of the same document follows at once gets an empty list that is marked incomplete."""
    editor = start({**NOTES, "Own.md": "[["})
    editor.open("Own.md")
    place = {"textDocument": {"uri": editor.uri("Own.md")}, "position": {"line": 0, "character": 2}}
    for number in range(100, 130):
        editor.send({"id": number, "method": "textDocument/completion", "params": place})
    found = [editor.read_response(number)["result"] for number in range(100, 130)]
    assert 2 == len(found[-1]["items"])
    assert all(one["items"] or one["isIncomplete"] for one in found)


def test_folder_without_a_notebook_is_not_read(tmp_path: Path) -> None:
    """In a folder that is not a notebook, outline and links within the note work, one line says how to make it one, and nothing is scanned."""
    run = make(tmp_path, is_notebook=False)
    editor = Editor(run)
    editor.connect("vscode")
    editor.open("202401010001 Trust.md", "# Trust\n\nSee [[202401010002]] and [[#Part]].\n\n## Part\n")
    assert None is editor.at("definition", "202401010001 Trust.md", 2, 8)
    (found,) = editor.at("definition", "202401010001 Trust.md", 2, 28)
    assert 4 == found["targetRange"]["start"]["line"]
    assert [] == editor.ask("workspace/symbol", {"query": ""})
    told = [one["params"]["message"] for one in editor.told if one["method"] == "window/showMessage"]
    assert 1 == len(told)
    assert "zettel init" in told[0]
    assert 0 == editor.disconnect()
    assert not (run.folder.parent / "home" / "cache").exists()


def test_notebook_can_be_named(tmp_path: Path) -> None:
    """A notebook is also entered if the client names it, or `$ZETTEL_DIR` does and the document lies in it."""
    run = make(tmp_path, is_notebook=False)
    for way in ("options", "variable"):
        run.environ.pop("ZETTEL_DIR", None)
        if way == "variable":
            run.environ["ZETTEL_DIR"] = str(run.folder)
        editor = Editor(run)
        editor.connect(initializationOptions={"notebook": str(run.folder)} if way == "options" else None)
        editor.open("202401010001 Trust.md")
        assert 1 == len(editor.at("definition", "202401010001 Trust.md", 2, 8)), way
        assert 0 == editor.disconnect()


def test_document_without_a_file_is_served(start: Start) -> None:
    """A document that has no file has an outline and completes tags of its own; links lead nowhere."""
    editor = start(NOTES)
    document = {"uri": "untitled:Untitled-1", "languageId": "markdown", "version": 1, "text": "# A\n\n## B\n[["}
    editor.notify("textDocument/didOpen", {"textDocument": document})
    found = editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": "untitled:Untitled-1"}})
    assert ["A", "A", "B"] == [one["name"] for one in found]
    place = {"textDocument": {"uri": "untitled:Untitled-1"}, "position": {"line": 3, "character": 2}}
    assert None is editor.ask("textDocument/completion", place)


def test_symlinked_folder_keeps_the_names_of_the_client(tmp_path: Path) -> None:
    """Places are named as the client names its folder, even if that is a symlink."""
    run = make(tmp_path)
    (tmp_path / "link").symlink_to(run.folder)
    run.folder = tmp_path / "link"
    editor = Editor(run)
    editor.connect()
    editor.open("202401010001 Trust.md")
    (found,) = editor.at("definition", "202401010001 Trust.md", 2, 8)
    assert editor.uri("202401010002 Plan.md") == found["uri"]
    assert 0 == editor.disconnect()


def test_files_are_watched_where_the_client_can(start: Start) -> None:
    """A client that registers watchers is asked to watch notes and the config; one that does not is not."""
    for preset, expected in (("helix", True), ("bare", False)):
        editor = start(NOTES, preset)
        editor.ask("workspace/symbol", {"query": ""})
        assert expected == any(one["method"] == "client/registerCapability" for one in editor.told)


def test_config_is_read_again_when_it_changes(start: Start) -> None:
    """A config that the client has seen change counts from then on, for open notes, too."""
    editor = start(NOTES)
    editor.open("202401010001 Trust.md")
    (editor.folder / ".zettel" / "config.toml").write_text("lsp.hover-lines = 0\n")
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri(".zettel/config.toml"), "type": 2}]})
    assert "See" not in editor.at("hover", "202401010001 Trust.md", 0, 4)["contents"]["value"]


def test_wrong_setting_is_shown_and_left_out(start: Start) -> None:
    """A wrong setting of the client gives one message, and the server goes on."""
    editor = start(NOTES)
    editor.notify("workspace/didChangeConfiguration", {"settings": {"zettel": {"search": {"limit": "many"}}}})
    editor.ask("workspace/symbol", {"query": ""})
    assert ["search.limit must be a whole number" in one["params"]["message"] for one in editor.told] == [True]


def test_settings_of_the_client_count(start: Start) -> None:
    """A setting of the client changes what is shown and completed from then on."""
    editor = start({**NOTES, "Own.md": "\n"})
    editor.notify("workspace/didChangeConfiguration", {"settings": {"zettel": {"lsp": {"complete": "words"}, "lsp.hover-lines": 0}}})
    editor.open("Own.md")
    assert ["Plan"] == [item["label"] for item in editor.complete("Own.md", "a pla¦")[0]]
    editor.open("202401010001 Trust.md")
    assert "See" not in editor.at("hover", "202401010001 Trust.md", 0, 4)["contents"]["value"]


def test_long_work_is_shown_as_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first catalogue of a notebook has a bar: its token is made first, then it begins, is filled and ends."""
    monkeypatch.setattr(progress, "DELAY", 0.0)
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    run = make(tmp_path)
    for number in range(300):
        (run.folder / f"2024010200{number:04} N.md").write_text(f"# N{number}\n\n{'Words of it. ' * 300}\n")
    editor = Editor(run)
    editor.connect("vscode")
    editor.ask("workspace/symbol", {"query": "n1"})
    told = [one for one in editor.told if one["method"] in ("window/workDoneProgress/create", "$/progress")]
    kinds = ["create" if "id" in one else one["params"]["value"]["kind"] for one in told]
    assert ["create", "begin"] == kinds[:2]
    assert {"report"} == set(kinds[2:-1])
    assert "end" == kinds[-1]
    assert 1 == len({one["params"]["token"] for one in told})
    assert 0 == editor.disconnect()


def test_change_outside_is_seen_without_a_word(start: Start) -> None:
    """Where the client watches no files, a note that is written outside is found a few seconds later."""
    editor = start(NOTES)
    (editor.folder / "New.md").write_text("# Quartz\n")
    for _ in range(50):
        time.sleep(0.25)
        if [one["name"] for one in editor.ask("workspace/symbol", {"query": "quartz"})]:
            break
        time.sleep(0.25)
    assert ["Quartz"] == [one["name"] for one in editor.ask("workspace/symbol", {"query": "quartz"})]


@pytest.mark.process
def test_stdout_is_the_protocols_alone(tmp_path: Path) -> None:
    """In a process of its own, every byte on stdout belongs to a message, and the log holds methods and times, and no text, for its owner only."""
    run = make(tmp_path)
    log = tmp_path / "log"
    editor = Editor(run, "--log", str(log), "--stdio", is_process=True)
    editor.connect()
    editor.open("202401010001 Trust.md")
    assert editor.at("hover", "202401010001 Trust.md", 2, 8)
    editor.request("textDocument/hover", {"textDocument": "Trust"})
    assert 0 == editor.disconnect()
    text = log.read_text()
    assert "textDocument/hover" in text
    assert "Trust" not in text
    assert 0o600 == stat.S_IMODE(log.stat().st_mode)


@pytest.mark.process
def test_end_of_input_ends_the_server(tmp_path: Path) -> None:
    """Without an editor, the server ends at once, and prints nothing."""
    done = make(tmp_path).process("lsp")
    assert (0, "", "") == done


@pytest.mark.process
def test_client_that_is_gone_ends_the_server(tmp_path: Path) -> None:
    """The server ends when the process of its client does, even if somebody holds its stdin open."""
    client = subprocess.Popen(["sleep", "60"])
    editor = Editor(make(tmp_path), is_process=True)
    editor.connect(processId=client.pid)
    client.kill()
    client.wait()
    assert editor._process
    assert 0 == editor._process.wait(20)
    editor.wait()


@pytest.mark.process
def test_log_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """A log in a folder that does not exist is an error that names the option."""
    done = make(tmp_path).process("lsp", "--log", os.path.join("nowhere", "log"))
    assert (6, "") == done[:2]
    assert "--log FILE" in done.err


def test_settings_are_asked_for_when_they_change(start: Start) -> None:
    """A client that can be asked for its settings is told to say when they change, and asked again when it does, whatever it sends along."""
    editor = start({**NOTES, "Own.md": "\n"}, "vscode-1.82")
    editor.replies["workspace/configuration"] = lambda _: [{"lsp": {"complete": "words"}}]
    editor.notify("workspace/didChangeConfiguration", {"settings": None})
    editor.ask("workspace/symbol", {"query": ""})
    editor.open("Own.md")
    assert ["Plan"] == [item["label"] for item in editor.complete("Own.md", "a pla¦")[0]]
    asked = [one["params"] for one in editor.told if one["method"] == "client/registerCapability"]
    assert {"section": "zettel"} in [one["registrations"][0]["registerOptions"] for one in asked]


def test_folder_that_is_closed_takes_its_notes_along(start: Start) -> None:
    """The notes of a folder are found until the client closes it, and beyond that while a document in it is open."""
    editor = start({**NOTES, "Own.md": "\n"}, "vscode-1.82")
    closing = {"event": {"added": [], "removed": [{"uri": editor.uri("").rstrip("/"), "name": "notes"}]}}
    opening = {"event": {"added": closing["event"]["removed"], "removed": []}}

    def count_found() -> int:
        return len(editor.ask("workspace/symbol", {"query": "trust"}))

    editor.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [{"uri": editor.uri(""), "name": "notes"}]}})
    assert 0 == count_found()
    editor.notify("workspace/didChangeWorkspaceFolders", opening)
    editor.open("Own.md")
    editor.notify("workspace/didChangeWorkspaceFolders", closing)
    assert 1 == count_found()
