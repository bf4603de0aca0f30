"""Test faults of the commands that change notes: forged journals, concurrent changes, and a long random walk."""

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


def write_journal(run: Runner, name: str, steps: list[dict[str, object]], data: bytes = b"", done: str = "evil") -> None:
    """Write a journal file as somebody else might write it."""
    folder = run.folder / OWN
    folder.mkdir(parents=True, exist_ok=True)
    head = {"version": 1, "name": NUMBER, "done": done, "files": 1, "folders": [], "is_undone": False, "inode": folder.stat().st_ino}
    (folder / name).write_bytes(b"\n".join((json.dumps(head).encode(), json.dumps(steps).encode(), data)))


def build_step(path: str, before: bytes | None = b"x", to: str | None = None, after: bytes | None = None) -> dict[str, object]:
    """Return a step of such a journal."""
    known = None if before is None else sha256(before).hexdigest()
    size = None if before is None else len(before)
    return {"path": path, "to": to, "size": size, "before": known, "after": after and sha256(after).hexdigest(), "mode": None}


def read_files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, except zettel's own records."""
    records = (OWN, ".zettel/reviewed", ".zettel/.gitattributes")
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(records)}


def read_surroundings(run: Runner) -> dict[str, bytes]:
    """Return every file of a notebook and beside it, except the cache."""
    return {name: data for name, data in read_files(run.folder.parent).items() if not name.startswith("home/")}


@pytest.mark.parametrize("name", ["pending", NUMBER])
@pytest.mark.parametrize(
    "steps",
    [
        [build_step("\ud800.md")],
        [build_step("A.md", None, "\ud800.md", b"# A\n")],
        [build_step(".zettel/config.toml")],
        [build_step(".zettel/templates/daily.md")],
        [build_step(".zettel/.gitattributes")],
        [build_step(".zettel/dismissed/x")],
        [build_step(".zettel/dismissed", None, ".zettel/reviewed", b"# A\n")],
        [build_step("A.md", None, ".zettel/reviewed", b"# A\n")],
        [build_step(".zettel/reviewed", None, "B.md", b"# A\n")],
        [build_step("A.md", b"x", None, b"# A\n"), build_step("A.md", b"x", None, b"# A\n")],
        [build_step("B.md", None, "A.md", b"# A\n"), build_step("C.md", None, "A.md", b"# A\n")],
        [build_step("../stolen.md")],
        [build_step("/tmp/stolen.md")],
        [build_step(".git/hooks/post-commit")],
    ],
    ids=[
        "no-text",
        "moved-to-no-text",
        "settings",
        "template",
        "attributes",
        "in-a-list",
        "list",
        "to-a-list",
        "from-a-list",
        "twice",
        "moved-twice",
        "above",
        "absolute",
        "hook",
    ],
)
def test_forged_journal_changes_nothing(name: str, steps: list[dict[str, object]], notebook: Make) -> None:
    """A journal with steps that zettel would never write is refused as a whole, and reading commands go on."""
    run = notebook({"A.md": "# A\n"})
    write_journal(run, name, steps, b"x" * len(steps))
    (run.folder.parent / "home").mkdir()
    before = read_surroundings(run)
    listed, undone = run("list"), run("undo")
    assert (0, "A.md") == (listed.code, listed.out.split("\t")[0])
    assert undone.code in {5, 6}, undone
    assert before == read_surroundings(run)


def test_journal_with_invalid_text_is_damaged(notebook: Make) -> None:
    """A journal entry whose description is not valid text is treated as damaged, so that `undo --list` still works."""
    run = notebook({"A.md": "# A\n"})
    write_journal(run, NUMBER, [build_step("A.md", b"# B\n", None, b"# A\n")], b"# B\n", "evil \ud800")
    assert [0, 6] == [run("undo", "--list").code, run("undo").code]


@pytest.mark.parametrize("command", ["append", "split", "extract"])
def test_note_moved_by_another_process_is_refused(command: str, notebook: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that is moved between being found and being locked is refused as changed, with the advice to try again."""
    run = notebook({"A.md": "# A\n\n## B\n\ntext\n"})
    session = Session(GlobalOptions(str(run.folder)))
    find = session.resolve_note

    def find_and_move(*words: str):  # type: ignore[no-untyped-def]
        note = find(*words)
        (run.folder / "A.md").rename(run.folder / "C.md")
        return note

    monkeypatch.setattr(session, "resolve_note", find_and_move)
    with pytest.raises(Refused, match=r"A\.md has changed in the meantime"):
        if command == "append":
            append.run(session, note="A", text=["x"])
        elif command == "split":
            split.run(session, note="A", headings=["B"])
        else:
            extract.run(session, note="A", lines="5", title=[])
    assert ["C.md"] == sorted(name for name in os.listdir(run.folder) if name.endswith(".md"))


def test_daily_refuses_a_day_without_an_id(notebook: Make) -> None:
    """A day before the year 1000 is refused, since its ID would be too short."""
    run = notebook({"A.md": "# A\n"})
    assert (2, '"0001-01-01" is before the year 1000') == (
        (done := run("daily", "--date", "0001-01-01")).code,
        done.err.splitlines()[0].removeprefix("zettel: error: "),
    )


def test_split_gives_equal_headings_different_titles(notebook: Make) -> None:
    """Notes split from equal headings get different titles."""
    run = notebook({"A.md": "# A\n" + "".join(f"\n## Same\n\ntext {number}\n" for number in range(4))})
    assert 0 == run("split", "A", "--all").code
    titles = [row["title"] for row in json.loads(run("list", "--json").out)["notes"]]
    assert ["A", "Same", "Same (A)", "Same (A) 2", "Same (A) 3"] == sorted(titles)


@pytest.mark.parametrize("seed", [1, 2])
def test_random_walk_is_undone_to_the_last_byte(seed: int, starter: Runner) -> None:
    """Random commands with odd words cause no bug, none that fails writes, and undo restores every byte."""
    rng = random.Random(seed)
    begin = read_files(starter.folder)
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
                ["tag", "rename", rng.choice([tag for row in notes for tag in row["tags"]]), rng.choice(["new", "a/b", "ü", "1", "a b"])],
                ["check", "--fix", "--yes"],
            ]
        )
        before = read_files(starter.folder)
        done = starter(*words)
        assert done.code in {0, 1, 2, 4, 5}, (words, done)
        if done.code > 1:
            assert before == read_files(starter.folder), words
    for _ in json.loads(starter("undo", "--list", "--json").out)["history"]:
        assert 0 == starter("undo").code
    assert begin == read_files(starter.folder)
