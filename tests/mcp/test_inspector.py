"""Test that the command line of the MCP inspector, a client in TypeScript, calls every tool, error and page. Skipped where it is not installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import COMMAND, STARTER, Runner

INSPECTOR = os.environ.get("ZETTEL_INSPECTOR") or shutil.which("mcp-inspector")

pytestmark = [pytest.mark.process, pytest.mark.skipif(not INSPECTOR, reason="the MCP inspector is not installed")]

CALLS: tuple[tuple[str, dict[str, object]], ...] = (
    ("search", {"query": "trust", "limit": 3}),
    ("search", {"query": "trust", "limit": 3, "cursor": "3"}),
    ("read", {"note": "202409031610"}),
    ("read", {"note": "202409031610", "from_line": 9, "max_chars": 500}),
    ("links", {"note": "202409031610", "depth": 2}),
    ("path", {"from": "execution", "to": "value delivery", "count": 2}),
    ("gap", {"from": "strategy", "to": "execution"}),
    ("suggest", {"note": "202409031610"}),
    ("topics", {}),
    ("topics", {"name": "#strategy"}),
    ("capture", {"title": "A thought of the inspector", "body": "Of 202409031610.", "link_from": "202409031610"}),
    ("append", {"note": "202409031610", "text": "More."}),
    ("link", {"from": "202409031610", "to": "202306080720"}),
    ("edit", {"note": "202409031610", "old": "Apologising did little.", "new": "Apologising did nothing."}),
    ("rename", {"note": "202409031610", "title": "Trust grows slowly"}),
    ("undo", {}),
)
"""Calls that succeed, of every tool and of a second page, in order."""

ERRORS: tuple[tuple[str, dict[str, object]], ...] = (
    ("read", {"note": "no such note"}),
    ("search", {"query": "trust", "limit": 1000}),
    ("search", {"query": "trust", "cursor": "x"}),
    ("search", {"question": "trust"}),
    ("edit", {"note": "202409031610", "old": "nowhere", "new": "x"}),
    ("path", {"from": "execution"}),
)
"""Calls that a model can mend."""


class Inspector:
    """Starts the inspector for one request at a time, each with a server of its own."""

    def __init__(self, tmp_path: Path, mode: str = "") -> None:
        """Serve a copy of the starter notebook."""
        shutil.copytree(STARTER, tmp_path / "notes")
        self._run = Runner(tmp_path / "notes", tmp_path / "home")
        self._mode = ["--write", mode] if mode else []

    def ask(self, method: str, *words: str) -> tuple[int, str]:
        """Return the exit code and what is printed, errors included."""
        environ = [f"{name}={self._run.environ[name]}" for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "PYTHONPATH")]
        options = [word for one in environ for word in ("-e", one)]
        command = [*COMMAND, "-N", str(self._run.folder), "mcp", *self._mode]
        done = subprocess.run(
            [str(INSPECTOR), "--cli", *options, *command, "--method", method, *words],
            env={**self._run.environ, "HOME": str(self._run.folder.parent)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        return done.returncode, done.stdout + done.stderr

    def call(self, tool: str, given: dict[str, object]) -> Any:
        """Return what the inspector prints of a call."""
        words = [word for name, one in given.items() for word in ("--tool-arg", f"{name}={one}")]
        code, out = self.ask("tools/call", "--tool-name", tool, *words)
        assert 0 == code, out
        return json.loads(out)


def test_inspector_calls_every_tool(tmp_path: Path) -> None:
    """Each tool, and each second page, answers in words and in structured form, and the inspector accepts both."""
    inspector = Inspector(tmp_path, "all")
    listed = json.loads(inspector.ask("tools/list")[1])["tools"]
    assert {tool["name"] for tool in listed} == {tool for tool, _ in CALLS}
    for tool, given in CALLS[:-1]:
        answer = inspector.call(tool, given)
        assert not answer.get("isError"), (tool, given, answer)
        assert answer["content"][0]["text"]
        assert answer["structuredContent"]
    assert "no change" in str(inspector.call("undo", {}))  # each call has a server of its own, which has changed nothing


def test_inspector_shows_errors(tmp_path: Path) -> None:
    """A call that cannot be answered is an answer with words; a tool that does not exist is an error of the protocol."""
    inspector = Inspector(tmp_path, "all")
    for tool, given in ERRORS:
        answer = inspector.call(tool, given)
        assert answer["isError"], (tool, given, answer)
        assert answer["content"][0]["text"]
    code, out = Inspector(tmp_path / "other").ask("tools/call", "--tool-name", "undo")
    assert 0 != code
    assert "undo" in out


def test_inspector_reads_resources_and_prompts(tmp_path: Path) -> None:
    """Resources, templates and prompts are listed and read."""
    inspector = Inspector(tmp_path)
    assert "zettel://note/{id}" in inspector.ask("resources/templates/list")[1]
    listed = json.loads(inspector.ask("resources/list")[1])
    assert "50" == listed["nextCursor"]
    for uri in ("zettel://topics", "zettel://recent", listed["resources"][2]["uri"]):
        assert 0 == inspector.ask("resources/read", "--uri", uri)[0]
    assert 0 != inspector.ask("resources/read", "--uri", "zettel://note/000000000000")[0]
    assert 3 == len(json.loads(inspector.ask("prompts/list")[1])["prompts"])
    code, out = inspector.ask("prompts/get", "--prompt-name", "prepare", "--prompt-args", "conversation=my one-on-one on delegation")
    assert (0, True) == (code, "my one-on-one on delegation" in out)
