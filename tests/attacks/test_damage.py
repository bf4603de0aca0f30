"""Test damage to the cache: whatever is done to a file of it, answers are those of a fresh cache, and one line reports the damage."""

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
from tests.attacks.lab.fork import fork
from tests.conftest import Runner
from zettel import __main__ as door
from zettel.adapters.catalogue import schema
from zettel.adapters.catalogue.queries import Catalogue
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
"""The number of a user that does not exist."""

is_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can change the owner of files and become another user"
)


class Outcomes(NamedTuple):
    """What some commands returned: exit codes, answers, and everything on stderr."""

    codes: list[int]
    answers: list[str]
    stderr: str


class Victim:
    """A notebook of generated notes whose cache is to be damaged."""

    def __init__(self, home: Path) -> None:
        self.root, self.home = home / "notes", home / "cache"
        (self.root / ".zettel").mkdir(parents=True)
        (self.root / ".zettel" / "config.toml").write_text('ignore = ["left-out/*"]\n', encoding="utf-8")
        (self.root / "left-out").mkdir()
        (self.root / "left-out" / "202401010999.md").write_text("# Left out of trust\n", encoding="utf-8")
        for number in range(NOTES):
            (self.root / f"{202401010100 + number} On {WORDS[number % 8]} {number}.md").write_text(build_note(number), encoding="utf-8")
        self.cache = Path(locate_cache_folder({"XDG_CACHE_HOME": str(self.home)}, os.path.realpath(self.root)))
        with pytest.MonkeyPatch.context() as patch:  # within this process, so that no child has to import it again
            patch.setenv("XDG_CACHE_HOME", str(home / "fresh"))
            patch.setattr(sys, "argv", [])
            self.expected = [_call_main(["-N", str(self.root), *words])[1] for words in COMMANDS]
        assert self.run() == Outcomes([0] * len(COMMANDS), self.expected, "")

    def run(self, before: Callable[[], object] = lambda: None, commands: tuple[list[str], ...] = COMMANDS) -> Outcomes:
        """Run commands in a child process, in which `before` is called first."""
        return run(self.root, self.home, before, commands)

    def list_files(self) -> list[Path]:
        """List every file of the cache."""
        return sorted(file for file in self.cache.rglob("*") if file.is_file() and not file.is_symlink())

    def find_faults(
        self, lines: Collection[int] = (0, 1), commands: Sequence[int] = range(len(COMMANDS)), before: Callable[[], object] = lambda: None
    ) -> str:
        """Return what is wrong with what zettel makes of its cache, or nothing.

        Nothing is wrong if the commands answer as expected and write one of the numbers of `lines` to stderr in all.
        """
        ran = self.run(before, tuple(COMMANDS[at] for at in commands))
        right = [self.expected[at] for at in commands]
        if ran.answers == right and set(ran.codes) == {0} and ran.stderr.count("\n") in lines and "Traceback" not in ran.stderr:
            return ""
        differ = [
            f"\n{COMMANDS[at]}: {answer[:300]}" for at, answer in zip(commands, ran.answers, strict=False) if answer != self.expected[at]
        ]
        return f"exit codes {ran.codes}, stderr: {ran.stderr}{''.join(differ)}"

    def find_faults_after(
        self, damage: Callable[[], object], lines: Collection[int] = (0, 1), commands: Sequence[int] = range(len(COMMANDS))
    ) -> str:
        """Damage the cache, and return what is wrong then, or with the command after that, which must find the cache whole."""
        damage()
        return self.find_faults(lines, commands) or self.find_faults((0,), commands[:2])


def build_note(number: int) -> str:
    """Build a note with a few links, some of them dangling."""
    others = ((number * 7 + 3) % NOTES, (number * number + 1) % NOTES, number + 50)
    links = " ".join(f"See [[{202401010100 + other}]]." for other in others) if number % 9 else ""
    return f"# On {WORDS[number % 8]} {number}\n\nAbout {WORDS[number * 3 % 8]} and #{WORDS[number * 5 % 8]}. {links}\n"


def run(root: Path, home: Path, before: Callable[[], object] = lambda: None, commands: tuple[list[str], ...] = COMMANDS) -> Outcomes:
    """Run commands on the notebook at `root` with its cache in `home`, in a child process. A child that is killed returns no codes."""
    receiving, sending = os.pipe()

    def run_there() -> None:
        os.environ["XDG_CACHE_HOME"] = str(home)
        before()
        found = json.dumps([_call_main(["-N", str(root), *words]) for words in commands])
        os.close(receiving)
        with open(sending, "w", encoding="utf-8") as stream:
            stream.write(found)

    child = fork(run_there)
    os.close(sending)
    with open(receiving, encoding="utf-8") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    rows = json.loads(data) if data else []
    return Outcomes([row[0] for row in rows], [row[1] for row in rows], "".join(row[2] for row in rows))


def _call_main(words: list[str]) -> tuple[int, str, str]:
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    sys.argv = ["zettel", *words]
    with redirect_stdout(out), redirect_stderr(err):
        code = door.main()
    for stream in (out, err):
        stream.flush()
    return code, *(stream.buffer.getvalue().decode(errors="replace") for stream in (out, err))  # type: ignore[attr-defined]


def touch(note: Path) -> None:
    """Change only the change time of a note, so that it is parsed again."""
    info = note.stat()
    os.utime(note, ns=(info.st_atime_ns, info.st_mtime_ns))


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Victim:
    """One notebook for all tests. Each test leaves its cache whole."""
    return Victim(tmp_path_factory.mktemp("damage"))


def overwrite(file: Path, data: bytes, at: int = 0, length: int | None = None) -> None:
    """Write to a file in place until its change time differs, and truncate it to `length`."""
    before = seal.read_status(str(file))
    while before == seal.read_status(str(file)):
        with open(file, "r+b") as stream:
            stream.seek(at)
            stream.write(data)
            if length is not None:
                stream.truncate(length)
        time.sleep(0.001)


def flip_bit(file: Path, bit: int) -> None:
    """Flip a bit of a file."""
    byte = file.read_bytes()[bit // 8]
    overwrite(file, bytes([byte ^ 1 << bit % 8]), bit // 8)


def truncate(file: Path, length: int) -> None:
    """Truncate a file."""
    overwrite(file, b"", length=length)


# Bits and lengths


@pytest.mark.sampled
def test_flipped_bits_are_detected(victim: Victim) -> None:
    """A flipped bit anywhere in the cache is detected, answers are right, and the next command finds the cache whole."""
    chance = sampling.seed_random("bits")
    times = sampling.shorten(20, to=6)
    for at in range(times):
        for name, commands in (("catalogue.db", (at % SEARCH, GRAPH)), ("catalogue.db.seal", (GRAPH,)), ("settings", (0,))):
            file = victim.cache / name
            bit = chance.randrange(8 * file.stat().st_size)
            if name == "catalogue.db" or at < 10:
                assert "" == victim.find_faults_after(
                    lambda file=file, bit=bit: flip_bit(file, bit), (0,) if name == "settings" else (1,), commands
                ), (
                    name,
                    bit,
                )
    assert "" == victim.find_faults((0,))
    for _ in range(times):
        file = chance.choice([file for file in victim.cache.glob("fulltext/*") if file.stat().st_size])
        bit = chance.randrange(8 * file.stat().st_size)
        assert "" == victim.find_faults_after(lambda file=file, bit=bit: flip_bit(file, bit), (1,), (SEARCH,)), (file, bit)


@pytest.mark.sampled
@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.5, 0.9999])
def test_truncated_files_are_detected(share: float, victim: Victim) -> None:
    """A file of the cache that was truncated anywhere is detected."""
    assert "" == victim.find_faults()
    names = [str(file.relative_to(victim.cache)) for file in victim.list_files() if file.stat().st_size]
    for name in sampling.sample(names, 3, f"files cut off at {share}"):
        for file in victim.cache.glob(name if "fulltext" not in name else f"fulltext/*.{name.partition('.')[2]}"):
            commands = (SEARCH, 0) if "fulltext" in name else (0, GRAPH)
            assert "" == victim.find_faults_after(lambda file=file: truncate(file, int(file.stat().st_size * share)), commands=commands), (
                file
            )


# Something else in the place of a file


def empty_file(file: Path) -> None:
    """Empty a file."""
    overwrite(file, b"", length=0)


def randomise_file(file: Path) -> None:
    """Replace the bytes of a file by random ones, one more than before."""
    overwrite(file, random.Random(1).randbytes(file.stat().st_size + 1))


def replace_by_folder(file: Path) -> None:
    """Replace a file by a folder with a file in it."""
    file.unlink()
    file.mkdir()
    (file / "file").write_text("something", encoding="utf-8")


def replace_by_symlink(file: Path) -> None:
    """Replace a file by a symlink to the same bytes."""
    shutil.copy2(file, file.parents[4] / "elsewhere")
    file.unlink()
    file.symlink_to(file.parents[4] / "elsewhere")


def replace_by_pipe(file: Path) -> None:
    """Replace a file by a pipe, on which a reader would block."""
    file.unlink()
    os.mkfifo(file)


def remove_file(file: Path) -> None:
    """Remove a file."""
    file.unlink()


@pytest.mark.sampled
@pytest.mark.parametrize(
    "instead",
    [empty_file, randomise_file, replace_by_folder, replace_by_symlink, replace_by_pipe, remove_file],
    ids=lambda instead: instead.__name__,
)
def test_replaced_files_are_detected(instead: Callable[[Path], None], victim: Victim) -> None:
    """Whatever has replaced a file of the cache is detected."""
    assert "" == victim.find_faults()
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
        assert "" == victim.find_faults_after(lambda file=file: instead(file), commands=commands), file


def test_deleted_folders_are_rebuilt(victim: Victim) -> None:
    """The index, the notebook's cache, or the whole cache may be deleted at any time."""
    for folder in (victim.cache / "fulltext", victim.cache, victim.home):
        assert "" == victim.find_faults_after(lambda folder=folder: shutil.rmtree(folder))


def test_catalogue_of_another_notebook_is_not_used(victim: Victim, tmp_path: Path) -> None:
    """A catalogue with the seal and index of another notebook is not used, whether it was copied or moved there."""
    root = tmp_path / "other"
    shutil.copytree(victim.root, root)
    for file in root.glob("*.md"):
        file.write_bytes(file.read_bytes().upper())
    assert {0} == set(run(root, tmp_path / "cache").codes)
    (other,) = (tmp_path / "cache" / "zettel").iterdir()
    for put in (shutil.copytree, shutil.move):
        shutil.rmtree(victim.cache)
        put(other, victim.cache)
        assert "" == victim.find_faults(), put


@pytest.mark.parametrize("version", [schema.SCHEMA_VERSION - 1, schema.SCHEMA_VERSION + 1])
def test_versions_used_in_turn_rebuild_the_catalogue(version: int, victim: Victim) -> None:
    """Two versions of zettel used in turn each rebuild the catalogue, with one line, and both answer right."""

    def use_other_version() -> None:
        schema.SCHEMA_VERSION = version

    for _ in range(2):
        assert "" == victim.find_faults((1,), before=use_other_version)
        assert "" == victim.find_faults((0,), before=use_other_version)
        assert "" == victim.find_faults((1,))
        assert "" == victim.find_faults((0,))


def test_seal_without_catalogue_is_not_damage(victim: Victim) -> None:
    """A process that finds the seal of another, which is about to create the catalogue, does not report damage."""
    for file in victim.list_files():
        file.unlink()
    (victim.cache / "catalogue.db.seal").touch(0o600)
    assert "" == victim.find_faults((0,))


def test_catalogue_with_write_ahead_log_is_rebuilt(victim: Victim) -> None:
    """A catalogue of an earlier version, without a seal and with a write-ahead log, is rebuilt, and the log is removed."""

    def damage() -> None:
        for file in victim.list_files():
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

    assert "" == victim.find_faults_after(damage, (1,))
    assert {"catalogue.db", "catalogue.db.seal", "settings", "fulltext", "lists"} == {file.name for file in victim.cache.iterdir()}


def test_corrupt_catalogue_with_valid_seal_is_rebuilt(victim: Victim) -> None:
    """A catalogue that is corrupt although its seal holds, as after bit rot, is detected by SQLite and rebuilt."""

    def rot() -> None:
        file = victim.cache / "catalogue.db"
        overwrite(file, b"\xa5" * (file.stat().st_size - 8192), 8192)
        seal.Seal(str(file), schema.SCHEMA_VERSION).write()

    assert "" == victim.find_faults_after(rot, (1,))


# Killed at the worst moment


def die_half_written(*, flipped: bool) -> None:
    """Die while half of a change is in the catalogue's file and the other half in SQLite's journal."""
    connection = schema.open_catalogue(os.environ["CACHE"])
    with schema.CatalogueTransaction(connection):
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("UPDATE link SET sentence = sentence || ' wrong'")
        connection.execute("UPDATE note SET title = title || ' wrong'")
        journal = Path(os.environ["CACHE"]) / "catalogue.db-journal"
        if flipped:
            flip_bit(journal, 4 * journal.stat().st_size)
        os.kill(os.getpid(), signal.SIGKILL)


def die_before_sealing() -> None:
    """Die after a change is written and before it is sealed."""
    seal.Seal.write = lambda _: os.kill(os.getpid(), signal.SIGKILL)
    with schema.CatalogueTransaction(schema.open_catalogue(os.environ["CACHE"])):
        pass


def die_before_recording_index() -> None:
    """Die after the index is written and before the catalogue records that."""
    Catalogue.finish_indexing = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    shutil.rmtree(Path(os.environ["CACHE"]) / "fulltext")


@pytest.mark.parametrize("flipped", [False, True])
def test_half_written_catalogue_is_rebuilt(flipped: bool, victim: Victim) -> None:
    """A catalogue whose writer was killed halfway is rebuilt, whether or not the journal beside it is damaged."""
    os.environ["CACHE"] = str(victim.cache)
    assert "" == victim.find_faults()
    assert [] == victim.run(lambda: die_half_written(flipped=flipped)).codes
    assert (victim.cache / "catalogue.db-journal").exists()
    assert "" == victim.find_faults_after(lambda: None, (1,))


@pytest.mark.parametrize("die", [die_before_sealing, die_before_recording_index], ids=lambda die: die.__name__)
def test_writer_killed_before_sealing_does_no_harm(die: Callable[[], None], victim: Victim) -> None:
    """Data that was written and not sealed is rebuilt at worst."""
    os.environ["CACHE"] = str(victim.cache)
    assert "" == victim.find_faults()
    assert [] == victim.run(die).codes
    assert "" == victim.find_faults_after(lambda: None)


def test_catalogue_rebuilt_by_another_process_does_no_harm(victim: Victim) -> None:
    """A process that has a catalogue open while another one rebuilds it answers right, and does no harm to the new one."""

    def replace_refresh() -> None:
        from zettel.notebook.notebook import OpenNotebook

        refresh = OpenNotebook.refresh

        def refresh_late(self: OpenNotebook, *words: object, **named: object) -> int:
            OpenNotebook.refresh = refresh
            (victim.cache / "catalogue.db").unlink()
            assert "" == victim.find_faults((1,), (0,))
            touch(victim.root / "202401010100 On trust 0.md")
            return refresh(self, *words, **named)

        OpenNotebook.refresh = refresh_late

    assert "" == victim.find_faults()
    assert "" == victim.find_faults((0,), (GRAPH, 0, SEARCH), replace_refresh)
    assert "" == victim.find_faults((0,))


# Strangers


def list_permissions_of_others(folder: Path) -> set[str]:
    """Return the permissions that others have on a folder and on everything in it."""
    return {oct(path.lstat().st_mode & 0o077) for path in (folder, *folder.rglob("*"))}


def test_cache_is_private_whatever_the_umask(victim: Victim) -> None:
    """Whatever the umask, nobody else can read or write a folder or file of the cache."""
    shutil.rmtree(victim.home)
    assert "" == victim.find_faults(before=lambda: os.umask(0))
    assert {"0o0"} == list_permissions_of_others(victim.home)


def test_cache_readable_by_others_is_closed_and_used(victim: Victim) -> None:
    """A cache that others can read is closed to them, and used."""
    assert "" == victim.find_faults()
    victim.cache.chmod(0o755)
    assert "" == victim.find_faults((0,))
    assert 0o700 == victim.cache.stat().st_mode & 0o777


def test_cache_writable_by_others_is_discarded(victim: Victim) -> None:
    """Nothing from a cache to which others could write is used."""
    assert "" == victim.find_faults()
    (victim.cache / "planted").write_bytes(b"")
    victim.cache.chmod(0o777)
    assert "" == victim.find_faults_after(lambda: None, (1,))
    assert not (victim.cache / "planted").exists()
    assert 0o700 == victim.cache.stat().st_mode & 0o777


def test_cache_below_a_folder_writable_by_others_is_not_used(victim: Victim) -> None:
    """A cache that anybody could replace is not used, and every command parses all notes and says so in one line."""
    assert "" == victim.find_faults()
    before = seal.read_folder_status(str(victim.cache))
    victim.home.chmod(0o777)
    for command in range(len(COMMANDS)):
        assert "" == victim.find_faults((1,), (command,))
    victim.home.chmod(0o700)
    assert before == seal.read_folder_status(str(victim.cache))


@is_root
@pytest.mark.parametrize("is_link", [False, True])
def test_cache_of_another_user_is_not_used(is_link: bool, victim: Victim, tmp_path: Path) -> None:
    """A cache of another user, or a symlink to one, is neither read nor written, and every command says so in one line."""
    assert "" == victim.find_faults()
    folder = victim.cache
    if is_link:
        shutil.move(victim.cache, tmp_path / "planted")
        folder = tmp_path / "planted"
        victim.cache.symlink_to(folder)
    (folder / "settings").write_bytes((folder / "settings").read_bytes().replace(b"left-out", b"20240101"))
    os.chown(folder, STRANGER, STRANGER)
    before = seal.read_folder_status(str(folder))
    for command in range(len(COMMANDS)):
        assert "" == victim.find_faults((1,), (command,))
    assert before == seal.read_folder_status(str(folder))
    victim.cache.unlink() if is_link else shutil.rmtree(victim.cache)


@is_root
def test_read_only_cache_is_used_until_a_note_changes(victim: Victim) -> None:
    """A cache that cannot be written is used until a note changes. From then on every command parses all notes and says so in one line."""
    home = Path(tempfile.mkdtemp())  # pytest's own folders are closed to other users
    root, cache = home / "notes", Path(locate_cache_folder({"XDG_CACHE_HOME": str(home / "cache")}, os.path.realpath(home / "notes")))
    shutil.copytree(victim.root, root)
    (home / "cache").mkdir()
    os.chown(home / "cache", STRANGER, STRANGER)
    home.chmod(0o755)

    def become_stranger() -> None:
        os.environ["XDG_CONFIG_HOME"] = str(home / "config")
        os.setuid(STRANGER)

    def run_as_stranger(*commands: int) -> tuple[list[str], int]:
        found = run(root, home / "cache", become_stranger, tuple(COMMANDS[at] for at in commands))
        return found.answers, found.stderr.count("\n")

    everything = tuple(range(len(COMMANDS)))
    try:
        assert (victim.expected, 0) == run_as_stranger(*everything)
        cache.chmod(0o500)
        assert (victim.expected, 0) == run_as_stranger(*everything)
        for change in (lambda: touch(root / "202401010100 On trust 0.md"), lambda: flip_bit(cache / "catalogue.db", 400_000)):
            change()
            for at in everything:
                assert ([victim.expected[at]], 1) == run_as_stranger(at)
        cache.chmod(0o700)
        assert (victim.expected, 1) == run_as_stranger(*everything)
        for file in cache.rglob("*.*"):
            file.chmod(0o400)
        assert victim.expected == run_as_stranger(*everything)[0]
        assert (victim.expected, 0) == run_as_stranger(*everything)
    finally:
        shutil.rmtree(home)


# Without any damage


def test_command_is_not_repeated_after_writing(
    notebook: Callable[[dict[str, str | bytes]], Runner], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command whose catalogue fails after it has written is not repeated, and its message says where to look."""

    def record_and_fail(notebook: OpenNotebook, path: str, done: str) -> None:
        record(notebook, path, done)
        raise sqlite3.DatabaseError("database disk image is malformed")

    record = OpenNotebook.record_new_note
    monkeypatch.setattr(OpenNotebook, "record_new_note", record_and_fail)
    root = notebook({"a.md": "# A\n"}).folder
    parsed = parse_command_line(["-N", str(root), "new", "A thought"])
    assert parsed
    assert IO == run_command(*parsed)
    assert "zettel undo --list" in capsys.readouterr().err
    assert 1 == len(list(root.glob("* A thought.md")))


def test_concurrent_processes_report_no_damage(victim: Victim) -> None:
    """Processes that write the cache and read it at once, from a cold cache on, do not report damage."""
    shutil.rmtree(victim.home)

    def work(number: int) -> int:
        for turn in range(5):
            touch(victim.root / f"{202401010100 + number * 8} On trust {number * 8}.md")
            if victim.find_faults((0,), (number % 3, SEARCH if turn % 2 else GRAPH)):
                return 1
        return 0

    children = [fork(partial(work, number)) for number in range(8)]
    assert {0} == {os.waitpid(child, 0)[1] for child in children}


# The long form


def long_form(minutes: float) -> Iterator[Figures]:
    """Damage the cache with flipped bits, truncated files, torn pages and older bytes, until the time is up."""
    chance = random.Random(20)
    with tempfile.TemporaryDirectory() as folder:
        victim = Victim(Path(folder))
        for attack in ("flipped bits", "truncated files", "torn pages", "files restored from an earlier state"):
            tried = lost = 0
            remark = ""
            end = time.monotonic() + minutes * 15
            while time.monotonic() < end:
                wrong = victim.find_faults(commands=(0, SEARCH))
                file = chance.choice([file for file in victim.list_files() if file.stat().st_size])
                size = file.stat().st_size
                at = chance.randrange(size)
                commands = (SEARCH, 0) if file.parent.name == "fulltext" else (chance.choice((0, 1, 2, 4, 5, 7)), GRAPH, SEARCH)
                if attack == "flipped bits":
                    flip_bit(file, 8 * at + chance.randrange(8))
                elif attack == "truncated files":
                    truncate(file, at)
                elif attack == "torn pages":
                    overwrite(file, bytes(min(512, size - at // 512 * 512)), at // 512 * 512)
                else:
                    restore_earlier_bytes(victim, file)
                wrong = wrong or victim.find_faults(commands=commands)
                tried += 1
                lost += bool(wrong)
                remark = remark or (wrong and f"{file.name} at {at}: {wrong}"[:300])
            yield Figures(f"the cache: {attack}", tried, lost, remark)


def restore_earlier_bytes(victim: Victim, file: Path) -> None:
    """Restore the bytes that a file had before a note changed, as a backup may do."""
    name, data = file.name, file.read_bytes()
    touch(victim.root / "202401010100 On trust 0.md")
    victim.run()
    if file.exists() and file.read_bytes() != data:
        overwrite(victim.cache.joinpath(*file.relative_to(victim.cache).parts[:-1], name), data, length=len(data))
