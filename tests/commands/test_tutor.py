"""Test the tour: `zettel tutor`."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
from pathlib import Path

import pytest

from tests.conftest import COMMAND, Runner
from zettel.services.tour import TOUR, format_command


def test_every_step_works_on_the_starter_notebook(starter: Runner) -> None:
    """The commands of the tour succeed when they run in order on a copy of the starter notebook."""
    for step in TOUR:
        done = starter(*step.words)
        assert 0 == done.code, (step.words, done.err)


def test_tour_runs_on_a_copy_that_is_removed(starter: Runner, tmp_path: Path) -> None:
    """On a terminal each Enter runs the next command. The user's notebook, cache and temporary folder stay as they are."""
    before = {path: path.read_bytes() for path in starter.folder.rglob("*") if path.is_file()}
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    typed = tuple((f"{number} of {len(TOUR)}", "\r") for number in range(1, len(TOUR) + 1))
    shown = starter.on_terminal("tutor", typed=typed, TMPDIR=str(temporary))
    assert 0 == shown.code
    for step in TOUR:
        assert step.remark[:40] in shown.out
    assert "error" not in shown.out
    assert before == {path: path.read_bytes() for path in starter.folder.rglob("*") if path.is_file()}
    assert [] == list(temporary.iterdir())


@pytest.mark.parametrize("key", ["q", "\x03", "\x04"])
def test_tour_ends_at_any_step(starter: Runner, tmp_path: Path, key: str) -> None:
    """A user who quits leaves no copy behind."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    shown = starter.on_terminal("tutor", typed=((f"1 of {len(TOUR)}", "\r"), (f"2 of {len(TOUR)}", key)), TMPDIR=str(temporary))
    assert (130 if key == "\x03" else 0) == shown.code
    assert [] == list(temporary.iterdir())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_tour_that_is_ended_leaves_no_copy(starter: Runner, tmp_path: Path, number: signal.Signals) -> None:
    """The copy is removed if another program ends the tour, or its terminal is closed."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    main, side = pty.openpty()
    environ = {**starter.environ, "TERM": "xterm", "TMPDIR": str(temporary)}
    with subprocess.Popen([*COMMAND, "tutor"], env=environ, stdin=side, stdout=side, stderr=side, start_new_session=True) as process:
        os.close(side)
        shown = b""
        while f"1 of {len(TOUR)}".encode() not in shown:
            shown += os.read(main, 1000)
        assert ["notes"] == [each.name for folder in temporary.iterdir() for each in folder.iterdir()]
        process.send_signal(number)
        assert 128 + number == process.wait(10)
    os.close(main)
    assert [] == list(temporary.iterdir())


def test_tour_is_text_without_a_terminal(starter: Runner) -> None:
    """A program that runs the tour gets its steps as text."""
    shown = starter("tutor").out
    assert [format_command(step.words) for step in TOUR] == [line for line in shown.splitlines() if line.startswith("zettel ")]
