"""Test the questions that commands ask on a terminal: no is an answer and not an error, and nothing is done without a yes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.attacks.lab.harness import read_state
from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

TRUST, SPEED = "202401010101", "202401010102"
FILES: dict[str, str | bytes] = {
    f"{TRUST} Trust.md": f"# Trust\n\nIt is slow. See {SPEED} Speed by day.\n",
    f"{SPEED} Speed.md": "# Speed\n\nIt needs trust.\n",
    "Leadership.md": "# Leadership\n\nNobody leads alone.\n",
    "n.md": "# N\n\nA beacon shows the harbour to [[Leadrship]].\n",
    "a.md": "# A beacon for the harbour\n\nThe beacon.\n",
    ".zettel/config.toml": 'editor = "true"\n',
}
QUESTIONS = {
    "delete": (["delete", SPEED], "202401010102 Speed: 1 note links to it. Delete it? [y/N]", "nothing was deleted"),
    "merge": (["merge", TRUST, "Spee"], "Merge it into 202401010101 Trust? [y/N]", "nothing was merged"),
    "check": (["check", "--fix"], "Repair 1 link in 1 note? [y/N]", "nothing was written"),
    "suggest": (["suggest", "n.md", "--all"], "[y/N]", "nothing was written"),
    "trust": (["trust"], "Let this notebook start these programs? [y/N]", "the notebook is not trusted"),
    "undo": (["undo"], "Undo it? [y/N]", "nothing was undone"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_is_an_answer(name: str, notebook: Make) -> None:
    """No, or Enter alone, ends with exit code 1 and a line that is not an error; other words are asked again; Ctrl-C and Ctrl-D are 130."""
    words, question, said = QUESTIONS[name]
    run = notebook(dict(FILES))
    assert 0 == run("review", "--done", TRUST).code
    before = read_state(run.folder)
    for answers, code in ((["n\n"], 1), (["\n"], 1), (["later\n", "No\n"], 1), (["\x04"], 130), (["\x03"], 130)):
        typed = ((question, answers[0]), *(("[y/N]", answer) for answer in answers[1:]))
        done = run.on_terminal(*words, columns=200, typed=typed)
        assert (code, code == 1) == (done.code, done.out.endswith(f"zettel: {said}\n")), done.out
        assert "error" not in done.out
        assert len(answers) == done.out.count("[y/N]")
    assert before == read_state(run.folder)
    assert 0 == run.on_terminal(*words, "--yes", columns=200).code
    assert name == "trust" or before != read_state(run.folder)


def test_a_refusal_in_json_has_a_code(notebook: Make) -> None:
    """A program that asks for JSON learns from its code that the answer was no."""
    run = notebook(dict(FILES))
    done = run.on_terminal("delete", SPEED, "--json", columns=200, typed=(("[y/N]", "n\n"),))
    assert (1, True) == (done.code, '"error": {"code": "declined", "message": "nothing was deleted"' in done.out)


def test_a_question_is_not_asked_for_ever(notebook: Make) -> None:
    """Three answers that are neither yes nor no are a no."""
    run = notebook(dict(FILES))
    typed = (("[y/N]", "later\n"), ("[y/N]", "perhaps\n"), ("[y/N]", "who knows\n"))
    done = run.on_terminal("delete", SPEED, columns=200, typed=typed)
    assert (1, 3) == (done.code, done.out.count("[y/N]"))
    assert done.out.endswith("taken as no\nzettel: nothing was deleted\n")


def test_all_suggestions_are_shown_once(notebook: Make) -> None:
    """What was shown above the question is not shown again after a yes."""
    run = notebook(dict(FILES))
    done = run.on_terminal("suggest", "n.md", "--all", columns=200, NO_COLOR="1", typed=(("[y/N]", "y\n"),))
    assert (0, 1) == (done.code, done.out.count("n.md"))
