"""Test processes that create notes in the same minute while others search, rename, append, undo and index: none disturbs another."""

from __future__ import annotations

import fcntl
import json
import os
import re
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.attacks import Figures
from tests.attacks.lab.fork import end_with_parent
from tests.attacks.lab.forked_runner import ForkedRunner
from tests.attacks.lab.harness import memory_folder
from tests.conftest import Result, Runner
from zettel.adapters.fs import files
from zettel.adapters.fs import scan as fs_scan
from zettel.adapters.fulltext import index as fulltext_index
from zettel.model.settings.settings import DEFAULTS
from zettel.notebook.notebook import OpenNotebook
from zettel.notebook.search_index import SearchIndex

RENAMED_NOTES = 6
"""The number of notes that are renamed all the time."""

EARLY_ID = r"zettel: this minute already has a note, .*\n"
"""What the first process says whose ID is that of a later minute."""

# What the processes do


def _find_faults(words: tuple[str, ...], done: Result, expected: str = "") -> Iterator[str]:
    """Yield what is wrong with a run: a non-zero exit code, or anything on stderr except `expected`."""
    if done.code or re.sub(expected, "", done.err):
        yield f"zettel {' '.join(words)[:80]}: exit code {done.code}: {done.out[:200]}{done.err}"


def _build_text(actor: int, number: int) -> str:
    return f"Written by actor{actor}, its thought{number}. " + "It is long enough to be cut in two. " * 20


def create_notes(run: Runner, actor: int, notes: int) -> Iterator[str]:
    """Create notes, and yield those that are not what the command says it created."""
    for number in range(notes):
        title = f"Actor {actor} thought {number}"
        words = ("new", title, "--body", _build_text(actor, number))
        done = run(*words)
        yield from _find_faults(words, done, EARLY_ID)
        note_id, _, path = done.out.rstrip("\n").partition("\t")
        file = run.folder / path
        if not path or not file.is_file() or title not in (text := file.read_text()) or _build_text(actor, number).strip() not in text:
            yield f"{path!r} does not contain {title}"
        elif note_id not in path:
            yield f"{path} does not have the reported ID {note_id}"


def rename_there_and_back(run: Runner, actor: int, times: int) -> Iterator[str]:
    """Rename a note, to which others link, and which no other process renames."""
    for number in range(times):
        words = ("rename", f"2020010100{actor:02}", f"Kept {actor} {'there' if number % 2 == 0 else 'and back'}")
        yield from _find_faults(words, run(*words))


def append_lines(run: Runner, actor: int, times: int) -> Iterator[str]:
    """Append lines to a note to which others append lines too."""
    for number in range(times):
        words = ("append", "202001020000", f"actor{actor} line{number}.")
        yield from _find_faults(words, run(*words))


def ask_questions(run: Runner, actor: int, times: int) -> Iterator[str]:
    """Ask questions. The notes that no process renames or creates are in every answer."""
    questions = (
        (("search", "steadfast", "--format", "ids"), {"202001020000", "202001020001"}),
        (("list", "--format", "ids"), {"202001020000", "202001020001", *(f"2020010100{kept:02}" for kept in range(RENAMED_NOTES))}),
        (("links", "202001020001", "--json"), None),
        (("graph", "--format", "json"), None),
        (("path", "202001020001", "202001020000", "--format", "ids"), {"202001020001", "202001020000"}),
        (("backlinks", "202001020000", "--format", "ids"), {"202001020001"}),
        (("check", "--only", "duplicate-id"), None),
    )
    for number in range(times):
        words, wanted = questions[(actor + number) % len(questions)]
        done = run(*words)
        yield from _find_faults(words, done, "zettel: no problems found\n")
        if wanted and not wanted <= set(done.out.split()):
            yield f"zettel {' '.join(words)}: {wanted - set(done.out.split())} not in {done.out[:500]!r}"
        if words[0] == "links" and done.out and len(json.loads(done.out)["links"]) != RENAMED_NOTES + 1:
            yield f"zettel {' '.join(words)}: {done.out}"
        if words[0] == "graph" and done.out:
            lost = [link for link in json.loads(done.out)["links"] if link["status"] != "ok"]
            if lost:
                yield f"links without a note: {lost}"


def update_index(run: Runner, actor: int, times: int) -> Iterator[str]:
    """Bring the index up to date, and rebuild it every other time."""
    for number in range(times):
        words = ("index", "--rebuild") if (actor + number) % 2 else ("index",)
        yield from _find_faults(words, run(*words))


# The attack


def create_notebook(folder: Path) -> Path:
    """Create a notebook with a note that links to all that are renamed and to one that is appended to."""
    root = folder / "notebook"
    (root / ".zettel").mkdir(parents=True)
    for kept in range(RENAMED_NOTES):
        (root / f"2020010100{kept:02} Kept {kept}.md").write_text(f"# Kept {kept}\n\nKept.\n")
    links = "".join(f"See [[2020010100{kept:02} Kept {kept}]].\n" for kept in range(RENAMED_NOTES))
    (root / "202001020000 Counted.md").write_text("# Counted\n\nA steadfast note.\n")
    (root / "202001020001 All.md").write_text(f"# All\n\nA steadfast note as well.\n\n{links}\nSee [[202001020000]].\n")
    return root


def run_at_once(run: Runner, works: list[tuple[Callable[..., Iterator[str]], int, int]]) -> list[str]:
    """Run every (work, number of the actor, times) in a process of its own, all at once, and return what went wrong."""
    context = get_context("fork")
    queue = context.SimpleQueue()
    gate = context.Barrier(len(works))
    tests = os.getpid()

    def act(work: Callable[..., Iterator[str]], actor: int, times: int) -> None:
        wrong: list[str] = []
        try:
            end_with_parent(tests)
            gate.wait()
            wrong += work(run, actor, times)
        except BaseException:  # noqa: BLE001 - reported to the parent
            wrong.append(traceback.format_exc())
        queue.put(wrong)

    processes = [context.Process(target=act, args=work) for work in works]
    for process in processes:
        process.start()
    wrong = [line for _ in works for line in queue.get()]
    for process in processes:
        process.join()
    return wrong


def _collect_answers(run: Runner, makers: int) -> list[str]:
    questions = [
        ("graph", "--format", "json"),
        ("list", "--json"),
        ("search", "steadfast", "--json"),
        ("search", "written", "--json", "--limit", "2000"),
        ("search", "line", "--json"),
        ("search", "kept", "--json", "--limit", "50"),
        ("check", "--json"),
        *(("search", f"actor{actor}", "--format", "json", "--limit", "200") for actor in range(makers)),
    ]
    return [_drop_scores(run(*words).out) for words in questions]


def _drop_scores(text: str) -> object:
    """Return an answer without scores: words that notes no longer contain count until Whoosh merges its segments."""
    found = json.loads(text)
    for row in found.get("results", ()):
        del row["score"]
    found.get("results", []).sort(key=lambda row: row["path"])
    return found


def run_attack(folder: Path, makers: int, notes: int, times: int, *, is_real: bool) -> tuple[int, list[str]]:
    """Run all actors at once, and return how many commands were run and what went wrong."""
    root, runner = create_notebook(folder), Runner if is_real else ForkedRunner
    run = runner(root, folder / "home")
    works = [(create_notes, actor, notes) for actor in range(makers)]
    works += [(rename_there_and_back, actor, times) for actor in range(2)]
    works += [(append_lines, actor, times) for actor in range(2)]
    works += [(ask_questions, actor, times) for actor in range(2)]
    works += [(update_index, 1, times)]
    wrong = run_at_once(run, works)
    wrong += find_missing(root, makers, notes, times)
    warm = _collect_answers(run, makers)
    cold = _collect_answers(runner(root, folder / "another home"), makers)
    wrong += [f"with a new index: {now} ... {after}" for now, after in zip(warm, cold, strict=True) if now != after]
    return sum(count for _, _, count in works), wrong


def find_missing(root: Path, makers: int, notes: int, times: int) -> Iterator[str]:
    """Yield what is wrong with the notes after everything is done."""
    texts = {file.name: file.read_text() for file in root.glob("*.md")}
    new = {name: text for name, text in texts.items() if "Actor" in name}
    if len(texts) != RENAMED_NOTES + 2 + makers * notes or len(new) != makers * notes:
        yield f"{len(texts)} files, {len(new)} of them new"
    ids = {name[:12] for name in texts}
    if len(ids) != len(texts):
        yield f"{len(texts) - len(ids)} IDs are used twice"
    for actor in range(makers):
        for number in range(notes):
            found = [text for name, text in new.items() if f"Actor {actor} thought {number}.md" in name]
            if len(found) != 1 or _build_text(actor, number).strip() not in found[0]:
                yield f"Actor {actor} thought {number} exists {len(found)} times"
    counted = next(text for name, text in texts.items() if name.startswith("202001020000"))
    for actor in range(2):
        if [f"line{number}" for number in range(times)] != re.findall(rf"actor{actor} (line\d+)\.", counted):
            yield f"lines of {actor} are lost: {counted}"
    left = sorted(file.name for file in root.rglob("*") if file.name.endswith((".tmp", "pending")))
    if left:
        yield f"left behind: {left}"


def test_concurrent_commands_lose_nothing() -> None:
    """Notes created in the same minute, renames, appended lines, questions and rebuilds at once: nothing is lost, and no lock is reported."""
    with memory_folder() as folder:
        _, wrong = run_attack(folder, makers=4, notes=8, times=8, is_real=False)
    assert [] == wrong


def open_notebook(root: Path) -> OpenNotebook:
    """Open a notebook as one process does."""
    return OpenNotebook(str(root), dict(DEFAULTS), {"XDG_CACHE_HOME": str(root.parent / "cache")}, pytest.fail)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A notebook of two notes, which are not parsed again merely because they are new."""
    monkeypatch.setattr(files, "TICK", 0)
    (tmp_path / "notes" / ".zettel").mkdir(parents=True)
    (tmp_path / "notes" / "a.md").write_text("# Alpha\n\nSee [[b]].\n")
    (tmp_path / "notes" / "b.md").write_text("# Beta\n")
    return tmp_path / "notes"


def call_after_scan(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
    """Call `work` right after the next scan of the files, before its result is used."""
    scan = fs_scan.scan_notes

    def scan_and_call(*given: object) -> object:
        found = scan(*given)  # type: ignore[arg-type]
        monkeypatch.setattr(fs_scan, "scan_notes", scan)
        work()
        return found

    monkeypatch.setattr(fs_scan, "scan_notes", scan_and_call)


def test_slow_process_keeps_newer_entries(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process has parsed since the scan stays, stamps included, and is not parsed again."""
    slow, fast = open_notebook(root), open_notebook(root)

    def overtake() -> None:
        (root / "b.md").write_text("# Gamma, which is longer\n")
        (root / "new.md").write_text("# New\n")
        fast.refresh()

    slow.refresh()
    (root / "b.md").write_text("# Between\n")
    call_after_scan(monkeypatch, overtake)
    slow.refresh()
    for notebook in (slow, fast):
        assert ["Alpha", "Gamma, which is longer", "New"] == sorted(note.title for note in notebook.catalogue.list_notes())
        assert b"# New\n" == notebook.read_unchanged_bytes("new.md")
        assert 0 == notebook.refresh()


def test_rebuild_holds_the_lock(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that rebuilds the catalogue holds the notebook's lock, or a note created meanwhile would be lost and its ID used again."""
    tries: list[BlockingIOError] = []

    def take_the_lock() -> None:
        descriptor = os.open(root, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            tries.append(error)
        finally:
            os.close(descriptor)

    call_after_scan(monkeypatch, take_the_lock)
    open_notebook(root).refresh(from_scratch=True)
    assert 1 == len(tries)


def test_note_renamed_during_a_scan_is_known_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that is renamed during a scan is known by its new name only."""
    notebook = open_notebook(root)
    notebook.refresh()

    def rename() -> None:
        done = ForkedRunner(root, root.parent / "home")("move", "b.md", "c.md")
        assert 0 == done.code

    (root / "a.md").write_text("# Alpha, changed\n\nSee [[b]].\n")
    call_after_scan(monkeypatch, rename)
    notebook.refresh()
    assert ["a.md", "c.md"] == sorted(note.path for note in notebook.catalogue.list_notes())
    assert "c.md" == notebook.catalogue.find_links("a.md")[0].resolution.target


def test_note_changed_while_indexed_is_indexed_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that changes while it is indexed is indexed again the next time."""
    first, second = open_notebook(root), open_notebook(root)
    first.refresh()
    entry = SearchIndex._build_entry

    def build_and_overtake(self: SearchIndex, path: str) -> object:
        found = entry(self, path)
        if path == "b.md":
            (root / "b.md").write_text("# Delta\n")
            second.refresh()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(SearchIndex, "_build_entry", build_and_overtake)
        first.query_fulltext(lambda index: index.reader.note_count)
    assert {"b.md": 1} == dict.fromkeys(first.catalogue.load_index_queue(), 1)
    found = second.query_fulltext(lambda index: [index.reader.paths[number] for number in index.reader.find_notes_with_word("delta")])
    assert ["b.md"] == found


def test_index_that_vanishes_while_opened_is_retried(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that finds the index half written by another one waits for it and reports nothing."""
    notebook = open_notebook(root)
    notebook.refresh()
    assert 2 == notebook.query_fulltext(lambda index: index.reader.note_count)
    real = fulltext_index.FullTextIndex.open
    tries = iter((True, False, False, False))

    def open_or_vanish(self: fulltext_index.FullTextIndex, seal: str | None) -> bool:
        if next(tries):
            raise FileNotFoundError("MAIN_abc.trm")
        return real(self, seal)

    monkeypatch.setattr(fulltext_index.FullTextIndex, "open", open_or_vanish)
    assert 2 == notebook.query_fulltext(lambda index: index.reader.note_count)


def long_form(minutes: float) -> Iterator[Figures]:
    """Create 100 notes in each of 8 processes while 7 others do everything else. Then repeat that in short until the time is up."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tried, wrong = run_attack(Path(folder), makers=8, notes=100, times=100, is_real=True)
        yield Figures(
            "8 processes create 100 notes each in the same minute, 7 others rename, append, ask and index",
            tried,
            len(wrong),
            _shorten_first(wrong),
        )
    tried, wrong = 0, []
    while time.monotonic() < began + 60 * minutes:
        with memory_folder() as folder:
            count, found = run_attack(folder, makers=8, notes=10, times=20, is_real=False)
            tried, wrong = tried + count, wrong + found
    yield Figures("the same in short, again and again", tried, len(wrong), _shorten_first(wrong))


def _shorten_first(wrong: list[str]) -> str:
    return " ".join(wrong[0].split())[:300] if wrong else ""
