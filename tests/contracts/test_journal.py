"""The journal keeps its promises: refused in time, never over anybody's bytes, and careful with what it is given."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attacks.lab.harness import State, carried_out, carry_out, child, make, opened, state, take_back
from tests.conftest import ROOT, Runner
from zettel.adapters.fs import atomic
from zettel.adapters.fs.files import JOURNAL, PENDING, hash_bytes
from zettel.adapters.journal import journal, log
from zettel.adapters.journal import names as journal_names
from zettel.commands import undo
from zettel.model.base.errors import Refused, Unreadable, ZettelError
from zettel.model.edit.changes import Changes, FileEdit, FileMove
from zettel.notebook.notebook import OpenNotebook
from zettel.session import GlobalOptions, Session

NOTES: State = {
    "a.md": (0o644, b"# A\n"),
    "b.md": (0o640, b"# B\n"),
    "deep": (0o755, None),
    "deep/c.md": (0o644, b"# C\n"),
    ".zettel": (0o755, None),
}
BOTH = Changes((FileEdit("a.md", b"# A\n", b"# Aa\n"), FileEdit("b.md", b"# B\n", b"# Bb\n")))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small notebook."""
    make(tmp_path / "notes", NOTES)
    return tmp_path / "notes"


def edit(path: str, before: bytes | None, after: bytes | None) -> Changes:
    """A change of one file, after one that is fine."""
    return Changes((FileEdit("a.md", b"# A\n", b"# Aa\n"), FileEdit(path, before, after)))


REFUSED = {
    "it has changed": edit("b.md", b"# Not B\n", b"x"),
    "it is gone": edit("z.md", b"# Z\n", b"x"),
    "it has changed, so it is not removed": edit("b.md", b"# Not B\n", None),
    "there is one": edit("b.md", None, b"x"),
    "there is one in a folder": edit("deep/c.md", None, b"x"),
    "there is one where it is to go": Changes(BOTH.edits, (FileMove("deep/c.md", "b.md"),)),
    "two are to go there": Changes(BOTH.edits, (FileMove("a.md", "z.md"), FileMove("b.md", "z.md"))),
    "it is not there to be moved": Changes(BOTH.edits, (FileMove("z.md", "y.md"),)),
    "it is where it is": Changes(BOTH.edits, (FileMove("a.md", "a.md"),)),
    "a folder is no note": Changes(BOTH.edits, (FileMove("deep", "deeper"),)),
    "a note is no folder": edit("a.md/d.md", None, b"x"),
    "it leads out": edit("../z.md", None, b"x"),
    "it leads out from below": edit("deep/../../z.md", None, b"x"),
    "it leads out from the top": edit("/tmp/z.md", None, b"x"),
    "it leads nowhere": edit("deep//z.md", None, b"x"),
    "it has no name": edit("deep/", None, b"x"),
    "it has a NUL in it": edit("z\0.md", None, b"x"),
    "it is hidden": edit(".z.md", None, b"x"),
    "it is in a hidden folder": edit(".git/hooks/z", None, b"x"),
    "it is in a folder that is hidden below": edit("deep/.zettel/z", None, b"x"),
    "it is the journal's": edit(f"{JOURNAL}/1234567890123456", None, b"x"),
    "it moves out": Changes(BOTH.edits, (FileMove("deep/c.md", "../c.md"),)),
}


def test_what_is_said_of_a_change_may_be_of_any_length(root: Path) -> None:
    """A change with the longest title can be listed, and taken back after a crash."""
    opened(root).carry_out(BOTH, f'delete "{"t" * journal_names.MAX_HEAD_BYTES}"')
    (entry,) = log.list_entries(root)
    assert not entry.is_damaged
    atomic.replace_file(root, f"{JOURNAL}/{entry.name}", PENDING)
    opened(root)
    assert b"# A\n" == (root / "a.md").read_bytes()


def test_more_folders_than_can_be_written_down_are_refused(root: Path) -> None:
    """Folders whose names would not fit into the line with which a change begins are not made, since a crash could not be mended."""
    before = state(root)
    with pytest.raises(Refused):
        carry_out(root, Changes((), (FileMove("a.md", "d/" * 2000 + "a.md"),)))
    assert before == state(root)


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
def test_refused_before_anything_is_written(changes: Changes, root: Path) -> None:
    """A change of which one file cannot be changed changes none, and there is nothing to take back then."""
    with pytest.raises((Refused, Unreadable)):
        journal.apply_changes(str(root), changes, "change")
    assert NOTES == state(root)
    assert [] == log.list_entries(str(root))
    assert not (root / PENDING).exists()


@pytest.mark.parametrize("data", [b"\xff\xfea\0", b"# Caf\xe9\n"])
def test_what_is_not_utf8_is_never_rewritten(data: bytes, root: Path) -> None:
    """A note that is not UTF-8 is refused by name; it may be moved."""
    (root / "b.md").write_bytes(data)
    before = state(root)
    with pytest.raises(Refused, match=r"b\.md"):
        journal.apply_changes(str(root), edit("b.md", data, b"x"), "change")
    assert before == state(root)
    journal.apply_changes(str(root), Changes((), (FileMove("b.md", ".zettel/trash/b.md"),)), "delete")
    assert data == (root / ".zettel/trash/b.md").read_bytes()


def test_no_symbolic_link_is_followed(root: Path, tmp_path: Path) -> None:
    """Neither a note nor a folder that is a symbolic link is written through, wherever it leads."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.md").write_bytes(b"x")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "in").symlink_to(root / "deep")
    (root / "link.md").symlink_to(root / "b.md")
    for changes in (
        edit("out/x.md", b"x", b"y"),
        edit("out/y.md", None, b"y"),
        edit("in/c.md", b"# C\n", b"y"),
        edit("link.md", b"# B\n", b"y"),
        Changes((), (FileMove("link.md", "z.md"),)),
        Changes((), (FileMove("a.md", "out/a.md"),)),
    ):
        with pytest.raises((Refused, Unreadable)):
            journal.apply_changes(str(root), changes, "change")
    assert (b"# A\n", b"# B\n", b"# C\n") == tuple((root / path).read_bytes() for path in ("a.md", "b.md", "deep/c.md"))
    assert ["x.md"] == os.listdir(tmp_path / "outside")


def test_what_is_written_meanwhile_is_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that an editor saves while others are being changed keeps what was saved, and all else is taken back."""
    exchanged = atomic.exchange_names

    def saving(folder: str, one: str, other: str) -> bool:
        is_done = exchanged(folder, one, other)
        if other == "a.md" and not saved:
            saved.append(other)
            (root / "b.md").write_bytes(b"# Saved\n")
        return is_done

    saved: list[str] = []
    monkeypatch.setattr(atomic, "exchange_names", saving)
    with pytest.raises(Refused, match=r"undone: change; not restored because changed since: b\.md"):
        journal.apply_changes(str(root), BOTH, "change")
    assert {**NOTES, "b.md": (0o640, b"# Saved\n")} == state(root)


def broken_off(root: Path, changes: Changes = BOTH, *, before: str = "replace", number: int = -1) -> None:
    """Break a change off before the last call of a name (by default: when all files are changed, but it is not done)."""
    calls = carried_out(root, NOTES, changes)[0].calls
    make(root, NOTES)
    at = [at for at, name in enumerate(calls, 1) if name == before][number]
    child(lambda: carry_out(root, changes), at)
    assert (root / PENDING).exists()


def test_what_was_changed_since_a_crash_is_left_alone(root: Path) -> None:
    """A file that is neither as before nor as after a broken change stays, is named, and what it was before is kept in the journal."""
    broken_off(root)
    (root / "b.md").write_bytes(b"# My own\n")
    run = Runner(root, root.parent / "home")
    said = run("list").err
    assert said.startswith("zettel: an interrupted change was undone: change everything; not restored because changed since: b.md")
    assert {**NOTES, "b.md": (0o640, b"# My own\n")} == state(root)
    (kept,) = (root / JOURNAL).glob("*.broken-off")
    assert kept.read_bytes().endswith(b"# A\n# B\n")
    assert "" == run("list").err


@pytest.mark.parametrize("theirs", ["b.md", "made.md", "c.md", "deep/c.md"])
def test_nobodys_file_is_destroyed_by_taking_back(theirs: str, root: Path) -> None:
    """Whatever file somebody makes or replaces after a crash has its bytes afterwards."""
    changes = Changes((*BOTH.edits, FileEdit("made.md", None, b"# Made\n")), (FileMove("deep/c.md", "c.md"),))
    broken_off(root, changes)
    (root / theirs).write_bytes(b"# Theirs\n")
    child(lambda: opened(root) and None)
    assert b"# Theirs\n" in [data for _, data in state(root).values()]
    assert b"# C\n" in [data for _, data in state(root).values()] or theirs == "c.md"
    assert not (root / PENDING).exists()


def test_a_folder_in_the_place_of_a_note_is_left_alone(root: Path) -> None:
    """Where there is no file any more but a folder of that name, it stays, and the rest is taken back."""
    broken_off(root)
    (root / "b.md").unlink()
    (root / "b.md").mkdir()
    child(lambda: opened(root) and None)
    assert {**NOTES, "b.md": (0o755, None)} == state(root)


def test_a_change_in_a_copy_is_not_taken_back_by_itself(root: Path, tmp_path: Path) -> None:
    """What is under way in a notebook, and seen in a copy (a synced folder, a clone), is left alone there until undo is typed."""
    broken_off(root)
    subprocess.run(["cp", "-r", root, tmp_path / "copy"], check=True)
    before = state(tmp_path / "copy")
    run = Runner(tmp_path / "copy", tmp_path / "home")
    assert "undo it with: zettel undo" in run("list").err
    refused = run("new", "Thought", "--link-from", "a.md")
    assert (5, True) == (refused.code, "zettel undo" in refused.err)
    assert before == state(tmp_path / "copy")
    assert (0, "undone: change everything\n") == run("undo")[:2]
    assert NOTES == state(tmp_path / "copy")
    moved = root.rename(tmp_path / "elsewhere")
    assert "an interrupted change was undone" in Runner(moved, tmp_path / "home")("list").err
    assert NOTES == state(moved)


HOSTILE = [
    b"",
    b"{}",
    b"[]\n[]\n",
    b"\xff\xfe\n\n",
    b"[" * 100_000,
    b'{"version": 2}\n[]\n',
    b'{"version": 1, "name": "1", "done": "x", "files": 1, "folders": [1], "is_undone": false, "inode": 1}\n[]\n',
]


@pytest.mark.parametrize("data", HOSTILE)
def test_a_damaged_journal(data: bytes, root: Path) -> None:
    """A journal that says nothing sensible is said to be damaged; notes are read all the same, and nothing is written."""
    (root / JOURNAL).mkdir(parents=True)
    (root / JOURNAL / "1234567890123456").write_bytes(data)
    run = Runner(root, root.parent / "home")
    undone, listed = run("undo"), run("undo", "--list")
    assert (6, "") == (undone.code, undone.out)
    assert "1234567890123456 is damaged" in undone.err
    assert (0, True) == (listed.code, "damaged" in listed.out)
    (root / PENDING).write_bytes(data)
    listed, refused = run("list"), run("new", "Thought", "--link-from", "a.md")
    assert (0, 5) == (listed.code, refused.code)
    assert NOTES == state(root)


@pytest.mark.parametrize(
    "step",
    [
        {"path": ".git/hooks/pre-commit"},
        {"path": "../x.md"},
        {"path": "/tmp/x.md"},
        {"path": "out/x.md"},
        {"path": f"{JOURNAL}/x"},
        {"path": "a.md", "to": "../x.md"},
        {"path": 3},
    ],
)
def test_a_journal_that_came_with_a_notebook(step: dict[str, object], root: Path, tmp_path: Path) -> None:
    """A journal that somebody made up makes zettel write nowhere but where notes lie."""
    (root / ".git" / "hooks").mkdir(parents=True)
    (root / "out").symlink_to(tmp_path)
    (root / JOURNAL).mkdir()
    inode = (root / JOURNAL).stat().st_ino
    told = {"to": None, "size": 2, "before": hash_bytes(b"hi"), "after": None, "mode": 0o4777, **step}
    head = {"version": 1, "name": "1" * 16, "done": "x", "files": 1, "folders": [], "is_undone": False, "inode": inode}
    data = f"{json.dumps(head)}\n{json.dumps([told, told])}\nhihi".encode()
    (root / PENDING).write_bytes(data)
    (root / JOURNAL / ("1" * 16)).write_bytes(data)
    before = state(tmp_path)
    run = Runner(root, tmp_path / "home")
    assert (0, True) == ((listed := run("list")).code, "cannot be undone yet" in listed.err)
    assert run("undo").code in (5, 6)
    (root / PENDING).unlink()
    assert run("undo").code in (5, 6)
    after = {path: found for path, found in state(tmp_path).items() if not path.startswith("home") and JOURNAL not in path}
    assert {path: found for path, found in before.items() if JOURNAL not in path} == after


def test_two_writers_take_turns(root: Path) -> None:
    """Several processes that change the same notes at once change them one after the other; each change is whole and can be taken back."""
    code = """
import sys
from pathlib import Path
from zettel.commands import undo
from zettel.model.edit.changes import Changes, FileEdit
from zettel.session import GlobalOptions, Session
notebook = Session(GlobalOptions(notebook=sys.argv[1])).open_notebook()
for number in range(10):
    with notebook.lock():
        notebook.refresh()
        before = {path: notebook.read_bytes(path) for path in ("a.md", "b.md", "deep/c.md")}
        line = f"- {sys.argv[2]} {number}\\n".encode()
        notebook.carry_out(Changes(tuple(FileEdit(path, data, data + line) for path, data in before.items())), "append")
"""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [subprocess.Popen([sys.executable, "-c", code, str(root), str(writer)], env=environ) for writer in range(4)]
    assert [0, 0, 0, 0] == [writer.wait() for writer in writers]
    lines = {path: data.decode().splitlines()[1:] for path, (_, data) in state(root).items() if data is not None}
    assert 40 == len(lines["a.md"])
    assert lines["a.md"] == lines["b.md"] == lines["deep/c.md"]
    assert sorted(f"- {writer} {number}" for writer in range(4) for number in range(10)) == sorted(lines["a.md"])
    for _ in range(40):
        work = journal.plan_undo(str(root))
        assert work
        journal.apply_journaled(str(root), work)
    assert NOTES == state(root)


def test_who_reads_waits_for_who_writes(root: Path, tmp_path: Path) -> None:
    """A change that another zettel is still at is not taken for one that was broken off."""
    code = """
import os, sys, time
from zettel.adapters.fs import atomic
from zettel.commands import undo
from zettel.model.edit.changes import Changes, FileEdit
from zettel.session import GlobalOptions, Session
def slow(*_):
    print("under way", flush=True)
    time.sleep(1)
atomic.sync_folder = slow
notebook = Session(GlobalOptions(notebook=sys.argv[1])).open_notebook()
open(f"{sys.argv[1]}/.zettel/journal/.gitignore", "x").close()
notebook.carry_out(Changes((FileEdit("a.md", b"# A\\n", b"# Aa\\n"),)), "change")
"""
    (root / JOURNAL).mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", code, str(root)], env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout
        writer.stdout.readline()
        assert (root / PENDING).exists()
        seen = Runner(root, tmp_path / "home")("show", "a.md")
        assert 0 == writer.wait()
    assert ("# Aa\n", "") == (seen.out, seen.err)


def test_without_hard_links(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system that knows no hard links files are made and moved as well, never over one that is there."""

    def link(_old: str, _new: str, **_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", link)
    changes = Changes((FileEdit("new.md", None, b"# New\n"),), (FileMove("a.md", "z.md"),))
    journal.apply_changes(str(root), changes, "change")
    after = {**NOTES, "new.md": (0o644, b"# New\n"), "z.md": NOTES["a.md"]}
    del after["a.md"]
    assert after == state(root)
    with pytest.raises(FileExistsError):
        atomic.rename_no_replace(str(root), "z.md", "new.md")
    work = journal.plan_undo(str(root))
    assert work
    journal.apply_journaled(str(root), work)
    assert NOTES == state(root)
    calls = child(lambda: carry_out(root, changes)).calls
    for number in range(1, len(calls) + 1):
        make(root, NOTES)
        child(lambda: carry_out(root, changes), number)
        child(lambda: opened(root) and None)
        assert state(root) in (NOTES, after), number


def without_letter_case() -> None:
    """Make the system calls used here what they are on a file system that takes `a` and `A` for the same."""

    def there(path: str, folder: int | None) -> str:
        if folder is not None:
            return next((found for found in names(folder) if found.lower() == path.lower()), path)
        above, name = os.path.split(path)
        return next((os.path.join(above, found) for found in os.listdir(above or ".") if found.lower() == name.lower()), path)

    def names(folder: int) -> list[str]:
        return os.listdir(f"/proc/self/fd/{folder}")

    def wrapped(real: Callable[..., object]) -> Callable[..., object]:
        return lambda path, *words, dir_fd=None: real(there(path, dir_fd), *words, dir_fd=dir_fd)

    def link(old: str, new: str, *, src_dir_fd: int | None, dst_dir_fd: int | None, follow_symlinks: bool) -> None:
        try:
            os.lstat(new, dir_fd=dst_dir_fd)
        except FileNotFoundError:
            real_link(there(old, src_dir_fd), new, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd, follow_symlinks=follow_symlinks)
        else:
            raise FileExistsError(17, "File exists", old, None, new)

    def rename(old: str, new: str, *, src_dir_fd: int | None, dst_dir_fd: int | None) -> None:
        real_rename(there(old, src_dir_fd), new, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    real_link, real_rename = os.link, os.rename
    for name in ("lstat", "open", "unlink"):
        setattr(os, name, wrapped(getattr(os, name)))
    os.link, os.rename = link, rename  # type: ignore[assignment]


def test_only_the_letter_case_of_a_name_changes(root: Path) -> None:
    """Where letter case does not tell files apart, a note's name may change in it alone, and change back; another's stays taken."""
    changes = Changes((FileEdit("a.md", b"# A\n", b"# Aa\n"),), (FileMove("a.md", "A.md"),))
    after = {**NOTES, "A.md": (0o644, b"# Aa\n")}
    del after["a.md"]

    def rename() -> None:
        without_letter_case()
        carry_out(root, changes)

    def take() -> None:
        without_letter_case()
        carry_out(root, Changes((), (FileMove("A.md", "B.md"),)))

    def undone() -> None:
        without_letter_case()
        take_back(root)

    def recovered() -> None:
        without_letter_case()
        opened(root)

    opened(root)
    calls = child(rename).calls
    assert after == state(root)
    assert not child(take).is_whole
    assert after == state(root)
    assert child(undone).is_whole
    assert NOTES == state(root)
    for number in range(1, len(calls) + 1):
        make(root, NOTES)
        child(rename, number)
        child(recovered)
        assert state(root) in (NOTES, after), (number, calls[number - 1])


def test_the_last_changes_are_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many changes and bytes are kept, always the last one; and what was taken back goes when something else is done."""
    monkeypatch.setattr(journal_names, "MAX_ENTRIES", 3)
    for number in range(5):
        journal.apply_changes(str(root), Changes((FileEdit(f"{number}.md", None, b"x"),)), f"change {number}")
    assert ["change 4", "change 3", "change 2"] == [entry.summary for entry in log.list_entries(str(root))]
    work = journal.plan_undo(str(root))
    assert work
    journal.apply_journaled(str(root), work)
    assert [True, False, False] == [entry.is_undone for entry in log.list_entries(str(root))]
    journal.apply_changes(str(root), Changes((FileEdit("5.md", None, b"x"),)), "change 5")
    assert ["change 5", "change 3", "change 2"] == [entry.summary for entry in log.list_entries(str(root))]
    monkeypatch.setattr(log, "MAX_JOURNAL_BYTES", 1)
    journal.apply_changes(str(root), Changes((FileEdit("6.md", None, b"x"),)), "change 6")
    assert ["change 6"] == [entry.summary for entry in log.list_entries(str(root))]


def test_the_clock_may_go_backwards(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order of changes is that in which they were made, whatever the clock says."""
    for moment in (2 * 10**18, 1 * 10**18):
        monkeypatch.setattr(time, "time_ns", lambda moment=moment: moment)
        journal.apply_changes(str(root), Changes((FileEdit(f"{moment}.md", None, b"x"),)), f"at {moment}")
    assert [f"at {10**18}", f"at {2 * 10**18}"] == [entry.summary for entry in log.list_entries(str(root))]


def test_errors_name_what_could_not_be_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that cannot be written is named, and nothing is changed."""
    exchanged = atomic.exchange_names

    def refused(folder: str, one: str, other: str) -> bool:
        if other == "b.md":
            raise PermissionError(13, "Permission denied", f"{folder}/{one}", None, f"{folder}/{other}")
        return exchanged(folder, one, other)

    monkeypatch.setattr(atomic, "exchange_names", refused)
    with pytest.raises(Unreadable, match=r"^b\.md cannot be written: Permission denied"):
        journal.apply_changes(str(root), BOTH, "change")
    assert NOTES == state(root)


def test_ctrl_c(root: Path, tmp_path: Path) -> None:
    """Ctrl-C in the middle of a change takes it back."""
    code = """
import os, signal, sys
from zettel.adapters.fs import atomic
from zettel.adapters.journal import journal
from zettel.commands import undo
from zettel.model.edit.changes import Changes, FileEdit
signal.signal(signal.SIGINT, signal.default_int_handler)
real = atomic.exchange_names
def exchange_names(folder, one, other):
    is_done = real(folder, one, other)
    if other == "a.md":
        atomic.exchange_names = real
        os.kill(os.getpid(), signal.SIGINT)
    return is_done
atomic.exchange_names = exchange_names
journal.apply_changes(sys.argv[1], Changes((FileEdit("a.md", b"# A\\n", b"# Aa\\n"), FileEdit("b.md", b"# B\\n", b"# Bb\\n"))), "change")
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(root)], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert -signal.SIGINT == done.returncode
    assert NOTES == state(root)
    assert not (root / PENDING).exists()


def test_what_cannot_be_recovered_now_is_recovered_later(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a broken change cannot be taken back (a read-only place) that is said, notes are read, and it is done once it can be."""
    broken_off(root)
    half = state(root)
    said: list[str] = []
    notebook = OpenNotebook(str(root), Session(GlobalOptions(notebook=str(root))).settings, {}, said.append, in_memory=True)
    with monkeypatch.context() as patched:
        for name in ("open", "unlink", "replace", "link"):
            patched.setattr(os, name, refusing(name))
        notebook.recover()
        with pytest.raises(Unreadable, match="Read-only file system"):
            undo.run(Session(GlobalOptions(notebook=str(root))))
        with pytest.raises(Refused, match="has not been undone yet"):
            notebook.carry_out(BOTH, "change")
    assert half == state(root)
    assert said[0].startswith("an interrupted change cannot be undone yet: b.md cannot be written: Read-only file system")
    with monkeypatch.context() as patched:
        patched.setattr(log, "is_pending_local", refusing("open", always=True))
        notebook.recover()
    assert "cannot be read: Read-only file system" in said[-1]
    notebook.recover()
    assert "an interrupted change was undone: change everything" == said[-1]
    assert NOTES == state(root)


def refusing(name: str, *, always: bool = False) -> Callable[..., object]:
    """A function of `os` as it is on a file system that is mounted for reading only."""
    real = getattr(os, name)

    def call(*words: object, **named: object) -> object:
        if always or name != "open" or int(str(words[1])) & (os.O_WRONLY | os.O_CREAT):
            raise OSError(30, "Read-only file system")
        return real(*words, **named)

    return call


def test_no_error_but_ours_leaves(root: Path) -> None:
    """Whatever is refused is refused in words."""
    for changes in REFUSED.values():
        with pytest.raises(ZettelError) as caught:
            journal.apply_changes(str(root), changes, "change")
        assert caught.value.message
        assert caught.value.hint
