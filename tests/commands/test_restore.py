"""Test that notes come back from the trash to where they were."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

NOTES: dict[str, str | bytes] = {
    "people/202501310800 Delegation.md": "# Delegation\n\nHand over the result.\n",
    "Meetings.md": "# Meetings\n\nSee 202501310800 Delegation.\n",
}


@pytest.mark.parametrize("name", ["202501310800", "delegation", "people/202501310800 Delegation.md", "deleg"])
def test_note_comes_back_to_its_folder(name: str, notebook: Make) -> None:
    """A note that was deleted some changes ago comes back to its old path by ID, title or path, and this can be undone."""
    run = notebook(NOTES)
    run("delete", "202501310800")
    run("append", "Meetings", "More.")
    result = run("restore", name)
    assert (0, '"Delegation" is back: people/202501310800 Delegation.md\n') == (result.code, result.out)
    assert "[]" == json.dumps(json.loads(run("check", "--only", "dangling", "--json").out)["problems"])
    run("undo")
    assert not (run.folder / "people/202501310800 Delegation.md").exists()
    assert 1 == len(run("restore").out.splitlines())


@pytest.mark.parametrize("name", ["👩\u200d👩\u200d👧 Family", "می\u200cخواهم", "Two\u00a0words", "Right \u202eto left", "Two\nlines"])
def test_note_of_any_name_comes_back(name: str, notebook: Make) -> None:
    """Names with joiners, as in emoji and Persian words, and with other characters that do not show, are in the trash, too."""
    run = notebook({f"{name}.md": "# Delegation\n"})
    run("delete", "Delegation")
    assert 1 == len(json.loads(run("restore", "--json").out)["trash"])
    assert 0 == run("restore", "Delegation").code
    assert (run.folder / f"{name}.md").is_file()


@pytest.mark.parametrize("name", ["", " "])
def test_empty_name_brings_nothing_back(name: str, notebook: Make) -> None:
    """An empty name, as an unset variable of a shell gives, names no note, though every title contains it."""
    run = notebook(NOTES)
    run("delete", "202501310800")
    assert 4 == run("restore", name).code


def test_trash_is_listed(notebook: Make) -> None:
    """Without a note, restore lists what is in the trash, with the paths that the notes had."""
    run = notebook(NOTES)
    run("delete", "202501310800")
    (found,) = json.loads(run("restore", "--json").out)["trash"]
    assert ("202501310800", "people/202501310800 Delegation.md", "Delegation") == (found["id"], found["path"], found["title"])


def test_note_deleted_twice_comes_back_as_it_was_last(notebook: Make) -> None:
    """Of two notes from the same path, the one deleted last comes back, to that path and not to its name in the trash."""
    run = notebook(NOTES)
    run("delete", "Meetings")
    (run.folder / "Meetings.md").write_text("# Meetings\n\nThe second.\n", encoding="utf-8")
    run("delete", "Meetings")
    assert 0 == run("restore", "Meetings").code
    assert "# Meetings\n\nThe second.\n" == (run.folder / "Meetings.md").read_text(encoding="utf-8")
    result = run("restore", "Meetings")
    assert (5, "zettel: error: Meetings.md is there again\nhint: rename or move that note first\n") == (result.code, result.err)


def test_unknown_and_ambiguous_names_are_errors(notebook: Make) -> None:
    """A name that no note in the trash has, or several have, is an error that says what to do."""
    run = notebook({"a/Plan.md": "One.", "b/Plan.md": "Two."})
    result = run("restore", "Plan")
    assert (4, 'zettel: error: no note in the trash is called "Plan"') == (result.code, result.err.splitlines()[0])
    run("delete", "a/Plan.md", "b/Plan.md")
    result = run("restore", "Plan")
    assert (4, 'zettel: error: 2 notes in the trash match "Plan"') == (result.code, result.err.splitlines()[0])
    assert 0 == run("restore", "b/Plan").code


def test_trash_is_completed(notebook: Make) -> None:
    """Tab after restore offers the notes in the trash, not those of the notebook."""
    run = notebook(NOTES)
    run("delete", "202501310800", "--yes")
    offered = [
        run(_ZETTEL_COMPLETE="complete_bash", COMP_WORDS=f"zettel\nrestore\n{begun}", COMP_CWORD="2").out.split("\n")[0]
        for begun in ("", "Del", "Meet")
    ]
    assert ["202501310800", "Delegation", ""] == offered


def test_a_new_note_that_was_undone_is_in_the_trash_once_it_cannot_be_redone(notebook: Make) -> None:
    """What was written in a note that is undone can be redone, and after the next change it can be restored."""
    run = notebook({})
    made = json.loads(run("new", "Careful", "--body", "Long words.", "--json").out)["note"]
    run("undo")
    assert 1 == run("restore").code
    run("undo", "--redo")
    assert [made["path"]] == [file.name for file in run.folder.glob("*.md")]
    run("undo")
    run("new", "Other")
    assert 0 == run("restore", "Careful").code
    assert (run.folder / made["path"]).read_text(encoding="utf-8").endswith("\nLong words.\n")
