"""Faults and strangers, of the commands that change notes: journals written by another hand, others at work, and a long random walk."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import Runner
from zettel.commands import append, extract, split
from zettel.model.base.errors import Refused
from zettel.session import GlobalOptions, Session

Make = Callable[[dict[str, "str | bytes"]], Runner]

OWN = ".zettel/journal"
NUMBER = "1700000000000000"
TITLES = ("Trust", "1", "2024", "a: b", '"q"', "back\\slash", "br[ack]et", "pi|pe", "# hash", "C#", "🎉", "עברית", "x" * 300, "$title")
TITLES += ("../x", "*star*", "<b>", "&amp;", "[[wiki]]", "e\u0301", "README", "null", "---", "'", "~", "a\u00a0b", "ﬁ", "İ", "1. one")
TEXTS = ("plain", "# Heading", "```\nopen", "---", "<!-- c", "[[Trust]]", "a | b", "[x]: y", "#tag", "===", "[^1]: foot", "\\", "<div>")


def written(run: Runner, name: str, steps: list[dict[str, object]], kept: bytes = b"", done: str = "evil") -> None:
    """A journal's file as another hand may write it."""
    folder = run.folder / OWN
    folder.mkdir(parents=True, exist_ok=True)
    head = {"version": 1, "name": NUMBER, "done": done, "files": 1, "folders": [], "is_undone": False, "inode": folder.stat().st_ino}
    (folder / name).write_bytes(b"\n".join((json.dumps(head).encode(), json.dumps(steps).encode(), kept)))


def step(path: str, before: bytes | None = b"x", to: str | None = None, after: bytes | None = None) -> dict[str, object]:
    """A step of such a file."""
    known = None if before is None else sha256(before).hexdigest()
    size = None if before is None else len(before)
    return {"path": path, "to": to, "size": size, "before": known, "after": after and sha256(after).hexdigest(), "mode": None}


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but for what is no note and no part of one."""
    ours = (OWN, ".zettel/reviewed", ".zettel/.gitattributes")
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(ours)}


def around(run: Runner) -> dict[str, bytes]:
    """Every file of a notebook and beside it, but for the cache."""
    return {name: data for name, data in files_of(run.folder.parent).items() if not name.startswith("home/")}


@pytest.mark.parametrize("name", ["pending", NUMBER])
@pytest.mark.parametrize(
    "steps",
    [
        [step("\ud800.md")],
        [step("A.md", None, "\ud800.md", b"# A\n")],
        [step(".zettel/config.toml")],
        [step(".zettel/templates/daily.md")],
        [step("A.md", b"x", None, b"# A\n"), step("A.md", b"x", None, b"# A\n")],
        [step("B.md", None, "A.md", b"# A\n"), step("C.md", None, "A.md", b"# A\n")],
        [step("../stolen.md")],
        [step("/tmp/stolen.md")],
        [step(".git/hooks/post-commit")],
    ],
    ids=["no-text", "moved-to-no-text", "settings", "template", "twice", "moved-twice", "above", "absolute", "hook"],
)
def test_a_journal_of_another_hand_touches_nothing_but_notes(name: str, steps: list[dict[str, object]], notebook: Make) -> None:
    """A journal whose steps no zettel writes is refused as a whole, and commands that only read go on."""
    run = notebook({"A.md": "# A\n"})
    written(run, name, steps, b"x" * len(steps))
    (run.folder.parent / "home").mkdir()
    before = around(run)
    listed, undone = run("list"), run("undo")
    assert (0, "A.md") == (listed.code, listed.out.split("\t")[0])
    assert undone.code in {5, 6}, undone
    assert before == around(run)


def test_a_journal_of_no_text_is_damaged(notebook: Make) -> None:
    """What a change is called must be text, or the list of changes could not be written."""
    run = notebook({"A.md": "# A\n"})
    written(run, NUMBER, [step("A.md", b"# B\n", None, b"# A\n")], b"# B\n", "evil \ud800")
    assert [0, 6] == [run("undo", "--list").code, run("undo").code]


@pytest.mark.parametrize("command", ["append", "split", "extract"])
def test_a_note_that_another_zettel_moves_is_said_to_have_changed(command: str, notebook: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that is moved between finding it and locking the notebook is refused as changed, with the advice to try again."""
    run = notebook({"A.md": "# A\n\n## B\n\ntext\n"})
    session = Session(GlobalOptions(str(run.folder)))
    find = session.resolve_note

    def found_and_moved(text: str):  # type: ignore[no-untyped-def]
        note = find(text)
        (run.folder / "A.md").rename(run.folder / "C.md")
        return note

    monkeypatch.setattr(session, "resolve_note", found_and_moved)
    with pytest.raises(Refused, match=r"A\.md has changed in the meantime"):
        if command == "append":
            append.run(session, note="A", text=["x"])
        elif command == "split":
            split.run(session, note="A", headings=["B"])
        else:
            extract.run(session, note="A", lines="5", title=[])
    assert ["C.md"] == sorted(name for name in os.listdir(run.folder) if name.endswith(".md"))


def test_the_day_of_a_daily_note_can_be_written_as_an_id(notebook: Make) -> None:
    """A day before the year 1000 is refused: its ID would be too short to be one."""
    run = notebook({"A.md": "# A\n"})
    assert (2, '"0001-01-01" is before the year 1000') == (
        (done := run("daily", "--date", "0001-01-01")).code,
        done.err.splitlines()[0].removeprefix("zettel: error: "),
    )


def test_parts_of_the_same_heading_get_titles_of_their_own(notebook: Make) -> None:
    """However often a heading stands in a note, each note made of one has a title that no other has."""
    run = notebook({"A.md": "# A\n" + "".join(f"\n## Same\n\ntext {number}\n" for number in range(4))})
    assert 0 == run("split", "A", "--all").code
    titles = [row["title"] for row in json.loads(run("list", "--json").out)["notes"]]
    assert ["A", "Same", "Same (A)", "Same (A) 2", "Same (A) 3"] == sorted(titles)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_walk_is_undone_to_the_last_byte(seed: int, starter: Runner) -> None:
    """Whatever is done, one command after the other with odd words: none is a bug, none that fails writes, and undo leads all the way back."""
    rng = random.Random(seed)
    begin = files_of(starter.folder)
    for _ in range(16):
        notes = json.loads(starter("list", "--json").out)["notes"]
        note, other = (rng.choice(notes)[key] for key in ("path", "path"))
        title, line = rng.choice(TITLES), rng.randrange(1, 20)
        words = rng.choice(
            [
                ["rename", note, "--", title],
                ["move", note, rng.choice(["sub", "sub/deep", "../out", ".git", "sub/README.md", "#x"])],
                ["merge", note, other],
                ["delete", note, other],
                ["append", note, "--", rng.choice(TEXTS)],
                ["daily", "--append", rng.choice(TEXTS)],
                ["split", note, "--all"],
                ["extract", note, f"{line}-{line + 3}", "--", title],
                ["tag", "rename", rng.choice(notes)["tags"][0], rng.choice(["new", "a/b", "ü", "1", "a b"])],
                ["check", "--fix", "--yes"],
            ]
        )
        before = files_of(starter.folder)
        done = starter(*words)
        assert done.code in {0, 1, 2, 4, 5}, (words, done)
        if done.code > 1:
            assert before == files_of(starter.folder), words
    for _ in json.loads(starter("undo", "--list", "--json").out)["history"]:
        assert 0 == starter("undo").code
    assert begin == files_of(starter.folder)
