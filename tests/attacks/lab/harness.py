"""Kill zettel before, or in the middle of, each system call that writes, and see what the next command finds."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from itertools import count
from pathlib import Path
from typing import NamedTuple, TypeVar

from tests.attacks.lab.fork import fork
from tests.sampling import is_long, sample
from zettel.adapters.fs import atomic
from zettel.adapters.fs.files import JOURNAL
from zettel.commands import undo
from zettel.model.base.errors import ZettelError
from zettel.model.edit.changes import Changes, FileEdit, FileMove
from zettel.notebook.notebook import OpenNotebook
from zettel.session import GlobalOptions, Session

T = TypeVar("T")

WRITING = ("open", "write", "fsync", "link", "unlink", "replace", "rename", "mkdir", "rmdir", "fchmod")
"""The functions of `os` by which zettel writes. `open` counts only if it opens a file to write. `exchange`, which is not part of `os`, counts as well."""

KILL, HALF, INTERRUPT, FULL = "kill", "half", "interrupt", "full"
"""What happens at a call: killed before it, killed when half of it is written, Ctrl-C, the disk is full."""

State = dict[str, tuple[int, bytes | None]]
"""The permissions and bytes of every file and folder by path, except those of the journal. A folder has no bytes."""


class ChildRun(NamedTuple):
    """How a child process went: its calls that write, and whether it ran to its end."""

    calls: list[str]
    ran_to_end: bool


def read_state(root: Path) -> State:
    """Return everything in a notebook except the journal."""
    found: State = {}
    for folder, folders, names in os.walk(root):
        for name in (*folders, *names):
            full = os.path.join(folder, name)
            path = os.path.relpath(full, root)
            if path == JOURNAL or path.startswith(f"{JOURNAL}/"):
                continue
            mode = stat.S_IMODE(os.lstat(full).st_mode)
            found[path] = (mode, None if name in folders else Path(full).read_bytes())
    return found


def create_notebook(root: Path, notebook: State) -> None:
    """Create a notebook in a state, and remove the one that is there."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for path, (mode, data) in sorted(notebook.items()):
        if data is None:
            (root / path).mkdir()
        else:
            (root / path).write_bytes(data)
        (root / path).chmod(mode)


def open_notebook(root: Path) -> OpenNotebook:
    """Open a notebook and undo what was interrupted, as every command does first."""
    notebook = Session(GlobalOptions(notebook=str(root))).open_notebook(refresh=False)
    notebook.recover()
    return notebook


def carry_out(root: Path, changes: Changes) -> None:
    """Carry out a change as an editing command does."""
    open_notebook(root).carry_out(changes, "change everything")


def undo_last_change(root: Path) -> None:
    """Undo the last change as `zettel undo` does."""
    open_notebook(root)
    undo.run(Session(GlobalOptions(notebook=str(root))))


def run_in_child(work: Callable[[], None], at: int = 0, how: str | Callable[[], None] = KILL) -> ChildRun:
    """Run `work` in a child process, in which `how` happens, or is called, at call number `at` (0: at none)."""
    reader, writer = os.pipe()

    def run_armed() -> int:
        os.close(reader)
        _arm(writer, at, how)
        try:
            with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere), redirect_stdout(nowhere):
                work()
        except (KeyboardInterrupt, ZettelError):
            return 3
        return 0

    pid = fork(run_armed)
    os.close(writer)
    with open(reader, "rb") as file:
        calls = file.read().decode().split()
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) in (0, 3), "the child failed, see its traceback above"
    return ChildRun(calls, status == 0)


def _arm(report: int, at: int, how: str | Callable[[], None]) -> None:
    numbers = count(1)  # a counter that several threads can share
    write = os.write
    real_exchange = atomic.exchange_names
    real_calls = [getattr(os, name) for name in WRITING]

    def arm_call(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*words: object, **named: object) -> object:
            if name == "open" and not int(str(words[1])) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return real(*words, **named)
            if name == "mkdir" and os.path.isdir(str(words[0])):
                return real(*words, **named)  # it changes nothing
            number = next(numbers)
            write(report, f"{name} ".encode())
            if number == at:
                if isinstance(how, str):
                    _strike(how, name, real, words)
                else:
                    for other, real_call in zip(WRITING, real_calls, strict=True):
                        setattr(os, other, real_call)
                    atomic.exchange_names = real_exchange
                    how()
            return real(*words, **named)

        return call

    for name in WRITING:
        setattr(os, name, arm_call(name, getattr(os, name)))
    atomic.exchange_names = arm_call("exchange", atomic.exchange_names)  # type: ignore[assignment]


def _strike(how: str, name: str, real: Callable[..., object], words: tuple[object, ...]) -> None:
    if how == INTERRUPT:
        raise KeyboardInterrupt
    if how == FULL:
        raise OSError(errno.ENOSPC, "No space left on device")
    if how == HALF and name == "write":
        data = bytes(words[1])  # type: ignore[call-overload]
        real(words[0], data[: len(data) // 2])
    os.kill(os.getpid(), signal.SIGKILL)


def list_kill_points(calls: list[str]) -> Iterator[tuple[int, str]]:
    """Yield each moment at which a process that makes these calls can be killed: the number of the call, and how."""
    for number, name in enumerate(calls, 1):
        yield number, KILL
        if name == "write":
            yield number, HALF


def build_large_change(number_of_files: int) -> tuple[State, Changes]:
    """Build a notebook of so many notes, and a change of as many files, such as renaming many notes takes."""
    before: State = {"deep": (0o755, None)}
    edits: list[FileEdit] = []
    moves: list[FileMove] = []
    for number in range(number_of_files):
        path = f"{'deep/' if number % 3 else ''}note {number}.md"
        data = f"# Note {number}\r\n\r\nIt speaks of [[note {number + 1}]].\r\n".encode() * (1 + number % 5)
        after = data.replace(b"[[note", b"[[a note by another name")
        kind = number % 10
        if kind == 0:
            edits.append(FileEdit(path, None, after))
            continue
        before[path] = (0o600 if kind == 1 else 0o644, data)
        if kind == 2:
            moves.append(FileMove(path, f".zettel/trash/{path}"))
        elif kind == 3:
            edits.append(FileEdit(path, data, None))
        else:
            edits.append(FileEdit(path, data, after))
        if kind == 4:
            moves.append(FileMove(path, f"deep/made/{number}.md"))
    before[".zettel"] = (0o755, None)
    return before, Changes(tuple(edits), tuple(moves))


def run_change(root: Path, before: State, changes: Changes) -> tuple[ChildRun, State]:
    """Create a notebook and carry out a change of it, and return how that went and the state after it."""
    create_notebook(root, before)
    open_notebook(root)  # fill the cache with the settings first, which takes calls of its own
    whole = run_in_child(lambda: carry_out(root, changes))
    assert whole.ran_to_end
    return whole, read_state(root)


def sample_moments(moments: Iterable[T], name: str) -> list[T]:
    """Return a third of the moments as drawn for the day, always with the first and the last three. The long form returns all."""
    every = list(moments)
    return every if is_long() else [*every[:1], *sample(every[1:-3], 3, name), *every[-3:]]


def kill_at_every_call(
    root: Path, before: State, changes: Changes, choose: Callable[[Iterable[tuple[int, str]]], Iterable[tuple[int, str]]] = iter
) -> Iterator[str]:
    """Kill a change at each moment, or at those that `choose` selects.

    Yields for each how the next zettel finds the notebook: "before", "after", or, if it is neither, a text that begins with "lost".
    """
    whole, after = run_change(root, before, changes)
    run_in_child(lambda: undo_last_change(root))
    assert before == read_state(root)
    for number, how in choose(list_kill_points(whole.calls)):
        shutil.rmtree(root / JOURNAL, ignore_errors=True)
        create_notebook(root, before)
        assert not run_in_child(lambda number=number, how=how: carry_out(root, changes), number, how).ran_to_end, (number, how)
        assert run_in_child(lambda: open_notebook(root) and None).ran_to_end
        found = read_state(root)
        is_lost = found not in (before, after)
        if found == after:
            is_lost = not run_in_child(lambda: undo_last_change(root)).ran_to_end or before != read_state(root)
        yield f"lost: {how} at {number}, {whole.calls[number - 1]}" if is_lost else "after" if found == after else "before"


@contextmanager
def memory_folder() -> Iterator[Path]:
    """Yield a temporary folder, in memory if possible, so that waiting for the disk takes no time."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        yield Path(folder)
