"""The nearest kin of notes, as far as the catalogue alone knows."""

from __future__ import annotations

from math import isclose, log

from zettel.model.suggest.bridge import BridgeEvidence, BridgeSuggestion, find_best_bridges
from zettel.model.suggest.scoring import Reason

NOTEBOOK = """
a | Queues hide the work | flow
b | What if the standup is a queue? | flow, team
c | Trust in teams | team
d | Nothing else |
e | Work, work! | flow
"""
"""A notebook in a string: path, title, tags."""


def _known(links: dict[str, list[str]]) -> BridgeEvidence:
    rows = [[part.strip() for part in line.split("|")] for line in NOTEBOOK.strip().splitlines()]
    titles = {path: title for path, title, _ in rows}
    tags = {path: [tag for tag in tags.split(", ") if tag] for path, _, tags in rows}
    return BridgeEvidence(
        {path: title.lower() for path, title in titles.items()},
        titles.__getitem__,
        lambda path: [(tag, [other for other in tags if other != path and tag in tags[other]]) for tag in tags[path]],
        lambda path: {through: links[through] for through in links.get(path, [])},
    )


def test_kin_by_title_words_and_tags() -> None:
    """Words of titles count whatever marks or plural s they stand with; every thing in common counts by how rare it is."""
    found = find_best_bridges([(["a"], ["b", "c", "d"])], _known({}))["a"]
    assert ("b", "both titles have queues; both have #flow") == (found.other, found.why)
    assert isclose(log(5 / 2) + log(5 / 3), found.score, abs_tol=1e-8)


def test_neighbours_in_common_make_kin() -> None:
    """Notes that are linked with both are told by title."""
    found = find_best_bridges([(["d"], ["c"])], _known({"d": ["e"], "e": ["c", "d"]}))
    assert {
        "d": BridgeSuggestion("d", "c", round(log(5 / 2), 9), (Reason("between", "Work, work! lies between them", log(5 / 2), ("e",)),))
    } == found


def test_no_kin_where_nothing_is_in_common() -> None:
    """A note that has nothing in common with the candidates has no kin; nor is it its own."""
    assert {} == find_best_bridges([(["d", "a"], ["a"])], _known({}))


def test_the_first_of_equals_is_taken() -> None:
    """Of candidates as good as each other the first by path is the nearest kin."""
    known = _known({})._replace(find_notes_sharing_tags=lambda _: [("x", ["c", "b"])], folded_titles=dict.fromkeys("abcde", ""))
    assert ["b"] == [kin.other for kin in find_best_bridges([(["d"], ["c", "b"])], known).values()]
