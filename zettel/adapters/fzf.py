"""Find fzf, and let a person pick rows in it.

What fzf shows and prints goes through pipes and the terminal. The commands that it runs for previews and keys are constant text: the values in
them are in its environment, or are placeholders of fzf that expand to hexadecimal digits or to the query, which fzf itself quotes for the shell.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence

from zettel.adapters.programs import find_program
from zettel.adapters.tty import OpenTerminal
from zettel.model.base.errors import UsageError
from zettel.model.base.value import value

MIN_VERSION = (0, 38)
"""The oldest version that can replace itself by another command (`become`), which is how a new note is picked."""

FOUND, FAILED = 0, 2
"""The exit codes of fzf for a row that was picked, and for an error. Others mean that the person left."""


@value
class Fzf:
    """An fzf that can be run: its command line, and its version as (major, minor)."""

    command: tuple[str, ...]
    version: tuple[int, int]


def find_fzf(named: str, environ: dict[str, str]) -> Fzf | None:
    """Return the fzf of the command line `named`, else that in `$PATH`, else the one that the package iterfzf brings, or None.

    Raises `UsageError` if the one that is named cannot be used.
    """
    if named.strip():
        return _find_named(named, environ)
    for program in (find_program("fzf", environ), _find_bundled()):
        version = _read_version((program,)) if program else None
        if program and version and version >= MIN_VERSION:
            return Fzf((program,), version)
    return None


def _find_named(named: str, environ: dict[str, str]) -> Fzf:
    words = split_words(named, "picker.command")
    program = find_program(words[0], environ)
    if not program:
        raise UsageError(f'the setting picker.command names "{words[0]}", which is not installed', "install it, or leave the setting empty")
    command = (program, *words[1:])
    version = _read_version(command)
    if not version or version < MIN_VERSION:
        wanted = ".".join(map(str, MIN_VERSION))
        raise UsageError(
            f'the setting picker.command names "{words[0]}", which is not fzf {wanted} or newer',
            "install a newer fzf, or leave the setting empty",
        )
    return Fzf(command, version)


def split_words(text: str, setting: str) -> list[str]:
    """Split the value of a setting into words, as a shell does. Raises `UsageError` for an open quote."""
    import shlex

    try:
        return shlex.split(text)
    except ValueError as error:
        raise UsageError(f"the setting {setting} cannot be read: {error}", "quote it as in a shell") from None


def _find_bundled() -> str | None:
    """Return the path of the program that the package iterfzf brings, if it is installed. The package need not be imported for that."""
    for folder in sys.path:
        if folder.endswith(("site-packages", "dist-packages")) and os.path.isabs(folder):
            program = os.path.join(folder, "iterfzf", "fzf")
            if os.access(program, os.X_OK):
                return program
    return None


def _read_version(command: tuple[str, ...]) -> tuple[int, int] | None:
    """Return what `--version` prints, or None if that is not a version. It takes a few milliseconds, so it is not cached."""
    import subprocess

    try:
        done = subprocess.run([*command, "--version"], capture_output=True, check=False, timeout=10, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    numbers = done.stdout.decode(errors="replace").split(" ", 1)[0].strip().lstrip("v").split(".")
    return (int(numbers[0]), int(numbers[1])) if len(numbers) > 1 and all(map(str.isdecimal, numbers[:2])) else None


def run_fzf(command: Sequence[str], rows: Iterable[str], environ: Mapping[str, str]) -> tuple[int, list[str]]:
    """Show rows in fzf, and return its exit code and the rows that it prints. Rows are read and shown one after another.

    Raises `UsageError` if there is no terminal, or fzf cannot be started.
    """
    import signal
    import subprocess

    def leave(*_: object) -> None:
        raise KeyboardInterrupt

    with OpenTerminal() as terminal:
        before = signal.signal(signal.SIGTERM, leave)  # fzf ends with this process, and restores the terminal
        try:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=terminal, env=dict(environ))
        except OSError as error:
            raise UsageError(f"{command[0]} cannot be started: {error.strerror}", "install fzf again, or set picker.command") from None
        assert process.stdin
        assert process.stdout
        try:
            try:
                for row in rows:
                    process.stdin.write(row.encode(errors="replace") + b"\0")
                process.stdin.close()
            except BrokenPipeError:
                pass  # a row was picked before all were read
            printed = process.stdout.read()
            code = process.wait()
        except BaseException:
            process.terminate()  # which restores the terminal
            process.wait()
            raise
        finally:
            try:
                process.stdin.close()
            except BrokenPipeError:
                pass
            process.stdout.close()
            signal.signal(signal.SIGTERM, before)
    return code, [row for row in printed.decode(errors="replace").replace("\n", "\0").split("\0") if row]
