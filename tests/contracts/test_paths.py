"""The path search against one that walks every path there is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.adapters.graph import shortest

Edge = tuple[str, str]

PATHS = "abcdefg"
LINKS = sorted(pair for pair in product(PATHS, PATHS) if pair[0] != pair[1])


def neighbours(edges: set[Edge], path: str, *, directed: bool) -> set[str]:
    """The notes one step away: along links, or (not directed) also against them."""
    forwards = {target for source, target in edges if source == path}
    return forwards if directed else forwards | {source for source, target in edges if target == path}


def simple_paths(edges: set[Edge], path: list[str], ends: set[str], *, directed: bool) -> Iterator[list[str]]:
    """Every path without a repetition that goes on from `path` to one of `ends`."""
    if path[-1] in ends:
        yield path
    for step in neighbours(edges, path[-1], directed=directed):
        if step not in path:
            yield from simple_paths(edges, [*path, step], ends, directed=directed)


def best(edges: set[Edge], starts: set[str], ends: set[str], ids: dict[str, str], *, directed: bool, longest: int) -> list[str] | None:
    """The best of all paths: fewest hops, then the least sum of links of the notes passed through, then the first by ID."""
    found = [
        path
        for start in starts
        for path in simple_paths(edges, [start], ends, directed=directed)
        if not longest or len(path) - 1 <= longest
    ]

    def cost(path: list[str]) -> tuple[int, int, list[tuple[str, str]]]:
        tolls = [len(neighbours(edges, one, directed=False)) for one in path[1:-1]]
        return len(path), sum(tolls), [(ids.get(one, one), one) for one in path]

    return min(found, key=cost, default=None)


graphs = st.one_of(
    st.sets(st.sampled_from(LINKS), max_size=8),
    st.sets(st.sampled_from(LINKS), min_size=8, max_size=20),
)
some = st.sets(st.sampled_from([*PATHS, "nowhere"]), min_size=1, max_size=3)
names = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(["1", "2", "3", "x"]))


@settings(max_examples=500, deadline=None)
@given(graphs, some, some, names, st.booleans(), st.integers(0, 4))
@example(set(), {"a"}, {"a"}, {}, True, 0)
@example({("a", "b")}, {"b"}, {"a"}, {}, True, 0)
@example({("a", "b"), ("b", "d"), ("a", "c"), ("c", "d"), ("b", "e")}, {"a"}, {"d"}, {}, False, 0)
def test_the_best_path(edges: set[Edge], starts: set[str], ends: set[str], ids: dict[str, str], directed: bool, longest: int) -> None:
    """A path that is there is found, the best one of all, whatever the links, directed or not, within so many hops."""
    expected = best(edges, starts, ends, ids, directed=directed, longest=longest)
    assert expected == shortest(sorted(edges), starts, ends, ids, directed=directed, longest=longest)


@settings(max_examples=100, deadline=None)
@given(graphs, some, some, names, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(
    edges: set[Edge], starts: set[str], ends: set[str], ids: dict[str, str], directed: bool, random: Random
) -> None:
    """The same notebook gives the same path in whatever order its links come, and however often."""
    mixed = sorted(edges) * 2
    random.shuffle(mixed)
    expected = shortest(sorted(edges), starts, ends, ids, directed=directed)
    assert expected == shortest(iter(mixed), starts, ends, ids, directed=directed)


HUB = [("a", "hub"), ("hub", "z"), ("a", "b"), ("b", "z"), *(("hub", f"other {number}") for number in range(9))]


@pytest.mark.parametrize(
    ("expected", "edges", "start", "end", "directed"),
    [
        (["a"], [], "a", "a", True),
        (None, [], "a", "z", False),
        (["a", "z"], [("a", "z")], "a", "z", True),
        (None, [("z", "a")], "a", "z", True),
        (["a", "z"], [("z", "a")], "a", "z", False),
        (["a", "b", "z"], HUB, "a", "z", True),
        (["a", "b", "z"], HUB, "a", "z", False),
        (["a", "hub", "other 1"], HUB, "a", "other 1", True),
        (["other 1", "hub", "other 2"], HUB, "other 1", "other 2", False),
        (["a", "b", "z"], [("a", "c"), ("c", "z"), ("a", "b"), ("b", "z")], "a", "z", True),
    ],
)
def test_paths(expected: list[str] | None, edges: list[Edge], start: str, end: str, directed: bool) -> None:
    """Fewest hops come first, then the way round a hub, then the first by name."""
    assert expected == shortest(edges, {start}, {end}, {}, directed=directed)


def test_ids_come_before_paths() -> None:
    """Between equal paths the notes' IDs decide, not their file names."""
    edges = [("a", "b"), ("b", "z"), ("a", "c"), ("c", "z")]
    assert ["a", "c", "z"] == shortest(edges, {"a"}, {"z"}, {"b": "2", "c": "1"}, directed=True)


@pytest.mark.parametrize(("expected", "longest"), [(None, 1), (None, 2), (list("abcd"), 3), (list("abcd"), 4), (list("abcd"), 0)])
def test_no_more_than_so_many_hops(expected: list[str] | None, longest: int) -> None:
    """A path longer than allowed is none; 0 allows any."""
    assert expected == shortest([("a", "b"), ("b", "c"), ("c", "d")], {"a"}, {"d"}, {}, directed=True, longest=longest)


def test_a_long_chain() -> None:
    """A path of thousands of notes is found like any other."""
    chain = [f"{number:05}" for number in range(3000)]
    assert chain == shortest(pairwise(chain), {chain[0]}, {chain[-1]}, {}, directed=True)
