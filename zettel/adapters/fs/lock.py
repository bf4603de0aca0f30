"""Lock between processes with `flock`. Nothing is written, and the system releases the lock when a process ends."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar


class FileLock:
    """An exclusive lock on a file or folder, held by one process at a time.

    It is reentrant within a process. If nothing can be locked, as on some network file systems, there is no lock.
    """

    _hold_counts: ClassVar[dict[tuple[str | None, ...], int]] = {}

    def __init__(self, *paths: str | None) -> None:
        """Choose what to lock: the first of `paths` that can be locked."""
        self._paths = paths
        self._descriptor = -1

    def __enter__(self) -> None:
        """Wait for the lock and take it."""
        self._hold_counts[self._paths] = self._hold_counts.get(self._paths, 0) + 1
        if self._hold_counts[self._paths] > 1:
            return
        import fcntl

        for folder in filter(None, self._paths):
            try:
                self._descriptor = os.open(folder, os.O_RDONLY)
                fcntl.flock(self._descriptor, fcntl.LOCK_EX)
                return
            except OSError:
                self._close()
            except BaseException:  # Ctrl-C while waiting
                self.__exit__()
                raise

    def __exit__(self, *_: object) -> None:
        """Release the lock."""
        self._hold_counts[self._paths] -= 1
        self._close()

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1
