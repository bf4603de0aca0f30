"""Test that the README's commands work when they are pasted in order in a fresh clone."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from zettel.services.tour import TOUR, format_command

INSTALL = "python3 -m venv --upgrade-deps .venv && .venv/bin/pip install -q . && "
"""What the first command begins with. It is run for real by `.ci/run`; here the environment of the tests stands in for its outcome."""


def list_commands(text: str) -> list[str]:
    """Return the commands of the README in order: those of indented and of console blocks, without the one that runs the tests."""
    found = []
    for number, part in enumerate(text.split("```")):  # prose, block, prose ...
        found += re.findall(r"^\$ (\S.*)$" if number % 2 else r"^    (\S.*)$", part, re.M)
    return [command for command in found if "pytest" not in command]


@pytest.mark.process
def test_readme_works_as_pasted(tmp_path: Path) -> None:
    """In a fresh clone, every command of the README succeeds in the shell in which those before it ran."""
    clone = tmp_path / "zettel"
    shutil.copytree(ROOT, clone, ignore=shutil.ignore_patterns(".venv", ".git", "__pycache__", "*_cache", ".*_cache"), symlinks=True)
    (clone / ".venv" / "bin").mkdir(parents=True)
    for name in ("zettel", "activate", "python"):
        (clone / ".venv" / "bin" / name).symlink_to(Path(sys.prefix) / "bin" / name)
    first, *others = list_commands((ROOT / "README.md").read_text(encoding="utf-8"))
    assert first.startswith(INSTALL)
    script = "\n".join(("set -eu", first.removeprefix(INSTALL), *others))
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PS1": ""}
    done = subprocess.run(
        ["bash", "-x", "-c", script], cwd=clone, env=environ, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert 0 == done.returncode, done.stderr
    assert len(others) > 8


def test_readme_has_the_two_commands_of_a_fresh_machine() -> None:
    """Two commands of the README set up an environment: one to try zettel, and one to run its tests."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert 1 == text.count(f"\n    {INSTALL}")
    assert 1 == len(re.findall(r"^    python3 -m venv .*pytest -n auto$", text, re.M))


def test_readme_shows_the_tour() -> None:
    """The README's five minutes are the tour that `zettel tutor` plays."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [format_command(step.words) for step in TOUR] == re.findall(r"^\$ (zettel .*)$", text, re.M)
