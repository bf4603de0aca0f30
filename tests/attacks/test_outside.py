"""Ways out of the notebook: whatever a stranger has written into it, nothing outside is read, made, changed or removed.

Beside the notebook lies a folder with a secret in it, which anybody may write into, and the system tells of every file opened
there. All is tried on every command, as the surface has them, so that a new one cannot be forgotten.
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
from tests.attacks.lab.forks import fork
from tests.attacks.lab.harness import in_memory
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
    """A notebook, what lies beside it, and where everything else goes."""

    root: Path
    outside: Path
    home: Path

    @property
    def environ(self) -> dict[str, str]:
        """What zettel is started with."""
        home = str(self.home)
        return {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "XDG_CACHE_HOME": f"{home}/cache",
            "XDG_CONFIG_HOME": f"{home}/config",
            "XDG_STATE_HOME": f"{home}/state",
            "EDITOR": "true",
        }


class Ran(NamedTuple):
    """What command lines gave: (words, exit code) each, and all that was said."""

    codes: list[tuple[list[str], int]]
    said: str


def make(folder: Path) -> Scene:
    """A notebook with a few notes, and the folder beside it."""
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


def tree(folder: Path) -> dict[str, tuple[int, int, bytes | str]]:
    """Everything in a folder, byte for byte; of a link, where it leads."""
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


class Watched:
    """Tells what the system sees of a folder and those in it: files opened, read, made, changed, renamed, removed (inotify)."""

    EVERYTHING = 0xFFF & ~0x18  # but that something is closed

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
            self.look()
            os.close(self._descriptor)

    def look(self) -> list[str]:
        """What was seen so far."""
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


def ran(scene: Scene, lines: Sequence[Sequence[str]], prepare: Callable[[], object] = lambda: None) -> Ran:
    """Run command lines one after the other, as the front door does, in a process of their own that can open no socket."""
    _load_everything()
    said = scene.home / "said"
    reader, writer = os.pipe()

    def run_there() -> None:
        os.close(reader)
        _closed_in(scene, said)
        prepare()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(300)  # a command that never ends is found out
        for words in lines:
            sys.argv = ["zettel", *words]
            code = door.main()
            sys.stderr.flush()
            os.write(writer, f"{code}\n".encode())

    pid = fork(run_there)
    os.close(writer)
    with open(reader, "rb") as file:
        codes = [int(code) for code in file.read().split()]
    os.waitpid(pid, 0)
    text = said.read_bytes().decode(errors="replace")
    assert len(codes) == len(lines), f"{lines[len(codes)]} ended the process: {text[-3000:]}"
    return Ran(list(zip(map(list, lines), codes, strict=True)), text)


@cache
def _load_everything() -> None:
    """Import all of zettel once, rather than in each process."""
    for module in walk_packages(zettel.__path__, "zettel."):
        if module.name != "zettel.__main__":
            importlib.import_module(module.name)


def _closed_in(scene: Scene, said: Path) -> None:
    os.chdir(scene.root)
    environ = scene.environ
    os.environ.clear()
    os.environ.update(environ)
    descriptor = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, to in ((nothing, 0), (descriptor, 1), (descriptor, 2)):
        os.dup2(number, to)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115 - for as long as it lives
        for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )

    def forbid(event: str, _: tuple[object, ...]) -> None:
        if event.startswith("socket."):
            os.write(2, f"Traceback: a socket was opened ({event})\n".encode())
            raise PermissionError("no sockets")

    sys.addaudithook(forbid)


def demand_nothing_came_out(scene: Scene, done: Ran, seen: list[str], before: object) -> None:
    """Nothing outside was opened, made, changed or removed; nothing of it was said or kept; nothing failed in an unforeseen way."""
    assert [] == seen
    assert before == tree(scene.outside)
    assert CANARY not in done.said
    assert "Traceback" not in done.said, done.said[-3000:]
    assert 70 not in {code for _, code in done.codes}, done.said[-3000:]
    for path, (_, _, data) in [*tree(scene.root).items(), *tree(scene.home).items()]:
        assert isinstance(data, str) or CANARY.encode() not in data, path


def tried(scene: Scene, lines: Sequence[Sequence[str]], prepare: Callable[[], object] = lambda: None) -> Ran:
    """Run command lines and see that nothing came out; gives what they said."""
    before = tree(scene.outside)
    with Watched(scene.outside) as watched:
        done = ran(scene, lines, prepare)
    demand_nothing_came_out(scene, done, watched.seen, before)
    return done


# What is run: every command

EVERY: Mapping[str, Sequence[Sequence[str]]] = {
    "init": [[]],
    "new": [
        ["A thought"],
        ["Another", "--from", "Bee"],
        ["-T", "t", "From a template"],
        ["--body", "![[secret]]", "With a body"],
        ["-e", "Opened"],
    ],
    "templates": [[], ["--json"]],
    "import": [["deep"], ["article.txt"], ["page.html"]],
    "daily": [["--append", "a line"], ["--day", "2024-02-02"]],
    "append": [["Bee", "More of it"]],
    "split": [["Ay"], ["Ay", "Part one"]],
    "extract": [["Ay", "11", "Part", "two"]],
    "edit": [["Bee"], ["Dee"]],
    "rename": [["Dee", "Doo"], ["Bee", "Boo"]],
    "move": [["Cee", "deep/deeper"], ["Boo", "new folder/"], ["plain.md", "linked/"], ["plain.md", "inner/"]],
    "merge": [["Boo", "A thought"]],
    "delete": [["Doo"], ["Cee"]],
    "tag": [["rename", "x", "y"]],
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
    "topics": [[]],
    "topic": [["Ay"]],
    "hubs": [[]],
    "bridges": [[]],
    "clusters": [[]],
    "stats": [[]],
    "graph": [["--format", "json"], ["--format", "html"]],
    "index": [["--rebuild"]],
}


def every_line() -> list[list[str]]:
    """A line or a few of every command: those that only read first, and again at the end."""
    reading = [name for name in COMMANDS if name not in ("init", "new", "import", "daily", "append", "split", "extract", "edit", "rename")]
    order = [*(name for name in reading if name not in CHANGING), *COMMANDS]
    return [[name, *words] for name in order for words in EVERY[name]]


CHANGING = ("move", "merge", "delete", "tag", "undo", "check", "review", "suggest", "path")


def test_no_command_is_forgotten() -> None:
    """Every command of the surface is tried."""
    assert not set(COMMANDS) - set(EVERY)


# What is planted


def links_in_notes(scene: Scene) -> None:
    """Notes, articles and pages that name what is outside in every way there is."""
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


def linked_notes(scene: Scene) -> None:
    """Notes and folders that are symbolic links, out of the notebook and within it."""
    (scene.root / "link.md").symlink_to(scene.outside / "secret.md")
    (scene.root / "202401010108 Linked.md").symlink_to("../outside/secret.md")
    (scene.root / "linked").symlink_to(scene.outside)
    (scene.root / "deep/up").symlink_to("../..")
    (scene.root / "inner").symlink_to("deep")
    (scene.root / "deep/article.txt").symlink_to(scene.outside / "secret.md")
    (scene.root / "article.txt").write_text("An article\n\nIt says this.\n", encoding="utf-8")
    (scene.root / "page.html").write_text("<p>A page\n", encoding="utf-8")


def linked_templates(scene: Scene) -> None:
    """Templates that are links."""
    for name in ("t", "daily"):
        (scene.root / f".zettel/templates/{name}.md").symlink_to(scene.outside / "template.md")


def linked_template_folder(scene: Scene) -> None:
    """A folder of templates that is a link."""
    (scene.root / ".zettel/templates").rmdir()
    (scene.root / ".zettel/templates").symlink_to(scene.outside)


def linked_config(scene: Scene) -> None:
    """A config that is a link."""
    (scene.root / ".zettel/config.toml").symlink_to(scene.outside / "config.toml")


def linked_everything(scene: Scene) -> None:
    """A `.zettel` that is a link."""
    shutil.rmtree(scene.root / ".zettel")
    (scene.root / ".zettel").symlink_to(scene.outside)


def linked_lists(scene: Scene) -> None:
    """Lists that are links, and a trash that is."""
    for name in ("dismissed", "reviewed", ".gitattributes"):
        (scene.root / f".zettel/{name}").symlink_to(scene.outside / "secret.md")
    (scene.root / ".zettel/trash").symlink_to(scene.outside / "folder")


def linked_journal(scene: Scene) -> None:
    """A journal that is a link."""
    (scene.root / JOURNAL).symlink_to(scene.outside)


def linked_records(scene: Scene) -> None:
    """Records of changes that are links, done ones and the pending one."""
    (scene.root / JOURNAL).mkdir()
    for name in ("pending", "1700000000000000", ".gitignore"):
        (scene.root / JOURNAL / name).symlink_to(scene.outside / "pending")


def config(text: str) -> Callable[[Scene], None]:
    """A config that says something."""

    def plant(scene: Scene) -> None:
        linked_notes(scene)
        (scene.root / ".zettel/config.toml").write_text(text.replace("OUTSIDE", str(scene.outside)), encoding="utf-8")

    return plant


def listed(scene: Scene) -> None:
    """Lists that name what is outside."""
    for name in ("dismissed", "reviewed"):
        (scene.root / f".zettel/{name}").write_text(
            f"../outside/secret.md\t{ID}\n{scene.outside}/secret.md\t2024-01-01\t1\n", encoding="utf-8"
        )


def no_files(scene: Scene) -> None:
    """Pipes and sockets that are called like notes and templates, and folders in the place of files: nobody waits for them."""
    for path in ("pipe.md", ".zettel/templates/t.md", ".zettel/dismissed", "deep/article.txt"):
        os.mkfifo(scene.root / path)
    os.mknod(scene.root / "socket.md", stat.S_IFSOCK | 0o600)
    (scene.root / "folder.md").mkdir()
    (scene.root / ".zettel/reviewed").mkdir()


def hard_link(scene: Scene) -> None:
    """A file with the same content as another's under a second name (not the secret: who can link a file can read it)."""
    os.link(scene.root / "plain.md", scene.root / "deep/plain too.md")


def journal(path: str, *, name: str, kind: str) -> Callable[[Scene], None]:
    """A record of a change as a stranger may write it, which is pending or done, of a file at a path of theirs."""

    def plant(scene: Scene) -> None:
        linked_notes(scene)
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
        if kind == "made":  # so that to take it back is to remove it
            step |= {"size": None, "before": None}
            data = b""
        elif kind == "removed":  # so that to take it back is to make it
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
            links_in_notes,
            linked_notes,
            linked_templates,
            linked_template_folder,
            linked_config,
            linked_everything,
            linked_lists,
            linked_journal,
            linked_records,
            listed,
            no_files,
            hard_link,
        )
    },
    "config: a linked folder": config('note.folder = "linked"\nnote.template = "t"\n'),
    "config: up": config('note.folder = "deep/../../outside"\n'),
    "config: absolute": config('note.folder = "OUTSIDE"\n'),
    "config: a name": config('note.filename = "../{id}"\n'),
    "config: a template": config('note.template = "../../../outside/template"\nignore = ["../*", "/**"]\n'),
    "config: backwards": config(
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
KINDS = ("changed", "made", "removed", "moved in", "moved out", "folders")


@pytest.mark.parametrize("planted", PLANTED)
def test_nothing_leads_out(planted: str, tmp_path: Path) -> None:
    """No command reads or writes outside the notebook, whatever lies in it: all of them in one notebook, a part in each of the others here."""
    lines = every_line()
    number = list(PLANTED).index(planted)
    nothing_leads_out(tmp_path, planted, lines if planted == "linked_notes" else lines[number % 6 :: 6])


def nothing_leads_out(folder: Path, planted: str, lines: Sequence[Sequence[str]]) -> int:
    """Run command lines in a notebook in which something is planted; how many."""
    scene = make(folder)
    PLANTED[planted](scene)
    done = tried(scene, lines)
    assert planted in NO_NOTEBOOK or any(code == 0 for _, code in done.codes)
    return len(lines)


NO_NOTEBOOK = ("linked_config", "linked_everything", "config: up", "config: absolute", "config: a name", "config: backwards")
"""What no command works on: it is told what is wrong."""


@pytest.mark.parametrize("kind", KINDS)
def test_no_journal_leads_out(kind: str, tmp_path: Path) -> None:
    """A record of a change that a stranger wrote changes nothing outside, nor a hook or a config, whether it is pending or to be taken back."""
    for number, way in enumerate(WAYS):
        no_journal_leads_out(tmp_path, kind, way, ("pending", "1700000000000000")[(number + KINDS.index(kind)) % 2])


def no_journal_leads_out(folder: Path, kind: str, way: str, name: str) -> int:
    """Have a stranger's record taken back; how many commands it took."""
    scene = make(folder)
    journal(way, name=name, kind=kind)(scene)
    lines = [["list"], ["undo"], ["undo", "--redo"]]
    tried(scene, lines)
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
USERS_OWN = {("init", "directory"), ("import", "files")}
"""What a person may well name that is outside."""

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


def typed_lines(outside: Path, values: Sequence[str]) -> Iterator[list[str]]:
    """Every argument and option of every command that takes a text, with each of some values."""
    for name, (arguments, options, *_) in COMMANDS.items():
        needed = [fill for argument in arguments if argument[2] for fill in [FILL.get(argument[3], "x")] * (1 + (argument[3] == "A B"))]
        for value in values:
            given = value.replace("OUTSIDE", str(outside))
            for at, argument in enumerate(arguments):
                if argument[1] in ("str", "list") and (name, argument[0]) not in USERS_OWN:
                    words = [*needed[:at], given, *needed[at + 1 :]]
                    yield [name, "--", *words] if given[0] == "-" else [name, *words]
            for flag, option in {option[0]: (flag, option) for flag, option in options.items() if flag.startswith("--")}.values():
                if option[1] in ("str", "list"):
                    yield [name, *needed, f"{flag}={given}"]


def test_nothing_that_is_typed_leads_out(tmp_path: Path) -> None:
    """No argument and no option leads out of the notebook; each is tried with a few ways out here, and with all in the long form."""
    scene = make(tmp_path)
    linked_notes(scene)
    lines = list(typed_lines(scene.outside, TYPED))
    done = tried(scene, lines[::41])
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
def test_a_path_that_is_no_place_for_a_note_is_refused(name: str, tmp_path: Path) -> None:
    """A path that is typed is taken as it is, or refused with a hint; nothing is made or moved."""
    scene = make(tmp_path)
    linked_notes(scene)
    before = sorted(os.listdir(scene.root)), sorted(os.listdir(scene.root / "deep"))
    done = tried(scene, [["move", "--", "plain.md", name.replace("OUTSIDE", str(scene.outside))]])
    assert {code for _, code in done.codes} <= {2, 5}, done.said
    assert "hint: " in done.said
    assert before == (sorted(os.listdir(scene.root)), sorted(os.listdir(scene.root / "deep")))


# What new notes are called

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


def demand_safe(name: str) -> None:
    """A file name that every system takes, that no program takes for an option, and that is shown as it is."""
    assert name[0] not in "-. ~", name
    assert name.isprintable(), name
    assert not set(name) & set('\\/:*?"<>|\0\u202e\u2066\u2069\u200b\ufeff'), name
    assert len(name.encode()) <= 255, name
    stem = name.partition(".")[0].rstrip(" ").casefold()
    assert stem not in DEVICES, name
    assert all(part == part.rstrip(" ") for part in (name, name.removesuffix(".md"))), name
    assert not name.removesuffix(".md").endswith("."), name


@pytest.mark.parametrize("form", FORMS)
def test_names_made_of_titles_are_safe(form: str) -> None:
    """Whatever a title is, and whatever file names are to look like, every system takes the name and no program takes it for something else."""
    for title in TITLES:
        name = build_file_name(form, ID, title)
        demand_safe(name)
        assert ID == find_first_id(name)


def test_new_notes_have_safe_names_and_keep_their_titles(tmp_path: Path) -> None:
    """However a title gets into the notebook, the file has a safe name in its folder, and the note is titled as was said."""
    scene = make(tmp_path)
    known = set(tree(scene.root))
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
    tried(scene, [*lines, ["import", str(scene.home)]])
    made = sorted(path for path in set(tree(scene.root)) - known if path.endswith(".md") and not path.startswith(".zettel"))
    assert len(made) > len(titles[1::3])
    for path in made:
        demand_safe(path)
    notes = json.loads(ran(scene, [["list", "--json"]]).said)["notes"]
    assert {to_nfc(" ".join(title.split())) for title in titles[1::3] if title.isprintable()} <= {note["title"] for note in notes}


# What is swapped meanwhile


class Swap:
    """Puts a symbolic link to the folder outside in the place of `deep`, right before the call number `at` that zettel makes (0: never).

    It stays there, or (`once`) only for this call. `calls` are those made.
    """

    CALLS = ("open", "lstat", "stat", "scandir", "listdir", "link", "rename", "replace", "unlink", "mkdir", "rmdir", "access")

    def __init__(self, scene: Scene, at: int, *, once: bool) -> None:
        self._here, self._away, self._outside = scene.root / "deep", scene.root / ".away", scene.outside
        self._at, self._once = at, once
        self._numbers = count(1)
        self._made = mmap.mmap(-1, 8)  # shared with the process

    @property
    def calls(self) -> int:
        """How many calls were made."""
        return int.from_bytes(self._made[:8], "little")

    def arm(self) -> None:
        """Have the calls of this process counted."""
        rename, symlink, unlink = os.rename, os.symlink, os.unlink

        def armed(real: Callable[..., object]) -> Callable[..., object]:
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
            setattr(os, name, armed(getattr(os, name)))

    def put_back(self) -> None:
        """Put the folder back."""
        if self._here.is_symlink():
            self._here.unlink()
            self._away.rename(self._here)


RACED = (
    ["rename", "Cee", "Another name"],
    ["list", "--json"],
    ["-c", "note.folder=deep/deeper", "new", "A thought"],
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


def swapped(folder: Path, words: list[str], at: int, *, once: bool) -> int:
    """Swap a folder before a call of a command, and see that nothing came out, and that no note is lost; gives the number of its calls."""
    scene = make(folder)
    if words == ["undo"]:
        ran(scene, [["init"], RACED[0]])
    swap = Swap(scene, at, once=once)
    tried(scene, [words], swap.arm)
    swap.put_back()
    assert 0 == tried(scene, [["list"]]).codes[0][1]
    kept = b"".join(data for path, (_, _, data) in tree(scene.root).items() if isinstance(data, bytes) and not path.startswith(JOURNAL))
    assert [mark for mark in MARKS if mark.encode() not in kept] == [], (words, at)
    return swap.calls


@pytest.mark.parametrize("words", RACED, ids=" ".join)
def test_a_folder_swapped_for_a_link(words: list[str], tmp_path: Path) -> None:
    """At whichever call a folder is swapped for a link that leads out, for good or for this call only, nothing goes that way, and nothing is lost."""
    calls = swapped(tmp_path, words, 0, once=False)
    assert calls > 5
    for number, at in enumerate(range(1 + len(words[0]) % 3, calls + 1, max(1, calls // 3))):  # all of them: in the long form
        swapped(tmp_path, words, at, once=bool(number % 2))


@contextmanager
def swapping(scene: Scene) -> Iterator[None]:
    """Have a process swap a folder for a link that leads out, and back, as fast as it can."""

    def swap() -> None:
        here, away = scene.root / "deep", scene.root / ".away"
        for number in count():
            try:
                here.rename(away)
                here.symlink_to(scene.outside)
                here.unlink()
                away.rename(here)
            except OSError:  # zettel has made a folder there
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


def raced(folder: Path, seconds: float) -> int:
    """Run commands while a folder is swapped all the time; how many."""
    done, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        scene = make(folder)
        before = tree(scene.outside)
        with Watched(scene.outside) as watched, swapping(scene):
            did = ran(scene, [["init"], *RACED, ["new", "Once more"], ["undo"]])
        demand_nothing_came_out(scene, did, watched.seen, before)
        done += len(did.codes)
    return done


def test_a_folder_that_is_swapped_all_the_time(tmp_path: Path) -> None:
    """While somebody swaps a folder for a link and back as fast as they can, nothing goes that way."""
    assert raced(tmp_path, 1) > 0


STRACE = shutil.which("strace")
WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
CHANGING_CALLS = (
    "unlink,unlinkat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,rmdir,chmod,fchmodat,truncate,mknod,mknodat"
)


def traced(folder: Path, planted: str) -> tuple[int, list[str]]:
    """Run every command under strace: how many calls that open or change files were seen, and those of them that were outside."""
    scene, seen = make(folder), folder / "seen"
    PLANTED[planted](scene)
    code = f"from tests.attacks.test_outside import *; ran(Scene(Path({str(scene.root)!r}), Path({str(scene.outside)!r}), Path({str(scene.home)!r})), every_line())"
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
    )  # the last is SQLite's, without a name and private
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
    """Everything there is to be tried, and a folder swapped all the time for so many minutes."""
    with in_memory() as folder:
        yield _counted(
            "commands in notebooks that were made to lead out",
            [partial(nothing_leads_out, folder, planted, every_line()) for planted in PLANTED]
            + [
                partial(no_journal_leads_out, folder, kind, way, name)
                for kind in KINDS
                for way in WAYS
                for name in ("pending", "1700000000000000")
            ],
        )
        yield _counted("everything typed that leads out", [partial(_typed, folder, name) for name in COMMANDS])
        yield _counted(
            "a folder swapped for a link at every call of a command",
            [
                partial(swapped, folder, words, at, once=once)
                for words in RACED
                for at in range(1, swapped(folder, words, 0, once=False) + 1)
                for once in (False, True)
            ],
        )
        if STRACE:
            calls, bad = map(
                sum, zip(*((number, len(lines)) for number, lines in (traced(folder, planted) for planted in PLANTED)), strict=True)
            )
            yield Figures("calls that open or change a file, as strace sees them", calls, bad, f"every command, {len(PLANTED)} notebooks")
        try:
            yield Figures("commands while a folder is swapped all the time", raced(folder, minutes * 60), 0)
        except AssertionError as error:
            yield Figures("commands while a folder is swapped all the time", 1, 1, str(error)[:200])


def _typed(folder: Path, name: str) -> int:
    scene = make(folder)
    linked_notes(scene)
    lines = [words for words in typed_lines(scene.outside, TYPED) if words[0] == name]
    if lines:
        tried(scene, lines)
    return len(lines)


def _counted(attack: str, attempts: Sequence[Callable[[], int]]) -> Figures:
    lost, remark, tries = 0, "", 0
    for attempt in attempts:
        try:
            made = attempt()
            tries += 1 if "every call" in attack else made
        except AssertionError as error:
            lost, remark = lost + 1, str(error)[:200]
    return Figures(attack, tries + lost, lost, remark)
