"""What zettel can start or run at all: pinned, so that nobody adds to it without a thought."""

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
"""Modules that start programs, or that run or load what is given to them."""

BUILTINS = ("eval", "exec", "compile", "__import__", "breakpoint")
FUNCTIONS = ("system", "popen", "startfile", "fork", "forkpty", "posix_spawn", "posix_spawnp")
"""Functions of `os` that do; besides `exec*` and `spawn*`."""

MAY = {
    ("adapters/editor.py", "subprocess"),
    ("adapters/fs/atomic.py", "ctypes"),  # one function of the system's library
    ("adapters/fulltext/bulk_writer.py", "pickle"),  # only writes: the form in which Whoosh keeps postings
    ("adapters/fs/scan.py", "marshal"),  # what a part of this very process has seen
    ("adapters/fulltext/stubs.py", "sys.modules"),  # modules of Python and Whoosh named in whoosh.py
    ("adapters/fulltext/stubs.py", "__import__"),  # the same
    ("adapters/fork.py", "fork"),  # itself, to do one part of the work each
    ("adapters/terminal.py", "subprocess"),  # the pager
    ("adapters/fs/files.py", "__import__"),  # one of three modules named there
    ("cli/run.py", "__import__"),  # a command of the surface
    ("model/base/value.py", "exec"),  # names of our own classes' fields
    ("output/html.py", "importlib"),  # where the parts of its page lie
}
"""All that does, and why it may."""


def uses(tree: ast.Module) -> Iterator[str]:
    """What a module uses that starts programs or runs what is given to it."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (one.name.partition(".")[0] for one in names if one.name.partition(".")[0] in MODULES)
            case ast.ImportFrom(module=module, names=names) if module:
                first = module.partition(".")[0]
                yield from [first] * (first in MODULES)
                yield from (one.name for one in names if first == "os" and is_starting(one.name))
            case ast.Name(id=name) if name in BUILTINS:
                yield name
            case ast.Attribute(value=ast.Name(id="os" | "posix" | "builtins"), attr=name) if is_starting(name) or name in BUILTINS:
                yield name
            case ast.keyword(arg="shell" | "executable" | "preexec_fn" as name):
                yield name
            case ast.Attribute(attr="modules", value=ast.Name(id="sys")):
                yield "sys.modules"


def is_starting(name: str) -> bool:
    """Whether a function of `os` starts a program."""
    return name in FUNCTIONS or name.startswith(("exec", "spawn"))


def test_nothing_but_the_editor_and_the_pager_is_started() -> None:
    """Only two modules can start a program, none has a shell, and nothing that is read is ever run or unpickled."""
    package = ROOT / "zettel"
    found = {
        (file.relative_to(package).as_posix(), use) for file in package.rglob("*.py") for use in uses(ast.parse(file.read_text("utf-8")))
    }
    assert set() == found - MAY
    assert set() == MAY - found, "what is not used any more is not allowed any more"


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
def test_the_look_out_sees(source: str) -> None:
    """What is looked for is found in any of the ways in which it can be written."""
    assert [*uses(ast.parse(source))]


HOOKED = """
import sys
started = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.startfile", "pty.spawn")
sys.addaudithook(lambda event, given: event in started and print("started:", event, given, file=sys.__stderr__))
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
    """No command that was not asked for an editor starts any program, whatever the notebook's own config and templates say."""
    run = notebook(
        {".zettel/config.toml": EVIL, ".zettel/templates/evil.md": TEMPLATE, "202302060730 $(touch pwned).md": "# `touch pwned`\n"}
    )

    def started(words: list[str], **environ: str) -> bool:
        done = subprocess.run(
            [sys.executable, "-c", HOOKED.replace("WORDS", repr(words))],
            cwd=run.folder,
            env={**run.environ, **environ},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return "started:" in done.stderr

    for line in (line for line in ALLOWED if not line.startswith("edit ")):
        words = line.replace(" --dry-run", "").replace("../LICENSE", str(ROOT / "LICENSE")).split()
        assert not started(words), line
    assert started(["edit", "202302060730"], EDITOR="true")
    assert [] == [*Path(run.folder).rglob("pwned")]
    assert any("$(touch pwned)" in file.read_text("utf-8") and "${HOME}" in file.read_text("utf-8") for file in run.folder.glob("*.md"))
