"""Verify everything before a change touches its first file, so that a refusal comes in time."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping

from zettel.adapters.fs import atomic, files, rooted
from zettel.adapters.fs.allowed_paths import AllowedPaths
from zettel.adapters.fs.files import FileStamp
from zettel.adapters.journal.log import JournalStep
from zettel.adapters.zettel_dir.lists import LIST_PATHS
from zettel.model.base.errors import Refused, Unreadable
from zettel.model.edit.changes import Changes, FileCopy, FileEdit, FileMove

RETRY_HINT = "nothing was written; try again"


def prepare_steps(
    root: str, changes: Changes, modes: Mapping[str, int], places: AllowedPaths
) -> tuple[list[JournalStep], dict[str, FileStamp]]:
    """Verify that a change can be carried out, and return its steps and the stamps of the files that it rewrites or removes.

    `modes` holds the permissions of files to restore. Raises `Refused` and `Unreadable`.
    """
    reached: set[str] = set()
    for move in changes.moves:
        if move.new_path in reached:
            raise Refused(f"two files would both become {move.new_path}", "give one of them another name")
        reached.add(move.new_path)
    if not changes.is_reversible:
        raise ValueError("a change could not be undone")
    for path in (
        *(edit.path for edit in changes.edits),
        *(path for move in changes.moves for path in move),
        *(copy.path for copy in changes.copies),
    ):
        places.ensure_allowed(path)
    stamps = {edit.path: files.read_stamp(root, edit.path) or (0, 0, 0) for edit in changes.edits if edit.before is not None}
    steps = [_prepare_edit(root, edit, modes) for edit in changes.edits]  # read after the stamps, so that later writes are detected
    changed = [edit.path for edit in changes.edits if edit.before is not None and files.read_bytes(root, edit.path) != edit.before]
    if changed:
        raise build_changed_error(changed, "in the meantime", RETRY_HINT)
    after = {step.path: step.after for step in steps}
    gone: set[str] = set()
    for move in changes.moves:
        steps.append(_prepare_move(root, move, gone, after.get(move.path)))
        gone.add(move.path)
    steps += [_prepare_copy(root, copy) for copy in changes.copies]
    _ensure_writable(root, places)
    return steps, stamps


def _prepare_edit(root: str, edit: FileEdit, modes: Mapping[str, int]) -> JournalStep:
    path, before, after = edit
    if before is None and files.exists(root, path):
        raise Refused(f"{path} already exists", RETRY_HINT)
    if (
        path not in LIST_PATHS
        and before is not None
        and after is not None
        and (bad := files.decode_bytes(before)[1] or files.decode_bytes(after)[1])
    ):
        raise Refused(f"{path} cannot be rewritten: {bad}", "convert it to UTF-8 first")
    mode = modes.get(path) if before is None else _read_mode(root, path)
    return JournalStep(path, None, before, None if after is None else files.hash_bytes(after), mode)


def _prepare_move(root: str, move: FileMove, gone: set[str], after: str | None) -> JournalStep:
    path, to = move
    mode = _read_mode(root, path)
    if files.exists(root, to) and to not in gone and not atomic.is_other_spelling(root, path, to):
        raise Refused(f"{path} cannot be renamed to {to}, which already exists", "choose another name, or check what is there")
    return JournalStep(path, to, None, after or read_digest(root, path), mode)


def _prepare_copy(root: str, copy: FileCopy) -> JournalStep:
    if files.exists(root, copy.path):
        raise Refused(f"{copy.path} already exists", RETRY_HINT)
    return JournalStep(copy.path, None, None, copy.digest, None)


def read_digest(root: str, path: str) -> str:
    """Return the SHA-256 of a file. Raises `Unreadable`."""
    return files.hash_bytes(files.read_bytes(root, path))


def _read_mode(root: str, path: str) -> int:
    """Return the permissions of a regular file. Raises `Refused` if it is not there."""
    try:
        mode = rooted.lstat_path(root, path).st_mode
    except OSError:
        raise Refused(f"{path} is no longer there", RETRY_HINT) from None
    if not stat.S_ISREG(mode):
        raise Refused(f"{path} is not a regular file", "check what kind of file it is")
    return stat.S_IMODE(mode)


def build_changed_error(paths: list[str], since: str, hint: str) -> Refused:
    """Build the error that says that files have changed."""
    what = f"{paths[0]} has" if len(paths) == 1 else f"{len(paths)} files have"
    return Refused(f"{what} changed {since}", hint, candidates=tuple(sorted(paths)) if len(paths) > 1 else ())


def _ensure_writable(root: str, places: AllowedPaths) -> None:
    for folder in sorted(places.folders):
        there = next(above for above in files.walk_up(os.path.join(root, folder)) if os.path.lexists(above))
        if not os.access(there, os.W_OK | os.X_OK):
            raise Unreadable(f"the folder {folder or '.'} cannot be written", "check its permissions")
