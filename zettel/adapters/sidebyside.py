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


def side_by_side(tasks: list[Callable[[], None]]) -> None:
    """Do every task: the first here, each other one in a process of its own, or here after all where that fails.

    A task in another process has this one's memory as it is now, and may touch no database or stream that is open. It is killed
    when the one here fails or is interrupted.
    """
    others: list[int] = []
    try:
        for task in tasks[1:]:
            others.append(_begun(task))  # noqa: PERF401 - each has to be known at once
        tasks[0]()
        for number, task in enumerate(tasks[1:]):
            pid, others[number] = others[number], 0
            if not (pid and _is_done(pid)):
                task()
    finally:
        for pid in filter(None, others):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _begun(task: Callable[[], None]) -> int:
    """The number of a new process that does a task; 0 if no more are to be had."""
    try:
        pid = os.fork()
    except OSError:
        return 0
    if not pid:
        status = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            task()
            status = 0
        finally:
            os._exit(status)  # nothing that is shared with the other one is tidied up, flushed or said
    return pid


def _is_done(pid: int) -> bool:
    """Wait for a process; gives whether it did all that it was to do."""
    try:
        return os.waitpid(pid, 0)[1] == 0
    except BaseException:  # Ctrl-C
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
