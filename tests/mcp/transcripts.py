"""Play the calls of tools in the documents: a line `> TOOL {ARGUMENTS}` in a block of text, and what the server answers below it.

Run `python -m tests.mcp.transcripts FILE...` to rewrite the answers with what the server answers now, for the starter notebook.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

from tests.conftest import STARTER
from tests.mcp.questions import ask, serve
from zettel.mcp.shared_notebook import SharedNotebook

BLOCK = re.compile(r"```text\n(> .*?)```", re.S)

MAX_LINES, MAX_WIDTH = 30, 150
"""How many lines of an answer a document shows, and how long they are: a paragraph is one line."""


def play(text: str, served: SharedNotebook) -> str:
    """Return a document with what the server answers now. The calls are made in order, on one notebook."""
    return BLOCK.sub(lambda block: f"```text\n{_play_block(block[1], served)}```", text)


def _play_block(block: str, served: SharedNotebook) -> str:
    shown = []
    for call in (line for line in block.splitlines() if line.startswith("> ")):
        tool, _, given = call[2:].partition(" ")
        lines = ask(served, tool, json.loads(given or "{}")).text.split("\n")
        kept = [line if len(line) <= MAX_WIDTH else line[:MAX_WIDTH].rpartition(" ")[0] + " …" for line in lines[:MAX_LINES]]
        more = [f"… {len(lines) - MAX_LINES} more lines"] if len(lines) > MAX_LINES else []
        shown.append("\n".join([call, *kept, *more]))
    return "\n\n".join(shown) + "\n"


def play_file(text: str) -> str:
    """Return a document as it would be with the answers for a copy of the starter notebook."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(STARTER, Path(folder) / "notes")
        return play(text, serve(Path(folder) / "notes", Path(folder) / "home", "all"))


def main() -> None:
    """Rewrite the files named on the command line."""
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(play_file(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
