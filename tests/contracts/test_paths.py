"""The path search against one that walks every path there is."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.model.graph.arrays import build_graph_arrays
from zettel.model.graph.paths import PathConstraints, find_best_paths

Edge = tuple[int, int]
State = tuple[int, int]

NOTES = range(7)
LINKS = sorted(pair for pair in product(NOTES, NOTES) if pair[0] != pair[1])


def neighbours(edges: Iterable[Edge], note: int, *, directed: bool) -> set[int]:
    """The notes one step away: along links, or (not directed) also against them."""
    forwards = {target for source, target in edges if source == note}
    return forwards if directed else forwards | {source for source, target in edges if target == note}


def walks(edges: Iterable[Edge], terms: PathConstraints, states: list[State]) -> Iterator[list[int]]:
    """Every path that goes on from these (leg, note), as numbers of notes."""
    leg, note = states[-1]
    if leg == len(terms.stages) - 1:
        yield [number for _, number in states]
        return
    if terms.max_hops and len(states) > terms.max_hops:
        return
    for step in neighbours(edges, note, directed=terms.directed) - terms.avoided:
        state = touched(terms, leg, step)
        if state not in states and not (leg == 0 and step in terms.stages[0]):
            yield from walks(edges, terms, [*states, state])


def touched(terms: PathConstraints, leg: int, note: int) -> State:
    """A note on a leg, or on a later one if it belongs to the topic that the leg leads to."""
    while leg < len(terms.stages) - 1 and note in terms.stages[leg + 1]:
        leg += 1
    return leg, note


def oracle(edges: Iterable[Edge], terms: PathConstraints, count: int) -> list[list[int]]:
    """The best of all paths: fewest hops, then the least sum of links of the notes passed through, then the first by number."""
    edges = list(edges)

    def order(path: list[int]) -> tuple[int, int, list[int]]:
        return len(path), sum(len(neighbours(edges, note, directed=False)) for note in path[1:-1]), path

    found = [path for start in terms.stages[0] - terms.avoided for path in walks(edges, terms, [touched(terms, 0, start)])]
    return sorted(found, key=order)[:count]


def ours(edges: Iterable[Edge], terms: PathConstraints, count: int, notes: int = len(NOTES)) -> list[list[int]]:
    """The same by zettel."""
    return find_best_paths(build_graph_arrays(array("i", range(notes)), edges), terms, count)


graphs = st.one_of(
    st.sets(st.sampled_from(LINKS), max_size=8),
    st.sets(st.sampled_from(LINKS), min_size=8, max_size=16),
)
topics = st.frozensets(st.sampled_from(NOTES), min_size=1, max_size=2)
limits = st.integers(0, 4)


def two(start: int, end: int, *, directed: bool = False, longest: int = 0) -> PathConstraints:
    """From one note to another."""
    return PathConstraints([frozenset([start]), frozenset([end])], directed, max_hops=longest)


@settings(max_examples=400, deadline=None)
@given(graphs, topics, topics, st.booleans(), limits, st.integers(1, 12))
@example(set(), frozenset([0]), frozenset([0]), True, 0, 1)
@example({(0, 1)}, frozenset([1]), frozenset([0]), True, 0, 1)
@example({(0, 1), (1, 3), (0, 2), (2, 3), (1, 4)}, frozenset([0]), frozenset([3]), False, 0, 2)
def test_the_best_paths(edges: set[Edge], start: frozenset[int], end: frozenset[int], directed: bool, longest: int, count: int) -> None:
    """The paths that are there are found, the best ones of all in their order, whatever the links, within so many hops."""
    terms = PathConstraints([start, end], directed, max_hops=longest)
    assert oracle(edges, terms, count) == ours(sorted(edges), terms, count)


@settings(max_examples=300, deadline=None)
@given(
    graphs, st.lists(topics, min_size=3, max_size=4), st.booleans(), st.frozensets(st.sampled_from(NOTES), max_size=1), st.integers(1, 6)
)
def test_through_several_topics(
    edges: set[Edge], stages: list[frozenset[int]], directed: bool, avoided: frozenset[int], count: int
) -> None:
    """A path by way of topics in order, and by none of the notes to be avoided, is the best one of all such."""
    terms = PathConstraints(stages, directed, avoided, 6)
    assert oracle(edges, terms, count) == ours(edges, terms, count)


@settings(max_examples=100, deadline=None)
@given(graphs, topics, topics, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(
    edges: set[Edge], start: frozenset[int], end: frozenset[int], directed: bool, random: object
) -> None:
    """The same notebook gives the same paths in whatever order its links come, and however often."""
    mixed = sorted(edges) * 2
    random.shuffle(mixed)  # type: ignore[attr-defined]
    terms = PathConstraints([start, end], directed)
    assert ours(sorted(edges), terms, 5) == ours(mixed, terms, 5)


HUB = [(0, 1), (1, 9), (0, 2), (2, 9), *((1, number) for number in range(10, 19))]


@pytest.mark.parametrize(
    ("expected", "edges", "terms"),
    [
        ([[0]], [], two(0, 0, directed=True)),
        ([], [], two(0, 9)),
        ([[0, 9]], [(0, 9)], two(0, 9, directed=True)),
        ([], [(9, 0)], two(0, 9, directed=True)),
        ([[0, 9]], [(9, 0)], two(0, 9)),
        ([[0, 2, 9], [0, 1, 9]], HUB, two(0, 9, directed=True)),
        ([[10, 1, 11]], HUB, two(10, 11)),
        ([[0, 1, 9], [0, 2, 9]], [(0, 2), (2, 9), (0, 1), (1, 9)], two(0, 9)),
        ([[0, 1, 2, 1, 3]], [(0, 1), (1, 2), (1, 3)], PathConstraints([frozenset([0]), frozenset([2]), frozenset([3])])),
    ],
)
def test_paths(expected: list[list[int]], edges: list[Edge], terms: PathConstraints) -> None:
    """Fewest hops come first, then the way round a hub, then the first by ID; there and back again only where a topic lies aside."""
    assert expected == ours(edges, terms, 2, notes=20)


@pytest.mark.parametrize(("expected", "longest"), [([], 1), ([], 2), ([[0, 1, 2, 3]], 3), ([[0, 1, 2, 3]], 4), ([[0, 1, 2, 3]], 0)])
def test_no_more_than_so_many_hops(expected: list[list[int]], longest: int) -> None:
    """A path longer than allowed is none; 0 allows any."""
    assert expected == ours([(0, 1), (1, 2), (2, 3)], two(0, 3, directed=True, longest=longest), 3)


def test_a_long_chain() -> None:
    """A path of thousands of notes is found like any other."""
    chain = list(range(2000))
    assert [chain] == ours(pairwise(chain), two(0, 1999, directed=True), 2, notes=2000)


def test_a_notebook_with_countless_equal_paths() -> None:
    """Ten layers of ten notes, each linked with all of the next, have ten thousand million equal paths: the first five come at once."""
    links = [(10 * layer + one, 10 * layer + 10 + other) for layer in range(11) for one in range(10) for other in range(10)]
    found = ours(links, two(0, 110), 5, notes=120)
    middle = [0, *range(10, 100, 10)]
    assert [[*middle, 100 + last, 110] for last in range(5)] == found
