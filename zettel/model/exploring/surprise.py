"""Find surprising pairs: notes with similar texts that are far apart in the link graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from math import log2
from typing import NamedTuple

from zettel.model.note import Note

LEAST_WORDS = 15
"""Minimum number of words of a note that is considered."""

NEAR, FAR = 2, 8
"""Number of hops up to which two notes count as linked, and the number assumed if there is no path between them."""

LEAST = 0.05
"""Minimum similarity of a pair. Below it, the notes share no more words than any two notes do."""


class Found(NamedTuple):
    """A pair of notes. `likeness` is their similarity, divided by that of `note` to itself. `hops` is None if there is no path."""

    note: int
    other: int
    likeness: float
    hops: int | None

    @property
    def surprise(self) -> float:
        """The rank of the pair: the similarity, multiplied by the binary logarithm of the number of hops."""
        return self.likeness * log2(self.hops or FAR)


def drawn(notes: Iterable[Note], day: date, most: int) -> list[Note]:
    """Choose up to `most` notes that are long enough. The choice is pseudo-random, but the same for the whole of a day."""
    from hashlib import blake2b

    def lot(note: Note) -> bytes:
        return blake2b(f"{day}\t{note.handle}\t{note.path}".encode("utf-8", "surrogatepass")).digest()

    return sorted((note for note in notes if note.words >= LEAST_WORDS), key=lot)[:most]


def hops_from(number: int, near: Callable[[Iterable[int]], set[int]]) -> dict[int, int]:
    """Return the number of hops from a note to every note that can be reached. `near` returns the neighbours of a set of notes."""
    found = {number: 0}
    reached = {number}
    while reached:
        distance = found[next(iter(reached))] + 1
        reached = near(reached) - found.keys()
        found.update(dict.fromkeys(reached, distance))
    return found


def surprising(note: int, likenesses: Mapping[int, float], hops: Mapping[int, int]) -> list[Found]:
    """Return the pairs of a note with similar notes that are far from it. `likenesses` are divided by the note's similarity to itself."""
    return [
        Found(note, other, similarity, hops.get(other))
        for other, similarity in likenesses.items()
        if other != note and similarity >= LEAST and hops.get(other, FAR) > NEAR
    ]
