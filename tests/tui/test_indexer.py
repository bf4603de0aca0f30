"""Test the long work beside the screen: while all notes are read or indexed by a process of its own, keys do what they always do."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.tui.lab import Browsing, Notebook, write_notebook
from tests.tui.test_flows import THREE
from zettel.adapters import own_process
from zettel.model.base.errors import NotIndexed
from zettel.model.browse.keys import LIST, NOTE, SUGGESTION
from zettel.session import GlobalOptions, Session
from zettel.tui import index_child, indexer, lanes

PATIENCE = 30.0
"""Seconds after which nothing is waited for any more."""

MANY, BATCH = 600, 500
"""So many notes that forked processes index them, and how many of them are put into the index at a time."""

HELD = """
import os, sys, time
os.write(1, b"+Indexing text: 1 of 3\\n")
while not os.path.exists({gate!r}):
    time.sleep(0.02)
    os.write(1, b"+Indexing text: 2 of 3\\n")
sys.path.insert(0, {root!r})
from zettel.tui.index_child import main
main()
"""
"""A process that goes on only once there is a file."""

UNREAD = """
import sys, time
sys.path.insert(0, {root!r})
from zettel.adapters.fulltext import index
from zettel.tui import index_child
write = index_child._write
def write_and_wait(sign, text):
    write(sign, text)
    while text.startswith({words!r}):
        time.sleep(0.02)
        write(sign, text)
index.BATCH_SIZE, index_child.REPORT_SECONDS, index_child._write = {batch}, -1, write_and_wait
index_child.main()
"""
"""A process that goes on from a certain note only once nobody reads what it writes."""


class Gate:
    """Holds back every process that indexes, and has a list of them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, module: str, words: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start a process that waits before it does what it should."""
        code = HELD.format(gate=str(self._file), root=str(ROOT))
        self.processes.append(subprocess.Popen([sys.executable, "-c", code, *words], env=environ, stdout=subprocess.PIPE))
        return self.processes[-1]

    def open(self) -> None:
        """Let the processes go on."""
        self._file.touch()


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """A gate before the process that indexes, which is started for more than one note."""
    found = Gate(tmp_path / "gate")
    monkeypatch.setattr(indexer, "start_own_process", found.start)
    monkeypatch.setattr(lanes, "MAX_NOTES", 1)
    return found


@pytest.fixture
def three(tmp_path: Path) -> Notebook:
    """A notebook of three notes."""
    return write_notebook(tmp_path, {**THREE})


def open_session(notebook: Notebook) -> Session:
    """Return a session in a notebook."""
    return Session(GlobalOptions(str(notebook.folder)), {"HOME": str(notebook.home), "XDG_CACHE_HOME": str(notebook.home / "cache")})


async def wait_until(one: Browsing, is_so: Callable[[], object]) -> None:
    """Wait until something is so, while other work may go on."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while not is_so():
        assert asyncio.get_running_loop().time() < end, "\n".join(one.read())
        await one.pilot.pause(0.01)


def browse_beside(notebook: Notebook, gate: Gate, drive: Callable[[Browsing], object]) -> None:
    """Browse without waiting for what goes on beside the screen."""
    app = notebook.build_app()

    async def run() -> None:
        async with app.run_test(size=(120, 40)) as pilot:
            await drive(Browsing(app, pilot))  # type: ignore[misc]

    try:
        asyncio.run(run())
    finally:
        app.close()
        gate.open()
    for process in gate.processes:
        process.wait(PATIENCE)


def test_names_narrow_and_notes_are_read_while_their_text_is_indexed(three: Notebook, gate: Gate) -> None:
    """While the index is made, words narrow by name and a note is read and captured; then the text of notes joins."""
    open_session(three).open_notebook()

    async def drive(one: Browsing) -> None:
        await wait_until(one, lambda: "3 notes" in one.read()[0])
        await one.pilot.press(*"exe")
        await wait_until(one, lambda: one.shows("1 of 3 notes"))
        await wait_until(one, lambda: one.shows("Indexing text: 2 of 3"))
        assert one.app.state.is_waiting("text")
        await one.pilot.press("enter")
        await wait_until(one, lambda: one.shows("Nothing here is about the other one."))
        await one.pilot.press("c", *"New", "enter")
        await wait_until(one, lambda: list(three.folder.glob("*New.md")))
        await one.pilot.press("backspace")
        assert not any(hit.sentence for hit in one.app.state.place.hits)
        gate.open()
        await wait_until(one, lambda: any(hit.sentence for hit in one.app.state.place.hits))
        await one.settle()
        assert one.shows("Execution is the sum of them.")
        await wait_until(one, lambda: not one.shows("Indexing"))

    browse_beside(three, gate, drive)
    assert 1 == len(gate.processes)


def test_only_the_last_query_is_answered_once_the_index_is_there(three: Notebook, gate: Gate) -> None:
    """Of several queries that were typed while the index was made, the last one is searched, and the others are dropped."""
    open_session(three).open_notebook()

    async def drive(one: Browsing) -> None:
        await one.pilot.press(*"renegotiated")
        await wait_until(one, lambda: gate.processes)
        await one.pilot.press("ctrl+u", *"small")
        gate.open()
        await wait_until(one, lambda: one.app.state.place.hits)
        await one.settle()
        assert 2 == len(one.app.state.place.hits)
        assert all(("small", "hit") in hit.sentence for hit in one.app.state.place.hits)

    browse_beside(three, gate, drive)


def test_suggestions_wait_and_can_be_left(three: Notebook, gate: Gate) -> None:
    """Suggestions need the index: they say that they wait, Esc leaves them, and they are there when it is."""
    open_session(three).open_notebook()

    async def drive(one: Browsing) -> None:
        await wait_until(one, lambda: "3 notes" in one.read()[0])
        await one.pilot.press("enter")
        await one.pilot.press("s")
        await wait_until(one, lambda: one.shows("looking for links … Indexing text"))
        assert SUGGESTION == one.app.state.mode
        await one.pilot.press("escape")
        assert NOTE == one.app.state.mode
        gate.open()
        await one.settle()
        assert NOTE == one.app.state.mode

    browse_beside(three, gate, drive)


def test_notes_are_read_for_the_first_time_beside_the_screen(three: Notebook, gate: Gate) -> None:
    """In a notebook that was never read, the screen is there at once, says how far the reading is, and takes keys."""

    async def drive(one: Browsing) -> None:
        await wait_until(one, lambda: one.shows("Indexing text: 2 of 3"))
        await one.pilot.press(*"trust")
        assert one.shows("> trust")
        assert LIST == one.app.state.mode
        gate.open()
        await wait_until(one, lambda: one.shows("1 of 3 notes"))

    browse_beside(three, gate, drive)


def test_quitting_does_not_wait_for_the_index(three: Notebook, gate: Gate) -> None:
    """The app ends while notes are read for the first time, and the process that reads them ends, too."""

    async def drive(one: Browsing) -> None:
        await wait_until(one, lambda: gate.processes)
        await one.pilot.press("ctrl+q")
        await wait_until(one, lambda: not one.app.is_running)
        one.app.close()
        assert gate.processes[0].wait(PATIENCE)

    browse_beside(three, gate, drive)


@pytest.mark.parametrize("code", ["raise SystemExit(1)", "import os; os.kill(os.getpid(), 9)", None])
def test_without_the_process_the_screen_does_its_work(code: str | None, three: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the process that indexes fails or cannot be started, notes are read and indexed in a thread."""

    def fail(*_: object) -> subprocess.Popen[bytes]:
        if code is None:
            raise FileNotFoundError
        return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)

    monkeypatch.setattr(indexer, "start_own_process", fail)
    monkeypatch.setattr(lanes, "MAX_NOTES", 1)

    async def drive(one: Browsing) -> None:
        await one.type("renegotiated")
        assert one.shows("1 of 3 notes")

    three.browse(drive)


@pytest.mark.process
@pytest.mark.parametrize(
    ("words", "unindexed"), [("Reading notes: 1 of", 0), ("Indexing text: 2 of", MANY), (f"Indexing text: {BATCH + 1} of", MANY - BATCH)]
)
def test_a_process_that_nobody_reads_ends_and_leaves_nothing_half_done(words: str, unindexed: int, tmp_path: Path) -> None:
    """When the app ends, the process ends at the next note. What it has finished stays, and the next one goes on without a complaint."""
    notebook = write_notebook(
        tmp_path, {f"{202401010000 + number} N{number}.md": f"# N{number}\n\nWord{number}.\n" for number in range(MANY)}
    )
    environ = {"HOME": str(notebook.home), "XDG_CACHE_HOME": str(notebook.home / "cache")}
    code = UNREAD.format(root=str(ROOT), batch=BATCH, words=words)
    process = subprocess.Popen([sys.executable, "-c", code, str(notebook.folder)], env=environ, stdout=subprocess.PIPE)
    assert process.stdout
    assert any(line.startswith(f"+{words}".encode()) for line in process.stdout)
    process.stdout.close()
    assert 1 == process.wait(PATIENCE)
    assert not list(notebook.home.rglob("*.new"))
    assert unindexed == open_session(notebook).open_notebook(refresh=False).count_unindexed()
    process = own_process.start_own_process(indexer.CHILD, [str(notebook.folder)], environ)
    written, _ = process.communicate(timeout=PATIENCE)
    assert 0 == process.returncode
    assert not [line for line in written.decode().splitlines() if line.startswith(index_child.MESSAGE)]
    session = open_session(notebook)
    assert 0 == session.open_notebook().count_unindexed()
    assert MANY == session.open_notebook().query_fulltext(lambda index: index.reader.note_count)


def test_a_search_does_not_begin_what_takes_long(three: Notebook) -> None:
    """A notebook that may index few notes for a search says so instead of indexing many."""
    notebook = open_session(three).open_notebook()
    notebook.max_unindexed = 2
    with pytest.raises(NotIndexed, match="the text of 3 notes is not indexed yet"):
        notebook.query_fulltext(lambda index: index.reader.note_count)
    notebook.max_unindexed = 3
    assert 3 == notebook.query_fulltext(lambda index: index.reader.note_count)
