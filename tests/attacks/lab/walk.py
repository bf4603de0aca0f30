"""The parts of a random walk: a notebook in memory, the edits of other programs, and zettel in a process that can be struck."""

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
from tests.attacks.lab.fork import fork
from tests.attacks.lab.harness import KILL, run_in_child
from zettel.__main__ import main
from zettel.adapters.journal import log
from zettel.model.text.fold import is_note_name
from zettel.session import Session

NOW = datetime(2031, 5, 3, 10, 20)
"""The time for every command of a walk, so that the walk can be repeated."""

TICK = 0.01
"""Seconds within which a file system may give two edits the same time."""

EXCLUDED = (".zettel/journal", ".zettel/dismissed", ".zettel/reviewed", ".zettel/.gitattributes")
"""What a state leaves out: zettel's own records. Undo takes lines of the lists back, and a rename changes paths in them."""

FILE, FOLDER, LINK = "file", "folder", "link"


class Entry(NamedTuple):
    """A file, folder or symlink: its permissions, and its bytes or its target."""

    kind: str
    mode: int = 0
    data: bytes = b""


State = dict[str, Entry]
"""Everything in a notebook by path, except what is EXCLUDED."""

Words = tuple[str | int, ...]
"""A command line. A number stands for one of the notes that exist."""


def read_state(root: Path) -> State:
    """Return everything in a notebook now."""
    found: State = {}
    for folder, folders, names in os.walk(root):
        for name in (*folders, *names):
            full = os.path.join(folder, name)
            path = os.path.relpath(full, root)
            if path.startswith(EXCLUDED) or (name.startswith(".zettel-") and name.endswith(".tmp")):
                continue
            info = os.lstat(full)
            if stat.S_ISLNK(info.st_mode):
                found[path] = Entry(LINK, 0, os.fsencode(os.readlink(full)))
            elif stat.S_ISDIR(info.st_mode):
                found[path] = Entry(FOLDER, stat.S_IMODE(info.st_mode))
            else:
                found[path] = Entry(FILE, stat.S_IMODE(info.st_mode), Path(full).read_bytes())
    return found


def select_files(known: State) -> dict[str, bytes]:
    """Return the bytes of the files of a state."""
    return {path: thing.data for path, thing in known.items() if thing.kind == FILE}


def list_notes(known: State) -> list[str]:
    """Return the paths of the notes of a state, among them notes that a setting ignores."""
    return sorted(path for path in select_files(known) if is_note_name(path) and not any(part.startswith(".") for part in path.split("/")))


def find_changed_files(before: State, after: State) -> set[str]:
    """Return the files that differ."""
    one, other = select_files(before), select_files(after)
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def is_same(one: State, other: State) -> bool:
    """Return whether two states are the same, apart from the folder that holds the journal."""
    return {**one, ".zettel": other.get(".zettel")} == {**other, ".zettel": other.get(".zettel")}


# The edits of other programs


class Write(NamedTuple):
    """Write a file, and remove what is in its way."""

    path: str
    data: bytes


class Overwrite(NamedTuple):
    """Write as many other bytes into a note, and keep its modification time."""

    note: int


class Remove(NamedTuple):
    """Remove a note."""

    note: int


class Rename(NamedTuple):
    """Give a note another path, and overwrite what is there."""

    note: int
    to: str


class Swap(NamedTuple):
    """Swap the names of two notes."""

    note: int
    other: int


class MoveFolder(NamedTuple):
    """Give a folder the name of another one, which gets its name if it exists."""

    folder: str
    to: str


class Touch(NamedTuple):
    """Give a note other permissions and another time."""

    note: int
    mode: int
    when: int


class Replace(NamedTuple):
    """Put something else in the place of a note: a folder, or a symlink to somewhere."""

    note: int
    by: str | None


class Configure(NamedTuple):
    """Write the notebook's settings. If `stealthily`, keep the modification time."""

    text: str
    stealthily: bool


Edit = Write | Overwrite | Remove | Rename | Swap | MoveFolder | Touch | Replace | Configure

OTHER_LETTERS = bytes.maketrans(b"TOab67xy", b"OTba76yx")


def apply_edit(root: Path, what: Edit) -> None:
    """Do what another program does."""
    paths = list_notes(read_state(root))
    match what:
        case Write(path, data):
            _clear_path(root, path).write_bytes(data)
        case Configure(text, stealthily):
            target = root / ".zettel" / "config.toml"
            before = os.lstat(target).st_mtime_ns if target.exists() else None
            _clear_path(root, ".zettel/config.toml").write_text(text, encoding="utf-8")
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
        case _ if paths:
            _edit_note(root, root / paths[what.note % len(paths)], paths, what)


def _edit_note(root: Path, full: Path, paths: list[str], what: Overwrite | Remove | Rename | Swap | Touch | Replace) -> None:
    match what:
        case Overwrite():
            when = full.stat().st_mtime_ns
            full.write_bytes(full.read_bytes().translate(OTHER_LETTERS))
            os.utime(full, ns=(when, when))
        case Remove():
            full.unlink()
        case Rename(_, to):
            if root / to != full:
                data = full.read_bytes()
                full.rename(_clear_path(root, to)) if full not in (root / to).parents else Path(
                    full.unlink() or _clear_path(root, to)
                ).write_bytes(data)
        case Swap(_, number):
            other, aside = root / paths[number % len(paths)], root / "aside"
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


def _clear_path(root: Path, path: str) -> Path:
    """Return where a file can be written, after removing what is in its way."""
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


class CommandRun(NamedTuple):
    """How a command went: its exit code (None if it was killed), its output, and its system calls that write."""

    words: list[str]
    code: int | None
    out: str
    err: str
    calls: list[str]

    @property
    def document(self) -> dict[str, object]:
        """The answer, read as JSON."""
        found: dict[str, object] = json.loads(self.out)
        return found


def load_zettel() -> None:
    """Import all of zettel, so that no forked process has to."""
    for module in walk_packages(package.__path__, "zettel."):
        if module.name not in ("zettel.__main__", "zettel.cli.make_snapshot"):
            import_module(module.name)


class WalkSite:
    """Where a walk happens: a notebook in `root`, and beside it caches, articles to import, and a folder outside."""

    def __init__(self, folder: Path) -> None:
        load_zettel()
        self.folder, self.root, self.trial = folder, folder / "notes", folder / "trial"
        for name in ("notes", "outside", "articles", "output"):
            (folder / name).mkdir()
        (folder / "outside" / "a.md").write_text("# Secret\n", encoding="utf-8")
        for name, text in ARTICLES.items():
            (folder / "articles" / name).write_text(text, encoding="utf-8")

    def fill_words(self, given: Words, known: State) -> list[str]:
        """Return a command line with the names of notes in place of its numbers."""
        paths = list_notes(known) or ["a.md"]
        return [
            paths[word % len(paths)] if isinstance(word, int) else word.replace("{articles}", str(self.folder / "articles"))
            for word in given
        ]

    def run(
        self, words: list[str], root: Path | None = None, at: int = 0, how: str = KILL, before: Callable[[], None] | None = None
    ) -> CommandRun:
        """Run a command in a child process, in which `how` happens at call number `at`. `before` is called in it first."""
        output = self.folder / "output"
        for name in ("out", "err", "code"):
            (output / name).write_text("", encoding="utf-8")

        def work() -> None:
            if before:
                before()
            code, out, err = self.call_main(words, root or self.root)
            for name, text in (("out", out), ("err", err), ("code", str(code))):
                (output / name).write_text(text, encoding="utf-8")

        ran = run_in_child(work, at, how)
        out, err, code = ((output / name).read_text(encoding="utf-8") for name in ("out", "err", "code"))
        return CommandRun(words, int(code) if code else None, out, err, ran.calls)

    def call_main(self, words: list[str], root: Path, cache: str = "cache") -> tuple[int, str, str]:
        """Run a command in this process, which ends soon, and return its exit code, stdout and stderr."""
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

    def answer_questions(self, questions: Sequence[list[str]]) -> tuple[list[tuple[int, str, str]], list[tuple[int, str, str]]]:
        """Return the answers to questions with the cache that grew during the walk, and with an empty one."""
        shutil.rmtree(self.folder / "cold", ignore_errors=True)
        return tuple(
            self._compute_in_child(lambda cache=cache: [self.call_main(words, self.root, cache) for words in questions])
            for cache in ("cache", "cold")
        )  # type: ignore[misc, return-value]

    def _compute_in_child(self, work: Callable[[], object]) -> object:
        file = self.folder / "output" / "pickle"
        assert run_in_child(lambda: file.write_bytes(pickle.dumps(work())) and None).ran_to_end
        return pickle.loads(file.read_bytes())

    def copy_notebook(self) -> Path:
        """Copy the notebook, to try what a command does to it."""
        for name in ("trial", "cache-of-trial"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        shutil.copytree(self.root, self.trial, symlinks=True)
        return self.trial

    def read_history(self, root: Path | None = None) -> list[tuple[str, bool]]:
        """Return what can be undone or redone, newest first: (what was done, whether it was undone)."""
        found = [(entry.summary, entry.is_undone) for entry in log.list_entries(str(root or self.root))]
        first = next((number for number, (_, is_undone) in enumerate(found) if not is_undone), len(found))
        return found[:first] + [entry for entry in found[first:] if not entry[1]]

    def read_journal(self) -> bytes:
        """Return all bytes of the journal."""
        return b"\n".join(file.read_bytes() for file in sorted((self.root / ".zettel" / "journal").glob("*")))


def start_helper(work: Callable[[], None]) -> tuple[Callable[[], None], Callable[[], None]]:
    """Start a process that does something when asked to, and return (a function that asks it and waits, a function that ends it).

    Start it before anything else, so that it shares nothing with the process that asks it.
    """
    (request_end, request), (answer_end, answer) = os.pipe(), os.pipe()

    def wait_and_work() -> None:
        try:
            os.close(request)
            if os.read(request_end, 1):
                work()
        finally:
            os.write(answer, b".")

    pid = fork(wait_and_work)
    has_met: list[bool] = []

    def meet() -> None:
        if not has_met:
            has_met.append(True)
            os.write(request, b".")
            os.read(answer_end, 1)

    def end() -> None:
        os.close(request)
        os.waitpid(pid, 0)

    return meet, end


def damage_file(cache: Path, number: int, how: str) -> bool:
    """Damage a file of a cache, or all of it. Return whether there is a file."""
    files = sorted(file for file in cache.rglob("*") if file.is_file())
    if not files:
        return False
    file = files[number % len(files)]
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


def wait_for_tick() -> None:
    """Wait until the next edit gets a later time than the previous one."""
    time.sleep(TICK)


def list_lines(known: State) -> Iterator[bytes]:
    """Yield every line of every file except blank ones."""
    for data in select_files(known).values():
        yield from (line for line in data.splitlines() if line.strip())


ARTICLES = {
    "a.txt": "How to trust\nby Somebody Else\n\nTrust is given first.\n\nShare this\n",
    "b.html": "<html><head><title>Other things</title></head><body><h1>Other things</h1><p>A trust of its own.</p></body></html>",
}
