"""Find surprising pairs: notes with similar texts that are far apart in the link graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from math import log2
from typing import NamedTuple

from zettel.model.note.note import Note

_MIN_WORDS = 15
"""Minimum number of words of a note that is considered."""

_NEAR_HOPS, _UNREACHABLE_HOPS = 2, 8
"""Number of hops up to which two notes count as linked, and the number assumed if there is no path between them."""

_MIN_SIMILARITY = 0.05
"""Minimum similarity of a pair. Below it, the notes share no more words than any two notes do."""


class SurprisingPair(NamedTuple):
    """A pair of notes. `similarity` is their similarity, divided by that of `note` to itself. `hops` is None if there is no path."""

    note: int
    other: int
    similarity: float
    hops: int | None

    @property
    def surprise(self) -> float:
        """The rank of the pair: the similarity, multiplied by the binary logarithm of the number of hops."""
        return self.similarity * log2(self.hops or _UNREACHABLE_HOPS)


def draw_notes(notes: Iterable[Note], day: date, limit: int) -> list[Note]:
    """Choose up to `limit` notes that are long enough. The choice is pseudo-random, but the same for the whole of a day."""
    from hashlib import blake2b

    def hash_note(note: Note) -> bytes:
        return blake2b(f"{day}\t{note.handle}\t{note.path}".encode("utf-8", "surrogatepass")).digest()

    return sorted((note for note in notes if note.words >= _MIN_WORDS), key=hash_note)[:limit]


def find_surprising_pairs(note: int, similarities: Mapping[int, float], hops: Mapping[int, int]) -> list[SurprisingPair]:
    """Return the pairs of a note with similar notes that are far from it. `similarities` are divided by the note's similarity to itself."""
    return [
        SurprisingPair(note, other, similarity, hops.get(other))
        for other, similarity in similarities.items()
        if other != note and similarity >= _MIN_SIMILARITY and hops.get(other, _UNREACHABLE_HOPS) > _NEAR_HOPS
    ]
