"""Compute term statistics from the full-text index: which notes contain a stem, how often, and how long they are.

Deleted notes do not count, so that the same notes have the same figures, whatever was edited before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log

from zettel.adapters.fulltext.reader import IndexReader, Matches
from zettel.model.search.score import WordMatches, compute_idf
from zettel.model.suggest.shared_words import SharedWord, WordUse
from zettel.model.suggest.similarity import TermWeights, compute_length_norm

TEXT_FIELDS = ("title", "alias", "heading", "body")
"""The fields in which the words of a note's question are looked for."""

MAX_RARE_WORDS = 3
"""Words of a phrase, the rarest ones, that a note must have for the others to be looked up."""

NAME_SHARE = 0.95
"""A text that has this share of the words of a title may have it whole: the index stores lengths above ten rounded."""


class IndexTermStatistics:
    """The term statistics of an index. Notes are identified by their numbers in `reader`; figures are cached."""

    def __init__(self, reader: IndexReader) -> None:
        self.reader = reader
        self._frequencies: dict[str, int] = {}
        self._matches: dict[tuple[str, str], Matches] = {}
        self._postings: dict[str, dict[int, float]] = {}
        self._norms: list[float] = []
        self._numbers: dict[str, int | None] = {}

    @property
    def weights(self) -> TermWeights:
        """The lookups for similarity. They are not kept: a reference from here to itself would keep the index in memory until garbage is collected."""
        return TermWeights(self.reader.note_count, self.count_notes_with, self.weigh_postings, self.compute_length_norm)

    def count_notes_with(self, stem: str) -> int:
        """Return the number of notes whose body contains a stem or, if there are none, whose title does."""
        if stem not in self._frequencies:
            self._frequencies[stem] = self.reader.count_notes_with("body", stem) or self.reader.count_notes_with("title", stem)
        return self._frequencies[stem]

    def read_matches(self, field: str, stem: str) -> Matches:
        """Return the notes that have a stem in a field, and how often."""
        key = field, stem
        if key not in self._matches:
            self._matches[key] = self.reader.read_matches(field, stem)
        return self._matches[key]

    def weigh_postings(self, stem: str) -> dict[int, float]:
        """Return the weight of a stem in every note that contains it.

        That is 1 + log of its frequency in the body, plus 1 if it is in the title and 1 if it is in an alias.
        """
        if stem not in self._postings:
            weights = {number: 1 + log(count) if count > 1 else 1.0 for number, count in self.read_matches("body", stem).items()}
            for field in ("title", "alias"):
                for number in self.read_matches(field, stem):
                    weights[number] = weights.get(number, 0.0) + 1.0
            self._postings[stem] = weights
        return self._postings[stem]

    def describe_use(self, stem: str, number: int) -> WordUse:
        """Return how a note uses a word with this stem."""
        is_in_title = number in self.read_matches("title", stem) or number in self.read_matches("alias", stem)
        return WordUse(self.read_matches("body", stem).get(number, 0.0), is_in_title, number in self.read_matches("heading", stem))

    def describe_shared_word(self, stem: str, written: str, own: int, other: int) -> SharedWord:
        """Return how two notes use a word with this stem."""
        return SharedWord(stem, written, self.count_notes_with(stem), self.describe_use(stem, own), self.describe_use(stem, other))

    def find_pair(self, field: str, pair: str) -> Matches:
        """Return the notes that have two characters one after the other in a field, and how often."""
        key = field, pair
        if key not in self._matches:
            self._matches[key] = self.reader.read_phrase_matches(field, tuple(pair))
        return self._matches[key]

    def describe_pair(self, pair: str, number: int) -> WordUse:
        """Return how a note uses two characters one after the other."""
        is_in_title = number in self.find_pair("title", pair) or number in self.find_pair("alias", pair)
        return WordUse(self.find_pair("body", pair).get(number, 0.0), is_in_title, number in self.find_pair("heading", pair))

    def find_word(self, written: str, stem: str) -> WordMatches:
        """Look up a word of a question, with its stem, as `zettel search` does."""
        found = {field: matches for field in TEXT_FIELDS if (matches := self.read_matches(field, stem))}
        frequencies = self.reader.sum_frequencies(found.items())
        names: dict[str, Matches] = {field: found[field] for field in ("title", "alias") if field in found}
        return WordMatches(written, compute_idf(self.reader.note_count, len(frequencies)), frequencies, names)

    def match_titles(self, weights: Mapping[str, float]) -> dict[int, tuple[float, float]]:
        """Return for notes whose titles have some of these stems the sum of their weights, and the share of the title's words that are among them.

        Leaves out notes with only some words without a weight.
        """
        found: dict[int, float] = {}
        counts: dict[int, float] = {}
        find, count = found.get, counts.get
        for stem, weight in weights.items():
            for number, frequency in self.read_matches("title", stem).items():
                found[number] = find(number, 0.0) + weight
                counts[number] = count(number, 0.0) + frequency
        lengths = self.reader.read_lengths("title")
        return {
            number: (weight, min(1.0, counts[number] / (lengths[number] or 1)))
            for number, weight in found.items()
            if weight or counts[number] >= NAME_SHARE * lengths[number]
        }

    def find_notes_with_alias(self, stems: Iterable[str]) -> set[int]:
        """Return the notes that have any of these stems in an alias."""
        if not self.reader.read_length_codes("alias").strip(b"\0"):
            return set()  # no note has an alias
        return {number for stem in stems for number in self.read_matches("alias", stem)}

    def find_notes_with_phrase(self, stems: list[str], but: int | None) -> set[int]:
        """Return the notes other than `but` whose bodies have stems one after the other. Looks for the rarest ones first."""
        rarest = sorted(set(stems), key=lambda stem: (self.count_notes_with(stem), stem))[:MAX_RARE_WORDS]
        if set.intersection(*(set(self.read_matches("body", stem)) for stem in rarest)) <= {but}:
            return set()
        return set(self.reader.read_phrase_matches("body", stems)) - {but}

    def compute_length_norm(self, number: int) -> float:
        """Return what the scores of a note are divided by because of the length of its body (see `zettel.model.suggest.similarity`)."""
        if not self._norms:
            lengths = self.reader.read_lengths("body")
            mean = sum(lengths[number] for number in self.reader.list_numbers()) / max(1, self.reader.note_count) or 1.0
            by_length = {length: compute_length_norm(length / mean) for length in set(lengths)}
            self._norms = [by_length[length] for length in lengths]
        return self._norms[number]

    def find_paths(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the paths of notes by their numbers."""
        paths = self.reader.paths
        found = {number: paths[number] for number in numbers}
        self._numbers.update((path, number) for number, path in found.items())
        return found

    def find_number(self, path: str) -> int | None:
        """Return the number of the note at `path`, None if it is not indexed."""
        if path not in self._numbers:
            self._numbers[path] = self.reader.find_numbers([path]).get(path)
        return self._numbers[path]
