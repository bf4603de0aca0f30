"""Schedule reviews: decide when a note is due again, and choose what to review on an occasion.

Notes come back as in Leitner's box (Sebastian Leitner, "So lernt man lernen", 1972): first after an interval, and each time
that they are found to be still true, after twice as long. SM-2 (P. A. Wozniak, "Optimization of repetition spacing", 1990) has
a growth factor per card instead, but it needs a grade from 0 to 5, and nobody learns notes by heart. The first interval is
`BASE_INTERVAL` / (1 + log2(1 + d)) days for a note with d links in both directions together. A note without links waits longest, one
with 7 a quarter as long. The logarithm keeps hubs from coming up every other day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import log2
from typing import NamedTuple

from zettel.model.note.note import Note
from zettel.model.note.questions import OpenQuestion
from zettel.model.note.review_date import is_decision

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.suggest.score import Suggestion

BASE_INTERVAL, MAX_INTERVAL = 120, 365
"""Days until the first review of a note without links, and the longest interval of any note."""

NEW_NOTE_INTERVAL = 7
"""Days after which a note that was never reviewed may fill up a review that has too few due notes."""

UNDATED_DECISION_DAYS = 90
"""Days after which to look back on a decision without a review date."""

DUE, LOOK_BACK, QUESTION, ORPHAN, SURPRISE = "due", "look back", "question", "orphan", "surprise"

HEADINGS = {
    LOOK_BACK: "To look back on",
    DUE: "To read again",
    QUESTION: "Open questions",
    ORPHAN: "Nothing links here yet",
    SURPRISE: "Do these belong together?",
}
"""The kinds of items in the order of the review, with their headings."""

OCCASION_LIMITS: Mapping[str, Mapping[str, int]] = {
    "daily": {LOOK_BACK: 1, DUE: 3, SURPRISE: 1},
    "weekly": {LOOK_BACK: 3, DUE: 5, QUESTION: 3, ORPHAN: 3, SURPRISE: 1},
    "monthly": {LOOK_BACK: 5, DUE: 10, QUESTION: 5, ORPHAN: 5, SURPRISE: 2},
}
"""Maximum items of each kind. A daily review only looks back on notes that have a review date."""


class ReviewState(NamedTuple):
    """The reviews of a note: the last day, how many times in a row it was still true, and the day until which it is put off."""

    last_reviewed: date | None = None
    streak: int = 0
    postponed_until: date | None = None


NEVER_REVIEWED = ReviewState()


class ReviewItem(NamedTuple):
    """An item of a review.

    `kind` is a key of `HEADINGS`, `sentence` a question (on `line`) or the beginning of the note, and `other` the second note
    of a surprising pair, with the `suggestion` of a link between the two, if there is one.
    """

    kind: str
    note: Note
    why: str
    sentence: str = ""
    line: int | None = None
    other: Note | None = None
    suggestion: Suggestion | None = None


def compute_interval(link_count: int, streak: int) -> int:
    """Return the days until the next review of a note with `link_count` links that was still true `streak` times in a row."""
    return round(max(1.0, min(MAX_INTERVAL, BASE_INTERVAL / (1 + log2(1 + link_count)) * 2.0 ** min(streak, 20))))


def count_links(note: Note) -> int:
    """Return the number of a note's links and backlinks."""
    return note.links + note.backlinks


def find_due_date(note: Note, state: ReviewState) -> date | None:
    """Return the day from which a note is due again, or None if it was never reviewed or put off."""
    days = [_add_days(state.last_reviewed, compute_interval(count_links(note), state.streak))] if state.last_reviewed else []
    return max([*days, *([state.postponed_until] if state.postponed_until else [])], default=None)


def _add_days(day: date, days: int) -> date:
    return day + timedelta(days=min(days, (date.max - day).days))


def mark_reviewed(state: ReviewState, today: date) -> ReviewState:
    """Return the state of a note after a review today. A second review on one day does not count."""
    return ReviewState(today, state.streak + (state.last_reviewed != today))


def postpone(state: ReviewState, until: date) -> ReviewState:
    """Return the state of a note that is put off until a later day."""
    return ReviewState(state.last_reviewed, state.streak, until)


def merge_states(one: ReviewState, other: ReviewState) -> ReviewState:
    """Return the later of two states of a note, as Git branches may have: by last day, then number of reviews, then the day put off to."""
    return max(one, other, key=lambda look: (look.last_reviewed or date.min, look.streak, look.postponed_until or date.min))


class ReviewCandidates(NamedTuple):
    """What a review chooses from: all notes, and by path the open questions, the review dates, and the orphans."""

    notes: Sequence[Note]
    questions: Mapping[str, Sequence[OpenQuestion]]
    review_dates: Mapping[str, date]
    orphans: Collection[str]


def choose_items(candidates: ReviewCandidates, states: Mapping[str, ReviewState], occasion: str, today: date) -> list[ReviewItem]:
    """Choose the items of a review, sorted by kind, except surprising pairs. Each note appears once.

    Notes that were reviewed today count towards the limit of due notes.
    """
    limits = OCCASION_LIMITS[occasion]
    available = [note for note in candidates.notes if (find_due_date(note, states.get(note.handle, NEVER_REVIEWED)) or today) <= today]
    lookbacks = _rank_lookbacks(candidates, states, today, only_dated=occasion == "daily")
    items = lookbacks[: limits[LOOK_BACK]]
    for kind, ranked in ((QUESTION, _rank_questions), (ORPHAN, _rank_orphans)):
        if limits.get(kind):
            chosen_paths = {item.note.path for item in items}
            items += [item for item in ranked(candidates, available, states, today) if item.note.path not in chosen_paths][: limits[kind]]
    chosen_paths = {item.note.path for item in items}
    reviewed_today = sum(look.last_reviewed == today for look in states.values())
    due = [item for item in _rank_due(available, states, today) if item.note.path not in chosen_paths]
    items += due[: max(0, limits[DUE] - reviewed_today)]
    kinds = list(HEADINGS)
    return sorted(items, key=lambda item: kinds.index(item.kind))


def _rank_due(available: Iterable[Note], states: Mapping[str, ReviewState], today: date) -> list[ReviewItem]:
    """Return the due notes, those first that have waited longest in proportion to their interval, and then notes never reviewed.

    The wait of a note that was never reviewed starts on the day it was written.
    """
    found = []
    for note in available:
        look = states.get(note.handle, NEVER_REVIEWED)
        days = compute_interval(count_links(note), look.streak)
        waited = (today - (look.last_reviewed or _find_written_date(note, today))).days
        if waited >= (days if look.last_reviewed else min(days, NEW_NOTE_INTERVAL)):
            history = f"looked at {format_age(waited)}" if look.last_reviewed else f"written {format_age(waited)}, never looked at since"
            found.append((-waited / days, note.handle, ReviewItem(DUE, note, f"{_format_link_count(count_links(note))}; {history}")))
    return [item for _, _, item in sorted(found, key=lambda entry: entry[:2])]


def _find_written_date(note: Note, today: date) -> date:
    """Return the day a note was written. For a missing or future date, return a day long ago, so that the note comes up soon."""
    return day if (day := _parse_day(note.created)) and day <= today else today - timedelta(days=MAX_INTERVAL)


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _rank_lookbacks(candidates: ReviewCandidates, states: Mapping[str, ReviewState], today: date, *, only_dated: bool) -> list[ReviewItem]:
    """Return the notes whose review date has come and that were not reviewed since, then decisions without a date, oldest first."""
    dated, undated = [], []
    for note in candidates.notes:
        look = states.get(note.handle, NEVER_REVIEWED)
        written = _find_written_date(note, today)
        if look.postponed_until and look.postponed_until > today:
            continue
        if day := candidates.review_dates.get(note.path):
            if day <= today and (look.last_reviewed is None or look.last_reviewed < day):
                dated.append(
                    (
                        day,
                        note.handle,
                        ReviewItem(LOOK_BACK, note, f"written {format_age((today - written).days)}, to look back on from {day}"),
                    )
                )
        elif is_decision(note.tags) and look.last_reviewed is None and (today - written).days > UNDATED_DECISION_DAYS and not only_dated:
            why = f"decided {format_age((today - written).days)}, not looked back on since"
            undated.append((written, note.handle, ReviewItem(LOOK_BACK, note, why)))
    return [item for entries in (dated, undated) for _, _, item in sorted(entries, key=lambda entry: entry[:2])]


def _rank_questions(
    candidates: ReviewCandidates, available: Iterable[Note], states: Mapping[str, ReviewState], today: date
) -> list[ReviewItem]:
    """Return the notes with open questions: those never reviewed first, then by last review, the oldest note first."""
    ranked = sorted(
        (note for note in available if note.path in candidates.questions),
        key=lambda note: (states.get(note.handle, NEVER_REVIEWED).last_reviewed or date.min, note.created, note.handle),
    )
    items = []
    for note in ranked:
        first, *others = candidates.questions[note.path]
        why = f"asked {format_age((today - _find_written_date(note, today)).days)}" + (f", with {len(others)} more" if others else "")
        items.append(ReviewItem(QUESTION, note, why, first.text, first.line))
    return items


def _rank_orphans(
    candidates: ReviewCandidates, available: Iterable[Note], states: Mapping[str, ReviewState], today: date
) -> list[ReviewItem]:
    """Return the notes without backlinks: those never reviewed first, then by last review, the newest note first."""
    orphans = sorted((note for note in available if note.path in candidates.orphans), key=lambda note: note.handle)
    orphans.sort(key=lambda note: note.created, reverse=True)
    orphans.sort(key=lambda note: states.get(note.handle, NEVER_REVIEWED).last_reviewed or date.min)
    return [
        ReviewItem(
            ORPHAN,
            note,
            f"written {format_age((today - _find_written_date(note, today)).days)}, {_format_link_count(note.links)} to others",
        )
        for note in orphans
    ]


def _format_link_count(count: int) -> str:
    return f"{count or 'no'} link{'' if count == 1 else 's'}"


def format_age(days: int) -> str:
    """Format a number of days as people say it, such as "3 months ago"."""
    if days < 2:
        return "yesterday" if days == 1 else "today"
    number, unit = (days, "days") if days < 60 else (days // 30, "months") if days < 730 else (days // 365, "years")
    return f"{number} {unit} ago"
