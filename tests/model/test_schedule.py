"""Test the review schedule: intervals, what is due, and what is chosen for an occasion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from zettel.model.note.note import Note
from zettel.model.note.questions import OpenQuestion
from zettel.model.review.schedule import (
    DUE,
    LOOK_BACK,
    NEVER_REVIEWED,
    ORPHAN,
    QUESTION,
    ReviewCandidates,
    ReviewState,
    choose_items,
    compute_interval,
    find_due_date,
    format_age,
    mark_reviewed,
    merge_states,
    postpone,
)

TODAY = date(2026, 6, 1)


def count_back(before: int) -> date:
    """Return the day this many days before today."""
    return TODAY - timedelta(days=before)


def make_note(handle: str, before: int = 1000, links: int = 0, *tags: str) -> Note:
    """Make a note that was written this many days ago."""
    return Note(handle, None, handle, (), tags, f"{count_back(before)}T08:00", "", 50, links, 0)


def choose(
    notes: Sequence[Note],
    occasion: str = "weekly",
    reviews: dict[str, ReviewState] | None = None,
    questions: dict[str, list[OpenQuestion]] | None = None,
    lookbacks: dict[str, date] | None = None,
    orphans: Sequence[str] = (),
) -> list[tuple[str, str]]:
    """Return (kind, handle) of what is chosen."""
    found = choose_items(ReviewCandidates(notes, questions or {}, lookbacks or {}, orphans), reviews or {}, occasion, TODAY)
    return [(item.kind, item.note.handle) for item in found]


@pytest.mark.parametrize(
    ("degree", "times", "expected"),
    [
        *((0, 0, 120), (1, 0, 60), (3, 0, 40), (7, 0, 30), (15, 0, 24), (1023, 0, 11), (10**9, 0, 4)),
        *((7, 1, 60), (7, 2, 120), (7, 3, 240), (7, 4, 365), (0, 2, 365), (0, 999, 365)),
    ],
)
def test_interval_shrinks_with_links_and_grows_with_reviews(degree: int, times: int, expected: int) -> None:
    """The interval shrinks with the logarithm of the links, doubles with each review, and is a year at most."""
    assert expected == compute_interval(degree, times)


def test_reviewing_counts_once_a_day_and_postponing_keeps_the_review() -> None:
    """A review counts once a day, postponing keeps the last review, and a note is due on the later of the two days."""
    linked = make_note("a", links=7)
    once = mark_reviewed(NEVER_REVIEWED, TODAY)
    assert ReviewState(TODAY, 1) == once == mark_reviewed(once, TODAY)
    assert ReviewState(TODAY, 3) == mark_reviewed(ReviewState(count_back(9), 2, count_back(3)), TODAY)
    assert TODAY + timedelta(days=60) == find_due_date(linked, once)
    assert TODAY + timedelta(days=1) == find_due_date(linked, postpone(NEVER_REVIEWED, TODAY + timedelta(days=1)))
    assert TODAY + timedelta(days=90) == find_due_date(linked, postpone(once, TODAY + timedelta(days=90)))
    assert None is find_due_date(linked, NEVER_REVIEWED)
    assert date.max == find_due_date(linked, ReviewState(date(9999, 12, 30), 999))


def test_merging_keeps_the_later_review() -> None:
    """Of two states, the one with the later review is kept in either order, and a review counts more than a postponement."""
    reviews = [
        NEVER_REVIEWED,
        postpone(NEVER_REVIEWED, TODAY),
        ReviewState(count_back(3), 5),
        ReviewState(count_back(2), 1),
        ReviewState(count_back(2), 1, TODAY),
        ReviewState(count_back(2), 2),
    ]
    for at, one in enumerate(reviews):
        assert [reviews[max(at, other)] for other in range(len(reviews))] == [merge_states(one, other) for other in reviews]
        assert [reviews[max(at, other)] for other in range(len(reviews))] == [merge_states(other, one) for other in reviews]


def test_notes_are_due_by_their_part_of_the_interval() -> None:
    """Notes come by the days they have waited as a part of their interval, which a note that was never reviewed reaches in a week."""
    notes = [
        make_note("hub", 100, 15),
        make_note("lone", 200),
        make_note("fresh", 3, 15),
        make_note("week", 8),
        make_note("late", 1000),
        make_note("read", 1000, 7),
    ]
    reviews = {"late": ReviewState(count_back(100), 1), "read": ReviewState(count_back(61), 1)}
    assert [(DUE, "hub"), (DUE, "lone"), (DUE, "read"), (DUE, "week")] == choose(notes, reviews=reviews)
    assert [(DUE, "hub"), (DUE, "lone"), (DUE, "read")] == choose(notes, "daily", reviews)
    assert [(DUE, "lone"), (DUE, "read")] == choose(notes, "daily", reviews | {"hub": ReviewState(TODAY, 1)})
    assert [] == choose([make_note("b", 1)])


def test_equally_due_notes_come_by_handle() -> None:
    """Equally due notes come by handle, in whatever order they are given."""
    notes = [make_note(handle) for handle in "dacb"]
    assert [(DUE, "a"), (DUE, "b"), (DUE, "c")] == choose(notes, "daily") == choose(notes[::-1], "daily")


def test_a_creation_day_in_the_future_is_ignored() -> None:
    """A note whose ID is a day of the next century has waited for long, and so has one whose time is not a time."""
    assert [(DUE, "a")] == choose([make_note("a", -40_000)])
    odd = Note("odd", "202113991200", "odd", (), (), "2021-13-99T12:00", "", 50, 0, 0)
    assert [(DUE, "202113991200")] == choose([odd])


def test_a_postponed_note_is_not_chosen_before_its_day() -> None:
    """A note that is postponed until tomorrow is in no list today, and in one when its day has come."""
    notes = [make_note("a"), make_note("q"), make_note("o"), make_note("d", 1000, 0, "decision")]
    tomorrow = TODAY + timedelta(days=1)
    reviews = {found.handle: postpone(NEVER_REVIEWED, tomorrow) for found in notes}
    questions, orphans = {"q": [OpenQuestion("Why?", 3)]}, ["o"]
    assert [] == choose(notes, reviews=reviews, questions=questions, orphans=orphans)
    reviews = {found.handle: postpone(NEVER_REVIEWED, TODAY) for found in notes}
    expected = [(LOOK_BACK, "d"), (DUE, "a"), (QUESTION, "q"), (ORPHAN, "o")]
    assert expected == choose(notes, reviews=reviews, questions=questions, orphans=orphans)


def test_decisions_are_chosen_until_they_are_reviewed() -> None:
    """Decisions whose own day has come are first, then those without one after 90 days, each until it is reviewed."""
    decisions = [make_note("old", 300, 0, "decision"), make_note("new", 80, 0, "Decision/hiring"), make_note("seen", 300, 0, "decision")]
    dated = [make_note("due", 100), make_note("early", 100), make_note("again", 100), make_note("met", 100)]
    lookbacks = {"due": count_back(1), "early": count_back(-5), "again": count_back(10), "met": count_back(10)}
    reviews = {"seen": ReviewState(count_back(20), 1), "again": ReviewState(count_back(11), 9), "met": ReviewState(count_back(10), 9)}
    found = choose([*decisions, *dated, make_note("subject", 300, 0, "leadership/decisions")], reviews=reviews, lookbacks=lookbacks)
    assert [(LOOK_BACK, "again"), (LOOK_BACK, "due"), (LOOK_BACK, "old")] == found[:3]
    assert [(LOOK_BACK, "again")] == choose([*decisions, *dated], "daily", reviews, lookbacks=lookbacks)[:1]
    assert (LOOK_BACK, "old") not in choose(decisions, "daily")


def test_questions_come_oldest_first_and_orphans_newest_first() -> None:
    """Questions and orphans that were never reviewed come first, and each note is chosen once."""
    notes = [make_note("q1", 30), make_note("q2", 20), make_note("q3", 40), make_note("o1", 3), make_note("o2", 2), make_note("o3", 900)]
    questions = {name: [OpenQuestion("Why?", 3), OpenQuestion("How?", 4)] for name in ("q1", "q2", "q3")}
    reviews = {"q3": ReviewState(count_back(370), 9), "o2": ReviewState(count_back(370), 9)}
    found = choose(notes, reviews=reviews, questions=questions, orphans=["o1", "o2", "o3", "q2"])
    expected = [(QUESTION, "q1"), (QUESTION, "q2"), (QUESTION, "q3"), (ORPHAN, "o1"), (ORPHAN, "o3"), (ORPHAN, "o2")]
    assert expected == found
    assert [(DUE, "o3"), (DUE, "q3"), (DUE, "q1")] == choose([*notes[:3], notes[5]], "daily", questions=questions, orphans=["o3"])


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, "today"),
        (1, "yesterday"),
        (2, "2 days ago"),
        (59, "59 days ago"),
        (60, "2 months ago"),
        (729, "24 months ago"),
        (730, "2 years ago"),
    ],
)
def test_age_is_in_days_months_or_years(days: int, expected: str) -> None:
    """An age is in days, from 60 days on in months, and from 730 days on in years."""
    assert expected == format_age(days)
