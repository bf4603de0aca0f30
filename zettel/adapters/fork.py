"""Run tasks in parallel, each in a forked process, to use every core."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

MAX_PROCESSES = 4
"""Maximum number of processes. Each writes a part of its own, and many parts are slower to read than few."""


def count_workers() -> int:
    """Return how many processes can work at a time.

    It is one if other threads run, because nobody would release the locks that they hold in a forked copy.
    """
    if len(sys._current_frames()) > 1:
        return 1
    return min(MAX_PROCESSES, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def is_orphan_process(parent: int) -> bool:
    """Return whether this is a child of `parent` that has outlived it, so that nothing waits for its result."""
    return parent not in (os.getpid(), os.getppid())


def run_in_parallel(tasks: list[Callable[[], bytes | None]]) -> list[bytes]:
    """Run all tasks and return their results. The first runs in this process, each other one in a forked process, or here if that fails.

    A forked task has a copy of this process's memory, and must not use open databases or streams. It is killed if a task in this process
    fails or is interrupted.
    """
    others: list[_Child] = []
    try:
        for task in tasks[1:]:
            others.append(_Child(task))  # noqa: PERF401 - if a fork fails, the earlier ones are in the list
        return [tasks[0]() or b"", *(other.wait_for_result() for other in others)]
    finally:
        for other in others:
            other.stop()


class _Child:
    """A child process that runs a task. If none can be forked, the task runs in this process."""

    def __init__(self, task: Callable[[], bytes | None]) -> None:
        self._task = task
        self._pid = 0
        self._pipe, into = os.pipe()
        try:
            self._pid = os.fork()
        except OSError:
            pass
        else:
            if not self._pid:
                _run_child(task, into)
        finally:
            os.close(into)

    def wait_for_result(self) -> bytes:
        """Wait for the task's result and return it."""
        parts = []
        while part := os.read(self._pipe, 1 << 20):
            parts.append(part)
        if self._pid:
            pid, status = os.waitpid(self._pid, 0)
            self._pid = 0
            if pid and not status:
                return b"".join(parts)
        return self._task() or b""

    def stop(self) -> None:
        """Kill the process if it is still running."""
        os.close(self._pipe)
        if self._pid:
            from signal import SIGKILL

            os.kill(self._pid, SIGKILL)
            os.waitpid(self._pid, 0)


def _run_child(task: Callable[[], bytes | None], pipe: int) -> None:
    """Run the task in the child, write its result to the pipe, and exit."""
    status = 1
    try:
        data = memoryview(task() or b"")
        while data:
            data = data[os.write(pipe, data) :]
        status = 0
    finally:
        os._exit(status)  # no cleanup, flushing or output of what is shared with the parent
