"""How much notes are alike by their words: stems that few notes have count most, those of titles twice.

Term weights are those of the cosine of tf-idf vectors, (1 + log tf) log(N / df) on either side (Salton & Buckley 1988); a
note's length counts as in pivoted normalisation (Singhal, Buckley & Mitra 1996).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from zettel.model.ids import is_id
from zettel.model.tokens import tokens

MOST = 60
"""Stems of a note at most that others are compared by: the most telling ones."""

PIVOT = 0.75
"""How far a note's length counts against it: 0 not at all, 1 in full; the b of BM25."""

T = TypeVar("T")


class Bag(NamedTuple):
    """The stems of a note: how often each stands in its body, those of its title and aliases, and how a stem is first written."""

    counts: dict[str, int]
    named: frozenset[str]
    written: dict[str, str]


class Words(NamedTuple):
    """What an index tells of stems: the number of notes, how many have a stem, and the weight it has in each of them."""

    notes: int
    frequency: Callable[[str], int]
    postings: Callable[[str], Mapping[int, float]]
    relative_length: Callable[[int], float]

    def rarity(self, stem: str) -> float:
        """How rare a stem is, log(N / df); 0 where every note has it or none."""
        return math.log(self.notes / frequency) if 0 < (frequency := self.frequency(stem)) <= self.notes else 0.0


def bag(names: Iterable[str], text: str, stem: Callable[[str], str]) -> Bag:
    """The stems of a note from its title and aliases and the text of its body, a block a line; IDs in it are no words."""
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
    """The stems that tell most about a note, with their weights; those that no other note has are left out."""
    weights: dict[str, float] = {}
    for stem in {**bag.counts, **dict.fromkeys(sorted(bag.named))}:
        if words.frequency(stem) > 1 and (rarity := words.rarity(stem)):
            weights[stem] = (1 + math.log(bag.counts.get(stem, 1))) * rarity * (2 if stem in bag.named else 1)
    chosen = sorted(weights, key=lambda stem: (-weights[stem], stem))[:most]
    return {stem: weights[stem] for stem in chosen}


def itself(bag: Bag, words: Words, number: int) -> float:
    """How much a note is like itself by all of its stems, those that no other note has, too; `number` is its own in the index."""
    score = 0.0
    for stem in {**bag.counts, **dict.fromkeys(sorted(bag.named))}:
        count = 1 + math.log(bag.counts.get(stem, 1))
        score += count * (2 if stem in bag.named else 1) * words.rarity(stem) ** 2 * (count + (stem in bag.named))
    return score / _size(words, number)


def alike(query: Mapping[str, float], words: Words) -> dict[int, float]:
    """How much each note that has any of the stems is like the one that they tell of, by its number in the index."""
    scores: dict[int, float] = {}
    for stem, weight in query.items():
        factor = weight * words.rarity(stem)
        for number, there in words.postings(stem).items():
            scores[number] = scores.get(number, 0.0) + factor * there
    return {number: score / _size(words, number) for number, score in scores.items()}


def _size(words: Words, number: int) -> float:
    return math.sqrt(1 - PIVOT + PIVOT * words.relative_length(number))


def in_common(query: Mapping[str, float], words: Words, number: int | None) -> dict[str, float]:
    """The stems that a query has in common with a note, with what they tell, the most telling first."""
    parts: dict[str, float] = {}
    for stem, weight in query.items():
        there = words.postings(stem).get(number) if number is not None else None
        if there:
            parts[stem] = weight * words.rarity(stem) * there
    return dict(sorted(parts.items(), key=lambda item: (-round(item[1], 9), item[0])))


def foremost(scores: Mapping[T, float], most: int) -> dict[T, float]:
    """The best of `scores`, and those as good as the last of them."""
    if len(scores) <= most:
        return dict(scores)
    least = round(sorted(scores.values(), reverse=True)[most - 1], 9)
    return {item: score for item, score in scores.items() if round(score, 9) >= least}


def nearest(scores: Mapping[str, float], most: int) -> dict[str, float]:
    """The notes with the best of `scores` by path, each score as a part of the very best."""
    chosen = sorted(scores, key=lambda path: (-round(scores[path], 9), path))[:most]
    return {path: scores[path] / scores[chosen[0]] for path in chosen}
