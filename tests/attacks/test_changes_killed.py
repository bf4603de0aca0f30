"""Whatever happens to zettel while it writes, the notebook is as before or as after, whole."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks import Figures
from tests.attacks.lab.harness import (
    FULL,
    HALF,
    INTERRUPT,
    KILL,
    carried_out,
    carry_out,
    child,
    in_memory,
    killed_everywhere,
    make,
    many,
    opened,
    points,
    some,
    state,
    take_back,
)
from tests.conftest import ROOT, Runner
from zettel.adapters.fs.files import JOURNAL, PENDING
from zettel.commands import undo
from zettel.session import GlobalOptions, Session

BEFORE, CHANGES = many(10)  # every kind of change once


@pytest.fixture
def root() -> Iterator[Path]:
    """Where a notebook is made."""
    with in_memory() as folder:
        yield folder / "notes"


@pytest.mark.sampled
def test_killed_at_every_call(root: Path) -> None:
    """Killed before any call that writes, or when half is written, a change is taken back by the next zettel, or is done."""
    assert {"before", "after"} == set(killed_everywhere(root, BEFORE, CHANGES, lambda moments: some(moments, "kills of a change")))


@pytest.mark.sampled
def test_an_undo_killed_at_every_call(root: Path) -> None:
    """Killed at any call, an undo has taken the change back and it can be done again, or it is still there to be taken back."""
    _, after = carried_out(root, BEFORE, CHANGES)
    whole = child(lambda: take_back(root))
    found = set()
    for number, how in some(points(whole.calls), "kills of an undo"):
        carried_out(root, BEFORE, CHANGES)
        child(lambda: take_back(root), number, how)
        child(lambda: opened(root) and None)
        now = state(root)
        assert now in (BEFORE, after), (number, how, whole.calls[number - 1])
        found.add(is_undone := now == BEFORE)
        child(lambda: undo.run(Session(GlobalOptions(notebook=str(root))), redo=is_undone) and None)
        assert (after if is_undone else BEFORE) == state(root)
    assert {True, False} == found


@pytest.mark.sampled
def test_a_recovery_killed_at_every_call(root: Path) -> None:
    """Taking back what was broken off may be killed at any call itself; the next zettel goes on with it."""
    whole, _ = carried_out(root, BEFORE, CHANGES)

    def break_off(number: int, how: str) -> None:
        make(root, BEFORE)
        child(lambda: carry_out(root, CHANGES), number, how)

    last = len(whole.calls) - 1  # all files are changed, but it is not done
    break_off(last, KILL)
    recovery = child(lambda: opened(root) and None)
    for number, how in some(points(recovery.calls), "kills of a recovery"):
        break_off(last, KILL)
        child(lambda: opened(root) and None, number, how)
        child(lambda: opened(root) and None)
        assert BEFORE == state(root), (number, how)


@pytest.mark.sampled
@pytest.mark.parametrize("how", [INTERRUPT, FULL])
def test_interrupted_at_every_call(how: str, root: Path) -> None:
    """After Ctrl-C or with a full disk at any call nothing is half done, at once, and nothing is left to be taken back."""
    whole, after = carried_out(root, BEFORE, CHANGES)
    for number, name in some(enumerate(whole.calls, 1), f"{how} in a change"):
        make(root, BEFORE)
        ran = child(lambda: carry_out(root, CHANGES), number, how)
        assert state(root) in ([after] if ran.is_whole else [BEFORE, after]), (number, name)
        assert not (root / PENDING).exists()
        shutil.rmtree(root / JOURNAL, ignore_errors=True)
    undoing = child(lambda: take_back(root))  # of what was interrupted last
    for number, name in some(enumerate(undoing.calls, 1), f"{how} in an undo"):
        carried_out(root, BEFORE, CHANGES)
        ran = child(lambda: take_back(root), number, how)
        assert state(root) in ([BEFORE] if ran.is_whole else [BEFORE, after]), (number, name)
        assert not (root / PENDING).exists()


@pytest.mark.parametrize(
    "words", [["list"], ["search", "note"], ["new", "Another"], ["undo", "--list"], ["suggest", "note 1", "--dry-run"]]
)
def test_any_command_takes_back_what_was_broken_off(words: list[str], root: Path, tmp_path: Path) -> None:
    """The next command takes the change back before it looks at the notes, and says so in a line; the one after says nothing."""
    whole, _ = carried_out(root, BEFORE, CHANGES)
    make(root, BEFORE)
    child(lambda: carry_out(root, CHANGES), len(whole.calls) - 4)
    assert BEFORE != state(root)
    run = Runner(root, tmp_path / "home")
    assert "zettel: an interrupted change was undone: change everything\n" in run(*words).err
    assert BEFORE.items() <= state(root).items()
    assert "undone" not in run("list").err


STRACE = shutil.which("strace")
CHANGING = """
    open openat openat2 creat write writev pwrite64 pwritev fsync fdatasync sync syncfs link linkat unlink unlinkat rename renameat
    renameat2 mkdir mkdirat rmdir chmod fchmod fchmodat chown fchown lchown fchownat truncate ftruncate fallocate symlink symlinkat
    mknod mknodat utimensat utime utimes setxattr lsetxattr fsetxattr removexattr sendfile copy_file_range splice mmap
"""
NAMES = {
    "openat": "open",
    "linkat": "link",
    "unlinkat": "unlink",
    "renameat": "rename",
    "renameat2": "rename",
    "mkdirat": "mkdir",
    "replace": "rename",
    "exchange": "rename",
}


@pytest.mark.skipif(not STRACE, reason="strace is not installed")
def test_no_call_that_writes_is_missed(root: Path, tmp_path: Path) -> None:
    """The calls before which zettel is killed here are all by which, as strace sees it, it changes the notebook."""
    whole, _ = carried_out(root, BEFORE, CHANGES)
    make(root, BEFORE)
    code = f"""
from pathlib import Path
from tests.attacks.lab.harness import *
carry_out(Path({str(root)!r}), many(10)[1])
"""
    seen = tmp_path / "seen"
    known = ",".join(f"?{name}" for name in CHANGING.split())
    words = [str(STRACE), "-f", "-y", "-s", "0", "-o", str(seen), "-e", f"trace={known}", sys.executable, "-c", code]
    subprocess.run(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}, check=True)
    calls = []
    for line in seen.read_text().splitlines():
        name, _, rest = line.partition(" ")[2].strip().partition("(")
        is_reading = name in ("open", "openat") and not re.search("O_WRONLY|O_RDWR|O_CREAT", rest)
        if str(root) in rest and not is_reading and not (name == "mmap" and "PROT_WRITE" not in rest):
            calls.append(NAMES.get(name, name))
    assert [NAMES.get(name, name) for name in whole.calls] == calls


def test_points_are_moments() -> None:
    """A process is killed before each call, and in the middle of each write."""
    assert [(1, KILL), (2, KILL), (2, HALF), (3, KILL)] == list(points(["open", "write", "fsync"]))


def long_form(minutes: float) -> Iterator[Figures]:
    """A change of a hundred files, killed at every call."""
    until = time.monotonic() + minutes * 60
    tried = lost = 0
    with in_memory() as folder:
        for found in killed_everywhere(folder / "notes", *many(100)):
            tried, lost = tried + 1, lost + found.startswith("lost")
            if time.monotonic() > until:
                break
    yield Figures("a change of 100 files, killed before or within each call that writes", tried, lost)
