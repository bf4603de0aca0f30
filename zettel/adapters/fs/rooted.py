"""Access files in the notebook folder by folder, each held open, and never through a symlink.

A path that was checked may lead elsewhere a moment later: in a shared or synced notebook, another program can replace a folder by a symlink
at any time. So below the notebook's root the system never gets a path of several names, only one name relative to an open folder
(`dir_fd`), and follows no symlink. The folders above the root belong to the user and are trusted. If the root itself is a symlink, it is
followed once, when the notebook is opened.

On a system without such calls (Windows), every folder on the path is checked instead.
"""

from __future__ import annotations

import os
import stat
from errno import ELOOP, ENOTDIR

from zettel.model.base.errors import Refused, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO, Self

HAS_DIR_FD = hasattr(os, "O_NOFOLLOW") and {os.open, os.stat, os.link, os.rename, os.unlink, os.mkdir, os.rmdir} <= os.supports_dir_fd
"""Whether folders can be held open and files accessed relative to them."""

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | NO_FOLLOW
TRAVERSE_FLAGS = FOLDER_FLAGS | getattr(os, "O_PATH", 0)
"""Flags to open a folder that is only traversed. On Linux that works even if it must not be listed."""

READ_FLAGS = os.O_RDONLY | NO_FOLLOW | getattr(os, "O_NONBLOCK", 0)
"""Flags to open a file for reading. They do not block if it turns out to be a pipe."""

FORBIDDEN_NAMES = frozenset(("", ".", ".."))
"""Names that must not occur in a path. Names with a drive or with the system's own separator are refused as well."""

MAX_OPEN_FOLDERS = 50
"""Maximum number of folders held open. Those further up are reopened when needed."""


class ParentFolder:
    """The parent folder of a file, held open: `with Within(root, "a/b.md") as (name, folder): os.unlink(name, dir_fd=folder)`.

    `path` is relative to `root`, with `/`. Raises `Refused` for a path that spells its way out of the notebook, and `OSError`, with the
    file's full path and with `ELOOP` if a folder is a symlink.
    """

    __slots__ = ("_descriptor", "_full_path", "_names", "_root")

    def __init__(self, root: str, path: str) -> None:
        names = path.split("/")
        if (
            "\0" in path
            or not FORBIDDEN_NAMES.isdisjoint(names)
            or (os.sep != "/" and any(os.path.basename(name) != name for name in names))
        ):
            raise Refused(f"{path} leads out of the notebook", "give a path inside it")
        self._root, self._names = root, names
        self._full_path = os.path.join(root, *names)
        self._descriptor: int | None = None

    def __enter__(self) -> tuple[str, int | None]:
        """Return the file's name and its parent's descriptor (for `dir_fd`); its full path and None if folders cannot be held open."""
        at = self._root
        try:
            for name in self._names[:-1]:
                self._enter_folder(name if self._descriptor is not None else os.path.join(at, name))
                at = os.path.join(at, name)
        except OSError as error:
            self._close()
            full = os.path.join(at, name)
            if os.path.islink(full):  # report the symlink, which was not followed
                raise OSError(
                    ELOOP, f"{os.path.relpath(full, self._root)} is a symbolic link, which is not followed", self._full_path
                ) from None
            raise OSError(error.errno, error.strerror, self._full_path) from None
        return (self._full_path, None) if self._descriptor is None else (self._names[-1], self._descriptor)

    def _enter_folder(self, name: str) -> None:
        if HAS_DIR_FD:
            folder = os.open(name, TRAVERSE_FLAGS, dir_fd=self._descriptor)
            self._close()
            self._descriptor = folder
        elif not stat.S_ISDIR(os.lstat(name).st_mode):
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))

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
            return os.open(name, flags | NO_FOLLOW, mode, dir_fd=folder)
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


def open_folder(root: str, folder: str) -> int:
    """Open a folder of the notebook (empty: its root), and return its descriptor. Raises `OSError`."""
    return open_descriptor(root, folder, FOLDER_FLAGS) if folder else os.open(root, FOLDER_FLAGS & ~NO_FOLLOW)


class FolderWalk:
    """Lists folders one after the other, opening each relative to its parent if that is still open.

    `with Walk(root) as walk: ... with walk.entries("a/b") as entries: for entry in entries: ...`. Entries can be queried for their status
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
        if not HAS_DIR_FD or os.scandir not in os.supports_fd:
            return os.scandir(_ensure_real_folder(self._root, folder))
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


def _ensure_real_folder(root: str, folder: str) -> str:
    """Return the absolute path of a folder after checking that no folder on the way is a symlink."""
    if not folder:
        return root
    with ParentFolder(root, f"{folder}/x") as (full, _):
        return os.path.dirname(full)


def list_names(root: str, folder: str) -> list[str]:
    """Return the names in a folder. Raises `OSError`."""
    if HAS_DIR_FD and os.listdir in os.supports_fd:
        descriptor = open_folder(root, folder)
        try:
            return os.listdir(descriptor)
        finally:
            os.close(descriptor)
    return os.listdir(_ensure_real_folder(root, folder))
