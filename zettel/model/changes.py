"""Changes: edits of notes, as people read them before and after they are carried out."""

from __future__ import annotations

from itertools import zip_longest
from typing import NamedTuple

from zettel.model.linking import Linked
from zettel.model.note import Note

AROUND = 100
"""Characters that people are shown before and after what changes in a long line."""


class Change(NamedTuple):
    """One note's bytes before and after, with the links put into it: (target, link) in reading order."""

    note: Note
    before: bytes
    after: bytes
    links: tuple[tuple[Note, Linked], ...]


class Line(NamedTuple):
    """A changed line: its number, and its text before and after (None: there was or is no such line)."""

    number: int
    before: str | None
    after: str | None


def lines(change: Change) -> list[Line]:
    """The lines that differ, by their numbers before the change."""
    old, new = (data.decode("utf-8", "replace").splitlines() for data in (change.before, change.after))
    same = len(new) == len(old)
    start = 0 if same else next((at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new)))
    ends = 0
    while not same and ends < min(len(old), len(new)) - start and old[-1 - ends] == new[-1 - ends]:
        ends += 1
    pairs = zip_longest(old[start : len(old) - ends], new[start : len(new) - ends])
    return [Line(start + at + 1, before, after) for at, (before, after) in enumerate(pairs) if before != after]


def excerpts(line: Line) -> tuple[str, tuple[str, str, str]]:
    """What changes in a line, with a little around it: before; and after, as what stands before, in and after the change."""
    old, new = line.before or "", line.after or ""
    start = next((at for at, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), min(len(old), len(new)))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    lead = old[:start] if start <= AROUND else "…" + old[start - AROUND : start]
    tail = old[len(old) - end :]
    tail = tail if end <= AROUND else tail[:AROUND] + "…"
    return lead + old[start : len(old) - end] + tail, (lead, new[start : len(new) - end], tail)
