"""Time whole processes, as a person waits for them."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple


class Run(NamedTuple):
    """One process: seconds of wall time, seconds of processor time, and the most memory in MB."""

    wall: float
    cpu: float
    memory: float


class Command(NamedTuple):
    """A command line with its environment, and the exit codes that count as success."""

    words: Sequence[str]
    environ: dict[str, str]
    codes: tuple[int, ...] = (0,)


def run(command: Command) -> Run:
    """Run a command without stdin, and with nobody to read what it prints. Raises `RuntimeError` if it fails."""
    actions = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    began = time.perf_counter()
    process = os.posix_spawnp(command.words[0], command.words, command.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) not in command.codes:
        raise RuntimeError(f"exit code {os.waitstatus_to_exitcode(status)} of: {' '.join(command.words)}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def run_in_turn(commands: dict[str, Callable[[], Command]], rounds: int) -> dict[str, list[Run]]:
    """Run every command once in each round, so that whatever slows the machine down slows all of them.

    The first round is not counted. Each command is built just before its run, so that it can prepare for it.
    """
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            done = run(command())
            if number:
                found[name].append(done)
    return found


def median(runs: Sequence[Run]) -> float:
    """Return the median wall time in seconds."""
    return statistics.median(run.wall for run in runs)


def find_quartiles(runs: Sequence[Run]) -> tuple[float, float]:
    """Return the quartiles of the wall time in seconds."""
    walls = sorted(run.wall for run in runs)
    return walls[len(walls) // 4], walls[-1 - len(walls) // 4]


def evict(*folders: Path) -> None:
    """Drop the files of some folders from the system's memory, so that they are read from the disk again."""
    os.sync()
    for folder in folders:
        for above, _, names in os.walk(folder):
            for name in names:
                try:
                    descriptor = os.open(os.path.join(above, name), os.O_RDONLY | os.O_NOFOLLOW)
                except OSError:
                    continue
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(descriptor)
