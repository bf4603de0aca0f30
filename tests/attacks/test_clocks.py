"""Clocks and time stamps that lie: a clock that goes back, stamps that are set, kept or too coarse to tell two edits apart."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.attacks import Figures
from tests.attacks.lab.harness import in_memory
from zettel.adapters.fs import files, scan
from zettel.adapters.journal import names
from zettel.commands import append, check, new, undo
from zettel.commands import list as listing
from zettel.commands import search as searching
from zettel.model.settings.settings import DEFAULTS
from zettel.notebook.notebook import OpenNotebook
from zettel.session import GlobalOptions, Session

WORDS = ("alpha", "gamma", "delta", "kappa", "sigma", "omega", "theta")
"""Of one length, so that notes of them have one size."""


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for notes where waiting for the disk takes no time."""
    with in_memory() as folder:
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        (folder / "notes").mkdir()
        yield folder / "notes"


def opened(root: Path) -> OpenNotebook:
    """The notebook, with its cache beside it."""
    return OpenNotebook(str(root), dict(DEFAULTS), {"XDG_CACHE_HOME": str(root.parent / "cache")}, pytest.fail)


def write(file: Path, word: str) -> None:
    """Write a note of one size, whatever its word."""
    file.write_bytes(f"# Note of {word}\n\nIt speaks of {word}.\n".encode())


def is_known(notebook: OpenNotebook, path: str, word: str) -> bool:
    """Whether the catalogue and the index, brought up to date, know a note as it is."""
    from zettel.model.search.query import parse_query

    notebook.refresh()
    today = datetime(2024, 3, 15).date()
    found = [
        {hit for hit, _ in notebook.query_fulltext(lambda index, word=word: index.search(parse_query(word, today)))}  # type: ignore[misc]
        for word in WORDS
    ]
    return notebook.find_notes_by_path([path])[path].title == f"Note of {word}" and found == [
        {path} if other == word else set() for other in WORDS
    ]


# What an edit may do to a note's stamps, which are (mtime, size) before it


def _kept(file: Path, word: str) -> None:
    stamp = file.stat().st_mtime_ns
    write(file, word)
    os.utime(file, ns=(stamp, stamp))


def _replaced(file: Path, word: str) -> None:
    other = file.with_name("other")
    write(other, word)
    shutil.copystat(file, other)
    other.replace(file)


def _backwards(file: Path, word: str) -> None:
    write(file, word)
    os.utime(file, ns=(10**18, 10**18))


def _future(file: Path, word: str) -> None:
    write(file, word)
    os.utime(file, ns=(4 * 10**18, 4 * 10**18))


def _beyond(file: Path, word: str) -> None:
    write(file, word)
    os.utime(file, (2**33, 2**33))


def _before_1970(file: Path, word: str) -> None:
    write(file, word)
    os.utime(file, ns=(-(10**18), -(10**18)))


def _moved_in(file: Path, word: str) -> None:
    aside = file.parent / "aside"
    aside.mkdir(exist_ok=True)
    stamp = file.stat().st_mtime_ns
    write(aside / file.name, word)
    os.utime(aside / file.name, ns=(stamp, stamp))
    file.unlink()
    (aside / file.name).rename(file)


EDITS = (_kept, _replaced, _backwards, _future, _beyond, _before_1970, _moved_in)


@pytest.mark.parametrize("edit", EDITS)
def test_stamps_that_lie(edit: Callable[[Path, str], None], root: Path) -> None:
    """An edit is seen at once, whatever is done to the modification time and though the size stays: the change time tells."""
    file = root / "a.md"
    write(file, WORDS[0])
    notebook = opened(file.parent)
    assert is_known(notebook, "a.md", WORDS[0])
    for word in WORDS[1:4]:
        edit(file, word)
        assert is_known(notebook, "a.md", word)


def edits_unseen(root: Path, times: int) -> int:
    """Rewrite a note with as many bytes right after each look at it; how often the next look did not see it."""
    notebook = opened(root)
    lost = 0
    for number in range(times):
        write(root / "a.md", WORDS[number % 2])
        notebook.refresh()
        write(root / "a.md", WORDS[number % 2 + 1])
        notebook.refresh()
        lost += notebook.find_notes_by_path(["a.md"])["a.md"].title != f"Note of {WORDS[number % 2 + 1]}"
    notebook.connection.close()
    return lost


TICKS = (0, 4_000_000, 10_000_000, 1_000_000_000, 2_000_000_000)
"""Nanoseconds: the clock as it is here, two of Linux, HFS+ and most that is unpacked, FAT."""


def make_coarse(patch: pytest.MonkeyPatch, tick: int) -> None:
    """Have stamps as a file system has them whose clock has such a tick."""

    def stamp(info: os.stat_result) -> files.FileStamp:
        return info.st_mtime_ns // tick * tick, info.st_size, info.st_ctime_ns // tick * tick

    patch.setattr(files, "build_stamp", stamp)
    patch.setattr(scan, "build_stamp", stamp)


@pytest.mark.parametrize("tick", TICKS)
def test_edits_within_a_tick_of_the_clock(tick: int, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit that leaves a note all its stamps, since it comes right after zettel has looked, is seen all the same."""
    if tick:
        make_coarse(monkeypatch, tick)
    assert 0 == edits_unseen(root, 100)


def test_a_note_that_was_just_written_is_edited(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that is to be read again, since it is so new, is not taken for one that has changed meanwhile."""
    make_coarse(monkeypatch, 2_000_000_000)
    file = root / "a.md"
    write(file, WORDS[0])
    for number in range(3):
        append.run(Session(GlobalOptions(notebook=str(file.parent))), note="a.md", text=[f"Line {number}."])
    assert file.read_text().endswith("Line 0.\n\nLine 1.\n\nLine 2.\n")


def test_a_note_that_is_old_enough_is_read_once(root: Path) -> None:
    """A note is read again only as long as its stamps could hide an edit."""
    file = root / "a.md"
    write(file, WORDS[0])
    time.sleep(files.TICK / 1e9)
    notebook = opened(file.parent)
    assert [1, 0] == [notebook.refresh(), notebook.refresh()]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2024, 3, 31, 3, 30)

    def time_ns(self) -> int:
        """As `time.time_ns`."""
        return int(self.now.timestamp() * 1e9)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What zettel takes for the time."""
    found = Clock()
    monkeypatch.setattr(Session, "now", lambda _: found.now)
    monkeypatch.setattr(time, "time_ns", found.time_ns)
    monkeypatch.setattr(files, "time_ns", found.time_ns)
    return found


@pytest.mark.parametrize("seconds", [59, 3600, 86_400 * 366 * 10, -86_400 * 366 * 80])
def test_a_clock_that_goes_back(clock: Clock, seconds: int, root: Path) -> None:
    """Notes made while the clock goes back (a minus: forward) have IDs of their own, and what was done last is taken back first."""
    (root / ".zettel").mkdir()

    def session() -> Session:
        return Session(GlobalOptions(notebook=str(root)))

    for number in range(6):
        new.run(session(), words=[f"Thought {number}"], tag=[])
        append.run(session(), note=f"Thought {number}", text=["More", "of", "it."])
        clock.now -= timedelta(seconds=seconds)
    notes = session().open_notebook().list_notes()
    assert {f"Thought {number}" for number in range(6)} == {note.title for note in notes}
    assert 6 == len({note.id for note in notes})
    assert sorted(names.list_entry_names(str(root))) == sorted({*names.list_entry_names(str(root))})
    assert 6 == len(searching.run(session(), words=["more"]).rows)
    assert 6 == len(listing.run(session(), sort="modified-").rows)
    assert 0 == check.run(session(), only=["duplicate-id"]).exit_code
    for number in reversed(range(6)):
        assert f'undone: add to "Thought {number}"' in str(undo.run(session()).tree)
        assert f'undone: new "Thought {number}"' in str(undo.run(session()).tree)
    assert [] == session().open_notebook().list_notes()


def long_form(minutes: float) -> Iterator[Figures]:
    """The same-size edit right after a look, thousands of times, on the clock as it is and on coarser ones."""
    for tick in TICKS:
        with in_memory() as folder, pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
            if tick:
                make_coarse(patch, tick)
            times = int(600 * minutes)
            (folder / "notes").mkdir()
            lost = edits_unseen(folder / "notes", times)
        yield Figures(
            "an edit of the same size right after a look",
            times,
            lost,
            f"time stamps of {tick / 1e6:.0f} ms" if tick else "as the disk has them",
        )
