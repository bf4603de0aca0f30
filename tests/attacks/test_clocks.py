"""Test false clocks and time stamps: a clock that goes back, and stamps that are set, kept, or too coarse to tell two edits apart."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.attacks import Figures
from tests.attacks.lab.harness import memory_folder
from zettel.adapters.fs import files, scan
from zettel.adapters.journal import names
from zettel.commands import append, check, new, undo
from zettel.commands import list as listing
from zettel.commands import search as searching
from zettel.model.settings.settings import DEFAULTS
from zettel.notebook.notebook import OpenNotebook
from zettel.services.filters import FilterOptions
from zettel.session import GlobalOptions, Session

WORDS = ("alpha", "gamma", "delta", "kappa", "sigma", "omega", "theta")
"""All of one length, so that the notes that contain them have one size."""


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for notes, in memory if possible."""
    with memory_folder() as folder:
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        (folder / "notes").mkdir()
        yield folder / "notes"


def open_notebook(root: Path) -> OpenNotebook:
    """Open the notebook, with its cache beside it."""
    return OpenNotebook(str(root), dict(DEFAULTS), {"XDG_CACHE_HOME": str(root.parent / "cache")}, pytest.fail)


def write(file: Path, word: str) -> None:
    """Write a note that has the same size whatever its word."""
    file.write_bytes(f"# Note of {word}\n\nIt speaks of {word}.\n".encode())


def is_known(notebook: OpenNotebook, path: str, word: str) -> bool:
    """Bring the catalogue and the index up to date, and return whether both know a note as it is."""
    notebook.refresh()
    found = notebook.query_fulltext(
        lambda index: [{index.reader.paths[number] for number in index.reader.find_notes_with_word(word)} for word in WORDS]
    )
    return notebook.catalogue.find_notes_by_path([path])[path].title == f"Note of {word}" and found == [
        {path} if other == word else set() for other in WORDS
    ]


# What an edit may do to a note's stamps


def _keep_time(file: Path, word: str) -> None:
    stamp = file.stat().st_mtime_ns
    write(file, word)
    os.utime(file, ns=(stamp, stamp))


def _replace_file(file: Path, word: str) -> None:
    other = file.with_name("other")
    write(other, word)
    shutil.copystat(file, other)
    other.replace(file)


def _set_earlier_time(file: Path, word: str) -> None:
    write(file, word)
    os.utime(file, ns=(10**18, 10**18))


def _set_future_time(file: Path, word: str) -> None:
    write(file, word)
    os.utime(file, ns=(4 * 10**18, 4 * 10**18))


def _set_time_beyond_32_bits(file: Path, word: str) -> None:
    write(file, word)
    os.utime(file, (2**33, 2**33))


def _set_time_before_1970(file: Path, word: str) -> None:
    write(file, word)
    os.utime(file, ns=(-(10**18), -(10**18)))


def _move_in(file: Path, word: str) -> None:
    aside = file.parent / "aside"
    aside.mkdir(exist_ok=True)
    stamp = file.stat().st_mtime_ns
    write(aside / file.name, word)
    os.utime(aside / file.name, ns=(stamp, stamp))
    file.unlink()
    (aside / file.name).rename(file)


EDITS = (_keep_time, _replace_file, _set_earlier_time, _set_future_time, _set_time_beyond_32_bits, _set_time_before_1970, _move_in)


@pytest.mark.parametrize("edit", EDITS)
def test_edit_with_false_stamps_is_seen(edit: Callable[[Path, str], None], root: Path) -> None:
    """An edit is seen at once whatever the modification time and even if the size stays, since the change time differs."""
    file = root / "a.md"
    write(file, WORDS[0])
    notebook = open_notebook(file.parent)
    assert is_known(notebook, "a.md", WORDS[0])
    for word in WORDS[1:4]:
        edit(file, word)
        assert is_known(notebook, "a.md", word)


def count_unseen_edits(root: Path, times: int) -> int:
    """Rewrite a note with as many bytes right after each refresh, and count how often the next refresh missed that."""
    notebook = open_notebook(root)
    lost = 0
    for number in range(times):
        write(root / "a.md", WORDS[number % 2])
        notebook.refresh()
        write(root / "a.md", WORDS[number % 2 + 1])
        notebook.refresh()
        lost += notebook.catalogue.find_notes_by_path(["a.md"])["a.md"].title != f"Note of {WORDS[number % 2 + 1]}"
    notebook.catalogue.connection.close()
    return lost


TICKS = (0, 4_000_000, 10_000_000, 1_000_000_000, 2_000_000_000)
"""Nanoseconds: the clock of this system, two clocks of Linux, HFS+ and most archives, FAT."""


def make_coarse(patch: pytest.MonkeyPatch, tick: int) -> None:
    """Round stamps as on a file system whose clock has this tick."""

    def stamp(info: os.stat_result) -> files.FileStamp:
        return info.st_mtime_ns // tick * tick, info.st_size, info.st_ctime_ns // tick * tick

    patch.setattr(files, "build_stamp", stamp)
    patch.setattr(scan, "build_stamp", stamp)


@pytest.mark.parametrize("tick", TICKS)
def test_edit_within_a_clock_tick_is_seen(tick: int, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit right after a refresh, which leaves all stamps as they were, is seen."""
    if tick:
        make_coarse(monkeypatch, tick)
    assert 0 == count_unseen_edits(root, 100)


def test_note_just_written_can_be_changed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that is parsed again because it is new is not taken for one that somebody else has changed."""
    make_coarse(monkeypatch, 2_000_000_000)
    file = root / "a.md"
    write(file, WORDS[0])
    for number in range(3):
        append.run(Session(GlobalOptions(notebook=str(file.parent))), note="a.md", text=[f"Line {number}."])
    assert file.read_text().endswith("Line 0.\n\nLine 1.\n\nLine 2.\n")


def test_old_note_is_parsed_once(root: Path) -> None:
    """A note is parsed again only while its stamps could hide an edit."""
    file = root / "a.md"
    write(file, WORDS[0])
    time.sleep(files.TICK / 1e9)
    notebook = open_notebook(file.parent)
    assert [1, 0] == [notebook.refresh(), notebook.refresh()]


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = datetime(2024, 3, 31, 3, 30)

    def time_ns(self) -> int:
        """Return the time as `time.time_ns` does."""
        return int(self.now.timestamp() * 1e9)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that zettel reads."""
    found = Clock()
    monkeypatch.setattr(Session, "now", lambda _: found.now)
    monkeypatch.setattr(time, "time_ns", found.time_ns)
    monkeypatch.setattr(files, "time_ns", found.time_ns)
    return found


@pytest.mark.parametrize("seconds", [59, 3600, 86_400 * 366 * 10, -86_400 * 366 * 80])
def test_clock_set_back_keeps_ids_unique_and_undo_in_order(clock: Clock, seconds: int, root: Path) -> None:
    """If the clock goes back (or forward, with a minus), notes have IDs of their own, and undo takes the latest change first."""
    (root / ".zettel").mkdir()

    def session() -> Session:
        return Session(GlobalOptions(notebook=str(root)))

    for number in range(6):
        new.run(session(), words=[f"Thought {number}"], tag=[])
        append.run(session(), note=f"Thought {number}", text=["More", "of", "it."])
        clock.now -= timedelta(seconds=seconds)
    notes = session().open_notebook().catalogue.list_notes()
    assert {f"Thought {number}" for number in range(6)} == {note.title for note in notes}
    assert 6 == len({note.id for note in notes})
    assert sorted(names.list_entry_names(str(root))) == sorted({*names.list_entry_names(str(root))})
    assert 6 == len(searching.run(session(), words=["more"], filters=FilterOptions()).rows)
    assert 6 == len(listing.run(session(), filters=FilterOptions(sort="modified-")).rows)
    assert 0 == check.run(session(), only=["duplicate-id"]).exit_code
    for number in reversed(range(6)):
        assert f'undone: add to "Thought {number}"' in str(undo.run(session()).branches)
        assert f'undone: new "Thought {number}"' in str(undo.run(session()).branches)
    assert [] == session().open_notebook().catalogue.list_notes()


def long_form(minutes: float) -> Iterator[Figures]:
    """Edit a note without changing its size right after a refresh, thousands of times, on this system's clock and on coarser ones."""
    for tick in TICKS:
        with memory_folder() as folder, pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
            if tick:
                make_coarse(patch, tick)
            times = int(600 * minutes)
            (folder / "notes").mkdir()
            lost = count_unseen_edits(folder / "notes", times)
        yield Figures(
            "an edit of the same size right after a refresh",
            times,
            lost,
            f"time stamps of {tick / 1e6:.0f} ms" if tick else "time stamps of this disk",
        )
