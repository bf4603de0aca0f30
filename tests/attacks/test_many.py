"""Many at once: processes make notes in the same minute while others search, rename, append, undo and index, and nobody is in anybody's way."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from tests.attacks import Figures
from tests.conftest import Result, Runner
from tests.crash.harness import in_memory
from zettel.__main__ import main
from zettel.adapters import fulltext, graph, paths, recording  # noqa: F401 - loaded once, not in every fork

KEPT = 6
"""Notes that are renamed all the time."""

Work = Callable[[Runner, int], Iterator[str]]
"""What one of the processes does, with its number; gives what went wrong, a line each."""


class Scene(NamedTuple):
    """A notebook, and whether each command runs in a process of its own (True) or of its actor (False)."""

    runner: Runner
    is_real: bool

    def __call__(self, *words: str) -> Result:
        """Run zettel."""
        return self.runner(*words) if self.is_real else _in_process(self.runner, words)


def _in_process(runner: Runner, words: tuple[str, ...]) -> Result:
    """Run zettel in a fork of this process, which spares starting Python; everything else is as in a process of its own."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if not pid:
            code = 99
            try:
                os.chdir(runner.folder)
                os.environ.clear()
                os.environ.update(runner.environ)
                for number, descriptor in enumerate((os.open(os.devnull, os.O_RDONLY), out.fileno(), err.fileno())):
                    os.dup2(descriptor, number)
                sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode, encoding="utf-8") for number, mode in enumerate("rww"))
                sys.argv = ["zettel", *words]
                code = main()
            except BaseException:  # noqa: BLE001 - it must not run on as if it were its parent
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(pid, 0)
        for file in (out, err):
            file.seek(0)
        return Result(os.waitstatus_to_exitcode(status), out.read().decode(), err.read().decode())


# What the processes do


def _wrong(words: tuple[str, ...], done: Result, said: str = "") -> Iterator[str]:
    """What is wrong with a run: any exit code but 0, and any word on stderr but `said`."""
    if done.code or re.sub(said, "", done.err):
        yield f"zettel {' '.join(words)}: exit code {done.code}: {done.out[:200]}{done.err}"


def _text(actor: int, number: int) -> str:
    return f"Written by actor{actor}, its thought{number}. " + "It is long enough to be cut in two. " * 20


def made_by(scene: Scene, actor: int, notes: int) -> Iterator[str]:
    """Make notes, and look whether each is the one that was said to be made."""
    for number in range(notes):
        title = f"Actor {actor} thought {number}"
        words = ("new", title, "--body", _text(actor, number))
        done = scene(*words)
        yield from _wrong(words, done)
        note_id, _, path = done.out.rstrip("\n").partition("\t")
        file = scene.runner.folder / path
        if not path or not file.is_file() or title not in (text := file.read_text()) or _text(actor, number).strip() not in text:
            yield f"{title} is not what stands at {path!r}"
        elif note_id not in path:
            yield f"{path} was said to have the ID {note_id}"


def rename_there_and_back(scene: Scene, actor: int, times: int) -> Iterator[str]:
    """Rename a note to which others link, which nobody else renames."""
    for number in range(times):
        words = ("rename", f"2020010100{actor:02}", f"Kept {actor} {'there' if number % 2 == 0 else 'and back'}")
        yield from _wrong(words, scene(*words))


def append_lines(scene: Scene, actor: int, times: int) -> Iterator[str]:
    """Add lines to a note to which others add lines, too."""
    for number in range(times):
        words = ("append", "202001020000", f"actor{actor} line{number}.")
        yield from _wrong(words, scene(*words))


def ask(scene: Scene, actor: int, times: int) -> Iterator[str]:
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
        done = scene(*words)
        yield from _wrong(words, done, "zettel: no problem was found\n")
        if wanted and not wanted <= set(done.out.split()):
            yield f"zettel {' '.join(words)}: {wanted - set(done.out.split())} not in {done.out[:500]!r}"
        if words[0] == "links" and done.out and len(json.loads(done.out)["links"]) != KEPT + 1:
            yield f"zettel {' '.join(words)}: {done.out}"
        if words[0] == "graph" and done.out:
            lost = [link for link in json.loads(done.out)["links"] if link["status"] != "ok"]
            if lost:
                yield f"links without a note: {lost}"


def index(scene: Scene, actor: int, times: int) -> Iterator[str]:
    """Bring the index up to date, and every other time make it anew."""
    for number in range(times):
        words = ("index", "--rebuild") if (actor + number) % 2 else ("index",)
        yield from _wrong(words, scene(*words))


# The attack


def notebook(folder: Path) -> Runner:
    """A notebook in which a note links to all that are renamed, and to one that is added to."""
    root = folder / "notebook"
    (root / ".zettel").mkdir(parents=True)
    for kept in range(KEPT):
        (root / f"2020010100{kept:02} Kept {kept}.md").write_text(f"# Kept {kept}\n\nKept.\n")
    links = "".join(f"See [[2020010100{kept:02} Kept {kept}]].\n" for kept in range(KEPT))
    (root / "202001020000 Counted.md").write_text("# Counted\n\nA steadfast note.\n")
    (root / "202001020001 All.md").write_text(f"# All\n\nA steadfast note as well.\n\n{links}\nSee [[202001020000]].\n")
    return Runner(root, folder / "home")


def at_once(scene: Scene, works: list[tuple[Callable[..., Iterator[str]], int, int]]) -> list[str]:
    """Have every (work, number of the actor, times) done in a process of its own, all at once; what went wrong."""
    context = get_context("fork")
    queue = context.SimpleQueue()
    gate = context.Barrier(len(works))

    def act(work: Callable[..., Iterator[str]], actor: int, times: int) -> None:
        wrong: list[str] = []
        try:
            gate.wait()
            wrong += work(scene, actor, times)
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


def _answers(runner: Runner, scene: Scene, makers: int) -> list[str]:
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
    return [_without_scores(Scene(runner, scene.is_real)(*words).out) for words in questions]


def _without_scores(text: str) -> object:
    """An answer but for what each result counts: words of notes as they were count on until Whoosh merges what it has written."""
    found = json.loads(text)
    for row in found.get("results", ()):
        del row["score"]
    found.get("results", []).sort(key=lambda row: row["path"])
    return found


def attack(folder: Path, makers: int, notes: int, times: int, *, is_real: bool) -> tuple[int, list[str]]:
    """Run everybody at once; how many commands were run, and what went wrong."""
    runner = notebook(folder)
    scene = Scene(runner, is_real)
    works = [(made_by, actor, notes) for actor in range(makers)]
    works += [(rename_there_and_back, actor, times) for actor in range(2)]
    works += [(append_lines, actor, times) for actor in range(2)]
    works += [(ask, actor, times) for actor in range(2)]
    works += [(index, 1, times)]
    wrong = at_once(scene, works)
    wrong += missing(runner.folder, makers, notes, times)
    warm = _answers(runner, scene, makers)
    fresh = Runner(runner.folder, folder / "another home")
    cold = _answers(fresh, scene, makers)
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
