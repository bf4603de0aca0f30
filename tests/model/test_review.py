"""What to look at again: intervals, what is due, and what is chosen for an occasion."""

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


def day(before: int) -> date:
    """So many days before today."""
    return TODAY - timedelta(days=before)


def note(handle: str, before: int = 1000, links: int = 0, *tags: str) -> Note:
    """A note written so many days ago."""
    return Note(handle, None, handle, (), tags, f"{day(before)}T08:00", "", 50, links, 0)


def choose(
    notes: Sequence[Note],
    occasion: str = "weekly",
    looks: dict[str, ReviewState] | None = None,
    questions: dict[str, list[OpenQuestion]] | None = None,
    lookbacks: dict[str, date] | None = None,
    orphans: Sequence[str] = (),
) -> list[tuple[str, str]]:
    """(kind, handle) of what is chosen."""
    found = choose_items(ReviewCandidates(notes, questions or {}, lookbacks or {}, orphans), looks or {}, occasion, TODAY)
    return [(item.kind, item.note.handle) for item in found]


@pytest.mark.parametrize(
    ("degree", "times", "expected"),
    [
        *((0, 0, 120), (1, 0, 60), (3, 0, 40), (7, 0, 30), (15, 0, 24), (1023, 0, 11), (10**9, 0, 4)),
        *((7, 1, 60), (7, 2, 120), (7, 3, 240), (7, 4, 365), (0, 2, 365), (0, 999, 365)),
    ],
)
def test_intervals(degree: int, times: int, expected: int) -> None:
    """The more links the sooner, by the logarithm; twice as long each time it was still true; a year at most."""
    assert expected == compute_interval(degree, times)


def test_what_is_remembered_of_a_look() -> None:
    """Done counts once a day; put off keeps the last look; the next day is the later of both."""
    linked = note("a", links=7)
    once = mark_reviewed(NEVER_REVIEWED, TODAY)
    assert ReviewState(TODAY, 1) == once == mark_reviewed(once, TODAY)
    assert ReviewState(TODAY, 3) == mark_reviewed(ReviewState(day(9), 2, day(3)), TODAY)
    assert TODAY + timedelta(days=60) == find_due_date(linked, once)
    assert TODAY + timedelta(days=1) == find_due_date(linked, postpone(NEVER_REVIEWED, TODAY + timedelta(days=1)))
    assert TODAY + timedelta(days=90) == find_due_date(linked, postpone(once, TODAY + timedelta(days=90)))
    assert None is find_due_date(linked, NEVER_REVIEWED)
    assert date.max == find_due_date(linked, ReviewState(date(9999, 12, 30), 999))


def test_the_later_look_counts() -> None:
    """Of two looks the one of the later day counts, whichever comes first; a look counts more than putting off."""
    looks = [
        NEVER_REVIEWED,
        postpone(NEVER_REVIEWED, TODAY),
        ReviewState(day(3), 5),
        ReviewState(day(2), 1),
        ReviewState(day(2), 1, TODAY),
        ReviewState(day(2), 2),
    ]
    for at, one in enumerate(looks):
        assert [looks[max(at, other)] for other in range(len(looks))] == [merge_states(one, other) for other in looks]
        assert [looks[max(at, other)] for other in range(len(looks))] == [merge_states(other, one) for other in looks]


def test_due_are_those_that_waited_longest_for_what_they_are() -> None:
    """By days waited as a part of the interval; one looked at waits for its interval, one never looked at fills up after a week."""
    notes = [note("hub", 100, 15), note("lone", 200), note("fresh", 3, 15), note("week", 8), note("late", 1000), note("read", 1000, 7)]
    looks = {"late": ReviewState(day(100), 1), "read": ReviewState(day(61), 1)}
    assert [(DUE, "hub"), (DUE, "lone"), (DUE, "read"), (DUE, "week")] == choose(notes, looks=looks)
    assert [(DUE, "hub"), (DUE, "lone"), (DUE, "read")] == choose(notes, "daily", looks)
    assert [(DUE, "lone"), (DUE, "read")] == choose(notes, "daily", looks | {"hub": ReviewState(TODAY, 1)})
    assert [] == choose([note("b", 1)])


def test_equals_stand_by_handle() -> None:
    """What is as much due comes by its handle, in whatever order the notes are given."""
    notes = [note(handle) for handle in "dacb"]
    assert [(DUE, "a"), (DUE, "b"), (DUE, "c")] == choose(notes, "daily") == choose(notes[::-1], "daily")


def test_a_day_yet_to_come_is_none() -> None:
    """A note whose ID says a day of next century has waited for long; so has one whose time is none."""
    assert [(DUE, "a")] == choose([note("a", -40_000)])
    odd = Note("odd", "202113991200", "odd", (), (), "2021-13-99T12:00", "", 50, 0, 0)
    assert [(DUE, "202113991200")] == choose([odd])


def test_what_was_put_off_rests() -> None:
    """A note that is to come again tomorrow is in no list today, and is tomorrow."""
    notes = [note("a"), note("q"), note("o"), note("d", 1000, 0, "decision")]
    tomorrow = TODAY + timedelta(days=1)
    looks = {found.handle: postpone(NEVER_REVIEWED, tomorrow) for found in notes}
    questions, orphans = {"q": [OpenQuestion("Why?", 3)]}, ["o"]
    assert [] == choose(notes, looks=looks, questions=questions, orphans=orphans)
    looks = {found.handle: postpone(NEVER_REVIEWED, TODAY) for found in notes}
    expected = [(LOOK_BACK, "d"), (DUE, "a"), (QUESTION, "q"), (ORPHAN, "o")]
    assert expected == choose(notes, looks=looks, questions=questions, orphans=orphans)


def test_decisions_to_look_back_on() -> None:
    """Those whose own day has come first, then those without one after 90 days; each until it was looked at."""
    decisions = [note("old", 300, 0, "decision"), note("new", 80, 0, "Decision/hiring"), note("seen", 300, 0, "decision")]
    dated = [note("due", 100), note("early", 100), note("again", 100), note("met", 100)]
    lookbacks = {"due": day(1), "early": day(-5), "again": day(10), "met": day(10)}
    looks = {"seen": ReviewState(day(20), 1), "again": ReviewState(day(11), 9), "met": ReviewState(day(10), 9)}
    found = choose([*decisions, *dated, note("subject", 300, 0, "leadership/decisions")], looks=looks, lookbacks=lookbacks)
    assert [(LOOK_BACK, "again"), (LOOK_BACK, "due"), (LOOK_BACK, "old")] == found[:3]
    assert [(LOOK_BACK, "again")] == choose([*decisions, *dated], "daily", looks, lookbacks=lookbacks)[:1]
    assert (LOOK_BACK, "old") not in choose(decisions, "daily")


def test_questions_oldest_first_and_orphans_newest_first() -> None:
    """Those never looked at come first; each note is shown once."""
    notes = [note("q1", 30), note("q2", 20), note("q3", 40), note("o1", 3), note("o2", 2), note("o3", 900)]
    questions = {name: [OpenQuestion("Why?", 3), OpenQuestion("How?", 4)] for name in ("q1", "q2", "q3")}
    looks = {"q3": ReviewState(day(370), 9), "o2": ReviewState(day(370), 9)}
    found = choose(notes, looks=looks, questions=questions, orphans=["o1", "o2", "o3", "q2"])
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
def test_ago(days: int, expected: str) -> None:
    """Days in words."""
    assert expected == format_age(days)
