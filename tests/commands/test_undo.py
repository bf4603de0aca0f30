"""Test undo and redo, as people use them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attacks.lab.harness import State, read_state
from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]
SOURCE = {"202401010101 Trust.md": "# Trust\r\n\r\nIt is slow.\r\n", "202401010102 Speed.md": "# Speed"}


@pytest.fixture
def changed(notebook: Make) -> tuple[Runner, list[State]]:
    """A notebook that was changed twice, with its states before, between and after."""
    run = notebook(dict(SOURCE))
    states = [read_state(run.folder)]
    for words in (["new", "A thought", "--link-from", "Trust"], ["new", "Another", "--link-from", "Speed"]):
        assert 0 == run(*words).code
        states.append(read_state(run.folder))
    return run, states


def test_undo_reverts_the_last_change_first(changed: tuple[Runner, list[State]]) -> None:
    """The last change is undone first, then the one before. With nothing left the exit code is 1."""
    run, states = changed
    done = run("undo")
    assert (0, 'undone: new "Another", linked from "Speed"\n') == (done.code, done.out)
    taken, redo = done.err.splitlines()
    assert taken.startswith("zettel: taken out of the notebook: ")
    assert taken.endswith(" Another.md; the next change puts it into the trash")
    assert "zettel: redo it with: zettel undo --redo" == redo
    assert states[1] == read_state(run.folder)
    assert 0 == run("undo").code
    assert states[0] == read_state(run.folder)
    assert (1, "", "zettel: there is nothing to undo\n") == run("undo")
    assert states[0] == read_state(run.folder)


def test_redo_repeats_undone_changes_in_order(changed: tuple[Runner, list[State]]) -> None:
    """Undone changes are redone in the order in which they were done, until something else is changed."""
    run, states = changed
    run("undo")
    run("undo")
    assert 'redone: new "A thought", linked from "Trust"\n' == run("undo", "--redo").out
    assert states[1] == read_state(run.folder)
    assert 0 == run("new", "Third", "--link-from", "Speed").code
    assert (1, "", "zettel: there is nothing to redo\n") == run("undo", "--redo")
    run("undo")
    run("undo")
    assert states[0] == {path: state for path, state in read_state(run.folder).items() if not path.startswith(".zettel/trash")}


def test_redo_forgets_changes_undone_before_a_new_one(notebook: Make) -> None:
    """After a new note between two undos, only the note can be redone."""
    run = notebook(dict(SOURCE))
    for words in (["append", "Trust", "More"], ["undo"], ["new", "A thought"], ["undo"]):
        assert 0 == run(*words).code
    assert 'redone: new "A thought"\n' == run("undo", "--redo").out
    assert (1, "", "zettel: there is nothing to redo\n") == run("undo", "--redo")


def test_undo_refuses_a_file_that_has_changed(changed: tuple[Runner, list[State]]) -> None:
    """A file that has changed since is reported with exit code 5, and nothing is written until it is as it was."""
    run, states = changed
    note = run.folder / "202401010102 Speed.md"
    after = note.read_bytes()
    note.write_bytes(after + b"More.\n")
    now = read_state(run.folder)
    for words in (["undo"], ["undo", "--dry-run"]):
        refused = run(*words)
        assert (5, "") == refused[:2]
        assert "202401010102 Speed.md has changed since" in refused.err
        assert now == read_state(run.folder)
    note.unlink()
    assert 5 == run("undo").code
    note.write_bytes(after)
    assert 0 == run("undo").code
    assert states[1] == read_state(run.folder)


def test_undo_names_every_file_that_has_changed(changed: tuple[Runner, list[State]]) -> None:
    """If several files have changed since, all of them are named."""
    run, _ = changed
    for path in run.folder.glob("*.md"):
        path.write_text("mine")
    refused = run("undo")
    assert 5 == refused.code
    assert "2 files have changed since" in refused.err
    assert "  202401010102 Speed.md\n" in refused.err


def test_undo_dry_run_shows_a_diff(changed: tuple[Runner, list[State]]) -> None:
    """With --dry-run the reverse diff is shown and nothing is written."""
    run, states = changed
    shown = run("undo", "--dry-run")
    named = 'zettel: would undo: new "Another", linked from "Speed"\n'
    assert (0, f"{named}zettel: nothing was written (--dry-run)\n") == (shown.code, shown.err)
    assert "\ndeleted file mode 100644\n" in shown.out
    assert "--- a/202401010102 Speed.md\n+++ b/202401010102 Speed.md\n@@" in shown.out
    assert states[2] == read_state(run.folder)


def test_undo_list_shows_the_history(changed: tuple[Runner, list[State]]) -> None:
    """--list shows each change with its time and number of files, the last first, and whether it is undone, in every format."""
    run, _ = changed
    run("undo")
    rows = json.loads(run("undo", "--list", "--json").out)["history"]
    assert [('new "Another", linked from "Speed"', 2, True), ('new "A thought", linked from "Trust"', 2, False)] == [
        (row["done"], row["files"], row["undone"]) for row in rows
    ]
    assert ["when", "done", "files", "undone"] == next(csv.reader(io.StringIO(run("undo", "--list", "--format", "csv").out)))
    assert 2 == len(run("undo", "--list").out.splitlines())
    assert "Another" in run.on_terminal("undo", "--list").out


def test_undo_list_says_that_nothing_was_changed(notebook: Make) -> None:
    """If nothing was changed yet, a message says so and nothing is written."""
    run = notebook(dict(SOURCE))
    assert (0, "", "zettel: there is nothing to undo yet\n") == run("undo", "--list")
    assert not (run.folder / ".zettel" / "journal").exists()


def test_undo_json_lists_changes_and_files(changed: tuple[Runner, list[State]]) -> None:
    """The JSON answer has the changed lines and the created files."""
    run, _ = changed
    document = json.loads(run("undo", "--json").out)
    assert {"version", "dry_run", "done", "moves", "made", "changes"} == set(document)
    assert "Another" in document["done"]
    assert json.loads(run("undo", "--redo", "--json").out)["made"][0].endswith("Another.md")


def test_undo_removes_inserted_links(starter: Runner) -> None:
    """What one `suggest --apply` or `--all` writes is undone as one change."""
    before = read_state(starter.folder)
    assert 0 == starter("suggest", "202302060730", "--all", "--yes").code
    assert before != read_state(starter.folder)
    assert starter("undo").out.startswith("undone: insert ")
    assert before == read_state(starter.folder)
    starter("suggest", "202302060730", "--apply", "1")
    assert starter("undo").out.startswith('undone: link "')


def test_new_with_link_is_all_or_nothing(notebook: Make) -> None:
    """A note with --link-from is created together with its link, or not at all."""
    run = notebook(dict(SOURCE))
    (run.folder / ".zettel" / "journal").write_text("in the way")
    before = read_state(run.folder)
    failed = run("new", "A thought", "--link-from", "Trust")
    assert (6, "") == failed[:2]
    assert "Traceback" not in failed.err
    assert before == read_state(run.folder)


def test_journal_is_neither_in_git_nor_a_note(changed: tuple[Runner, list[State]]) -> None:
    """The journal excludes itself from git and is not read as notes, and it works in a copy of the notebook."""
    run, states = changed
    assert "*\n" == (run.folder / ".zettel" / "journal" / ".gitignore").read_text()
    assert 4 == len(run("list").out.splitlines())
    shutil.copytree(run.folder, run.folder.parent / "copy")
    assert 0 == run("-N", "../copy", "undo").code
    assert states[1] == read_state(Path(run.folder.parent / "copy"))


def test_undo_removes_a_new_note(notebook: Make) -> None:
    """A new note is removed by undo and restored by --redo, but not once somebody has written in it."""
    run = notebook({"a.md": "# A\n"})
    path = run("new", 'Half an "idea" \\ 🎉', "--format", "plain").out.split("\t")[1].strip()
    made = (run.folder / path).read_bytes()
    assert 'new "Half an "idea" \\ 🎉"' in run("undo", "--list").out
    assert 0 == run("undo").code
    assert not (run.folder / path).exists()
    assert 0 == run("undo", "--redo").code
    assert made == (run.folder / path).read_bytes()
    (run.folder / path).write_bytes(made + b"more\n")
    assert 5 == run("undo").code
    assert made + b"more\n" == (run.folder / path).read_bytes()


def test_new_note_clears_the_redo_history(notebook: Make) -> None:
    """After a new note, changes undone before it cannot be redone, since they would apply to other notes than before."""
    run = notebook(dict(SOURCE))
    assert [0, 0, 0] == [run(*words).code for words in (("append", "Trust", "More."), ("undo",), ("new", "A thought"))]
    made = read_state(run.folder)
    assert (1, "", "zettel: there is nothing to redo\n") == run("undo", "--redo")
    assert [0, 0] == [run(*words).code for words in (("undo",), ("undo", "--redo"))]
    assert made == read_state(run.folder)


def test_new_creates_no_zettel_folder(notebook: Make) -> None:
    """In a folder of plain notes, `new` adds the note and nothing else."""
    run = notebook({"a.md": "# A\n"})
    (run.folder / ".zettel").rmdir()
    assert 0 == run("-N", ".", "new", "B").code
    assert 2 == len(list(run.folder.iterdir()))


def test_new_works_without_a_journal(notebook: Make, tmp_path: Path) -> None:
    """A journal folder that leads elsewhere does not prevent a new note, and nothing is written there."""
    run = notebook({"a.md": "# A\n"})
    (tmp_path / "elsewhere").mkdir()
    (run.folder / ".zettel" / "journal").symlink_to(tmp_path / "elsewhere")
    assert (0, "") == (run("new", "B").code, run("-c", "note.id=second", "new", "C").err)
    assert [] == list((tmp_path / "elsewhere").iterdir())
    assert 3 == len(list(run.folder.glob("*.md")))


LISTED: dict[str, str | bytes] = {"202401010101 Trust.md": "# Trust\n", "202401010102 Speed.md": "# Speed\n", "Alone.md": "# Alone\n"}
ANSWERS = {
    'no longer suggest "Trust" and "Speed"': ["suggest", "202401010101", "--dismiss", "202401010102"],
    'mark "Trust" as reviewed': ["review", "--done", "Trust"],
    "mark 3 notes as reviewed": ["review", "--done", "Trust", "--done", "Speed", "--done", "Alone"],
    'review "Alone" not before': ["review", "--later", "Alone"],
}


@pytest.mark.parametrize("what", ANSWERS)
def test_undo_takes_answers_back(what: str, notebook: Make) -> None:
    """A dismissal and an answer to review are one change each, named in words, undone and redone byte for byte."""
    run = notebook(dict(LISTED))
    (run.folder / ".zettel" / "dismissed").write_bytes(b"# mine, without a line end\r\n\xff not UTF-8\r\nb\ta.md")
    (run.folder / ".zettel" / "reviewed").write_bytes(b"202401010101\t2025-01-01\t3")
    assert 0 == run("review", "--later", "202401010102").code
    before = read_state(run.folder)
    assert 0 == run(*ANSWERS[what]).code
    after = read_state(run.folder)
    assert before != after
    (entry,) = json.loads(run("undo", "--list", "--json").out)["history"][:-1]
    assert (True, 1) == (what in entry["done"], entry["files"])
    assert 0 == run("undo", "--dry-run").code
    assert after == read_state(run.folder)
    undone = run("undo")
    assert (0, f"undone: {entry['done']}\n") == undone[:2]
    assert before == read_state(run.folder)
    assert f"redone: {entry['done']}\n" == run("undo", "--redo").out
    assert after == read_state(run.folder)


def test_an_answer_that_changes_nothing_is_not_in_the_history(notebook: Make) -> None:
    """What was dismissed or reviewed today already leaves nothing to undo."""
    run = notebook(dict(LISTED))
    for words in ANSWERS.values():
        assert (0, 0) == (run(*words).code, run(*words).code)
    assert 4 == len(run("undo", "--list").out.splitlines())


def test_undo_refuses_a_list_that_has_changed(notebook: Make) -> None:
    """A list that somebody else has changed since is left alone, and the hint says how to take the answer back by hand."""
    run = notebook(dict(LISTED))
    assert 0 == run(*ANSWERS['no longer suggest "Trust" and "Speed"']).code
    dismissed = run.folder / ".zettel" / "dismissed"
    synced = dismissed.read_bytes() + b"202401010102\tAlone.md\n"
    dismissed.write_bytes(synced)
    refused = run("undo")
    assert (5, "") == refused[:2]
    assert "take the line out of .zettel/dismissed yourself" in refused.err
    assert synced == dismissed.read_bytes()


def test_undo_asks_if_no_note_changed(notebook: Make) -> None:
    """On a terminal, undo of an answer names it and the change before it, and asks. No is exit code 1, and --yes does not ask."""
    run = notebook(dict(LISTED))
    assert [0, 0] == [run(*words).code for words in (["append", "Trust", "More."], ANSWERS['mark "Trust" as reviewed'])]
    before = read_state(run.folder)
    asked = run.on_terminal("undo", typed=(("Undo it? [y/N]", "n\n"),))
    assert (1, before) == (asked.code, read_state(run.folder))
    assert asked.out.endswith("zettel: nothing was undone\n")
    assert 'the last change was: mark "Trust" as reviewed (it changed no note)\n' in asked.out
    assert 'the one before it: add to "Trust"' in asked.out
    assert 130 == run.on_terminal("undo", typed=(("[y/N]", "\x04"),)).code
    assert 0 == run.on_terminal("undo", "--yes").code
    assert 1 == run.on_terminal("undo", "--redo", typed=(("Redo it? [y/N]", "\n"),)).code
    assert 0 == run.on_terminal("undo", "--redo", typed=(("Redo it? [y/N]", "y\n"),)).code
    assert before == read_state(run.folder)
    assert 0 == run.on_terminal("undo", "-y").code
    assert (0, False) == ((done := run.on_terminal("undo")).code, "[y/N]" in done.out)


def test_imports_and_repairs_are_in_the_history(notebook: Make, tmp_path: Path) -> None:
    """An import is undone as one change, and so are the repairs of `check --fix`."""
    run = notebook(
        {"202401010101 Trust.md": "# Trust\n\nSee [[202401010102 Sped]] and [speed](202401010102-old.md).\n", "202401010102 Speed.md": ""}
    )
    (tmp_path / "a.txt").write_text("A talk\n\nIt was long.\n", encoding="utf-8")
    states = [read_state(run.folder)]
    for words in (["import", str(tmp_path / "a.txt")], ["check", "--fix", "--yes"]):
        run(*words)
        states.append(read_state(run.folder))
    for wanted in states[-2::-1]:
        assert 0 == run("undo").code
        assert wanted == read_state(run.folder)


def test_people_see_the_minute(notebook: Make) -> None:
    """On a terminal, the journal and the trash have times in the same style."""
    import re

    run = notebook({"a.md": "# A\n"})
    assert 0 == run("delete", "a", "--yes").code
    for words in (("undo", "--list"), ("restore",)):
        assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d(?!:)", run.on_terminal(*words, NO_COLOR="1").out)
