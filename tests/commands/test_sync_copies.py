"""Test that a copy that a sync program made takes nothing from its original."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

ORIGINAL, LINKING = "202501310800 Delegation.md", "202501310900 Meetings.md"
TEXT = "---\naliases: [Handing over]\n---\n# Delegation\n\nHand over the result.\n"
NOTES: dict[str, str | bytes] = {
    ORIGINAL: TEXT,
    LINKING: "# Meetings\n\nThey follow from 202501310800 and [[Handing over]], not from [[202501310800 Delegation]].\n",
}


@pytest.mark.parametrize(
    "mark", [" (Jo's conflicted copy 2025-01-31)", ".sync-conflict-20250131-081500-QWERTY7", " 2", "-JO-PC", " - Kopie"]
)
def test_links_lead_to_the_original(mark: str, notebook: Make) -> None:
    """Links by ID, title and alias keep their target, whatever the copy is called, and paths go on through it."""
    copy = f"202501310800 Delegation{mark}.md"
    run = notebook({**NOTES, copy: TEXT.replace("result", "whole result")})
    links = json.loads(run("graph", "--format", "json").out)["links"]
    assert [(ORIGINAL, "ok")] * 3 == [(link["target"], link["status"]) for link in links if link["source"] == LINKING]
    assert 0 == run("path", "Meetings", "Delegation").code
    for name in ("202501310800", "Delegation", "handing over", "20250131080"):
        assert "Hand over the result." in run("show", name).out
    assert "Hand over the whole result." in run("show", copy).out


@pytest.mark.parametrize(("text", "is_copy"), [("Hand over the whole result.", True), ("It is about something else.", False)])
def test_copy_without_an_id_is_known_by_its_text(text: str, is_copy: bool, notebook: Make) -> None:
    """A mark that may belong to a title shows a copy if the note beside it has the same alias and much of the same text."""
    body = "# {}\n\nHand over the result and not the task, and say what you keep for yourself. {}\n"
    run = notebook(
        {
            "notes/Delegation.md": "---\naliases: [Handing over]\n---\n" + body.format("Delegation", "And when."),
            "notes/Delegation (1).md": f"---\naliases: [Handing over]\n---\n{body.format('Delegation', text) if is_copy else text}\n",
            "Meetings.md": "See [[handing over]].",
        }
    )
    links = json.loads(run("graph", "--format", "json").out)["links"]
    assert [("notes/Delegation.md", "ok") if is_copy else (None, "ambiguous")] == [(link["target"], link["status"]) for link in links]
    assert is_copy == ("Delegation (1).md" in run("check", "--only", "conflict-copy").out)


def test_copy_takes_no_id_from_a_title_line(notebook: Make) -> None:
    """A note whose ID is only in its title line keeps it, although its copy has the ID in front matter, which is otherwise stronger."""
    run = notebook(
        {
            "Delegation.md": "# 202501310800 Delegation\n\nHand over the result.\n",
            "Delegation (1).md": "---\nid: 202501310800\n---\n# Delegation\n\nHand over the result.\n",
            "Meetings.md": "See [[202501310800]].\n",
        }
    )
    (link,) = json.loads(run("graph", "--format", "json").out)["links"]
    assert ("Delegation.md", "ok") == (link["target"], link["status"])
    notes = {note["path"]: note for note in json.loads(run("list", "--json").out)["notes"]}
    assert ("202501310800", "Delegation.md") == (notes["Delegation.md"]["id"], notes["Delegation (1).md"]["copy_of"])


def test_copy_is_listed_by_its_path(notebook: Make) -> None:
    """A copy is still a note, but it is named by its path, and says what it is a copy of."""
    copy = "202501310800 Delegation (conflicted).md"
    run = notebook({**NOTES, copy: TEXT})
    assert {copy, "202501310800", "202501310900"} == set(run("list", "--format", "ids").out.splitlines())
    notes = {note["path"]: note for note in json.loads(run("list", "--json").out)["notes"]}
    assert (None, ORIGINAL) == (notes[copy]["id"], notes[copy]["copy_of"])
    assert "copy_of" not in notes[ORIGINAL]


def test_copy_is_not_suggested(notebook: Make) -> None:
    """A copy is like its original, but that is not a reason to link the two."""
    text = "# Delegation\n\nDelegated results need trust, patience, briefings, reviews and a rucksack of examples.\n"
    run = notebook({ORIGINAL: text, "202501310800 Delegation (conflicted).md": text, **{f"{at}.md": f"Filler {at}." for at in range(20)}})
    for command in ("related", "suggest"):
        assert "conflicted" not in run(command, "202501310800").out


def test_check_reports_only_the_copy(notebook: Make) -> None:
    """A copy is reported once, and neither as a duplicate nor for having no links."""
    copy = "202501310800 Delegation (conflicted).md"
    run = notebook({**NOTES, ORIGINAL: TEXT + "See [[Meetings]]. " + "Many words. " * 30, copy: TEXT + "Many words. " * 30})
    problems = json.loads(run("check", "--json").out)["problems"]
    assert [(copy, "conflict-copy")] == [(problem["path"], problem["code"]) for problem in problems]
    assert f'zettel delete "{copy}"' in problems[0]["hint"]


def test_copy_without_its_original_is_an_ordinary_note(notebook: Make) -> None:
    """Once the original is gone, links lead to the copy; two copies without an original are ambiguous, and told apart by their paths."""
    copies = ["202501310800 Delegation (conflicted).md", "202501310800 Delegation (conflicted 2).md"]
    run = notebook({**NOTES, copies[0]: TEXT})
    assert 0 == run("list").code
    (run.folder / ORIGINAL).unlink()
    assert f"→ {copies[0]}" not in run("links", "Meetings").out
    assert "202501310800" in run("links", "Meetings").out
    (run.folder / copies[1]).write_text(TEXT, encoding="utf-8")
    result = run("show", "202501310800")
    assert 4 == result.code
    assert all(f"Delegation  {copy}" in result.err for copy in copies)


def test_another_note_of_the_same_minute_keeps_its_links(notebook: Make) -> None:
    """A note that only shares the ID of another one and has a 2 in its title is not called a copy, and links by title lead to it."""
    run = notebook(
        {**NOTES, "202501310800 Phase 2.md": "# Phase 2\n\nThe second phase begins with a pause.\n", "l.md": "See [[Phase 2]].\n"}
    )
    assert "→ 202501310800 Phase 2" in run("links", "l.md").out
    assert {"duplicate-id"} == {
        one["code"] for one in json.loads(run("check", "--only", "duplicate-id,conflict-copy", "--json").out)["problems"]
    }


@pytest.mark.parametrize("mark", [" (Jo's conflicted copy 2025-01-31)", " 2"])
def test_renamed_original_keeps_its_links(mark: str, notebook: Make) -> None:
    """A rename of the original gives the copy no claim to its ID."""
    copy = f"202501310800 Delegation{mark}.md"
    text = f"{TEXT}\nWhoever gets a task gets the right to do it in another way.\n"
    run = notebook({**NOTES, ORIGINAL: text, copy: text})
    assert 0 == run("rename", "202501310800", "Handing over the result").code
    assert "Handing over the result" in run("links", "Meetings").out
    assert "[]" == json.dumps(json.loads(run("check", "--only", "ambiguous,dangling,duplicate-id", "--json").out)["problems"])


def test_copies_can_be_changed_by_their_path(notebook: Make) -> None:
    """A copy can be moved, and deleted, without any effect on links to the original."""
    copy = "202501310800 Delegation (Jo's conflicted copy 2025-01-31).md"
    run = notebook({**NOTES, copy: TEXT})
    assert 0 == run("move", copy, "old/").code
    assert 0 == run("delete", f"old/{copy}").code
    assert TEXT == (run.folder / ORIGINAL).read_text(encoding="utf-8")
    assert NOTES[LINKING] == (run.folder / LINKING).read_text(encoding="utf-8")


def test_missing_path_names_the_ambiguous_link_between(notebook: Make) -> None:
    """If only a link that several notes answer to lies between two notes, the answer says so, and where it is."""
    run = notebook({"a.md": "# A\n\nSee [[Twin]].\n", "x/Twin.md": "[[B]]", "y/Twin.md": "One.", "B.md": "# B\n"})
    result = run("path", "A", "B", "--json")
    assert {"source": "a.md", "line": 3, "text": "[[Twin]]", "candidates": ["x/Twin.md", "y/Twin.md"]} == json.loads(result.out)[
        "ambiguous"
    ]
    assert "an ambiguous link lies in between: [[Twin]] in a.md:3" in result.err
