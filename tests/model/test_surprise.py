"""Test the choice of pairs of notes that are similar and far apart."""

from __future__ import annotations

from datetime import date

import pytest

from zettel.model.note.note import Note
from zettel.model.review.surprise import SurprisingPair, draw_notes, find_surprising_pairs

NOTES = [Note(f"{number}.md", None, "", (), (), "", "", 100, 0, 0) for number in range(100)]


def test_the_draw_depends_only_on_day_and_notes() -> None:
    """Notes are drawn by the day, in whatever order they are given, and notes that hardly say anything are left out."""
    day = date(2026, 6, 1)
    assert draw_notes(NOTES, day, 5) == draw_notes(reversed(NOTES), day, 5)
    assert draw_notes(NOTES, day, 5) != draw_notes(NOTES, date(2026, 6, 2), 5)
    assert [] == draw_notes([Note("a", None, "", (), (), "", "", 14, 0, 0)], day, 5)
    seen = {note.path for number in range(1, 29) for note in draw_notes(NOTES, date(2026, 2, number), 5)}
    assert len(seen) > 50


def test_only_distant_notes_are_surprising() -> None:
    """Neighbours and their neighbours are not surprising, nor are notes that are hardly similar."""
    found = find_surprising_pairs(0, {0: 1.0, 1: 0.7, 2: 0.6, 3: 0.5, 4: 0.04, 5: 0.4}, {0: 0, 1: 1, 2: 2, 3: 3, 4: 4})
    assert [SurprisingPair(0, 3, 0.5, 3), SurprisingPair(0, 5, 0.4, None)] == found


@pytest.mark.parametrize(
    ("lesser", "greater"),
    [
        (SurprisingPair(0, 1, 0.3, 3), SurprisingPair(0, 1, 0.4, 3)),
        (SurprisingPair(0, 1, 0.3, 3), SurprisingPair(0, 1, 0.3, 4)),
        (SurprisingPair(0, 1, 0.3, 7), SurprisingPair(0, 1, 0.3, None)),
    ],
)
def test_surprise_grows_with_similarity_and_distance(lesser: SurprisingPair, greater: SurprisingPair) -> None:
    """A pair is more surprising the more similar and the farther apart its notes are, and most without any path."""
    assert lesser.surprise < greater.surprise
