"""Scanning a notebook: which notes are new, not as they were when they were read, or gone.

Every file is looked at each time, so that no change by another program goes unseen. The notes of a large notebook are shared out among
processes by the hashes of their paths, and each of these goes through all folders, so that nothing needs to be agreed upon on the way.
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
"""From so many notes on they are shared out: a process is begun in the time that it takes to look at 300."""

PARTS = 64
"""Of all notes, by hash; every process takes some of these."""

BUSY = 20_000
"""To load what answers a question takes about as long as to look at so many notes."""


class Seen(NamedTuple):
    """Paths of the notes that are new or not as they are known, and of those that are gone; what was passed over, with the reason; and zettel's temporary files."""

    changed: list[str]
    gone: list[str]
    passed: dict[str, str]
    temporary: list[str]


def scan(root: str, known: Stamps, ignore: tuple[str, ...] = (), meanwhile: Callable[[], object] | None = None) -> Seen:
    """Compare the notes of the notebook at `root` with those that are `known`; nothing is left of these afterwards. `meanwhile` is done, too.

    Notes are regular `*.md` and `*.markdown` files in no folder whose name starts with a dot, and matched by
    no glob of `ignore`; one that a dot before its own name hides is passed over. Symbolic links are never followed: one that leads out would let strangers' files in,
    one that stays inside would show a note twice. Raises `Unreadable`.
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
    """The same, by as many processes as there are cores."""
    from functools import partial
    from marshal import dumps, loads

    from zettel.adapters.sidebyside import cores, side_by_side

    is_alone = len(sys._current_frames()) == 1  # another thread's locks would stay locked in a copy of this process
    owners = _owners(len(known), cores() if is_alone else 1, BUSY if meanwhile else 0)

    def share(worker: int) -> bytes:
        if not worker and meanwhile:
            meanwhile()
        return dumps(tuple(_scan(root, known, ignored, owners, worker)))

    first, *others = (Seen(*loads(part)) for part in side_by_side([partial(share, worker) for worker in range(max(owners) + 1)]))  # noqa: S302 - from ourselves
    for other in others:  # folders, and what is no note, have been seen by all of them
        first.changed.extend(other.changed)
        first.gone.extend(other.gone)
        first.passed.update(other.passed)
    return first._replace(changed=sorted(first.changed), gone=sorted(first.gone))


def _owners(notes: int, workers: int, busy: int) -> bytes:
    """The number of the process that takes each part; the first of them has as much to do besides as looking at `busy` notes."""
    own = max(0, (notes + busy) // workers - busy) * PARTS // notes if workers > 1 else PARTS
    return bytes(0 if part < own else 1 + part % (workers - 1) for part in range(PARTS))


def _scan(root: str, known: Stamps, ignored: Callable[[str], bool] | None, owners: bytes = b"", worker: int = 0) -> Seen:
    """The same; the notes that belong to a worker only, where there are several."""
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
                    raise Unreadable(f"the notebook {root} cannot be read: {error.strerror}", "look at its permissions") from None
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
    """Take the notes among the entries of a folder off those that are known, and put what matters of the rest into `seen`; gives the folders."""
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
        if is_note:  # most entries are notes: what they are and their stamp take one call
            if owners and owners[hash(path) % PARTS] != worker:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path + "/")
                continue
            try:
                info = entry.stat(follow_symlinks=False)
            except OSError:
                pass  # told apart below
            else:
                before = known.pop(path, None)
                if before == (info.st_mtime_ns, info.st_size, info.st_ctime_ns):
                    continue
                if stat.S_ISREG(info.st_mode) and info.st_size <= LARGEST and path.isprintable():
                    if before != stamp_of(info):
                        changed.append(path)
                    continue
                if before:
                    known[path] = before  # gone, if it is no note any more
        if entry.is_dir(follow_symlinks=False):
            folders.append(path + "/")
        elif entry.is_symlink():
            passed[path] = "a symbolic link is not followed"
        elif not is_note:
            continue
        elif not entry.is_file(follow_symlinks=False):
            passed[path] = "it is no regular file"
        elif not path.isprintable() and any("\ud800" <= char < "\ue000" for char in path):
            passed[path] = "its name is no UTF-8"
        else:
            try:
                info = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # gone meanwhile
            except OSError as error:
                passed[path] = f"it cannot be read: {error.strerror}"
                continue
            if info.st_size > LARGEST:
                passed[path] = TOO_LARGE
            elif known.pop(path, None) != stamp_of(info):
                changed.append(path)
    return folders
