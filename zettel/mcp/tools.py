"""The tools that a server has."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.mcp.note_tools import LINKS, READ, SUGGEST
from zettel.mcp.path_tools import GAP, PATH
from zettel.mcp.search_tools import SEARCH, TOPICS
from zettel.mcp.shared_notebook import MODES
from zettel.mcp.tool import Tool
from zettel.mcp.write_tools import TOOLS as WRITING_TOOLS

READING_TOOLS = (SEARCH, READ, LINKS, PATH, GAP, SUGGEST, TOPICS)


def list_tools(mode: str) -> Sequence[Tool]:
    """Return the tools that exist in a mode, those for reading first."""
    return [*READING_TOOLS, *(tool for tool in WRITING_TOOLS if MODES.index(tool.mode) <= MODES.index(mode))]
