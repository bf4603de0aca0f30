"""Test that the journal refuses in time, never overwrites anybody's bytes, and does not trust what it reads."""

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

from tests.attacks.lab.harness import (
    State,
    carry_out,
    create_notebook,
    open_notebook,
    read_state,
    run_change,
    run_in_child,
    undo_last_change,
)
from tests.conftest import ROOT, Runner
from zettel.adapters.fs import atomic
from zettel.adapters.fs.files import JOURNAL, PENDING, hash_bytes
from zettel.adapters.journal import journal, log
from zettel.adapters.journal import names as journal_names
from zettel.commands import undo
from zettel.model.base.errors import Refused, Unreadable, ZettelError
from zettel.model.edit.changes import Changes, FileCopy, FileEdit, FileMove
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
    create_notebook(tmp_path / "notes", NOTES)
    return tmp_path / "notes"


def plan_edit(path: str, before: bytes | None, after: bytes | None) -> Changes:
    """Plan a change of one file, after one that is valid."""
    return Changes((FileEdit("a.md", b"# A\n", b"# Aa\n"), FileEdit(path, before, after)))


REFUSED = {
    "the note has changed": plan_edit("b.md", b"# Not B\n", b"x"),
    "the note is gone": plan_edit("z.md", b"# Z\n", b"x"),
    "the note to remove has changed": plan_edit("b.md", b"# Not B\n", None),
    "the note exists": plan_edit("b.md", None, b"x"),
    "the note exists in a folder": plan_edit("deep/c.md", None, b"x"),
    "the destination exists": Changes(BOTH.edits, (FileMove("deep/c.md", "b.md"),)),
    "two notes have one destination": Changes(BOTH.edits, (FileMove("a.md", "z.md"), FileMove("b.md", "z.md"))),
    "the note to move is gone": Changes(BOTH.edits, (FileMove("z.md", "y.md"),)),
    "the destination is the source": Changes(BOTH.edits, (FileMove("a.md", "a.md"),)),
    "a folder is not a note": Changes(BOTH.edits, (FileMove("deep", "deeper"),)),
    "a note is not a folder": plan_edit("a.md/d.md", None, b"x"),
    "the path leads out": plan_edit("../z.md", None, b"x"),
    "the path leads out from a folder": plan_edit("deep/../../z.md", None, b"x"),
    "the path is absolute": plan_edit("/tmp/z.md", None, b"x"),
    "the path has an empty part": plan_edit("deep//z.md", None, b"x"),
    "the path has no file name": plan_edit("deep/", None, b"x"),
    "the path has a NUL": plan_edit("z\0.md", None, b"x"),
    "the file is hidden": plan_edit(".z.md", None, b"x"),
    "the folder is hidden": plan_edit(".git/hooks/z", None, b"x"),
    "a nested folder is hidden": plan_edit("deep/.zettel/z", None, b"x"),
    "the file is the journal's": plan_edit(f"{JOURNAL}/1234567890123456", None, b"x"),
    "the destination leads out": Changes(BOTH.edits, (FileMove("deep/c.md", "../c.md"),)),
}


def test_a_change_with_the_longest_summary_is_undone(root: Path) -> None:
    """A change with the longest summary can be listed, and is undone after a crash."""
    open_notebook(root).carry_out(BOTH, f'delete "{"t" * journal_names.MAX_HEAD_BYTES}"')
    (entry,) = log.list_entries(root)
    assert not entry.is_damaged
    atomic.replace_file(root, f"{JOURNAL}/{entry.name}", PENDING)
    open_notebook(root)
    assert b"# A\n" == (root / "a.md").read_bytes()


def test_more_folders_than_the_journal_can_hold_are_refused(root: Path) -> None:
    """Folders whose names do not fit into the first line of a journal entry are refused, since a crash could not be undone."""
    before = read_state(root)
    with pytest.raises(Refused):
        carry_out(root, Changes((), (FileMove("a.md", "d/" * 2000 + "a.md"),)))
    assert before == read_state(root)


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
def test_a_change_is_refused_before_anything_is_written(changes: Changes, root: Path) -> None:
    """A change changes nothing if one of its files cannot be changed, and there is nothing to undo then."""
    with pytest.raises((Refused, Unreadable)):
        journal.apply_changes(str(root), changes, "change")
    assert NOTES == read_state(root)
    assert [] == log.list_entries(str(root))
    assert not (root / PENDING).exists()


@pytest.mark.parametrize("data", [b"\xff\xfea\0", b"# Caf\xe9\n"])
def test_a_note_that_is_not_utf8_is_never_rewritten(data: bytes, root: Path) -> None:
    """A note that is not UTF-8 is refused by name, but can be moved."""
    (root / "b.md").write_bytes(data)
    before = read_state(root)
    with pytest.raises(Refused, match=r"b\.md"):
        journal.apply_changes(str(root), plan_edit("b.md", data, b"x"), "change")
    assert before == read_state(root)
    journal.apply_changes(str(root), Changes((), (FileMove("b.md", ".zettel/trash/b.md"),)), "delete")
    assert data == (root / ".zettel/trash/b.md").read_bytes()


def test_no_symlink_is_followed(root: Path, tmp_path: Path) -> None:
    """Nothing is written through a note or folder that is a symlink, wherever it leads."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.md").write_bytes(b"x")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "in").symlink_to(root / "deep")
    (root / "link.md").symlink_to(root / "b.md")
    for changes in (
        plan_edit("out/x.md", b"x", b"y"),
        plan_edit("out/y.md", None, b"y"),
        plan_edit("in/c.md", b"# C\n", b"y"),
        plan_edit("link.md", b"# B\n", b"y"),
        Changes((), (FileMove("link.md", "z.md"),)),
        Changes((), (FileMove("a.md", "out/a.md"),)),
    ):
        with pytest.raises((Refused, Unreadable)):
            journal.apply_changes(str(root), changes, "change")
    assert (b"# A\n", b"# B\n", b"# C\n") == tuple((root / path).read_bytes() for path in ("a.md", "b.md", "deep/c.md"))
    assert ["x.md"] == os.listdir(tmp_path / "outside")


def plan_copy(source: Path, data: bytes, path: str = "files/map.png") -> Changes:
    """Plan an edit, and a copy of the file `source` while it has the bytes `data`."""
    return Changes(BOTH.edits, (), (FileCopy(path, str(source.parent), source.name, hash_bytes(data), len(data)),))


def test_a_file_is_copied_and_the_copy_undone(root: Path, tmp_path: Path) -> None:
    """A copy has the bytes of its file. Undo removes it with its folder, and redo makes it again."""
    source = tmp_path / "map.png"
    source.write_bytes(b"\0map" * 1000)
    carry_out(root, plan_copy(source, source.read_bytes()))
    assert source.read_bytes() == (root / "files/map.png").read_bytes()
    source.unlink()
    undo_last_change(root)
    assert not (root / "files").exists()
    undo.run(Session(GlobalOptions(notebook=str(root))), redo=True)
    assert b"\0map" * 1000 == (root / "files/map.png").read_bytes()


def test_large_copies_wait_in_the_trash(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the journal would have to keep to make large files again goes to the trash instead, and redo takes it from there."""
    monkeypatch.setattr(journal, "MAX_KEPT_BYTES", 1000)
    source = tmp_path / "map.png"
    source.write_bytes(b"\0map" * 1000)
    carry_out(root, plan_copy(source, source.read_bytes()))
    undo_last_change(root)
    assert ["map.png"] == os.listdir(root / ".zettel/trash/files")
    assert b"# A\n" == (root / "a.md").read_bytes()
    assert 3000 > sum(file.stat().st_size for file in (root / JOURNAL).iterdir())
    undo.run(Session(GlobalOptions(notebook=str(root))), redo=True)
    assert b"\0map" * 1000 == (root / "files/map.png").read_bytes()


@pytest.mark.parametrize("now", [b"other", b"", b"map and more", None, "link", "pipe"])
def test_a_file_that_changes_before_its_copy_is_refused(now: bytes | str | None, root: Path, tmp_path: Path) -> None:
    """A file that is not what was planned any more, or not a regular file, is not copied, and nothing else is done."""
    source = tmp_path / "map.png"
    if now == "link":
        (tmp_path / "secret").write_bytes(b"map")
        source.symlink_to(tmp_path / "secret")
    elif now == "pipe":
        os.mkfifo(source)
    elif isinstance(now, bytes):
        source.write_bytes(now)
    with pytest.raises(Refused, match="has changed"):
        journal.apply_changes(str(root), plan_copy(source, b"map"), "change")
    found = read_state(root)
    assert NOTES == {path: found[path] for path in NOTES}
    assert not (root / "files").exists()


@pytest.mark.parametrize("path", ["../map.png", ".map.png", "deep/c.md", "deep", "/map.png", ".git/map.png"])
def test_a_copy_never_replaces_or_leads_out(path: str, root: Path, tmp_path: Path) -> None:
    """A copy is refused where a file exists, and where nothing may be written."""
    source = tmp_path / "source.png"
    source.write_bytes(b"map")
    with pytest.raises((Refused, Unreadable)):
        journal.apply_changes(str(root), plan_copy(source, b"map", path), "change")
    assert NOTES == read_state(root)


def test_a_note_saved_during_a_change_is_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that an editor saves while others are changed keeps what was saved, and everything else is undone."""
    real_exchange = atomic.exchange_names

    def exchange_and_save(folder: str, one: str, other: str) -> bool:
        is_done = real_exchange(folder, one, other)
        if other == "a.md" and not saved:
            saved.append(other)
            (root / "b.md").write_bytes(b"# Saved\n")
        return is_done

    saved: list[str] = []
    monkeypatch.setattr(atomic, "exchange_names", exchange_and_save)
    with pytest.raises(Refused, match=r"undone: change; not restored because changed since: b\.md"):
        journal.apply_changes(str(root), BOTH, "change")
    assert {**NOTES, "b.md": (0o640, b"# Saved\n")} == read_state(root)


def interrupt_change(root: Path, changes: Changes = BOTH, *, before: str = "replace", number: int = -1) -> None:
    """Interrupt a change before the last call of a name (by default when all files are changed, but the change is not finished)."""
    calls = run_change(root, NOTES, changes)[0].calls
    create_notebook(root, NOTES)
    at = [at for at, name in enumerate(calls, 1) if name == before][number]
    run_in_child(lambda: carry_out(root, changes), at)
    assert (root / PENDING).exists()


def test_a_file_changed_since_a_crash_is_left_alone(root: Path) -> None:
    """A file that is neither as before nor as after an interrupted change stays, is named, and its old bytes stay in the journal."""
    interrupt_change(root)
    (root / "b.md").write_bytes(b"# My own\n")
    run = Runner(root, root.parent / "home")
    message = run("list").err
    assert message.startswith("zettel: an interrupted change was undone: change everything; not restored because changed since: b.md")
    assert {**NOTES, "b.md": (0o640, b"# My own\n")} == read_state(root)
    (kept,) = (root / JOURNAL).glob("*.broken-off")
    assert kept.read_bytes().endswith(b"# A\n# B\n")
    assert "" == run("list").err


@pytest.mark.parametrize("theirs", ["b.md", "made.md", "c.md", "deep/c.md"])
def test_no_file_is_destroyed_by_recovery(theirs: str, root: Path) -> None:
    """Whatever file somebody creates or replaces after a crash has its bytes afterwards."""
    changes = Changes((*BOTH.edits, FileEdit("made.md", None, b"# Made\n")), (FileMove("deep/c.md", "c.md"),))
    interrupt_change(root, changes)
    (root / theirs).write_bytes(b"# Theirs\n")
    run_in_child(lambda: open_notebook(root) and None)
    assert b"# Theirs\n" in [data for _, data in read_state(root).values()]
    assert b"# C\n" in [data for _, data in read_state(root).values()] or theirs == "c.md"
    assert not (root / PENDING).exists()


def test_a_folder_in_place_of_a_note_is_left_alone(root: Path) -> None:
    """A folder that has taken the place of a note stays, and the rest is undone."""
    interrupt_change(root)
    (root / "b.md").unlink()
    (root / "b.md").mkdir()
    run_in_child(lambda: open_notebook(root) and None)
    assert {**NOTES, "b.md": (0o755, None)} == read_state(root)


def test_an_interrupted_change_in_a_copy_is_undone_on_request(root: Path, tmp_path: Path) -> None:
    """An interrupted change in a copy of a notebook (a synced folder, a clone) is left alone until undo is typed."""
    interrupt_change(root)
    subprocess.run(["cp", "-r", root, tmp_path / "copy"], check=True)
    before = read_state(tmp_path / "copy")
    run = Runner(tmp_path / "copy", tmp_path / "home")
    assert "undo it with: zettel undo" in run("list").err
    refused = run("new", "Thought", "--link-from", "a.md")
    assert (5, True) == (refused.code, "zettel undo" in refused.err)
    assert before == read_state(tmp_path / "copy")
    assert (0, "undone: change everything\n") == run("undo")[:2]
    assert NOTES == read_state(tmp_path / "copy")
    moved = root.rename(tmp_path / "elsewhere")
    assert "an interrupted change was undone" in Runner(moved, tmp_path / "home")("list").err
    assert NOTES == read_state(moved)


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
def test_a_damaged_journal_is_reported(data: bytes, root: Path) -> None:
    """A damaged journal is reported, notes are read all the same, and nothing is written."""
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
    assert NOTES == read_state(root)


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
def test_a_forged_journal_writes_nothing(step: dict[str, object], root: Path, tmp_path: Path) -> None:
    """A journal that somebody forged makes zettel write nothing."""
    (root / ".git" / "hooks").mkdir(parents=True)
    (root / "out").symlink_to(tmp_path)
    (root / JOURNAL).mkdir()
    inode = (root / JOURNAL).stat().st_ino
    record = {"to": None, "size": 2, "before": hash_bytes(b"hi"), "after": None, "mode": 0o4777, **step}
    head = {"version": 1, "name": "1" * 16, "done": "x", "files": 1, "folders": [], "is_undone": False, "inode": inode}
    data = f"{json.dumps(head)}\n{json.dumps([record, record])}\nhihi".encode()
    (root / PENDING).write_bytes(data)
    (root / JOURNAL / ("1" * 16)).write_bytes(data)
    before = read_state(tmp_path)
    run = Runner(root, tmp_path / "home")
    assert (0, True) == ((listed := run("list")).code, "cannot be undone yet" in listed.err)
    assert run("undo").code in (5, 6)
    (root / PENDING).unlink()
    assert run("undo").code in (5, 6)
    after = {path: found for path, found in read_state(tmp_path).items() if not path.startswith("home") and JOURNAL not in path}
    assert {path: found for path, found in before.items() if JOURNAL not in path} == after


def test_several_writers_take_turns(root: Path) -> None:
    """Processes that change the same notes at once do so one after the other, and each change is whole and can be undone."""
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
    lines = {path: data.decode().splitlines()[1:] for path, (_, data) in read_state(root).items() if data is not None}
    assert 40 == len(lines["a.md"])
    assert lines["a.md"] == lines["b.md"] == lines["deep/c.md"]
    assert sorted(f"- {writer} {number}" for writer in range(4) for number in range(10)) == sorted(lines["a.md"])
    for _ in range(40):
        work = journal.plan_undo(str(root))
        assert work
        journal.apply_journaled(str(root), work)
    assert NOTES == read_state(root)


def test_a_reader_waits_for_a_writer(root: Path, tmp_path: Path) -> None:
    """A change that another process is still making is not taken for an interrupted one."""
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


def test_files_are_created_and_moved_without_hard_links(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system without hard links, files are created and moved as well, never over an existing one."""

    def link(_old: str, _new: str, **_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", link)
    changes = Changes((FileEdit("new.md", None, b"# New\n"),), (FileMove("a.md", "z.md"),))
    journal.apply_changes(str(root), changes, "change")
    after = {**NOTES, "new.md": (0o644, b"# New\n"), "z.md": NOTES["a.md"]}
    del after["a.md"]
    assert after == read_state(root)
    with pytest.raises(FileExistsError):
        atomic.rename_no_replace(str(root), "z.md", "new.md")
    work = journal.plan_undo(str(root))
    assert work
    journal.apply_journaled(str(root), work)
    assert NOTES == read_state(root)
    calls = run_in_child(lambda: carry_out(root, changes)).calls
    for number in range(1, len(calls) + 1):
        create_notebook(root, NOTES)
        run_in_child(lambda: carry_out(root, changes), number)
        run_in_child(lambda: open_notebook(root) and None)
        assert read_state(root) in (NOTES, after), number


def ignore_letter_case() -> None:
    """Make the system calls used here behave as on a file system that takes `a` and `A` for the same."""

    def find_name(path: str, folder: int | None) -> str:
        if folder is not None:
            return next((found for found in list_names(folder) if found.lower() == path.lower()), path)
        above, name = os.path.split(path)
        return next((os.path.join(above, found) for found in os.listdir(above or ".") if found.lower() == name.lower()), path)

    def list_names(folder: int) -> list[str]:
        return os.listdir(f"/proc/self/fd/{folder}")

    def wrap(real: Callable[..., object]) -> Callable[..., object]:
        return lambda path, *words, dir_fd=None: real(find_name(path, dir_fd), *words, dir_fd=dir_fd)

    def link(old: str, new: str, *, src_dir_fd: int | None, dst_dir_fd: int | None, follow_symlinks: bool) -> None:
        try:
            os.lstat(new, dir_fd=dst_dir_fd)
        except FileNotFoundError:
            real_link(find_name(old, src_dir_fd), new, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd, follow_symlinks=follow_symlinks)
        else:
            raise FileExistsError(17, "File exists", old, None, new)

    def rename(old: str, new: str, *, src_dir_fd: int | None, dst_dir_fd: int | None) -> None:
        real_rename(find_name(old, src_dir_fd), new, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    real_link, real_rename = os.link, os.rename
    for name in ("lstat", "open", "unlink"):
        setattr(os, name, wrap(getattr(os, name)))
    os.link, os.rename = link, rename  # type: ignore[assignment]


def test_only_the_letter_case_of_a_name_can_change(root: Path) -> None:
    """If the file system ignores letter case, a note can change only that of its name, and back, but not take another note's name."""
    changes = Changes((FileEdit("a.md", b"# A\n", b"# Aa\n"),), (FileMove("a.md", "A.md"),))
    after = {**NOTES, "A.md": (0o644, b"# Aa\n")}
    del after["a.md"]

    def rename() -> None:
        ignore_letter_case()
        carry_out(root, changes)

    def take_name() -> None:
        ignore_letter_case()
        carry_out(root, Changes((), (FileMove("A.md", "B.md"),)))

    def undo_rename() -> None:
        ignore_letter_case()
        undo_last_change(root)

    def recover() -> None:
        ignore_letter_case()
        open_notebook(root)

    open_notebook(root)
    calls = run_in_child(rename).calls
    assert after == read_state(root)
    assert not run_in_child(take_name).ran_to_end
    assert after == read_state(root)
    assert run_in_child(undo_rename).ran_to_end
    assert NOTES == read_state(root)
    for number in range(1, len(calls) + 1):
        create_notebook(root, NOTES)
        run_in_child(rename, number)
        run_in_child(recover)
        assert read_state(root) in (NOTES, after), (number, calls[number - 1])


def test_the_last_changes_are_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limited number of changes and bytes is kept, always with the last change, and an undone one goes with the next change."""
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


def test_changes_keep_their_order_if_the_clock_goes_back(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes are in the order in which they were made, whatever the clock says."""
    for timestamp in (2 * 10**18, 1 * 10**18):
        monkeypatch.setattr(time, "time_ns", lambda timestamp=timestamp: timestamp)
        journal.apply_changes(str(root), Changes((FileEdit(f"{timestamp}.md", None, b"x"),)), f"at {timestamp}")
    assert [f"at {10**18}", f"at {2 * 10**18}"] == [entry.summary for entry in log.list_entries(str(root))]


def test_an_error_names_the_note_that_cannot_be_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that cannot be written is named, and nothing is changed."""
    real_exchange = atomic.exchange_names

    def refuse_exchange(folder: str, one: str, other: str) -> bool:
        if other == "b.md":
            raise PermissionError(13, "Permission denied", f"{folder}/{one}", None, f"{folder}/{other}")
        return real_exchange(folder, one, other)

    monkeypatch.setattr(atomic, "exchange_names", refuse_exchange)
    with pytest.raises(Unreadable, match=r"^b\.md cannot be written: Permission denied"):
        journal.apply_changes(str(root), BOTH, "change")
    assert NOTES == read_state(root)


def test_ctrl_c_undoes_a_change(root: Path, tmp_path: Path) -> None:
    """Ctrl-C in the middle of a change undoes it."""
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
    assert NOTES == read_state(root)
    assert not (root / PENDING).exists()


def test_recovery_is_tried_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If an interrupted change cannot be undone (on a read-only disk), that is reported, notes are read, and it is undone later."""
    interrupt_change(root)
    half = read_state(root)
    messages: list[str] = []
    notebook = OpenNotebook(str(root), Session(GlobalOptions(notebook=str(root))).settings, {}, messages.append, in_memory=True)
    with monkeypatch.context() as patched:
        for name in ("open", "unlink", "replace", "link"):
            patched.setattr(os, name, make_read_only(name))
        notebook.recover()
        with pytest.raises(Unreadable, match="Read-only file system"):
            undo.run(Session(GlobalOptions(notebook=str(root))))
        with pytest.raises(Refused, match="has not been undone yet"):
            notebook.carry_out(BOTH, "change")
    assert half == read_state(root)
    assert messages[0].startswith("an interrupted change cannot be undone yet: b.md cannot be written: Read-only file system")
    with monkeypatch.context() as patched:
        patched.setattr(log, "is_pending_local", make_read_only("open", always=True))
        notebook.recover()
    assert "cannot be read: Read-only file system" in messages[-1]
    notebook.recover()
    assert "an interrupted change was undone: change everything" == messages[-1]
    assert NOTES == read_state(root)


def make_read_only(name: str, *, always: bool = False) -> Callable[..., object]:
    """Return a function of `os` as it is on a file system that is mounted read-only."""
    real = getattr(os, name)

    def call(*words: object, **named: object) -> object:
        if always or name != "open" or int(str(words[1])) & (os.O_WRONLY | os.O_CREAT):
            raise OSError(30, "Read-only file system")
        return real(*words, **named)

    return call


def test_every_refusal_has_a_message_and_a_hint(root: Path) -> None:
    """Every refused change raises a `ZettelError` with a message and a hint."""
    for changes in REFUSED.values():
        with pytest.raises(ZettelError) as caught:
            journal.apply_changes(str(root), changes, "change")
        assert caught.value.message
        assert caught.value.hint
