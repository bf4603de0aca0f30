"""Pairs of notes that are much alike and far apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from zettel.model.note.note import Note
from zettel.model.review.surprise import SurprisingPair, count_hops_from, draw_notes, find_surprising_pairs

LINKS = {0: {1}, 1: {0, 2}, 2: {1, 3}, 3: {2, 4}, 4: {3}, 5: {6}, 6: {5}}
"""A row of five notes, and two apart."""

NOTES = [Note(f"{number}.md", None, "", (), (), "", "", 100, 0, 0) for number in range(100)]


def near(numbers: Iterable[int]) -> set[int]:
    """Those next to any of several."""
    return {other for number in numbers for other in LINKS[number]}


def test_the_draw_is_the_same_all_day_and_another_the_next() -> None:
    """It depends on nothing but the day and the notes, in whatever order; notes that hardly say anything are left out."""
    day = date(2026, 6, 1)
    assert draw_notes(NOTES, day, 5) == draw_notes(reversed(NOTES), day, 5)
    assert draw_notes(NOTES, day, 5) != draw_notes(NOTES, date(2026, 6, 2), 5)
    assert [] == draw_notes([Note("a", None, "", (), (), "", "", 14, 0, 0)], day, 5)
    seen = {note.path for number in range(1, 29) for note in draw_notes(NOTES, date(2026, 2, number), 5)}
    assert len(seen) > 50


def test_hops() -> None:
    """As many as the shortest path has; what no path leads to is left out."""
    assert {0: 0, 1: 1, 2: 2, 3: 3, 4: 4} == count_hops_from(0, near)


def test_only_what_is_far_surprises() -> None:
    """Neighbours and their neighbours do not count, nor does what is hardly alike."""
    found = find_surprising_pairs(0, {0: 1.0, 1: 0.7, 2: 0.6, 3: 0.5, 4: 0.04, 5: 0.4}, count_hops_from(0, near))
    assert [SurprisingPair(0, 3, 0.5, 3), SurprisingPair(0, 5, 0.4, None)] == found


@pytest.mark.parametrize(
    ("lesser", "greater"),
    [
        (SurprisingPair(0, 1, 0.3, 3), SurprisingPair(0, 1, 0.4, 3)),
        (SurprisingPair(0, 1, 0.3, 3), SurprisingPair(0, 1, 0.3, 4)),
        (SurprisingPair(0, 1, 0.3, 7), SurprisingPair(0, 1, 0.3, None)),
    ],
)
def test_likeness_and_distance_surprise(lesser: SurprisingPair, greater: SurprisingPair) -> None:
    """More alike is more surprising, and so is farther apart; without any path most."""
    assert lesser.surprise < greater.surprise
