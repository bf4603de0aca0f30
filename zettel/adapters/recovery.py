"""Taking back a change that was broken off: by a crash, an error, or somebody's patience."""

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
    """A change that was taken back: what it was; the files that were left alone, and where there is what they were before."""

    done: str
    left: tuple[str, ...]
    kept: str

    def __str__(self) -> str:
        """It in a line."""
        said = f"taken back: {self.done}"
        left = ", ".join(self.left)
        return f"{said}; but {left} has changed since and stays as it is (as it was before: in {self.kept})" if left else said


def recover(root: str) -> str:
    """Take back what an earlier zettel broke off, the lock being held; what to say of it, empty if there was nothing to do."""
    if not files.exists(root, PENDING):
        return ""  # whoever was at it has finished meanwhile
    try:
        if not records.is_of_this_folder(root):
            return f"a change is under way in the folder that this is a copy of ({PENDING}); if not, take it back with: zettel undo"
        return f"broken off, so {roll_back(root)}"
    except OSError as error:
        why = f"a change was broken off, and what is known of it cannot be read: {error.strerror}"
    except ZettelError as error:
        why = error.message
    return f"{why}, so some notes may be as before and some as after it"


def roll_back(root: str) -> TakenBack | None:
    """Make all files what they were before the change that is pending, if one is. May be broken off and done again.

    A file that is neither what it was before nor what the change makes of it stays as it is. Raises `Unreadable`, `Refused`.
    """
    if not files.exists(root, PENDING):
        return None
    try:
        entry, steps = records.read(root, PENDING)
        return _rolled_back(root, entry, steps)
    except (OSError, ZettelError) as error:
        why = error.message if isinstance(error, ZettelError) else error.strerror
        what = f"a change was broken off and cannot be taken back yet: {why}"
        raise Unreadable(what, "mend that, then type any command of zettel") from None


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
    """Take one step back, if it was taken; False: the file is neither as it was before nor as it is after.

    `before` are a file's bytes before it was edited and moved; None: it was not edited.
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
    if step.before is None and now is not None and (is_after or not now):  # empty: its name was only claimed
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
                return True  # it is at its place: what is at the other is another file
            if before is None or not (_has(root, old, entering.digest(before)) and _has(root, new, after)):
                return False
        disk.sync_folder(root, disk.folder_of(old))
        # linked or claimed, but the old name was not gone yet; or the power failed, and of an edit and a new name one is lost
        disk.remove(root, new)
    return True


def _has(root: str, path: str, after: str | None) -> bool:
    try:
        return entering.digest(files.read(root, path)) == after
    except Unreadable:
        return False
