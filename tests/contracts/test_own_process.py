"""A module of zettel in a process of its own: what it answers, and what its end looks like."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from zettel.adapters.own_process import OwnProcess

ECHO = """
import json, sys
given = json.loads(sys.stdin.readline())
for number in range(given["count"]):
    print(json.dumps({"number": number, "text": given["text"]}), flush=True)
sys.stderr.write("not read by anybody")
sys.exit(given["code"])
"""


def start(folder: Path, source: str, given: dict[str, Any]) -> OwnProcess:
    """Start a process that runs some lines of Python."""
    (folder / "own_module.py").write_text(source)
    return OwnProcess("own_module", given, {**os.environ, "PYTHONPATH": str(folder)})


def read_all(process: OwnProcess) -> list[dict[str, Any]]:
    """Return all answers until the end of the process."""
    found: list[dict[str, Any]] = []
    while process.is_running:
        found += process.read_answers()
        time.sleep(0.01)
    return found


@pytest.mark.parametrize(("count", "text", "code"), [(0, "", 0), (3, "é\n語", 0), (2000, "x" * 300, 0), (1, "x", 3)])
def test_answers_are_read_in_order(tmp_path: Path, count: int, text: str, code: int) -> None:
    """All answers are read, however many, without waiting, and whether the process has failed is known at its end."""
    process = start(tmp_path, ECHO, {"count": count, "text": text, "code": code})
    assert [{"number": number, "text": text} for number in range(count)] == read_all(process)
    assert (False, code != 0) == (process.is_running, process.has_failed)
    assert [] == list(process.read_answers())


def test_reading_does_not_wait(tmp_path: Path) -> None:
    """A process that says nothing is not waited for, and ends when it is stopped."""
    process = start(tmp_path, "import time\ntime.sleep(60)\n", {})
    began = time.monotonic()
    assert [] == list(process.read_answers())
    assert time.monotonic() - began < 5
    process.stop()
    assert not process.is_running
    process.stop()


def test_process_that_does_not_begin_has_failed(tmp_path: Path) -> None:
    """A module that does not exist is a process that has failed, whatever it was given."""
    process = OwnProcess("there_is_no_such_module", {"text": "x" * 200_000}, dict(os.environ))
    assert [] == read_all(process)
    assert process.has_failed


def test_nothing_is_imported_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module in the folder that one is in is not the one that runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own_module.py").write_text("open('was-run', 'w')\n")
    process = OwnProcess("own_module", {}, dict(os.environ))
    assert [] == read_all(process)
    assert (True, False) == (process.has_failed, (tmp_path / "was-run").exists())
