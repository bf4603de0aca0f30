"""Seals on the files of the cache, by which damage is found before anything is read from them.

A seal says what a file's status was when zettel last wrote to it: its number, size and times. Whatever writes to the file, another
program, a write that was torn, a process that was killed on the way, changes the change time (`st_ctime`), which no program can set.
So damage done by writing is always found, for the price of one look. What a seal cannot tell is rot that the disk does not report and
that leaves the times alone; only SQLite's own checks of its structure find some of that, and `zettel index --rebuild` helps.
Nor are two writes told apart that fall into one tick of the system's clock (some milliseconds) and leave the size as it is.
"""

from __future__ import annotations

import os

from zettel.adapters import private
from zettel.adapters.locking import Locked


def status(path: str) -> str:
    """What changes when a file is written to. Raises `OSError`."""
    return _status(os.lstat(path))


def status_of_all(folder: str) -> str:
    """What changes when a file in a folder is written to, comes or goes; empty if there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            return "\n".join(sorted(f"{entry.name} {_status(entry.stat(follow_symlinks=False))}" for entry in entries))
    except OSError:
        return ""


def _status(info: os.stat_result) -> str:
    return f"{info.st_mode:o} {info.st_ino} {info.st_size} {info.st_mtime_ns} {info.st_ctime_ns}"


class Seal:
    """The seal of a database, in a file beside it. That is also what to lock while the database or its seal is changed.

    A journal beside the database is left by a process that was killed while it wrote: what it holds is not sealed.
    """

    def __init__(self, database: str, version: int) -> None:
        self._database, self._version = database, version
        self.file = f"{database}.seal"

    def is_whole(self) -> bool:
        """Whether the database is as it was when it was sealed, by this version."""
        try:
            return private.read(self.file) == self._text() and not os.path.lexists(f"{self._database}-journal")
        except OSError:
            return False

    def is_empty(self) -> bool:
        """Whether nothing has been sealed yet: the file is there to be locked, by whoever was the first to want to."""
        try:
            return not private.read(self.file)
        except OSError:
            return False

    def lock(self) -> Locked:
        """A lock on the database. Raises `OSError` where there is no seal and none can be made."""
        if not private.is_file(self.file):
            private.remove(self.file)
            private.is_file(self.file)
        return Locked(self.file)

    def set(self) -> None:
        """Seal the database as it is; where that cannot be done, it counts as damaged."""
        try:
            private.write(self.file, self._text())
        except OSError:
            pass

    def break_(self) -> None:
        """Have the database count as damaged."""
        try:
            private.write(self.file, b"broken")
        except OSError:
            pass

    def _text(self) -> bytes:
        return f"{self._version} {status(self._database)}\n".encode()
