"""Show what to paste into the config of a program so that its assistant can use a notebook. Needs nothing but the standard library."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import NamedTuple

from zettel.adapters.own_command import find_own_command
from zettel.mcp.missing_sdk import build_missing_error
from zettel.model.base.answer import Answer, Document
from zettel.session import Session

NAME = "zettel"
"""What the notebook's server is called in a config."""

HostEntry = dict[str, object]


class Host(NamedTuple):
    """A program with an assistant: where its config is, and how it names a server that it starts with a command and its arguments."""

    place: str
    key: str
    build_entry: Callable[[str, Sequence[str]], HostEntry]


def _build_plain_entry(command: str, words: Sequence[str]) -> HostEntry:
    return {"command": command, "args": [*words]}


HOSTS = {
    "claude": Host(
        "claude_desktop_config.json (Claude Desktop: Settings > Developer > Edit Config), or .mcp.json in a project (Claude Code)",
        "mcpServers",
        _build_plain_entry,
    ),
    "cursor": Host("~/.cursor/mcp.json, or .cursor/mcp.json in a project", "mcpServers", _build_plain_entry),
    "vscode": Host(
        ".vscode/mcp.json in a project, or what the command MCP: Open User Configuration opens",
        "servers",
        lambda command, words: {"type": "stdio", **_build_plain_entry(command, words)},
    ),
    "zed": Host(
        "settings.json, which the command zed: open settings opens",
        "context_servers",
        lambda command, words: {"source": "custom", **_build_plain_entry(command, words), "env": {}},
    ),
}
"""The programs that `--setup` knows, by the name that is typed."""


def build_setup(session: Session, client: str, write: str | None = None) -> Answer:
    """Return the JSON that makes a program start the server of this notebook, with absolute paths. Raises `NoNotebook`.

    `write` is what the assistant may change. Remarks say where the JSON goes, and what to install if something is missing.
    """
    host = HOSTS[client]
    program, *words = find_own_command(session.cwd)
    words += ["-N", session.find_root(), "mcp", *(["--write", write] if write else [])]
    config = {host.key: {NAME: host.build_entry(program, words)}}
    remarks = [f"add this to {host.place}, and start the program again"]
    if find_spec("mcp") is None:
        error = build_missing_error()
        remarks.append(f"{error.message}; {error.hint}")
    return Document(text=json.dumps(config, indent=2) + "\n", facts=config, remarks=tuple(remarks))
