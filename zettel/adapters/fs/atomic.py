"""Change files atomically: create, replace, exchange and rename them whole or not at all, in an order that survives a crash.

Every system call with which zettel writes among the notes is here, in `files` or in the journal's modules, spelled `os.NAME`. The tests
kill zettel before and during each of them.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from errno import EEXIST, EINVAL, ELOOP, ENOSYS, ENOTSUP
from functools import partial
from itertools import count, repeat

from zettel.adapters.fs import rooted
from zettel.adapters.fs.rooted import ParentFolder

PARALLEL_SYNC_THRESHOLD = 100
"""Number of files from which it pays to import a thread pool and sync several at once."""

_counter = count()


def _build_temporary_path(path: str) -> str:
    """Return an unused hidden path beside `path`."""
    return f"{path[: path.rfind('/') + 1]}.zettel-{os.getpid()}-{next(_counter)}.tmp"


def create_temporary(root: str, path: str, data: bytes, mode: int | None = None) -> str:
    """Create a hidden file beside `path` that holds `data`, and return its path. A crash may lose it until it is synced."""
    return create_temporary_of(root, path, (data,), mode)


def create_temporary_of(root: str, path: str, chunks: Iterable[bytes], mode: int | None = None) -> str:
    """Create a hidden file beside `path` that holds all `chunks`, and return its path. A crash may lose it until it is synced."""
    while True:
        name = _build_temporary_path(path)
        try:
            descriptor = rooted.open_descriptor(root, name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            break
        except FileExistsError:
            pass  # left behind by a process with the same ID
    try:
        if mode is not None:
            os.fchmod(descriptor, mode)
        for chunk in chunks:
            left = memoryview(chunk)
            while left:
                left = left[os.write(descriptor, left) :]
    except BaseException:
        discard_file(root, name)
        raise
    finally:
        os.close(descriptor)
    return name


def is_temporary(name: str) -> bool:
    """Return whether `name` is one of zettel's temporary files."""
    return name.startswith(".zettel-") and name.endswith(".tmp")


def remove_file(root: str, path: str) -> None:
    """Remove a file. Raises `OSError`."""
    with ParentFolder(root, path) as (name, folder):
        os.unlink(name, dir_fd=folder)


def discard_file(root: str, path: str) -> None:
    """Remove a file that is not needed, and ignore failures."""
    try:
        remove_file(root, path)
    except OSError:
        pass


def sync_file(root: str, path: str) -> None:
    """Wait until a file's bytes are on the disk."""
    _sync_descriptor(rooted.open_descriptor(root, path))


def _sync_descriptor(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_files(root: str, paths: list[str]) -> Iterator[None]:
    """Wait until the bytes of all `paths` are on the disk, yielding once per file.

    Many files are synced several at a time, because a disk writes what is waiting together.
    """
    if len(paths) < PARALLEL_SYNC_THRESHOLD:
        yield from map(sync_file, repeat(root), paths)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        yield from pool.map(sync_file, repeat(root), paths)


def sync_folder(root: str, folder: str) -> None:
    """Wait until the names in a folder are on the disk, if the file system supports that."""
    try:
        _sync_descriptor(rooted.open_folder(root, folder))
    except OSError:
        pass


def rename_no_replace(root: str, old: str, new: str) -> None:
    """Rename the temporary file `old` to `new`. Raises `FileExistsError` if `new` exists, because a plain rename would destroy it."""
    if link_or_rename(root, old, new):
        remove_file(root, old)


def move_files(root: str, pairs: Iterable[tuple[str, str]]) -> Iterator[None]:
    """Rename files, given as (old, new), yielding once per file. Raises `FileExistsError` as `rename_no_replace` does.

    A file keeps both names until the new one is on the disk, because the power may fail and there is no other copy of its bytes.
    """
    both: dict[str, str] = {}
    for old, new in pairs:
        try:
            has_both = link_or_rename(root, old, new)
        except FileExistsError:  # perhaps by a name that is about to be removed
            _remove_old_names(root, both)
            has_both = link_or_rename(root, old, new)
        if has_both:
            both[old] = new
        yield
    _remove_old_names(root, both)


def _remove_old_names(root: str, renamed: dict[str, str]) -> None:
    """Remove the old name of every file in `renamed`, and empty it."""
    for folder in sorted({folder_of(new) for new in renamed.values()}):
        sync_folder(root, folder)
    for old, new in renamed.items():
        if not remove_if_unchanged(root, old, partial(_is_same_file, root, new)):
            raise FileExistsError(EEXIST, "another file has replaced it", os.path.join(root, old))
    renamed.clear()


def _is_same_file(root: str, one: str, other: str) -> bool:
    return os.path.samestat(rooted.lstat_path(root, one), rooted.lstat_path(root, other))


def remove_if_unchanged(root: str, path: str, is_expected: Callable[[str], bool]) -> bool:
    """Remove a file that another program may be replacing right now, if `is_expected` accepts it, and return whether it was removed.

    The file first gets a hidden name, under which no other program finds it while `is_expected` checks it.
    """
    hidden = _build_temporary_path(path)
    replace_file(root, path, hidden)
    if is_expected(hidden):
        remove_file(root, hidden)
        return True
    rename_no_replace(root, hidden, path)
    return False


def replace_if_unchanged(root: str, temporary: str, path: str, is_expected: Callable[[str], bool]) -> bool:
    """Replace `path` by a temporary file if `is_expected` accepts what is there, and return whether it was replaced.

    Another program may save to `path` right now. If the file system cannot exchange two names, what is saved between the check and the
    rename (some microseconds) is lost.
    """
    if not exchange_names(root, temporary, path):
        if not is_expected(path):
            return False
        replace_file(root, temporary, path)
    elif not rooted.exists(root, temporary):
        return True  # a file system that ignored the flag and simply renamed
    elif is_expected(temporary):
        remove_file(root, temporary)
    else:
        exchange_names(root, temporary, path)
        return False
    return True


def link_or_rename(root: str, old: str, new: str) -> bool:
    """Give the file `old` the additional name `new` and return True, or rename it and return False if it cannot have both."""
    with ParentFolder(root, old) as (was, source), ParentFolder(root, new) as (name, folder):
        try:
            os.link(was, name, src_dir_fd=source, dst_dir_fd=folder, follow_symlinks=False)
        except FileExistsError:
            if not is_other_spelling(root, old, new):
                raise
            os.rename(was, name, src_dir_fd=source, dst_dir_fd=folder)
        except OSError:  # a file system without hard links: claim the name first
            os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, dir_fd=folder))
            try:
                os.replace(was, name, src_dir_fd=source, dst_dir_fd=folder)
            except BaseException:
                discard_file(root, new)
                raise
        else:
            return True
    return False


def replace_file(root: str, old: str, new: str) -> None:
    """Rename `old` to `new`, replacing what is there."""
    with ParentFolder(root, old) as (was, source), ParentFolder(root, new) as (name, folder):
        os.replace(was, name, src_dir_fd=source, dst_dir_fd=folder)


def is_other_spelling(root: str, old: str, new: str) -> bool:
    """Return whether `new` exists only because the file system treats it as another spelling of `old` (letter case, accents)."""
    folder, _, name = new.rpartition("/")
    try:
        return os.path.samestat(rooted.lstat_path(root, old), rooted.lstat_path(root, new)) and name not in rooted.list_names(root, folder)
    except OSError:
        return False


def create_folders(root: str, folder: str) -> None:
    """Create a folder and its missing parents, and wait until their names are on the disk. Raises `OSError`."""
    above, names = "", folder.split("/") if folder else []
    for name in names:
        made = f"{above}/{name}" if above else name
        if not _is_folder(root, made):
            try:
                with ParentFolder(root, made) as (own, held):
                    os.mkdir(own, dir_fd=held)
            except FileExistsError:
                if stat.S_ISLNK(rooted.lstat_path(root, made).st_mode):
                    raise OSError(ELOOP, f"{made} is a symbolic link, which is not followed") from None
                if not _is_folder(root, made):
                    raise
            sync_folder(root, above)
        above = made


def _is_folder(root: str, folder: str) -> bool:
    try:
        return stat.S_ISDIR(rooted.lstat_path(root, folder).st_mode)
    except FileNotFoundError:
        return False


def remove_empty_folder(root: str, folder: str) -> None:
    """Remove a folder if it is empty."""
    try:
        with ParentFolder(root, folder) as (name, above):
            os.rmdir(name, dir_fd=above)
    except OSError:
        pass


def remove_temporaries(root: str, folder: str) -> None:
    """Remove the temporary files that a killed process left in `folder`."""
    try:
        names = rooted.list_names(root, folder)
    except OSError:
        return
    for name in names:
        if is_temporary(name):
            discard_file(root, f"{folder}/{name}" if folder else name)


def folder_of(path: str) -> str:
    """Return the folder of the file at `path`; empty for the notebook's root."""
    return path.rpartition("/")[0]


EXCHANGE_CALLS = {"linux": ("renameat2", 2, -100), "darwin": ("renameatx_np", 2, -2)}
"""Maps the system to its function, the flag for an exchange, and the value that means no folder (`AT_FDCWD`)."""

UNSUPPORTED_ERRORS = (EINVAL, ENOSYS, ENOTSUP)
"""Errors of systems and file systems that do not support an exchange."""


def exchange_names(root: str, one: str, other: str) -> bool:
    """Exchange the names of two files in the notebook.

    Returns False, with nothing changed, if that is not supported here. Raises `OSError`.
    """
    import ctypes

    name, flag, no_folder = EXCHANGE_CALLS.get(sys.platform, ("", 0, 0))
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None) if name else None
    if function is None:
        return False
    with ParentFolder(root, one) as (first, source), ParentFolder(root, other) as (second, folder):
        held = [no_folder if descriptor is None else descriptor for descriptor in (source, folder)]
        if not function(held[0], os.fsencode(first), held[1], os.fsencode(second), ctypes.c_uint(flag)):
            return True
        error = ctypes.get_errno()
        if error in UNSUPPORTED_ERRORS:
            return False
        raise OSError(error, os.strerror(error))
