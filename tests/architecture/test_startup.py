"""Test which modules each command loads: start-up time is architecture."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, STARTER
from zettel.cli._snapshot import COMMANDS

HEAVY = (
    "typer",
    "click",
    "rich",
    "networkx",
    "whoosh",
    "yaml",
    "frontmatter",
    "ftfy",
    "pyromark",
    "pydantic",
    "pygls",
    "lsprotocol",
    "mcp",
    "lxml",
    "readability",
)
COSTLY = (
    "dataclasses",
    "inspect",
    "typing",
    "pathlib",
    "argparse",
    "tomllib",
    "json",
    "enum",
    "logging",
    "subprocess",
    "importlib.metadata",
)
ALLOWED = {
    "list": (),
    "links 202302060730": (),
    "backlinks 202302060730": (),
    "init": (),
    "index": (),
    "edit 202302060730": ("tomllib", "typing", "enum"),
    "random": (),
    "pick": ("typing", "enum"),
    "browse": COSTLY,
    "orphans": (),
    "tags": (),
    "stats": (),
    "check": ("typing", "enum"),
    "show 202302060730": (),
    "list --json": ("json", "enum"),
    "graph": ("json", "enum"),
    "hubs": ("enum",),
    "topics": ("typing", "enum"),
    "topic 202302060730": ("typing", "enum"),
    "clusters": ("whoosh", "frontmatter", "yaml", "pyromark", *COSTLY),
    "bridges": ("networkx", *COSTLY),
    "graph --format tree": (),
    "graph --format html": ("pyromark", "json", "enum", "typing", "pathlib"),
    "search trust": ("whoosh", "enum"),
    "mentions 202302060730 --out": ("whoosh", "pyromark", "typing", "enum"),
    "mentions 202302060730": ("whoosh", "pyromark", "typing", "enum"),
    "suggest 202302060730": ("whoosh", "pyromark", "typing", "enum"),
    "suggest 202302060730 --all --dry-run": ("whoosh", "pyromark", "typing", "enum"),
    "path 202302060730 202411262035": (),
    "path execution delivery": ("whoosh", "typing", "enum"),
    "gap 202302060730 202411262035": ("typing", "enum"),
    "related 202302060730": ("whoosh", "pyromark", "typing", "enum"),
    "review": ("whoosh", "frontmatter", "yaml", "pyromark", *COSTLY),
    "new A thought --dry-run": ("typing", "enum"),
    "tag rename inbox in --dry-run": ("frontmatter", "yaml", "pyromark", *COSTLY),
    "templates": ("typing", "enum"),
    "daily --dry-run": ("typing", "enum"),
    "append 202302060730 More --dry-run": ("frontmatter", "yaml", "pyromark", *COSTLY),
    "split 202301172040": ("frontmatter", "yaml", "pyromark", *COSTLY),
    "split 202301172040 misses --dry-run": ("frontmatter", "yaml", "pyromark", *COSTLY),
    "extract 202301172040 10 --dry-run": ("frontmatter", "yaml", "pyromark", *COSTLY),
    "import ../LICENSE --dry-run": ("whoosh", "frontmatter", "yaml", "ftfy", "pyromark", *COSTLY),
    "rename 202302060730 New --dry-run": ("frontmatter", "yaml", "pyromark", *COSTLY),
    "move 202302060730 done/ --dry-run": ("frontmatter", "yaml", "pyromark", *COSTLY),
    "merge 202302060730 202411262035 --dry-run": ("frontmatter", "yaml", "pyromark", *COSTLY),
    "delete 202302060730 --dry-run": ("enum", "typing"),
    "trust": ("tomllib", "typing", "enum"),
    "trust --list": (),
    "restore": ("json", "enum", "typing"),
    "doctor": COSTLY,
    "lsp": ("pygls", "lsprotocol", "pyromark", *COSTLY),
    "mcp": ("mcp", "pydantic", "click", "whoosh", "frontmatter", "yaml", *COSTLY),
    "mcp --setup claude": ("json", "enum", "typing"),
    "tutor": ("typing", "enum"),
    "undo --list": ("json", "enum", "typing"),
    "undo --dry-run": ("json", "enum", "typing"),
    "--help": (),
    "rename --help": (),
    "--version": (),
}

STEMMER = {"whoosh", "whoosh.lang", "whoosh.lang.porter2"}
"""What a search loads of Whoosh: its stemmer. Segments of the index are read without it."""


@pytest.mark.parametrize("line", ALLOWED)
def test_commands_load_only_what_they_use(line: str, tmp_path: Path) -> None:
    """On an unchanged notebook a command loads no third-party library and no costly module except those it needs."""
    words = line.split()
    code = f"""
import sys
sys.argv = ["zettel", *{words!r}]
from zettel.__main__ import main
main()
print("loaded:", *sys.modules, file=sys.stderr)
"""
    environ = {"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    for _ in range(2):  # the first run reads the notes, the second finds them unchanged
        done = subprocess.run(
            [sys.executable, "-S", "-c", code],
            cwd=STARTER,
            env={**environ, "PYTHONPATH": _python_path()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
    loaded = set(done.stderr.splitlines()[-1].split())
    assert set() == {name for name in (*HEAVY, *COSTLY) if name in loaded} - set(ALLOWED[line])
    assert set() == {name for name in loaded if name.split(".")[0] == "whoosh"} - STEMMER


def test_every_command_has_a_line() -> None:
    """Every command has a line in the table, so a new command needs one too."""
    assert set(COMMANDS) == {line.split()[0] for line in ALLOWED if not line.startswith("-")}


def _python_path() -> str:
    return ":".join([str(ROOT), *(entry for entry in sys.path if entry.endswith("site-packages"))])


def test_importing_zettel_loads_no_other_module() -> None:
    """`import zettel` loads no other module."""
    code = "import sys; before = set(sys.modules); import zettel; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "['zettel']" == done.stdout.strip()
