"""Test that a fault in a config file stops only the commands that need what is faulty, and that all others say one line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner
from zettel.adapters.config_file import read_settings
from zettel.model.base.errors import SettingsError

Make = Callable[[dict[str, str | bytes]], Runner]

NOTE = "202401010101 Trust.md"
READING = (["list"], ["links", NOTE], ["tags"])
FAULTS = {
    "a rule": ('check.rules = ["a note tagged retro has an owner"]', ["check"], [*READING, ["new", "A thought"], ["undo", "--list"]]),
    "the codes of checks": ("check.errors = 1", ["check"], [*READING, ["new", "A thought"]]),
    "what is a note": ('ignore = "drafts"', ["list"], []),
    "how links are written": ('links.pipe = "both"', ["tags"], []),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_faulty_setting_stops_what_needs_it(what: str, notebook: Make) -> None:
    """The command that needs a faulty setting is a settings error, and every other one does its work and says one line each time."""
    text, needs_it, others = FAULTS[what]
    run = notebook({NOTE: "# Trust\n\n#tag\n", ".zettel/config.toml": f"{text}\n"})
    name = text.partition(" ")[0]
    stopped = run(*needs_it)
    assert (2, "") == stopped[:2]
    assert f"config.toml: {name}" in stopped.err.splitlines()[0]
    assert "going on without it" not in stopped.err
    for words in (*others, *others):
        done = run(*words)
        lines = [line for line in done.err.splitlines() if line.endswith("; going on without it")]
        assert (True, 1) == (done.code in (0, 1), len(lines)), (words, done)
        assert f"config.toml: {name}" in lines[0]


@pytest.mark.parametrize(
    "text",
    [
        "note.folder = 5",
        'note.id = "hour"',
        "note.template = ['x']",
        'note.tags = "inbox"',
        'note.style = "headings"',
        'daily.folder = "/x"',
    ],
)
def test_a_faulty_setting_of_new_notes_loses_no_thought(text: str, notebook: Make) -> None:
    """A note is made with the default of a faulty setting, and one line says so."""
    run = notebook({".zettel/config.toml": f"{text}\n"})
    for words in (["new", "A thought", "--body", "-"], ["daily", "--append", "-"]):
        done = run(*words, stdin="Words.\n")
        assert (0, 1) == (done.code, done.err.count("; going on without it")), done
    assert 2 == sum("Words." in file.read_text(encoding="utf-8") for file in run.folder.glob("*.md"))


def test_a_template_of_the_settings_that_is_missing_loses_no_thought(notebook: Make) -> None:
    """A note is made without a template that does not exist, and one line says so. One that was asked for is an error."""
    run = notebook({".zettel/config.toml": 'note.template = "nosuch"\n'})
    done = run("new", "A thought")
    assert (0, True) == (done.code, 'no template "nosuch"' in done.err)
    assert 0 != run("new", "Another", "-T", "nosuch").code


@pytest.mark.parametrize(
    "text",
    [
        'tomorrow.setting = "x"',
        "search.limit = 0",
        'color = "blue"',
        'pager = "less"',
        "editor = 7",
        "pager-command = true",
        "notebook = 3",
    ],
)
def test_a_setting_that_decides_no_answer_has_its_default(text: str, notebook: Make) -> None:
    """An unknown setting, or a faulty one that only says how an answer looks, stops nothing."""
    run = notebook({NOTE: "# Trust\n\nslow\n", ".zettel/config.toml": f"{text}\n"})
    for words in (["list"], ["search", "slow"], ["check", "--only", "dangling"], ["edit", NOTE]):
        done = run(*words, EDITOR="true")
        assert (0, True) == (done.code, done.err.endswith("; going on without it\n")), (words, done)
        assert 1 == done.err.count("going on without it")
    shown = run.on_terminal("show", NOTE)
    assert (0, True) == (shown.code, "going on" in shown.out.replace("\n  ", " "))


def test_a_file_that_cannot_be_parsed_stops_what_it_seems_to_set(notebook: Make) -> None:
    """Only the settings that an invalid file names, on lines of their own, are faulty; all others have their defaults."""
    text = "# ignore = []\n[note]\ntags = ['inbox']\n\n[check]\nrules = ['every note\n"
    run = notebook({NOTE: "# Trust\n", ".zettel/config.toml": text})
    assert [0, 2, 0] == [run(*words).code for words in (["list"], ["check"], ["new", "A thought"])]
    assert 1 == run("list").err.count("is not valid TOML")
    (run.folder / ".zettel" / "config.toml").write_text("check.rules = ['every note\n", encoding="utf-8")
    assert [0, 0, 2] == [run(*words).code for words in (["list"], ["new", "A thought"], ["check"])]
    for line in (
        "ignore = ['x'",
        " 'ignore' = [",
        "[links]\npipe = label-first",
        "links = {pipe = 1",
        "links.pipe label-first",
        "\ufeffignore",
    ):
        (run.folder / ".zettel" / "config.toml").write_text(f"{line}\n", encoding="utf-8")
        assert 2 == run("list").code, line


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_that_cannot_be_read_may_set_anything(notebook: Make) -> None:
    """A config file without permission to read it stops every command that reads notes, and names the file."""
    run = notebook({NOTE: "# Trust\n", ".zettel/config.toml": ""})
    (run.folder / ".zettel" / "config.toml").chmod(0)
    assert (2, True) == ((done := run("list")).code, "config.toml cannot be read" in done.err)


def test_a_wrong_setting_for_one_call_is_an_error(notebook: Make) -> None:
    """What `-c` gets wrong is a usage error in every command, and what it gets right stands in for a faulty setting."""
    run = notebook({NOTE: "# Trust\n", ".zettel/config.toml": "note.folder = 5\n"})
    for words in (["-c", "note.folder=/x", "list"], ["-c", "tomorrow=1", "list"], ["-c", "pager=perhaps", "tags"]):
        assert 2 == run(*words).code
    done = run("-c", "note.folder=inbox", "new", "A thought")
    assert (0, False) == (done.code, "going on" in done.err)


def test_a_notebooks_own_setting_replaces_a_faulty_one_of_the_user(tmp_path: Path) -> None:
    """A valid setting of the notebook is in effect, whatever the user's own config says; the other way round the notebook's fault counts."""
    user, own = tmp_path / "user.toml", tmp_path / "own.toml"
    user.write_text("note.folder = 5\nnote.id = 'second'\nnotebook = 1\n", encoding="utf-8")
    own.write_text("note.folder = 'in'\nnote.id = 'hour'\n", encoding="utf-8")
    found, named = read_settings(str(user), str(own))
    assert (None, "in") == (named, found["note.folder"])
    with pytest.raises(SettingsError, match=r"own\.toml: note\.id"):
        found["note.id"]
    assert ["notebook"] == [error.message.split()[1] for error in found.list_unraised()]


def test_faulty_settings_are_not_cached(notebook: Make) -> None:
    """The line comes with every command until the file is corrected, and not once more."""
    run = notebook({NOTE: "# Trust\n", ".zettel/config.toml": "colour = 1\n"})
    assert [1, 1, 1] == [run("list").err.count("there is no setting") for _ in range(3)]
    (run.folder / ".zettel" / "config.toml").write_text("color = 'never'\n", encoding="utf-8")
    assert ["", ""] == [run("list").err for _ in range(2)]
