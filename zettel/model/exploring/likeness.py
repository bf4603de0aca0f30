"""Score the similarity of notes by their words. Rare stems count most, and stems of titles count twice.

Terms are weighted as in the cosine of tf-idf vectors, (1 + log tf) log(N / df) on both sides (Salton & Buckley 1988), and
scores are divided by a pivoted length (Singhal, Buckley & Mitra 1996).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from zettel.model.ids import is_id
from zettel.model.tokens import tokens

MOST = 60
"""Maximum number of stems of a note that others are compared by: those with the highest weights."""

PIVOT = 0.75
"""How much a note's length counts against it, from 0 (not at all) to 1 (fully): the slope of pivoted normalisation, the b of BM25."""

T = TypeVar("T")


class Bag(NamedTuple):
    """The stems of a note: their counts in its body, those of its title and aliases, and the first spelling of each."""

    counts: dict[str, int]
    named: frozenset[str]
    written: dict[str, str]


class Words(NamedTuple):
    """Lookups in a full-text index: the number of notes, how many contain a stem, its weight in each, and a note's length relative to the mean."""

    notes: int
    frequency: Callable[[str], int]
    postings: Callable[[str], Mapping[int, float]]
    relative_length: Callable[[int], float]

    def rarity(self, stem: str) -> float:
        """Return the inverse document frequency of a stem, log(N / df), or 0 if all notes or none contain it."""
        return math.log(self.notes / frequency) if 0 < (frequency := self.frequency(stem)) <= self.notes else 0.0


def bag(names: Iterable[str], text: str, stem: Callable[[str], str]) -> Bag:
    """Build the stems of a note from its title and aliases (`names`) and the text of its body, one block per line. IDs in the body are skipped."""
    counts: dict[str, int] = {}
    written: dict[str, str] = {}
    for line in text.split("\n"):
        for word, _, _ in tokens(line):
            if is_id(word):
                continue
            found = stem(word)
            counts[found] = counts.get(found, 0) + 1
            written.setdefault(found, word)
    named = set()
    for name in names:
        for word, _, _ in tokens(name):
            found = stem(word)
            named.add(found)
            written.setdefault(found, word)
    return Bag(counts, frozenset(named), written)


def telling(bag: Bag, words: Words, most: int = MOST) -> dict[str, float]:
    """Return the `most` heaviest stems of a note with their weights, without those that no other note contains."""
    weights: dict[str, float] = {}
    for stem in {**bag.counts, **dict.fromkeys(sorted(bag.named))}:
        if words.frequency(stem) > 1 and (rarity := words.rarity(stem)):
            weights[stem] = (1 + math.log(bag.counts.get(stem, 1))) * rarity * (2 if stem in bag.named else 1)
    chosen = sorted(weights, key=lambda stem: (-weights[stem], stem))[:most]
    return {stem: weights[stem] for stem in chosen}


def itself(bag: Bag, words: Words, number: int) -> float:
    """Return the similarity of a note to itself, by all stems including those that no other note contains. `number` is its number in the index."""
    score = 0.0
    for stem in {**bag.counts, **dict.fromkeys(sorted(bag.named))}:
        count = 1 + math.log(bag.counts.get(stem, 1))
        score += count * (2 if stem in bag.named else 1) * words.rarity(stem) ** 2 * (count + (stem in bag.named))
    return score / _size(words, number)


def alike(query: Mapping[str, float], words: Words) -> dict[int, float]:
    """Return the similarity of every note that contains any stem of the query, by its number in the index."""
    scores: dict[int, float] = {}
    for stem, weight in query.items():
        factor = weight * words.rarity(stem)
        for number, there in words.postings(stem).items():
            scores[number] = scores.get(number, 0.0) + factor * there
    return {number: score / _size(words, number) for number, score in scores.items()}


def _size(words: Words, number: int) -> float:
    return math.sqrt(1 - PIVOT + PIVOT * words.relative_length(number))


def in_common(query: Mapping[str, float], words: Words, number: int | None) -> dict[str, float]:
    """Return the stems that a query shares with a note, with their contributions to the similarity, largest first."""
    parts: dict[str, float] = {}
    for stem, weight in query.items():
        there = words.postings(stem).get(number) if number is not None else None
        if there:
            parts[stem] = weight * words.rarity(stem) * there
    return dict(sorted(parts.items(), key=lambda item: (-round(item[1], 9), item[0])))


def foremost(scores: Mapping[T, float], most: int) -> dict[T, float]:
    """Return the `most` best scores, and any others that tie with the last of these."""
    if len(scores) <= most:
        return dict(scores)
    least = round(sorted(scores.values(), reverse=True)[most - 1], 9)
    return {item: score for item, score in scores.items() if round(score, 9) >= least}


def nearest(scores: Mapping[str, float], most: int) -> dict[str, float]:
    """Return the `most` best scores by path, each divided by the best one."""
    chosen = sorted(scores, key=lambda path: (-round(scores[path], 9), path))[:most]
    return {path: scores[path] / scores[chosen[0]] for path in chosen}
