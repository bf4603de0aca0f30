"""Two notes that surprisingly belong together: much alike, and far apart in the link graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from math import log2
from typing import NamedTuple

from zettel.model.note import Note

LEAST_WORDS = 15
"""Words of a note at least that is looked at."""

NEAR, FAR = 2, 8
"""Hops up to which two notes are as good as linked; and what it counts for that no path leads from one to the other."""

LEAST = 0.05
"""How much two notes are alike at least; below, they have words in common as any two have."""


class Found(NamedTuple):
    """A pair: `likeness` is that of the other to the note, as a part of the note's own; `hops` is None without a path."""

    note: int
    other: int
    likeness: float
    hops: int | None

    @property
    def surprise(self) -> float:
        """How surprising it is: likeness, which counts twice as much for the square of as many hops."""
        return self.likeness * log2(self.hops or FAR)


def drawn(notes: Iterable[Note], day: date, most: int) -> list[Note]:
    """Some of the notes that say enough, as if by chance, but the same on the same day."""
    from hashlib import blake2b

    def lot(note: Note) -> bytes:
        return blake2b(f"{day}\t{note.handle}\t{note.path}".encode("utf-8", "surrogatepass")).digest()

    return sorted((note for note in notes if note.words >= LEAST_WORDS), key=lot)[:most]


def hops_from(number: int, near: Callable[[Iterable[int]], set[int]]) -> dict[int, int]:
    """How many hops every note is from one; those that cannot be reached are left out. `near` gives those next to any of several."""
    found = {number: 0}
    reached = {number}
    while reached:
        distance = found[next(iter(reached))] + 1
        reached = near(reached) - found.keys()
        found.update(dict.fromkeys(reached, distance))
    return found


def surprising(note: int, likenesses: Mapping[int, float], hops: Mapping[int, int]) -> list[Found]:
    """The pairs of a note with others that are like it and far from it; `likenesses` are parts of its own."""
    return [
        Found(note, other, likeness, hops.get(other))
        for other, likeness in likenesses.items()
        if other != note and likeness >= LEAST and hops.get(other, FAR) > NEAR
    ]
