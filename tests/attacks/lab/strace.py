"""Run a command and kill it, or fail a call, at one of its system calls, be it made by Python, SQLite or Whoosh. Needs strace."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

STRACE = shutil.which("strace")

CHANGING = """
    open openat openat2 creat write writev pwrite64 pwritev pwritev2 fsync fdatasync sync_file_range link linkat unlink unlinkat rename renameat
    renameat2 mkdir mkdirat rmdir chmod fchmod fchmodat truncate ftruncate fallocate symlink symlinkat utimensat sendfile copy_file_range
"""
"""The system calls that change files and folders."""

KILL = "kill"
ERRORS = ("ENOSPC", "EIO", "EROFS", "EDQUOT")


class Call(NamedTuple):
    """A system call: its name, its ordinal among the calls of this name in its process, and the path that it is about."""

    name: str
    number: int
    path: str


class TracedRun(NamedTuple):
    """How a command went, and its calls that change something in the folder looked at. A negative `code` is the signal that killed it."""

    code: int
    out: str
    err: str
    calls: list[Call]
    struck: str


def run(
    words: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    inside: Path,
    at: Call | None = None,
    how: str = KILL,
    stdin: bytes = b"",
) -> TracedRun:
    """Run a command in `folder`, with `stdin`. If `at` is given, kill it before this call, or have the call fail with the error `how`.

    `struck` is the path of the call that was struck, empty if none was.
    """
    log = inside.parent / f"{inside.name}.strace"
    names = [at.name] if at else CHANGING.split()
    how = "signal=SIGKILL" if how == KILL else f"error={how}"
    inject = ["-e", f"inject={at.name}:{how}:when={at.number}"] if at else []
    faster = [] if "signal" in how else ["--seccomp-bpf"]  # it would delay the signal
    traced = [str(STRACE), "-f", *faster, "-y", "-s", "0", "-o", str(log), "-e", "trace=" + ",".join(f"?{name}" for name in names)]
    done = subprocess.run(
        [*traced, *inject, *words],
        cwd=folder,
        env={**environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
    )
    lines = [line.partition(" ")[2].strip() for line in log.read_text(errors="replace").splitlines()]
    struck = [line for line in lines if "(INJECTED)" in line or line.endswith("= ?")]
    return TracedRun(
        done.returncode,
        done.stdout.decode(errors="replace"),
        done.stderr.decode(errors="replace"),
        _parse_calls(lines, inside),
        _find_path(struck[-1], inside) if struck and at else "",
    )


def _parse_calls(lines: list[str], inside: Path) -> list[Call]:
    found = []
    counts: Counter[str] = Counter()
    for line in lines:
        name = line.partition("(")[0]
        if not name.isidentifier():
            continue  # it is a signal, or the end
        counts[name] += 1
        is_reading = name.startswith("open") and not re.search("O_WRONLY|O_RDWR|O_CREAT", line)
        if not is_reading and (path := _find_path(line, inside)):
            found.append(Call(name, counts[name], path))
    return found


def _find_path(line: str, inside: Path) -> str:
    """Return the path that a call is about, relative to the folder looked at; empty if it lies elsewhere."""
    paths = re.findall(rf'["<]{re.escape(str(inside))}/([^">]*)[">]', re.sub(r"AT_FDCWD<[^>]*>", "", line))
    return paths[-1] if paths else ""
