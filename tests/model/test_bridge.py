"""Test which bridges between notes the catalogue alone suggests."""

from __future__ import annotations

from math import isclose, log

from zettel.model.suggest.bridge import BridgeEvidence, BridgeSuggestion, find_best_bridges
from zettel.model.suggest.score import Reason

NOTEBOOK = """
a | Queues hide the work | flow
b | What if the standup is a queue? | flow, team
c | Trust in teams | team
d | Nothing else |
e | Work, work! | flow
"""
"""A notebook in a string: path, title, tags."""


def _build_evidence(links: dict[str, list[str]]) -> BridgeEvidence:
    rows = [[part.strip() for part in line.split("|")] for line in NOTEBOOK.strip().splitlines()]
    titles = {path: title for path, title, _ in rows}
    tags = {path: [tag for tag in tags.split(", ") if tag] for path, _, tags in rows}
    return BridgeEvidence(
        {path: title.lower() for path, title in titles.items()},
        titles.__getitem__,
        lambda path: [(tag, [other for other in tags if other != path and tag in tags[other]]) for tag in tags[path]],
        lambda path: {through: links[through] for through in links.get(path, [])},
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
        "d": BridgeSuggestion("d", "c", round(log(5 / 2), 9), (Reason("between", "Work, work! lies between them", log(5 / 2), ("e",)),))
    } == found


def test_notes_with_nothing_in_common_have_no_bridge() -> None:
    """A note that shares nothing with the candidates has no bridge, and is not its own bridge."""
    assert {} == find_best_bridges([(["d", "a"], ["a"])], _build_evidence({}))


def test_equally_good_bridges_are_chosen_by_path() -> None:
    """Of equally good candidates, the first by path is chosen."""
    evidence = _build_evidence({})._replace(find_notes_sharing_tags=lambda _: [("x", ["c", "b"])], folded_titles=dict.fromkeys("abcde", ""))
    assert ["b"] == [bridge.other for bridge in find_best_bridges([(["d"], ["c", "b"])], evidence).values()]
