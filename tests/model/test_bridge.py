"""Test which bridges between notes the catalogue alone suggests."""

from __future__ import annotations

from math import isclose, log

import pytest

from zettel.model.suggest.bridge import BridgeEvidence, BridgeSuggestion, find_best_bridges, find_mentioned_names, index_names_by_first_word
from zettel.model.suggest.score import Reason

NOTEBOOK = """
a | Queues hide the work | flow
b | What if the standup is a queue? | flow, team
c | Trust in teams | team
d | Nothing else |
e | Work, work! | flow
"""
"""A notebook in a string: path, title, tags."""


def _build_evidence(links: dict[str, list[str]], mentions: dict[str, dict[str, list[str]]] | None = None) -> BridgeEvidence:
    rows = [[part.strip() for part in line.split("|")] for line in NOTEBOOK.strip().splitlines()]
    titles = {path: title for path, title, _ in rows}
    tags = {path: [tag for tag in tags.split(", ") if tag] for path, _, tags in rows}
    return BridgeEvidence(
        {path: title.lower() for path, title in titles.items()},
        titles.__getitem__,
        lambda path: [(tag, [other for other in tags if other != path and tag in tags[other]]) for tag in tags[path]],
        lambda path: {through: links[through] for through in links.get(path, [])},
        lambda path: (mentions or {}).get(path, {}),
    )


def test_shared_title_words_and_tags_are_evidence() -> None:
    """Title words count whatever their punctuation or plural, and each shared word or tag counts by how rare it is."""
    found = find_best_bridges([(["a"], ["b", "c", "d"])], _build_evidence({}))["a"]
    assert ("b", "both titles have queues; both have #flow") == (found.other, found.why)
    assert isclose(log(5 / 2) + log(5 / 3), found.score, abs_tol=1e-8)


def test_common_neighbours_are_evidence() -> None:
    """A note that is linked with both ends is evidence, and the reason names it by its title."""
    found = find_best_bridges([(["d"], ["c"])], _build_evidence({"d": ["e"], "e": ["c", "d"]}))
    assert {
        "d": BridgeSuggestion(
            "d", "c", round(log(5 / 2), 9), (Reason("between", 'both are linked with "Work, work!"', log(5 / 2), ("e",)),)
        )
    } == found


def test_names_of_several_words_are_found_in_a_text() -> None:
    """A text mentions a name that it has as whole words, across lines and in any letter case, if two of its words tell something."""
    names = [("small batches", "a"), ("the batch", "b"), ("big batches (of work)", "c"), ("batch sizes", "d"), ("", "e")]
    text = "Small\nbatches win. The batch. A minibatch sizes. Big batches (of work) do not."
    assert {"small batches": ["a"], "big batches (of work)": ["c"]} == find_mentioned_names(text, index_names_by_first_word(names))


def test_a_mention_is_evidence() -> None:
    """A note that mentions a candidate has a reason to link it, and it weighs as much as a word that no other note has."""
    found = find_best_bridges([(["d"], ["a", "c"])], _build_evidence({}, {"d": {"trusting the team": ["c"]}}))["d"]
    assert ("c", 'mentions "trusting the team"') == (found.other, found.why)
    assert isclose(log(5), found.score, abs_tol=1e-8)


@pytest.mark.parametrize(
    ("titles", "tags"),
    [
        (["Borrowed plans", "Time is borrowed"], ["", ""]),
        (["Borrowed plans", "Trust"], ["loans", "loans"]),
        (["A plan for May", "No plan"], ["work/plan", "work/plan"]),
        (["Clearly borrowed in 2024", "Clearly 2024 was borrowed"], ["", ""]),
    ],
    ids=["one word", "one tag", "a word and the same word as a tag", "an adverb and a number"],
)
def test_one_thing_in_common_is_no_evidence(titles: list[str], tags: list[str]) -> None:
    """A single word or tag that two notes share is not a reason to link them, and words that tell nothing do not count."""
    notes = dict(zip("ab", titles, strict=True))
    evidence = BridgeEvidence(
        {**{path: title.lower() for path, title in notes.items()}, **{str(number): "other" for number in range(20)}},
        notes.__getitem__,
        lambda _: [(tags[0], ["b"])] if tags[0] else [],
        lambda _: {},
        lambda _: {},
    )
    assert {} == find_best_bridges([(["a"], ["b"])], evidence)


def test_frequent_title_words_are_no_evidence() -> None:
    """Words that more than a tenth of the titles have do not connect two notes."""
    rare = {"a": "good team", "b": "a team is good", **{str(number): "other" for number in range(20)}}
    evidence = BridgeEvidence(rare, rare.__getitem__, lambda _: [], lambda _: {}, lambda _: {})
    assert "both titles have good and team" == find_best_bridges([(["a"], ["b"])], evidence)["a"].why
    frequent = evidence._replace(folded_titles={**rare, **{f"{number} more": "good team" for number in range(4)}})
    assert {} == find_best_bridges([(["a"], ["b"])], frequent)


def test_notes_with_nothing_in_common_have_no_bridge() -> None:
    """A note that shares nothing with the candidates has no bridge, and is not its own bridge."""
    assert {} == find_best_bridges([(["d", "a"], ["a"])], _build_evidence({}))


def test_equally_good_bridges_are_chosen_by_path() -> None:
    """Of equally good candidates, the first by path is chosen."""
    tags = [("x", ["c", "b"]), ("y", ["c", "b"])]
    evidence = _build_evidence({})._replace(find_notes_sharing_tags=lambda _: tags, folded_titles=dict.fromkeys("abcde", ""))
    assert ["b"] == [bridge.other for bridge in find_best_bridges([(["d"], ["c", "b"])], evidence).values()]
