"""Read and write the journal: `.zettel/journal/`, one file per change.

A file holds a line of JSON with the summary, a line with the step of each file, and then the bytes that those files had before,
concatenated. It is called `pending` while its change is in progress: complete from the moment it has that name, before any note is
touched. A change is done at the instant at which its file is renamed to a number, the microseconds since 1970 when it began. The file of a
change that was undone stays, marked as such, and holds what the change had made, so that it can be redone.
"""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps, loads
from typing import NamedTuple

from zettel.adapters import disk, entering, files, inside
from zettel.adapters.files import JOURNAL, PENDING
from zettel.model.editing.changes import Changes, Edit, Move
from zettel.model.errors import Refused, Unreadable
from zettel.model.value import value

LARGEST = 100_000_000
"""Maximum size of all changes in the journal in bytes. The last one is always kept."""


class Step(NamedTuple):
    """What a change does to one file: an edit or, with `to`, a move.

    `before` is the file's content (None if there was no file; not stored for a move), `after` the SHA-256 of the new content (None if the
    file is removed), `mode` its permissions (None for those of a new file).
    """

    path: str
    to: str | None
    before: bytes | None
    after: str | None
    mode: int | None


@value
class Entry:
    """A change: its file in the journal, its summary, how many files it changes, which folders it creates, and whether it was undone."""

    name: str
    done: str
    files: int = 0
    folders: tuple[str, ...] = ()
    is_undone: bool = False
    is_damaged: bool = False

    @property
    def when(self) -> float:
        """Seconds since 1970."""
        return int(self.name) / 1e6


# Writing


def begin(root: str, entry: Entry, steps: list[Step]) -> None:
    """Record a change that is about to be carried out. From then on it can be undone, whatever happens."""
    entering.make_folder(root)
    disk.remove_leftovers(root, JOURNAL)
    head = {
        "version": entering.VERSION,
        "name": entry.name,
        "done": entry.done,
        "files": entry.files,
        "folders": entry.folders,
        "is_undone": entry.is_undone,
        "inode": inside.look_at(root, JOURNAL).st_ino,
    }
    step_records = [
        {
            "path": step.path,
            "to": step.to,
            "size": None if step.before is None else len(step.before),
            "before": None if step.before is None else entering.digest(step.before),
            "after": step.after,
            "mode": step.mode,
        }
        for step in steps
    ]
    line = dumps(head).encode()
    if len(line) >= entering.LONGEST:  # it could not be read back after a crash
        raise Refused("the names of the new folders are too long for the journal", "choose a folder that is nested less deeply")
    data = b"\n".join((line, dumps(step_records).encode(), b"".join(step.before or b"" for step in steps)))
    temporary = disk.temporary(root, PENDING, data, 0o600)
    disk.sync(root, temporary)
    disk.replace(root, temporary, PENDING)
    disk.sync_folder(root, JOURNAL)


def end(root: str, entry: Entry) -> None:
    """Complete the pending change by giving its record the final name."""
    disk.replace(root, PENDING, f"{JOURNAL}/{entry.name}")
    disk.sync_folder(root, JOURNAL)


def drop(root: str, entry: Entry, *, is_kept: bool) -> str:
    """Remove the record of a pending change that was rolled back. With `is_kept`, rename it instead and return its path."""
    kept = f"{JOURNAL}/{entry.name}.broken-off" if is_kept else ""
    if kept:
        disk.replace(root, PENDING, kept)
    else:
        disk.remove(root, PENDING)
    disk.sync_folder(root, JOURNAL)
    return kept


def prune(root: str) -> None:
    """Remove entries beyond the limits, and those undone before a later change was made, which cannot be redone any more."""
    count = size = 0
    is_past = False
    for entry in entries(root):
        path = f"{JOURNAL}/{entry.name}"
        is_past |= not entry.is_undone
        if not (is_past and entry.is_undone):
            count, size = count + 1, size + inside.look_at(root, path).st_size
            if count == 1 or (count <= entering.KEPT and size <= LARGEST):
                continue
        disk.remove(root, path)


# Reading


def entries(root: str) -> list[Entry]:
    """List all changes, latest first."""
    return [_entry(root, name) for name in entering.names(root)]


def _entry(root: str, name: str) -> Entry:
    try:
        with inside.reading(root, f"{JOURNAL}/{name}") as file:
            return _head(loads(file.readline(entering.LONGEST)), name)
    except (Unreadable, OSError, ValueError, TypeError, KeyError, RecursionError):
        return Entry(name, f"{JOURNAL}/{name} is damaged", is_damaged=True)


def is_of_this_folder(root: str) -> bool:
    """Return whether the pending change was begun in this folder, not in the one that this is a copy of."""
    with inside.reading(root, PENDING) as file:
        try:
            return bool(loads(file.readline(entering.LONGEST))["inode"] == inside.look_at(root, JOURNAL).st_ino)
        except (ValueError, TypeError, KeyError, RecursionError):
            return False


def read(root: str, path: str) -> tuple[Entry, list[Step]]:
    """Return a change with its steps. Raises `Unreadable`, also if it is damaged."""
    data = files.read(root, path)
    try:
        head, _, rest = data.partition(b"\n")
        step_records, _, stored = rest.partition(b"\n")
        steps = list(_steps(loads(step_records), stored))
        if not _changes(steps).is_reversible:
            raise ValueError
        return _head(loads(head), path.rpartition("/")[2]), steps
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Unreadable(f"{path} is damaged or was written by a newer zettel", "remove it if you need nothing from it any more") from None


def _head(told: dict[str, object], name: str) -> Entry:
    done, count, folders = told["done"], told["files"], told["folders"]
    if told["version"] != entering.VERSION or not isinstance(done, str) or not isinstance(count, int) or not isinstance(folders, list):
        raise ValueError
    own = told["name"] if name == PENDING.rpartition("/")[2] else name
    if not isinstance(own, str) or not own.isdigit() or not all(isinstance(folder, str) for folder in folders):
        raise ValueError
    "".join((done, *folders)).encode()  # raises if it is not valid Unicode, which could neither be shown nor be a file's name
    return Entry(own, done, count, tuple(folders), bool(told["is_undone"]))


def _steps(told: list[dict[str, object]], kept: bytes) -> Iterator[Step]:
    at = 0
    for step in told:
        path, to, size, before, after, mode = (step[key] for key in ("path", "to", "size", "before", "after", "mode"))
        if not isinstance(path, str) or not isinstance(to, str | None) or not isinstance(mode, int | None):
            raise TypeError
        if not isinstance(size, int | None) or not isinstance(after, str | None):
            raise TypeError
        (path + (to or "")).encode()
        if any(name.startswith(".zettel/") and not name.startswith(".zettel/trash/") for name in (path, to or "")):
            raise ValueError  # zettel never changes these, so something else wrote this entry
        data = None if size is None else kept[at : at + size]
        at += size or 0
        if data is not None and entering.digest(data) != before:
            raise ValueError
        yield Step(path, to, data, after, None if mode is None else mode & 0o777)


def _changes(steps: list[Step]) -> Changes:
    """Build the changes that the steps describe. The new bytes do not matter."""
    edits = tuple(Edit(step.path, step.before, None if step.after is None else b"") for step in steps if step.to is None)
    return Changes(edits, tuple(Move(step.path, step.to) for step in steps if step.to is not None))
