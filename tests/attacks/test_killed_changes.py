"""Test that the notebook is whole, and as before or as after a change, whatever happens to zettel while it writes."""

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
    State,
    build_large_change,
    carry_out,
    create_notebook,
    kill_at_every_call,
    list_kill_points,
    memory_folder,
    open_notebook,
    read_state,
    run_change,
    run_in_child,
    sample_moments,
    undo_last_change,
)
from tests.conftest import ROOT, Runner
from zettel.adapters.fs.files import JOURNAL, PENDING
from zettel.commands import undo
from zettel.model.edit.changes import Changes, FileEdit
from zettel.session import GlobalOptions, Session

BEFORE, CHANGES = build_large_change(10)  # every kind of change once


@pytest.fixture
def root() -> Iterator[Path]:
    """The folder in which a notebook is created."""
    with memory_folder() as folder:
        yield folder / "notes"


@pytest.mark.sampled
def test_killed_change_is_complete_or_undone(root: Path) -> None:
    """A change killed before any call that writes, or halfway through a write, is complete, or the next zettel undoes it."""
    assert {"before", "after"} == set(
        kill_at_every_call(root, BEFORE, CHANGES, lambda moments: sample_moments(moments, "kills of a change"))
    )


def test_killed_answer_is_complete_or_undone(root: Path) -> None:
    """A link that is inserted with its review, in a list that is not UTF-8, is complete or undone, wherever zettel is killed."""
    before: State = {
        "a.md": (0o644, b"# A\n"),
        ".zettel": (0o755, None),
        ".zettel/reviewed": (0o640, b"# mine\n\xff\r\na.md\t2025-01-01\t2"),
    }
    reviewed = before[".zettel/reviewed"][1]
    changes = Changes((FileEdit("a.md", b"# A\n", b"# A\n\nSee B.\n"), FileEdit(".zettel/reviewed", reviewed, b"a.md\t2026-01-01\t3\n")))
    assert {"before", "after"} == set(kill_at_every_call(root, before, changes))


@pytest.mark.sampled
def test_killed_undo_is_complete_or_repeatable(root: Path) -> None:
    """An undo killed at any call is complete and can be redone, or the change is there and can be undone."""
    _, after = run_change(root, BEFORE, CHANGES)
    whole = run_in_child(lambda: undo_last_change(root))
    found = set()
    for number, how in sample_moments(list_kill_points(whole.calls), "kills of an undo"):
        run_change(root, BEFORE, CHANGES)
        run_in_child(lambda: undo_last_change(root), number, how)
        run_in_child(lambda: open_notebook(root) and None)
        now = read_state(root)
        assert now in (BEFORE, after), (number, how, whole.calls[number - 1])
        found.add(is_undone := now == BEFORE)
        run_in_child(lambda: undo.run(Session(GlobalOptions(notebook=str(root))), redo=is_undone) and None)
        assert (after if is_undone else BEFORE) == read_state(root)
    assert {True, False} == found


@pytest.mark.sampled
def test_killed_recovery_is_completed(root: Path) -> None:
    """A recovery may be killed at any call itself, and the next zettel completes it."""
    whole, _ = run_change(root, BEFORE, CHANGES)

    def interrupt_change(number: int, how: str) -> None:
        create_notebook(root, BEFORE)
        run_in_child(lambda: carry_out(root, CHANGES), number, how)

    last = len(whole.calls) - 1  # all files are changed, but the change is not finished
    interrupt_change(last, KILL)
    recovery = run_in_child(lambda: open_notebook(root) and None)
    for number, how in sample_moments(list_kill_points(recovery.calls), "kills of a recovery"):
        interrupt_change(last, KILL)
        run_in_child(lambda: open_notebook(root) and None, number, how)
        run_in_child(lambda: open_notebook(root) and None)
        assert BEFORE == read_state(root), (number, how)


@pytest.mark.sampled
@pytest.mark.parametrize("how", [INTERRUPT, FULL])
def test_interrupted_change_leaves_nothing_half_done(how: str, root: Path) -> None:
    """After Ctrl-C or with a full disk at any call, nothing is half done and nothing is left for the next zettel to undo."""
    whole, after = run_change(root, BEFORE, CHANGES)
    for number, name in sample_moments(enumerate(whole.calls, 1), f"{how} in a change"):
        create_notebook(root, BEFORE)
        ran = run_in_child(lambda: carry_out(root, CHANGES), number, how)
        assert read_state(root) in ([after] if ran.ran_to_end else [BEFORE, after]), (number, name)
        assert not (root / PENDING).exists()
        shutil.rmtree(root / JOURNAL, ignore_errors=True)
    undoing = run_in_child(lambda: undo_last_change(root))  # undo the change interrupted last
    for number, name in sample_moments(enumerate(undoing.calls, 1), f"{how} in an undo"):
        run_change(root, BEFORE, CHANGES)
        ran = run_in_child(lambda: undo_last_change(root), number, how)
        assert read_state(root) in ([BEFORE] if ran.ran_to_end else [BEFORE, after]), (number, name)
        assert not (root / PENDING).exists()


@pytest.mark.parametrize(
    "words", [["list"], ["search", "note"], ["new", "Another"], ["undo", "--list"], ["suggest", "note 1", "--dry-run"]]
)
def test_any_command_undoes_an_interrupted_change(words: list[str], root: Path, tmp_path: Path) -> None:
    """The next command undoes an interrupted change before it reads the notes, and says so in one line. The one after says nothing."""
    whole, _ = run_change(root, BEFORE, CHANGES)
    create_notebook(root, BEFORE)
    run_in_child(lambda: carry_out(root, CHANGES), len(whole.calls) - 4)
    assert BEFORE != read_state(root)
    run = Runner(root, tmp_path / "home")
    assert "zettel: an interrupted change was undone: change everything\n" in run(*words).err
    assert BEFORE.items() <= read_state(root).items()
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
def test_no_writing_call_is_missed(root: Path, tmp_path: Path) -> None:
    """The calls before which these tests kill zettel are all those by which, as strace sees it, zettel changes the notebook."""
    whole, _ = run_change(root, BEFORE, CHANGES)
    create_notebook(root, BEFORE)
    code = f"""
from pathlib import Path
from tests.attacks.lab.harness import *
carry_out(Path({str(root)!r}), build_large_change(10)[1])
"""
    trace = tmp_path / "trace"
    known = ",".join(f"?{name}" for name in CHANGING.split())
    words = [str(STRACE), "-f", "-y", "-s", "0", "-o", str(trace), "-e", f"trace={known}", sys.executable, "-c", code]
    subprocess.run(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}, check=True)
    calls = []
    for line in trace.read_text().splitlines():
        name, _, rest = line.partition(" ")[2].strip().partition("(")
        is_reading = name in ("open", "openat") and not re.search("O_WRONLY|O_RDWR|O_CREAT", rest)
        if str(root) in rest and not is_reading and not (name == "mmap" and "PROT_WRITE" not in rest):
            calls.append(NAMES.get(name, name))
    assert [NAMES.get(name, name) for name in whole.calls] == calls


def test_kill_points_are_calls_and_half_writes() -> None:
    """A process is killed before each call and halfway through each write."""
    assert [(1, KILL), (2, KILL), (2, HALF), (3, KILL)] == list(list_kill_points(["open", "write", "fsync"]))


def long_form(minutes: float) -> Iterator[Figures]:
    """Kill a change of a hundred files at every call."""
    until = time.monotonic() + minutes * 60
    tried = lost = 0
    with memory_folder() as folder:
        for found in kill_at_every_call(folder / "notes", *build_large_change(100)):
            tried, lost = tried + 1, lost + found.startswith("lost")
            if time.monotonic() > until:
                break
    yield Figures("a change of 100 files, killed before or within each call that writes", tried, lost)
