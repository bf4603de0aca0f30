"""Roll back a change that was interrupted, by a crash, an error or Ctrl-C."""

from __future__ import annotations

import os
import stat

from zettel.adapters.fs import atomic, files, rooted
from zettel.adapters.fs.allowed_paths import AllowedPaths
from zettel.adapters.fs.files import PENDING
from zettel.adapters.journal import log
from zettel.adapters.journal.log import JournalEntry, JournalStep
from zettel.model.base.errors import Unreadable, ZettelError
from zettel.model.base.value import value


@value
class Rollback:
    """A change that was rolled back, and what could not be restored.

    `summary` is its summary, `unrestored` the files that were left alone because they have changed since, and `backup` the path of the journal entry
    that still holds their previous contents, or empty.
    """

    summary: str
    unrestored: tuple[str, ...]
    backup: str

    def __str__(self) -> str:
        """Describe the rollback in one line."""
        said = f"undone: {self.summary}"
        left = ", ".join(self.unrestored)
        return f"{said}; not restored because changed since: {left} (previous contents in {self.backup})" if left else said


def recover_pending(root: str) -> str:
    """Undo what an earlier zettel left unfinished. The caller holds the lock.

    Returns a message about it, empty if there was nothing to do.
    """
    if not files.exists(root, PENDING):
        return ""  # the process that was at it has finished in the meantime
    try:
        if not log.is_pending_local(root):
            return f"a change is unfinished in the folder from which this one was copied ({PENDING}); if it is not a copy, undo it with: zettel undo"
        return f"an interrupted change was {roll_back_pending(root)}"
    except OSError as error:
        why = f"a change was interrupted, and its journal entry cannot be read: {error.strerror}"
    except ZettelError as error:
        why = error.message
    return f"{why}, so some notes may be as they were before it and some as they are after it"


def roll_back_pending(root: str) -> Rollback | None:
    """Restore all files to what they were before the pending change. Returns None if none is pending. May be interrupted and repeated.

    Leaves a file alone if it is neither as it was before the change nor as the change makes it. Raises `Unreadable` and `Refused`.
    """
    if not files.exists(root, PENDING):
        return None
    try:
        entry, steps = log.read_change(root, PENDING)
        return _roll_back_steps(root, entry, steps)
    except (OSError, ZettelError) as error:
        why = error.message if isinstance(error, ZettelError) else error.strerror
        what = f"an interrupted change cannot be undone yet: {why}"
        raise Unreadable(what, "fix that, then run any zettel command") from None


def _roll_back_steps(root: str, entry: JournalEntry, steps: list[JournalStep]) -> Rollback:
    places = AllowedPaths(root)
    for path in (path for step in steps for path in (step.path, step.to) if path):
        places.ensure_allowed(path)
    for folder in entry.folders:
        places.ensure_allowed(f"{folder}/x")
    for folder in sorted(places.folders):
        atomic.remove_temporaries(root, folder)
    edited = {step.path: step.before for step in steps if step.to is None}
    left = tuple(sorted({step.path for step in reversed(steps) if not _undo_step(root, step, edited.get(step.path))}))
    for folder in reversed(entry.folders):
        atomic.remove_empty_folder(root, folder)
    for folder in sorted({*places.folders, *map(atomic.folder_of, entry.folders)}):
        atomic.sync_folder(root, folder)
    return Rollback(entry.summary, left, log.drop_pending(root, entry, keep=bool(left)))


def _undo_step(root: str, step: JournalStep, before: bytes | None) -> bool:
    """Undo one step if it was carried out. Returns False if the file is neither as before nor as after the step.

    `before` is the content of the file before it was edited and moved, None if it was not edited.
    """
    if step.to is not None:
        return _undo_move(root, step.path, step.to, (before, step.after))
    is_there = files.exists(root, step.path)
    if is_there and not stat.S_ISREG(rooted.lstat_path(root, step.path).st_mode):
        return False
    now = files.read_bytes(root, step.path) if is_there else None
    if now == step.before:
        return True
    is_after = now is None if step.after is None else now is not None and files.hash_bytes(now) == step.after
    if step.before is None and now is not None and (is_after or not now):  # empty: only its name was claimed
        files.remove_created_file(root, step.path, now)
    elif step.before is not None and now is None and is_after:
        files.create_file(root, step.path, step.before, step.mode)
    elif step.before is not None and now is not None and is_after:
        files.rewrite_file(root, step.path, now, step.before)
    else:
        return False
    return True


def _undo_move(root: str, old: str, new: str, edited: tuple[bytes | None, str | None]) -> bool:
    before, after = edited
    if not files.exists(root, new):
        return files.exists(root, old)
    if not stat.S_ISREG(rooted.lstat_path(root, new).st_mode):
        return False
    if not files.exists(root, old):
        atomic.create_folders(root, atomic.folder_of(old))
        for _ in atomic.move_files(root, [(new, old)]):
            pass
    elif atomic.is_other_spelling(root, new, old):
        atomic.replace_file(root, new, old)
    elif not atomic.is_other_spelling(root, old, new):
        info = rooted.lstat_path(root, new)
        if info.st_size and not os.path.samestat(info, rooted.lstat_path(root, old)):
            if _has_digest(root, old, after):
                return True  # it was moved back already, and `new` is another file
            if before is None or not (_has_digest(root, old, files.hash_bytes(before)) and _has_digest(root, new, after)):
                return False
        atomic.sync_folder(root, atomic.folder_of(old))
        # linked or claimed, but the old name was not removed yet; or the power failed, and either an edit or a new name was lost
        atomic.remove_file(root, new)
    return True


def _has_digest(root: str, path: str, digest: str | None) -> bool:
    try:
        return files.hash_bytes(files.read_bytes(root, path)) == digest
    except Unreadable:
        return False
