"""Carry out changes of several files, whole or not at all, and undo them.

Everything is verified first. Then the change is recorded with all the bytes that it replaces, the files are changed, and a single rename
completes it (see `records`). An unfinished change is rolled back: after an error at once, after a crash by the next zettel that opens the
notebook (see `recovery`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from itertools import takewhile

from zettel.adapters import disk, entering, files, kept, records, recovery
from zettel.adapters.files import JOURNAL, PENDING, Stamp
from zettel.adapters.places import Places
from zettel.adapters.records import Entry, Step
from zettel.adapters.verifying import AGAIN, have_changed, verified
from zettel.model.editing.changes import Changes, Edit, Move
from zettel.model.errors import Refused, Unreadable, ZettelError
from zettel.model.progress import Silent
from zettel.model.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.progress import Progress


@value
class Work:
    """Changes to carry out, with a summary of what they do.

    If they undo an earlier change: its `entry`, the permissions of the files to restore, and the folders that it created, which are removed
    if they are empty.
    """

    changes: Changes
    done: str
    entry: Entry | None = None
    modes: Mapping[str, int] = {}
    folders: tuple[str, ...] = ()


def carry_out(root: str, changes: Changes, done: str, progress: Progress | None = None) -> None:
    """Carry out changes of the notebook at `root`, all or none. The caller holds the lock. Raises `Refused` and `Unreadable`."""
    if changes:
        perform(root, Work(changes, done), progress)


def perform(root: str, work: Work, progress: Progress | None = None) -> None:
    """Carry out a change or undo an earlier one, all of it or nothing. The caller holds the lock. Raises `Refused` and `Unreadable`."""
    if files.exists(root, PENDING):
        raise Refused("an interrupted change has not been undone yet", "read the message about it, then type: zettel undo")
    places = Places(root)
    steps, stamps = verified(root, work.changes, work.modes, places)
    made = tuple(places.missing)
    earlier = work.entry
    name, is_undone = (earlier.name, not earlier.is_undone) if earlier else (entering.next_name(root), False)
    entry = Entry(name, entering.in_short(work.done), len(work.changes.paths), made, is_undone)
    try:
        if is_undone:  # it was done after the entries marked as undone; once it is marked, too, that order is lost
            records.prune(root)
        records.begin(root, entry, steps)
        _write(root, work, steps, stamps, places, progress)
        records.end(root, entry)
    except BaseException as error:
        back = recovery.roll_back(root)
        if back and back.left:
            raise Refused(f"the change was {back}", AGAIN) from None
        if isinstance(error, OSError):
            raise _told(root, error) from None
        raise
    try:
        records.prune(root)
        kept.follow(root, {move.path: move.to for move in work.changes.moves})
    except (OSError, ZettelError):
        pass  # the change is done, and a stale review date is not worth undoing it


def _told(root: str, error: OSError) -> ZettelError:
    name = error.filename2 or error.filename
    path = os.path.relpath(name, root) if isinstance(name, str) else "a note"
    if isinstance(error, FileExistsError):
        return Refused(f"{path} already exists", AGAIN)
    return Unreadable(f"{path} cannot be written: {error.strerror}", "nothing was changed; check permissions and free space")


def _write(root: str, work: Work, steps: list[Step], stamps: dict[str, Stamp], places: Places, progress: Progress | None = None) -> None:
    """Change the files. All new bytes are on the disk before the first file is touched, and all names at the end."""
    edits, moves = work.changes.edits, work.changes.moves
    for folder in places.missing:
        disk.make_folder(root, folder)
    temporaries = {
        edit.path: disk.temporary(root, edit.path, edit.after, known.mode)
        for edit, known in zip(edits, steps, strict=False)
        if edit.after is not None
    }
    with (progress or Silent)("Writing notes", len(temporaries)) as step:
        for path, _ in zip(temporaries, disk.sync_all(root, [*temporaries.values()]), strict=True):
            step(path)
    with (progress or Silent)("Putting notes in place", len(edits) + len(moves)) as step:
        for path, before, after in edits:
            if before is None:
                disk.put(root, temporaries[path], path)
            elif files.stamp(root, path) != stamps[path] or not (
                disk.take_away(root, path, partial(_holds, root, before))
                if after is None
                else disk.swap(root, temporaries[path], path, partial(_holds, root, before))
            ):
                raise have_changed([path], "in the meantime", AGAIN)
            step(path)
        for _, move in zip(disk.move(root, moves), moves, strict=True):
            step(move.path)
    for folder in work.folders:
        places.demand(f"{folder}/x")
    for folder in reversed(work.folders):
        disk.remove_if_empty(root, folder)
    for folder in sorted({*places.folders, *map(disk.folder_of, work.folders)}):
        disk.sync_folder(root, folder)


def _holds(root: str, data: bytes, path: str) -> bool:
    """Return whether the file at `path` consists of `data`."""
    return files.read(root, path) == data


def reversal(root: str, *, again: bool = False) -> Work | None:
    """Return the work that undoes the last change, or with `again` the work that redoes the change undone last.

    Returns None if there is no such change. Raises `Refused` if a file has changed since, and `Unreadable`.
    """
    found = records.entries(root)
    undone = list(takewhile(lambda entry: entry.is_undone, found))
    last = found[len(undone) : len(undone) + 1]
    if again:
        last = undone[-1:]
    if not last:
        return None
    entry, steps = records.read(root, f"{JOURNAL}/{last[0].name}")
    places = Places(root)
    moved = {step.path: step.to for step in steps if step.to is not None}
    edits: list[Edit] = []
    modes: dict[str, int] = {}
    changed: list[str] = []
    for step in reversed(steps):
        path = step.to or moved.get(step.path, step.path)
        places.demand(path)
        now = files.read(root, path) if files.exists(root, path) else None
        if (None if now is None else entering.digest(now)) != step.after:
            changed.append(path)
        elif step.to is None:
            edits.append(Edit(path, now, step.before))
            if now is None and step.mode is not None:
                modes[path] = step.mode
    if changed:
        raise have_changed(
            sorted({*changed}), f"since: {entry.done}", "nothing was changed; revert your own edits first, or leave everything as it is"
        )
    changes = Changes(tuple(edits), tuple(Move(step.to, step.path) for step in reversed(steps) if step.to is not None))
    if not changes.is_reversible:
        raise Unreadable(f"{JOURNAL}/{entry.name} is damaged", "remove it if you need nothing from it any more")
    return Work(changes, entry.done, entry, modes, entry.folders)
