"""Bait: notes made to be slow. Whatever is read or done, time grows with the size of a note and no faster, and no note is left out silently."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import resource
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.attacks.baits import ID, OTHER, TITLE, note

NAME = f"{ID} {TITLE}.md"
BESIDE = {
    f"{OTHER} Trust.md": f"# Trust\n\nIt needs {ID} {TITLE}, and time. #tag\n\n## Last\n\nTrust is a word.\n",
    "202401010104 Third.md": f"# Third\n\nOf words and text: [[{OTHER}]], and [[{ID}|the bait]] of [it](<{NAME}>). #tag/more\n",
    "Fourth.md": "# Fourth\n\nA bait, a line of text, a heading, and trust in words. [[Third]]\n",
}
"""The notes beside the bait."""

STAGES = {
    **{
        line: line.split()
        for line in ("list", "index", "search trust", "show Bait", "show Bait --links", "links Bait", "links Bait --depth 3")
    },
    **{
        line: line.split()
        for line in ("backlinks Trust", "mentions Bait", "related Bait", "suggest Bait", "suggest", "check", "check --fix --dry-run")
    },
    **{
        line: line.split()
        for line in ("graph --format json", "graph --format html", "tags", "topics", "topic Trust", "clusters", "stats", "review")
    },
    **{
        line: line.split() for line in ("path Fourth Bait", "gap Fourth Bait", "append Bait more --dry-run", "rename Trust Faith --dry-run")
    },
    **{
        line: line.split()
        for line in ("move Bait sub --dry-run", "tag rename tag label --dry-run", "split Bait", "split Bait --all --dry-run")
    },
    **{
        line: line.split()
        for line in ("extract Bait 3 Part --dry-run", "merge Third Bait --dry-run", "merge Bait Third --dry-run", "delete Bait --dry-run")
    },
    "show, rendered": ["--color", "always", "show", TITLE],
    "search in the bait": ["search", "Bait", "or", "text", "--json"],
    "rename Bait": ["rename", TITLE, "Another name", "--dry-run"],
    "suggest --all": ["suggest", TITLE, "--all", "--yes", "--dry-run"],
    "append": ["append", TITLE, "more"],
    "new": ["new", "A", "thought", "--dry-run"],
    "import": ["import", "../bait.md", "--keep", "--dry-run"],
    "import --clean": ["import", "../bait.txt", "--clean", "--dry-run"],
    "import of a page": ["import", "../bait.html", "--clean", "--dry-run"],
}
"""What is done with a bait, the order being that in which catalogue and index fill."""


class Ran(NamedTuple):
    """What a run gave: its CPU time in seconds (infinite, if it was ended for taking too long), exit code and the end of what it said."""

    seconds: float
    code: int
    said: str


def load() -> None:
    """Load all of zettel, so that what is measured is its work."""
    import zettel

    for module in pkgutil.walk_packages(zettel.__path__, "zettel."):
        if not module.name.endswith(("__main__", "snapshot")):
            importlib.import_module(module.name)


def run(folder: Path, words: list[str], limit: float, stdin: bytes = b"", out: Path | None = None) -> Ran:
    """Run zettel in a forked process that may take `limit` seconds of CPU time; what it answers goes to the file `out`."""
    reader, writer = os.pipe()
    process = os.fork()
    if not process:
        _in_child(folder, words, limit, stdin, out, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    os.waitpid(process, 0)
    return Ran(*json.loads(said)) if said else Ran(float("inf"), -1, "")


def _in_child(folder: Path, words: list[str], limit: float, stdin: bytes, out: Path | None, writer: int) -> None:
    from zettel import __main__ as door

    os.chdir(folder)
    os.environ.update(XDG_CACHE_HOME=str(folder.parent / "cache"), XDG_CONFIG_HOME=str(folder.parent / "config"), ZETTEL_PAGER="cat")
    errors = folder.parent / "errors"
    piped = folder.parent / "piped"
    piped.write_bytes(stdin)
    for number, path, flags in (
        (0, piped, os.O_RDONLY),
        (1, out or Path(os.devnull), os.O_RDWR | os.O_CREAT),
        (2, errors, os.O_RDWR | os.O_CREAT),
    ):
        os.dup2(os.open(path, flags | (os.O_TRUNC if number else 0), 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", errors="replace")  # noqa: SIM115
        for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    sys.argv = ["zettel", *words]
    seconds = int(limit + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    began = time.process_time()
    try:
        code = door.main()
    except BaseException as error:  # noqa: BLE001 - said to whoever started it
        code = 99
        sys.stderr.write(repr(error))
    took = time.process_time() - began
    sys.stderr.flush()
    os.write(writer, json.dumps([took, code, errors.read_text(errors="replace")[-500:]]).encode())
    os._exit(0)


def laid(folder: Path, name: str, n: int) -> Path:
    """A notebook with a bait in it, and beside it files to be imported."""
    notebook = folder / "notebook"
    (notebook / ".zettel").mkdir(parents=True)
    data = note(name, n)
    (notebook / NAME).write_bytes(data)
    for path, text in BESIDE.items():
        (notebook / path).write_text(text, encoding="utf-8")
    for suffix in ("md", "txt"):
        (folder / f"bait.{suffix}").write_bytes(data)
    (folder / "bait.html").write_bytes(b"<!doctype html><title>Page</title><article><h1>Page</h1><p>Text. " + data + b"</p></article>")
    return notebook
