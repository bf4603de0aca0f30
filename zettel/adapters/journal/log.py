"""Read and write the journal: `.zettel/journal/`, one file per change.

A file holds a line of JSON with the summary, a line with the step of each file, and then the bytes that those files had before,
concatenated. It is called `pending` while its change is in progress: complete from the moment it has that name, before any note is
touched. A change is done at the instant at which its file is renamed to a number, the microseconds since 1970 when it began. The file of a
change that was undone stays, marked as such, and holds what the change had made, so that it can be redone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from json import dumps, loads
from typing import NamedTuple

from zettel.adapters.fs import atomic, files, rooted
from zettel.adapters.fs.files import JOURNAL, PENDING, TRASH_FOLDER
from zettel.adapters.journal import names
from zettel.adapters.zettel_dir.lists import LIST_PATHS
from zettel.model.base.errors import Refused, Unreadable
from zettel.model.base.value import value
from zettel.model.edit.changes import Changes, FileEdit, FileMove

MAX_JOURNAL_BYTES = 100_000_000
"""Maximum size of all changes in the journal in bytes. The last one is always kept."""


class JournalStep(NamedTuple):
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
class JournalEntry:
    """A change: its file in the journal, its summary, how many files it changes, which folders it creates, and whether it was undone."""

    name: str
    summary: str
    file_count: int = 0
    folders: tuple[str, ...] = ()
    is_undone: bool = False
    is_damaged: bool = False

    @property
    def started_at(self) -> float:
        """Seconds since 1970."""
        return int(self.name) / 1e6


# Writing


def write_pending(root: str, entry: JournalEntry, steps: list[JournalStep]) -> None:
    """Record a change that is about to be carried out. From then on it can be undone, whatever happens."""
    names.create_journal_folder(root)
    atomic.remove_temporaries(root, JOURNAL)
    head = {
        "version": names.FORMAT_VERSION,
        "name": entry.name,
        "done": entry.summary,
        "files": entry.file_count,
        "folders": entry.folders,
        "is_undone": entry.is_undone,
        "inode": rooted.lstat_path(root, JOURNAL).st_ino,
    }
    step_records = [
        {
            "path": step.path,
            "to": step.to,
            "size": None if step.before is None else len(step.before),
            "before": None if step.before is None else files.hash_bytes(step.before),
            "after": step.after,
            "mode": step.mode,
        }
        for step in steps
    ]
    line = dumps(head).encode()
    if len(line) >= names.MAX_HEAD_BYTES:  # it could not be read back after a crash
        raise Refused("the names of the new folders are too long for the journal", "choose a folder that is nested less deeply")
    data = b"\n".join((line, dumps(step_records).encode(), b"".join(step.before or b"" for step in steps)))
    temporary = atomic.create_temporary(root, PENDING, data, 0o600)
    atomic.sync_file(root, temporary)
    atomic.replace_file(root, temporary, PENDING)
    atomic.sync_folder(root, JOURNAL)


def commit_pending(root: str, entry: JournalEntry) -> None:
    """Complete the pending change by giving its record the final name."""
    atomic.replace_file(root, PENDING, f"{JOURNAL}/{entry.name}")
    atomic.sync_folder(root, JOURNAL)


def drop_pending(root: str, entry: JournalEntry, *, keep: bool) -> str:
    """Remove the record of a pending change that was rolled back. With `keep`, rename it instead and return its path."""
    kept = f"{JOURNAL}/{entry.name}.broken-off" if keep else ""
    if kept:
        atomic.replace_file(root, PENDING, kept)
    else:
        atomic.remove_file(root, PENDING)
    atomic.sync_folder(root, JOURNAL)
    return kept


def prune_journal(root: str) -> None:
    """Remove entries beyond the limits, and those undone before a later change was made, which cannot be redone any more.

    Notes that such a change had made, and that undoing it has removed, go to the trash.
    """
    kept = size = 0
    is_past = False
    for entry in list_entries(root):
        path = f"{JOURNAL}/{entry.name}"
        is_past |= not entry.is_undone
        if not (is_past and entry.is_undone):
            kept, size = kept + 1, size + rooted.lstat_path(root, path).st_size
            if kept == 1 or (kept <= names.MAX_ENTRIES and size <= MAX_JOURNAL_BYTES):
                continue
        elif not entry.is_damaged:
            _trash_removed_notes(root, path)
        atomic.remove_file(root, path)


def _trash_removed_notes(root: str, path: str) -> None:
    """Put the notes that the entry at `path` holds, and that are not there any more, into the trash, unless the same is there already."""
    try:
        steps = read_change(root, path)[1]
    except Unreadable:
        return
    for step in steps:
        if step.before is None or step.after is not None or step.to is not None or step.path.startswith(".zettel/"):
            continue
        stem, dot, suffix = step.path.rpartition(".")
        for number in count(1):
            trashed = f"{TRASH_FOLDER}{stem}{f' {number}' if number > 1 else ''}{dot}{suffix}"
            if not files.exists(root, trashed):
                files.create_file(root, trashed, step.before)
                break
            if files.read_bytes(root, trashed) == step.before:
                break


# Reading


def list_entries(root: str) -> list[JournalEntry]:
    """List all changes, latest first."""
    return [_read_entry(root, name) for name in names.list_entry_names(root)]


def _read_entry(root: str, name: str) -> JournalEntry:
    try:
        with rooted.open_file(root, f"{JOURNAL}/{name}") as file:
            return _parse_head(loads(file.readline(names.MAX_HEAD_BYTES)), name)
    except (Unreadable, OSError, ValueError, TypeError, KeyError, RecursionError):
        return JournalEntry(name, f"{JOURNAL}/{name} is damaged", is_damaged=True)


def is_pending_local(root: str) -> bool:
    """Return whether the pending change was begun in this folder, not in the one that this is a copy of."""
    with rooted.open_file(root, PENDING) as file:
        try:
            return bool(loads(file.readline(names.MAX_HEAD_BYTES))["inode"] == rooted.lstat_path(root, JOURNAL).st_ino)
        except (ValueError, TypeError, KeyError, RecursionError):
            return False


def read_change(root: str, path: str) -> tuple[JournalEntry, list[JournalStep]]:
    """Return a change with its steps. Raises `Unreadable`, also if it is damaged."""
    data = files.read_bytes(root, path)
    try:
        head, _, rest = data.partition(b"\n")
        step_records, _, stored = rest.partition(b"\n")
        steps = list(_parse_steps(loads(step_records), stored))
        if not _build_changes(steps).is_reversible:
            raise ValueError
        return _parse_head(loads(head), path.rpartition("/")[2]), steps
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Unreadable(
            f"{path} is damaged or was written by a newer zettel", "remove it if you no longer need anything from it"
        ) from None


def _parse_head(record: dict[str, object], name: str) -> JournalEntry:
    done, count, folders = record["done"], record["files"], record["folders"]
    if (
        record["version"] != names.FORMAT_VERSION
        or not isinstance(done, str)
        or not isinstance(count, int)
        or not isinstance(folders, list)
    ):
        raise ValueError
    own = record["name"] if name == PENDING.rpartition("/")[2] else name
    if not isinstance(own, str) or not own.isdigit() or not all(isinstance(folder, str) for folder in folders):
        raise ValueError
    "".join((done, *folders)).encode()  # raises if it is not valid Unicode, which could neither be shown nor be a file's name
    return JournalEntry(own, done, count, tuple(folders), bool(record["is_undone"]))


def _parse_steps(records: list[dict[str, object]], stored: bytes) -> Iterator[JournalStep]:
    at = 0
    for step in records:
        path, to, size, before, after, mode = (step[key] for key in ("path", "to", "size", "before", "after", "mode"))
        if not isinstance(path, str) or not isinstance(to, str | None) or not isinstance(mode, int | None):
            raise TypeError
        if not isinstance(size, int | None) or not isinstance(after, str | None):
            raise TypeError
        (path + (to or "")).encode()
        if not (_is_recorded(path) and (to is None or (_is_recorded(to) and not {path, to} & {*LIST_PATHS}))):
            raise ValueError  # zettel never changes this, so something else wrote this entry
        data = None if size is None else stored[at : at + size]
        at += size or 0
        if data is not None and files.hash_bytes(data) != before:
            raise ValueError
        yield JournalStep(path, to, data, after, None if mode is None else mode & 0o777)


def _is_recorded(path: str) -> bool:
    """Return whether zettel changes the file at `path` by way of the journal: not the config, templates and other files of `.zettel/`."""
    return not path.startswith(".zettel/") or path.startswith(TRASH_FOLDER) or path in LIST_PATHS


def _build_changes(steps: list[JournalStep]) -> Changes:
    """Build the changes that the steps describe. The new bytes do not matter."""
    edits = tuple(FileEdit(step.path, step.before, None if step.after is None else b"") for step in steps if step.to is None)
    return Changes(edits, tuple(FileMove(step.path, step.to) for step in steps if step.to is not None))
