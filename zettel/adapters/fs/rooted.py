"""Access files in the notebook folder by folder, each held open, and never through a symlink.

A path that was checked may lead elsewhere a moment later: in a shared or synced notebook, another program can replace a folder by a symlink
at any time. So below the notebook's root the system never gets a path of several names, only one name relative to an open folder
(`dir_fd`), and follows no symlink. The folders above the root belong to the user and are trusted. If the root itself is a symlink, it is
followed once, when the notebook is opened.
"""

from __future__ import annotations

import os
import stat
from errno import ELOOP

from zettel.model.base.errors import Refused, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO, Self

FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
TRAVERSE_FLAGS = FOLDER_FLAGS | getattr(os, "O_PATH", 0)
"""Flags to open a folder that is only traversed. On Linux that works even if it must not be listed."""

READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
"""Flags to open a file for reading. They do not block if it turns out to be a pipe."""

FORBIDDEN_NAMES = frozenset(("", ".", ".."))
"""Names that must not occur in a path."""

MAX_OPEN_FOLDERS = 50
"""Maximum number of folders held open. Those further up are reopened when needed."""


class ParentFolder:
    """The parent folder of a file, held open: `with ParentFolder(root, "a/b.md") as (name, folder): os.unlink(name, dir_fd=folder)`.

    `path` is relative to `root`, with `/`. Raises `Refused` for a path that spells its way out of the notebook, and `OSError`, with the
    file's full path and with `ELOOP` if a folder is a symlink.
    """

    __slots__ = ("_descriptor", "_full_path", "_names", "_root")

    def __init__(self, root: str, path: str) -> None:
        names = path.split("/")
        if "\0" in path or not FORBIDDEN_NAMES.isdisjoint(names):
            raise Refused(f"{path} leads out of the notebook", "give a path inside it")
        self._root, self._names = root, names
        self._full_path = os.path.join(root, *names)
        self._descriptor: int | None = None

    def __enter__(self) -> tuple[str, int | None]:
        """Return the file's name and its parent's descriptor (for `dir_fd`); its full path and None if the parent is the root."""
        full = self._root
        try:
            for name in self._names[:-1]:
                full = os.path.join(full, name)
                folder = os.open(full if self._descriptor is None else name, TRAVERSE_FLAGS, dir_fd=self._descriptor)
                self._close()
                self._descriptor = folder
        except OSError as error:
            self._close()
            if os.path.islink(full):  # report the symlink, which was not followed
                raise OSError(
                    ELOOP, f"{os.path.relpath(full, self._root)} is a symbolic link, which is not followed", self._full_path
                ) from None
            raise OSError(error.errno, error.strerror, self._full_path) from None
        return (self._full_path, None) if self._descriptor is None else (self._names[-1], self._descriptor)

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Close the folder, and put the full path into an `OSError` raised inside."""
        self._close()
        if isinstance(error, OSError) and not os.path.isabs(error.filename2 or error.filename or ""):
            error.filename, error.filename2 = self._full_path, None

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = None


def open_descriptor(root: str, path: str, flags: int = READ_FLAGS, mode: int = 0o666) -> int:
    """Open a file that is not a symlink, and return its descriptor. Raises `OSError`, with `ELOOP` for a symlink."""
    with ParentFolder(root, path) as (name, folder):
        try:
            return os.open(name, flags | os.O_NOFOLLOW, mode, dir_fd=folder)
        except OSError:
            if not flags & os.O_CREAT and stat.S_ISLNK(os.lstat(name, dir_fd=folder).st_mode):
                raise OSError(ELOOP, "it is a symbolic link, which is not followed") from None
            raise


def open_file(root: str, path: str) -> BinaryIO:
    """Open a regular file for reading, never a symlink, pipe or device. Raises `OSError`, with `ELOOP` for a symlink, and `Unreadable`."""
    file = open(open_descriptor(root, path), "rb")  # noqa: SIM115 - the caller closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Unreadable(f"{path} is not a regular file")
    return file


def lstat_path(root: str, path: str) -> os.stat_result:
    """Return the status of a file or folder, or of a symlink itself. Raises `OSError`."""
    with ParentFolder(root, path) as (name, folder):
        return os.lstat(name, dir_fd=folder)


def exists(root: str, path: str) -> bool:
    """Return whether anything accessible exists at `path`."""
    try:
        lstat_path(root, path)
    except OSError:
        return False
    return True


def has_content(root: str, path: str) -> bool:
    """Return whether there is anything at `path` other than an empty file."""
    try:
        return lstat_path(root, path).st_size > 0
    except OSError:
        return False


def open_folder(root: str, folder: str) -> int:
    """Open a folder of the notebook (empty: its root), and return its descriptor. Raises `OSError`."""
    return open_descriptor(root, folder, FOLDER_FLAGS) if folder else os.open(root, FOLDER_FLAGS & ~os.O_NOFOLLOW)


class FolderWalk:
    """Lists folders one after the other, opening each relative to its parent if that is still open.

    `with FolderWalk(root) as walk: ... with walk.list_entries("a/b") as entries: for entry in entries: ...`. Entries can be queried for their status
    until the next folder is listed.
    """

    __slots__ = ("_open_folders", "_root")

    def __init__(self, root: str) -> None:
        self._root = root
        self._open_folders: list[tuple[str, int]] = []

    def __enter__(self) -> Self:
        """Return the walk itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all folders."""
        while self._open_folders:
            os.close(self._open_folders.pop()[1])

    def list_entries(self, folder: str) -> os._ScandirIterator[str]:
        """Return the entries of a folder (empty: the notebook's root) in the system's order. Raises `OSError` if it cannot be read."""
        while self._open_folders and not folder.startswith(self._open_folders[-1][0]):
            os.close(self._open_folders.pop()[1])
        above, held = self._open_folders[-1] if self._open_folders else ("", None)
        if held is not None and "/" not in folder[len(above) :]:
            descriptor = os.open(folder[len(above) :], FOLDER_FLAGS, dir_fd=held)
        else:
            descriptor = open_folder(self._root, folder)
        self._open_folders.append((f"{folder}/" if folder else "", descriptor))
        if len(self._open_folders) > MAX_OPEN_FOLDERS:
            os.close(self._open_folders.pop(0)[1])
        return os.scandir(descriptor)


def list_names(root: str, folder: str) -> list[str]:
    """Return the names in a folder. Raises `OSError`."""
    descriptor = open_folder(root, folder)
    try:
        return os.listdir(descriptor)
    finally:
        os.close(descriptor)
