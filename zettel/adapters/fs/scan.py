"""Scan a notebook: find the notes that are new, changed or gone.

Every file is checked each time, so that no change by another program goes unnoticed. In a large notebook the notes are shared among
processes by the hash of their path. Each process walks all folders, so that they need not coordinate.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator

from zettel.adapters.fs import atomic, rooted
from zettel.adapters.fs.files import MAX_NOTE_BYTES, PLACEHOLDER_SUFFIX, TOO_LARGE, FileStamp, FileStamps, build_stamp
from zettel.model.base.errors import Refused, Unreadable
from zettel.model.base.value import NamedTuple
from zettel.model.text.fold import is_note_name

PARALLEL_THRESHOLD = 2000
"""Number of notes from which several processes scan: starting one takes as long as checking 300 notes."""

HASH_BUCKETS = 64
"""Buckets into which notes are hashed. Each process owns some of them."""

MEANWHILE_COST = 20_000
"""Cost of `meanwhile` in notes: what a command loads takes about as long as checking this many."""


PUT_AWAY = "it is in iCloud, and not on this machine"
"""Why a scan skips a note of which iCloud has left only a placeholder, with or without an empty file beside it."""


class ScanResult(NamedTuple):
    """The result of a scan.

    `changed` are the paths of new and changed notes, `gone` those of notes that are gone, `skipped` what was skipped, with the reason, and
    `temporaries` zettel's own temporary files.
    """

    changed: list[str]
    gone: list[str]
    skipped: dict[str, str]
    temporaries: list[str]


class Placeholders:
    """The placeholders of iCloud that a scan finds, and the empty notes, since one may stand beside a placeholder.

    `paths` holds the paths of the notes that the placeholders stand for, and `empty_notes` the known stamp of each empty note, or None.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.empty_notes: dict[str, FileStamp | None] = {}

    def add(self, prefix: str, name: str) -> None:
        """Add the placeholder called `name`, if it stands for a note."""
        note_name = name[1 : -len(PLACEHOLDER_SUFFIX)]
        if is_note_name(note_name) and note_name[0] != ".":
            self.paths.append(prefix + note_name)

    def mark_gone(self, path: str, changed: list[str], known: FileStamps) -> None:
        """Treat a note that iCloud has put away as one that is not there: take it out of `changed`, and put a known one back into `known`."""
        if path in changed:
            changed.remove(path)
        before = self.empty_notes.get(path)
        if before:
            known[path] = before


def scan_notes(root: str, known: FileStamps, ignore: tuple[str, ...] = (), meanwhile: Callable[[], object] | None = None) -> ScanResult:
    """Find the notes below `root` that are new, changed or gone since the stamps in `known` were taken.

    Empties `known` on the way: each path that is found is removed. `meanwhile` runs once in this process, alongside the workers that stat
    the files; a small notebook has no workers, and it runs first.

    Notes are regular `*.md` and `*.markdown` files that match no glob of `ignore`. Folders whose name starts with a dot are left out; a
    note whose own name starts with one is reported as skipped, and so is one that iCloud has put away. Symlinks are never followed: one
    that leads out would let in foreign files, one that stays inside would list a note twice. Raises `Unreadable`.
    """
    ignored: Callable[[str], bool] | None = None
    if ignore:
        from zettel.model.text.globs import build_matcher

        ignored = build_matcher(ignore)
    if len(known) < (PARALLEL_THRESHOLD // 4 if meanwhile else PARALLEL_THRESHOLD):
        if meanwhile:
            meanwhile()
        return _scan_tree(root, known, ignored)
    return _scan_in_parallel(root, known, ignored, meanwhile)


def choose_notes(root: str, paths: Iterable[str], ignore: tuple[str, ...] = ()) -> Iterator[tuple[str, FileStamp | None]]:
    """Yield each of some paths that a scan would take for a note's, with its stamp, or None if there is no note.

    Follows the rules of `scan_notes`. A note of which iCloud has left only a placeholder is not there.
    """
    from zettel.model.text.globs import build_subtree_matcher

    ignored = build_subtree_matcher(ignore)
    for path in dict.fromkeys(paths):
        if not is_note_path(path, ignored):
            continue
        parts = path.split("/")
        try:
            info = rooted.lstat_path(root, path)
        except (OSError, Refused):
            yield path, None
            continue
        placeholder = "/".join((*parts[:-1], f".{parts[-1]}{PLACEHOLDER_SUFFIX}"))
        is_away = not info.st_size and rooted.exists(root, placeholder)
        is_note = stat.S_ISREG(info.st_mode) and info.st_size <= MAX_NOTE_BYTES and not is_away
        yield path, build_stamp(info) if is_note else None


def is_note_path(path: str, ignored: Callable[[str], bool]) -> bool:
    """Return whether a scan would take a regular file at this path for a note."""
    parts = path.split("/")
    is_text = not any("\ud800" <= char < "\ue000" for char in path)
    return is_text and is_note_name(parts[-1]) and not any(part[:1] in ("", ".") for part in parts) and not ignored(path)


def _scan_in_parallel(
    root: str, known: FileStamps, ignored: Callable[[str], bool] | None, meanwhile: Callable[[], object] | None
) -> ScanResult:
    """Scan with as many processes as there are cores."""
    from functools import partial
    from marshal import dumps, loads

    from zettel.adapters.fork import count_workers, run_in_parallel

    owners = _assign_buckets(len(known), count_workers(), MEANWHILE_COST if meanwhile else 0)

    def run_worker(worker: int) -> bytes:
        if not worker and meanwhile:
            meanwhile()
        return dumps(tuple(_scan_tree(root, known, ignored, owners, worker)))

    results = run_in_parallel([partial(run_worker, worker) for worker in range(max(owners) + 1)])
    first, *others = (ScanResult(*loads(data)) for data in results)  # noqa: S302 - our own data
    for other in others:  # every process has seen all folders and non-notes
        first.changed.extend(other.changed)
        first.gone.extend(other.gone)
        first.skipped.update(other.skipped)
    return first._replace(changed=sorted(first.changed), gone=sorted(first.gone))


def _assign_buckets(note_count: int, workers: int, meanwhile_cost: int) -> bytes:
    """Return the number of the process that owns each bucket. The first process has extra work, worth checking `meanwhile_cost` notes."""
    own = max(0, (note_count + meanwhile_cost) // workers - meanwhile_cost) * HASH_BUCKETS // note_count if workers > 1 else HASH_BUCKETS
    return bytes(0 if part < own else 1 + part % (workers - 1) for part in range(HASH_BUCKETS))


def _scan_tree(root: str, known: FileStamps, ignored: Callable[[str], bool] | None, owners: bytes = b"", worker: int = 0) -> ScanResult:
    """Scan the whole tree in this process; with `owners`, only the notes that belong to `worker`."""
    seen, placeholders = ScanResult([], [], {}, []), Placeholders()
    folders = [""]
    with rooted.FolderWalk(root) as walk:
        while folders:
            prefix = folders.pop()
            try:
                with walk.list_entries(prefix[:-1]) as entries:
                    folders += _scan_entries(entries, prefix, known, ignored, owners, worker, seen, placeholders)
            except OSError as error:
                if not prefix:
                    raise Unreadable(f"the notebook {root} cannot be read: {error.strerror}", "check its permissions") from None
                seen.skipped[prefix] = f"the folder cannot be read: {error.strerror}"
    for path in placeholders.paths:
        if not (ignored and ignored(path)) and not rooted.has_content(root, path):
            seen.skipped[path] = PUT_AWAY
            placeholders.mark_gone(path, seen.changed, known)
    seen.gone.extend(path for path in known if not owners or owners[hash(path) % HASH_BUCKETS] == worker)
    return seen._replace(changed=sorted(seen.changed), gone=sorted(seen.gone))


def _scan_entries(
    entries: Iterable[os.DirEntry[str]],
    prefix: str,
    known: FileStamps,
    ignored: Callable[[str], bool] | None,
    owners: bytes,
    worker: int,
    result: ScanResult,
    placeholders: Placeholders,
) -> list[str]:
    """Compare one folder's entries with `known`, and return its subfolders.

    Removes the notes that are still there from `known`, and adds what it finds to `result`.
    """
    changed, _, passed, temporary = result
    folders = []
    for entry in entries:
        name = entry.name
        path = prefix + name
        if ignored is not None and ignored(path):
            continue
        if name[0] == ".":
            if atomic.is_temporary(name):
                temporary.append(path)
            elif is_note_name(name) and entry.is_file(follow_symlinks=False):
                passed[path] = "its name begins with a dot, which hides it"
            elif name.endswith(PLACEHOLDER_SUFFIX):
                placeholders.add(prefix, name)
            continue
        is_note = name[-3:] == ".md" or is_note_name(name)
        if is_note:  # most entries are notes, so one call gets both type and stamp
            if owners and owners[hash(path) % HASH_BUCKETS] != worker:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path + "/")
                continue
            try:
                info = entry.stat(follow_symlinks=False)
            except OSError:
                pass  # reported below
            else:
                before = known.pop(path, None)
                if not info.st_size:
                    placeholders.empty_notes[path] = before
                if before == (info.st_mtime_ns, info.st_size, info.st_ctime_ns):
                    continue
                if stat.S_ISREG(info.st_mode) and info.st_size <= MAX_NOTE_BYTES and path.isprintable():
                    if before != build_stamp(info):
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
            if info.st_size > MAX_NOTE_BYTES:
                passed[path] = TOO_LARGE
            elif known.pop(path, None) != build_stamp(info):
                changed.append(path)
    return folders
