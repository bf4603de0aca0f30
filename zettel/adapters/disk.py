"""The disk: files that appear, change and get other names whole or not at all, in an order that survives a crash.

Every system call by which zettel writes among the notes stands here, in `files` and in the journal's modules, as `os.NAME`:
the tests kill zettel before and within each of them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from errno import EEXIST, ELOOP
from functools import partial
from itertools import count, repeat

from zettel.adapters import inside
from zettel.adapters.inside import Within

MANY = 100
"""From so many files on it is worth the time to load what waits for several at once."""

_numbers = count()


def _hidden(path: str) -> str:
    """The name of a temporary file beside `path`."""
    return f"{path[: path.rfind('/') + 1]}.zettel-{os.getpid()}-{next(_numbers)}.tmp"


def temporary(root: str, path: str, data: bytes, mode: int | None = None) -> str:
    """A new hidden file beside `path` that holds `data`; gives its path. A crash may lose it until it is synced."""
    while True:
        name = _hidden(path)
        try:
            descriptor = inside.opened(root, name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            break
        except FileExistsError:
            pass  # left behind by a process of the same number
    try:
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
    except BaseException:
        discard(root, name)
        raise
    finally:
        os.close(descriptor)
    return name


def is_temporary(name: str) -> bool:
    """Whether a file of this name is a temporary one of zettel's."""
    return name.startswith(".zettel-") and name.endswith(".tmp")


def remove(root: str, path: str) -> None:
    """Remove a file."""
    with Within(root, path) as (name, folder):
        os.unlink(name, dir_fd=folder)


def discard(root: str, path: str) -> None:
    """Remove a file that is not needed, if it is still there."""
    try:
        remove(root, path)
    except OSError:
        pass


def sync(root: str, path: str) -> None:
    """Wait until a file's bytes are on the disk."""
    _sync(inside.opened(root, path))


def _sync(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(root: str, paths: list[str]) -> Iterator[None]:
    """Wait until the bytes of files are on the disk, a step each: several at a time, if they are many, since a disk writes together what waits together."""
    if len(paths) < MANY:
        yield from map(sync, repeat(root), paths)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        yield from pool.map(sync, repeat(root), paths)


def sync_folder(root: str, folder: str) -> None:
    """Wait until the names in a folder are on the disk, where the file system can do that."""
    try:
        _sync(inside.folder_opened(root, folder))
    except OSError:
        pass


def put(root: str, old: str, new: str) -> None:
    """Give the temporary file at `old` the name `new`. Raises `FileExistsError` if there is a file of that name: a rename would destroy it."""
    if named(root, old, new):
        remove(root, old)


def move(root: str, pairs: Iterable[tuple[str, str]]) -> Iterator[None]:
    """Give files other names, (old, new), a step each. Raises `FileExistsError` as `put` does.

    A file has both names until the new one is on the disk: the power may fail, and there are no other bytes of it.
    """
    both: dict[str, str] = {}
    for old, new in pairs:
        try:
            has_both = named(root, old, new)
        except FileExistsError:  # maybe under a name that is about to be given up
            _give_up(root, both)
            has_both = named(root, old, new)
        if has_both:
            both[old] = new
        yield
    _give_up(root, both)


def _give_up(root: str, both: dict[str, str]) -> None:
    """Remove the old names of files that have two of them."""
    for folder in sorted({folder_of(new) for new in both.values()}):
        sync_folder(root, folder)
    for old, new in both.items():
        if not take_away(root, old, partial(_is_same, root, new)):
            raise FileExistsError(EEXIST, "another file has been put in its place", os.path.join(root, old))
    both.clear()


def _is_same(root: str, one: str, other: str) -> bool:
    return os.path.samestat(inside.look_at(root, one), inside.look_at(root, other))


def take_away(root: str, path: str, is_it: Callable[[str], bool]) -> bool:
    """Remove a file that somebody else may replace or save just now; False: it was not what `is_it` knows, so it is still there.

    It gets a hidden name first, under which nobody else reaches it and `is_it` looks at it.
    """
    hidden = _hidden(path)
    replace(root, path, hidden)
    if is_it(hidden):
        remove(root, hidden)
        return True
    put(root, hidden, path)
    return False


def swap(root: str, temporary: str, path: str, is_it: Callable[[str], bool]) -> bool:
    """Put a temporary file in the place of one that somebody else may save just now; False: that was not what `is_it` knows, so it is still there.

    Where files cannot exchange their names, what is saved between the last look and the rename is lost: some millionths of a second.
    """
    from zettel.adapters import exchanging

    if not exchanging.exchanged(root, temporary, path):
        if not is_it(path):
            return False
        replace(root, temporary, path)
    elif not inside.is_there(root, temporary):
        return True  # a file system that does not know what it was asked: it is a rename like any other
    elif is_it(temporary):
        remove(root, temporary)
    else:
        exchanging.exchanged(root, temporary, path)
        return False
    return True


def named(root: str, old: str, new: str) -> bool:
    """Give the file at `old` the name `new`, too; False: it has that name alone now, since it cannot have both."""
    with Within(root, old) as (was, source), Within(root, new) as (name, folder):
        try:
            os.link(was, name, src_dir_fd=source, dst_dir_fd=folder, follow_symlinks=not inside.CAN_HOLD)
        except FileExistsError:
            if not is_itself(root, old, new):
                raise
            os.rename(was, name, src_dir_fd=source, dst_dir_fd=folder)
        except OSError:  # a file system without hard links: the name is claimed first
            os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, dir_fd=folder))
            try:
                os.replace(was, name, src_dir_fd=source, dst_dir_fd=folder)
            except BaseException:
                discard(root, new)
                raise
        else:
            return True
    return False


def replace(root: str, old: str, new: str) -> None:
    """Give the file at `old` the name `new`, in the place of what has it."""
    with Within(root, old) as (was, source), Within(root, new) as (name, folder):
        os.replace(was, name, src_dir_fd=source, dst_dir_fd=folder)


def is_itself(root: str, old: str, new: str) -> bool:
    """Whether `new` is there only because the file system takes it for another spelling of `old` (letter case, accents)."""
    folder, _, name = new.rpartition("/")
    try:
        return os.path.samestat(inside.look_at(root, old), inside.look_at(root, new)) and name not in inside.names(root, folder)
    except OSError:
        return False


def make_folder(root: str, folder: str) -> None:
    """Make a folder, and those above it that are not there; wait until their names are on the disk. Raises `OSError`."""
    above, names = "", folder.split("/") if folder else []
    for name in names:
        made = f"{above}/{name}" if above else name
        if not _is_there(root, made):
            try:
                with Within(root, made) as (own, held):
                    os.mkdir(own, dir_fd=held)
            except FileExistsError:
                if stat.S_ISLNK(inside.look_at(root, made).st_mode):
                    raise OSError(ELOOP, f"{made} is a symbolic link, which is not followed") from None
                if not _is_there(root, made):
                    raise
            sync_folder(root, above)
        above = made


def _is_there(root: str, folder: str) -> bool:
    try:
        return stat.S_ISDIR(inside.look_at(root, folder).st_mode)
    except FileNotFoundError:
        return False


def remove_if_empty(root: str, folder: str) -> None:
    """Remove a folder in which nothing is left."""
    try:
        with Within(root, folder) as (name, above):
            os.rmdir(name, dir_fd=above)
    except OSError:
        pass


def remove_leftovers(root: str, folder: str) -> None:
    """Remove the temporary files that a process left behind which was killed."""
    try:
        names = inside.names(root, folder)
    except OSError:
        return
    for name in names:
        if is_temporary(name):
            discard(root, f"{folder}/{name}" if folder else name)


def folder_of(path: str) -> str:
    """The folder that a file lies in; an empty string: the notebook itself."""
    return path.rpartition("/")[0]
