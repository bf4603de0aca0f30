"""The disk: files that appear, change and get other names whole or not at all, in an order that survives a crash.

Every system call by which zettel writes among the notes stands here, in `files` and in the journal's modules, as `os.NAME`:
the tests kill zettel before and within each of them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from itertools import count

from zettel.model.errors import Refused

MANY = 100
"""From so many files on it is worth the time to load what waits for several at once."""

_numbers = count()


def temporary(full: str, data: bytes, mode: int | None = None) -> str:
    """A new hidden file beside `full` that holds `data`. A crash may lose it until it is synced."""
    while True:
        name = os.path.join(os.path.dirname(full), f".zettel-{os.getpid()}-{next(_numbers)}.tmp")
        try:
            descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
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
        discard(name)
        raise
    finally:
        os.close(descriptor)
    return name


def is_temporary(name: str) -> bool:
    """Whether a file of this name is a temporary one of zettel's."""
    return name.startswith(".zettel-") and name.endswith(".tmp")


def discard(temporary: str) -> None:
    """Remove a file that is not needed, if it is still there."""
    try:
        os.unlink(temporary)
    except OSError:
        pass


def sync(full: str) -> None:
    """Wait until a file's bytes are on the disk."""
    descriptor = os.open(full, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(fulls: list[str]) -> Iterator[None]:
    """Wait until the bytes of files are on the disk, a step each: several at a time, if they are many, since a disk writes together what waits together."""
    if len(fulls) < MANY:
        yield from map(sync, fulls)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        yield from pool.map(sync, fulls)


def sync_folder(folder: str) -> None:
    """Wait until the names in a folder are on the disk, where the file system can do that."""
    try:
        sync(folder)
    except OSError:
        pass


def make_folder(full: str) -> None:
    """Make a folder, and those above it that are not there; wait until their names are on the disk."""
    made = []
    while not os.path.isdir(full):
        made.append(full)
        full = os.path.dirname(full)
    for folder in reversed(made):
        try:
            os.mkdir(folder)
        except FileExistsError:
            if not os.path.isdir(folder):
                raise
        sync_folder(os.path.dirname(folder))


def put(old: str, new: str) -> None:
    """Give the temporary file at `old` the name `new`. Raises `FileExistsError` if there is a file of that name: a rename would destroy it."""
    if named(old, new):
        os.unlink(old)


def move(pairs: Iterable[tuple[str, str]]) -> Iterator[None]:
    """Give files other names, (old, new), a step each. Raises `FileExistsError` as `put` does.

    A file has both names until the new one is on the disk: the power may fail, and there are no other bytes of it.
    """
    both: dict[str, str] = {}
    for old, new in pairs:
        try:
            has_both = named(old, new)
        except FileExistsError:  # maybe under a name that is about to be given up
            _give_up(both)
            has_both = named(old, new)
        if has_both:
            both[old] = new
        yield
    _give_up(both)


def _give_up(both: dict[str, str]) -> None:
    """Remove the old names of files that have two of them."""
    for folder in sorted({os.path.dirname(new) for new in both.values()}):
        sync_folder(folder)
    for old in both:
        os.unlink(old)
    both.clear()


def named(old: str, new: str) -> bool:
    """Give the file at `old` the name `new`, too; False: it has that name alone now, since it cannot have both."""
    try:
        os.link(old, new)
    except FileExistsError:
        if not is_itself(old, new):
            raise
        os.rename(old, new)
    except OSError:  # a file system without hard links: the name is claimed first
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        try:
            os.replace(old, new)
        except BaseException:
            discard(new)
            raise
    else:
        return True
    return False


def is_itself(old: str, new: str) -> bool:
    """Whether `new` is there only because the file system takes it for another spelling of `old` (letter case, accents)."""
    folder, name = os.path.split(new)
    try:
        return os.path.samestat(os.lstat(old), os.lstat(new)) and name not in os.listdir(folder)
    except OSError:
        return False


def remove_if_empty(folder: str) -> None:
    """Remove a folder in which nothing is left."""
    try:
        os.rmdir(folder)
    except OSError:
        pass


def remove_leftovers(folder: str) -> None:
    """Remove the temporary files that a process left behind which was killed."""
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        if is_temporary(name):
            discard(os.path.join(folder, name))


class Places:
    """Where files of a notebook lie: in real folders inside of it, never through a symbolic link. Each folder is looked at once.

    `folders` are those of the paths asked for, `missing` those of them that are to be made, the outermost first.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._known: dict[str, str] = {"": root}
        self.folders: dict[str, str] = {}
        self.missing: list[str] = []

    def of(self, path: str) -> str:
        """The full path of a file. Refused where notes and what goes with them cannot lie."""
        folder, name = path[: path.rfind("/") + 1], path[path.rfind("/") + 1 :]
        if folder not in self.folders:
            self.folders[folder] = self._folder(folder)
        _demand(name, path)
        return os.path.join(self.folders[folder], name)

    def _folder(self, folder: str) -> str:
        full, known = self._root, ""
        for name in folder.split("/")[:-1]:
            known = f"{known}/{name}" if known else name
            if known == ".zettel/journal":
                raise Refused(f"{folder} is no place for a note", "name another one")
            if known != ".zettel":
                _demand(name, folder)
            if known not in self._known:
                self._known[known] = os.path.join(full, name)
                self._look_at(known)
            full = self._known[known]
        return full

    def _look_at(self, folder: str) -> None:
        hint = "look at what is there in its place"
        try:
            if not stat.S_ISDIR(os.lstat(self._known[folder]).st_mode):
                raise Refused(f"{folder} is no folder of the notebook's own", hint)
        except FileNotFoundError:
            if folder != ".zettel":  # the journal lies in it, so it is made before
                self.missing.append(folder)
        except OSError as error:
            raise Refused(f"{folder} cannot be looked into: {error.strerror}", hint) from None


def _demand(name: str, path: str) -> None:
    if name[:1] in ("", ".") or "\0" in name:
        raise Refused(f"{path} is no place for a note", "name a place inside the notebook, and no name that begins with a dot")
