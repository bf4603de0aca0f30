"""Schedule reviews: decide when a note is due again, and choose what to review on an occasion.

Notes come back as in Leitner's box (Sebastian Leitner, "So lernt man lernen", 1972): first after an interval, and each time
that they are found to be still true, after twice as long. SM-2 (P. A. Wozniak, "Optimization of repetition spacing", 1990) has
a growth factor per card instead, but it needs a grade from 0 to 5, and nobody learns notes by heart. The first interval is
`BASE` / (1 + log2(1 + d)) days for a note with d links in both directions together. A note without links waits longest, one
with 7 a quarter as long. The logarithm keeps hubs from coming up every other day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import log2
from typing import NamedTuple

from zettel.model.lookback import is_decision
from zettel.model.note import Note
from zettel.model.questions import Question

BASE, LONGEST = 120, 365
"""Days until the first review of a note without links, and the longest interval of any note."""

FIRST = 7
"""Days after which a note that was never reviewed may fill up a review that has too few due notes."""

UNDATED = 90
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

OCCASIONS: Mapping[str, Mapping[str, int]] = {
    "daily": {LOOK_BACK: 1, DUE: 3, SURPRISE: 1},
    "weekly": {LOOK_BACK: 3, DUE: 5, QUESTION: 3, ORPHAN: 3, SURPRISE: 1},
    "monthly": {LOOK_BACK: 5, DUE: 10, QUESTION: 5, ORPHAN: 5, SURPRISE: 2},
}
"""Maximum items of each kind. A daily review only looks back on notes that have a review date."""


class Look(NamedTuple):
    """The reviews of a note: the last day, how many times in a row it was still true, and the day until which it is put off."""

    on: date | None = None
    times: int = 0
    later: date | None = None


NEVER = Look()


class Item(NamedTuple):
    """An item of a review.

    `kind` is a key of `HEADINGS`, `sentence` a question (on `line`) or the beginning of the note, and `other` the second note
    of a surprising pair.
    """

    kind: str
    note: Note
    why: str
    sentence: str = ""
    line: int | None = None
    other: Note | None = None


def interval(degree: int, times: int) -> int:
    """Return the days until the next review of a note with `degree` links that was still true `times` times in a row."""
    return round(max(1.0, min(LONGEST, BASE / (1 + log2(1 + degree)) * 2.0 ** min(times, 20))))


def degree(note: Note) -> int:
    """Return the number of a note's links and backlinks."""
    return note.links + note.backlinks


def next_day(note: Note, look: Look) -> date | None:
    """Return the day from which a note is due again, or None if it was never reviewed or put off."""
    days = [_after(look.on, interval(degree(note), look.times))] if look.on else []
    return max([*days, *([look.later] if look.later else [])], default=None)


def _after(day: date, days: int) -> date:
    return day + timedelta(days=min(days, (date.max - day).days))


def done(look: Look, today: date) -> Look:
    """Return the state of a note after a review today. A second review on one day does not count."""
    return Look(today, look.times + (look.on != today))


def put_off(look: Look, until: date) -> Look:
    """Return the state of a note that is put off until a later day."""
    return Look(look.on, look.times, until)


def later_of(one: Look, other: Look) -> Look:
    """Return the later of two states of a note, as Git branches may have: by last day, then number of reviews, then the day put off to."""
    return max(one, other, key=lambda look: (look.on or date.min, look.times, look.later or date.min))


class Candidates(NamedTuple):
    """What a review chooses from: all notes, and by path the open questions, the review dates, and the orphans."""

    notes: Sequence[Note]
    questions: Mapping[str, Sequence[Question]]
    lookbacks: Mapping[str, date]
    orphans: Collection[str]


def chosen(found: Candidates, looks: Mapping[str, Look], occasion: str, today: date) -> list[Item]:
    """Choose the items of a review, sorted by kind, except surprising pairs. Each note appears once.

    Notes that were reviewed today count towards the limit of due notes.
    """
    limits = OCCASIONS[occasion]
    available = [note for note in found.notes if (next_day(note, looks.get(note.handle, NEVER)) or today) <= today]
    lookbacks = _lookbacks(found, looks, today, only_dated=occasion == "daily")
    items = lookbacks[: limits[LOOK_BACK]]
    for kind, ranked in ((QUESTION, _questions), (ORPHAN, _orphans)):
        if limits.get(kind):
            chosen_paths = {item.note.path for item in items}
            items += [item for item in ranked(found, available, looks, today) if item.note.path not in chosen_paths][: limits[kind]]
    chosen_paths = {item.note.path for item in items}
    reviewed_today = sum(look.on == today for look in looks.values())
    due = [item for item in _due(available, looks, today) if item.note.path not in chosen_paths]
    items += due[: max(0, limits[DUE] - reviewed_today)]
    kinds = list(HEADINGS)
    return sorted(items, key=lambda item: kinds.index(item.kind))


def _due(awake: Iterable[Note], looks: Mapping[str, Look], today: date) -> list[Item]:
    """Return the due notes, those first that have waited longest in proportion to their interval, and then notes never reviewed.

    The wait of a note that was never reviewed starts on the day it was written.
    """
    found = []
    for note in awake:
        look = looks.get(note.handle, NEVER)
        days = interval(degree(note), look.times)
        waited = (today - (look.on or _written(note, today))).days
        if waited >= (days if look.on else min(days, FIRST)):
            history = f"looked at {ago(waited)}" if look.on else f"written {ago(waited)}, never looked at since"
            found.append((-waited / days, note.handle, Item(DUE, note, f"{_links(degree(note))}; {history}")))
    return [item for _, _, item in sorted(found, key=lambda entry: entry[:2])]


def _written(note: Note, today: date) -> date:
    """Return the day a note was written. For a missing or future date, return a day long ago, so that the note comes up soon."""
    return day if (day := _day(note.created)) and day <= today else today - timedelta(days=LONGEST)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _lookbacks(found: Candidates, looks: Mapping[str, Look], today: date, *, only_dated: bool) -> list[Item]:
    """Return the notes whose review date has come and that were not reviewed since, then decisions without a date, oldest first."""
    dated, undated = [], []
    for note in found.notes:
        look = looks.get(note.handle, NEVER)
        written = _written(note, today)
        if look.later and look.later > today:
            continue
        if day := found.lookbacks.get(note.path):
            if day <= today and (look.on is None or look.on < day):
                dated.append(
                    (day, note.handle, Item(LOOK_BACK, note, f"written {ago((today - written).days)}, to look back on from {day}"))
                )
        elif is_decision(note.tags) and look.on is None and (today - written).days > UNDATED and not only_dated:
            why = f"decided {ago((today - written).days)}, never looked back on"
            undated.append((written, note.handle, Item(LOOK_BACK, note, why)))
    return [item for entries in (dated, undated) for _, _, item in sorted(entries, key=lambda entry: entry[:2])]


def _questions(found: Candidates, awake: Iterable[Note], looks: Mapping[str, Look], today: date) -> list[Item]:
    """Return the notes with open questions: those never reviewed first, then by last review, the oldest note first."""
    ranked = sorted(
        (note for note in awake if note.path in found.questions),
        key=lambda note: (looks.get(note.handle, NEVER).on or date.min, note.created, note.handle),
    )
    items = []
    for note in ranked:
        first, *others = found.questions[note.path]
        why = f"asked {ago((today - _written(note, today)).days)}" + (f", with {len(others)} more" if others else "")
        items.append(Item(QUESTION, note, why, first.text, first.line))
    return items


def _orphans(found: Candidates, awake: Iterable[Note], looks: Mapping[str, Look], today: date) -> list[Item]:
    """Return the notes without backlinks: those never reviewed first, then by last review, the newest note first."""
    orphans = sorted((note for note in awake if note.path in found.orphans), key=lambda note: note.handle)
    orphans.sort(key=lambda note: note.created, reverse=True)
    orphans.sort(key=lambda note: looks.get(note.handle, NEVER).on or date.min)
    return [Item(ORPHAN, note, f"written {ago((today - _written(note, today)).days)}, {_links(note.links)} to others") for note in orphans]


def _links(number: int) -> str:
    return f"{number or 'no'} link{'' if number == 1 else 's'}"


def ago(days: int) -> str:
    """Format a number of days as people say it, such as "3 months ago"."""
    if days < 2:
        return "yesterday" if days == 1 else "today"
    number, unit = (days, "days") if days < 60 else (days // 30, "months") if days < 730 else (days // 365, "years")
    return f"{number} {unit} ago"
