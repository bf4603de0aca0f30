"""Test how similar notes are by their words."""

from __future__ import annotations

import math
from collections import Counter

from zettel.model.suggest.similarity import (
    TermBag,
    TermWeights,
    build_term_bag,
    choose_query_terms,
    compute_length_norm,
    keep_top_with_ties,
    normalise_top_scores,
    score_similarities,
)

NOTEBOOK = """
queues grow before the queue
queues hide the work
work is the work
lonely
"""
"""A notebook in a string, one note a line, numbered from 0."""


def _strip_plural(word: str) -> str:
    return word.rstrip("s")


def _build_bags() -> list[TermBag]:
    return [build_term_bag((), line, _strip_plural) for line in NOTEBOOK.strip().splitlines()]


def _build_weights() -> TermWeights:
    bags = _build_bags()
    frequency = Counter(stem for found in bags for stem in found.counts)
    return TermWeights(
        len(bags),
        lambda stem: frequency[stem],
        lambda stem: {number: 1 + math.log(found.counts[stem]) for number, found in enumerate(bags) if stem in found.counts},
        lambda _number: 1.0,
    )


def test_term_bag_counts_stems_and_keeps_spellings() -> None:
    """A term bag counts stems, keeps the first spelling of each, and leaves out IDs."""
    expected = TermBag({"queue": 2, "grow": 1}, frozenset({"line", "queue"}), {"queue": "queues", "grow": "grow", "line": "lines"})
    assert expected == build_term_bag(["Lines", "Queue"], "Queues grow 202301010800\nqueue", _strip_plural)


def test_rare_and_frequent_stems_weigh_most() -> None:
    """A stem weighs more the rarer it is and the more often the note has it, and is left out if no other note has it."""
    assert {"queue": (1 + math.log(2)) * math.log(2), "the": math.log(4 / 3)} == choose_query_terms(_build_bags()[0], _build_weights())


def test_title_stems_weigh_twice() -> None:
    """A stem of the title or an alias weighs twice as much as elsewhere."""
    titled = TermBag({"the": 1}, frozenset({"queue"}), {})
    assert {"queue": 2 * math.log(2), "the": math.log(4 / 3)} == choose_query_terms(titled, _build_weights())


def test_only_the_heaviest_stems_are_queried() -> None:
    """No more stems are queried than wanted, the heaviest ones."""
    assert ["queue"] == list(choose_query_terms(_build_bags()[0], _build_weights(), 1))


def test_similarity_sums_over_shared_stems() -> None:
    """The similarity of a note is a sum over the shared stems, and a note without any is not similar."""
    weights = _build_weights()
    found = score_similarities(choose_query_terms(_build_bags()[0], weights), weights)
    assert [0, 1, 2] == sorted(found, key=lambda number: -found[number])
    assert math.isclose(math.log(4 / 3) ** 2, found[2])


def test_long_notes_are_less_similar() -> None:
    """Of notes that share the same words, one longer than the mean scores less and a shorter one more."""
    weights = _build_weights()._replace(length_norm=lambda number: compute_length_norm({0: 1.0, 1: 4.0, 2: 0.0}[number]))
    found = score_similarities({"the": 1.0}, weights)
    assert [2, 0, 1] == sorted(found, key=lambda number: -found[number])


def test_top_scores_include_ties_with_the_last() -> None:
    """If other notes score as much as the last of the top ones, they are kept too, so that order decides nothing."""
    assert {1: 3.0, 2: 2.0, 3: 2.0} == keep_top_with_ties({1: 3.0, 2: 2.0, 3: 2.0, 4: 1.0}, 2)


def test_top_scores_are_fractions_of_the_best() -> None:
    """The top notes, by score and then by path, have fractions of the best score."""
    assert {"b": 1.0, "a": 0.5} == normalise_top_scores({"c": 2.0, "b": 4.0, "a": 2.0}, 2)
    assert {} == normalise_top_scores({}, 2)
