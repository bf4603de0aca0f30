"""What lies near a note, and which part of it is drawn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zettel.model.graph.neighbourhood import NearbyNote, choose_notes_to_draw, find_nearby_notes

WEB = {
    "a": {"b": "out", "c": "both", "d": "back"},
    "b": {"a": "back", "c": "out", "e": "out"},
    "c": {"a": "both", "b": "back"},
    "d": {"a": "out", "f": "back"},
    "e": {"b": "back"},
    "f": {"d": "out"},
}
GRAPHS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30)


def test_each_note_once_nearest_first() -> None:
    """Every note is there once, at its shortest distance, under the first note that reaches it."""
    assert [
        NearbyNote("b", "a", 1, "out"),
        NearbyNote("c", "a", 1, "both"),
        NearbyNote("d", "a", 1, "back"),
        NearbyNote("e", "b", 2, "out"),
        NearbyNote("f", "d", 2, "back"),
    ] == find_nearby_notes("a", 5, WEB.__getitem__)


def test_depth_ends_it() -> None:
    """Nothing is farther than the depth asked for."""
    assert ["b", "c", "d"] == [near.path for near in find_nearby_notes("a", 1, WEB.__getitem__)]


def test_a_depth_beyond_all_notes_ends_with_them() -> None:
    """Where nothing new is reached, it is over, however deep was asked for."""
    assert find_nearby_notes("a", 5, WEB.__getitem__) == find_nearby_notes("a", 10**15, WEB.__getitem__)


@given(GRAPHS, st.integers(1, 4))
def test_distances_are_those_of_the_graph(edges: list[tuple[int, int]], depth: int) -> None:
    """The notes within reach are those that a walk of so many steps reaches, and no others."""
    linked: dict[str, dict[str, str]] = {str(number): {} for number in range(10)}
    for one, other in edges:
        if one != other:
            linked[str(one)][str(other)] = "out"
            linked[str(other)].setdefault(str(one), "back")
    walked = {"0"}
    for _ in range(depth):
        walked |= {other for one in walked for other in linked[one]}
    found = find_nearby_notes("0", depth, linked.__getitem__)
    assert sorted(walked - {"0"}) == sorted(near.path for near in found)
    distance = {"0": 0} | {near.path: near.distance for near in found}
    for near in found:
        assert near.distance == distance[near.parent] + 1 == 1 + min(distance[other] for other in linked[near.path] if other in distance)
        assert near.direction == linked[near.parent][near.path]


def test_both_directions_are_drawn() -> None:
    """Where few fit, each direction gets its heaviest notes in turn, in the order of the tree."""
    found = [NearbyNote(f"o{n}", "a", 1, "out") for n in range(5)] + [NearbyNote(f"b{n}", "a", 1, "back") for n in range(5)]
    weights = {near.path: int(near.path[1]) for near in found}
    assert ["o3", "o4", "b3", "b4"] == [near.path for near in choose_notes_to_draw(found, weights, weights, 4)]


def test_nearer_notes_come_first() -> None:
    """A note farther away is drawn only when all nearer ones are."""
    found = find_nearby_notes("a", 2, WEB.__getitem__)
    weights = {"b": 1, "c": 1, "d": 1, "e": 9, "f": 9}
    assert ["b", "c", "d", "e"] == [near.path for near in choose_notes_to_draw(found, weights, weights, 4)]


def test_the_way_to_a_note_is_drawn() -> None:
    """A note that fits is drawn with those it is reached by, which do not count."""
    found = find_nearby_notes("a", 2, WEB.__getitem__)
    assert ["d", "f"] == [near.path for near in choose_notes_to_draw(found, {"f"}, {"f": 1}, 1)]
