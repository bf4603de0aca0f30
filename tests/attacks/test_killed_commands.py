"""Test that every command that writes can be killed, or refused by the disk, at each system call by which it, SQLite or Whoosh writes.

A note's file is at any moment as it was before or as it is after. A change of several notes is complete, or undone once the next command
has run. That command and all later ones answer as if there had never been a cache. A command that could not write says so, and nothing is
half done.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import unified_diff
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.attacks import Figures
from tests.attacks.lab import strace
from tests.attacks.lab.fork import fork
from tests.attacks.lab.harness import State, create_notebook, read_state
from tests.attacks.lab.strace import ERRORS, KILL, Call
from tests.conftest import COMMAND, Result, Runner
from tests.sampling import is_long, seed_random, shorten

pytestmark = pytest.mark.skipif(not strace.STRACE, reason="strace is not installed")

NOTES = {
    "202401010101 Alpha.md": "# Alpha\n\nSee 202401010102 Beta, [[202401010103]] and [[202401010199]]. Alpha is #lead/first.\n",
    "202401010102 Beta.md": "---\ntitle: Beta\ntags: [lead, two]\n---\n\n# Beta\n\n## One half\n\nTrust §202401010103.\n\n## Other half\n\nAlpha again.\n",
    "deep/202401010103 Gamma.md": "# Gamma\r\n\r\nBack to [Beta](../202401010102%20Beta.md), #lead.\r\n\r\nA line.\r\n",
    "deep/202401010104 Delta.md": "\ufeff# Delta\n\nNo end, [[Beta]], [[Alfa]] and 202401010102 Betta",
    ".zettel/config.toml": "# Mine.\n",
    "article.txt": "An article\n\nBy A. Writer\n\nThe first paragraph says little. The second one says more.\n",
}
"""A notebook in which every command finds something to do, and an article."""

READING = (
    ("list", "--json"),
    ("check", "--json"),
    ("search", "alpha", "--json"),
    ("links", "202401010101", "--json"),
    ("graph", "--format", "json"),
)
"""The questions that are asked afterwards."""

NOW = re.compile(rb"20(?:2[5-9]|[3-9]\d)(?:-\d\d-\d\d|\d{8})|(?:T|\b)\d\d:\d\d\b")
"""An ID, day or time of today. Those of the notebook itself are older."""

FIRST_VERSION = """
DROP TABLE stamps; DROP TABLE sketch; DROP TABLE question; DROP TABLE adjacency; DROP TABLE problem; DROP TABLE note;
CREATE TABLE note(
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, mtime INTEGER NOT NULL, size INTEGER NOT NULL, zid TEXT,
  title TEXT NOT NULL, title_key TEXT NOT NULL, aliases TEXT NOT NULL, tags TEXT NOT NULL, created TEXT, words INTEGER NOT NULL);
CREATE INDEX note_zid ON note(zid);
INSERT INTO note VALUES (1, '202401010101 Alpha.md', 1, 1, '202401010101', 'Long ago', 'long ago', '', '', '2020-01-01', 1);
CREATE TABLE problem(note INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL);
CREATE TABLE taken(zid TEXT PRIMARY KEY) WITHOUT ROWID;
PRAGMA user_version = 1;
"""
"""Turns a catalogue into one of the first version, with tables that no longer exist, others that differ, and an outdated note."""


LOADED = (
    "zettel.cli.run",
    "zettel.session",
    "zettel.notebook.notebook",
    "zettel.notebook.search_index",
    *(
        f"zettel.adapters.{name}"
        for name in (
            "fulltext.index",
            "parse.note",
            "catalogue.writer",
            "catalogue.queries",
            "journal.log",
            "journal.recovery",
            "journal.journal",
        )
    ),
    *(f"zettel.commands.{words[0]}" for words in (*READING, ("new",), ("undo",), ("append",), ("rename",))),
    "zettel.views.diff",
    "zettel.output.json",
)
"""The modules that are imported once instead of in every forked process."""


class Command(NamedTuple):
    """A command that writes: its words, what is done `before` it, whether it is one change, so complete or undone, and its stdin.

    A command that is not one change (`init`, a list in `.zettel/`, a folder and a note) leaves each of its files as before or as after.
    """

    words: tuple[str, ...]
    before: Callable[[Runner], object] = lambda _: None
    is_change: bool = True
    stdin: bytes = b""


def call_server(command: str, **arguments: str) -> Command:
    """Return the language server that is called for one of its commands, by an editor that then ends it."""
    messages: list[dict[str, object]] = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"id": 2, "method": "workspace/executeCommand", "params": {"command": command, "arguments": [arguments]}},
        {"id": 3, "method": "shutdown"},
        {"method": "exit"},
    ]
    bodies = [json.dumps({"jsonrpc": "2.0", **message}).encode() for message in messages]
    stream = b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies)
    return Command(("-N", ".", "lsp"), stdin=stream)


def remove_cache(run: Runner) -> None:
    """Remove the cache."""
    shutil.rmtree(run.environ["XDG_CACHE_HOME"])


def install_old_catalogue(run: Runner) -> None:
    """Replace the catalogue by one of the first version."""
    (file,) = Path(run.environ["XDG_CACHE_HOME"]).rglob("catalogue.db")
    connection = sqlite3.connect(file)
    connection.executescript(FIRST_VERSION)
    connection.close()


def edit_notes(run: Runner) -> None:
    """Create, change and remove notes as another program does."""
    (run.folder / "202401010101 Alpha.md").write_text("# Alpha\n\nQuite another text, 202401010105.\n")
    (run.folder / "202401010105 Epsilon.md").write_text("# Epsilon\n\nalpha\n")
    (run.folder / "deep/202401010104 Delta.md").unlink()


def write_texts(run: Runner) -> None:
    """Write two texts that link to each other, and the picture in them, beside the notebook."""
    folder = run.folder.parent / "texts"
    folder.mkdir()
    (folder / "one.md").write_text("# One text\n\nSee [the other](two.md), and ![a picture](map.png).\n")
    (folder / "two.md").write_text("# Two texts\n\nBack to [[one]].\n")
    (folder / "map.png").write_bytes(b"\0" * 3000)


COMMANDS = {
    "new": Command(("new", "A thought")),
    "new in a new folder": Command(("-c", "note.folder=in/box", "new", "A thought"), is_change=False),
    "new, linked": Command(("new", "A thought", "--link-from", "Alpha")),
    "append": Command(("append", "Alpha", "A line more.")),
    "rename": Command(("rename", "Beta", "Betatron")),
    "merge": Command(("merge", "Gamma", "Beta")),
    "undo": Command(("undo",), lambda run: run("rename", "Beta", "Betatron")),
    "undo --redo": Command(("undo", "--redo"), lambda run: (run("rename", "Beta", "Betatron"), run("undo"))),
    "index": Command(("index",), edit_notes),
    "index --rebuild": Command(("index", "--rebuild")),
    "search without a cache": Command(("search", "alpha"), remove_cache),
    "a catalogue of an older version": Command(("list",), install_old_catalogue),
    "delete": Command(("delete", "202401010102")),
    "move": Command(("move", "Beta", "deep/er")),
    "split": Command(("split", "Beta", "One half")),
    "extract": Command(("extract", "Gamma", "5", "Of a line")),
    "tag rename": Command(("tag", "rename", "lead", "leading")),
    "check --fix": Command(("check", "--fix", "--yes")),
    "import": Command(("import", "article.txt")),
    "import with a picture": Command(("import", "../texts"), write_texts),
    "daily": Command(("daily", "--append", "A line of today.")),
    "suggest --dismiss": Command(("suggest", "Delta", "--dismiss", "Alpha"), is_change=False),
    "review --done": Command(("review", "--done", "Gamma"), is_change=False),
    "lsp: new": call_server("zettel.new", title="A thought"),
    "lsp: append": call_server("zettel.append", note="Alpha", text="A line more."),
    "lsp: rename": call_server("zettel.rename", note="Beta", title="Betatron"),
    "lsp: move": call_server("zettel.move", note="Beta", folder="deep/er"),
    "lsp: undo": call_server("zettel.undo")._replace(before=lambda run: run("rename", "Beta", "Betatron")),
    "init": Command(("init",), lambda run: shutil.rmtree(run.folder / ".zettel"), is_change=False),
}
SHORT = ("new", "append", "rename", "merge", "undo", "index", "a catalogue of an older version", "lsp: rename")


class PreloadedRunner(Runner):
    """Runs zettel in a forked process, which takes a tenth of the time that starting Python takes."""

    def __call__(self, *words: str, stdin: str | bytes | None = None, **environ: str) -> Result:
        """Run zettel without stdin."""
        assert stdin is None
        for module in LOADED:
            import_module(module)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            pid = fork(lambda: self._main(words, environ, out.fileno(), err.fileno()))
            _, status = os.waitpid(pid, 0)
            out.seek(0)
            err.seek(0)
            return Result(os.waitstatus_to_exitcode(status), out.read().decode(), err.read().decode())

    def _main(self, words: Sequence[str], environ: dict[str, str], out: int, err: int) -> int:
        from zettel.__main__ import main

        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update({**self.environ, **environ})
        for descriptor, number in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
            os.dup2(descriptor, number)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        sys.argv = ["zettel", *words]
        code = main()
        sys.stderr.flush()
        return code


def read_masked_state(root: Path) -> State:
    """Return everything in a notebook except the journal and hidden temporary files, with all IDs and days of today made the same."""
    found = {
        path: (mode, data and NOW.sub(b"NOW", data))
        for path, (mode, data) in read_state(root).items()
        if not Path(path).name.startswith(".zettel-")
    }
    return {NOW.sub(b"NOW", path.encode()).decode(): kept for path, kept in found.items()}


def mask_answer(result: Result) -> tuple[int, str]:
    """Return the exit code and answer of a command, with all IDs and days of today made the same.

    Left out are modification times, and scores: removed notes count in these until Whoosh merges its segments.
    """
    return result.code, NOW.sub(b"NOW", re.sub(r'"(?:score|modified)": .*', "", result.out).encode()).decode()


SETTLING_TIME = 0.03
"""Seconds after which a note is old enough not to be parsed again the next time."""


class Attack:
    """A command that is struck again and again, each time on a fresh copy of the notebook."""

    def __init__(self, folder: Path, command: Command) -> None:
        """Prepare the notebook and record which calls the command makes. `folder` is where notebooks are created."""
        self._folder, self._command = folder / "work", command
        self._base = folder / "base"
        self._fresh: dict[str, list[tuple[int, str]]] = {}
        self._folder.mkdir()
        self.run = PreloadedRunner(self._folder / "notes", self._folder / "home")
        create_notebook(self.run.folder, {})
        for path, text in NOTES.items():
            (self.run.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.run.folder / path).write_bytes(text.encode())
        self.run("append", "Alpha", "From before.")
        self._folder.rename(self._base)
        self._prepare()
        self.run.process(*command.words, stdin=command.stdin)  # once Python has compiled everything, each run makes the same calls
        self._prepare()
        self._before = read_masked_state(self.run.folder)
        whole = self._run_struck(None, KILL)
        assert 0 == whole.code, whole
        self.calls, self._said = whole.calls, NOW.sub(b"NOW", whole.out.encode())
        self._after = read_masked_state(self.run.folder)
        self._whole = {kept for _, kept in (*self._before.values(), *self._after.values())}
        self.found: State = {}
        assert self.calls

    def _prepare(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._base, self._folder)
        time.sleep(SETTLING_TIME)
        self.run("search", "alpha")
        self._command.before(self.run)
        time.sleep(SETTLING_TIME)

    def _run_struck(self, at: Call | None, how: str) -> strace.TracedRun:
        return strace.run([*COMMAND, *self._command.words], self.run.folder, self.run.environ, self._folder, at, how, self._command.stdin)

    def strike(self, at: Call, how: str, first: int = 0) -> list[str]:
        """List what is wrong after the command is struck at a call. `first` is the question of READING that is asked first."""
        for _ in range(3):  # whether a note is parsed again shifts the calls that follow
            self._prepare()
            struck = self._run_struck(at, how)
            if struck.struck:
                break
        self.found = found = read_masked_state(self.run.folder)
        wrong: list[str] = []
        if not struck.struck or (how == KILL) != (struck.code == -9):
            wrong.append(f"the command was not struck: {struck}")
        if not {kept for _, kept in found.values()} <= self._whole:
            wrong.append(f"a file is neither as before nor as after: {found}")
        if how != KILL:
            wrong += self._find_error_faults(struck, found)
        if (self.run.folder / ".zettel").exists():  # before `init` creates it, there is no notebook to ask
            wrong += self._find_later_faults(how, first)
        return wrong

    def _find_error_faults(self, struck: strace.TracedRun, found: State) -> list[str]:
        if struck.code not in (0, 5, 6) or "Traceback" in struck.err:
            return [f"exit code {struck.code}: {struck.err}"]
        if self._command.stdin:
            return [] if found in (self._before, self._after) else [f"half done: {found}"]
        if struck.code == 0 and self._command.words[0] != "index" and self._said != NOW.sub(b"NOW", struck.out.encode()):
            return [f"another answer: {struck.out}"]
        if self._command.is_change and found != (self._before if struck.code else self._after):
            return [f"exit code {struck.code}, but: {found}"]
        return []

    def _find_later_faults(self, how: str, first: int) -> list[str]:
        """List what is wrong with the commands that follow."""
        order = [*READING[first:], *READING[:first]]
        answers = [self.run.process(*order[0]), *(self.run(*words) for words in order[1:])]
        wrong = [f"{' '.join(words)}: {answer}" for words, answer in zip(order, answers, strict=True) if self._is_bad(answer)]
        found = read_masked_state(self.run.folder)
        if self._command.is_change and found not in (self._before, self._after):
            wrong.append(f"the notebook is neither as before nor as after: {found}")
        fresh = self._answer_without_cache(found)
        for words, answer in zip(order, answers, strict=True):
            wanted = fresh[READING.index(words)]
            if wanted != mask_answer(answer):
                lines = unified_diff(wanted[1].splitlines(), mask_answer(answer)[1].splitlines(), "fresh", "found", lineterm="", n=1)
                wrong.append(f"{' '.join(words)}: {answer.code}, from a fresh cache {wanted[0]}\n" + "\n".join(lines))
        made = self.run("new", "Another thought")
        if made.code or "Traceback" in made.err or list(self.run.folder.rglob(".zettel-*.tmp")):
            wrong.append(f"new: {made}, {list(self.run.folder.rglob('.zettel-*.tmp'))}")
        undone = self.run("undo")
        if undone.code or read_masked_state(self.run.folder) != found:
            wrong.append(f"undo: {undone}, {read_masked_state(self.run.folder)}")
        undone = self.run("undo")
        if undone.code not in (0, 1, 5) or "Traceback" in undone.err:
            wrong.append(f"undo: {undone}")
        return wrong

    def _is_bad(self, answer: Result) -> bool:
        return answer.code not in (0, 1) or "Traceback" in answer.err or not json.loads(answer.out or "null")

    def _answer_without_cache(self, found: State) -> list[tuple[int, str]]:
        """Return the answers of a zettel that has no cache."""
        key = repr(sorted(found.items()))
        if key not in self._fresh:
            other = PreloadedRunner(self.run.folder, self._folder / "other home")
            self._fresh[key] = [mask_answer(other(*words)) for words in READING]
        return self._fresh[key]


@contextmanager
def prepare_attack(name: str) -> Iterator[Attack]:
    """Prepare an attack on a command, in memory if possible."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        yield Attack(Path(os.path.realpath(folder)), COMMANDS[name])


def test_command_is_killed_before_its_call() -> None:
    """A command that is killed at a call has made all earlier calls but not this one, on which all other tests here rely."""
    with prepare_attack("new") as attacked:
        (named,) = (at for at in attacked.calls if at.name.startswith("link"))
        (unnamed,) = (at for at in attacked.calls if at.name.startswith("unlink") and at.path.startswith("notes"))
        for at, is_there in ((named, False), (unnamed, True)):
            assert [] == attacked.strike(at, KILL)
            assert is_there == ("NOW A thought.md" in attacked.found)


@pytest.mark.sampled
@pytest.mark.parametrize("name", COMMANDS if is_long() else SHORT)
def test_struck_command_does_all_or_nothing(name: str) -> None:
    """A command that is killed at a call, or whose call fails, does all or nothing, and the next ones answer as always."""
    choose = seed_random(f"strikes of {name}")
    with prepare_attack(name) as attacked:
        kills = [(call, KILL) for call in choose.sample(attacked.calls, shorten(4, to=2))]
        refusals = [(call, choose.choice(ERRORS)) for call in choose.sample(attacked.calls, shorten(4, to=1))]
        for at, how in kills + refusals:
            assert [] == attacked.strike(at, how, choose.randrange(len(READING))), (at, how)


def long_form(minutes: float) -> Iterator[Figures]:
    """Strike every call of every command: kill the command before it, and have it fail with each error."""
    for name in COMMANDS:
        with prepare_attack(name) as attacked:
            for how in (KILL, *ERRORS):
                until = time.monotonic() + minutes * 60
                tried = lost = 0
                for number, at in enumerate(attacked.calls):
                    if time.monotonic() > until:
                        break
                    wrong = attacked.strike(at, how, number % len(READING))
                    tried, lost = tried + 1, lost + bool(wrong)
                    if wrong:
                        sys.stderr.write(f"{name}, {how} at {at}:\n" + "".join(f"  {line[:2000]}\n" for line in wrong))
                yield Figures(f"{name}: {'killed before' if how == KILL else how + ' at'} each call that writes", tried, lost)
