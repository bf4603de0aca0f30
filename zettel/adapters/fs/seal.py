"""Seal the cache's files, so that damage is detected before anything is read from them.

A seal records a file's status when zettel last wrote to it: inode, size and times. Any later write, by another program, by a torn write
or by a process that was killed halfway, changes the change time (`st_ctime`), which no program can set. So damage done by writing is
always detected, at the price of one `lstat`. A seal does not detect bit rot that the disk does not report and that leaves the times alone.
SQLite's own structure checks find some of that, and `zettel index --rebuild` repairs it. Nor does a seal distinguish two writes within one
tick of the system's clock (some milliseconds) that leave the size as it is.
"""

from __future__ import annotations

import os

from zettel.adapters.fs import private

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.adapters.fs.lock import FileLock


def read_status(path: str) -> str:
    """Return a file's status as text that changes whenever the file is written to. Raises `OSError`."""
    return _format_status(os.lstat(path))


def read_folder_status(folder: str) -> str:
    """Return the status of all files in a folder as text, empty if there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            return "\n".join(sorted(f"{entry.name} {_format_status(entry.stat(follow_symlinks=False))}" for entry in entries))
    except OSError:
        return ""


def _format_status(info: os.stat_result) -> str:
    return f"{info.st_mode:o} {info.st_ino} {info.st_size} {info.st_mtime_ns} {info.st_ctime_ns}"


class Seal:
    """The seal of a database, in a file beside it, which is also the file to lock while the database or its seal is changed.

    If a journal is beside the database, a process was killed while writing, and the database counts as damaged.
    """

    def __init__(self, database: str, version: int) -> None:
        self._database, self._version = database, version
        self.file = f"{database}.seal"

    def is_intact(self) -> bool:
        """Return whether the database is as it was when this version sealed it."""
        try:
            return private.read_start(self.file) == self._format_seal() and not os.path.lexists(f"{self._database}-journal")
        except OSError:
            return False

    def is_empty(self) -> bool:
        """Return whether nothing has been sealed yet. The file may exist because the first process to need the lock created it."""
        try:
            return not private.read_start(self.file)
        except OSError:
            return False

    def lock(self) -> FileLock:
        """Return a lock on the database. Raises `OSError` if there is no seal file and none can be created."""
        if not private.create_if_missing(self.file):
            private.remove_recursively(self.file)
            private.create_if_missing(self.file)
        from zettel.adapters.fs.lock import FileLock

        return FileLock(self.file)

    def write(self) -> None:
        """Seal the database as it is. If the seal cannot be written, the database counts as damaged."""
        try:
            private.write_file(self.file, self._format_seal())
        except OSError:
            pass

    def invalidate(self) -> None:
        """Mark the database as damaged, if the seal can be written."""
        try:
            private.write_file(self.file, b"broken")
        except OSError:
            pass

    def _format_seal(self) -> bytes:
        return f"{self._version} {read_status(self._database)}\n".encode()
