"""Locks between processes, by `flock`: nothing is written, and the system lets go of them when a process ends."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar


class Locked:
    """Holds an exclusive lock on a folder (flock; nothing is written), so that only one process at a time does what needs one.

    Within a process it may be taken again while it is held. Where the folder cannot be locked, as on some network file
    systems, there is no lock.
    """

    _held: ClassVar[dict[tuple[str | None, ...], int]] = {}

    def __init__(self, *folders: str | None) -> None:
        """Lock the first of `folders` that can be locked."""
        self._folders = folders
        self._descriptor = -1

    def __enter__(self) -> None:
        """Wait for the lock and take it."""
        self._held[self._folders] = self._held.get(self._folders, 0) + 1
        if self._held[self._folders] > 1:
            return
        try:
            import fcntl
        except ImportError:  # Windows
            return
        for folder in filter(None, self._folders):
            try:
                self._descriptor = os.open(folder, os.O_RDONLY)
                fcntl.flock(self._descriptor, fcntl.LOCK_EX)
                return
            except OSError:
                self._close()
            except BaseException:  # Ctrl-C while it waits
                self.__exit__()
                raise

    def __exit__(self, *_: object) -> None:
        """Give the lock back."""
        self._held[self._folders] -= 1
        self._close()

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1
