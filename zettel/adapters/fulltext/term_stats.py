"""Compute term statistics from the full-text index: which notes contain a stem, how often, and how long they are.

Whoosh's own figures include deleted notes until it merges segments. These count only notes that exist, so that the same notes
have the same figures, whatever was edited before.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import log
from typing import Any

from zettel.model.suggest.similarity import TermWeights


class IndexTermStatistics:
    """The term statistics of an index. Notes are identified by their numbers in Whoosh's `reader`; figures are cached."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._segments = [_LiveSegment(leaf) for leaf, _ in reader.leaf_readers()]
        self._mean_length = sum(segment.length for segment in self._segments) / max(1, reader.doc_count()) or 1.0
        self._frequencies: dict[str, int] = {}
        self._postings: dict[str, dict[int, float]] = {}
        self._lengths: dict[int, float] = {}
        self.weights = TermWeights(int(reader.doc_count()), self.count_notes_with, self.weigh_postings, self.compute_relative_length)

    def count_notes_with(self, stem: str) -> int:
        """Return the number of notes whose body contains a stem or, if there are none, whose title does."""
        if stem not in self._frequencies:
            self._frequencies[stem] = self._count_in_segments("body", stem) or self._count_in_segments("title", stem)
        return self._frequencies[stem]

    def weigh_postings(self, stem: str) -> dict[int, float]:
        """Return the weight of a stem in every note that contains it.

        That is 1 + log of its frequency in the body, plus 1 if it is in the title and 1 if it is in an alias.
        """
        if stem not in self._postings:
            weights = self._postings[stem] = {}
            for field in ("body", "title", "alias"):
                matcher = self._reader.postings(field, stem) if (field, stem) in self._reader else None
                while matcher and matcher.is_active():
                    number = matcher.id()
                    weights[number] = weights.get(number, 0.0) + (1 + log(matcher.weight()) if field == "body" else 1.0)
                    matcher.next()
        return self._postings[stem]

    def compute_relative_length(self, number: int) -> float:
        """Return the length of a note's body divided by the mean length."""
        if number not in self._lengths:
            self._lengths[number] = (self._reader.doc_field_length(number, "body") or 0) / self._mean_length
        return self._lengths[number]

    def find_paths(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the paths of notes by their numbers."""
        return {number: self._reader.stored_fields(number)["path"] for number in numbers}

    def find_number(self, path: str) -> int | None:
        """Return the number of the note at `path`, None if it is not indexed."""
        matcher = self._reader.postings("path", path) if ("path", path) in self._reader else None
        return int(matcher.id()) if matcher and matcher.is_active() else None

    def _count_in_segments(self, field: str, stem: str) -> int:
        return sum(segment.count_notes_with(field, stem) for segment in self._segments)


class _LiveSegment:
    """A segment of the index, without its deleted notes."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        numbers = range(reader.doc_count_all())
        self._deleted = list(filter(reader.is_deleted, numbers)) if reader.has_deletions() else []
        self._is_empty = len(self._deleted) == len(numbers)
        deleted = set(self._deleted)
        self.length = sum(reader.doc_field_length(number, "body") or 0 for number in numbers if number not in deleted)

    def count_notes_with(self, field: str, stem: str) -> int:
        """Return the number of notes that contain a stem: Whoosh's count minus the deleted notes among its postings."""
        if self._is_empty or (field, stem) not in self._reader:
            return 0
        count = int(self._reader.doc_frequency(field, stem))
        if self._deleted:
            matcher = self._reader.postings(field, stem).child  # the matcher that still has the deleted notes
            matcher.reset()
            for number in self._deleted:
                matcher.skip_to(number)
                if not matcher.is_active():
                    break
                count -= matcher.id() == number
        return count
