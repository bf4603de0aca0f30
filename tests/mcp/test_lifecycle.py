"""Test how a server begins and ends: without the SDK, without a notebook, with a client that is gone, stops reading, or sends nonsense."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import COMMAND, ROOT, STARTER, Runner
from tests.mcp.assistant import VERSION, Assistant

pytest.importorskip("mcp")

Make = Callable[[dict[str, str | bytes]], Runner]

GREETING = {"protocolVersion": VERSION, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


def build_lines(*messages: dict[str, object]) -> bytes:
    """Return messages as a client sends them."""
    return b"".join(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n" for message in messages)


def start(run: Runner, *words: str) -> subprocess.Popen[bytes]:
    """Start a server as a process."""
    return subprocess.Popen(
        [*COMMAND, *words, "mcp"],
        cwd=run.folder,
        env=run.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )


WITHOUT_SDK = """
import sys
sys.modules["mcp"] = sys.modules["mcp_types"] = None
sys.argv = ["zettel", "mcp"]
from zettel.__main__ import main
sys.exit(main())
"""


@pytest.mark.process
def test_without_the_sdk_client_and_person_are_told_what_to_install(tmp_path: Path) -> None:
    """The first request gets an error of the protocol with the exact command, and so does stderr; the exit code is 2."""
    run = Runner(STARTER, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_SDK],
        cwd=STARTER,
        env=run.environ,
        input=b"nonsense\n" + build_lines({"id": 7, "method": "initialize", "params": GREETING}),
        capture_output=True,
        check=False,
        timeout=60,
    )
    answer = json.loads(done.stdout)
    command = f"{sys.executable} -m pip install 'zettel-cli[mcp]'"
    assert (2, 7, -32603) == (done.returncode, answer["id"], answer["error"]["code"])
    assert answer["error"]["message"] == f"what serves assistants is not installed; type: {command}"
    assert command in done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.process
def test_all_that_was_asked_is_answered_before_the_end(tmp_path: Path) -> None:
    """A client that closes its side at once still gets every answer, and nothing else is on stdout."""
    asked = [
        {"id": number, "method": "tools/call", "params": {"name": "search", "arguments": {"query": "trust"}}} for number in range(2, 8)
    ]
    lines = build_lines({"id": 1, "method": "initialize", "params": GREETING}, {"method": "notifications/initialized"}, *asked)
    process = start(Runner(STARTER, tmp_path))
    out, err = process.communicate(lines, timeout=60)
    answers = [json.loads(line) for line in out.splitlines()]
    assert (0, b"", list(range(1, 8))) == (process.returncode, err, sorted(answer["id"] for answer in answers))
    assert all("14 notes match trust" in answer["result"]["content"][0]["text"] for answer in answers if answer["id"] > 1)


def test_half_a_character_is_a_question_mark(tmp_path: Path) -> None:
    """A text that was cut in an emoji is read with a question mark, and whole emojis stay; without that, nothing would be answered."""
    assistant = Assistant(Runner(STARTER, tmp_path))
    assert 'no note is called "\U0001f600?"' in assistant.read_text("read", note="\U0001f600\ud83d")
    assistant.close()


@pytest.mark.process
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_signal_ends_a_server_that_waits(number: signal.Signals, code: int, tmp_path: Path) -> None:
    """Ctrl-C and the signal to end do end a server whose client says nothing."""
    process = start(Runner(STARTER, tmp_path))
    assert process.stdin
    assert process.stdout
    process.stdin.write(build_lines({"id": 1, "method": "initialize", "params": GREETING}))
    process.stdin.flush()
    process.stdout.readline()
    time.sleep(0.5)
    process.send_signal(number)
    assert code == process.wait(20)
    assert process.stderr
    assert b"Traceback" not in process.stderr.read()
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()


@pytest.mark.process
def test_a_client_that_stops_reading_ends_the_server(tmp_path: Path) -> None:
    """A client that is gone while it is answered ends the server without a word."""
    process = start(Runner(STARTER, tmp_path))
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdin.write(build_lines({"id": 1, "method": "initialize", "params": GREETING}))
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()
    try:
        for number in range(2, 200):
            process.stdin.write(build_lines({"id": number, "method": "tools/call", "params": {"name": "topics", "arguments": {}}}))
            process.stdin.flush()
        process.stdin.close()
    except BrokenPipeError:
        pass  # it has ended before
    assert 0 == process.wait(60)
    assert b"" == process.stderr.read()
    process.stderr.close()


@pytest.mark.process
def test_without_a_notebook_every_question_says_what_to_do(tmp_path: Path) -> None:
    """Outside of a notebook the server starts, says what its command must name, and finds the notebook once there is one."""
    run = Runner(tmp_path / "nowhere", tmp_path / "home")
    run.folder.mkdir()
    process = start(run)
    assert process.stdin
    assert process.stdout
    assert process.stderr
    texts = []
    for number in (1, 2):
        search: dict[str, object] = {"name": "search", "arguments": {"query": ""}}
        greeting: dict[str, object] = {"id": 10, "method": "initialize", "params": GREETING}
        process.stdin.write(build_lines(*([greeting] if number == 1 else []), {"id": number, "method": "tools/call", "params": search}))
        process.stdin.flush()
        while (message := json.loads(process.stdout.readline()))["id"] != number:
            pass
        texts.append(message["result"]["content"][0]["text"])
        (run.folder / ".zettel").mkdir(exist_ok=True)
    assert [
        "the server has no notebook\nthe command of this server must name the folder of the notes: zettel -N FOLDER mcp",
        "there are no notes",
    ] == texts
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()
    assert 0 == process.wait(20)


@pytest.mark.process
def test_nonsense_does_not_end_the_server(tmp_path: Path) -> None:
    """Whatever lines a client sends, the next question is answered."""
    assistant = Assistant(Runner(STARTER, tmp_path), is_process=True)
    for line in (
        b"",
        b"nonsense",
        b"[]",
        b"{}",
        b"\xff\xfe\x00",
        b'{"jsonrpc":"2.0","id":{},"method":1}',
        b"[" * 100_000,
        b'"' + b"x" * 200_000 + b'"',
    ):
        assistant.send_raw(line)
    for params in ({}, {"name": 3}, {"name": "search", "arguments": []}, {"name": "search", "arguments": {"query": ["x"]}}, None):
        assistant.request("tools/call", params)
    assert 14 == assistant.call("search", query="trust")["total"]
    assert 0 == assistant.close()


def test_a_cancelled_question_is_not_begun(tmp_path: Path) -> None:
    """A question that is cancelled before its turn is never answered, and the ones after it are."""
    assistant = Assistant(Runner(STARTER, tmp_path))
    for number in range(100, 120):
        assistant.send({"id": number, "method": "tools/call", "params": {"name": "suggest", "arguments": {"note": "202302060730"}}})
    assistant.send({"method": "notifications/cancelled", "params": {"requestId": 119}})
    answers = {}
    assistant.send({"id": 200, "method": "tools/call", "params": {"name": "search", "arguments": {"query": "trust"}}})
    while 200 not in answers:
        message = assistant.read()
        answers[message["id"]] = message
    assert "result" in answers[200]
    assert "result" not in answers.get(119, {})
    assistant.close()


@pytest.mark.process
def test_the_notebook_is_one_that_was_chosen(notebook: Make, tmp_path: Path) -> None:
    """The notebook is that of -N, of the folder it is started in, or of the environment, as for every command."""
    run = notebook({"202401010101 One.md": "Words.\n"})
    elsewhere = Runner(tmp_path, tmp_path / "home")
    lines = build_lines(
        {"id": 1, "method": "initialize", "params": GREETING},
        {"id": 2, "method": "tools/call", "params": {"name": "search", "arguments": {"query": ""}}},
    )
    for words, environ in ((("-N", str(run.folder)), {}), ((), {"ZETTEL_DIR": str(run.folder)})):
        elsewhere.environ = {**elsewhere.environ, **environ}
        process = start(elsewhere, *words)
        out, _ = process.communicate(lines, timeout=60)
        assert 1 == json.loads(out.splitlines()[1])["result"]["structuredContent"]["total"]
        elsewhere.environ.pop("ZETTEL_DIR", None)


def test_only_the_server_and_protocol_types_load_the_sdk() -> None:
    """What builds the answers of tools does not need the SDK, so that the tools can be used and tested without it."""
    code = "import sys; import zettel.mcp.tools, zettel.mcp.setup, zettel.mcp.missing_sdk; print('mcp' in sys.modules, 'pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=True)
    assert "False False" == done.stdout.strip()
