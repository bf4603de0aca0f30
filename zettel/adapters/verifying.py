"""Verify everything before a change touches its first file, so that a refusal comes in time."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping

from zettel.adapters import disk, entering, files, inside
from zettel.adapters.files import Stamp
from zettel.adapters.places import Places
from zettel.adapters.records import Step
from zettel.model.editing.changes import Changes, Edit, Move
from zettel.model.errors import Refused, Unreadable

AGAIN = "nothing was written; try again"


def verified(root: str, changes: Changes, modes: Mapping[str, int], places: Places) -> tuple[list[Step], dict[str, Stamp]]:
    """Verify that a change can be carried out, and return its steps and the stamps of the files that it rewrites or removes.

    `modes` holds the permissions of files to restore. Raises `Refused` and `Unreadable`.
    """
    reached: set[str] = set()
    for move in changes.moves:
        if move.to in reached:
            raise Refused(f"two files would both become {move.to}", "give one of them another name")
        reached.add(move.to)
    if not changes.is_reversible:
        raise ValueError("a change could not be undone")
    for path in (*(edit.path for edit in changes.edits), *(path for move in changes.moves for path in move)):
        places.demand(path)
    stamps = {edit.path: files.stamp(root, edit.path) or (0, 0, 0) for edit in changes.edits if edit.before is not None}
    steps = [_edit(root, edit, modes) for edit in changes.edits]  # read after the stamps, so that later writes are detected
    changed = [edit.path for edit in changes.edits if edit.before is not None and files.read(root, edit.path) != edit.before]
    if changed:
        raise have_changed(changed, "in the meantime", AGAIN)
    after = {step.path: step.after for step in steps}
    gone: set[str] = set()
    for move in changes.moves:
        steps.append(_move(root, move, gone, after.get(move.path)))
        gone.add(move.path)
    _demand_writable(root, places)
    return steps, stamps


def _edit(root: str, edit: Edit, modes: Mapping[str, int]) -> Step:
    path, before, after = edit
    if before is None and files.exists(root, path):
        raise Refused(f"{path} already exists", AGAIN)
    if before is not None and after is not None and (bad := files.decode(before)[1] or files.decode(after)[1]):
        raise Refused(f"{path} cannot be rewritten: {bad}", "convert it to UTF-8 first")
    mode = modes.get(path) if before is None else _mode(root, path)
    return Step(path, None, before, None if after is None else entering.digest(after), mode)


def _move(root: str, move: Move, gone: set[str], after: str | None) -> Step:
    path, to = move
    mode = _mode(root, path)
    if files.exists(root, to) and to not in gone and not disk.is_itself(root, path, to):
        raise Refused(f"{path} cannot be renamed to {to}, which already exists", "choose another name, or check what is there")
    return Step(path, to, None, after or digest_of(root, path), mode)


def digest_of(root: str, path: str) -> str:
    """Return the SHA-256 of a file. Raises `Unreadable`."""
    return entering.digest(files.read(root, path))


def _mode(root: str, path: str) -> int:
    """Return the permissions of a regular file. Raises `Refused` if it is not there."""
    try:
        mode = inside.look_at(root, path).st_mode
    except OSError:
        raise Refused(f"{path} is no longer there", AGAIN) from None
    if not stat.S_ISREG(mode):
        raise Refused(f"{path} is not a regular file", "check what kind of file it is")
    return stat.S_IMODE(mode)


def have_changed(paths: list[str], since: str, hint: str) -> Refused:
    """Build the error that says that files have changed."""
    what = f"{paths[0]} has" if len(paths) == 1 else f"{len(paths)} files have"
    return Refused(f"{what} changed {since}", hint, candidates=tuple(sorted(paths)) if len(paths) > 1 else ())


def _demand_writable(root: str, places: Places) -> None:
    for folder in sorted(places.folders):
        there = next(above for above in files.upwards(os.path.join(root, folder)) if os.path.lexists(above))
        if not os.access(there, os.W_OK | os.X_OK):
            raise Unreadable(f"the folder {folder or '.'} cannot be written", "check its permissions")
