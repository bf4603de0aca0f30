"""Doing several things side by side, each in a process of its own, so that every core has something to do."""

from __future__ import annotations

import os
from collections.abc import Callable

MOST = 4
"""Processes at most: each makes a part of its own, and many parts are slower to read than few."""


def cores() -> int:
    """How many processes can work at a time; 1 where there is no `fork`."""
    if not hasattr(os, "fork"):
        return 1
    return min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def is_left_alone(parent: int) -> bool:
    """Whether this is another process than `parent`, which has ended: nobody waits for what it does."""
    return parent not in (os.getpid(), os.getppid())


def side_by_side(tasks: list[Callable[[], bytes | None]]) -> list[bytes]:
    """What every task gives: the first is done here, each other one in a process of its own, or here after all where that fails.

    A task in another process has this one's memory as it is now, and may touch no database or stream that is open. It is killed
    when the one here fails or is interrupted.
    """
    others: list[_Other] = []
    try:
        for task in tasks[1:]:
            others.append(_Other(task))  # noqa: PERF401 - each has to be known at once
        return [tasks[0]() or b"", *(other.result() for other in others)]
    finally:
        for other in others:
            other.end()


class _Other:
    """A process that does a task; none where no more are to be had."""

    def __init__(self, task: Callable[[], bytes | None]) -> None:
        self._task = task
        self._pid = 0
        self._results, into = os.pipe()
        try:
            self._pid = os.fork()
        except OSError:
            pass
        else:
            if not self._pid:
                _do(task, into)
        finally:
            os.close(into)

    def result(self) -> bytes:
        """Wait for what the task gives."""
        parts = []
        while part := os.read(self._results, 1 << 20):
            parts.append(part)
        if self._pid:
            pid, status = os.waitpid(self._pid, 0)
            self._pid = 0
            if pid and not status:
                return b"".join(parts)
        return self._task() or b""

    def end(self) -> None:
        """End the process, if it has not ended."""
        os.close(self._results)
        if self._pid:
            from signal import SIGKILL

            os.kill(self._pid, SIGKILL)
            os.waitpid(self._pid, 0)


def _do(task: Callable[[], bytes | None], into: int) -> None:
    """Do a task, give its result to the process that waits for it, and end."""
    status = 1
    try:
        data = memoryview(task() or b"")
        while data:
            data = data[os.write(into, data) :]
        status = 0
    finally:
        os._exit(status)  # nothing that is shared with the other one is tidied up, flushed or said
