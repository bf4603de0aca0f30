"""Test what `stats` shows: numbers with their words, and bars."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

NOTES: dict[str, str | bytes] = {
    "202301050900 Anchor.md": "# Anchor\n\nOne two three. [[Nowhere]]\n",
    "202301060900 Buoy.md": "# Buoy\n\nSee 202301050900 Anchor and 202303010900 Chain.\n",
    "202303010900 Chain.md": "# Chain\n\nSee [[202301050900]].\n",
}


def test_stats_puts_numbers_beside_their_words(notebook: Make) -> None:
    """Each number stands before its word, with what it means for one note; what there is none of is left out."""
    lines = [line.strip() for line in notebook(NOTES).on_terminal("stats", NO_COLOR="1").out.splitlines()]
    assert "3 links          1.0 a note" in lines
    assert "1 dangling link  zettel check lists them" in lines
    assert not any("ambiguous" in line for line in lines)


def test_stats_draws_months_without_gaps(notebook: Make) -> None:
    """Notes of less than two years are counted by month, and months without notes are there, too."""
    run = notebook(NOTES)
    assert {"2023-01": 2, "2023-02": 0, "2023-03": 1} == json.loads(run("stats", "--json").out)["notes_by_period"]
    lines = [line.strip() for line in run.on_terminal("stats", NO_COLOR="1").out.splitlines()]
    assert ["2023-01  ▇▇ 2", "2023-02  ·", "2023-03  ▇ 1"] == [line for line in lines if line.startswith("2023")]


def test_stats_draws_years_of_an_old_notebook(notebook: Make) -> None:
    """Over a longer time, notes are counted by year."""
    run = notebook({**NOTES, "202501010900 Dock.md": "# Dock\n"})
    assert {"2023": 3, "2024": 0, "2025": 1} == json.loads(run("stats", "--json").out)["notes_by_period"]


def test_stats_counts_notes_by_links(notebook: Make) -> None:
    """Links and backlinks of a note are added up, in groups."""
    assert {"0": 0, "1–2": 3} == json.loads(notebook(NOTES)("stats", "--json").out)["notes_by_links"]


def test_stats_of_an_empty_notebook(notebook: Make) -> None:
    """Without notes there are zeros, and no bars."""
    shown = notebook({}).on_terminal("stats", NO_COLOR="1").out
    assert ("0 notes" in shown, "▇" in shown) == (True, False)


def test_plain_stats_have_a_tab_between_name_and_number(notebook: Make) -> None:
    """Programs get a line for each number, as they always did."""
    lines = notebook(NOTES)("stats").out.splitlines()
    assert ["notes\t3", "words\t15", "links\t3"] == lines[:3]
