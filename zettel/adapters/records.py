"""The journal on the disk: `.zettel/journal/`, a file for each change.

A file holds a line of JSON that says what was done, a line with the step of each file, and then the bytes that those files had
before, one after the other. It is called `pending` while its change is under way: complete from the moment it has this
name, before any note is touched. Getting its number for a name, the microseconds since 1970 when it began, is the one
instant at which a change is done. A change that was taken back stays, marked so, and holds what it had made, so that it can be
done again.
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
"""Bytes of all changes together that are kept at most; the last one always is."""


class Step(NamedTuple):
    """What happens to one file: an edit, or (`to`) a move.

    `before` are its bytes, None: there is no such file; a move's are not kept. `after` is the SHA-256 of those that it has
    then, None: it is gone. `mode` are its permissions; None: those of new files.
    """

    path: str
    to: str | None
    before: bytes | None
    after: str | None
    mode: int | None


@value
class Entry:
    """A change: its file in the journal, what it does to how many files, the folders that it makes, and whether it was taken back."""

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
    """Write down a change that is about to be carried out; once this is done it can be taken back whatever happens."""
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
    told = [
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
    if len(line) >= entering.LONGEST:  # whoever finds it broken off could not read it
        raise Refused("the folders that this would make have names too long to be written down", "choose folders less deep")
    data = b"\n".join((line, dumps(told).encode(), b"".join(step.before or b"" for step in steps)))
    temporary = disk.temporary(root, PENDING, data, 0o600)
    disk.sync(root, temporary)
    disk.replace(root, temporary, PENDING)
    disk.sync_folder(root, JOURNAL)


def end(root: str, entry: Entry) -> None:
    """What is pending is done: it gets its name."""
    disk.replace(root, PENDING, f"{JOURNAL}/{entry.name}")
    disk.sync_folder(root, JOURNAL)


def drop(root: str, entry: Entry, *, is_kept: bool) -> str:
    """What was pending has been taken back; `is_kept`: keep what it holds all the same, and give the path."""
    kept = f"{JOURNAL}/{entry.name}.broken-off" if is_kept else ""
    if kept:
        disk.replace(root, PENDING, kept)
    else:
        disk.remove(root, PENDING)
    disk.sync_folder(root, JOURNAL)
    return kept


def prune(root: str) -> None:
    """Drop what is older than what is kept, and what was taken back before something else was done."""
    count = size = 0
    is_past = False  # what was taken back before something else was done cannot be done again
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
    """All changes, the last one first."""
    return [_entry(root, name) for name in entering.names(root)]


def _entry(root: str, name: str) -> Entry:
    try:
        with inside.reading(root, f"{JOURNAL}/{name}") as file:
            return _head(loads(file.readline(entering.LONGEST)), name)
    except (Unreadable, OSError, ValueError, TypeError, KeyError, RecursionError):
        return Entry(name, f"{JOURNAL}/{name} is damaged", is_damaged=True)


def is_of_this_folder(root: str) -> bool:
    """Whether what is pending was begun in this very folder, not in one that this is a copy of."""
    with inside.reading(root, PENDING) as file:
        try:
            return bool(loads(file.readline(entering.LONGEST))["inode"] == inside.look_at(root, JOURNAL).st_ino)
        except (ValueError, TypeError, KeyError, RecursionError):
            return False


def read(root: str, path: str) -> tuple[Entry, list[Step]]:
    """A change with its steps. Raises `Unreadable`, if it is damaged, too."""
    data = files.read(root, path)
    try:
        head, _, rest = data.partition(b"\n")
        told, _, kept = rest.partition(b"\n")
        steps = list(_steps(loads(told), kept))
        if not _changes(steps).is_reversible:
            raise ValueError
        return _head(loads(head), path.rpartition("/")[2]), steps
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Unreadable(f"{path} is damaged, or of a newer zettel", "if nothing in it is of use to you any more, remove it") from None


def _head(told: dict[str, object], name: str) -> Entry:
    done, count, folders = told["done"], told["files"], told["folders"]
    if told["version"] != entering.VERSION or not isinstance(done, str) or not isinstance(count, int) or not isinstance(folders, list):
        raise ValueError
    own = told["name"] if name == PENDING.rpartition("/")[2] else name
    if not isinstance(own, str) or not own.isdigit() or not all(isinstance(folder, str) for folder in folders):
        raise ValueError
    "".join((done, *folders)).encode()  # what is no text can be neither shown nor a file's name
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
            raise ValueError  # no change touches these, so this was written by another hand
        data = None if size is None else kept[at : at + size]
        at += size or 0
        if data is not None and entering.digest(data) != before:
            raise ValueError
        yield Step(path, to, data, after, None if mode is None else mode & 0o777)


def _changes(steps: list[Step]) -> Changes:
    """What steps do to files, whatever the new bytes are."""
    edits = tuple(Edit(step.path, step.before, None if step.after is None else b"") for step in steps if step.to is None)
    return Changes(edits, tuple(Move(step.path, step.to) for step in steps if step.to is not None))
