"""Damage to the cache: whatever is done to a file of it, answers stay what they are from a fresh cache, and one line says so."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import sampling
from tests.attacks import Figures
from tests.attacks.lab.forks import fork
from tests.conftest import Runner
from zettel import __main__ as door
from zettel.adapters.catalogue import schema
from zettel.adapters.fs import seal
from zettel.adapters.settings import locate_cache_folder
from zettel.cli.fastparse import parse_command_line
from zettel.cli.run import run_command
from zettel.model.base.errors import IO
from zettel.notebook.notebook import OpenNotebook

NOTES = 60
COMMANDS = (
    ["list"],
    ["links", "202401010101"],
    ["backlinks", "202401010104"],
    ["search", "trust"],
    ["path", "202401010101", "202401010138", "--json"],
    ["tags"],
    ["graph", "--format", "json"],
    ["orphans"],
)
SEARCH, GRAPH = 3, 6
WORDS = ("trust", "goal", "team", "craft", "value", "habit", "change", "plan")
STRANGER = 12345
"""The number of a user that nobody has."""

is_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away, or be somebody else")


class Ran(NamedTuple):
    """What some commands gave: exit codes, answers, and all that was said on stderr."""

    codes: list[int]
    answers: list[str]
    said: str


class Victim:
    """A notebook of made-up notes, and its cache, to be damaged."""

    def __init__(self, home: Path) -> None:
        self.root, self.home = home / "notes", home / "cache"
        (self.root / ".zettel").mkdir(parents=True)
        (self.root / ".zettel" / "config.toml").write_text('ignore = ["left-out/*"]\n', encoding="utf-8")
        (self.root / "left-out").mkdir()
        (self.root / "left-out" / "202401010999.md").write_text("# Left out of trust\n", encoding="utf-8")
        for number in range(NOTES):
            (self.root / f"{202401010100 + number} On {WORDS[number % 8]} {number}.md").write_text(text(number), encoding="utf-8")
        self.cache = Path(locate_cache_folder({"XDG_CACHE_HOME": str(self.home)}, os.path.realpath(self.root)))
        with pytest.MonkeyPatch.context() as patch:  # within this process: what is loaded now, no child need load
            patch.setenv("XDG_CACHE_HOME", str(home / "fresh"))
            patch.setattr(sys, "argv", [])
            self.expected = [_answered(["-N", str(self.root), *words])[1] for words in COMMANDS]
        assert self.run() == Ran([0] * len(COMMANDS), self.expected, "")

    def run(self, before: Callable[[], object] = lambda: None, commands: tuple[list[str], ...] = COMMANDS) -> Ran:
        """Run commands in a process of their own, in which `before` is called first."""
        return run(self.root, self.home, before, commands)

    def files(self) -> list[Path]:
        """Every file of the cache."""
        return sorted(file for file in self.cache.rglob("*") if file.is_file() and not file.is_symlink())

    def wrong(
        self, lines: Collection[int] = (0, 1), commands: Sequence[int] = range(len(COMMANDS)), before: Callable[[], object] = lambda: None
    ) -> str:
        """What is wrong with what zettel makes of its cache now; nothing, if some of the commands answer rightly and say so many lines in all."""
        ran = self.run(before, tuple(COMMANDS[at] for at in commands))
        right = [self.expected[at] for at in commands]
        if ran.answers == right and set(ran.codes) == {0} and ran.said.count("\n") in lines and "Traceback" not in ran.said:
            return ""
        differ = [
            f"\n{COMMANDS[at]}: {answer[:300]}" for at, answer in zip(commands, ran.answers, strict=False) if answer != self.expected[at]
        ]
        return f"exit codes {ran.codes}, said: {ran.said}{''.join(differ)}"

    def after(self, damage: Callable[[], object], lines: Collection[int] = (0, 1), commands: Sequence[int] = range(len(COMMANDS))) -> str:
        """Damage the cache, look what is wrong, and whether the next one finds it whole again."""
        damage()
        return self.wrong(lines, commands) or self.wrong((0,), commands[:2])


def text(number: int) -> str:
    """A note with a few links, some of which lead nowhere."""
    others = ((number * 7 + 3) % NOTES, (number * number + 1) % NOTES, number + 50)
    links = " ".join(f"See [[{202401010100 + other}]]." for other in others) if number % 9 else ""
    return f"# On {WORDS[number % 8]} {number}\n\nAbout {WORDS[number * 3 % 8]} and #{WORDS[number * 5 % 8]}. {links}\n"


def run(root: Path, home: Path, before: Callable[[], object] = lambda: None, commands: tuple[list[str], ...] = COMMANDS) -> Ran:
    """Run commands on the notebook at `root` with its cache in `home`, in a process of their own; a killed one gives no codes."""
    receiving, sending = os.pipe()

    def run_there() -> None:
        os.environ["XDG_CACHE_HOME"] = str(home)
        before()
        found = json.dumps([_answered(["-N", str(root), *words]) for words in commands])
        os.close(receiving)
        with open(sending, "w", encoding="utf-8") as stream:
            stream.write(found)

    child = fork(run_there)
    os.close(sending)
    with open(receiving, encoding="utf-8") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    rows = json.loads(data) if data else []
    return Ran([row[0] for row in rows], [row[1] for row in rows], "".join(row[2] for row in rows))


def _answered(words: list[str]) -> tuple[int, str, str]:
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    sys.argv = ["zettel", *words]
    with redirect_stdout(out), redirect_stderr(err):
        code = door.main()
    for stream in (out, err):
        stream.flush()
    return code, *(stream.buffer.getvalue().decode(errors="replace") for stream in (out, err))  # type: ignore[attr-defined]


def touch(note: Path) -> None:
    """Have a note read again, though nothing about it is new."""
    info = note.stat()
    os.utime(note, ns=(info.st_atime_ns, info.st_mtime_ns))


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Victim:
    """One notebook for all tests: each leaves its cache whole."""
    return Victim(tmp_path_factory.mktemp("damage"))


def overwrite(file: Path, data: bytes, at: int = 0, length: int | None = None) -> None:
    """Write to a file in place, so that it is a moment later by the system's clock, and cut it off at `length`."""
    before = seal.read_status(str(file))
    while before == seal.read_status(str(file)):
        with open(file, "r+b") as stream:
            stream.seek(at)
            stream.write(data)
            if length is not None:
                stream.truncate(length)
        time.sleep(0.001)


def flip(file: Path, bit: int) -> None:
    """Turn a bit of a file over."""
    byte = file.read_bytes()[bit // 8]
    overwrite(file, bytes([byte ^ 1 << bit % 8]), bit // 8)


def cut(file: Path, length: int) -> None:
    """Cut a file off."""
    overwrite(file, b"", length=length)


# Bits and lengths


@pytest.mark.sampled
def test_flipped_bits(victim: Victim) -> None:
    """A bit that was turned over anywhere in the cache is found; the answers are right, and the next one finds the cache whole."""
    chance = sampling.chance("bits")
    times = sampling.shortened(20, to=6)
    for at in range(times):
        for name, commands in (("catalogue.db", (at % SEARCH, GRAPH)), ("catalogue.db.seal", (GRAPH,)), ("settings", (0,))):
            file = victim.cache / name
            bit = chance.randrange(8 * file.stat().st_size)
            if name == "catalogue.db" or at < 10:
                assert "" == victim.after(lambda file=file, bit=bit: flip(file, bit), (0,) if name == "settings" else (1,), commands), (
                    name,
                    bit,
                )
    assert "" == victim.wrong((0,))
    for _ in range(times):
        file = chance.choice([file for file in victim.cache.glob("fulltext/*") if file.stat().st_size])
        bit = chance.randrange(8 * file.stat().st_size)
        assert "" == victim.after(lambda file=file, bit=bit: flip(file, bit), (1,), (SEARCH,)), (file, bit)


@pytest.mark.sampled
@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.5, 0.9999])
def test_cut_off_files(share: float, victim: Victim) -> None:
    """A file of the cache that was cut off anywhere is found."""
    assert "" == victim.wrong()
    names = [str(file.relative_to(victim.cache)) for file in victim.files() if file.stat().st_size]
    for name in sampling.sample(names, 3, f"files cut off at {share}"):
        for file in victim.cache.glob(name if "fulltext" not in name else f"fulltext/*.{name.partition('.')[2]}"):
            commands = (SEARCH, 0) if "fulltext" in name else (0, GRAPH)
            assert "" == victim.after(lambda file=file: cut(file, int(file.stat().st_size * share)), commands=commands), file


# Other things in a file's place


def emptied(file: Path) -> None:
    """Nothing is left in it."""
    overwrite(file, b"", length=0)


def random_bytes(file: Path) -> None:
    """As many bytes as before, of no meaning."""
    overwrite(file, random.Random(1).randbytes(file.stat().st_size + 1))


def a_folder(file: Path) -> None:
    """A folder is there instead, with something in it."""
    file.unlink()
    file.mkdir()
    (file / "file").write_text("something", encoding="utf-8")


def a_link(file: Path) -> None:
    """A link to the very same bytes is there instead."""
    shutil.copy2(file, file.parents[4] / "elsewhere")
    file.unlink()
    file.symlink_to(file.parents[4] / "elsewhere")


def a_pipe(file: Path) -> None:
    """A pipe is there instead, which would be waited for."""
    file.unlink()
    os.mkfifo(file)


def nothing(file: Path) -> None:
    """It is gone."""
    file.unlink()


@pytest.mark.sampled
@pytest.mark.parametrize("instead", [emptied, random_bytes, a_folder, a_link, a_pipe, nothing], ids=lambda instead: instead.__name__)
def test_something_else_in_a_files_place(instead: Callable[[Path], None], victim: Victim) -> None:
    """Whatever is in the place of a file of the cache, that is found."""
    assert "" == victim.wrong()
    names = (
        "settings",
        "catalogue.db",
        "catalogue.db.seal",
        "fulltext/MAIN_WRITELOCK",
        "fulltext/_MAIN_*.toc",
        *(f"fulltext/MAIN_*.{kind}" for kind in ("trm", "pst", "paths")),
    )
    for name in sampling.sample(names, 2, f"files with {instead.__name__} in their place"):
        (file,) = victim.cache.glob(name)
        commands = (SEARCH, 0) if "fulltext" in name else (0, GRAPH, SEARCH)
        assert "" == victim.after(lambda file=file: instead(file), commands=commands), file


def test_folders_that_are_gone(victim: Victim) -> None:
    """The index, the notebook's cache, or all of it may be deleted at any time."""
    for folder in (victim.cache / "fulltext", victim.cache, victim.home):
        assert "" == victim.after(lambda folder=folder: shutil.rmtree(folder))


def test_the_catalogue_of_another_notebook(victim: Victim, tmp_path: Path) -> None:
    """A catalogue with its seal and index that was made of other notes is not taken for the notebook's own, copied or moved."""
    root = tmp_path / "other"
    shutil.copytree(victim.root, root)
    for file in root.glob("*.md"):
        file.write_bytes(file.read_bytes().upper())
    assert {0} == set(run(root, tmp_path / "cache").codes)
    (other,) = (tmp_path / "cache" / "zettel").iterdir()
    for put in (shutil.copytree, shutil.move):
        shutil.rmtree(victim.cache)
        put(other, victim.cache)
        assert "" == victim.wrong(), put


@pytest.mark.parametrize("version", [schema.SCHEMA_VERSION - 1, schema.SCHEMA_VERSION + 1])
def test_versions_in_turn(version: int, victim: Victim) -> None:
    """Two versions of zettel that are used in turn each make the catalogue anew, with a line, and both answer rightly."""

    def other() -> None:
        schema.SCHEMA_VERSION = version

    for _ in range(2):
        assert "" == victim.wrong((1,), before=other)
        assert "" == victim.wrong((0,), before=other)
        assert "" == victim.wrong((1,))
        assert "" == victim.wrong((0,))


def test_the_first_of_several(victim: Victim) -> None:
    """A process that finds the seal of another, which is about to make the catalogue for the first time, takes nothing for damaged."""
    for file in victim.files():
        file.unlink()
    (victim.cache / "catalogue.db.seal").touch(0o600)
    assert "" == victim.wrong((0,))


def test_a_catalogue_with_a_log(victim: Victim) -> None:
    """A catalogue as earlier versions had it, without a seal and with changes in a log beside it, is made anew, log and all."""

    def damage() -> None:
        for file in victim.files():
            file.unlink()
        connection = sqlite3.connect(victim.cache / "catalogue.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE note(id)")
        connection.execute("PRAGMA user_version = 6")
        for suffix in ("", "-wal", "-shm"):
            shutil.copy(victim.cache / f"catalogue.db{suffix}", victim.root.parent / f"log{suffix}")
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            shutil.move(victim.root.parent / f"log{suffix}", victim.cache / f"catalogue.db{suffix}")

    assert "" == victim.after(damage, (1,))
    assert {"catalogue.db", "catalogue.db.seal", "settings", "fulltext"} == {file.name for file in victim.cache.iterdir()}


def test_what_leaves_no_trace_in_a_files_times(victim: Victim) -> None:
    """A catalogue whose structure is broken though its seal holds, as by a disk that rots, is found by SQLite and made anew."""

    def rot() -> None:
        file = victim.cache / "catalogue.db"
        overwrite(file, b"\xa5" * (file.stat().st_size - 8192), 8192)
        seal.Seal(str(file), schema.SCHEMA_VERSION).write()

    assert "" == victim.after(rot, (1,))


# Killed at the worst moment


def half_written(*, flipped: bool) -> None:
    """Be killed while half of a change is in the catalogue's file, and the other half in a journal."""
    connection = schema.open_catalogue(os.environ["CACHE"])
    with schema.CatalogueTransaction(connection):
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("UPDATE link SET sentence = sentence || ' wrong'")
        connection.execute("UPDATE note SET title = title || ' wrong'")
        journal = Path(os.environ["CACHE"]) / "catalogue.db-journal"
        if flipped:
            flip(journal, 4 * journal.stat().st_size)
        os.kill(os.getpid(), signal.SIGKILL)


def unsealed() -> None:
    """Be killed when a change is written but not yet sealed."""
    seal.Seal.write = lambda _: os.kill(os.getpid(), signal.SIGKILL)
    with schema.CatalogueTransaction(schema.open_catalogue(os.environ["CACHE"])):
        pass


def unrecorded_index() -> None:
    """Be killed when the index is written but the catalogue does not know."""
    schema.finish_indexing = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    shutil.rmtree(Path(os.environ["CACHE"]) / "fulltext")


@pytest.mark.parametrize("flipped", [False, True])
def test_a_half_written_catalogue(flipped: bool, victim: Victim) -> None:
    """A catalogue whose writer was killed half-way is made anew, whether the journal beside it was damaged or not."""
    os.environ["CACHE"] = str(victim.cache)
    assert "" == victim.wrong()
    assert [] == victim.run(lambda: half_written(flipped=flipped)).codes
    assert (victim.cache / "catalogue.db-journal").exists()
    assert "" == victim.after(lambda: None, (1,))


@pytest.mark.parametrize("dying", [unsealed, unrecorded_index], ids=lambda dying: dying.__name__)
def test_killed_before_the_seal(dying: Callable[[], None], victim: Victim) -> None:
    """What was written but not sealed is made anew at worst."""
    os.environ["CACHE"] = str(victim.cache)
    assert "" == victim.wrong()
    assert [] == victim.run(dying).codes
    assert "" == victim.after(lambda: None)


def test_a_catalogue_made_anew_under_another_process(victim: Victim) -> None:
    """A process that has a catalogue open which another one makes anew answers rightly, and does no harm to the new one."""

    def meanwhile() -> None:
        from zettel.notebook.notebook import OpenNotebook

        refresh = OpenNotebook.refresh

        def late(self: OpenNotebook, *words: object, **named: object) -> int:
            OpenNotebook.refresh = refresh
            (victim.cache / "catalogue.db").unlink()
            assert "" == victim.wrong((1,), (0,))
            touch(victim.root / "202401010100 On trust 0.md")
            return refresh(self, *words, **named)

        OpenNotebook.refresh = late

    assert "" == victim.wrong()
    assert "" == victim.wrong((0,), (GRAPH, 0, SEARCH), meanwhile)
    assert "" == victim.wrong((0,))


# Strangers


def modes(folder: Path) -> set[str]:
    """The permissions that others have on a folder and on what is in it."""
    return {oct(path.lstat().st_mode & 0o077) for path in (folder, *folder.rglob("*"))}


def test_everything_is_private(victim: Victim) -> None:
    """Whatever the user's mask, nobody else can read or write a folder or file of the cache."""
    shutil.rmtree(victim.home)
    assert "" == victim.wrong(before=lambda: os.umask(0))
    assert {"0o0"} == modes(victim.home)


def test_a_folder_that_others_could_read(victim: Victim) -> None:
    """A cache that is too open to look into is closed; what is in it is used."""
    assert "" == victim.wrong()
    victim.cache.chmod(0o755)
    assert "" == victim.wrong((0,))
    assert 0o700 == victim.cache.stat().st_mode & 0o777


def test_a_folder_that_others_could_write_to(victim: Victim) -> None:
    """Nothing that lay in a cache to which others could write is used."""
    assert "" == victim.wrong()
    (victim.cache / "planted").write_bytes(b"")
    victim.cache.chmod(0o777)
    assert "" == victim.after(lambda: None, (1,))
    assert not (victim.cache / "planted").exists()
    assert 0o700 == victim.cache.stat().st_mode & 0o777


def test_a_folder_above_that_others_can_write_to(victim: Victim) -> None:
    """A cache that everybody could replace by another one is not used; everything is read afresh, with a line a command."""
    assert "" == victim.wrong()
    before = seal.read_folder_status(str(victim.cache))
    victim.home.chmod(0o777)
    for command in range(len(COMMANDS)):
        assert "" == victim.wrong((1,), (command,))
    victim.home.chmod(0o700)
    assert before == seal.read_folder_status(str(victim.cache))


@is_root
@pytest.mark.parametrize("linked", [False, True])
def test_a_folder_of_somebody_else(linked: bool, victim: Victim, tmp_path: Path) -> None:
    """A cache that belongs to somebody else, or a link to one, is neither read nor written; everything is read afresh, with a line a command."""
    assert "" == victim.wrong()
    folder = victim.cache
    if linked:
        shutil.move(victim.cache, tmp_path / "planted")
        folder = tmp_path / "planted"
        victim.cache.symlink_to(folder)
    (folder / "settings").write_bytes((folder / "settings").read_bytes().replace(b"left-out", b"20240101"))
    os.chown(folder, STRANGER, STRANGER)
    before = seal.read_folder_status(str(folder))
    for command in range(len(COMMANDS)):
        assert "" == victim.wrong((1,), (command,))
    assert before == seal.read_folder_status(str(folder))
    victim.cache.unlink() if linked else shutil.rmtree(victim.cache)


@is_root
def test_a_cache_that_can_only_be_read(victim: Victim) -> None:
    """A cache that can be read but not written serves until a note changes; then everything is read afresh, with one line."""
    home = Path(tempfile.mkdtemp())  # not in a folder of pytest's, which lets nobody else in
    root, cache = home / "notes", Path(locate_cache_folder({"XDG_CACHE_HOME": str(home / "cache")}, os.path.realpath(home / "notes")))
    shutil.copytree(victim.root, root)
    (home / "cache").mkdir()
    os.chown(home / "cache", STRANGER, STRANGER)
    home.chmod(0o755)

    def become() -> None:
        os.environ["XDG_CONFIG_HOME"] = str(home / "config")
        os.setuid(STRANGER)

    def ran(*commands: int) -> tuple[list[str], int]:
        found = run(root, home / "cache", become, tuple(COMMANDS[at] for at in commands))
        return found.answers, found.said.count("\n")

    everything = tuple(range(len(COMMANDS)))
    try:
        assert (victim.expected, 0) == ran(*everything)
        cache.chmod(0o500)
        assert (victim.expected, 0) == ran(*everything)
        for change in (lambda: touch(root / "202401010100 On trust 0.md"), lambda: flip(cache / "catalogue.db", 400_000)):
            change()
            for at in everything:
                assert ([victim.expected[at]], 1) == ran(at)
        cache.chmod(0o700)
        assert (victim.expected, 1) == ran(*everything)
        for file in cache.rglob("*.*"):
            file.chmod(0o400)
        assert victim.expected == ran(*everything)[0]
        assert (victim.expected, 0) == ran(*everything)
    finally:
        shutil.rmtree(home)


# Nothing damaged at all


def test_nothing_is_done_twice(
    notebook: Callable[[dict[str, str | bytes]], Runner], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command whose catalogue breaks down after it has written is not done again from the beginning; it says where to look."""

    def breaking_down(notebook: OpenNotebook, path: str, done: str) -> None:
        made(notebook, path, done)
        raise sqlite3.DatabaseError("database disk image is malformed")

    made = OpenNotebook.record_new_note
    monkeypatch.setattr(OpenNotebook, "record_new_note", breaking_down)
    root = notebook({"a.md": "# A\n"}).folder
    parsed = parse_command_line(["-N", str(root), "new", "A thought"])
    assert parsed
    assert IO == run_command(*parsed)
    assert "zettel undo --list" in capsys.readouterr().err
    assert 1 == len(list(root.glob("* A thought.md")))


def test_many_at_once_find_nothing_damaged(victim: Victim) -> None:
    """Processes that write to the cache and read it at once take each other for no damage, from a cold cache on."""
    shutil.rmtree(victim.home)

    def work(number: int) -> int:
        for turn in range(5):
            touch(victim.root / f"{202401010100 + number * 8} On trust {number * 8}.md")
            if victim.wrong((0,), (number % 3, SEARCH if turn % 2 else GRAPH)):
                return 1
        return 0

    children = [fork(partial(work, number)) for number in range(8)]
    assert {0} == {os.waitpid(child, 0)[1] for child in children}


# The long form


def long_form(minutes: float) -> Iterator[Figures]:
    """Flipped bits, cut lengths and torn pages anywhere in the cache, until the time is over."""
    chance = random.Random(20)
    with tempfile.TemporaryDirectory() as folder:
        victim = Victim(Path(folder))
        for attack in ("flipped bits", "cut files", "torn pages", "files of an earlier moment"):
            tried = lost = 0
            remark = ""
            end = time.monotonic() + minutes * 15
            while time.monotonic() < end:
                wrong = victim.wrong(commands=(0, SEARCH))
                file = chance.choice([file for file in victim.files() if file.stat().st_size])
                size = file.stat().st_size
                at = chance.randrange(size)
                commands = (SEARCH, 0) if file.parent.name == "fulltext" else (chance.choice((0, 1, 2, 4, 5, 7)), GRAPH, SEARCH)
                if attack == "flipped bits":
                    flip(file, 8 * at + chance.randrange(8))
                elif attack == "cut files":
                    cut(file, at)
                elif attack == "torn pages":
                    overwrite(file, bytes(min(512, size - at // 512 * 512)), at // 512 * 512)
                else:
                    earlier(victim, file)
                wrong = wrong or victim.wrong(commands=commands)
                tried += 1
                lost += bool(wrong)
                remark = remark or (wrong and f"{file.name} at {at}: {wrong}"[:300])
            yield Figures(f"the cache: {attack}", tried, lost, remark)


def earlier(victim: Victim, file: Path) -> None:
    """Put a file's bytes back to what they were before a note changed, as a backup does that knows no better."""
    name, data = file.name, file.read_bytes()
    touch(victim.root / "202401010100 On trust 0.md")
    victim.run()
    if file.exists() and file.read_bytes() != data:
        overwrite(victim.cache.joinpath(*file.relative_to(victim.cache).parts[:-1], name), data, length=len(data))
