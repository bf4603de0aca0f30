"""Test disks that are full, out of inodes or read-only: nothing is lost, what cannot be done is reported, and reading still works.

The disks are real ones, small and in memory, mounted where only a child process sees them (`unshare`). This module is also the program that
the child runs: `KIND LEFT... -- WORDS...`, in a folder in which it mounts them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.attacks import Figures
from tests.attacks.lab.harness import State, create_notebook, read_state
from tests.conftest import Runner
from zettel.model.base.errors import DONE, IO, REFUSED

LONG = "Words of some length, so that a note takes more than one block of the disk. " * 120
NOTES = {
    "202401010900 Trust.md": "# Trust\n\nGrows by 202401010901 Promises and [[202401010902]].\n",
    "202401010901 Promises.md": f"# Promises\n\nWhat they carry: 202401010900 Trust, see [[202401010902 Words|words]].\n\n{LONG}\n",
    "202401010902 Words.md": f"# Words\n\n## One\n\nFirst of [[Trust]].\n\n## Two\n\nSecond of [[Promises]]. {LONG}\n",
    "deep/202401010903 Deep.md": "---\ntags: [inbox]\n---\n# Deep\n\n[Words](../202401010902%20Words.md) #inbox\n",
}
WRITING = (
    ("new", "A thought", "--body", LONG),
    ("append", "Trust", LONG),
    ("rename", "202401010900", "Trust is earned"),
    ("merge", "202401010900", "202401010902"),
    ("move", "202401010901", "deep"),
    ("delete", "202401010903"),
    ("split", "202401010902", "--all"),
    ("tag", "rename", "inbox", "later"),
    ("undo",),
)
"""Commands that write."""

READING = (("list",), ("links", "202401010900"), ("search", "trust"), ("path", "Trust", "Words"), ("graph", "--format", "json"))
"""Commands that only read."""

FULL, INODES, READ_ONLY = "full", "inodes", "read-only"

BLOCK = 4096


class DiskRun(NamedTuple):
    """How a command went on a disk with so much `left`, what it left there, and how the next command went."""

    left: int
    code: int
    stderr: str
    is_before: bool
    is_after: bool
    litter: list[str]
    next_code: int


def _can_mount() -> bool:
    words = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return bool(shutil.which("unshare")) and not subprocess.run(words, capture_output=True, check=False).returncode


needs_mounts = pytest.mark.skipif(not _can_mount(), reason="cannot mount a disk (unshare -rm)")


def run_on_disks(folder: Path, kind: str, left: Iterable[int], words: Iterable[str]) -> list[DiskRun]:
    """Run a command on disks that have so many blocks or inodes left."""
    return [DiskRun(*row) for row in _run_in_child(folder, kind, left, words)]


def _run_in_child(folder: Path, kind: str, left: Iterable[int], words: Iterable[str]) -> Any:
    child = ["unshare", "-rm", sys.executable, "-m", __name__, kind, *map(str, left), "--", *words]
    done = subprocess.run(child, cwd=folder, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout)


def _mount(folder: str, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=True)


def _mask_times(found: State) -> State:
    """Return a state in which all times are the same."""
    now = re.compile(rb"(?<!\d)20(?!24)(?:\d{10}|\d\d-\d\d-\d\d \d\d:\d\d)(?!\d)")
    return {now.sub(b"NOW", os.fsencode(path)).decode(): (mode, data and now.sub(b"NOW", data)) for path, (mode, data) in found.items()}


def _fill(disk: Path, kind: str, left: int) -> None:
    if kind == FULL:
        free = os.statvfs(disk)
        (disk / "filler").write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - left * BLOCK))
    elif kind == INODES:
        for number in range(max(0, os.statvfs(disk).f_ffree - left)):
            (disk / "fillers" / str(number)).touch()
    else:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)


def _free(disk: Path, kind: str) -> None:
    if kind == READ_ONLY:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    shutil.rmtree(disk / "fillers", ignore_errors=True)
    (disk / "filler").unlink(missing_ok=True)


def _run_on_disk(kind: str, left: int, words: list[str], after: State | None) -> tuple[DiskRun, State]:
    """Run a command on a disk of its own with so much left, or with room if `after`, the state that it should leave, is None."""
    disk, home = Path("disk").absolute(), Path("home").absolute()
    shutil.rmtree(home, ignore_errors=True)
    disk.mkdir(exist_ok=True)
    _mount(str(disk), "size=1m,nr_inodes=200")
    (disk / "fillers").mkdir()
    run = Runner(disk / "notes", home)
    create_notebook(
        run.folder, {"deep": (0o755, None), ".zettel": (0o755, None)} | {path: (0o644, text.encode()) for path, text in NOTES.items()}
    )
    if words == ["undo"]:
        run("rename", "Trust", "Trust is earned")
    before = _mask_times(read_state(run.folder))
    if after is not None:
        _fill(disk, kind, left)
    result = run(*words)
    _free(disk, kind)
    following = run("list", "--format", "ids")
    found = _mask_times(read_state(run.folder))
    litter = [file.name for file in run.folder.rglob(".zettel-*.tmp")]
    litter += ["pending"] if (run.folder / ".zettel/journal/pending").exists() else []
    subprocess.run(["umount", disk], check=True)
    return DiskRun(left, result.code, result.err, found == before, found == after, litter, following.code), found


def _read_on_disk(kind: str, lefts: Iterable[int]) -> list[tuple[str, int, str, bool]]:
    """Run commands whose cache is on a disk with so much left: (command, exit code, stderr, whether the answer was right) each."""
    disk = Path("disk").absolute()
    disk.mkdir(exist_ok=True)
    create_notebook(
        Path("notes"), {"deep": (0o755, None), ".zettel": (0o755, None)} | {path: (0o644, text.encode()) for path, text in NOTES.items()}
    )
    usual, tight = Runner(Path("notes").absolute(), Path("home").absolute()), Runner(Path("notes").absolute(), disk)
    answers = [usual(*words).out for words in READING]
    found = []
    for left in lefts:
        _mount(str(disk), "size=1m,nr_inodes=200")
        (disk / "fillers").mkdir()
        _fill(disk, kind, left)
        for words, answer in zip(READING, answers, strict=True):
            result = tight(*words)
            found.append((words[0], result.code, result.err, result.out == answer))
        subprocess.run(["umount", disk], check=True)
    return found


def main() -> None:
    """Run as the child process."""
    Runner.with_processes = True  # since the point is what a full disk does to a process
    kind, *rest = sys.argv[1:]
    if rest[-1] == "read":
        print(json.dumps(_read_on_disk(kind, map(int, rest[:-2]))))
        return
    place = rest.index("--")
    words = rest[place + 1 :]
    usual, after = _run_on_disk(kind, 0, words, None)
    assert DONE == usual.code, usual
    print(json.dumps([_run_on_disk(kind, left, words, after)[0] for left in map(int, rest[:place])]))


def _find_faults(ran: DiskRun) -> list[str]:
    """List what is wrong with how a command went."""
    found = []
    if ran.code not in (DONE, REFUSED, IO):
        found.append(f"exit code {ran.code}: {ran.stderr}")
    if ran.code and not ran.stderr.startswith("zettel: error: "):
        found.append(f"not an error message: {ran.stderr}")
    if not (ran.is_after if ran.code == DONE else ran.is_before):
        found.append("the notebook is neither as before nor as after")
    if ran.litter or ran.next_code:
        found.append(f"left {ran.litter}; the next command ended with {ran.next_code}")
    return found


@needs_mounts
@pytest.mark.parametrize(
    ("words", "kind", "left"),
    [
        (WRITING[0], FULL, (0, 1)),
        (WRITING[1], FULL, (2,)),
        (WRITING[2], FULL, (4,)),
        (WRITING[2], READ_ONLY, (0,)),
        (WRITING[3], INODES, (2,)),
        (WRITING[-1], FULL, (1,)),
    ],
    ids=lambda given: given if isinstance(given, str) else given[0],
)
def test_command_without_room_changes_nothing(words: tuple[str, ...], kind: str, left: tuple[int, ...], tmp_path: Path) -> None:
    """A command for which the disk has no room says so and changes nothing, and once there is room the next one works."""
    assert {} == {ran.left: faults for ran in run_on_disks(tmp_path, kind, left, words) if (faults := _find_faults(ran))}


@needs_mounts
@pytest.mark.parametrize(("kind", "left"), [(FULL, (0,)), (READ_ONLY, (0,))])
def test_reading_works_without_room_for_the_cache(kind: str, left: tuple[int, ...], tmp_path: Path) -> None:
    """If the cache has no room, or cannot be written at all, every answer is right, with at most one line about it."""
    for name, code, stderr, is_right in _run_in_child(tmp_path, kind, left, ["read"]):
        assert (DONE, True) == (code, is_right), (name, stderr)
        assert stderr.count("\n") <= 1, (name, stderr)
        assert stderr == "" or stderr.startswith("zettel: "), (name, stderr)


def long_form(_minutes: float) -> Iterable[Figures]:
    """Run every command that writes with every number of blocks and inodes left."""
    import tempfile

    for kind, left in ((FULL, range(45)), (INODES, range(20))):
        with tempfile.TemporaryDirectory() as folder:
            rows = [(words, ran) for words in WRITING for ran in run_on_disks(Path(folder), kind, left, words)]
        bad = [(words[0], ran.left, _find_faults(ran)) for words, ran in rows if _find_faults(ran)]
        refused = sum(ran.code != DONE for _, ran in rows)
        yield Figures(
            f"{len(WRITING)} commands on a disk that is {'full' if kind == FULL else 'out of inodes'}",
            len(rows),
            len(bad),
            f"{refused} refused {bad[:3] or ''}",
        )

    with tempfile.TemporaryDirectory() as folder:
        rows = [
            row
            for kind, left in ((FULL, range(0, 60, 2)), (INODES, range(10)))
            for row in _run_in_child(Path(folder), kind, left, ["read"])
        ]
    bad = [row for row in rows if row[1] != DONE or not row[3]]
    yield Figures(f"{len(READING)} commands whose cache is on such a disk", len(rows), len(bad), f"{bad[:3] or ''}")


if __name__ == "__main__":
    main()
