"""What only the user may read and write: the cache's folder and all that lies in it. What strangers could have put there is not used."""

from __future__ import annotations

import os
import stat

OTHERS = 0o077
STRANGERS = 0o022
"""Permissions that let others do anything; that let them write."""

QUIETLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Opens no link, and waits for no pipe."""


class NotPrivate(OSError):
    """A folder that others could write to, or put another one in the place of."""


class Masked:
    """While this is entered, new files and folders are for the user alone, whoever makes them."""

    def __enter__(self) -> None:
        """Set the process's mask."""
        self._before = os.umask(0o077)

    def __exit__(self, *_: object) -> None:
        """Set it back."""
        os.umask(self._before)


def is_trusted(folder: str) -> bool:
    """Whether a folder is there, is the user's own, and nobody else could write into it or put another one in its place."""
    try:
        return not _demand(folder) & STRANGERS
    except OSError:
        return False


def prepare(folder: str) -> bool:
    """Make a folder for the user alone, or close one that is too open; gives whether strangers could write to it, in which case it was emptied.

    Raises `OSError` where the folder cannot be made or looked into, `NotPrivate` where it cannot be trusted.
    """
    if not os.path.lexists(folder):
        with Masked():
            os.makedirs(folder, exist_ok=True)
    mode = _demand(folder)
    if not mode & OTHERS:
        return False
    _close(folder)
    if not mode & STRANGERS:
        return False
    for name in os.listdir(folder):
        remove(os.path.join(folder, name))
    return True


def _demand(folder: str) -> int:
    """The permissions of a folder that is the user's own, below folders that strangers cannot change (none, where the system has no such thing)."""
    if not hasattr(os, "geteuid"):
        return 0
    info = os.stat(folder)
    if not stat.S_ISDIR(info.st_mode):
        raise NotPrivate("it is no folder")
    if info.st_uid != os.geteuid():
        raise NotPrivate("it belongs to somebody else")
    above = os.path.dirname(folder)
    while above != folder:
        folder, above = above, os.path.dirname(above)
        mode = os.stat(folder).st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise NotPrivate(f"everybody may write to {folder}")
    return stat.S_IMODE(info.st_mode)


def _close(folder: str) -> None:
    os.chmod(folder, 0o700)
    if os.stat(folder).st_mode & OTHERS:
        raise NotPrivate("others may look into it, and that cannot be changed")


def read(file: str, most: int = 1 << 16) -> bytes:
    """The beginning of a small file; never follows a link, nor waits for a pipe. Raises `OSError`."""
    descriptor = os.open(file, os.O_RDONLY | QUIETLY)
    try:
        return os.read(descriptor, most)
    finally:
        os.close(descriptor)


def write(file: str, data: bytes) -> None:
    """Put `data` into a file for the user alone, in place of what was in it. Raises `OSError`."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | QUIETLY, 0o600)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)


def is_file(path: str) -> bool:
    """Whether a file that can be written is at a path, where it is made for the user alone if nothing is. Raises `OSError` where that cannot be done."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | QUIETLY, 0o600)
    except OSError:
        if os.path.lexists(path):
            return False
        raise
    try:
        return stat.S_ISREG(os.fstat(descriptor).st_mode)
    finally:
        os.close(descriptor)


def remove(path: str) -> None:
    """Remove whatever is at a path, if anything is. Raises `OSError`."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
    except OSError:
        if not os.path.isdir(path):
            raise
        import shutil

        shutil.rmtree(path)
