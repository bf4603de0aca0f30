"""Test the list of tools: small, the same as ever, and true to what the tools take and answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import STARTER, Runner
from tests.mcp.assistant import Assistant

pytest.importorskip("mcp")

GOLDEN = Path(__file__).parent / "tools.json"
BUDGETS = {"read": 3_600, "all": 5_600}
"""How many bytes the list of tools has at most without output schemas, by mode."""

READING = ["search", "read", "links", "path", "gap", "suggest", "topics"]


def load_tools(folder: Path, mode: str) -> list[Any]:
    """Return the tools that a server lists."""
    assistant = Assistant(Runner(STARTER, folder), mode)
    tools: list[Any] = assistant.ask("tools/list")["tools"]
    assistant.close()
    return tools


def drop_output_schemas(tools: list[Any]) -> list[Any]:
    """Return tools as a model sees them."""
    return [{key: one for key, one in tool.items() if key != "outputSchema"} for tool in tools]


def test_tools_are_those_of_the_golden_file(tmp_path: Path) -> None:
    """Names, descriptions, schemas and hints of all tools are what a reader of the diff has agreed to. This module rewrites the file."""
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == load_tools(tmp_path, "all")


@pytest.mark.parametrize("mode", BUDGETS)
def test_list_of_tools_is_within_its_budget(mode: str, tmp_path: Path) -> None:
    """The list without output schemas has at most as many bytes as it may."""
    listed = json.dumps({"tools": drop_output_schemas(load_tools(tmp_path, mode))}, ensure_ascii=False, separators=(",", ":"))
    assert len(listed.encode()) <= BUDGETS[mode]


def test_each_mode_has_its_tools(tmp_path: Path) -> None:
    """A server that reads has seven tools, one that captures two more, and one that writes four more still."""
    names = {mode: [tool["name"] for tool in load_tools(tmp_path, mode)] for mode in ("read", "capture", "all")}
    assert (READING, [*READING, "capture", "append"]) == (names["read"], names["capture"])
    assert [*names["capture"], "link", "edit", "rename", "undo"] == names["all"]


def test_descriptions_are_short_and_schemas_closed(tmp_path: Path) -> None:
    """A description has at most 220 characters, no tool takes arguments that it does not name, and all but `read` say what they answer."""
    tools = load_tools(tmp_path, "all")
    assert [] == [tool["name"] for tool in tools if len(tool["description"]) > 220]
    assert {False} == {tool["inputSchema"]["additionalProperties"] for tool in tools}
    assert ["read"] == [tool["name"] for tool in tools if "outputSchema" not in tool]


def test_hints_say_what_a_call_does(tmp_path: Path) -> None:
    """Tools for reading say that they only read, and none reaches out of the notebook."""
    tools = load_tools(tmp_path, "all")
    assert READING == [tool["name"] for tool in tools if tool["annotations"].get("readOnlyHint")]
    assert {False} == {tool["annotations"]["openWorldHint"] for tool in tools}
    adding = [tool["name"] for tool in tools if tool["annotations"].get("destructiveHint") is False]
    assert ["capture", "append", "link"] == adding


def test_instructions_are_short(tmp_path: Path) -> None:
    """What a server says of itself has fewer than 600 characters in each mode."""
    for mode in ("read", "capture", "all"):
        assistant = Assistant(Runner(STARTER, tmp_path), mode)
        assert 100 < len(assistant.greeting["instructions"]) < 600
        assistant.close()


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as home:
        GOLDEN.write_text(json.dumps(load_tools(Path(home), "all"), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
