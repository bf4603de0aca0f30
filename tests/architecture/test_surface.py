"""The front door's snapshot and the reference page say what typer says."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT
from zettel.cli import _snapshot, app, make_snapshot


def test_snapshot_is_fresh() -> None:
    """The snapshot is what `python -m zettel.cli.make_snapshot` writes now (help texts aside, which differ with typer's version)."""
    import types

    fresh = types.ModuleType("fresh")
    exec(make_snapshot.format_snapshot(), vars(fresh))
    assert fresh.ROOT == _snapshot.ROOT
    assert fresh.COMMANDS == _snapshot.COMMANDS


def test_root_help_names_every_command() -> None:
    """`zettel --help` lists every command with its first line of help."""
    for name, (_, _, _, about) in _snapshot.COMMANDS.items():
        assert f"  {name} " in _snapshot.ROOT_HELP
        assert about in _snapshot.ROOT_HELP


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--version"]])
def test_the_door_answers_as_typer_does(words: list[str]) -> None:
    """Help and version are the same whether the front door or typer prints them."""
    door = subprocess.run([sys.executable, "-m", "zettel", *words], capture_output=True, text=True, cwd=ROOT, check=True)
    code = f"from zettel.cli.app import app; app({words!r}, prog_name='zettel', standalone_mode=False)"
    typed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True, env={"COLUMNS": "80", "PATH": ""}
    )
    if _typer_version() >= (0, 29):  # older ones lay help out in other columns
        assert typed.stdout == door.stdout
    assert door.stdout.strip()


def _typer_version() -> tuple[int, ...]:
    from importlib.metadata import version

    return tuple(int(part) for part in version("typer").split(".")[:2])


def test_every_command_has_a_module() -> None:
    """Every command of the surface is the module of its name in `zettel.commands`, with a `run`."""
    for name in app.COMMANDS:
        module = __import__(f"zettel.commands.{'import_' if name == 'import' else name}", fromlist=["run"])
        assert callable(module.run)


def test_reference_page_is_fresh() -> None:
    """The reference page is what the code says now."""
    if _typer_version() < (0, 29):
        pytest.skip("an older typer lays help out in other columns")
    assert make_snapshot.format_reference() == (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
