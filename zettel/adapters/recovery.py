"""Roll back a change that was interrupted, by a crash, an error or Ctrl-C."""

from __future__ import annotations

import os
import stat

from zettel.adapters import disk, entering, files, inside, records
from zettel.adapters.files import PENDING
from zettel.adapters.places import Places
from zettel.adapters.records import Entry, Step
from zettel.model.errors import Unreadable, ZettelError
from zettel.model.value import value


@value
class TakenBack:
    """A change that was rolled back, and what could not be restored.

    `done` is its summary, `left` the files that were left alone because they have changed since, and `kept` the path of the journal entry
    that still holds their previous contents, or empty.
    """

    done: str
    left: tuple[str, ...]
    kept: str

    def __str__(self) -> str:
        """Describe the rollback in one line."""
        said = f"undone: {self.done}"
        left = ", ".join(self.left)
        return f"{said}; not restored because changed since: {left} (previous contents in {self.kept})" if left else said


def recover(root: str) -> str:
    """Undo what an earlier zettel left unfinished. The caller holds the lock.

    Returns a message about it, empty if there was nothing to do.
    """
    if not files.exists(root, PENDING):
        return ""  # the process that was at it has finished in the meantime
    try:
        if not records.is_of_this_folder(root):
            return f"a change is unfinished in the folder from which this one was copied ({PENDING}); if it is not a copy, undo it with: zettel undo"
        return f"an interrupted change was {roll_back(root)}"
    except OSError as error:
        why = f"a change was interrupted, and its journal entry cannot be read: {error.strerror}"
    except ZettelError as error:
        why = error.message
    return f"{why}, so some notes may be as they were before it and some as they are after it"


def roll_back(root: str) -> TakenBack | None:
    """Restore all files to what they were before the pending change. Returns None if none is pending. May be interrupted and repeated.

    Leaves a file alone if it is neither as it was before the change nor as the change makes it. Raises `Unreadable` and `Refused`.
    """
    if not files.exists(root, PENDING):
        return None
    try:
        entry, steps = records.read(root, PENDING)
        return _rolled_back(root, entry, steps)
    except (OSError, ZettelError) as error:
        why = error.message if isinstance(error, ZettelError) else error.strerror
        what = f"an interrupted change cannot be undone yet: {why}"
        raise Unreadable(what, "fix that, then run any zettel command") from None


def _rolled_back(root: str, entry: Entry, steps: list[Step]) -> TakenBack:
    places = Places(root)
    for path in (path for step in steps for path in (step.path, step.to) if path):
        places.demand(path)
    for folder in entry.folders:
        places.demand(f"{folder}/x")
    for folder in sorted(places.folders):
        disk.remove_leftovers(root, folder)
    edited = {step.path: step.before for step in steps if step.to is None}
    left = tuple(sorted({step.path for step in reversed(steps) if not _taken_back(root, step, edited.get(step.path))}))
    for folder in reversed(entry.folders):
        disk.remove_if_empty(root, folder)
    for folder in sorted({*places.folders, *map(disk.folder_of, entry.folders)}):
        disk.sync_folder(root, folder)
    return TakenBack(entry.done, left, records.drop(root, entry, is_kept=bool(left)))


def _taken_back(root: str, step: Step, before: bytes | None) -> bool:
    """Undo one step if it was carried out. Returns False if the file is neither as before nor as after the step.

    `before` is the content of the file before it was edited and moved, None if it was not edited.
    """
    if step.to is not None:
        return _moved_back(root, step.path, step.to, (before, step.after))
    is_there = files.exists(root, step.path)
    if is_there and not stat.S_ISREG(inside.look_at(root, step.path).st_mode):
        return False
    now = files.read(root, step.path) if is_there else None
    if now == step.before:
        return True
    is_after = now is None if step.after is None else now is not None and entering.digest(now) == step.after
    if step.before is None and now is not None and (is_after or not now):  # empty: only its name was claimed
        files.remove(root, step.path, now)
    elif step.before is not None and now is None and is_after:
        files.create(root, step.path, step.before, step.mode)
    elif step.before is not None and now is not None and is_after:
        files.rewrite(root, step.path, now, step.before)
    else:
        return False
    return True


def _moved_back(root: str, old: str, new: str, edited: tuple[bytes | None, str | None]) -> bool:
    before, after = edited
    if not files.exists(root, new):
        return files.exists(root, old)
    if not stat.S_ISREG(inside.look_at(root, new).st_mode):
        return False
    if not files.exists(root, old):
        disk.make_folder(root, disk.folder_of(old))
        for _ in disk.move(root, [(new, old)]):
            pass
    elif disk.is_itself(root, new, old):
        disk.replace(root, new, old)
    elif not disk.is_itself(root, old, new):
        info = inside.look_at(root, new)
        if info.st_size and not os.path.samestat(info, inside.look_at(root, old)):
            if _has(root, old, after):
                return True  # it was moved back already, and `new` is another file
            if before is None or not (_has(root, old, entering.digest(before)) and _has(root, new, after)):
                return False
        disk.sync_folder(root, disk.folder_of(old))
        # linked or claimed, but the old name was not removed yet; or the power failed, and either an edit or a new name was lost
        disk.remove(root, new)
    return True


def _has(root: str, path: str, after: str | None) -> bool:
    try:
        return entering.digest(files.read(root, path)) == after
    except Unreadable:
        return False
