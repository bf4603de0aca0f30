"""Scan a notebook: find the notes that are new, changed or gone.

Every file is checked each time, so that no change by another program goes unnoticed. In a large notebook the notes are shared among
processes by the hash of their path. Each process walks all folders, so that they need not coordinate.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable

from zettel.adapters import disk, inside
from zettel.adapters.files import LARGEST, TOO_LARGE, Stamps, stamp_of
from zettel.model.errors import Unreadable
from zettel.model.text import is_note_name
from zettel.model.value import NamedTuple

MANY = 2000
"""Number of notes from which several processes scan: starting one takes as long as checking 300 notes."""

PARTS = 64
"""Buckets into which notes are hashed. Each process owns some of them."""

BUSY = 20_000
"""Cost of `meanwhile` in notes: what a command loads takes about as long as checking this many."""


class Seen(NamedTuple):
    """The result of a scan.

    `changed` are the paths of new and changed notes, `gone` those of notes that are gone, `passed` what was skipped, with the reason, and
    `temporary` zettel's own temporary files.
    """

    changed: list[str]
    gone: list[str]
    passed: dict[str, str]
    temporary: list[str]


def scan(root: str, known: Stamps, ignore: tuple[str, ...] = (), meanwhile: Callable[[], object] | None = None) -> Seen:
    """Compare the notes under `root` with the stamps in `known`, and return what changed.

    Consumes `known`: paths that are still there are removed from it. Calls `meanwhile` once, in this process, while worker processes check
    the files (in a small notebook: before).

    Notes are regular `*.md` and `*.markdown` files that match no glob of `ignore`. Folders whose name starts with a dot are left out; a
    note whose own name starts with one is reported as skipped. Symlinks are never followed: one that leads out would let in foreign files,
    one that stays inside would list a note twice. Raises `Unreadable`.
    """
    ignored: Callable[[str], bool] | None = None
    if ignore:
        from zettel.model.globs import matcher

        ignored = matcher(ignore)
    if len(known) < (MANY // 4 if meanwhile else MANY):
        if meanwhile:
            meanwhile()
        return _scan(root, known, ignored)
    return _scan_together(root, known, ignored, meanwhile)


def _scan_together(root: str, known: Stamps, ignored: Callable[[str], bool] | None, meanwhile: Callable[[], object] | None) -> Seen:
    """Scan with as many processes as there are cores."""
    from functools import partial
    from marshal import dumps, loads

    from zettel.adapters.sidebyside import cores, side_by_side

    is_alone = len(sys._current_frames()) == 1  # in a forked copy, locks held by another thread would never be released
    owners = _owners(len(known), cores() if is_alone else 1, BUSY if meanwhile else 0)

    def share(worker: int) -> bytes:
        if not worker and meanwhile:
            meanwhile()
        return dumps(tuple(_scan(root, known, ignored, owners, worker)))

    first, *others = (Seen(*loads(part)) for part in side_by_side([partial(share, worker) for worker in range(max(owners) + 1)]))  # noqa: S302 - our own data
    for other in others:  # every process has seen all folders and non-notes
        first.changed.extend(other.changed)
        first.gone.extend(other.gone)
        first.passed.update(other.passed)
    return first._replace(changed=sorted(first.changed), gone=sorted(first.gone))


def _owners(notes: int, workers: int, busy: int) -> bytes:
    """Return the number of the process that owns each bucket. The first process has extra work, worth checking `busy` notes."""
    own = max(0, (notes + busy) // workers - busy) * PARTS // notes if workers > 1 else PARTS
    return bytes(0 if part < own else 1 + part % (workers - 1) for part in range(PARTS))


def _scan(root: str, known: Stamps, ignored: Callable[[str], bool] | None, owners: bytes = b"", worker: int = 0) -> Seen:
    """Scan the whole tree in this process; with `owners`, only the notes that belong to `worker`."""
    seen = Seen([], [], {}, [])
    folders = [""]
    with inside.Walk(root) as walk:
        while folders:
            prefix = folders.pop()
            try:
                with walk.entries(prefix[:-1]) as entries:
                    folders += _looked_through(entries, prefix, known, ignored, owners, worker, seen)
            except OSError as error:
                if not prefix:
                    raise Unreadable(f"the notebook {root} cannot be read: {error.strerror}", "check its permissions") from None
                seen.passed[prefix] = f"the folder cannot be read: {error.strerror}"
    seen.gone.extend(path for path in known if not owners or owners[hash(path) % PARTS] == worker)
    return seen._replace(changed=sorted(seen.changed), gone=sorted(seen.gone))


def _looked_through(
    entries: Iterable[os.DirEntry[str]],
    prefix: str,
    known: Stamps,
    ignored: Callable[[str], bool] | None,
    owners: bytes,
    worker: int,
    seen: Seen,
) -> list[str]:
    """Compare one folder's entries with `known`, and return its subfolders.

    Removes the notes that are still there from `known`, and adds what it finds to `seen`.
    """
    changed, _, passed, temporary = seen
    folders = []
    for entry in entries:
        name = entry.name
        path = prefix + name
        if ignored is not None and ignored(path):
            continue
        if name[0] == ".":
            if disk.is_temporary(name):
                temporary.append(path)
            elif is_note_name(name) and entry.is_file(follow_symlinks=False):
                passed[path] = "its name begins with a dot, which hides it"
            continue
        is_note = name[-3:] == ".md" or is_note_name(name)
        if is_note:  # most entries are notes, so one call gets both type and stamp
            if owners and owners[hash(path) % PARTS] != worker:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path + "/")
                continue
            try:
                info = entry.stat(follow_symlinks=False)
            except OSError:
                pass  # reported below
            else:
                before = known.pop(path, None)
                if before == (info.st_mtime_ns, info.st_size, info.st_ctime_ns):
                    continue
                if stat.S_ISREG(info.st_mode) and info.st_size <= LARGEST and path.isprintable():
                    if before != stamp_of(info):
                        changed.append(path)
                    continue
                if before:
                    known[path] = before  # counts as gone if it is not a note any more
        if entry.is_dir(follow_symlinks=False):
            folders.append(path + "/")
        elif entry.is_symlink():
            passed[path] = "a symbolic link is not followed"
        elif not is_note:
            continue
        elif not entry.is_file(follow_symlinks=False):
            passed[path] = "it is not a regular file"
        elif not path.isprintable() and any("\ud800" <= char < "\ue000" for char in path):
            passed[path] = "its name is not UTF-8"
        else:
            try:
                info = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # deleted in the meantime
            except OSError as error:
                passed[path] = f"it cannot be read: {error.strerror}"
                continue
            if info.st_size > LARGEST:
                passed[path] = TOO_LARGE
            elif known.pop(path, None) != stamp_of(info):
                changed.append(path)
    return folders
