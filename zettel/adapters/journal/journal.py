"""Carry out changes of several files, whole or not at all, and undo them.

Everything is verified first. Then the change is recorded with all the bytes that it replaces, the files are changed, and a single rename
completes it (see `log`). An unfinished change is rolled back: after an error at once, after a crash by the next zettel that opens the
notebook (see `recovery`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count, takewhile

from zettel.adapters.fs import atomic, files
from zettel.adapters.fs.allowed_paths import AllowedPaths
from zettel.adapters.fs.files import JOURNAL, PENDING, TRASH_FOLDER, FileStamp
from zettel.adapters.journal import log, names, recovery
from zettel.adapters.journal.log import JournalEntry, JournalStep
from zettel.adapters.journal.preflight import RETRY_HINT, build_changed_error, prepare_steps
from zettel.adapters.zettel_dir import lists
from zettel.model.base.errors import Refused, Unreadable, ZettelError
from zettel.model.base.progress import Progress, SilentProgress
from zettel.model.base.value import value
from zettel.model.edit.changes import Changes, FileCopy, FileEdit, FileMove
from zettel.model.text.fold import is_note_name

MAX_KEPT_BYTES = 10_000_000
"""Maximum size in bytes of the files that the journal keeps to make them again after undo. Pictures beyond that wait in the trash."""


@value
class JournaledChange:
    """Changes to carry out, with a summary of what they do.

    If they undo an earlier change: its `earlier_entry`, the permissions of the files to restore, and the folders that it created, which are removed
    if they are empty.
    """

    changes: Changes
    summary: str
    earlier_entry: JournalEntry | None = None
    modes: Mapping[str, int] = {}
    folders: tuple[str, ...] = ()

    @property
    def changes_notes(self) -> bool:
        """Whether any note changes, and not only the lists in `.zettel/`."""
        return not {*self.changes.paths} <= {*lists.LIST_PATHS}


def apply_changes(root: str, changes: Changes, summary: str, progress: Progress | None = None) -> str:
    """Carry out changes of the notebook at `root`, all or none. The caller holds the lock. Raises `Refused` and `Unreadable`.

    Returns the name of the journal entry, empty if there was nothing to change.
    """
    return apply_journaled(root, JournaledChange(changes, summary), progress) if changes else ""


def apply_journaled(root: str, change: JournaledChange, progress: Progress | None = None) -> str:
    """Carry out a change or undo an earlier one, all of it or nothing. The caller holds the lock. Raises `Refused` and `Unreadable`.

    Returns the name of the journal entry.
    """
    if files.exists(root, PENDING):
        raise Refused("an interrupted change has not been undone yet", "read the message about it, then type: zettel undo")
    places = AllowedPaths(root)
    steps, stamps = prepare_steps(root, change.changes, change.modes, places)
    made = tuple(places.missing)
    earlier = change.earlier_entry
    name, is_undone = (earlier.name, not earlier.is_undone) if earlier else (names.choose_next_name(root), False)
    entry = JournalEntry(name, names.shorten_summary(change.summary), len(change.changes.paths), made, is_undone)
    try:
        if is_undone:  # it was done after the entries marked as undone; once it is marked, too, that order is lost
            log.prune_journal(root)
        log.write_pending(root, entry, steps)
        _write_files(root, change, steps, stamps, places, progress)
        log.commit_pending(root, entry)
    except BaseException as error:
        back = recovery.roll_back_pending(root)
        if back and back.unrestored:
            raise Refused(f"the change was {back}", RETRY_HINT) from None
        if isinstance(error, OSError):
            raise _convert_os_error(root, error) from None
        raise
    try:
        log.prune_journal(root)
        lists.update_moved_paths(root, {move.path: move.new_path for move in change.changes.moves})
        if any(edit.before is None and edit.path in lists.LIST_PATHS for edit in change.changes.edits):
            lists.create_gitattributes(root)
    except (OSError, ZettelError):
        pass  # the change is done, and a stale review date is not worth undoing it
    return name


def _convert_os_error(root: str, error: OSError) -> ZettelError:
    name = error.filename2 or error.filename
    path = os.path.relpath(name, root) if isinstance(name, str) else "a note"
    if isinstance(error, FileExistsError):
        return Refused(f"{path} already exists", RETRY_HINT)
    return Unreadable(f"{path} cannot be written: {error.strerror}", "nothing was changed; check permissions and free space")


def _write_files(
    root: str,
    change: JournaledChange,
    steps: list[JournalStep],
    stamps: dict[str, FileStamp],
    places: AllowedPaths,
    progress: Progress | None = None,
) -> None:
    """Change the files. All new bytes are on the disk before the first file is touched, and all names at the end."""
    edits, moves, copies = change.changes.edits, change.changes.moves, change.changes.copies
    for folder in places.missing:
        atomic.create_folders(root, folder)
    temporaries = {
        edit.path: atomic.create_temporary(root, edit.path, edit.after, known.mode)
        for edit, known in zip(edits, steps, strict=False)
        if edit.after is not None
    }
    temporaries |= {copy.path: _copy_to_temporary(root, copy) for copy in copies}
    with (progress or SilentProgress)("Writing notes", len(temporaries)) as step:
        for path, _ in zip(temporaries, atomic.sync_files(root, [*temporaries.values()]), strict=True):
            step(path)
    with (progress or SilentProgress)("Putting notes in place", len(edits) + len(moves) + len(copies)) as step:
        for copy in copies:
            atomic.rename_no_replace(root, temporaries[copy.path], copy.path)
            step(copy.path)
        for path, before, after in edits:
            if before is None:
                atomic.rename_no_replace(root, temporaries[path], path)
            elif files.read_stamp(root, path) != stamps[path] or not (
                atomic.remove_if_unchanged(root, path, partial(_has_bytes, root, before))
                if after is None
                else atomic.replace_if_unchanged(root, temporaries[path], path, partial(_has_bytes, root, before))
            ):
                raise build_changed_error([path], "in the meantime", RETRY_HINT)
            step(path)
        for _, move in zip(atomic.move_files(root, moves), moves, strict=True):
            step(move.path)
    for folder in change.folders:
        places.ensure_allowed(f"{folder}/x")
    for folder in reversed(change.folders):
        atomic.remove_empty_folder(root, folder)
    for folder in sorted({*places.folders, *map(atomic.folder_of, change.folders)}):
        atomic.sync_folder(root, folder)


def _copy_to_temporary(root: str, copy: FileCopy) -> str:
    """Copy a file from outside the notebook to a temporary file. Raises `Refused` if its bytes are not those that were planned any more."""
    from hashlib import sha256

    digest = sha256()
    changed = build_changed_error([copy.source_path], "in the meantime", RETRY_HINT)

    def read() -> Iterator[bytes]:
        try:
            for chunk in files.read_chunks(copy.source_root, copy.source_path, copy.size + 1):
                digest.update(chunk)
                yield chunk
        except (OSError, ZettelError):
            raise changed from None

    temporary = atomic.create_temporary_of(root, copy.path, read())
    if digest.hexdigest() != copy.digest:
        atomic.discard_file(root, temporary)
        raise changed
    return temporary


def _has_bytes(root: str, data: bytes, path: str) -> bool:
    """Return whether the file at `path` consists of `data`."""
    return files.read_bytes(root, path) == data


def list_next(root: str, *, redo: bool = False) -> list[JournalEntry]:
    """List the changes that `zettel undo` takes back one by one, or with `redo` those that it makes again, the next one first."""
    found = log.list_entries(root)
    undone = list(takewhile(lambda entry: entry.is_undone, found))
    return undone[::-1] if redo else found[len(undone) :]


def plan_undo(root: str, *, redo: bool = False) -> JournaledChange | None:
    """Return the work that undoes the last change, or with `redo` the work that redoes the change undone last.

    Returns None if there is no such change. Raises `Refused` if a file has changed since, and `Unreadable`.
    """
    following = list_next(root, redo=redo)
    if not following:
        return None
    entry, steps = log.read_change(root, f"{JOURNAL}/{following[0].name}")
    places = AllowedPaths(root)
    moved = {step.path: step.to for step in steps if step.to is not None}
    edits: list[FileEdit] = []
    moves: list[FileMove] = []
    modes: dict[str, int] = {}
    changed: list[str] = []
    kept = 0
    for step in reversed(steps):
        path = step.to or moved.get(step.path, step.path)
        places.ensure_allowed(path)
        now = files.read_bytes(root, path) if files.exists(root, path) else None
        if (None if now is None else files.hash_bytes(now)) != step.after:
            changed.append(path)
        elif step.to is None and step.before is None and now is not None and _is_too_large(path, kept + len(now)):
            moves.append(FileMove(path, _choose_trash_path(root, path)))
        elif step.to is None:
            kept += len(now or b"")
            edits.append(FileEdit(path, now, step.before))
            if now is None and step.mode is not None:
                modes[path] = step.mode
    if changed:
        hint = "revert your own edits first, or leave everything as it is"
        if {*changed} <= {*lists.LIST_PATHS}:
            hint = f"take the line out of {' or '.join(sorted({*changed}))} yourself"
        raise build_changed_error(sorted({*changed}), f"since: {entry.summary}", f"nothing was changed; {hint}")
    moves += [FileMove(step.to, step.path) for step in reversed(steps) if step.to is not None]
    changes = Changes(tuple(edits), tuple(moves))
    if not changes.is_reversible:
        raise Unreadable(f"{JOURNAL}/{entry.name} is damaged", "remove it if you no longer need anything from it")
    return JournaledChange(changes, entry.summary, entry, modes, entry.folders)


def _is_too_large(path: str, size: int) -> bool:
    """Return whether a file that is not a note goes to the trash when its creation is undone, because the journal has `size` bytes with it."""
    return size > MAX_KEPT_BYTES and not path.startswith(".zettel/") and not is_note_name(path)


def _choose_trash_path(root: str, path: str) -> str:
    """Return a free path in the trash for the file at `path`."""
    stem, suffix = os.path.splitext(path)
    every = (f"{TRASH_FOLDER}{stem}{f' {number}' if number > 1 else ''}{suffix}" for number in count(1))
    return next(trashed for trashed in every if not files.exists(root, trashed))
