"""Test the server with the client of the SDK in each of its modes: every tool, every error, and what the schemas declare."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import COMMAND, STARTER, Runner

mcp = pytest.importorskip("mcp")

CALLS: list[tuple[str, dict[str, object]]] = [
    ("search", {"query": "trust"}),
    ("search", {"query": ""}),
    ("search", {"query": "trust", "limit": 3, "cursor": "3"}),
    ("search", {"query": "delegashun"}),
    ("search", {"query": "", "tag": "strategy", "after": "2024", "before": "2025-01-01"}),
    ("read", {"note": "202302060730"}),
    ("read", {"note": ["202302060730", "Start here"], "max_chars": 500}),
    ("read", {"note": "202302060730", "heading": "What promises cannot do"}),
    ("links", {"note": "202302060730", "depth": 2}),
    ("links", {"note": "202302060730", "direction": "in"}),
    ("path", {"from": "execution", "to": "value delivery", "count": 3}),
    ("path", {"from": "execution", "to": "202207101600", "avoid": "Start here", "via": "#strategy"}),
    ("gap", {"from": "strategy", "to": "execution", "hops": 1}),
    ("suggest", {"note": "202302060730"}),
    ("topics", {}),
    ("topics", {"name": "#strategy", "limit": 2}),
]
"""Calls that are answered."""

WRONG_CALLS: list[tuple[str, dict[str, object], str]] = [
    ("read", {"note": "trust"}, '2 notes match "trust"'),
    ("read", {"note": "no such note at all"}, "no note is called"),
    ("read", {"note": "-"}, 'no note is called "-"'),
    ("read", {"note": "@1"}, 'no note is called "@1"'),
    ("path", {"from": "@1", "to": "execution"}, '"@1" is not a topic'),
    ("read", {"note": "../LICENSE"}, "no note is called"),
    ("read", {"note": "/etc/passwd"}, "no note is called"),
    ("read", {}, "read needs note"),
    ("read", {"note": "202302060730", "heading": "nothing of the kind"}, "has no heading"),
    ("read", {"note": "202302060730", "from_line": 999}, "has 15 lines"),
    ("read", {"note": ["a"] * 6}, "note has 6 items"),
    ("search", {"query": "trust", "limit": 51}, "limit must be a number from 1 to 50, not 51"),
    ("search", {"query": "trust", "cursor": "x"}, "this cursor is not one of search"),
    ("search", {"query": "trust", "after": "whenever"}, "whenever"),
    ("search", {"words_of_mine": "x"}, 'search has no argument "words_of_mine"'),
    ("links", {"note": "Start here", "direction": "up"}, "direction must be both, out or in"),
    ("path", {"from": "execution", "to": ""}, "is not a topic"),
    ("gap", {"from": "execution", "to": "xyzzy"}, 'no note matches "xyzzy"'),
    ("topics", {"name": "#xyzzy"}, "no note has the tag"),
]
"""Calls that a model can mend, with what they are told."""

MODES = ("legacy", "auto", "2026-07-28")


def talk(run: Runner, mode: str, dialogue: Callable[[Any], Awaitable[None]], *words: str) -> None:
    """Speak with a server that runs as a process."""
    server = mcp.StdioServerParameters(
        command=COMMAND[0], args=[*COMMAND[1:], "-N", str(run.folder), "mcp", *words], env=run.environ, cwd=run.folder
    )

    async def speak() -> None:
        async with mcp.Client(server, mode=mode, read_timeout_seconds=60) as client:
            await dialogue(client)

    asyncio.run(speak())


@pytest.mark.process
@pytest.mark.parametrize("mode", MODES)
def test_every_tool_answers_in_every_mode(mode: str, tmp_path: Path) -> None:
    """In both eras of the protocol, every call has both forms, the structured one as its schema says, and every wrong one an error to mend."""
    from jsonschema import Draft202012Validator

    async def dialogue(client: Any) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        for tool in tools.values():
            Draft202012Validator.check_schema(tool.input_schema)
        for name, arguments in CALLS:
            Draft202012Validator(tools[name].input_schema).validate(arguments)
            result = await client.call_tool(name, arguments)
            assert (False, 1) == (result.is_error, len(result.content)), (name, arguments, result.content)
            if tools[name].output_schema:
                Draft202012Validator(tools[name].output_schema).validate(result.structured_content)
            assert max(len(result.content[0].text), len(json.dumps(result.structured_content, ensure_ascii=False))) <= 24_000
        for name, arguments, words in WRONG_CALLS:
            result = await client.call_tool(name, arguments)
            assert (True, None) == (result.is_error, result.structured_content)
            assert words in result.content[0].text, result.content[0].text
            assert str(tmp_path) not in result.content[0].text
            assert not re.search(r"\bzettel (list|search|tags|topics|split)\b|--\w", result.content[0].text), result.content[0].text

    talk(Runner(STARTER, tmp_path), mode, dialogue)


@pytest.mark.process
def test_a_tool_that_is_not_there_is_an_error_of_the_protocol(tmp_path: Path) -> None:
    """A server that only reads has no tool that writes, and a call of one is refused as invalid."""

    async def dialogue(client: Any) -> None:
        for name in ("capture", "edit", "rename", "undo", "xyzzy"):
            with pytest.raises(mcp.MCPError, match=f"there is no tool '{name}'; the tools are search, read,") as refused:
                await client.call_tool(name, {"title": "x", "body": "x"})
            assert -32602 == refused.value.code

    talk(Runner(STARTER, tmp_path), "auto", dialogue)


@pytest.mark.process
def test_opening_reports_progress(tmp_path: Path) -> None:
    """A first call that waits until the notes are read is told how far that is, if the client wants to know."""
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(800):
        (folder / f"2024{number:08} Note {number}.md").write_text("Words of it.\n" * 200, encoding="utf-8")
    reports: list[tuple[float, float | None, str | None]] = []

    async def note_progress(done: float, total: float | None, message: str | None) -> None:
        reports.append((done, total, message))

    async def dialogue(client: Any) -> None:
        result = await client.call_tool("search", {"query": "words"}, progress_callback=note_progress)
        assert "800 notes match words" in result.content[0].text

    talk(Runner(folder, tmp_path), "legacy", dialogue)
    assert {message for _, _, message in reports} <= {"Reading notes", "Indexing text"}
    assert "Reading notes" == reports[0][2]
    counts = [done for done, _, _ in reports]
    assert counts == sorted(set(counts))
    assert all(done <= (total or 0) <= 1600 for done, total, _ in reports)


@pytest.mark.process
def test_what_changes_is_seen(tmp_path: Path) -> None:
    """A note that another program writes is read as it is, and found by the next search within seconds."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "202401010101 One.md").write_text("Old words.\n", encoding="utf-8")

    async def dialogue(client: Any) -> None:
        assert "Old words." in (await client.call_tool("read", {"note": "202401010101"})).content[0].text
        (folder / "202401010101 One.md").write_text("Other words.\n", encoding="utf-8")
        assert "Other words." in (await client.call_tool("read", {"note": "202401010101"})).content[0].text
        (folder / "202401010102 Two.md").write_text("Xylophone.\n", encoding="utf-8")
        for _ in range(100):
            if "202401010102 Two" in (await client.call_tool("search", {"query": "xylophone"})).content[0].text:
                return
            await asyncio.sleep(0.2)
        raise AssertionError("the new note is not found")

    talk(Runner(folder, tmp_path), "auto", dialogue)


@pytest.mark.process
def test_log_has_methods_and_times_but_no_text(tmp_path: Path) -> None:
    """The log says what was asked and how long it took, can be read by its owner alone, and has no word of a question or a note."""
    log = tmp_path / "log"

    async def dialogue(client: Any) -> None:
        await client.call_tool("search", {"query": "trust"})
        await client.call_tool("read", {"note": "no such note"})

    talk(Runner(STARTER, tmp_path), "legacy", dialogue, "--log", str(log))
    text = log.read_text(encoding="utf-8")
    assert 0o600 == os.stat(log).st_mode & 0o777
    assert re.search(r"^\d\d:\d\d:\d\d tools/call search \d+\.\d ms$", text, re.MULTILINE)
    assert not re.search("trust|no such note|instalments", text, re.IGNORECASE)
