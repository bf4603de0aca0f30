"""Test how the evidence for a link is scored and described."""

from __future__ import annotations

import math

import pytest

from zettel.model.note.note import Note
from zettel.model.suggest.insertion_points import NoteEnd
from zettel.model.suggest.score import (
    BETWEEN,
    CITED_TOGETHER,
    CITES_THE_SAME,
    LIKE_A_CITER,
    LIKE_A_NEIGHBOUR,
    LinkEvidence,
    NoteLinks,
    Reason,
    Suggestion,
    Tie,
    describe_tie,
    find_ties,
    rank_candidates,
    saturate_rarity,
    score_title,
)
from zettel.model.text.phrases import join_names

NOTE = Note("a", None, "A", (), (), "2024-01-01T00:00:00", "2024-01-01T00:00:00", 1, 0, 0)

NOTEBOOK = """
a: x y
b: x
m: a b
c: a
p: c
"""
"""A notebook in a string, as links: a and b cite x, m cites a and b, and c lies between p and a."""


def _parse_links(text: str) -> dict[str, NoteLinks]:
    out = {line.partition(": ")[0]: line.partition(": ")[2].split() for line in text.strip().splitlines()}
    names = sorted({*out, *(target for targets in out.values() for target in targets)})
    return {name: NoteLinks(frozenset(out.get(name, ())), frozenset(other for other in out if name in out[other])) for name in names}


def _list_kinds(found: dict[str, list[Tie]]) -> dict[str, list[tuple[str, str]]]:
    return {path: [(tie.kind, tie.through) for tie in found[path]] for path in sorted(found)}


def test_third_notes_tie_two_others() -> None:
    """A third note ties two others if it cites both, if both cite it, or if it lies between them."""
    found = find_ties("a", _parse_links(NOTEBOOK), {}, {})
    del found["a"]
    assert {"b": [(CITED_TOGETHER, "m"), (CITES_THE_SAME, "x")], "p": [(BETWEEN, "c")]} == _list_kinds(found)


def test_a_tie_weighs_as_in_adamic_adar() -> None:
    """A tie weighs 1 / log(2 + the degree of the third note)."""
    found = find_ties("a", _parse_links(NOTEBOOK), {}, {})
    assert [1 / math.log(4), 1 / math.log(4)] == [tie.weight for tie in found["b"]]


def test_similar_notes_count_as_neighbours() -> None:
    """A note is tied to the neighbours of a note like it, and to the notes that are like its neighbours."""
    found = find_ties("y", _parse_links(NOTEBOOK), {"p": 0.5}, {"a": {"z": 0.25}})
    del found["y"]
    assert [Tie(LIKE_A_CITER, "p", 0.5 / math.log(3))] == [tie for tie in found["c"] if tie.kind == LIKE_A_CITER]
    assert [Tie(LIKE_A_NEIGHBOUR, "a", 0.25 / math.log(6))] == found["z"]


def test_excluded_notes_are_not_scored() -> None:
    """An excluded note has no score, and does not scale the scores of others."""
    evidence = LinkEvidence({"linked": 9.0, "b": 2.0, "c": 1.0}, {}, {}, {}, {})
    assert {"b": {"words": 1.0}, "c": {"words": 0.5}} == evidence.score_notes({"linked"})


def test_scores_add_words_ties_names_and_tags() -> None:
    """Words and ties count as fractions of the best, and names and tags by how rare they are."""
    ties = [Tie(BETWEEN, "m", 2.0), Tie(CITED_TOGETHER, "n", 1.0)]
    evidence = LinkEvidence({"b": 2.0}, {"b": ties, "c": ties[:1]}, {"b": 3.0}, {"c": 3.0}, {"c": 3.0, "d": 3.0})
    scores = evidence.score_notes(())
    assert {
        "b": {"words": 1.0, BETWEEN: pytest.approx(0.8), CITED_TOGETHER: pytest.approx(0.4), "mention": 0.75},
        "c": {BETWEEN: pytest.approx(0.8), "mentioned": 0.25, "tags": pytest.approx(0.1)},
    } == scores
    assert [("b", 2.95), ("c", 1.15)] == rank_candidates(scores, 10)


def test_titles_and_restatements_add_to_the_score() -> None:
    """The score of a title adds to that of words, and a note that answers as well as the note itself gets 0.3."""
    evidence = LinkEvidence({"b": 2.0}, {}, {}, {}, {}, titles={"b": 0.5, "c": 0.25}, restatements={"c": 1.0, "x": 1.0})
    assert {"b": {"words": 1.5}, "c": {"words": 0.25, "restatement": 0.3}} == evidence.score_notes({"x"})


def test_days_and_folders_count_only_beside_other_evidence() -> None:
    """Notes of the same day or folder rank higher if there is other evidence, and the deepest common folder counts."""
    evidence = LinkEvidence(
        {"x/y/b": 2.0, "x/z/c": 2.0, "d": 2.0},
        {},
        {},
        {},
        {},
        same_day={"d": 3.0, "e": 3.0},
        folders={"x/y": 3.0, "x": 1.0},
    )
    assert {
        "x/y/b": {"words": 1.0, "same-folder": pytest.approx(0.4)},
        "x/z/c": {"words": 1.0, "same-folder": pytest.approx(0.2)},
        "d": {"words": 1.0, "same-day": pytest.approx(0.45)},
    } == evidence.score_notes(())


@pytest.mark.parametrize(("weight", "share", "expected"), [(5.0, 1.0, 0.6), (5.0, 0.5, 0.3), (1e9, 1.0, pytest.approx(1.2))])
def test_a_title_counts_by_its_weight_and_share(weight: float, share: float, expected: float) -> None:
    """A title whose words are rare counts more, and in proportion to how much of it the note has."""
    assert expected == score_title(weight, share)


def test_people_see_two_sufficient_reasons() -> None:
    """Only sufficient reasons are shown, the two heaviest. A quoted sentence replaces the list of shared words."""
    reasons = (Reason("words", "words", 3.0), Reason("same-day", "day", 2.0, is_sufficient=False), Reason("restatement", "quote", 1.0))
    others = (Reason(BETWEEN, "between", 0.5), Reason("tags", "tags", 0.1))
    suggestion = Suggestion(NOTE, 6.6, (*reasons, *others), NoteEnd("a", (), "", (0, 0), 1, 0, 0))
    assert "quote; between" == suggestion.why


def test_equal_scores_are_ordered_by_path() -> None:
    """Notes with the same score come by path, in whatever order they were found."""
    assert [("a", 1.0), ("b", 1.0)] == rank_candidates({"c": {"words": 0.5}, "b": {"words": 1.0}, "a": {"words": 1.0}}, 2)


@pytest.mark.parametrize(("rarity", "expected"), [(0.0, 0.0), (3.0, 0.75), (1e9, pytest.approx(1.5))])
def test_a_rare_name_counts_more(rarity: float, expected: float) -> None:
    """A name that every note has counts nothing, one with a rarity of three half, and a unique one in full."""
    assert expected == saturate_rarity(1.5, rarity)


@pytest.mark.parametrize(
    ("names", "expected"),
    [(["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C"), (["A", "B", "C", "D", "E"], "A, B, C and 2 more")],
)
def test_at_most_three_names_are_listed(names: list[str], expected: str) -> None:
    """At most three names are listed, and the rest are counted."""
    assert expected == join_names(names)


@pytest.mark.parametrize(
    ("kind", "titles", "expected"),
    [
        (CITED_TOGETHER, ["A"], '"A" links to both'),
        (CITED_TOGETHER, ["A", "B"], '"A" and 1 other link to both'),
        (CITES_THE_SAME, ["A", "B"], 'both link to "A" and 1 other'),
        (BETWEEN, ["A"], 'connected through "A"'),
        (BETWEEN, ["A", "B", "C"], 'connected through "A" and 2 others'),
        (LIKE_A_CITER, ["A"], 'linked with "A", which is similar to this note'),
        (LIKE_A_CITER, ["A", "B"], 'linked with "A" and 1 other, which are similar to this note'),
        (LIKE_A_NEIGHBOUR, ["A"], 'similar to "A", which is linked with this note'),
        (LIKE_A_NEIGHBOUR, ["A", "B"], 'similar to "A" and 1 other, which are linked with this note'),
    ],
)
def test_every_kind_of_tie_is_described(kind: str, titles: list[str], expected: str) -> None:
    """Every kind of tie is described by a sentence for one note and for several."""
    assert expected == describe_tie(kind, titles)
