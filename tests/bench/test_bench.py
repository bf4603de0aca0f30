"""Test that the bench runs to its end and prints every row. What it measures is never asserted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import FIRST, GOALS, ZETTEL
from tests.conftest import ROOT


@pytest.mark.skipif(not Path(ZETTEL).exists(), reason="the bench measures an installed script, but there is none beside this Python")
def test_bench_prints_every_row() -> None:
    """On a small notebook, every command that has a goal has a row in a table."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--notes", "60", "--rounds", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (0, "60 notes ...\n") == (done.returncode, done.stderr)
    rows = {line.split(" | ")[0].strip("| `") for line in done.stdout.splitlines()}
    assert set() == {*GOALS, *FIRST} - rows
