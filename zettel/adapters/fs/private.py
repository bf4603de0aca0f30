"""Keep the cache private: only the user may read and write its folder and files, and what others could have put there is not used."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mmap import mmap

    MappedFile = mmap

OTHERS_ACCESS = 0o077
OTHERS_WRITE = 0o022
"""Permission bits that let other users do anything; those that let them write."""

SAFE_OPEN_FLAGS = os.O_NOFOLLOW | os.O_NONBLOCK
"""Flags with which opening a file follows no symlink and does not wait for a pipe."""


class NotPrivate(OSError):
    """A folder that other users could write to or replace."""


class PrivateUmask:
    """Makes new files and folders private to the user while it is entered, whoever creates them."""

    def __enter__(self) -> None:
        """Set the process's umask."""
        self._before = os.umask(0o077)

    def __exit__(self, *_: object) -> None:
        """Restore the previous umask."""
        os.umask(self._before)


def is_trusted_folder(folder: str) -> bool:
    """Return whether a folder exists, belongs to the user, and could not be written to or replaced by anyone else."""
    try:
        return not _read_owned_mode(folder) & OTHERS_WRITE
    except OSError:
        return False


def prepare_folder(folder: str) -> bool:
    """Create a private folder, or make an existing one private, and return whether it was emptied because others could write to it.

    Raises `OSError` if the folder cannot be created or read, and `NotPrivate` if it cannot be trusted.
    """
    if not os.path.lexists(folder):
        with PrivateUmask():
            os.makedirs(folder, exist_ok=True)
    mode = _read_owned_mode(folder)
    if not mode & OTHERS_ACCESS:
        return False
    _restrict_access(folder)
    if not mode & OTHERS_WRITE:
        return False
    for name in os.listdir(folder):
        remove_recursively(os.path.join(folder, name))
    return True


def _read_owned_mode(folder: str) -> int:
    """Return the permissions of a folder.

    Raises `NotPrivate` unless it belongs to the user and no other user can replace it or a folder above it.
    """
    info = os.stat(folder)
    if not stat.S_ISDIR(info.st_mode):
        raise NotPrivate("it is not a folder")
    if info.st_uid != os.geteuid():
        raise NotPrivate("it belongs to another user")
    above = os.path.dirname(folder)
    while above != folder:
        folder, above = above, os.path.dirname(above)
        mode = os.stat(folder).st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise NotPrivate(f"everyone may write to {folder}")
    return stat.S_IMODE(info.st_mode)


def _restrict_access(folder: str) -> None:
    os.chmod(folder, 0o700)
    if os.stat(folder).st_mode & OTHERS_ACCESS:
        raise NotPrivate("other users may read it, and that cannot be changed")


def read_start(file: str, max_bytes: int = 1 << 16) -> bytes:
    """Return up to `max_bytes` bytes from the start of a file. Follows no symlink and waits for no pipe. Raises `OSError`."""
    descriptor = os.open(file, os.O_RDONLY | SAFE_OPEN_FLAGS)
    try:
        return os.read(descriptor, max_bytes)
    finally:
        os.close(descriptor)


def map_file(file: str) -> bytes | MappedFile:
    """Map a file into memory for reading. No file descriptor stays open. Raises `OSError`."""
    descriptor = os.open(file, os.O_RDONLY | SAFE_OPEN_FLAGS)
    try:
        if not os.fstat(descriptor).st_size:
            return b""
        from mmap import ACCESS_READ, mmap

        return mmap(descriptor, 0, access=ACCESS_READ)
    finally:
        os.close(descriptor)


def write_file(file: str, data: bytes) -> None:
    """Replace the content of a private file by `data`, creating it if necessary. Raises `OSError`."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | SAFE_OPEN_FLAGS, 0o600)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)


def replace_file(file: str, data: bytes) -> None:
    """Replace whatever is at `file` by a private file that holds `data`, either whole or not at all. Raises `OSError`."""
    temporary = f"{file}.{os.getpid()}"
    try:
        write_file(temporary, data)
        if os.path.isdir(file):
            remove_recursively(file)
        os.replace(temporary, file)
    except OSError:
        remove_recursively(temporary)
        raise


def create_if_missing(path: str) -> bool:
    """Create a private file at `path` if nothing is there, and return whether a regular, writable file is there now.

    Raises `OSError` if it cannot be created.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | SAFE_OPEN_FLAGS, 0o600)
    except OSError:
        if os.path.lexists(path):
            return False
        raise
    try:
        return stat.S_ISREG(os.fstat(descriptor).st_mode)
    finally:
        os.close(descriptor)


def remove_recursively(path: str) -> None:
    """Remove whatever is at `path`, even a whole folder. Raises `OSError`."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
    except OSError:
        if not os.path.isdir(path):
            raise
        import shutil

        shutil.rmtree(path)
