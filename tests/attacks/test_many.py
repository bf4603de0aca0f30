"""Many at once: processes make notes in the same minute while others search, rename, append, undo and index, and nobody is in anybody's way."""

from __future__ import annotations

import fcntl
import json
import os
import re
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.attacks import Figures
from tests.attacks.lab.forked import Forked
from tests.attacks.lab.forks import end_with
from tests.attacks.lab.harness import in_memory
from tests.conftest import Result, Runner
from zettel.adapters.catalogue import schema
from zettel.adapters.fs import files
from zettel.adapters.fs import scan as fs_scan
from zettel.adapters.fulltext import index as fulltext_index
from zettel.model.search.query import parse_query as ask_for
from zettel.model.settings.settings import DEFAULTS
from zettel.notebook.notebook import OpenNotebook
from zettel.notebook.search_index import SearchIndex

KEPT = 6
"""Notes that are renamed all the time."""

# What the processes do


def _wrong(words: tuple[str, ...], done: Result, said: str = "") -> Iterator[str]:
    """What is wrong with a run: any exit code but 0, and any word on stderr but `said`."""
    if done.code or re.sub(said, "", done.err):
        yield f"zettel {' '.join(words)[:80]}: exit code {done.code}: {done.out[:200]}{done.err}"


def _text(actor: int, number: int) -> str:
    return f"Written by actor{actor}, its thought{number}. " + "It is long enough to be cut in two. " * 20


def made_by(run: Runner, actor: int, notes: int) -> Iterator[str]:
    """Make notes, and look whether each is the one that was said to be made."""
    for number in range(notes):
        title = f"Actor {actor} thought {number}"
        words = ("new", title, "--body", _text(actor, number))
        done = run(*words)
        yield from _wrong(words, done)
        note_id, _, path = done.out.rstrip("\n").partition("\t")
        file = run.folder / path
        if not path or not file.is_file() or title not in (text := file.read_text()) or _text(actor, number).strip() not in text:
            yield f"{title} is not what stands at {path!r}"
        elif note_id not in path:
            yield f"{path} was said to have the ID {note_id}"


def rename_there_and_back(run: Runner, actor: int, times: int) -> Iterator[str]:
    """Rename a note to which others link, which nobody else renames."""
    for number in range(times):
        words = ("rename", f"2020010100{actor:02}", f"Kept {actor} {'there' if number % 2 == 0 else 'and back'}")
        yield from _wrong(words, run(*words))


def append_lines(run: Runner, actor: int, times: int) -> Iterator[str]:
    """Add lines to a note to which others add lines, too."""
    for number in range(times):
        words = ("append", "202001020000", f"actor{actor} line{number}.")
        yield from _wrong(words, run(*words))


def ask(run: Runner, actor: int, times: int) -> Iterator[str]:
    """Ask questions; the notes that nobody renames or makes are in every answer."""
    questions = (
        (("search", "steadfast", "--format", "ids"), {"202001020000", "202001020001"}),
        (("list", "--format", "ids"), {"202001020000", "202001020001", *(f"2020010100{kept:02}" for kept in range(KEPT))}),
        (("links", "202001020001", "--json"), None),
        (("graph", "--format", "json"), None),
        (("path", "202001020001", "202001020000", "--format", "ids"), {"202001020001", "202001020000"}),
        (("backlinks", "202001020000", "--format", "ids"), {"202001020001"}),
        (("check", "--only", "duplicate-id"), None),
    )
    for number in range(times):
        words, wanted = questions[(actor + number) % len(questions)]
        done = run(*words)
        yield from _wrong(words, done, "zettel: no problem was found\n")
        if wanted and not wanted <= set(done.out.split()):
            yield f"zettel {' '.join(words)}: {wanted - set(done.out.split())} not in {done.out[:500]!r}"
        if words[0] == "links" and done.out and len(json.loads(done.out)["links"]) != KEPT + 1:
            yield f"zettel {' '.join(words)}: {done.out}"
        if words[0] == "graph" and done.out:
            lost = [link for link in json.loads(done.out)["links"] if link["status"] != "ok"]
            if lost:
                yield f"links without a note: {lost}"


def index(run: Runner, actor: int, times: int) -> Iterator[str]:
    """Bring the index up to date, and every other time make it anew."""
    for number in range(times):
        words = ("index", "--rebuild") if (actor + number) % 2 else ("index",)
        yield from _wrong(words, run(*words))


# The attack


def notebook(folder: Path) -> Path:
    """A notebook in which a note links to all that are renamed, and to one that is added to."""
    root = folder / "notebook"
    (root / ".zettel").mkdir(parents=True)
    for kept in range(KEPT):
        (root / f"2020010100{kept:02} Kept {kept}.md").write_text(f"# Kept {kept}\n\nKept.\n")
    links = "".join(f"See [[2020010100{kept:02} Kept {kept}]].\n" for kept in range(KEPT))
    (root / "202001020000 Counted.md").write_text("# Counted\n\nA steadfast note.\n")
    (root / "202001020001 All.md").write_text(f"# All\n\nA steadfast note as well.\n\n{links}\nSee [[202001020000]].\n")
    return root


def at_once(run: Runner, works: list[tuple[Callable[..., Iterator[str]], int, int]]) -> list[str]:
    """Have every (work, number of the actor, times) done in a process of its own, all at once; what went wrong."""
    context = get_context("fork")
    queue = context.SimpleQueue()
    gate = context.Barrier(len(works))
    tests = os.getpid()

    def act(work: Callable[..., Iterator[str]], actor: int, times: int) -> None:
        wrong: list[str] = []
        try:
            end_with(tests)
            gate.wait()
            wrong += work(run, actor, times)
        except BaseException:  # noqa: BLE001 - told to the parent
            wrong.append(traceback.format_exc())
        queue.put(wrong)

    processes = [context.Process(target=act, args=work) for work in works]
    for process in processes:
        process.start()
    wrong = [line for _ in works for line in queue.get()]
    for process in processes:
        process.join()
    return wrong


def _answers(run: Runner, makers: int) -> list[str]:
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
    return [_without_scores(run(*words).out) for words in questions]


def _without_scores(text: str) -> object:
    """An answer but for what each result counts: words of notes as they were count on until Whoosh merges what it has written."""
    found = json.loads(text)
    for row in found.get("results", ()):
        del row["score"]
    found.get("results", []).sort(key=lambda row: row["path"])
    return found


def attack(folder: Path, makers: int, notes: int, times: int, *, is_real: bool) -> tuple[int, list[str]]:
    """Run everybody at once; how many commands were run, and what went wrong."""
    root, runner = notebook(folder), Runner if is_real else Forked
    run = runner(root, folder / "home")
    works = [(made_by, actor, notes) for actor in range(makers)]
    works += [(rename_there_and_back, actor, times) for actor in range(2)]
    works += [(append_lines, actor, times) for actor in range(2)]
    works += [(ask, actor, times) for actor in range(2)]
    works += [(index, 1, times)]
    wrong = at_once(run, works)
    wrong += missing(root, makers, notes, times)
    warm = _answers(run, makers)
    cold = _answers(runner(root, folder / "another home"), makers)
    wrong += [f"with a new index: {now} ... {after}" for now, after in zip(warm, cold, strict=True) if now != after]
    return sum(count for _, _, count in works), wrong


def missing(root: Path, makers: int, notes: int, times: int) -> Iterator[str]:
    """What is not as it has to be among the notes once all is done."""
    texts = {file.name: file.read_text() for file in root.glob("*.md")}
    new = {name: text for name, text in texts.items() if "Actor" in name}
    if len(texts) != KEPT + 2 + makers * notes or len(new) != makers * notes:
        yield f"{len(texts)} files, {len(new)} of them new"
    ids = {name[:12] for name in texts}
    if len(ids) != len(texts):
        yield f"{len(texts) - len(ids)} IDs are there twice"
    for actor in range(makers):
        for number in range(notes):
            found = [text for name, text in new.items() if f"Actor {actor} thought {number}.md" in name]
            if len(found) != 1 or _text(actor, number).strip() not in found[0]:
                yield f"Actor {actor} thought {number} is there {len(found)} times"
    counted = next(text for name, text in texts.items() if name.startswith("202001020000"))
    for actor in range(2):
        if [f"line{number}" for number in range(times)] != re.findall(rf"actor{actor} (line\d+)\.", counted):
            yield f"lines of {actor} are lost: {counted}"
    left = sorted(file.name for file in root.rglob("*") if file.name.endswith((".tmp", "pending")))
    if left:
        yield f"left behind: {left}"


def test_many_at_once_are_in_nobodys_way() -> None:
    """Notes made in the same minute, renames, lines added, questions and new indexes at once: nothing is lost, nobody is told of a lock."""
    with in_memory() as folder:
        _, wrong = attack(folder, makers=4, notes=8, times=8, is_real=False)
    assert [] == wrong


def opened(root: Path) -> OpenNotebook:
    """A notebook, as one process has it."""
    return OpenNotebook(str(root), dict(DEFAULTS), {"XDG_CACHE_HOME": str(root.parent / "cache")}, pytest.fail)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a notebook of two notes, none of which is read again only because it is new."""
    monkeypatch.setattr(files, "TICK", 0)
    (tmp_path / "notes" / ".zettel").mkdir(parents=True)
    (tmp_path / "notes" / "a.md").write_text("# Alpha\n\nSee [[b]].\n")
    (tmp_path / "notes" / "b.md").write_text("# Beta\n")
    return tmp_path / "notes"


def after_the_scan(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
    """Have something happen between the next look at the files and what is made of it."""
    scan = fs_scan.scan_notes

    def slow(*given: object) -> object:
        found = scan(*given)  # type: ignore[arg-type]
        monkeypatch.setattr(fs_scan, "scan_notes", scan)
        work()
        return found

    monkeypatch.setattr(fs_scan, "scan_notes", slow)


def test_a_slow_process_replaces_nothing_by_what_is_older(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process has read since the files were looked at stays, stamps and all, and is not read again."""
    slow, fast = opened(root), opened(root)

    def overtake() -> None:
        (root / "b.md").write_text("# Gamma, which is longer\n")
        (root / "new.md").write_text("# New\n")
        fast.refresh()

    slow.refresh()
    (root / "b.md").write_text("# Between\n")
    after_the_scan(monkeypatch, overtake)
    slow.refresh()
    for notebook in (slow, fast):
        assert ["Alpha", "Gamma, which is longer", "New"] == sorted(note.title for note in notebook.list_notes())
        assert b"# New\n" == notebook.read_unchanged_bytes("new.md")
        assert 0 == notebook.refresh()


def test_nobody_chooses_an_id_while_notes_are_forgotten(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes the catalogue anew holds the notebook's lock: a note made meanwhile would be forgotten, and its ID given to another."""
    tries: list[BlockingIOError] = []

    def take_the_lock() -> None:
        descriptor = os.open(root, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            tries.append(error)
        finally:
            os.close(descriptor)

    after_the_scan(monkeypatch, take_the_lock)
    opened(root).refresh(from_scratch=True)
    assert 1 == len(tries)


def test_a_note_that_is_renamed_while_folders_are_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that gets another name while zettel looks is known by that name, not by both and not by neither."""
    notebook = opened(root)
    notebook.refresh()

    def rename() -> None:
        done = Forked(root, root.parent / "home")("move", "b.md", "c.md")
        assert 0 == done.code

    (root / "a.md").write_text("# Alpha, changed\n\nSee [[b]].\n")
    after_the_scan(monkeypatch, rename)
    notebook.refresh()
    assert ["a.md", "c.md"] == sorted(note.path for note in notebook.list_notes())
    assert "c.md" == notebook.find_links("a.md")[0].resolution.target


def test_a_note_that_changes_while_it_is_indexed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that changes while its text goes into the index is taken up again the next time."""
    first, second = opened(root), opened(root)
    first.refresh()
    entry = SearchIndex._build_entry

    def overtaken(self: SearchIndex, path: str) -> object:
        found = entry(self, path)
        if path == "b.md":
            (root / "b.md").write_text("# Delta\n")
            second.refresh()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(SearchIndex, "_build_entry", overtaken)
        first.query_fulltext(lambda index: index.count_notes())
    assert {"b.md": 1} == dict.fromkeys(schema.load_index_queue(first.connection), 1)
    today = date(2024, 3, 15)
    assert ["b.md"] == [path for path, _ in second.query_fulltext(lambda index: index.search(ask_for("delta", today)))]


def test_an_index_whose_files_go_while_it_is_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who finds the index half-written, since another process is at it, waits for that one and says nothing."""
    notebook = opened(root)
    notebook.refresh()
    assert 2 == notebook.query_fulltext(lambda index: index.count_notes())
    real = fulltext_index.FullTextIndex.open
    tries = iter((True, False, False, False))

    def vanishing(self: fulltext_index.FullTextIndex, seal: str | None) -> bool:
        if next(tries):
            raise FileNotFoundError("MAIN_abc.trm")
        return real(self, seal)

    monkeypatch.setattr(fulltext_index.FullTextIndex, "open", vanishing)
    assert 2 == notebook.query_fulltext(lambda index: index.count_notes())


def long_form(minutes: float) -> Iterator[Figures]:
    """8 processes make 100 notes each while 7 others do everything else; again and again in short, until the time is over."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tried, wrong = attack(Path(folder), makers=8, notes=100, times=100, is_real=True)
        yield Figures(
            "8 processes make 100 notes each in the same minute, 7 others rename, append, ask, index", tried, len(wrong), _first(wrong)
        )
    tried, wrong = 0, []
    while time.monotonic() < began + 60 * minutes:
        with in_memory() as folder:
            count, found = attack(folder, makers=8, notes=10, times=20, is_real=False)
            tried, wrong = tried + count, wrong + found
    yield Figures("the same in short, again and again", tried, len(wrong), _first(wrong))


def _first(wrong: list[str]) -> str:
    return " ".join(wrong[0].split())[:300] if wrong else ""
