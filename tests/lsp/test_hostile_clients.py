"""Test that no client and no change of files can end the server or make it answer from a text that is not there."""

from __future__ import annotations

import contextlib
import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Runner
from tests.lsp.conftest import Start
from tests.lsp.editor import Editor
from tests.sampling import seed_random, shorten

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
METHODS = ("completion", "hover", "definition", "declaration", "references", "documentSymbol", "documentLink")
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


def test_random_edits_and_questions_are_answered(start: Start) -> None:
    """After any edits every question about any place has an answer that is not an error, and the server has the text that the client has."""
    rng = seed_random("lsp edits")
    editor = start(NOTES, "vscode")
    path = "202401010001 Trust.md"
    editor.open(path)
    for _ in range(shorten(20_000, 300)):
        start_place, end_place = sorted((rng.randrange(8), rng.randrange(30)) for _ in range(2))
        editor.change(path, "".join(rng.choices(PIECES, k=rng.randrange(4))), start_place, end_place)
        if rng.random() < 0.05:
            editor.change(path, "# Trust\n\n[[Plan]] " + "".join(rng.choices(PIECES, k=20)))
        method = rng.choice(METHODS)
        answer = editor.request(
            f"textDocument/{method}",
            {
                "textDocument": {"uri": editor.uri(path)},
                "position": {"line": rng.randrange(10), "character": rng.randrange(40)},
                "context": {"includeDeclaration": True, "triggerKind": 1},
            },
        )
        assert "error" not in answer, (method, answer)


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
    ]
    for number in range(shorten(20_000, 300)):
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
