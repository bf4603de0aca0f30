"""Ask the tools of a server without a server: what a model may ask, and what the answers hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from zettel.mcp.answers import ToolAnswer, build_error_answer
from zettel.mcp.shared_notebook import SharedNotebook
from zettel.mcp.tools import list_tools
from zettel.model.base.errors import ZettelError
from zettel.session import GlobalOptions, Session

NAMING_KEYS = frozenset(
    ("id", "path", "title", "sentence", "under", "why", "heading", "text", "name", "query", "kind", "direction", "reasons")
)
"""Keys of the structured form whose texts stand in the plain text as they are."""

Question = tuple[str, dict[str, object]]


def serve(folder: Path, home: Path, mode: str = "read", **settings: str) -> SharedNotebook:
    """Return the served notebook of a folder, with a cache of its own in `home`."""
    environ = {"HOME": str(home), "XDG_CACHE_HOME": f"{home}/cache", "XDG_CONFIG_HOME": f"{home}/config", "PATH": ""}
    options = GlobalOptions(str(folder), tuple(f"{name.replace('__', '.')}={value}" for name, value in settings.items()))
    return SharedNotebook(Session(options, environ, str(folder)), mode)


def ask(served: SharedNotebook, tool: str, arguments: Mapping[str, object]) -> ToolAnswer:
    """Return the answer of a tool, be it an error or not."""
    (found,) = (one for one in list_tools(served.mode) if one.name == tool)
    try:
        return found.answer_call(served, arguments)
    except ZettelError as error:
        return build_error_answer(error)


def list_questions(names: list[str], words: list[str]) -> Iterator[Question]:
    """Yield questions about notes and topics to every tool for reading."""
    for word in ["", *words]:
        yield "search", {"query": word, "limit": 50}
    for topic in words:
        yield "topics", {"name": topic}
    yield "topics", {}
    for name in names:
        yield "read", {"note": name}
        for direction in ("both", "in", "out"):
            yield "links", {"note": name, "direction": direction, "depth": 2}
        yield "suggest", {"note": name}
    for one, other in zip([*names, *words], [*words, *names], strict=True):
        yield "path", {"from": one, "to": other, "count": 3}
        yield "gap", {"from": one, "to": other}


def list_texts(item: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield (key, text) of every text in a structured answer."""
    if isinstance(item, str):
        yield key, item
    elif isinstance(item, Mapping):
        for name, one in item.items():
            yield from list_texts(one, name)
    elif isinstance(item, list):
        for one in item:
            yield from list_texts(one, key)
