"""Kills zettel before, or in the middle of, the n-th system call that writes, for every n, and looks at what the next one makes of it."""

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

from tests.attacks.lab.forks import fork
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
"""The functions of `os` by which zettel writes; `open` where it is to write. There is one more, `exchange`, which is not of `os`."""

KILL, HALF, INTERRUPT, FULL = "kill", "half", "interrupt", "full"
"""What happens at a call: killed before it, killed when half of it is written, Ctrl-C, the disk is full."""

State = dict[str, tuple[int, bytes | None]]
"""Path of every file and folder to its permissions and bytes; but for the journal."""


class Ran(NamedTuple):
    """How a process went: its calls that write, and whether it came to its end."""

    calls: list[str]
    is_whole: bool


def state(root: Path) -> State:
    """Everything in a notebook."""
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


def make(root: Path, wanted: State) -> None:
    """Make a notebook of a state."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for path, (mode, data) in sorted(wanted.items()):
        if data is None:
            (root / path).mkdir()
        else:
            (root / path).write_bytes(data)
        (root / path).chmod(mode)


def opened(root: Path) -> OpenNotebook:
    """The notebook, after what any command does first."""
    notebook = Session(GlobalOptions(notebook=str(root))).open_notebook(refresh=False)
    notebook.recover()
    return notebook


def carry_out(root: Path, changes: Changes) -> None:
    """What an editing command does."""
    opened(root).carry_out(changes, "change everything")


def take_back(root: Path) -> None:
    """What `zettel undo` does."""
    opened(root)
    undo.run(Session(GlobalOptions(notebook=str(root))))


def child(work: Callable[[], None], at: int = 0, how: str | Callable[[], None] = KILL) -> Ran:
    """Run `work` in a process of its own, to which at the call number `at` (none: 0) something happens, or is done by `how`."""
    reader, writer = os.pipe()

    def armed() -> int:
        os.close(reader)
        _arm(writer, at, how)
        try:
            with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere), redirect_stdout(nowhere):
                work()
        except (KeyboardInterrupt, ZettelError):
            return 3
        return 0

    pid = fork(armed)
    os.close(writer)
    with open(reader, "rb") as file:
        calls = file.read().decode().split()
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) in (0, 3), "it failed, as said above"
    return Ran(calls, status == 0)


def _arm(report: int, at: int, how: str | Callable[[], None]) -> None:
    numbers = count(1)  # counts right for several threads, too
    tell = os.write
    exchange_itself = atomic.exchange_names
    calls_themselves = [getattr(os, name) for name in WRITING]

    def armed(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*words: object, **named: object) -> object:
            if name == "open" and not int(str(words[1])) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return real(*words, **named)
            if name == "mkdir" and os.path.isdir(str(words[0])):
                return real(*words, **named)  # which changes nothing
            number = next(numbers)
            tell(report, f"{name} ".encode())
            if number == at:
                if isinstance(how, str):
                    _strike(how, name, real, words)
                else:
                    for other, call_itself in zip(WRITING, calls_themselves, strict=True):
                        setattr(os, other, call_itself)
                    atomic.exchange_names = exchange_itself
                    how()
            return real(*words, **named)

        return call

    for name in WRITING:
        setattr(os, name, armed(name, getattr(os, name)))
    atomic.exchange_names = armed("exchange", atomic.exchange_names)  # type: ignore[assignment]


def _strike(how: str, name: str, real: Callable[..., object], words: tuple[object, ...]) -> None:
    if how == INTERRUPT:
        raise KeyboardInterrupt
    if how == FULL:
        raise OSError(errno.ENOSPC, "No space left on device")
    if how == HALF and name == "write":
        data = bytes(words[1])  # type: ignore[call-overload]
        real(words[0], data[: len(data) // 2])
    os.kill(os.getpid(), signal.SIGKILL)


def points(calls: list[str]) -> Iterator[tuple[int, str]]:
    """Every moment at which a process can be killed that makes these calls."""
    for number, name in enumerate(calls, 1):
        yield number, KILL
        if name == "write":
            yield number, HALF


def many(number_of_files: int) -> tuple[State, Changes]:
    """A notebook of so many notes, and a change of as many files as a rename of many notes would be."""
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


def carried_out(root: Path, before: State, changes: Changes) -> tuple[Ran, State]:
    """Make a notebook and carry out a change of it; the calls that this takes, and what there is then."""
    make(root, before)
    opened(root)  # settings are compiled once, in the cache
    whole = child(lambda: carry_out(root, changes))
    assert whole.is_whole
    return whole, state(root)


def some(moments: Iterable[T], name: str) -> list[T]:
    """A third of the moments by the chance of the day, with the first and the last ones always among them; all in the long form."""
    every = list(moments)
    return every if is_long() else [*every[:1], *sample(every[1:-3], 3, name), *every[-3:]]


def killed_everywhere(
    root: Path, before: State, changes: Changes, choose: Callable[[Iterable[tuple[int, str]]], Iterable[tuple[int, str]]] = iter
) -> Iterator[str]:
    """Kill a change at every moment, or at those of them that are chosen; how the notebook is found then by the next zettel, as "before" or "after", and where it is neither."""
    whole, after = carried_out(root, before, changes)
    child(lambda: take_back(root))
    assert before == state(root)
    for number, how in choose(points(whole.calls)):
        shutil.rmtree(root / JOURNAL, ignore_errors=True)
        make(root, before)
        assert not child(lambda number=number, how=how: carry_out(root, changes), number, how).is_whole, (number, how)
        assert child(lambda: opened(root) and None).is_whole
        found = state(root)
        is_lost = found not in (before, after)
        if found == after:
            is_lost = not child(lambda: take_back(root)).is_whole or before != state(root)
        yield f"lost: {how} at {number}, {whole.calls[number - 1]}" if is_lost else "after" if found == after else "before"


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder where waiting for the disk takes no time, if there is such a place."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        yield Path(folder)
