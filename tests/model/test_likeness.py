"""How much notes are alike by their words."""

from __future__ import annotations

import math
from collections import Counter

from zettel.model.suggest.similarity import (
    TermBag,
    TermWeights,
    build_term_bag,
    choose_query_terms,
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
"""A notebook in a string: a note a line, numbered from 0."""


def _stem(word: str) -> str:
    return word.rstrip("s")


def _bags() -> list[TermBag]:
    return [build_term_bag((), line, _stem) for line in NOTEBOOK.strip().splitlines()]


def _words() -> TermWeights:
    bags = _bags()
    frequency = Counter(stem for found in bags for stem in found.counts)
    return TermWeights(
        len(bags),
        lambda stem: frequency[stem],
        lambda stem: {number: 1 + math.log(found.counts[stem]) for number, found in enumerate(bags) if stem in found.counts},
        lambda _number: 1.0,
    )


def test_a_bag_holds_stems_and_how_they_are_written() -> None:
    """Stems are counted, remembered as first written, and IDs are no words."""
    expected = TermBag({"queue": 2, "grow": 1}, frozenset({"line", "queue"}), {"queue": "queues", "grow": "grow", "line": "lines"})
    assert expected == build_term_bag(["Lines", "Queue"], "Queues grow 202301010800\nqueue", _stem)


def test_rare_words_tell_most() -> None:
    """A stem that no other note has tells nothing of others; a rarer one and one that stands more often tell more."""
    assert {"queue": (1 + math.log(2)) * math.log(2), "the": math.log(4 / 3)} == choose_query_terms(_bags()[0], _words())


def test_words_of_the_title_count_twice() -> None:
    """A stem of the title or an alias weighs twice what it does elsewhere."""
    titled = TermBag({"the": 1}, frozenset({"queue"}), {})
    assert {"queue": 2 * math.log(2), "the": math.log(4 / 3)} == choose_query_terms(titled, _words())


def test_the_most_telling_stems_are_taken() -> None:
    """No more stems than wanted, the most telling ones."""
    assert ["queue"] == list(choose_query_terms(_bags()[0], _words(), 1))


def test_notes_with_rare_words_in_common_are_alike() -> None:
    """The likeness of a note is the sum over the stems in common; one without any is not alike."""
    words = _words()
    found = score_similarities(choose_query_terms(_bags()[0], words), words)
    assert [0, 1, 2] == sorted(found, key=lambda number: -found[number])
    assert math.isclose(math.log(4 / 3) ** 2, found[2])


def test_long_notes_are_less_alike() -> None:
    """Of two notes with the same words in common, one longer than the mean counts less and a shorter one more."""
    words = _words()._replace(relative_length=lambda number: {0: 1.0, 1: 4.0, 2: 0.0}[number])
    found = score_similarities({"the": 1.0}, words)
    assert [2, 0, 1] == sorted(found, key=lambda number: -found[number])


def test_the_foremost_include_those_as_good_as_the_last() -> None:
    """Where the last of the best has equals, they all are taken, so that no order decides."""
    assert {1: 3.0, 2: 2.0, 3: 2.0} == keep_top_with_ties({1: 3.0, 2: 2.0, 3: 2.0, 4: 1.0}, 2)


def test_the_nearest_are_parts_of_the_very_nearest() -> None:
    """The nearest notes by score, then path, each with its part of the best score."""
    assert {"b": 1.0, "a": 0.5} == normalise_top_scores({"c": 2.0, "b": 4.0, "a": 2.0}, 2)
    assert {} == normalise_top_scores({}, 2)
