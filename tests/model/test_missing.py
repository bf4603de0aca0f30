"""What speaks for a link, weighed and said in words."""

from __future__ import annotations

import math

import pytest

from zettel.model.suggest.scoring import (
    BETWEEN,
    CITED_TOGETHER,
    CITES_THE_SAME,
    LIKE_A_CITER,
    LIKE_A_NEIGHBOUR,
    LinkEvidence,
    NoteLinks,
    Tie,
    describe_tie,
    find_ties,
    join_names,
    rank_candidates,
    saturate_rarity,
)

NOTEBOOK = """
a: x y
b: x
m: a b
c: a
p: c
"""
"""A notebook in a string: who links to whom. x is cited by a and b, m cites both, c lies between p and a."""


def _links(text: str) -> dict[str, NoteLinks]:
    out = {line.partition(": ")[0]: line.partition(": ")[2].split() for line in text.strip().splitlines()}
    names = sorted({*out, *(target for targets in out.values() for target in targets)})
    return {name: NoteLinks(frozenset(out.get(name, ())), frozenset(other for other in out if name in out[other])) for name in names}


def _kinds(found: dict[str, list[Tie]]) -> dict[str, list[tuple[str, str]]]:
    return {path: [(tie.kind, tie.through) for tie in found[path]] for path in sorted(found)}


def test_third_notes_tie_two_others_together() -> None:
    """Who is cited together, who cites the same, and what lies one link beyond are told apart."""
    found = find_ties("a", _links(NOTEBOOK), {}, {})
    del found["a"]
    assert {"b": [(CITED_TOGETHER, "m"), (CITES_THE_SAME, "x")], "p": [(BETWEEN, "c")]} == _kinds(found)


def test_a_tie_counts_as_adamic_and_adar_say() -> None:
    """A third note counts 1 / log(2 + its degree)."""
    found = find_ties("a", _links(NOTEBOOK), {}, {})
    assert [1 / math.log(4), 1 / math.log(4)] == [tie.weight for tie in found["b"]]


def test_notes_that_are_alike_count_among_the_neighbours() -> None:
    """A note like this one ties it to what that one is linked with; a note like a neighbour is tied by that neighbour."""
    found = find_ties("y", _links(NOTEBOOK), {"p": 0.5}, {"a": {"z": 0.25}})
    del found["y"]
    assert [Tie(LIKE_A_CITER, "p", 0.5 / math.log(3))] == [tie for tie in found["c"] if tie.kind == LIKE_A_CITER]
    assert [Tie(LIKE_A_NEIGHBOUR, "a", 0.25 / math.log(6))] == found["z"]


def test_scores_leave_out_what_is_excluded() -> None:
    """An excluded note has no score, and is no measure of the others."""
    evidence = LinkEvidence({"linked": 9.0, "b": 2.0, "c": 1.0}, {}, {}, {}, {})
    assert {"b": {"words": 1.0}, "c": {"words": 0.5}} == evidence.score_notes({"linked"})


def test_scores_add_words_company_names_and_tags() -> None:
    """Words and company are parts of the best; names and tags count by how rare they are."""
    tied = [Tie(BETWEEN, "m", 2.0), Tie(CITED_TOGETHER, "n", 1.0)]
    evidence = LinkEvidence({"b": 2.0}, {"b": tied, "c": tied[:1]}, {"b": 3.0}, {"c": 3.0}, {"c": 3.0})
    scores = evidence.score_notes(())
    assert {
        "b": {"words": 1.0, BETWEEN: 2 / 3, CITED_TOGETHER: 1 / 3, "mention": 0.75},
        "c": {BETWEEN: 2 / 3, "mentioned": 0.25, "tags": pytest.approx(0.1)},
    } == scores
    assert [("b", 2.75), ("c", 1.016666667)] == rank_candidates(scores, 10)


def test_the_best_of_equals_come_by_path() -> None:
    """Notes with the same score are in the order of their paths, whatever the order they were found in."""
    assert [("a", 1.0), ("b", 1.0)] == rank_candidates({"c": {"words": 0.5}, "b": {"words": 1.0}, "a": {"words": 1.0}}, 2)


@pytest.mark.parametrize(("rarity", "expected"), [(0.0, 0.0), (3.0, 0.75), (1e9, pytest.approx(1.5))])
def test_a_rare_name_counts_more(rarity: float, expected: float) -> None:
    """A name that every note has counts nothing, one with a rarity of three half, one that no other has all."""
    assert expected == saturate_rarity(1.5, rarity)


@pytest.mark.parametrize(
    ("names", "expected"),
    [(["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C"), (["A", "B", "C", "D", "E"], "A, B, C and 2 more")],
)
def test_names_in_a_row(names: list[str], expected: str) -> None:
    """At most three names are told."""
    assert expected == join_names(names)


@pytest.mark.parametrize(
    ("kind", "titles", "expected"),
    [
        (CITED_TOGETHER, ["A"], '"A" links to both'),
        (CITED_TOGETHER, ["A", "B"], '"A" and 1 other link to both'),
        (CITES_THE_SAME, ["A", "B"], 'both link to "A" and 1 other'),
        (BETWEEN, ["A"], '"A" lies between them'),
        (BETWEEN, ["A", "B", "C"], '"A" and 2 others lie between them'),
        (LIKE_A_CITER, ["A"], 'linked with "A", which is like this note'),
        (LIKE_A_CITER, ["A", "B"], 'linked with "A" and 1 other, which are like this note'),
        (LIKE_A_NEIGHBOUR, ["A"], 'like "A", which is linked with this note'),
        (LIKE_A_NEIGHBOUR, ["A", "B"], 'like "A" and 1 other, which are linked with this note'),
    ],
)
def test_ties_in_words(kind: str, titles: list[str], expected: str) -> None:
    """Every kind of tie has its sentence."""
    assert expected == describe_tie(kind, titles)
