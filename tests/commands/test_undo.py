"""Taking changes back, as people do it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attacks.lab.harness import State, state
from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]
SOURCE = {"202401010101 Trust.md": "# Trust\r\n\r\nIt is slow.\r\n", "202401010102 Speed.md": "# Speed"}


@pytest.fixture
def changed(notebook: Make) -> tuple[Runner, list[State]]:
    """A notebook that was changed twice, and what it was before, between and after."""
    run = notebook(dict(SOURCE))
    states = [state(run.folder)]
    for words in (["new", "A thought", "--link-from", "Trust"], ["new", "Another", "--link-from", "Speed"]):
        assert 0 == run(*words).code
        states.append(state(run.folder))
    return run, states


def test_undo_takes_one_after_the_other_back(changed: tuple[Runner, list[State]]) -> None:
    """The last change goes first, then the one before; then there is nothing to take back, which is a no."""
    run, states = changed
    assert (0, 'undone: new "Another", linked from "Speed"\n', "zettel: redo it with: zettel undo --redo\n") == run("undo")
    assert states[1] == state(run.folder)
    assert 0 == run("undo").code
    assert states[0] == state(run.folder)
    assert (1, "", "zettel: there is nothing to undo\n") == run("undo")
    assert states[0] == state(run.folder)


def test_redo(changed: tuple[Runner, list[State]]) -> None:
    """What was taken back is done again in the order in which it was done, until something else is changed."""
    run, states = changed
    run("undo")
    run("undo")
    assert 'redone: new "A thought", linked from "Trust"\n' == run("undo", "--redo").out
    assert states[1] == state(run.folder)
    assert 0 == run("new", "Third", "--link-from", "Speed").code
    assert (1, "", "zettel: there is nothing to redo\n") == run("undo", "--redo")
    run("undo")
    run("undo")
    assert states[0] == state(run.folder)


def test_redo_does_not_reach_behind_what_was_done_since(notebook: Make) -> None:
    """A new note between two undos: only the note can be made again, not what was taken back before it."""
    run = notebook(dict(SOURCE))
    for words in (["append", "Trust", "More"], ["undo"], ["new", "A thought"], ["undo"]):
        assert 0 == run(*words).code
    assert 'redone: new "A thought"\n' == run("undo", "--redo").out
    assert (1, "", "zettel: there is nothing to redo\n") == run("undo", "--redo")


def test_undo_is_refused_where_a_file_has_changed_since(changed: tuple[Runner, list[State]]) -> None:
    """A file that was changed since is named with exit 5, and nothing is written, dry or not, until it is as it was again."""
    run, states = changed
    note = run.folder / "202401010102 Speed.md"
    after = note.read_bytes()
    note.write_bytes(after + b"More.\n")
    now = state(run.folder)
    for words in (["undo"], ["undo", "--dry-run"]):
        refused = run(*words)
        assert (5, "") == refused[:2]
        assert "202401010102 Speed.md has changed since" in refused.err
        assert now == state(run.folder)
    note.unlink()
    assert 5 == run("undo").code
    note.write_bytes(after)
    assert 0 == run("undo").code
    assert states[1] == state(run.folder)


def test_every_file_that_has_changed_since_is_named(changed: tuple[Runner, list[State]]) -> None:
    """Where several have changed since, all are named."""
    run, _ = changed
    for path in run.folder.glob("*.md"):
        path.write_text("mine")
    refused = run("undo")
    assert 5 == refused.code
    assert "2 files have changed since" in refused.err
    assert "  202401010102 Speed.md\n" in refused.err


def test_dry_run_shows_a_diff(changed: tuple[Runner, list[State]]) -> None:
    """With --dry-run the change back is shown and nothing is written."""
    run, states = changed
    shown = run("undo", "--dry-run")
    assert (0, "zettel: nothing was written (--dry-run)\n") == (shown.code, shown.err)
    assert "\ndeleted file mode 100644\n" in shown.out
    assert "--- a/202401010102 Speed.md\n+++ b/202401010102 Speed.md\n@@" in shown.out
    assert states[2] == state(run.folder)


def test_history(changed: tuple[Runner, list[State]]) -> None:
    """--list says when what was done to how many files, the last first, and what is taken back; in every format."""
    run, _ = changed
    run("undo")
    rows = json.loads(run("undo", "--list", "--json").out)["history"]
    assert [('new "Another", linked from "Speed"', 2, True), ('new "A thought", linked from "Trust"', 2, False)] == [
        (row["done"], row["files"], row["undone"]) for row in rows
    ]
    assert ["when", "done", "files", "undone"] == next(csv.reader(io.StringIO(run("undo", "--list", "--format", "csv").out)))
    assert 2 == len(run("undo", "--list").out.splitlines())
    assert "Another" in run.on_terminal("undo", "--list").out


def test_nothing_to_list(notebook: Make) -> None:
    """Where nothing was changed yet, that is said, and nothing is written."""
    run = notebook(dict(SOURCE))
    assert (0, "", "zettel: there is no change to undo yet\n") == run("undo", "--list")
    assert not (run.folder / ".zettel" / "journal").exists()


def test_json(changed: tuple[Runner, list[State]]) -> None:
    """The answer in JSON has the lines that changed and the files that were made."""
    run, _ = changed
    told = json.loads(run("undo", "--json").out)
    assert {"version", "dry_run", "done", "moves", "made", "changes"} == set(told)
    assert "Another" in told["done"]
    assert json.loads(run("undo", "--redo", "--json").out)["made"][0].endswith("Another.md")


def test_links_put_in_place_are_taken_back(starter: Runner) -> None:
    """What suggest --apply and --all write is taken back as one."""
    before = state(starter.folder)
    assert 0 == starter("suggest", "202302060730", "--all", "--yes").code
    assert before != state(starter.folder)
    assert starter("undo").out.startswith("undone: insert ")
    assert before == state(starter.folder)
    starter("suggest", "202302060730", "--apply", "1")
    assert starter("undo").out.startswith('undone: link "')


def test_a_note_is_not_made_where_its_link_cannot_be_added(notebook: Make) -> None:
    """A note that is to be linked from another one is made with the link, or not at all."""
    run = notebook(dict(SOURCE))
    (run.folder / ".zettel" / "journal").write_text("in the way")
    before = state(run.folder)
    failed = run("new", "A thought", "--link-from", "Trust")
    assert (6, "") == failed[:2]
    assert "Traceback" not in failed.err
    assert before == state(run.folder)


def test_the_journal_is_not_for_git_nor_for_the_notebook(changed: tuple[Runner, list[State]]) -> None:
    """The journal keeps itself out of git, and what it holds is no note; a copy of the notebook can be taken back as well."""
    run, states = changed
    assert "*\n" == (run.folder / ".zettel" / "journal" / ".gitignore").read_text()
    assert 4 == len(run("list").out.splitlines())
    shutil.copytree(run.folder, run.folder.parent / "copy")
    assert 0 == run("-N", "../copy", "undo").code
    assert states[1] == state(Path(run.folder.parent / "copy"))


def test_a_new_note_is_taken_back(notebook: Make) -> None:
    """A note just made goes again with undo, and comes back with --redo; not once somebody has written in it."""
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


def test_what_was_taken_back_before_a_note_was_made(notebook: Make) -> None:
    """Once a note is made, nothing that was taken back before can be done again: it would be done to other notes than it was."""
    run = notebook(dict(SOURCE))
    assert [0, 0, 0] == [run(*words).code for words in (("append", "Trust", "More."), ("undo",), ("new", "A thought"))]
    made = state(run.folder)
    assert (1, "", "zettel: there is nothing to redo\n") == run("undo", "--redo")
    assert [0, 0] == [run(*words).code for words in (("undo",), ("undo", "--redo"))]
    assert made == state(run.folder)


def test_new_makes_no_notebook_of_a_folder(notebook: Make) -> None:
    """Where there is nothing but notes, a new one adds itself and nothing else."""
    run = notebook({"a.md": "# A\n"})
    (run.folder / ".zettel").rmdir()
    assert 0 == run("-N", ".", "new", "B").code
    assert 2 == len(list(run.folder.iterdir()))


def test_a_note_is_made_where_undo_cannot_know_of_it(notebook: Make, tmp_path: Path) -> None:
    """A journal that leads elsewhere keeps nobody from catching a thought, and nothing is written there."""
    run = notebook({"a.md": "# A\n"})
    (tmp_path / "elsewhere").mkdir()
    (run.folder / ".zettel" / "journal").symlink_to(tmp_path / "elsewhere")
    assert (0, "") == (run("new", "B").code, run("new", "C").err)
    assert [] == list((tmp_path / "elsewhere").iterdir())
    assert 3 == len(list(run.folder.glob("*.md")))
