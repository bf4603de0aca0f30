"""What `path` says where no path leads."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

APART: dict[str, str | bytes] = {
    "202601010001 Slow queues.md": "See 202601010002 for more.\n",
    "202601010002 Work.md": "Alone. #flow\n",
    "202601010003 A queue at lunch.md": "See 202601010004 instead. #flow\n",
    "202601010004 Food.md": "Bread and soup.\n",
}


def test_the_nearest_notes_are_named(notebook: Make) -> None:
    """Two notes on either side of the gap are named, with what their titles and tags have in common."""
    result = notebook(APART)("path", "work", "food", "--json")
    nearest = json.loads(result.out)["nearest"]
    assert ["202601010001", "202601010003"] == [note["id"] for note in nearest["notes"]]
    assert "both titles have queues" == nearest["why"]
    assert 'no path leads from "work" to "food"' in result.err


def test_texts_speak_where_titles_do_not(notebook: Make) -> None:
    """Where titles and tags have nothing in common, the texts of the nearest notes are compared, as suggest does."""
    run = notebook(
        {
            "202601010001 One.md": "A conundrum of marmalade.\n",
            "202601010002 Two.md": "Marmalade, then.\n",
            "202601010003 Three.md": "Nothing of the kind.\n",
        }
    )
    nearest = json.loads(run("path", "one", "two", "--json").out)["nearest"]
    assert ["One", "Two"] == sorted(note["title"] for note in nearest["notes"])
    assert "share the word marmalade" == nearest["why"]


def test_a_longer_path_is_mentioned(notebook: Make) -> None:
    """Where only `--max-hops` or `--directed` stand in the way of a path, the answer says so, and how long it is."""
    run = notebook({**APART, "202601010005 Far.md": "202601010001\n"})
    assert "without --max-hops there is one of 2 hops" in run("path", "far", "work", "--max-hops", "1").err
    assert "without --directed there is one of 1 hop\n" in run("path", "work", "slow", "--directed").err
    assert "without --directed and --max-hops there is one of 2 hops" in run("path", "work", "far", "--directed", "--max-hops", "1").err


def test_a_saved_path_bridges_no_gap(notebook: Make) -> None:
    """Where only a saved path links two sides, they are apart, and the nearest notes are named."""
    run = notebook({**APART, "202601010006 Saved.md": "---\ntags: [structure/path]\n---\n\nFrom 202601010002 to 202601010004 at last.\n"})
    document = json.loads(run("path", "work", "food", "--json").out)
    assert [] == document["paths"]
    assert ["202601010001", "202601010003"] == [note["id"] for note in document["nearest"]["notes"]]
