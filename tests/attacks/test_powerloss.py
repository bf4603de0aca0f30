"""The power fails: of what was written, only what was synced is sure to be there.

Every call by which a command writes among the notes is recorded. Then, for each moment between two of them, the states are built that a
disk may be in after a power cut: a file that was not synced is empty, torn or whole; a name that was given or taken without its folder
having been synced since is as it was or as it is, each for itself, except that a rename happens whole or not at all. The next zettel
then has to find a whole notebook; once the command has come to its end, the one that it said it had made.
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
from tests.attacks.lab.harness import State, carry_out, child, in_memory, make, many, opened, take_back
from tests.attacks.test_killed import now
from zettel.adapters.fs import atomic
from zettel.adapters.fs.files import JOURNAL
from zettel.commands import init, new
from zettel.model.edit.changes import Changes, FileEdit, FileMove
from zettel.services.review import mark_notes
from zettel.session import GlobalOptions, Session

Event = tuple[str, str, object]
"""A call: what it does (create, write, mode, sync, name, mkdir, remove), where, and what else there is to know of it."""

FOLDER = -1
"""In place of a file's number."""


def recorded(root: Path, work: Callable[[], object]) -> list[Event]:
    """What `work` does to a notebook, call by call."""
    log = root.parent / "recorded"
    child(lambda: _record(root, work, log))
    with log.open("rb") as file:
        return pickle.load(file)  # type: ignore[no-any-return]


def _record(root: Path, work: Callable[[], object], log: Path) -> None:
    events: list[Event] = []
    real = {
        name: getattr(os, name) for name in ("open", "write", "fsync", "fchmod", "link", "unlink", "replace", "rename", "mkdir", "rmdir")
    }
    paths: dict[int, str] = {}

    def whole(path: str, folder: object) -> str:
        return os.path.join(paths[folder], path) if isinstance(folder, int) else path

    def inside(path: object) -> str | None:
        found = os.path.relpath(os.fsdecode(path), root)  # type: ignore[arg-type]
        return None if found.startswith("..") else found

    def tell(what: str, path: object, more: object = None) -> None:
        if (found := inside(path)) is not None:
            events.append((what, found, more))

    def open_(path: str, flags: int, *rest: object, **named: object) -> int:
        full = whole(path, named.get("dir_fd"))
        is_new = flags & os.O_CREAT and not os.path.lexists(full)
        descriptor = int(real["open"](path, flags, *rest, **named))
        paths[descriptor] = full
        if is_new:
            tell("create", full)
        return descriptor

    def on_descriptor(name: str, what: str) -> Callable[..., object]:
        def call(descriptor: int, *more: object) -> object:
            result = real[name](descriptor, *more)
            written = bytes(more[0])[: int(str(result))] if name == "write" else more[0] if more else None  # type: ignore[call-overload]
            tell(what, paths[descriptor], written)
            return result

        return call

    def on_paths(name: str, what: str) -> Callable[..., object]:
        def call(path: str, *more: object, **named: object) -> object:
            result = real[name](path, *more, **named)
            full = whole(path, named.get("dir_fd", named.get("src_dir_fd")))
            tell(what, full, inside(whole(str(more[0]), named.get("dst_dir_fd"))) if what in ("link", "rename") else None)
            return result

        return call

    os.open = open_  # type: ignore[assignment]
    for name, what in (("write", "write"), ("fsync", "sync"), ("fchmod", "mode")):
        setattr(os, name, on_descriptor(name, what))
    names = {"link": "link", "unlink": "remove", "replace": "rename", "rename": "rename", "mkdir": "mkdir", "rmdir": "remove"}
    for name, what in names.items():
        setattr(os, name, on_paths(name, what))

    def exchanged(root: str, one: str, other: str) -> bool:
        is_done = exchange(root, one, other)
        if is_done:
            tell("exchange", os.path.join(root, one), inside(os.path.join(root, other)))
        return is_done

    exchange, atomic.exchange_names = atomic.exchange_names, exchanged
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


class Naming:
    """Names that are given or taken at once, and the folders that have yet to be synced for this to be sure."""

    def __init__(self, names: dict[str, int | None]) -> None:
        """`names`: the number of the file that has each from now on; None: it is free."""
        self.names = names
        self.unsure = {os.path.dirname(path) or "." for path in names}


class Disk:
    """What a disk holds for sure, and what it may hold, while calls come in."""

    def __init__(self, root: Path) -> None:
        """A disk on which all of a notebook is for sure."""
        self._files: list[File] = []
        self._sure: list[File] = []
        self._first: dict[str, int | None] = {".": FOLDER}
        self._names = dict(self._first)
        self._namings: list[Naming] = []
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

    def take(self, event: Event) -> None:
        """Let a call come in."""
        what, path, more = event
        number = self._names.get(path)
        if what == "sync" and number == FOLDER:
            for naming in self._namings:
                naming.unsure.discard(path)
        elif what == "create":
            self._name({path: self._new(0o644, b"")})
        elif what == "mkdir":
            self._name({path: FOLDER})
        elif what == "remove":
            self._name({path: None})
        elif what == "exchange":
            self._name({str(more): number, path: self._names[str(more)]})
        elif what in ("link", "rename"):
            self._name({str(more): number, **({path: None} if what == "rename" else {})})
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

    def _name(self, names: dict[str, int | None]) -> None:
        self._namings.append(Naming(names))
        self._names.update(names)

    def states(self) -> Iterator[dict[str, File | None]]:
        """What may be found after a power cut: path to file, None for a folder."""
        unsure = [naming for naming in self._namings if naming.unsure]
        kept = [unsure, [], *(unsure[:number] for number in range(1, len(unsure)))]
        kept += [unsure[:number] + unsure[number + 1 :] for number in range(len(unsure))]
        kept += [[one] for one in unsure]
        for these in kept:
            names = dict(self._first)
            for naming in self._namings:
                if not naming.unsure or naming in these:
                    names.update(naming.names)
            for share in (1.0, 0.5, 0.0):
                yield self._state(names, share)

    def _state(self, names: dict[str, int | None], share: float) -> dict[str, File | None]:
        found: dict[str, File | None] = {}
        for path, number in sorted(names.items()):
            if number is None or path == "." or (os.path.dirname(path) and found.get(os.path.dirname(path), 0) is not None):
                continue  # free, or in a folder that is not there
            if number == FOLDER:
                found[path] = None
                continue
            file, sure = self._files[number], len(self._sure[number].data)
            found[path] = file._replace(data=file.data[: max(sure, round(len(file.data) * share))])
        return found


def laid_out(root: Path, wanted: dict[str, File | None]) -> None:
    """Make a notebook of what a disk holds."""
    make(root, {path: (0o755, None) if file is None else (file.mode, file.data) for path, file in wanted.items()})
    first: dict[int, str] = {}
    for path, file in wanted.items():
        if file and (same := first.setdefault(file.number, path)) != path:
            (root / path).unlink()
            os.link(root / same, root / path)
    pending = root / JOURNAL / "pending"
    if pending.exists():  # the folder is the same one, to whoever looks at its number
        pending.write_bytes(re.sub(rb'"inode": \d+', b'"inode": %d' % (root / JOURNAL).stat().st_ino, pending.read_bytes(), count=1))


class Cut:
    """A command, and all that a power cut may make of it."""

    def __init__(
        self,
        root: Path,
        before: State,
        work: Callable[[Path], object],
        prepare: Callable[[Path], object] = lambda _: None,
        *,
        is_change: bool = True,
    ) -> None:
        """`before` is the notebook, `prepare` what is done to it in peace, `work` the command; not `is_change`: each file is for itself."""
        self._root, self._is_change = root, is_change
        make(root, before)
        opened(root)
        prepare(root)
        self._before = now(root)
        self._disk = Disk(root)
        self._events = recorded(root, lambda: work(root))
        opened(root)
        self._after = now(root)
        if prepare is broken_off:
            self._before = self._after

    def cases(self) -> Iterator[tuple[bool, str, dict[str, File | None]]]:
        """(whether the command had come to its end, what it did last, what the disk may hold), each state once."""
        seen = set()
        for number in range(len(self._events) + 1):
            last = self._events[number - 1] if number else ("", "", None)
            if number:
                self._disk.take(last)
            is_done = number == len(self._events)
            for found in self._disk.states():
                key = hash((is_done, tuple(found.items())))
                if key not in seen:
                    seen.add(key)
                    yield is_done, f"{number}: {last[0]} {last[1]} {last[2] if isinstance(last[2], str) else ''}", found

    def wrong(self, *, is_done: bool, found: dict[str, File | None]) -> str:
        """What is wrong with the notebook that the next command finds; empty if nothing is."""
        laid_out(self._root, found)
        with redirect_stderr(StringIO()) as said:
            opened(self._root)
        there = now(self._root)
        if there == self._after or (not is_done and there == self._before):
            return ""
        if not (is_done or self._is_change) and all(
            kept in (self._before.get(path), self._after.get(path)) for path, kept in there.items()
        ):
            return ""
        wanted = self._after if is_done else self._before
        odd = {path: (there.get(path), wanted.get(path)) for path in {*there, *wanted} if there.get(path) != wanted.get(path)}
        return f"{said.getvalue()} (found, wanted): {odd}"


NOTHING: State = {}
BEFORE, CHANGES = many(10)
SWAP = Changes(
    (FileEdit("deep/note 5.md", BEFORE["deep/note 5.md"][1], b"Five.\n"),),
    (FileMove("deep/note 5.md", "in/five.md"), FileMove("note 6.md", "deep/note 5.md")),
)


def session(root: Path) -> Session:
    """A run of zettel."""
    return Session(GlobalOptions(notebook=str(root)), cwd=str(root))


def thought(root: Path) -> object:
    """What `zettel new` does."""
    return new.run(session(root), words=["A thought"], tag=[])


def thought_elsewhere(root: Path) -> object:
    """What `zettel new` does where new notes lie in a folder that is not there yet."""
    options = GlobalOptions(notebook=str(root), config=("note.folder=in/box",))
    return new.run(Session(options, cwd=str(root)), words=["A thought"], tag=[])


def looked(root: Path) -> object:
    """What `zettel review --done` does."""
    one = session(root)
    return mark_notes(one, [one.resolve_note("note 5")], [])


def broken_off(root: Path) -> object:
    """A change is broken off at its very end."""
    calls = child(lambda: carry_out(root, CHANGES)).calls
    make(root, BEFORE)
    return child(lambda: carry_out(root, CHANGES), len(calls) - 1)


def changed(root: Path) -> None:
    """A change is made."""
    carry_out(root, CHANGES)


CUTS: dict[str, Callable[[Path], Cut]] = {
    "a change of ten files": lambda root: Cut(root, BEFORE, lambda root: carry_out(root, CHANGES)),
    "two moves in a row": lambda root: Cut(root, BEFORE, lambda root: carry_out(root, SWAP)),
    "an undo": lambda root: Cut(root, BEFORE, take_back, changed),
    "taking back what was broken off": lambda root: Cut(root, BEFORE, opened, broken_off),
    "a new note": lambda root: Cut(root, BEFORE, thought),
    "a new note in a new folder": lambda root: Cut(root, BEFORE, thought_elsewhere, is_change=False),
    "the first look at a note": lambda root: Cut(root, BEFORE, looked, is_change=False),
    "a new notebook": lambda root: Cut(root, NOTHING, lambda root: init.run(session(root)), is_change=False),
}


@pytest.mark.parametrize("name", CUTS)
def test_a_power_cut(name: str) -> None:
    """Whenever the power fails, the notebook is as before or as after it; as after it, once the command has said so."""
    with in_memory() as folder:
        cut = CUTS[name](folder / "notes")
        cases = list(cut.cases())
        assert any(is_done for is_done, _, _ in cases)
        for is_done, last, found in random.Random(name).sample(cases, min(len(cases), 300)):
            assert "" == cut.wrong(is_done=is_done, found=found), last


def long_form(minutes: float) -> Iterator[Figures]:
    """Every state that a disk may be in at any moment."""
    for name, begin in CUTS.items():
        until = time.monotonic() + minutes * 60
        tried = lost = 0
        with in_memory() as folder:
            cut = begin(folder / "notes")
            for is_done, last, found in cut.cases():
                if time.monotonic() > until:
                    break
                wrong = cut.wrong(is_done=is_done, found=found)
                tried, lost = tried + 1, lost + bool(wrong)
                if wrong:
                    sys.stderr.write(f"{name}, after {last}: {wrong[:3000]}\n")
        yield Figures(f"power cut: {name}", tried, lost)
