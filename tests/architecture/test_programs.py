"""Test which programs zettel can start or run: the list is fixed, so that nobody adds to it without thinking."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.test_startup import ALLOWED
from tests.conftest import ROOT, Runner

Make = Callable[[dict[str, "str | bytes"]], Runner]

MODULES = (
    *(
        "subprocess",
        "pty",
        "multiprocessing",
        "asyncio",
        "webbrowser",
        "runpy",
        "code",
        "codeop",
        "importlib",
        "imp",
        "pkgutil",
        "zipimport",
    ),
    *("pickle", "_pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "ctypes", "_ctypes", "cffi", "posix", "nt"),
)
"""Modules that start programs, or that run or load what they are given."""

BUILTINS = ("eval", "exec", "compile", "__import__", "breakpoint")
FUNCTIONS = ("system", "popen", "startfile", "fork", "forkpty", "posix_spawn", "posix_spawnp")
"""Functions of `os` that start programs, besides `exec*` and `spawn*`."""

ALLOWED_USES = {
    ("adapters/editor.py", "subprocess"),
    ("adapters/fs/atomic.py", "ctypes"),  # one function of the system's library
    ("adapters/fulltext/bulk_writer.py", "pickle"),  # only writes: Whoosh stores postings as pickles
    ("adapters/fulltext/segment.py", "_pickle"),  # postings, after the seal of the index was verified
    ("adapters/fs/scan.py", "marshal"),  # what a fork of this process has found
    ("adapters/fulltext/stubs.py", "sys.modules"),  # modules of Python and Whoosh named in whoosh.py
    ("adapters/fulltext/stubs.py", "__import__"),  # the same
    ("adapters/fork.py", "fork"),  # itself, so that each process does one part of the work
    ("adapters/browser.py", "subprocess"),  # the browser of `graph --open`, with the address of a page that zettel wrote
    ("adapters/terminal.py", "subprocess"),  # the pager
    ("adapters/fzf.py", "subprocess"),  # fzf
    ("adapters/own_process.py", "subprocess"),  # zettel itself, to do long work beside a screen or an editor
    ("adapters/starter_notebook.py", "subprocess"),  # zettel itself, on a copy of the starter notebook
    ("adapters/shell.py", "subprocess"),  # ps, where there is no /proc, to know which shell runs
    ("adapters/clipboard.py", "subprocess"),  # the desktop's own program, with text on its stdin
    ("adapters/fs/files.py", "__import__"),  # one of three modules named there
    ("cli/utf8_mode.py", "execv"),  # zettel itself, in Python's UTF-8 mode
    ("services/doctor.py", "importlib"),  # the versions of the packages that zettel needs
    ("cli/run.py", "__import__"),  # a command of the app
    ("model/base/value.py", "exec"),  # source text built from the field names of our own classes
    ("tui/app.py", "asyncio"),  # the event loop of the screen
    ("tui/indexer.py", "subprocess"),  # the type of that process
    ("tui/indexer.py", "asyncio"),  # waits for that process
    ("tui/lanes.py", "asyncio"),  # waits for the threads of this process
    ("tui/performer.py", "asyncio"),  # the same
    ("mcp/line_reader.py", "asyncio"),  # hands the lines of a client to that event loop
    ("mcp/server.py", "asyncio"),  # the event loop of the SDK
    ("mcp/setup.py", "importlib"),  # whether the SDK is installed
    ("output/html.py", "importlib"),  # the folder with the parts of its page
}
"""The uses that are allowed, each with its reason."""


def find_uses(tree: ast.Module) -> Iterator[str]:
    """Yield what a module uses that starts programs or runs what it is given."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (one.name.partition(".")[0] for one in names if one.name.partition(".")[0] in MODULES)
            case ast.ImportFrom(module=module, names=names) if module:
                first = module.partition(".")[0]
                yield from [first] * (first in MODULES)
                yield from (one.name for one in names if first == "os" and starts_program(one.name))
            case ast.Name(id=name) if name in BUILTINS:
                yield name
            case ast.Attribute(value=ast.Name(id="os" | "posix" | "builtins"), attr=name) if starts_program(name) or name in BUILTINS:
                yield name
            case ast.keyword(arg="shell" | "executable" | "preexec_fn" as name):
                yield name
            case ast.Attribute(attr="modules", value=ast.Name(id="sys")):
                yield "sys.modules"


def starts_program(name: str) -> bool:
    """Return whether a function of `os` starts a program."""
    return name in FUNCTIONS or name.startswith(("exec", "spawn"))


def test_only_editor_and_pager_are_started() -> None:
    """Few modules can start a program, none uses a shell, and nothing that is read is ever run, nor unpickled except from the sealed index."""
    package = ROOT / "zettel"
    found = {
        (file.relative_to(package).as_posix(), use)
        for file in package.rglob("*.py")
        for use in find_uses(ast.parse(file.read_text("utf-8")))
    }
    assert set() == found - ALLOWED_USES
    assert set() == ALLOWED_USES - found, "these are not used any more: remove them from the list"


@pytest.mark.parametrize(
    "source",
    [
        "import subprocess",
        "from subprocess import run",
        "import os\nos.system('x')",
        "from os import execvp",
        "import os\nos.posix_spawn",
        "eval('1')",
        "run(x, shell=True)",
        "import importlib.util",
        "import builtins\nbuiltins.exec('x')",
        "import concurrent.futures, pickle",
    ],
)
def test_find_uses_finds_every_spelling(source: str) -> None:
    """`find_uses` finds a program that is started or code that is run, however it is written."""
    assert [*find_uses(ast.parse(source))]


TRACED = """
import sys
events = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.startfile", "pty.spawn")
sys.addaudithook(lambda event, args: event in events and print("started:", event, args, file=sys.__stderr__))
sys.argv = ["zettel", *WORDS]
from zettel.__main__ import main
main()
"""

EVIL = """
editor = "touch pwned"
pager-command = "sh -c 'touch pwned'"
note.template = "evil"
note.tags = ["$(touch pwned)", "`touch pwned`"]
"""
TEMPLATE = "# $title $(touch pwned) `touch pwned` ${HOME} {{exec}} <% touch pwned %>\n\n!touch pwned\n"


def test_commands_start_nothing(notebook: Make) -> None:
    """No command starts a program unless it is asked for an editor, whatever the notebook's config and templates say."""
    run = notebook(
        {".zettel/config.toml": EVIL, ".zettel/templates/evil.md": TEMPLATE, "202302060730 $(touch pwned).md": "# `touch pwned`\n"}
    )

    def starts_anything(words: list[str], **environ: str) -> bool:
        done = subprocess.run(
            [sys.executable, "-c", TRACED.replace("WORDS", repr(words))],
            cwd=run.folder,
            env={**run.environ, **environ},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return "started:" in done.stderr

    for line in (line for line in ALLOWED if not line.startswith(("edit ", "doctor"))):
        words = line.replace(" --dry-run", "").replace("../LICENSE", str(ROOT / "LICENSE")).split()
        assert not starts_anything(words), line
    assert starts_anything(["edit", "202302060730"], EDITOR="true")
    starts_anything(["doctor"])  # it asks fzf for its version, and starts nothing that the notebook names
    assert [] == [*Path(run.folder).rglob("pwned")]
    assert any("$(touch pwned)" in file.read_text("utf-8") and "${HOME}" in file.read_text("utf-8") for file in run.folder.glob("*.md"))
