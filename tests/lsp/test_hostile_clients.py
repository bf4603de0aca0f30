"""Test that no client and no change of files can end the server or make it answer from a text that is not there."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.test_containment import CHANGING_CALLS, STRACE, WRITING
from tests.conftest import Runner
from tests.lsp.conftest import Start
from tests.lsp.editor import Editor
from tests.sampling import seed_random, shorten
from zettel.lsp.inbox import MAX_WAITING, MAX_WAITING_BYTES, EndOfInput, Inbox
from zettel.lsp.served_notebooks import ServedNotebook, ServedNotebooks
from zettel.model.base.progress import Cancelled
from zettel.services.editor.open_notes import OpenNotes

PIECES = (
    "[[",
    "]]",
    "#",
    "^a",
    "|",
    "](",
    ")",
    "<",
    ">",
    "§",
    "2024",
    "202401010001",
    " Trust",
    "\n",
    "\r",
    "\r\n",
    "---\n",
    "```\n",
    "😀",
    "e\u0301",
    "語",
    "\ud800",
    "\x1b[31m",
    "\ufeff",
    "\u2028",
    "word ",
    "- ",
    "## H\n",
    "tags: [a",
    "\0",
)
METHODS = (
    *("completion", "hover", "definition", "declaration", "references", "documentSymbol", "documentLink", "rename", "prepareRename"),
    *("codeAction", "inlayHint", "codeLens", "foldingRange", "semanticTokens/full", "semanticTokens/range", "diagnostic"),
)
REFUSED = -32803
"""The code of an error that tells a person what cannot be done."""

CANCELLED = -32800
NOTES = {
    "202401010001 Trust.md": "# Trust\n\nSee [[202401010002]]. #tag\n",
    "202401010002 Plan.md": "---\ntitle: Plan\n---\n\n## Part\n\nOf 202401010001 Trust. ^b\n",
}


def invent_value(rng: random.Random, depth: int = 0) -> Any:
    """Return anything that JSON can hold."""
    simple = (None, True, -1, 0, 2**40, 1.5, "", "x", "file:///etc/passwd", "\ud800", "zettel-1")
    if depth > 2 or rng.random() < 0.6:
        return rng.choice(simple)
    if rng.random() < 0.5:
        return [invent_value(rng, depth + 1) for _ in range(rng.randrange(3))]
    keys = ("textDocument", "position", "uri", "line", "character", "contentChanges", "range", "text", "context", "query", "id", "jsonrpc")
    return {rng.choice(keys): invent_value(rng, depth + 1) for _ in range(rng.randrange(4))}


@pytest.mark.sampled
def test_random_edits_and_questions_are_answered(start: Start) -> None:
    """After any edits every question about any place has an answer, which only for a rename may be a refusal."""
    rng = seed_random("lsp edits")
    editor = start(NOTES, "vscode-1.82")
    path = "202401010001 Trust.md"
    editor.open(path)
    for _ in range(shorten(50_000, 300)):
        start_place, end_place = sorted((rng.randrange(8), rng.randrange(30)) for _ in range(2))
        editor.change(path, "".join(rng.choices(PIECES, k=rng.randrange(4))), start_place, end_place)
        if rng.random() < 0.05:
            editor.change(path, "# Trust\n\n[[Plan]] " + "".join(rng.choices(PIECES, k=20)))
        method = rng.choice(METHODS)
        places = [{"line": rng.randrange(10), "character": rng.randrange(40)} for _ in range(2)]
        answer = editor.request(
            f"textDocument/{method}",
            {
                "textDocument": {"uri": editor.uri(path)},
                "position": places[0],
                "range": {"start": places[0], "end": places[1]},
                "newName": "".join(rng.choices(PIECES, k=2)),
                "context": {"includeDeclaration": True, "triggerKind": 1, "diagnostics": []},
            },
        )
        may_refuse = method in ("rename", "prepareRename") and answer.get("error", {}).get("code") == REFUSED
        assert "error" not in answer or may_refuse, (method, answer)


@pytest.mark.sampled
def test_random_messages_do_not_end_the_server(start: Start) -> None:
    """Whatever a client sends, the next question is answered."""
    rng = seed_random("lsp messages")
    editor = start(NOTES)
    methods = [
        *(f"textDocument/{name}" for name in METHODS),
        "textDocument/didOpen",
        "textDocument/didChange",
        "textDocument/didClose",
        "textDocument/didSave",
    ]
    methods += [
        "workspace/symbol",
        "workspace/didChangeWatchedFiles",
        "workspace/didRenameFiles",
        "workspace/didDeleteFiles",
        "workspace/didChangeConfiguration",
        "completionItem/resolve",
        "documentLink/resolve",
        "$/cancelRequest",
        "initialized",
        "x/y",
        "codeAction/resolve",
        "inlayHint/resolve",
        "workspace/diagnostic",
        "workspace/executeCommand",
        "workspace/willRenameFiles",
        "workspace/didCreateFiles",
        "workspace/didChangeWorkspaceFolders",
        "window/workDoneProgress/cancel",
    ]
    for number in range(shorten(50_000, 300)):
        message = {"jsonrpc": "2.0", "method": rng.choice(methods), "params": invent_value(rng)}
        if rng.random() < 0.5:
            message["id"] = rng.choice((number + 1000, "a", -1))
        if rng.random() < 0.1:
            message[rng.choice(("id", "method", "params", "result", "error", "jsonrpc"))] = invent_value(rng)
        editor.send_raw(json.dumps(message).encode())
        if number % 50 == 0:  # answers that nobody reads would fill the pipe
            editor.send({"id": f"read {number}", "method": "workspace/symbol", "params": {"query": "trust"}})
            editor.read_response(f"read {number}")
    editor.send({"id": "last", "method": "workspace/symbol", "params": {"query": "202401010001"}})
    assert "Trust" == editor.read_response("last")["result"][0]["name"]


@pytest.mark.sampled
def test_files_may_change_at_any_moment(start: Start) -> None:
    """Notes that change, move and vanish outside never make an answer an error."""
    rng = seed_random("lsp files")
    editor = start(NOTES)
    path = "202401010002 Plan.md"
    editor.open(path)
    for number in range(shorten(2_000, 60)):
        other = editor.folder / f"2024010100{rng.randrange(10, 20)} N.md"
        with contextlib.suppress(OSError):
            match rng.randrange(4):
                case 0:
                    other.write_text(f"# N{number}\n\n202401010002 Plan and [[202401010002#Part]]\n")
                case 1:
                    other.unlink()
                case 2:
                    other.rename(editor.folder / f"2024010100{rng.randrange(10, 20)} N.md")
                case _:
                    (editor.folder / path).write_text("# Other\n")
        if rng.random() < 0.5:
            editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri(other.name), "type": 2}]})
        for method in ("hover", "references", "completion"):
            place = {
                "textDocument": {"uri": editor.uri(path)},
                "position": {"line": 6, "character": 8},
                "context": {"includeDeclaration": True, "triggerKind": 1},
            }
            answer = editor.request(f"textDocument/{method}", place)
            assert "error" not in answer, answer


@pytest.mark.sampled
@pytest.mark.process
def test_client_may_die_at_any_byte(tmp_path: Path) -> None:
    """A connection that breaks off in the middle of a message ends the server without a traceback."""
    run = Runner(tmp_path / "notes", tmp_path / "home")
    (run.folder / ".zettel").mkdir(parents=True)
    messages = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"id": 2, "method": "workspace/symbol", "params": {"query": ""}},
    ]
    bodies = [json.dumps({"jsonrpc": "2.0", **message}).encode() for message in messages]
    stream = b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies)
    rng = seed_random("lsp ends")
    for size in rng.sample(range(len(stream)), shorten(len(stream), 4)):
        done = run.process("lsp", stdin=stream[:size])
        assert (0, "") == (done.code, done.err), size


@pytest.mark.process
def test_client_that_does_not_read_ends_the_server_when_it_goes(tmp_path: Path) -> None:
    """A client that closes its end of stdout ends the server without a traceback."""
    run = Runner(tmp_path / "notes", tmp_path / "home")
    (run.folder / ".zettel").mkdir(parents=True)
    for number in range(300):
        (run.folder / f"2024010{number:05} A title that is long.md").write_text("# A title that is long\n")
    editor = Editor(run, is_process=True)
    editor.connect()
    editor._stdout.close()
    with contextlib.suppress(BrokenPipeError):
        for number in range(2000):
            editor.send({"id": number + 10, "method": "workspace/symbol", "params": {"query": "title"}})
    assert editor._process
    assert editor._process.stderr
    assert 0 == editor._process.wait(30)
    assert b"" == editor._process.stderr.read()
    editor.wait()


@pytest.mark.sampled
def test_requests_may_be_cancelled_at_any_moment(start: Start) -> None:
    """Each request that the client cancels is answered once, with its answer or as cancelled, and the next one with its answer."""
    rng = seed_random("lsp cancels")
    notes = {f"2024010{number:05} Note {number}.md": f"# Note {number}\n\nSee [[202401000000]].\n" for number in range(200)}
    editor = start(notes, "vscode-1.82")
    hub = "202401000000 Note 0.md"
    editor.open(hub)
    place = {"textDocument": {"uri": editor.uri(hub)}, "position": {"line": 0, "character": 4}}
    more = {"context": {"includeDeclaration": True, "triggerKind": 1}, "newName": "Hub", "query": "note"}
    for number in range(shorten(2_000, 20)):
        name = f"cancel {number}"
        method = rng.choice(("textDocument/references", "textDocument/rename", "textDocument/completion", "workspace/symbol"))
        editor.send({"id": name, "method": method, "params": {**place, **more}})
        time.sleep(rng.random() * rng.choice((0, 0.001, 0.05)))
        editor.notify("$/cancelRequest", {"id": name})
        answer = editor.read_response(name)
        assert answer.get("error", {"code": CANCELLED})["code"] == CANCELLED, answer
    assert "error" not in editor.request("textDocument/hover", place)


def test_cancellations_that_come_too_late_do_not_pile_up() -> None:
    """A client may cancel any number of requests that are answered already; one that it cancels after that is cancelled."""
    body = b'{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%d}}'
    messages = [body % number for number in range(3 * MAX_WAITING)]
    inbox = Inbox(io.BytesIO(b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(one), one) for one in messages)))
    inbox.start()
    with pytest.raises(EndOfInput):
        inbox.take(10)
    found = [number for number in range(3 * MAX_WAITING) if inbox.is_cancelled(number)]
    assert (MAX_WAITING, 3 * MAX_WAITING - 1) == (len(found), found[-1])


@pytest.mark.parametrize("name", ["close_document", "open_folder"])
def test_cancelled_work_of_a_notification_does_not_end_the_server(start: Start, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Where a notification has notes read, and the client cancels that, the server goes on."""
    editor = start(NOTES)
    path = "202401010001 Trust.md"
    editor.open(path)

    def cancel(*_: object) -> None:
        raise Cancelled

    monkeypatch.setattr(ServedNotebooks, name, cancel)
    editor.close(path)
    editor.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [{"uri": editor.uri(""), "name": "x"}], "removed": []}})
    assert "error" not in editor.request("workspace/symbol", {"query": "trust"})


def test_catalogue_that_cannot_be_replaced_does_not_end_the_server(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the catalogue fails, and so does another one, each request is refused in words, and looks at files in between go on."""
    editor = start(NOTES)

    def fail(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(ServedNotebook, "refresh_if_due", fail)
    monkeypatch.setattr(ServedNotebook, "replace_catalogue", fail)
    time.sleep(0.4)  # until the server is idle
    monkeypatch.setattr(OpenNotes, "load_names", fail)
    answer = editor.request("workspace/symbol", {"query": "trust"})
    assert (REFUSED, "the catalogue of the notes cannot be used; see zettel doctor") == tuple(answer["error"].values())[:2]


@pytest.mark.sampled
def test_many_changes_at_once_are_all_made(start: Start) -> None:
    """After ten thousand changes that came without a pause, the server has the text that the client has."""
    editor = start(NOTES)
    path = "202401010001 Trust.md"
    editor.open(path, "# Trust\n\n")
    count = shorten(100_000, 10_000)
    for number in range(count):
        editor.change(path, f"## H{number % 10}\n", (2, 0))
    symbols = editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": editor.uri(path)}})
    assert [f"H{number % 10}" for number in reversed(range(count))] == [one["name"] for one in symbols[-count:]]


@pytest.mark.process
def test_client_that_never_reads_does_not_fill_the_memory(tmp_path: Path) -> None:
    """Requests whose answers nobody reads are no longer taken in at some point, and the server ends when the client does."""
    run = Runner(tmp_path / "notes", tmp_path / "home")
    (run.folder / ".zettel").mkdir(parents=True)
    for number in range(100):
        (run.folder / f"2024010{number:05} A title that is long.md").write_text("# A title that is long\n", encoding="utf-8")
    editor = Editor(run, is_process=True)
    editor.connect()
    process = editor._process
    assert process
    assert process.stdin
    os.set_blocking(process.stdin.fileno(), False)
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "workspace/symbol", "params": {"query": "title", "rest": "x" * 2**20}}).encode()
    stream = memoryview(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    sent = at = 0
    last = time.monotonic()
    while time.monotonic() - last < 1:  # until nothing has been taken for a second
        try:
            written = os.write(process.stdin.fileno(), stream[at : at + 2**16])
        except BlockingIOError:
            time.sleep(0.01)
            continue
        sent, at, last = sent + written, (at + written) % len(stream), time.monotonic()
    assert sent < 2 * MAX_WAITING_BYTES
    for pipe in (process.stdout, process.stdin):
        assert pipe
        with contextlib.suppress(BrokenPipeError, BlockingIOError):
            pipe.close()
    assert 0 == process.wait(30)
    assert process.stderr
    assert b"" == process.stderr.read()
    process.stderr.close()


@pytest.mark.process
@pytest.mark.skipif(not STRACE, reason="there is no strace here")
def test_nothing_outside_the_notebook_is_written(tmp_path: Path) -> None:
    """While an editor tries each method, on links that lead out of the notebook too, only the cache is written, and no connection opened."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "Secret.md").write_text("# Secret\n", encoding="utf-8")
    run = Runner(tmp_path / "notes", tmp_path / "home")
    (run.folder / ".zettel").mkdir(parents=True)
    (run.folder / "linked").symlink_to(outside)
    (run.folder / "202401010001 Trust.md").write_text(
        "# Trust\n\n[out](../outside/Secret.md) [[Secret]] [[../outside/Secret]] [x](linked/Secret.md) ![[Secret]]\n", encoding="utf-8"
    )
    log = tmp_path / "calls"
    calls = ",".join(f"?{name}" for name in f"open,openat,openat2,connect,{CHANGING_CALLS}".split(","))
    editor = Editor(run, is_process=True, before=[str(STRACE), "-f", "-y", "-s", "4096", "-o", str(log), "-e", f"trace={calls}"])
    editor.connect("vscode-1.82")
    path = "202401010001 Trust.md"
    editor.open(path)
    for character in range(0, 90, 6):
        for method in METHODS:
            place = {"line": 2, "character": character}
            given = {"position": place, "range": {"start": place, "end": place}, "newName": "New", "context": {"diagnostics": []}}
            answer = editor.request(f"textDocument/{method}", {"textDocument": {"uri": editor.uri(path)}, **given})
            assert str(outside) not in json.dumps(answer), method
    assert 0 == editor.disconnect()
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if "(" in line and " = -1 " not in line]
    changing = [line for line in lines if "connect(" in line or ("open" not in line.partition("(")[0]) or WRITING.search(line)]
    ours = (str(run.folder), str(tmp_path / "home"), "/dev/", "/etilqs_")
    assert lines
    assert [] == [line for line in changing if not any(place in line for place in ours)]
    assert [] == [line for line in lines if "Secret.md" in line.rpartition(" = ")[2]]
