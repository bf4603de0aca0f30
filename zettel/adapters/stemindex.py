"""What the full-text index tells of stems: how many notes have one, which, and how long these are.

Whoosh's own figures count deleted notes until it merges segments. Here only what is there counts, so that the same notes
have the same figures, whatever was edited before.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import log
from typing import Any

from zettel.model.exploring.likeness import Words


class StemIndex:
    """The stems of an index that Whoosh's `reader` reads; notes go by their numbers in it."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._segments = [_Segment(leaf) for leaf, _ in reader.leaf_readers()]
        self._mean = sum(segment.length for segment in self._segments) / max(1, reader.doc_count()) or 1.0
        self._frequencies: dict[str, int] = {}
        self._postings: dict[str, dict[int, float]] = {}
        self._lengths: dict[int, float] = {}
        self.words = Words(int(reader.doc_count()), self.frequency, self.postings, self.relative_length)

    def frequency(self, stem: str) -> int:
        """The number of notes whose body has a stem; if none has, of those whose title does."""
        if stem not in self._frequencies:
            self._frequencies[stem] = self._counted("body", stem) or self._counted("title", stem)
        return self._frequencies[stem]

    def postings(self, stem: str) -> dict[int, float]:
        """What a stem weighs in every note that has it: 1 + log of how often its body does, and 1 more for its title or aliases each."""
        if stem not in self._postings:
            found = self._postings[stem] = {}
            for field in ("body", "title", "alias"):
                matcher = self._reader.postings(field, stem) if (field, stem) in self._reader else None
                while matcher and matcher.is_active():
                    number = matcher.id()
                    found[number] = found.get(number, 0.0) + (1 + log(matcher.weight()) if field == "body" else 1.0)
                    matcher.next()
        return self._postings[stem]

    def relative_length(self, number: int) -> float:
        """The length of a note's body as a part of the mean."""
        if number not in self._lengths:
            self._lengths[number] = (self._reader.doc_field_length(number, "body") or 0) / self._mean
        return self._lengths[number]

    def paths(self, numbers: Iterable[int]) -> dict[int, str]:
        """The paths of notes by their numbers."""
        return {number: self._reader.stored_fields(number)["path"] for number in numbers}

    def number(self, path: str) -> int | None:
        """The number of a note; None if it is not there."""
        matcher = self._reader.postings("path", path) if ("path", path) in self._reader else None
        return int(matcher.id()) if matcher and matcher.is_active() else None

    def _counted(self, field: str, stem: str) -> int:
        return sum(segment.frequency(field, stem) for segment in self._segments)


class _Segment:
    """A part of the index, without the notes in it that were deleted."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        numbers = range(reader.doc_count_all())
        self._deleted = list(filter(reader.is_deleted, numbers)) if reader.has_deletions() else []
        self._is_empty = len(self._deleted) == len(numbers)
        gone = set(self._deleted)
        self.length = sum(reader.doc_field_length(number, "body") or 0 for number in numbers if number not in gone)

    def frequency(self, field: str, stem: str) -> int:
        """The number of notes that have a stem: Whoosh's count less the deleted ones among its postings, which are looked up in them."""
        if self._is_empty or (field, stem) not in self._reader:
            return 0
        found = int(self._reader.doc_frequency(field, stem))
        if self._deleted:
            matcher = self._reader.postings(field, stem).child  # what Whoosh hides the deleted ones of
            matcher.reset()
            for number in self._deleted:
                matcher.skip_to(number)
                if not matcher.is_active():
                    break
                found -= matcher.id() == number
        return found
