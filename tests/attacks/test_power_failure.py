"""Test power failures: of what was written, only what was synced is certain to be there.

Each call by which a command writes to the notebook is recorded. For each moment between two calls, the tests build the states that a disk
may be in after a power cut. A file that was not synced is empty, torn or complete. A name that was created or removed, and whose folder has
not been synced since, is as it was or as it is, independently of other names, but a rename happens completely or not at all. The next
zettel then has to find a whole notebook, and once the command has ended, the notebook that the command reported.
"""

from __future__ import annotations

import os
import pickle
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.attacks import Figures
from tests.attacks.lab.harness import (
    State,
    build_large_change,
    carry_out,
    create_notebook,
    memory_folder,
    open_notebook,
    run_in_child,
    undo_last_change,
)
from tests.attacks.test_killed_commands import read_masked_state
from zettel.adapters.fs import atomic
from zettel.adapters.fs.files import JOURNAL
from zettel.commands import init, new
from zettel.model.edit.changes import Changes, FileEdit, FileMove
from zettel.services.review import mark_notes
from zettel.session import GlobalOptions, Session

Event = tuple[str, str, object]
"""A call: what it does (create, write, mode, sync, name, mkdir, remove), to which path, and further details."""

FOLDER = -1
"""Stands for a file's number."""


def record_calls(root: Path, work: Callable[[], object]) -> list[Event]:
    """Record what `work` does to a notebook, call by call."""
    log = root.parent / "recorded"
    run_in_child(lambda: _record_in_child(root, work, log))
    with log.open("rb") as file:
        return pickle.load(file)  # type: ignore[no-any-return]


def _record_in_child(root: Path, work: Callable[[], object], log: Path) -> None:
    events: list[Event] = []
    real = {
        name: getattr(os, name) for name in ("open", "write", "fsync", "fchmod", "link", "unlink", "replace", "rename", "mkdir", "rmdir")
    }
    paths: dict[int, str] = {}

    def complete_path(path: str, folder: object) -> str:
        return os.path.join(paths[folder], path) if isinstance(folder, int) else path

    def make_relative(path: object) -> str | None:
        found = os.path.relpath(os.fsdecode(path), root)  # type: ignore[arg-type]
        return None if found.startswith("..") else found

    def record(what: str, path: object, more: object = None) -> None:
        if (found := make_relative(path)) is not None:
            events.append((what, found, more))

    def open_and_record(path: str, flags: int, *rest: object, **named: object) -> int:
        full = complete_path(path, named.get("dir_fd"))
        is_new = flags & os.O_CREAT and not os.path.lexists(full)
        descriptor = int(real["open"](path, flags, *rest, **named))
        paths[descriptor] = full
        if is_new:
            record("create", full)
        return descriptor

    def wrap_descriptor_call(name: str, what: str) -> Callable[..., object]:
        def call(descriptor: int, *more: object) -> object:
            result = real[name](descriptor, *more)
            written = bytes(more[0])[: int(str(result))] if name == "write" else more[0] if more else None  # type: ignore[call-overload]
            record(what, paths[descriptor], written)
            return result

        return call

    def wrap_path_call(name: str, what: str) -> Callable[..., object]:
        def call(path: str, *more: object, **named: object) -> object:
            result = real[name](path, *more, **named)
            full = complete_path(path, named.get("dir_fd", named.get("src_dir_fd")))
            record(what, full, make_relative(complete_path(str(more[0]), named.get("dst_dir_fd"))) if what in ("link", "rename") else None)
            return result

        return call

    os.open = open_and_record  # type: ignore[assignment]
    for name, what in (("write", "write"), ("fsync", "sync"), ("fchmod", "mode")):
        setattr(os, name, wrap_descriptor_call(name, what))
    names = {"link": "link", "unlink": "remove", "replace": "rename", "rename": "rename", "mkdir": "mkdir", "rmdir": "remove"}
    for name, what in names.items():
        setattr(os, name, wrap_path_call(name, what))

    def exchange_and_record(root: str, one: str, other: str) -> bool:
        is_done = exchange(root, one, other)
        if is_done:
            record("exchange", os.path.join(root, one), make_relative(os.path.join(root, other)))
        return is_done

    exchange, atomic.exchange_names = atomic.exchange_names, exchange_and_record
    try:
        work()
    finally:
        atomic.exchange_names = exchange
        for name, function in real.items():
            setattr(os, name, function)
        log.write_bytes(pickle.dumps(events))


class File(NamedTuple):
    """A file: its permissions and bytes, and its number, which is the same under each of its names."""

    mode: int
    data: bytes
    number: int


class NameChange:
    """Names that change at once, and the folders that have to be synced before that is certain."""

    def __init__(self, names: dict[str, int | None]) -> None:
        """`names` has the number of the file that gets each name, or None for a name that is removed."""
        self.names = names
        self.unsure = {os.path.dirname(path) or "." for path in names}


class Disk:
    """What a disk holds for certain, and what it may hold, as calls arrive."""

    def __init__(self, root: Path) -> None:
        """Start with a disk on which all of a notebook is certain."""
        self._files: list[File] = []
        self._sure: list[File] = []
        self._first: dict[str, int | None] = {".": FOLDER}
        self._names = dict(self._first)
        self._changes: list[NameChange] = []
        for folder, folders, names in os.walk(root):
            for name in (*folders, *names):
                full = Path(folder, name)
                path = os.path.relpath(full, root)
                self._first[path] = FOLDER if full.is_dir() else self._new(full.stat().st_mode & 0o777, full.read_bytes())
        self._sure = list(self._files)
        self._names = dict(self._first)

    def _new(self, mode: int, data: bytes) -> int:
        number = len(self._files)
        self._files.append(File(mode, data, number))
        self._sure.append(File(mode, b"", number))
        return number

    def apply(self, event: Event) -> None:
        """Apply a call."""
        what, path, more = event
        number = self._names.get(path)
        if what == "sync" and number == FOLDER:
            for change in self._changes:
                change.unsure.discard(path)
        elif what == "create":
            self._change_names({path: self._new(0o644, b"")})
        elif what == "mkdir":
            self._change_names({path: FOLDER})
        elif what == "remove":
            self._change_names({path: None})
        elif what == "exchange":
            self._change_names({str(more): number, path: self._names[str(more)]})
        elif what in ("link", "rename"):
            self._change_names({str(more): number, **({path: None} if what == "rename" else {})})
        else:
            assert number is not None
            file = self._files[number]
            if what == "sync":
                self._sure[number] = self._files[number]
            elif what == "mode":
                self._files[number] = file._replace(mode=int(str(more)))
            else:
                assert isinstance(more, bytes)
                self._files[number] = file._replace(data=file.data + more)

    def _change_names(self, names: dict[str, int | None]) -> None:
        self._changes.append(NameChange(names))
        self._names.update(names)

    def list_states(self) -> Iterator[dict[str, File | None]]:
        """Yield what may be found after a power cut: the file, or None for a folder, by path."""
        unsure = [change for change in self._changes if change.unsure]
        kept = [unsure, [], *(unsure[:number] for number in range(1, len(unsure)))]
        kept += [unsure[:number] + unsure[number + 1 :] for number in range(len(unsure))]
        kept += [[one] for one in unsure]
        for these in kept:
            names = dict(self._first)
            for change in self._changes:
                if not change.unsure or change in these:
                    names.update(change.names)
            for share in (1.0, 0.5, 0.0):
                yield self._build_state(names, share)

    def _build_state(self, names: dict[str, int | None], share: float) -> dict[str, File | None]:
        found: dict[str, File | None] = {}
        for path, number in sorted(names.items()):
            if number is None or path == "." or (os.path.dirname(path) and found.get(os.path.dirname(path), 0) is not None):
                continue  # removed, or in a folder that does not exist
            if number == FOLDER:
                found[path] = None
                continue
            file, sure = self._files[number], len(self._sure[number].data)
            found[path] = file._replace(data=file.data[: max(sure, round(len(file.data) * share))])
        return found


def write_state(root: Path, wanted: dict[str, File | None]) -> None:
    """Create a notebook from what a disk holds."""
    create_notebook(root, {path: (0o755, None) if file is None else (file.mode, file.data) for path, file in wanted.items()})
    first: dict[int, str] = {}
    for path, file in wanted.items():
        if file and (same := first.setdefault(file.number, path)) != path:
            (root / path).unlink()
            os.link(root / same, root / path)
    pending = root / JOURNAL / "pending"
    if pending.exists():  # or the journal would take its new folder for a copy
        pending.write_bytes(re.sub(rb'"inode": \d+', b'"inode": %d' % (root / JOURNAL).stat().st_ino, pending.read_bytes(), count=1))


class PowerCut:
    """A command, and everything that a power cut may make of it."""

    def __init__(
        self,
        root: Path,
        before: State,
        work: Callable[[Path], object],
        prepare: Callable[[Path], object] = lambda _: None,
        *,
        is_change: bool = True,
    ) -> None:
        """`before` is the notebook, `prepare` is done without a power cut, `work` is the command. Unless `is_change`, each file counts by itself."""
        self._root, self._is_change = root, is_change
        create_notebook(root, before)
        open_notebook(root)
        prepare(root)
        self._before = read_masked_state(root)
        self._disk = Disk(root)
        self._events = record_calls(root, lambda: work(root))
        open_notebook(root)
        self._after = read_masked_state(root)
        if prepare is interrupt_change:  # the next zettel completes the recovery
            self._before = self._after

    def list_cases(self) -> Iterator[tuple[bool, str, dict[str, File | None]]]:
        """Yield (whether the command has ended, what it did last, what the disk may hold), each state once."""
        seen = set()
        for number in range(len(self._events) + 1):
            last = self._events[number - 1] if number else ("", "", None)
            if number:
                self._disk.apply(last)
            is_done = number == len(self._events)
            for found in self._disk.list_states():
                key = hash((is_done, tuple(found.items())))
                if key not in seen:
                    seen.add(key)
                    yield is_done, f"{number}: {last[0]} {last[1]} {last[2] if isinstance(last[2], str) else ''}", found

    def find_faults(self, *, is_done: bool, found: dict[str, File | None]) -> str:
        """Return what is wrong with the notebook that the next command finds; empty if nothing is."""
        write_state(self._root, found)
        with redirect_stderr(StringIO()) as stderr:
            open_notebook(self._root)
        state = read_masked_state(self._root)
        if state == self._after or (not is_done and state == self._before):
            return ""
        if not (is_done or self._is_change) and all(
            kept in (self._before.get(path), self._after.get(path)) for path, kept in state.items()
        ):
            return ""
        wanted = self._after if is_done else self._before
        odd = {path: (state.get(path), wanted.get(path)) for path in {*state, *wanted} if state.get(path) != wanted.get(path)}
        return f"{stderr.getvalue()} (found, wanted): {odd}"


NOTHING: State = {}
BEFORE, CHANGES = build_large_change(10)
SWAP = Changes(
    (FileEdit("deep/note 5.md", BEFORE["deep/note 5.md"][1], b"Five.\n"),),
    (FileMove("deep/note 5.md", "in/five.md"), FileMove("note 6.md", "deep/note 5.md")),
)


def build_session(root: Path) -> Session:
    """Build a session of zettel."""
    return Session(GlobalOptions(notebook=str(root)), cwd=str(root))


def create_note(root: Path) -> object:
    """Run `zettel new`."""
    return new.run(build_session(root), words=["A thought"], tag=[])


def create_note_in_new_folder(root: Path) -> object:
    """Run `zettel new` with a folder for new notes that does not exist yet."""
    options = GlobalOptions(notebook=str(root), config=("note.folder=in/box",))
    return new.run(Session(options, cwd=str(root)), words=["A thought"], tag=[])


def mark_reviewed(root: Path) -> object:
    """Run `zettel review --done`."""
    one = build_session(root)
    return mark_notes(one, [one.resolve_note("note 5")], [])


def mark_another_reviewed(root: Path) -> None:
    """Run `zettel review --done` for another note."""
    one = build_session(root)
    mark_notes(one, [one.resolve_note("note 7")], [])


def interrupt_change(root: Path) -> object:
    """Interrupt a change at its very end."""
    calls = run_in_child(lambda: carry_out(root, CHANGES)).calls
    create_notebook(root, BEFORE)
    return run_in_child(lambda: carry_out(root, CHANGES), len(calls) - 1)


def make_change(root: Path) -> None:
    """Carry out a change."""
    carry_out(root, CHANGES)


POWER_CUTS: dict[str, Callable[[Path], PowerCut]] = {
    "a change of ten files": lambda root: PowerCut(root, BEFORE, lambda root: carry_out(root, CHANGES)),
    "two moves in a row": lambda root: PowerCut(root, BEFORE, lambda root: carry_out(root, SWAP)),
    "an undo": lambda root: PowerCut(root, BEFORE, undo_last_change, make_change),
    "the undo of an interrupted change": lambda root: PowerCut(root, BEFORE, open_notebook, interrupt_change),
    "a new note": lambda root: PowerCut(root, BEFORE, create_note),
    "a new note in a new folder": lambda root: PowerCut(root, BEFORE, create_note_in_new_folder, is_change=False),
    "the first review of a note": lambda root: PowerCut(root, BEFORE, mark_reviewed, is_change=False),
    "a later review": lambda root: PowerCut(root, BEFORE, mark_reviewed, mark_another_reviewed),
    "the undo of a review": lambda root: PowerCut(root, BEFORE, undo_last_change, mark_another_reviewed),
    "a new notebook": lambda root: PowerCut(root, NOTHING, lambda root: init.run(build_session(root)), is_change=False),
}


@pytest.mark.parametrize("name", POWER_CUTS)
def test_notebook_is_whole_after_a_power_cut(name: str) -> None:
    """Whenever the power fails, the notebook is as before or as after the command, and as after it once the command has ended."""
    with memory_folder() as folder:
        cut = POWER_CUTS[name](folder / "notes")
        cases = list(cut.list_cases())
        assert any(is_done for is_done, _, _ in cases)
        for is_done, last, found in random.Random(name).sample(cases, min(len(cases), 300)):
            assert "" == cut.find_faults(is_done=is_done, found=found), last


def long_form(minutes: float) -> Iterator[Figures]:
    """Try every state that a disk may be in at any moment."""
    for name, begin in POWER_CUTS.items():
        until = time.monotonic() + minutes * 60
        tried = lost = 0
        with memory_folder() as folder:
            cut = begin(folder / "notes")
            for is_done, last, found in cut.list_cases():
                if time.monotonic() > until:
                    break
                wrong = cut.find_faults(is_done=is_done, found=found)
                tried, lost = tried + 1, lost + bool(wrong)
                if wrong:
                    sys.stderr.write(f"{name}, after {last}: {wrong[:3000]}\n")
        yield Figures(f"power cut: {name}", tried, lost)
