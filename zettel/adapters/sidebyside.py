"""Doing several things side by side, each in a process of its own, so that every core has something to do."""

from __future__ import annotations

import os
import signal
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


def side_by_side(tasks: list[Callable[[], bytes]]) -> list[bytes]:
    """What every task gives: the first is done here, each other one in a process of its own, or here after all where that fails.

    A task in another process has this one's memory as it is now, must not touch a database or stream that is open, and is killed
    when the one here fails or is interrupted.
    """
    others = []
    try:
        for task in tasks[1:]:
            others.append(_Other(task))
        found = [tasks[0]()]
        for task, other in zip(tasks[1:], others, strict=True):
            result = other.result()
            found.append(task() if result is None else result)
        return found
    finally:
        for other in others:
            other.end()


class _Other:
    """A task in another process."""

    def __init__(self, task: Callable[[], bytes]) -> None:
        self._pid = 0
        self._pipe, into = os.pipe()
        try:
            self._pid = os.fork()
            if not self._pid:
                _do(task, into)
        except OSError:
            pass  # no more processes are to be had
        finally:
            os.close(into)

    def result(self) -> bytes | None:
        """What the task gives, once it is done; None if it failed."""
        if not self._pid:
            return None
        with os.fdopen(self._pipe, "rb", closefd=False) as pipe:
            found = pipe.read()
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        return found if status == 0 else None

    def end(self) -> None:
        """Kill the process, if it is still there."""
        os.close(self._pipe)
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0


def _do(task: Callable[[], bytes], into: int) -> None:
    """Do a task in the new process, and end that, whatever comes: nothing of what it shares with the other is tidied up, flushed or said."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        with os.fdopen(into, "wb", closefd=False) as pipe:
            pipe.write(task())
        status = 0
    finally:
        os._exit(status)
