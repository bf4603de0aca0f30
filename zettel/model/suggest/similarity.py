"""Score the similarity of notes by their words. Rare stems count most, and stems of titles count twice.

Terms are weighted as in the cosine of tf-idf vectors, (1 + log tf) log(N / df) on both sides (Salton & Buckley 1988), and
scores are divided by a pivoted length (Singhal, Buckley & Mitra 1996).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from zettel.model.text.ids import is_id
from zettel.model.text.tokens import tokenise

MAX_QUERY_TERMS = 60
"""Maximum number of stems of a note that others are compared by: those with the highest weights."""

LENGTH_SLOPE = 0.75
"""How much a note's length counts against it, from 0 (not at all) to 1 (fully): the slope of pivoted normalisation, the b of BM25."""

T = TypeVar("T")


class TermBag(NamedTuple):
    """The stems of a note: their counts in its body, those of its title and aliases, and the first spelling of each."""

    counts: dict[str, int]
    title_stems: frozenset[str]
    spellings: dict[str, str]


class TermWeights(NamedTuple):
    """Lookups in a full-text index: the number of notes, how many contain a stem, its weight in each, and the norm of a note's length.

    See `compute_length_norm` for the norm, by which scores are divided.
    """

    note_count: int
    document_frequency: Callable[[str], int]
    postings: Callable[[str], Mapping[int, float]]
    length_norm: Callable[[int], float]

    def compute_idf(self, stem: str) -> float:
        """Return the inverse document frequency of a stem, log(N / df), or 0 if all notes or none contain it."""
        return math.log(self.note_count / frequency) if 0 < (frequency := self.document_frequency(stem)) <= self.note_count else 0.0


def build_term_bag(names: Iterable[str], text: str, stem_word: Callable[[str], str]) -> TermBag:
    """Build the stems of a note from its title and aliases (`names`) and the text of its body, one block per line. IDs in the body are skipped."""
    counts: dict[str, int] = {}
    written: dict[str, str] = {}
    for line in text.split("\n"):
        for word, _, _ in tokenise(line):
            if is_id(word):
                continue
            found = stem_word(word)
            counts[found] = counts.get(found, 0) + 1
            written.setdefault(found, word)
    named = set()
    for name in names:
        for word, _, _ in tokenise(name):
            found = stem_word(word)
            named.add(found)
            written.setdefault(found, word)
    return TermBag(counts, frozenset(named), written)


def choose_query_terms(bag: TermBag, term_weights: TermWeights, limit: int = MAX_QUERY_TERMS) -> dict[str, float]:
    """Return the `limit` heaviest stems of a note with their weights, without those that no other note contains."""
    weights: dict[str, float] = {}
    for stem in {**bag.counts, **dict.fromkeys(sorted(bag.title_stems))}:
        if term_weights.document_frequency(stem) > 1 and (rarity := term_weights.compute_idf(stem)):
            weights[stem] = (1 + math.log(bag.counts.get(stem, 1))) * rarity * (2 if stem in bag.title_stems else 1)
    chosen = sorted(weights, key=lambda stem: (-weights[stem], stem))[:limit]
    return {stem: weights[stem] for stem in chosen}


def score_self_similarity(bag: TermBag, term_weights: TermWeights, number: int) -> float:
    """Return the similarity of a note to itself, by all stems including those that no other note contains. `number` is its number in the index."""
    score = 0.0
    for stem in {**bag.counts, **dict.fromkeys(sorted(bag.title_stems))}:
        count = 1 + math.log(bag.counts.get(stem, 1))
        score += count * (2 if stem in bag.title_stems else 1) * term_weights.compute_idf(stem) ** 2 * (count + (stem in bag.title_stems))
    return score / term_weights.length_norm(number)


def score_similarities(query: Mapping[str, float], term_weights: TermWeights) -> dict[int, float]:
    """Return the similarity of every note that contains any stem of the query, by its number in the index."""
    scores: dict[int, float] = {}
    get = scores.get
    for stem, weight in query.items():
        factor = weight * term_weights.compute_idf(stem)
        for number, there in term_weights.postings(stem).items():
            scores[number] = get(number, 0.0) + factor * there
    norm = term_weights.length_norm
    return {number: score / norm(number) for number, score in scores.items()}


def compute_length_norm(relative_length: float) -> float:
    """Return what the scores of a note are divided by, from its length relative to the mean."""
    return math.sqrt(1 - LENGTH_SLOPE + LENGTH_SLOPE * relative_length)


def score_shared_terms(query: Mapping[str, float], term_weights: TermWeights, number: int | None) -> dict[str, float]:
    """Return the stems that a query shares with a note, with their contributions to the similarity, largest first."""
    parts: dict[str, float] = {}
    for stem, weight in query.items():
        there = term_weights.postings(stem).get(number) if number is not None else None
        if there:
            parts[stem] = weight * term_weights.compute_idf(stem) * there
    return dict(sorted(parts.items(), key=lambda item: (-round(item[1], 9), item[0])))


def keep_top_with_ties(scores: Mapping[T, float], limit: int) -> dict[T, float]:
    """Return the `limit` best scores, and any others that tie with the last of these."""
    if len(scores) <= limit:
        return dict(scores)
    least = round(sorted(scores.values(), reverse=True)[limit - 1], 9)
    return {item: score for item, score in scores.items() if score > least - 1e-9 and round(score, 9) >= least}


def normalise_top_scores(scores: Mapping[str, float], limit: int) -> dict[str, float]:
    """Return the `limit` best scores by path, each divided by the best one."""
    chosen = sorted(scores, key=lambda path: (-round(scores[path], 9), path))[:limit]
    return {path: scores[path] / scores[chosen[0]] for path in chosen}
