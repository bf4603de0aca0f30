"""Test ways out of the notebook: whatever a stranger has written into it, nothing outside is read, created, changed or removed.

Beside the notebook lies a folder with a secret in it, to which anybody may write, and the system reports every file opened there. Each way
out is tried with every command of the command line, so that a new command cannot be forgotten.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import mmap
import os
import re
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from pkgutil import walk_packages
from typing import NamedTuple, Self

import pytest

import zettel
from tests.attacks import Figures
from tests.attacks.lab.fork import fork
from tests.attacks.lab.harness import memory_folder
from tests.conftest import ROOT
from zettel import __main__ as door
from zettel.adapters.fs.files import JOURNAL
from zettel.cli._snapshot import COMMANDS
from zettel.model.note.new_note import build_file_name
from zettel.model.text.fold import to_nfc
from zettel.model.text.ids import find_first_id

CANARY = "kanarienvogel"
SECRET = f"# {CANARY}\n\nNobody is to read of {CANARY}, nor that 202401019999 is there.\n".encode()
ID = "202401010101"
NOTES = {
    f"{ID} Ay.md": f"# Ay\n\nSee [[Bee]], 202401010103 and [the third](deep/{ID[:-1]}3%20Cee.md).\n\n## Part one\n\nWords of it. #x\n\n## Part two\n\nMore.\n",
    "202401010102 Bee.md": "# Bee\n\nAy is called here, without a link. #x\n",
    "deep/202401010103 Cee.md": "# Cee\n\nBack to 202401010101. Is that so?\n",
    "deep/deeper/202401010104 Dee.md": "# Dee\n\n[[Cee]] and [[Ay]].\n",
    "plain.md": "Bee and Cee.\n",
    "deep/words.txt": "Words to be imported\n\nA few of them.\n",
}


class Scene(NamedTuple):
    """A notebook, the folder beside it, and the folder where everything else goes."""

    root: Path
    outside: Path
    home: Path

    @property
    def environ(self) -> dict[str, str]:
        """The environment with which zettel is started."""
        home = str(self.home)
        return {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "XDG_CACHE_HOME": f"{home}/cache",
            "XDG_CONFIG_HOME": f"{home}/config",
            "XDG_STATE_HOME": f"{home}/state",
            "EDITOR": "true",
        }


class CommandOutput(NamedTuple):
    """What command lines returned: (words, exit code) each, and all their output."""

    codes: list[tuple[list[str], int]]
    output: str


def create_scene(folder: Path) -> Scene:
    """Create a notebook with a few notes, and the folder beside it."""
    shutil.rmtree(folder, ignore_errors=True)
    scene = Scene(folder / "notebook", folder / "outside", folder / "home")
    for path, text in NOTES.items():
        (scene.root / path).parent.mkdir(parents=True, exist_ok=True)
        (scene.root / path).write_text(text, encoding="utf-8")
    for path in (".zettel/templates", ".git/hooks"):
        (scene.root / path).mkdir(parents=True)
    for path in ("secret.md", "template.md", "folder/202401010109 Note.md", "deeper/202401010104 Dee.md", "pending", "config.toml"):
        (scene.outside / path).parent.mkdir(parents=True, exist_ok=True)
        (scene.outside / path).write_bytes(SECRET)
    scene.home.mkdir()
    return scene


def read_tree(folder: Path) -> dict[str, tuple[int, int, bytes | str]]:
    """Return everything in a folder, byte for byte, with the targets of symlinks."""
    found: dict[str, tuple[int, int, bytes | str]] = {}
    for above, folders, names in os.walk(folder):
        for name in (*folders, *names):
            full = Path(above, name)
            info = full.lstat()
            is_file = full.is_file() and not full.is_symlink()
            found[str(full.relative_to(folder))] = (
                info.st_mode,
                info.st_nlink,
                full.read_bytes() if is_file else os.readlink(full) if full.is_symlink() else "",
            )
    return found


class FolderWatch:
    """Watches what happens in a folder and its subfolders: files opened, read, created, changed, renamed or removed (inotify)."""

    EVERYTHING = 0xFFF & ~0x18  # except that a file is closed

    def __init__(self, folder: Path) -> None:
        self.seen: list[str] = []
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC) if hasattr(self._libc, "inotify_init1") else -1
        self._folders = [str(folder), *(str(found) for found in folder.rglob("*") if found.is_dir())]

    def __enter__(self) -> Self:
        for folder in self._folders:
            if self._descriptor >= 0:
                assert self._libc.inotify_add_watch(self._descriptor, folder.encode(), self.EVERYTHING) > 0
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            self.read_events()
            os.close(self._descriptor)

    def read_events(self) -> list[str]:
        """Return the events so far."""
        try:
            while data := os.read(self._descriptor, 65536):
                at = 0
                while at < len(data):
                    watch, mask, _, length = struct.unpack_from("iIII", data, at)
                    name = data[at + 16 : at + 16 + length].rstrip(b"\0").decode(errors="replace")
                    self.seen.append(f"{mask:#x} {self._folders[watch - 1]}/{name}")
                    at += 16 + length
        except (BlockingIOError, OSError):
            pass
        return self.seen


def run_lines(scene: Scene, lines: Sequence[Sequence[str]], prepare: Callable[[], object] = lambda: None) -> CommandOutput:
    """Run command lines one after the other through `main`, in a child process that cannot open a socket."""
    _load_everything()
    output = scene.home / "output"
    reader, writer = os.pipe()

    def run_all() -> None:
        os.close(reader)
        _enter_sandbox(scene, output)
        prepare()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(300)  # kills a command that never ends
        for words in lines:
            sys.argv = ["zettel", *words]
            code = door.main()
            sys.stderr.flush()
            os.write(writer, f"{code}\n".encode())

    pid = fork(run_all)
    os.close(writer)
    with open(reader, "rb") as file:
        codes = [int(code) for code in file.read().split()]
    os.waitpid(pid, 0)
    text = output.read_bytes().decode(errors="replace")
    assert len(codes) == len(lines), f"{lines[len(codes)]} ended the process: {text[-3000:]}"
    return CommandOutput(list(zip(map(list, lines), codes, strict=True)), text)


@cache
def _load_everything() -> None:
    """Import all of zettel once instead of in each process."""
    for module in walk_packages(zettel.__path__, "zettel."):
        if module.name != "zettel.__main__":
            importlib.import_module(module.name)


def _enter_sandbox(scene: Scene, output: Path) -> None:
    os.chdir(scene.root)
    environ = scene.environ
    os.environ.clear()
    os.environ.update(environ)
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, to in ((nothing, 0), (descriptor, 1), (descriptor, 2)):
        os.dup2(number, to)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115 - for as long as it lives
        for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )

    def forbid(event: str, given: tuple[object, ...]) -> None:
        is_own_pair = (
            event == "socket.__new__" and given[1] == socket.AF_UNIX
        )  # by which an event loop wakes itself; connecting is another event
        if event.startswith("socket.") and not is_own_pair:
            os.write(2, f"Traceback: a socket was opened ({event})\n".encode())
            raise PermissionError("no sockets")

    sys.addaudithook(forbid)


def assert_nothing_leaked(scene: Scene, done: CommandOutput, seen: list[str], before: object) -> None:
    """Assert that nothing outside was opened, created, changed, removed, shown or stored, and that no command failed with a bug."""
    assert [] == seen
    assert before == read_tree(scene.outside)
    assert CANARY not in done.output
    assert "Traceback" not in done.output, done.output[-3000:]
    assert 70 not in {code for _, code in done.codes}, done.output[-3000:]
    for path, (_, _, data) in [*read_tree(scene.root).items(), *read_tree(scene.home).items()]:
        assert isinstance(data, str) or CANARY.encode() not in data, path


def run_contained(scene: Scene, lines: Sequence[Sequence[str]], prepare: Callable[[], object] = lambda: None) -> CommandOutput:
    """Run command lines, assert that nothing leaked, and return their output."""
    before = read_tree(scene.outside)
    with FolderWatch(scene.outside) as watched:
        done = run_lines(scene, lines, prepare)
    assert_nothing_leaked(scene, done, watched.seen, before)
    return done


# The lines that are run, for every command

EVERY: Mapping[str, Sequence[Sequence[str]]] = {
    "init": [[]],
    "new": [
        ["A thought"],
        ["Another", "--link-from", "Bee"],
        ["-T", "t", "From a template"],
        ["--body", "![[secret]]", "With a body"],
        ["-e", "Opened"],
    ],
    "templates": [[], ["--json"]],
    "import": [["deep"], ["article.txt"], ["page.html"]],
    "daily": [["--append", "a line"], ["--date", "2024-02-02"]],
    "append": [["Bee", "More of it"]],
    "split": [["Ay"], ["Ay", "Part one"]],
    "extract": [["Ay", "11", "Part", "two"]],
    "edit": [["Bee"], ["Dee"]],
    "rename": [["Dee", "Doo"], ["Bee", "Boo"]],
    "move": [["Cee", "deep/deeper"], ["Boo", "new folder/"], ["plain.md", "linked/"], ["plain.md", "inner/"]],
    "merge": [["Boo", "A thought"]],
    "delete": [["Doo"], ["Cee"]],
    "tag": [["rename", "x", "y"]],
    "restore": [[], ["Doo"], ["Cee"]],
    "undo": [[], [], ["--redo"], ["--list"], []],
    "trust": [[], ["--list"]],
    "check": [["--fix", "--yes"], ["--json"]],
    "review": [["--done", "Ay"], ["--list"]],
    "show": [["Ay"], ["deep/202401010103 Cee.md"], ["link.md"]],
    "list": [["--json"], ["--in", "linked"], ["--in", "deep"]],
    "links": [["Ay", "--json"]],
    "backlinks": [["Ay"]],
    "mentions": [["Bee"]],
    "related": [["Ay"]],
    "suggest": [["Bee", "--dismiss", "Ay"], ["--all", "--dry-run"]],
    "path": [["Ay", "Dee", "--save"]],
    "gap": [["Ay", "Dee"]],
    "search": [["words"], [CANARY[:6] + "*"]],
    "tags": [[]],
    "orphans": [[]],
    "random": [[]],
    "pick": [[]],
    "browse": [["words"]],
    "topics": [[]],
    "topic": [["Ay"]],
    "hubs": [[]],
    "bridges": [[]],
    "clusters": [[]],
    "stats": [[]],
    "lsp": [[]],
    "mcp": [[]],
    "graph": [["--format", "json"], ["--format", "html"]],
    "index": [["--rebuild"]],
    "doctor": [[]],
    "tutor": [[]],
}


def list_every_line() -> list[list[str]]:
    """Return lines of every command: first of those that only read, then of all."""
    reading = [name for name in COMMANDS if name not in ("init", "new", "import", "daily", "append", "split", "extract", "edit", "rename")]
    order = [*(name for name in reading if name not in CHANGING), *COMMANDS]
    return [[name, *words] for name in order for words in EVERY[name]]


CHANGING = ("move", "merge", "delete", "tag", "restore", "undo", "check", "review", "suggest", "path")


def test_every_command_is_covered() -> None:
    """Every command of the command line is tried."""
    assert not set(COMMANDS) - set(EVERY)


# What is planted


def plant_links(scene: Scene) -> None:
    """Plant notes, articles and pages that name what is outside in every possible way."""
    names = (
        "../outside/secret",
        f"{scene.outside}/secret",
        f"file://{scene.outside}/secret",
        "..%2foutside%2fsecret",
        "deep/../../outside/secret",
    )
    names += (
        "%2e%2e/outside/secret",
        "..\\outside\\secret",
        "....//outside/secret",
        "~/../outside/secret",
        "$HOME/../outside/secret",
        "/proc/self/cwd/x",
    )
    text = "".join(
        f"[[{name}]] ![[{name}.md]] [x]({name}.md) ![x]({name}.md) [x](<{name}>) §{name} [r{number}]\n\n[r{number}]: {name}.md\n\n"
        for number, name in enumerate(names)
    )
    fields = f'---\ntitle: Ways out\nid: ../../outside/secret\naliases: ["{names[0]}", "{names[1]}"]\nimage: "{names[2]}.md"\nup: "[[{names[0]}]]"\n---\n'
    (scene.root / "ways.md").write_text(fields + text, encoding="utf-8")
    (scene.root / "article.txt").write_text(f"An article\n\nIt says much of it.\n\n{text}", encoding="utf-8")
    tags = "".join(
        f'<img src="{name}.md"><a href="{name}.md">x</a><iframe src="{name}.md"></iframe><object data="{name}.md"></object>'
        for name in names
    )
    xml = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{scene.outside}/secret.md">]>'
    head = f'<base href="file://{scene.outside}/"><link rel="canonical" href="{names[2]}.md"><link rel="stylesheet" href="{names[2]}.md">'
    (scene.root / "page.html").write_text(
        f"{xml}<html><head><title>P</title>{head}</head><body><p>Words &x; {tags}</p></body></html>", encoding="utf-8"
    )
    (scene.root / ".zettel/templates/t.md").write_text(f"---\ntitle: '{{{{title}}}}'\n---\n{text}\n", encoding="utf-8")


def plant_linked_notes(scene: Scene) -> None:
    """Plant notes and folders that are symlinks, to the outside and within the notebook."""
    (scene.root / "link.md").symlink_to(scene.outside / "secret.md")
    (scene.root / "202401010108 Linked.md").symlink_to("../outside/secret.md")
    (scene.root / "linked").symlink_to(scene.outside)
    (scene.root / "deep/up").symlink_to("../..")
    (scene.root / "inner").symlink_to("deep")
    (scene.root / "deep/article.txt").symlink_to(scene.outside / "secret.md")
    (scene.root / "article.txt").write_text("An article\n\nIt says this.\n", encoding="utf-8")
    (scene.root / "page.html").write_text("<p>A page\n", encoding="utf-8")


def plant_linked_templates(scene: Scene) -> None:
    """Plant templates that are symlinks."""
    for name in ("t", "daily"):
        (scene.root / f".zettel/templates/{name}.md").symlink_to(scene.outside / "template.md")


def plant_linked_template_folder(scene: Scene) -> None:
    """Plant a folder of templates that is a symlink."""
    (scene.root / ".zettel/templates").rmdir()
    (scene.root / ".zettel/templates").symlink_to(scene.outside)


def plant_linked_config(scene: Scene) -> None:
    """Plant a config that is a symlink."""
    (scene.root / ".zettel/config.toml").symlink_to(scene.outside / "config.toml")


def plant_linked_zettel_folder(scene: Scene) -> None:
    """Plant a `.zettel` that is a symlink."""
    shutil.rmtree(scene.root / ".zettel")
    (scene.root / ".zettel").symlink_to(scene.outside)


def plant_linked_lists(scene: Scene) -> None:
    """Plant lists and a trash that are symlinks."""
    for name in ("dismissed", "reviewed", ".gitattributes"):
        (scene.root / f".zettel/{name}").symlink_to(scene.outside / "secret.md")
    (scene.root / ".zettel/trash").symlink_to(scene.outside / "folder")


def plant_linked_journal(scene: Scene) -> None:
    """Plant a journal that is a symlink."""
    (scene.root / JOURNAL).symlink_to(scene.outside)


def plant_linked_entries(scene: Scene) -> None:
    """Plant journal entries that are symlinks, finished ones and the pending one."""
    (scene.root / JOURNAL).mkdir()
    for name in ("pending", "1700000000000000", ".gitignore"):
        (scene.root / JOURNAL / name).symlink_to(scene.outside / "pending")


def make_config_planter(text: str) -> Callable[[Scene], None]:
    """Return a function that plants a config with this text."""

    def plant(scene: Scene) -> None:
        plant_linked_notes(scene)
        (scene.root / ".zettel/config.toml").write_text(text.replace("OUTSIDE", str(scene.outside)), encoding="utf-8")

    return plant


def plant_hostile_lists(scene: Scene) -> None:
    """Plant lists that name what is outside."""
    for name in ("dismissed", "reviewed"):
        (scene.root / f".zettel/{name}").write_text(
            f"../outside/secret.md\t{ID}\n{scene.outside}/secret.md\t2024-01-01\t1\n", encoding="utf-8"
        )


def plant_special_files(scene: Scene) -> None:
    """Plant pipes and sockets named like notes and templates, and folders in place of files, none of which may block zettel."""
    for path in ("pipe.md", ".zettel/templates/t.md", ".zettel/dismissed", "deep/article.txt"):
        os.mkfifo(scene.root / path)
    os.mknod(scene.root / "socket.md", stat.S_IFSOCK | 0o600)
    (scene.root / "folder.md").mkdir()
    (scene.root / ".zettel/reviewed").mkdir()


def plant_hard_link(scene: Scene) -> None:
    """Plant a second name of a file in the notebook. The secret is not linked, since whoever can link to a file can read it."""
    os.link(scene.root / "plain.md", scene.root / "deep/plain too.md")


def make_entry_planter(path: str, *, name: str, kind: str) -> Callable[[Scene], None]:
    """Return a function that plants a journal entry of a stranger, pending or finished, for a file at this path."""

    def plant(scene: Scene) -> None:
        plant_linked_notes(scene)
        at = path.replace("OUTSIDE", str(scene.outside))
        (scene.root / JOURNAL).mkdir()
        evil, digest = b"evil\n", sha256(SECRET).hexdigest()
        step: dict[str, object] = {
            "path": at,
            "to": None,
            "size": len(evil),
            "before": sha256(evil).hexdigest(),
            "after": digest,
            "mode": 0o777,
        }
        data = evil
        if kind == "created":  # so that undoing it means removing it
            step |= {"size": None, "before": None}
            data = b""
        elif kind == "removed":  # so that undoing it means creating it
            step |= {"after": None}
        elif kind == "moved in":
            step, data = (
                {**step, "path": at, "to": "plain.md", "size": None, "before": None, "after": sha256(b"Bee and Cee.\n").hexdigest()},
                b"",
            )
        elif kind == "moved out":
            step, data = {**step, "path": "stolen.md", "to": at, "size": None, "before": None}, b""
        folders = [at] if kind == "folders" else []
        head = {"version": 1, "name": "1700000000000000", "done": "x", "files": 1, "folders": folders, "is_undone": False}
        head["inode"] = (scene.root / JOURNAL).stat().st_ino
        (scene.root / JOURNAL / name).write_bytes(json.dumps(head).encode() + b"\n" + json.dumps([step]).encode() + b"\n" + data)

    return plant


PLANTED: dict[str, Callable[[Scene], None]] = {
    **{
        plant.__name__: plant
        for plant in (
            plant_links,
            plant_linked_notes,
            plant_linked_templates,
            plant_linked_template_folder,
            plant_linked_config,
            plant_linked_zettel_folder,
            plant_linked_lists,
            plant_linked_journal,
            plant_linked_entries,
            plant_hostile_lists,
            plant_special_files,
            plant_hard_link,
        )
    },
    "config: a linked folder": make_config_planter('note.folder = "linked"\nnote.template = "t"\n'),
    "config: up": make_config_planter('note.folder = "deep/../../outside"\n'),
    "config: absolute": make_config_planter('note.folder = "OUTSIDE"\n'),
    "config: a name": make_config_planter('note.filename = "../{id}"\n'),
    "config: a template": make_config_planter('note.template = "../../../outside/template"\nignore = ["../*", "/**"]\n'),
    "config: backwards": make_config_planter(
        'note.filename = "..\\\\..\\\\outside\\\\{id}"\ncheck.rules = ["a note in ../outside links to one in ../outside"]\n'
    ),
}
WAYS = (
    "../outside/secret.md",
    "OUTSIDE/secret.md",
    "linked/secret.md",
    "link.md",
    "deep/up/outside/secret.md",
    "deep/../../outside/secret.md",
)
WAYS += (
    ".git/hooks/post-commit",
    ".zettel/config.toml",
    ".zettel/trash/../config.toml",
    ".zettel/trash/../../../outside/secret.md",
    ".",
    "",
    "linked/",
)
KINDS = ("changed", "created", "removed", "moved in", "moved out", "folders")


@pytest.mark.parametrize("planted", PLANTED)
def test_nothing_planted_leads_out(planted: str, tmp_path: Path) -> None:
    """No command reads or writes outside the notebook, whatever is planted. Only the notebook with linked notes gets every command here."""
    lines = list_every_line()
    number = list(PLANTED).index(planted)
    check_planted(tmp_path, planted, lines if planted == "plant_linked_notes" else lines[number % 6 :: 6])


def check_planted(folder: Path, planted: str, lines: Sequence[Sequence[str]]) -> int:
    """Run command lines in a notebook in which something is planted, and return how many."""
    scene = create_scene(folder)
    PLANTED[planted](scene)
    done = run_contained(scene, lines)
    assert planted in UNUSABLE or any(code == 0 for _, code in done.codes)
    return len(lines)


UNUSABLE = ("plant_linked_config", "plant_linked_zettel_folder", "config: up", "config: absolute", "config: a name", "config: backwards")
"""What is planted here makes every command fail with a message."""


@pytest.mark.parametrize("kind", KINDS)
def test_no_journal_leads_out(kind: str, tmp_path: Path) -> None:
    """A stranger's journal entry, pending or to be undone, changes nothing outside the notebook, and no hook or config."""
    for number, way in enumerate(WAYS):
        check_entry(tmp_path, kind, way, ("pending", "1700000000000000")[(number + KINDS.index(kind)) % 2])


def check_entry(folder: Path, kind: str, way: str, name: str) -> int:
    """Undo a stranger's journal entry, and return how many commands that took."""
    scene = create_scene(folder)
    make_entry_planter(way, name=name, kind=kind)(scene)
    lines = [["list"], ["undo"], ["undo", "--redo"]]
    run_contained(scene, lines)
    assert [] == os.listdir(scene.root / ".git/hooks"), way
    assert not (scene.root / ".zettel/config.toml").exists(), way
    assert "Bee and Cee.\n" == (scene.root / "plain.md").read_text(encoding="utf-8")
    assert not os.path.lexists(scene.root / "stolen.md")
    return len(lines)


# What is typed

FILL = {
    "NOTE": "Ay",
    "OTHER": "Bee",
    "TAG": "x",
    "TOPIC": "Ay",
    "A B": "Ay",
    "LINES": "11",
    "NEW": "y",
    "TITLE": "T",
    "FOLDER": "deep",
    "HEADING": "Part one",
    "DATE": "2024-01-01",
}
MAY_LEAD_OUT = {("init", "directory"), ("import", "files"), ("lsp", "log"), ("mcp", "log")}
"""Arguments and options in which a person may name what is outside."""

TYPED = (
    "../outside/secret.md",
    "OUTSIDE/secret.md",
    "linked/secret.md",
    "link.md",
    "..%2foutside%2fsecret.md",
    "file://OUTSIDE/secret.md",
    "deep/../../outside/new.md",
    "../outside/",
    "linked/",
    "deep/up/outside",
    ".git/hooks/post-commit",
    ".zettel/journal/pending",
    ".zettel/config.toml",
    "~/../outside/secret.md",
    "$HOME/../outside/secret.md",
    "a\nb/../../../outside/x.md",
    "\\..\\outside\\x.md",
    "CON",
    "--",
    "-",
    "\u202etxt.exe",
    "x" * 5000 + "/../../outside/secret.md",
)


def list_typed_lines(outside: Path, values: Sequence[str]) -> Iterator[list[str]]:
    """Yield lines in which each argument and option of every command that takes a text has each of these values."""
    for name, (arguments, options, *_) in COMMANDS.items():
        needed = [fill for argument in arguments if argument[2] for fill in [FILL.get(argument[3], "x")] * (1 + (argument[3] == "A B"))]
        for value in values:
            given = value.replace("OUTSIDE", str(outside))
            for at, argument in enumerate(arguments):
                if argument[1] in ("str", "list") and (name, argument[0]) not in MAY_LEAD_OUT:
                    words = [*needed[:at], given, *needed[at + 1 :]]
                    yield [name, "--", *words] if given[0] == "-" else [name, *words]
            for flag, option in {option[0]: (flag, option) for flag, option in options.items() if flag.startswith("--")}.values():
                if option[1] in ("str", "list") and (name, option[0]) not in MAY_LEAD_OUT:
                    yield [name, *needed, f"{flag}={given}"]


def test_nothing_typed_leads_out(tmp_path: Path) -> None:
    """No argument and no option leads out of the notebook. The short form tries a few ways out, the long form all."""
    scene = create_scene(tmp_path)
    plant_linked_notes(scene)
    lines = list(list_typed_lines(scene.outside, TYPED))
    done = run_contained(scene, lines[::41])
    assert {0, 4} < {code for _, code in done.codes}


@pytest.mark.parametrize(
    "name",
    [
        "../outside/in.md",
        "OUTSIDE/in.md",
        "linked/in.md",
        "deep/up/outside/in.md",
        ".git/hooks/in.md",
        ".zettel/in.md",
        "deep/../../outside/",
        "-in.md",
        "a\nb.md",
        "CON.md",
        "deep/nul.md",
        "x/com1.txt.md",
        "a./b.md",
        "a /b.md",
        "x" * 300 + ".md",
        "\u202ein.md",
        "deep/\ud800.md",
    ],
)
def test_unsafe_destination_is_refused(name: str, tmp_path: Path) -> None:
    """An unsafe destination is refused with a hint, and nothing is created or moved."""
    scene = create_scene(tmp_path)
    plant_linked_notes(scene)
    before = sorted(os.listdir(scene.root)), sorted(os.listdir(scene.root / "deep"))
    done = run_contained(scene, [["move", "--", "plain.md", name.replace("OUTSIDE", str(scene.outside))]])
    assert {code for _, code in done.codes} <= {2, 5}, done.output
    assert "hint: " in done.output
    assert before == (sorted(os.listdir(scene.root)), sorted(os.listdir(scene.root / "deep")))


# The names of new notes

TITLES = (
    "../../outside/x",
    "/etc/passwd",
    "a/b\\c",
    "C:\\Windows\\x",
    "line\nbreak",
    "nul\0byte",
    "bell\x07and\x1b[31m",
    "-rf",
    "--help",
    ".hidden",
    "...",
    "..",
    "trailing dots...",
    "trailing blanks   ",
    "CON",
    "nul",
    "COM1",
    "LPT9.md",
    "aux.tar.gz",
    "con ",
    "x" * 300,
    "\u00e9" * 200,
    "e\u0301" * 150,
    "\U0001f600" * 100,
    "\u202egpj.exe",
    "\u2066x\u2069",
    "~",
    "~root/x",
    "$HOME",
    "`id`",
    "%2e%2e%2f%2e%2e%2foutside",
    ".zettel",
    ".git/hooks/post-commit",
    "a\u2044b\uff0fc",
    "plain",
    "PLAIN",
    "\ufeffmark",
    "\u200bzero",
    '*?<>|":',
    "[[x]]#^",
    "{id}",
    "{slug}{title}",
    "\u00a0",
)
DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    "conin$",
    "conout$",
    *(f"{name}{number}" for name in ("com", "lpt") for number in "123456789\u00b9\u00b2\u00b3"),
}
FORMS = (
    "{id} {title}",
    "{title} {id}",
    "{id}-{slug}",
    "{slug}-{id}",
    "{title}.{id}",
    "-{id}",
    ".{id}",
    "{id}. ",
    "CON.{id}",
    "{title}-{id}.x",
)


def assert_safe_name(name: str) -> None:
    """Assert that every system accepts a file name, that no program takes it for an option, and that it is shown as it is."""
    assert name[0] not in "-. ~", name
    assert name.isprintable(), name
    assert not set(name) & set('\\/:*?"<>|\0\u202e\u2066\u2069\u200b\ufeff'), name
    assert len(name.encode()) <= 255, name
    stem = name.partition(".")[0].rstrip(" ").casefold()
    assert stem not in DEVICES, name
    assert all(part == part.rstrip(" ") for part in (name, name.removesuffix(".md"))), name
    assert not name.removesuffix(".md").endswith("."), name


@pytest.mark.parametrize("form", FORMS)
def test_file_names_built_from_titles_are_safe(form: str) -> None:
    """Whatever the title and the setting for file names, every system accepts the name and no program mistakes it."""
    for title in TITLES:
        name = build_file_name(form, ID, title)
        assert_safe_name(name)
        assert ID == find_first_id(name)


def test_new_notes_have_safe_names_and_keep_their_titles(tmp_path: Path) -> None:
    """However a title gets into the notebook, the file has a safe name in its folder, and the note keeps the title."""
    scene = create_scene(tmp_path)
    known = set(read_tree(scene.root))
    titles = [title for title in TITLES if "\0" not in title and title.strip()]
    (scene.root / "sections.md").write_text(
        "".join(f"# {title}\n\nText.\n\n" for title in titles[::7] if title.isprintable()), encoding="utf-8"
    )
    for number, title in enumerate(titles[3::7]):
        (scene.home / f"{number}.txt").write_text(f"{' '.join(title.split())}\n\nText of it.\n", encoding="utf-8")
    lines = [["new", "--", title] for title in titles[1::3]]
    lines += [["rename", "--", "plain.md", title] for title in titles[2::5]] + [
        ["undo"],
        ["extract", "Ay", "11", "--", titles[0]],
        ["split", "sections.md"],
    ]
    run_contained(scene, [*lines, ["import", str(scene.home)]])
    made = sorted(path for path in set(read_tree(scene.root)) - known if path.endswith(".md") and not path.startswith(".zettel"))
    assert len(made) > len(titles[1::3])
    for path in made:
        assert_safe_name(path)
    notes = json.loads(run_lines(scene, [["list", "--json"]]).output)["notes"]
    assert {to_nfc(" ".join(title.split())) for title in titles[1::3] if title.isprintable()} <= {note["title"] for note in notes}


# Folders that are swapped meanwhile


class Swap:
    """Replaces `deep` by a symlink to the folder outside, right before call number `at` of zettel (0: never).

    The symlink stays, or, if `once`, is there only for this call.
    """

    CALLS = ("open", "lstat", "stat", "scandir", "listdir", "link", "rename", "replace", "unlink", "mkdir", "rmdir", "access")

    def __init__(self, scene: Scene, at: int, *, once: bool) -> None:
        self._here, self._away, self._outside = scene.root / "deep", scene.root / ".away", scene.outside
        self._at, self._once = at, once
        self._numbers = count(1)
        self._made = mmap.mmap(-1, 8)  # shared with the process

    @property
    def calls(self) -> int:
        """The number of calls so far."""
        return int.from_bytes(self._made[:8], "little")

    def arm(self) -> None:
        """Count the calls of this process from now on."""
        rename, symlink, unlink = os.rename, os.symlink, os.unlink

        def wrap_call(real: Callable[..., object]) -> Callable[..., object]:
            def call(*words: object, **named: object) -> object:
                number = next(self._numbers)
                self._made[:8] = number.to_bytes(8, "little")
                if number == self._at:
                    rename(self._here, self._away)
                    symlink(self._outside, self._here)
                try:
                    return real(*words, **named)
                finally:
                    if number == self._at and self._once:
                        unlink(self._here)
                        rename(self._away, self._here)

            return call

        for name in self.CALLS:
            setattr(os, name, wrap_call(getattr(os, name)))

    def put_back(self) -> None:
        """Put the folder back."""
        if self._here.is_symlink():
            self._here.unlink()
            self._away.rename(self._here)


RACING_LINES = (
    ["rename", "Cee", "Another name"],
    ["list", "--json"],
    ["-c", "note.folder=deep/deeper", "new", "A thought"],
    ["new", "A thought", "--folder", "deep/deeper"],
    ["import", "."],
    ["delete", "Dee"],
    ["move", "Bee", "deep/"],
    ["move", "Dee", "."],
    ["undo"],
    ["show", "Cee"],
    ["search", "words"],
    ["append", "Cee", "More"],
    ["edit", "Dee"],
)
MARKS = ("Words of it", "without a link", "Is that so?", "# Dee", "Bee and")


def run_swapped(folder: Path, words: list[str], at: int, *, once: bool) -> int:
    """Swap a folder before a call of a command, assert that nothing leaked and no note was lost, and return the number of calls."""
    scene = create_scene(folder)
    if words == ["undo"]:
        run_lines(scene, [["init"], RACING_LINES[0]])
    swap = Swap(scene, at, once=once)
    run_contained(scene, [words], swap.arm)
    swap.put_back()
    assert 0 == run_contained(scene, [["list"]]).codes[0][1]
    kept = b"".join(
        data for path, (_, _, data) in read_tree(scene.root).items() if isinstance(data, bytes) and not path.startswith(JOURNAL)
    )
    assert [mark for mark in MARKS if mark.encode() not in kept] == [], (words, at)
    return swap.calls


@pytest.mark.parametrize("words", RACING_LINES, ids=" ".join)
def test_folder_swapped_for_a_symlink_leaks_nothing(words: list[str], tmp_path: Path) -> None:
    """Whenever a folder is swapped for a symlink that leads out, for good or for one call, nothing leaks and nothing is lost."""
    calls = run_swapped(tmp_path, words, 0, once=False)
    assert calls > 5
    for number, at in enumerate(range(1 + len(words[0]) % 3, calls + 1, max(1, calls // 3))):  # the long form tries every call
        run_swapped(tmp_path, words, at, once=bool(number % 2))


@contextmanager
def keep_swapping(scene: Scene) -> Iterator[None]:
    """Run a process that swaps a folder for a symlink that leads out, and back, as fast as it can."""

    def swap() -> None:
        here, away = scene.root / "deep", scene.root / ".away"
        for number in count():
            try:
                here.rename(away)
                here.symlink_to(scene.outside)
                here.unlink()
                away.rename(here)
            except OSError:  # zettel has created a folder there
                if here.is_symlink():
                    here.unlink()
                elif away.exists() and here.exists():
                    here.rename(scene.root / f".made-{number}")
                if away.exists() and not here.exists():
                    away.rename(here)

    pid = fork(swap)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def race_commands(folder: Path, seconds: float) -> int:
    """Run commands while a folder is swapped all the time, and return how many."""
    done, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        scene = create_scene(folder)
        before = read_tree(scene.outside)
        with FolderWatch(scene.outside) as watched, keep_swapping(scene):
            did = run_lines(scene, [["init"], *RACING_LINES, ["new", "Once more"], ["undo"]])
        assert_nothing_leaked(scene, did, watched.seen, before)
        done += len(did.codes)
    return done


def test_folder_swapped_all_the_time_leaks_nothing(tmp_path: Path) -> None:
    """While somebody swaps a folder for a symlink and back as fast as they can, nothing leaks."""
    assert race_commands(tmp_path, 1) > 0


STRACE = shutil.which("strace")
WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
CHANGING_CALLS = (
    "unlink,unlinkat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,rmdir,chmod,fchmodat,truncate,mknod,mknodat"
)


def trace_commands(folder: Path, planted: str) -> tuple[int, list[str]]:
    """Run every command under strace. Return how many calls open or change files, and those of them that reach outside."""
    scene, seen = create_scene(folder), folder / "seen"
    PLANTED[planted](scene)
    code = f"from tests.attacks.test_containment import *; run_lines(Scene(Path({str(scene.root)!r}), Path({str(scene.outside)!r}), Path({str(scene.home)!r})), list_every_line())"
    calls = ",".join(f"?{name}" for name in f"open,openat,openat2,connect,{CHANGING_CALLS}".split(","))
    words = [str(STRACE), "-f", "-y", "-s", "4096", "-o", str(seen), "-e", f"trace={calls}", sys.executable, "-c", code]
    subprocess.run(words, cwd=ROOT, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, check=True, capture_output=True)
    lines = [line for line in seen.read_text(errors="replace").splitlines() if "(" in line]
    ours = (
        str(scene.root),
        str(scene.home),
        "/dev/",
        "/proc/",
        str(folder / "seen"),
        "/etilqs_",
    )  # the last is a private file of SQLite's without a name
    bad = []
    for line in lines:
        name, _, rest = line.partition(" ")[2].strip().partition("(")
        if (
            name == "connect"
            or str(scene.outside) in rest.partition(" = ")[2]
            or (name not in ("open", "openat") and str(scene.outside) in rest)
        ) or (
            (name not in ("open", "openat") or WRITING.search(rest)) and not any(place in rest for place in ours) and " = -1 " not in rest
        ):
            bad.append(line)
    return len(lines), bad


def long_form(minutes: float) -> Iterator[Figures]:
    """Try everything, and swap a folder all the time for so many minutes."""
    with memory_folder() as folder:
        yield _count_attempts(
            "commands in notebooks that were made to lead out",
            [partial(check_planted, folder, planted, list_every_line()) for planted in PLANTED]
            + [partial(check_entry, folder, kind, way, name) for kind in KINDS for way in WAYS for name in ("pending", "1700000000000000")],
        )
        yield _count_attempts("everything typed that leads out", [partial(_run_typed, folder, name) for name in COMMANDS])
        yield _count_attempts(
            "a folder swapped for a symlink at every call of a command",
            [
                partial(run_swapped, folder, words, at, once=once)
                for words in RACING_LINES
                for at in range(1, run_swapped(folder, words, 0, once=False) + 1)
                for once in (False, True)
            ],
        )
        if STRACE:
            calls, bad = map(
                sum, zip(*((number, len(lines)) for number, lines in (trace_commands(folder, planted) for planted in PLANTED)), strict=True)
            )
            yield Figures("calls that open or change a file, as strace sees them", calls, bad, f"every command, {len(PLANTED)} notebooks")
        try:
            yield Figures("commands while a folder is swapped all the time", race_commands(folder, minutes * 60), 0)
        except AssertionError as error:
            yield Figures("commands while a folder is swapped all the time", 1, 1, str(error)[:200])


def _run_typed(folder: Path, name: str) -> int:
    scene = create_scene(folder)
    plant_linked_notes(scene)
    lines = [words for words in list_typed_lines(scene.outside, TYPED) if words[0] == name]
    if lines:
        run_contained(scene, lines)
    return len(lines)


def _count_attempts(attack: str, attempts: Sequence[Callable[[], int]]) -> Figures:
    lost, remark, tries = 0, "", 0
    for attempt in attempts:
        try:
            made = attempt()
            tries += 1 if "every call" in attack else made
        except AssertionError as error:
            lost, remark = lost + 1, str(error)[:200]
    return Figures(attack, tries + lost, lost, remark)
