"""What a walk is made of: a notebook in memory, whatever other programs do to its files, and zettel as a process that can be hit."""

from __future__ import annotations

import io
import json
import os
import pickle
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import NamedTuple

import zettel as package
from tests.attacks.lab.forks import fork
from tests.attacks.lab.harness import KILL, child
from zettel.__main__ import main
from zettel.adapters.journal import log
from zettel.model.text.paths import is_note_name
from zettel.session import Session

NOW = datetime(2031, 5, 3, 10, 20)
"""What time it is for every command of a walk, so that it can be walked again."""

TICK = 0.01
"""Seconds within which a file system may give two edits the same time."""

APART = (".zettel/journal", ".zettel/dismissed", ".zettel/reviewed", ".zettel/.gitattributes")
"""What changes of notes do not take back."""

FILE, FOLDER, LINK = "file", "folder", "link"


class Thing(NamedTuple):
    """A file, folder or symbolic link: its permissions, and its bytes or where it leads."""

    kind: str
    mode: int = 0
    data: bytes = b""


State = dict[str, Thing]
"""Everything in a notebook by its path, but for what is APART."""

Words = tuple[str | int, ...]
"""A command line; a number stands for a note: one of those that are there."""


def state(root: Path) -> State:
    """Everything in a notebook now."""
    found: State = {}
    for folder, folders, names in os.walk(root):
        for name in (*folders, *names):
            full = os.path.join(folder, name)
            path = os.path.relpath(full, root)
            if path.startswith(APART) or (name.startswith(".zettel-") and name.endswith(".tmp")):
                continue
            info = os.lstat(full)
            if stat.S_ISLNK(info.st_mode):
                found[path] = Thing(LINK, 0, os.fsencode(os.readlink(full)))
            elif stat.S_ISDIR(info.st_mode):
                found[path] = Thing(FOLDER, stat.S_IMODE(info.st_mode))
            else:
                found[path] = Thing(FILE, stat.S_IMODE(info.st_mode), Path(full).read_bytes())
    return found


def files(known: State) -> dict[str, bytes]:
    """The files of a state, by their bytes."""
    return {path: thing.data for path, thing in known.items() if thing.kind == FILE}


def notes(known: State) -> list[str]:
    """The paths of the notes of a state, but for what a setting ignores."""
    return sorted(path for path in files(known) if is_note_name(path) and not any(part.startswith(".") for part in path.split("/")))


def changed(before: State, after: State) -> set[str]:
    """The files that are not what they were."""
    one, other = files(before), files(after)
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def is_same(one: State, other: State) -> bool:
    """Whether two states are the same, but for the folder that the journal lies in."""
    return {**one, ".zettel": other.get(".zettel")} == {**other, ".zettel": other.get(".zettel")}


# What other programs do


class Write(NamedTuple):
    """Write a file, whatever is in its way."""

    path: str
    data: bytes


class Same(NamedTuple):
    """Write other bytes into a note, so many and with the same time as those before."""

    note: int


class Remove(NamedTuple):
    """Remove a note."""

    note: int


class Rename(NamedTuple):
    """Give a note another path, over what may be there."""

    note: int
    to: str


class Swap(NamedTuple):
    """Give each of two notes the name of the other."""

    note: int
    other: int


class MoveFolder(NamedTuple):
    """Give a folder the name of another one, which gets its name if it is there."""

    folder: str
    to: str


class Touch(NamedTuple):
    """Give a note other permissions and another time."""

    note: int
    mode: int
    when: int


class Replace(NamedTuple):
    """Put something else in a note's place: a folder, or a symbolic link to somewhere."""

    note: int
    by: str | None


class Configure(NamedTuple):
    """Write the notebook's settings; `stealthily`, with the time of those before."""

    text: str
    stealthily: bool


Edit = Write | Same | Remove | Rename | Swap | MoveFolder | Touch | Replace | Configure

OTHER_LETTERS = bytes.maketrans(b"TOab67xy", b"OTba76yx")


def edit(root: Path, what: Edit) -> None:
    """Do what another program does."""
    there = notes(state(root))
    match what:
        case Write(path, data):
            _clear(root, path).write_bytes(data)
        case Configure(text, stealthily):
            target = root / ".zettel" / "config.toml"
            before = os.lstat(target).st_mtime_ns if target.exists() else None
            _clear(root, ".zettel/config.toml").write_text(text, encoding="utf-8")
            if stealthily and before is not None:
                os.utime(target, ns=(before, before))
        case MoveFolder(folder, to):
            one, other, aside = root / folder, root / to, root / "aside"
            if one.is_dir() and not one.is_symlink() and one not in other.parents and other not in one.parents and one != other:
                if os.path.lexists(other):
                    other.rename(aside)
                other.parent.mkdir(parents=True, exist_ok=True)
                one.rename(other)
                if os.path.lexists(aside):
                    aside.rename(one)
        case _ if there:
            _edit_note(root, root / there[what.note % len(there)], there, what)


def _edit_note(root: Path, full: Path, there: list[str], what: Same | Remove | Rename | Swap | Touch | Replace) -> None:
    match what:
        case Same():
            when = full.stat().st_mtime_ns
            full.write_bytes(full.read_bytes().translate(OTHER_LETTERS))
            os.utime(full, ns=(when, when))
        case Remove():
            full.unlink()
        case Rename(_, to):
            if root / to != full:
                data = full.read_bytes()
                full.rename(_clear(root, to)) if full not in (root / to).parents else Path(full.unlink() or _clear(root, to)).write_bytes(
                    data
                )
        case Swap(_, number):
            other, aside = root / there[number % len(there)], root / "aside"
            if other != full:
                full.rename(aside)
                other.rename(full)
                aside.rename(other)
        case Touch(_, mode, when):
            full.chmod(mode)
            os.utime(full, ns=(when, when))
        case Replace(_, by):
            full.unlink()
            if by is None:
                full.mkdir()
            else:
                full.symlink_to(by)


def _clear(root: Path, path: str) -> Path:
    """Where a file can be written, once what is in its way is gone."""
    full = root
    for part in path.split("/")[:-1]:
        full = full / part
        if full.is_symlink() or full.is_file():
            full.unlink()
        full.mkdir(exist_ok=True)
    full = root / path
    if full.is_dir() and not full.is_symlink():
        shutil.rmtree(full)
    elif os.path.lexists(full):
        full.unlink()
    return full


# zettel


class Ran(NamedTuple):
    """How a command went: its exit code (None: it was killed), what it wrote, and its system calls that write."""

    words: list[str]
    code: int | None
    out: str
    err: str
    calls: list[str]

    @property
    def document(self) -> dict[str, object]:
        """What it answered, as JSON."""
        found: dict[str, object] = json.loads(self.out)
        return found


def load() -> None:
    """Load all of zettel, so that no process has to that is begun from this one."""
    for module in walk_packages(package.__path__, "zettel."):
        if module.name not in ("zettel.__main__", "zettel.cli.make_snapshot"):
            import_module(module.name)


class Place:
    """Where a walk takes place: a notebook in `root`, and beside it caches, articles to import, and folders that lie outside."""

    def __init__(self, folder: Path) -> None:
        load()
        self.folder, self.root, self.trial = folder, folder / "notes", folder / "trial"
        for name in ("notes", "outside", "articles", "said"):
            (folder / name).mkdir()
        (folder / "outside" / "a.md").write_text("# Secret\n", encoding="utf-8")
        for name, text in ARTICLES.items():
            (folder / "articles" / name).write_text(text, encoding="utf-8")

    def words(self, given: Words, known: State) -> list[str]:
        """A command line with notes for its numbers, as they are named there."""
        there = notes(known) or ["a.md"]
        return [
            there[word % len(there)] if isinstance(word, int) else word.replace("{articles}", str(self.folder / "articles"))
            for word in given
        ]

    def run(
        self, words: list[str], root: Path | None = None, at: int = 0, how: str = KILL, before: Callable[[], None] | None = None
    ) -> Ran:
        """Run a command in a process of its own, to which at its call number `at` something happens; `before` is done in it first."""
        said = self.folder / "said"
        for name in ("out", "err", "code"):
            (said / name).write_text("", encoding="utf-8")

        def work() -> None:
            if before:
                before()
            code, out, err = self.called(words, root or self.root)
            for name, text in (("out", out), ("err", err), ("code", str(code))):
                (said / name).write_text(text, encoding="utf-8")

        ran = child(work, at, how)
        out, err, code = ((said / name).read_text(encoding="utf-8") for name in ("out", "err", "code"))
        return Ran(words, int(code) if code else None, out, err, ran.calls)

    def called(self, words: list[str], root: Path, cache: str = "cache") -> tuple[int, str, str]:
        """Run a command in this process, which ends soon; gives its exit code and what it wrote to stdout and stderr."""
        os.environ.update(XDG_CACHE_HOME=str(self.folder / cache), XDG_CONFIG_HOME=str(self.folder / "config"), ZETTEL_DIR=str(root))
        os.chdir(root)
        Session.now = lambda _: NOW  # type: ignore[method-assign]
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
        sys.stdout, sys.stderr = streams
        sys.argv = ["zettel", *words]
        code = main()
        found = []
        for stream in streams:
            stream.flush()
            found.append(stream.buffer.getvalue().decode(errors="replace"))  # type: ignore[attr-defined]
        return code, found[0], found[1]

    def asked(self, questions: Sequence[list[str]]) -> tuple[list[tuple[int, str, str]], list[tuple[int, str, str]]]:
        """What questions are answered with the cache that has grown with the walk, and with an empty one."""
        shutil.rmtree(self.folder / "cold", ignore_errors=True)
        return tuple(
            self._in_child(lambda cache=cache: [self.called(words, self.root, cache) for words in questions]) for cache in ("cache", "cold")
        )  # type: ignore[misc, return-value]

    def _in_child(self, work: Callable[[], object]) -> object:
        told = self.folder / "said" / "told"
        assert child(lambda: told.write_bytes(pickle.dumps(work())) and None).is_whole
        return pickle.loads(told.read_bytes())

    def copied(self) -> Path:
        """A copy of the notebook, to try what a command does to it."""
        for name in ("trial", "cache-of-trial"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        shutil.copytree(self.root, self.trial, symlinks=True)
        return self.trial

    def history(self, root: Path | None = None) -> list[tuple[str, bool]]:
        """What can be taken back, and done again: (what was done, whether it was taken back), the last one first."""
        found = [(entry.summary, entry.is_undone) for entry in log.list_entries(str(root or self.root))]
        first = next((number for number, (_, is_undone) in enumerate(found) if not is_undone), len(found))
        return found[:first] + [entry for entry in found[first:] if not entry[1]]

    def journal(self) -> bytes:
        """All that the journal holds."""
        return b"\n".join(file.read_bytes() for file in sorted((self.root / ".zettel" / "journal").glob("*")))


def helper(work: Callable[[], None]) -> tuple[Callable[[], None], Callable[[], None]]:
    """A process that does something when it is told to: (what tells it and waits until it is done, what ends it).

    It is begun before anything else is, so that it shares nothing with the one that tells it.
    """
    (go, tell), (heard, told) = os.pipe(), os.pipe()

    def wait_and_work() -> None:
        try:
            os.close(tell)
            if os.read(go, 1):
                work()
        finally:
            os.write(told, b".")

    pid = fork(wait_and_work)
    is_told: list[bool] = []

    def meet() -> None:
        if not is_told:
            is_told.append(True)
            os.write(tell, b".")
            os.read(heard, 1)

    def end() -> None:
        os.close(tell)
        os.waitpid(pid, 0)

    return meet, end


def damage(cache: Path, number: int, how: str) -> bool:
    """Damage one of the files of a cache; whether there is one."""
    there = sorted(file for file in cache.rglob("*") if file.is_file())
    if not there:
        return False
    file = there[number % len(there)]
    if how == "gone":
        file.unlink()
    elif how == "all gone":
        shutil.rmtree(cache)
    elif how == "cut":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif how == "empty":
        file.write_bytes(b"")
    else:
        file.write_bytes(b"something else altogether" * 100)
    return True


def wait() -> None:
    """Wait until what is edited now gets a later time than what was edited before."""
    time.sleep(TICK)


def lines(known: State) -> Iterator[bytes]:
    """Every line of every file, but for blank ones."""
    for data in files(known).values():
        yield from (line for line in data.splitlines() if line.strip())


ARTICLES = {
    "a.txt": "How to trust\nby Somebody Else\n\nTrust is given first.\n\nShare this\n",
    "b.html": "<html><head><title>Other things</title></head><body><h1>Other things</h1><p>A trust of its own.</p></body></html>",
}
