"""Test that the snapshot of the command line and the reference page say what typer says."""

from __future__ import annotations

import subprocess
import sys
from inspect import signature
from typing import get_type_hints

import pytest

from tests.conftest import ROOT
from zettel.cli import _snapshot, app, make_snapshot
from zettel.cli.run import OUTPUT_OPTIONS, PICK_OPTION
from zettel.services.filters import FilterOptions, group_filters


def test_snapshot_is_fresh() -> None:
    """The snapshot is what `python -m zettel.cli.make_snapshot` writes now, except help texts, which differ with typer's version."""
    import types

    fresh = types.ModuleType("fresh")
    exec(make_snapshot.format_snapshot(), vars(fresh))
    assert fresh.ROOT == _snapshot.ROOT
    assert fresh.COMMANDS == _snapshot.COMMANDS


def test_root_help_names_every_command() -> None:
    """`zettel --help` lists every command with the first line of its help."""
    for name, (_, _, _, about) in _snapshot.COMMANDS.items():
        assert f"  {name} " in _snapshot.ROOT_HELP
        assert about in _snapshot.ROOT_HELP


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--version"]])
def test_help_and_version_match_typer(words: list[str]) -> None:
    """Help and version are the same whether the fast parser or typer prints them."""
    fast = subprocess.run([sys.executable, "-m", "zettel", *words], capture_output=True, text=True, cwd=ROOT, check=True)
    code = f"from zettel.cli.app import app; app({words!r}, prog_name='zettel', standalone_mode=False)"
    typed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True, env={"COLUMNS": "80", "PATH": ""}
    )
    if _read_typer_version() >= (0, 29):  # older versions lay help out in other columns
        assert typed.stdout == fast.stdout
    assert fast.stdout.strip()


def _read_typer_version() -> tuple[int, ...]:
    from importlib.metadata import version

    return tuple(int(part) for part in version("typer").split(".")[:2])


def test_every_command_has_a_module() -> None:
    """Every command has a module in `zettel.commands` whose `run` takes the options that the command declares."""
    for name, declared in app.COMMANDS.items():
        module = __import__(f"zettel.commands.{'import_' if name == 'import' else name}", fromlist=["run"])
        options = (
            group_filters(signature(declared).parameters) if "filters" in module.run.__annotations__ else signature(declared).parameters
        )
        own = {option for option in options if option not in (*OUTPUT_OPTIONS, PICK_OPTION)}
        assert own | {"session"} == set(signature(module.run).parameters) - set(OUTPUT_OPTIONS), name


def test_filter_options_match_the_command_line() -> None:
    """`FilterOptions` has every filter option of the command line, under the same name."""
    assert list(get_type_hints(app.Filters)) == list(FilterOptions.__annotations__)


def test_reference_page_is_fresh() -> None:
    """The reference page is what the code generates now."""
    if _read_typer_version() < (0, 29):
        pytest.skip("an older typer lays help out in other columns")
    assert make_snapshot.format_reference() == (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
