"""Play the console blocks of the documents: `$ zettel ...` and what it prints, on a terminal 100 columns wide.

Run `python -m tests.transcripts.transcripts FILE...` to rewrite the blocks with what zettel prints now.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from tests.conftest import ROOT, STARTER, Runner

BLOCK = re.compile(r"```console\n(.*?)```", re.S)
TIME = re.compile(r"\b20\d{10}\b")


def list_documents() -> list[Path]:
    """Return every document that may hold console blocks."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def play(text: str, run: Runner) -> str:
    """Return a document with its console blocks as zettel prints them now. They run in order, on one notebook."""
    known = {path.name[:12] for path in STARTER.glob("*.md")}
    run("index")  # otherwise a slow machine would show a progress bar for it
    return BLOCK.sub(lambda block: f"```console\n{_play_block(block[1], run, known)}```", text)


def _play_block(block: str, run: Runner, known: set[str]) -> str:
    lines = []
    for line in block.splitlines():
        if line.startswith("$ "):
            words = shlex.split(line[2:])
            shown = run.on_terminal(*words[1:], NO_COLOR="1") if words[0] == "zettel" else None
            lines.append(line)
            lines += [] if shown is None else [text.rstrip() for text in shown.out.splitlines()]
    return TIME.sub(lambda found: found[0] if found[0] in known else "YYYYMMDDHHMM", "\n".join(lines)) + "\n"


def main() -> None:
    """Rewrite the files named on the command line with what zettel prints now."""
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(STARTER, Path(folder) / "notes")
            run = Runner(Path(folder) / "notes", Path(folder) / "home")
            path = Path(name)
            path.write_text(play(path.read_text(encoding="utf-8"), run), encoding="utf-8")


if __name__ == "__main__":
    main()
