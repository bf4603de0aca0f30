"""Inside: whatever lies in the notebook is reached folder by folder, each held open, and never through a symbolic link.

A path that was looked at may lead elsewhere a moment later: in a notebook that is shared or synced, somebody else may put a
symbolic link in the place of a folder at any time. So the system is never given a path of several names below the notebook's
root, only one name in a folder that is open already (`dir_fd`), and no link is followed there. What is above the root
belongs to whoever runs zettel, and is taken as it is; so is a root that is a link itself, once, when the notebook is opened.

Where the system has no such calls (Windows), every folder on the way is looked at instead.
"""

from __future__ import annotations

import os
import stat
from errno import ELOOP, ENOTDIR

from zettel.model.errors import Refused, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO, Self

CAN_HOLD = hasattr(os, "O_NOFOLLOW") and {os.open, os.stat, os.link, os.rename, os.unlink, os.mkdir, os.rmdir} <= os.supports_dir_fd
"""Whether folders can be held open, and files reached from them."""

NOT_THROUGH_LINKS = getattr(os, "O_NOFOLLOW", 0)
FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | NOT_THROUGH_LINKS
ON_THE_WAY = FOLDER | getattr(os, "O_PATH", 0)
"""How a folder is opened that is gone through only; Linux can do so where it must not be listed."""

READING = os.O_RDONLY | NOT_THROUGH_LINKS | getattr(os, "O_NONBLOCK", 0)
"""How a file is opened that may turn out to be a pipe, which is not waited for."""

WAYS_OUT = frozenset(("", ".", ".."))
"""What no name in a path may be; nor may it be one of a disk, or hold the system's own separator."""

DEEPEST = 50
"""How many folders are held open at most; those further up are opened again where they are needed."""


class Within:
    """The folder that a file lies in, held open: `with Within(root, "a/b.md") as (name, folder): os.unlink(name, dir_fd=folder)`.

    `path` is from `root`, with `/`. Raises `OSError`, which names the file by its whole
    path and is of number `ELOOP` where a folder is a link, and `Refused` for a path that leads out of the notebook by its own words.
    """

    __slots__ = ("_folder", "_full", "_names", "_root")

    def __init__(self, root: str, path: str) -> None:
        names = path.split("/")
        if "\0" in path or not WAYS_OUT.isdisjoint(names) or (os.sep != "/" and any(os.path.basename(name) != name for name in names)):
            raise Refused(f"{path} leads out of the notebook", "name a place inside it")
        self._root, self._names = root, names
        self._full = os.path.join(root, *names)
        self._folder: int | None = None

    def __enter__(self) -> tuple[str, int | None]:
        """The file's name, and what it is to be looked for in (`dir_fd`); where there is nothing to be held, its whole path and None."""
        at = self._root
        try:
            for name in self._names[:-1]:
                self._open(name if self._folder is not None else os.path.join(at, name))
                at = os.path.join(at, name)
        except OSError as error:
            self._close()
            full = os.path.join(at, name)
            if os.path.islink(full):  # said as such; it has not been followed
                raise OSError(ELOOP, f"{os.path.relpath(full, self._root)} is a symbolic link, which is not followed", self._full) from None
            raise OSError(error.errno, error.strerror, self._full) from None
        return (self._full, None) if self._folder is None else (self._names[-1], self._folder)

    def _open(self, name: str) -> None:
        if CAN_HOLD:
            folder = os.open(name, ON_THE_WAY, dir_fd=self._folder)
            self._close()
            self._folder = folder
        elif not stat.S_ISDIR(os.lstat(name).st_mode):
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Let go of the folder."""
        self._close()
        if isinstance(error, OSError) and not os.path.isabs(error.filename2 or error.filename or ""):
            error.filename, error.filename2 = self._full, None

    def _close(self) -> None:
        if self._folder is not None:
            os.close(self._folder)
        self._folder = None


def opened(root: str, path: str, flags: int = READING, mode: int = 0o666) -> int:
    """The descriptor of a file, which is no link. Raises `OSError`, of number `ELOOP` for a link."""
    with Within(root, path) as (name, folder):
        try:
            return os.open(name, flags | NOT_THROUGH_LINKS, mode, dir_fd=folder)
        except OSError:
            if not flags & os.O_CREAT and stat.S_ISLNK(os.lstat(name, dir_fd=folder).st_mode):
                raise OSError(ELOOP, "it is a symbolic link, which is not followed") from None
            raise


def reading(root: str, path: str) -> BinaryIO:
    """A file, to be read from; never a link, pipe or device. Raises `OSError`, of number `ELOOP` for a link, and `Unreadable`."""
    file = open(opened(root, path), "rb")  # noqa: SIM115 - given to who closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Unreadable(f"{path} is no regular file")
    return file


def look_at(root: str, path: str) -> os.stat_result:
    """What the system knows of a file or folder, or of a link itself. Raises `OSError`."""
    with Within(root, path) as (name, folder):
        return os.lstat(name, dir_fd=folder)


def is_there(root: str, path: str) -> bool:
    """Whether something of this name is there that can be looked at."""
    try:
        look_at(root, path)
    except OSError:
        return False
    return True


def folder_opened(root: str, folder: str) -> int:
    """The descriptor of a folder of the notebook; an empty string: of the notebook itself. Raises `OSError`."""
    return opened(root, folder, FOLDER) if folder else os.open(root, FOLDER & ~NOT_THROUGH_LINKS)


class Walk:
    """Listing folders one after the other, each opened in the one above it, if that is still open.

    `with Walk(root) as walk: ... with walk.entries("a/b") as entries: for entry in entries: ...`. Entries can be asked about their files
    until the next folder is listed.
    """

    __slots__ = ("_held", "_root")

    def __init__(self, root: str) -> None:
        self._root = root
        self._held: list[tuple[str, int]] = []

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of all folders."""
        while self._held:
            os.close(self._held.pop()[1])

    def entries(self, folder: str) -> os._ScandirIterator[str]:
        """The entries of a folder, in the system's order; an empty string is the notebook itself. Raises `OSError` if it cannot be read."""
        if not CAN_HOLD or os.scandir not in os.supports_fd:
            return os.scandir(_looked_at(self._root, folder))
        while self._held and not folder.startswith(self._held[-1][0]):
            os.close(self._held.pop()[1])
        above, held = self._held[-1] if self._held else ("", None)
        if held is not None and "/" not in folder[len(above) :]:
            descriptor = os.open(folder[len(above) :], FOLDER, dir_fd=held)
        else:
            descriptor = folder_opened(self._root, folder)
        self._held.append((f"{folder}/" if folder else "", descriptor))
        if len(self._held) > DEEPEST:
            os.close(self._held.pop(0)[1])
        return os.scandir(descriptor)


def _looked_at(root: str, folder: str) -> str:
    """Where a folder lies, after a look at those on the way to it."""
    if not folder:
        return root
    with Within(root, f"{folder}/x") as (full, _):
        return os.path.dirname(full)


def names(root: str, folder: str) -> list[str]:
    """The names in a folder. Raises `OSError`."""
    if CAN_HOLD and os.listdir in os.supports_fd:
        descriptor = folder_opened(root, folder)
        try:
            return os.listdir(descriptor)
        finally:
            os.close(descriptor)
    return os.listdir(_looked_at(root, folder))
