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
    """The snapshot is what `python -m zettel.cli.make_snapshot` writes now."""
    import types

    fresh = types.ModuleType("fresh")
    exec(make_snapshot.format_snapshot(), vars(fresh))
    assert fresh.ROOT == _snapshot.ROOT
    assert fresh.COMMANDS == _snapshot.COMMANDS
    assert make_snapshot.format_help_snapshot() == (ROOT / "zettel/cli/_help.py").read_text(encoding="utf-8")
    assert make_snapshot.format_overviews() == (ROOT / "zettel/cli/_overview.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["--version"], ["-V"]])
def test_version_matches_typer(words: list[str]) -> None:
    """The version is the same whether zettel prints it at once or leaves it to typer."""
    fast = subprocess.run([sys.executable, "-m", "zettel", *words], capture_output=True, text=True, cwd=ROOT, check=True)
    code = f"from zettel.cli.app import app; app({words!r}, prog_name='zettel', standalone_mode=False)"
    typed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True, env={"PATH": ""})
    assert typed.stdout == fast.stdout
    assert fast.stdout.strip()


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
    assert make_snapshot.format_reference() == (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
