"""What to look at again: when a note is due, what there is on an occasion, and why.

Notes come back as in Leitner's box (Sebastian Leitner, "So lernt man lernen", 1972): the first time after an interval, and
each time that they are found to be still true after twice as long. SM-2 (P. A. Wozniak, "Optimization of repetition
spacing", 1990) grows by a factor for each card; it asks for a mark from 0 to 5, and a note is not learned by heart. The
first interval is `BASE` / (1 + log2(1 + d)) days for a note with d links either way: a note without any waits longest, one
with 7 a quarter as long, and each doubling of d + 1 takes away less. That a note counts by the logarithm of its links keeps
hubs from coming up every other day.
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
"""Days after which a note without links is due for the first time, and after which any note is at the latest."""

FIRST = 7
"""Days after which a note never looked at may take a place that no note takes whose interval is over."""

UNDATED = 90
"""Days after which to look back on a decision that does not say when."""

DUE, LOOK_BACK, QUESTION, ORPHAN, SURPRISE = "due", "look back", "question", "orphan", "surprise"

HEADINGS = {
    LOOK_BACK: "To look back on",
    DUE: "To read again",
    QUESTION: "Open questions",
    ORPHAN: "Nothing links here yet",
    SURPRISE: "Do these belong together?",
}
"""Every kind of item, in the order in which they are shown, and what people are shown above them."""

OCCASIONS: Mapping[str, Mapping[str, int]] = {
    "daily": {LOOK_BACK: 1, DUE: 3, SURPRISE: 1},
    "weekly": {LOOK_BACK: 3, DUE: 5, QUESTION: 3, ORPHAN: 3, SURPRISE: 1},
    "monthly": {LOOK_BACK: 5, DUE: 10, QUESTION: 5, ORPHAN: 5, SURPRISE: 2},
}
"""How many of each kind there are at most. On a day only what says its own day is looked back on."""


class Look(NamedTuple):
    """When a note was last looked at, how many times in a row it was still true, and before which day it is not to come again."""

    on: date | None = None
    times: int = 0
    later: date | None = None


NEVER = Look()


class Item(NamedTuple):
    """One thing to look at: `kind` is one of `HEADINGS`; `sentence` is a question, at `line`, or what a note begins with; `other` is the second note of a pair."""

    kind: str
    note: Note
    why: str
    sentence: str = ""
    line: int | None = None
    other: Note | None = None


def interval(degree: int, times: int) -> int:
    """The days after which a note with `degree` links is due again that was found to be still true `times` times in a row."""
    return round(max(1.0, min(LONGEST, BASE / (1 + log2(1 + degree)) * 2.0 ** min(times, 20))))


def degree(note: Note) -> int:
    """The number of a note's links, either way."""
    return note.links + note.backlinks


def next_day(note: Note, look: Look) -> date | None:
    """The day from which on a note that was looked at is due again; None if it never was."""
    days = [_after(look.on, interval(degree(note), look.times))] if look.on else []
    return max([*days, *([look.later] if look.later else [])], default=None)


def _after(day: date, days: int) -> date:
    return day + timedelta(days=min(days, (date.max - day).days))


def done(look: Look, today: date) -> Look:
    """What is to be remembered of a note that was looked at today; twice on a day counts once."""
    return Look(today, look.times + (look.on != today))


def put_off(look: Look, until: date) -> Look:
    """What is to be remembered of a note that is to come again on a later day."""
    return Look(look.on, look.times, until)


def later_of(one: Look, other: Look) -> Look:
    """What counts where two branches remember different things of a note: the last look, then the day put off to."""
    return max(one, other, key=lambda look: (look.on or date.min, look.times, look.later or date.min))


class Candidates(NamedTuple):
    """What a review chooses from: all notes; by path the open questions, the days from which to look back, and what nothing links to."""

    notes: Sequence[Note]
    questions: Mapping[str, Sequence[Question]]
    lookbacks: Mapping[str, date]
    orphans: Collection[str]


def chosen(found: Candidates, looks: Mapping[str, Look], occasion: str, today: date) -> list[Item]:
    """What to look at on an occasion, but for pairs, by kind; each note once. What was looked at today leaves so many fewer to read again."""
    most = OCCASIONS[occasion]
    awake = [note for note in found.notes if (next_day(note, looks.get(note.handle, NEVER)) or today) <= today]
    lookbacks = _lookbacks(found, looks, today, only_dated=occasion == "daily")
    items = lookbacks[: most[LOOK_BACK]]
    for kind, ranked in ((QUESTION, _questions), (ORPHAN, _orphans)):
        if most.get(kind):
            taken = {item.note.path for item in items}
            items += [item for item in ranked(found, awake, looks, today) if item.note.path not in taken][: most[kind]]
    taken = {item.note.path for item in items}
    read = sum(look.on == today for look in looks.values())
    due = [item for item in _due(awake, looks, today) if item.note.path not in taken]
    items += due[: max(0, most[DUE] - read)]
    kinds = list(HEADINGS)
    return sorted(items, key=lambda item: kinds.index(item.kind))


def _due(awake: Iterable[Note], looks: Mapping[str, Look], today: date) -> list[Item]:
    """The notes whose interval is over, first those that have waited longest for what it is; writing a note was looking at it.

    Then those never looked at that are not quite new.
    """
    found = []
    for note in awake:
        look = looks.get(note.handle, NEVER)
        days = interval(degree(note), look.times)
        waited = (today - (look.on or _written(note, today))).days
        if waited >= (days if look.on else min(days, FIRST)):
            said = f"looked at {ago(waited)}" if look.on else f"written {ago(waited)}, never looked at since"
            found.append((-waited / days, note.handle, Item(DUE, note, f"{_links(degree(note))}; {said}")))
    return [item for _, _, item in sorted(found, key=lambda entry: entry[:2])]


def _written(note: Note, today: date) -> date:
    """The day a note was written; one that says a day yet to come has waited for long."""
    return day if (day := _day(note.created)) and day <= today else today - timedelta(days=LONGEST)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _lookbacks(found: Candidates, looks: Mapping[str, Look], today: date, *, only_dated: bool) -> list[Item]:
    """The notes whose day has come and that were not looked at since, then decisions that say none, the oldest first."""
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
    """The notes with open questions: first those never looked at, of those the oldest."""
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
    """The notes without backlinks that were never looked at, the newest first; then the others."""
    orphans = sorted((note for note in awake if note.path in found.orphans), key=lambda note: note.handle)
    orphans.sort(key=lambda note: note.created, reverse=True)
    orphans.sort(key=lambda note: looks.get(note.handle, NEVER).on or date.min)
    return [Item(ORPHAN, note, f"written {ago((today - _written(note, today)).days)}, {_links(note.links)} to others") for note in orphans]


def _links(number: int) -> str:
    return f"{number or 'no'} link{'' if number == 1 else 's'}"


def ago(days: int) -> str:
    """So many days ago, in words, as people count them."""
    if days < 2:
        return "yesterday" if days == 1 else "today"
    number, unit = (days, "days") if days < 60 else (days // 30, "months") if days < 730 else (days // 365, "years")
    return f"{number} {unit} ago"
