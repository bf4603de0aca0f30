"""Test the path search against one that walks every path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.model.graph.graph import build_link_graph
from zettel.model.graph.paths import PathConstraints, find_best_paths
from zettel.model.settings.settings import DEFAULTS
from zettel.notebook.notebook import OpenNotebook

Edge = tuple[int, int]
State = tuple[int, int]

NOTES = range(7)
LINKS = sorted(pair for pair in product(NOTES, NOTES) if pair[0] != pair[1])


def find_neighbours(edges: Iterable[Edge], note: int, *, directed: bool) -> set[int]:
    """Return the notes one step away: along links, and also against them unless `directed`."""
    forwards = {target for source, target in edges if source == note}
    return forwards if directed else forwards | {source for source, target in edges if target == note}


def walk(edges: Iterable[Edge], constraints: PathConstraints, states: list[State]) -> Iterator[list[int]]:
    """Yield every path that continues from these (leg, note) states, as note numbers."""
    leg, note = states[-1]
    if leg == len(constraints.stages) - 1:
        yield [number for _, number in states]
        return
    if constraints.max_hops and len(states) > constraints.max_hops:
        return
    for step in find_neighbours(edges, note, directed=constraints.directed) - constraints.avoided:
        state = advance(constraints, leg, step)
        if state not in states and not (leg == 0 and step in constraints.stages[0]):
            yield from walk(edges, constraints, [*states, state])


def advance(constraints: PathConstraints, leg: int, note: int) -> State:
    """Return the state at a note: on this leg, or on a later one if the note belongs to the topic at the end of the leg."""
    while leg < len(constraints.stages) - 1 and note in constraints.stages[leg + 1]:
        leg += 1
    return leg, note


def find_paths_naively(
    edges: Iterable[Edge], constraints: PathConstraints, count: int, structure_notes: frozenset[int] = frozenset()
) -> list[list[int]]:
    """Return the best of all paths.

    Hops and structure notes passed through, then hops against a link's direction, then the sum of links of the inner notes, then the first by number.
    """
    edges = list(edges)

    def compute_key(path: list[int]) -> tuple[int, int, int, list[int]]:
        inner = path[1:-1]
        length = len(path) - 1 + sum(note in structure_notes for note in inner)
        against = sum(hop not in edges for hop in pairwise(path))
        return length, against, sum(len(find_neighbours(edges, note, directed=False)) for note in inner), path

    found = [
        path for start in constraints.stages[0] - constraints.avoided for path in walk(edges, constraints, [advance(constraints, 0, start)])
    ]
    return sorted(found, key=compute_key)[:count]


def find_paths(
    edges: Iterable[Edge],
    constraints: PathConstraints,
    count: int,
    structure_notes: frozenset[int] = frozenset(),
    notes: int = len(NOTES),
) -> list[list[int]]:
    """Return the same by zettel."""
    graph = build_link_graph(range(notes), edges)
    graph.structure_notes = structure_notes
    return find_best_paths(graph, constraints, count)


graphs = st.one_of(
    st.sets(st.sampled_from(LINKS), max_size=8),
    st.sets(st.sampled_from(LINKS), min_size=8, max_size=16),
)
topics = st.frozensets(st.sampled_from(NOTES), min_size=1, max_size=2)
some_notes = st.frozensets(st.sampled_from(NOTES), max_size=4)
limits = st.integers(0, 4)


def connect(start: int, end: int, *, directed: bool = False, max_hops: int = 0) -> PathConstraints:
    """Return the constraints of a path from one note to another."""
    return PathConstraints([frozenset([start]), frozenset([end])], directed, max_hops=max_hops)


@settings(max_examples=400, deadline=None)
@given(graphs, topics, topics, some_notes, st.booleans(), limits, st.integers(1, 12))
@example(set(), frozenset([0]), frozenset([0]), frozenset([0]), True, 0, 1)
@example({(0, 1)}, frozenset([1]), frozenset([0]), frozenset(), True, 0, 1)
@example({(0, 1), (1, 3), (0, 2), (2, 3), (1, 4)}, frozenset([0]), frozenset([3]), frozenset(), False, 0, 2)
@example({(0, 1), (1, 2), (2, 3), (0, 4), (4, 5), (5, 2), (2, 6), (3, 6)}, frozenset([0]), frozenset([6]), frozenset([1, 4]), False, 3, 8)
def test_the_best_paths_are_found_in_order(
    edges: set[Edge],
    start: frozenset[int],
    end: frozenset[int],
    structure_notes: frozenset[int],
    directed: bool,
    max_hops: int,
    count: int,
) -> None:
    """Whatever the links and structure notes, the best paths within the maximum number of hops are found in their order."""
    constraints = PathConstraints([start, end], directed, max_hops=max_hops)
    expected = find_paths_naively(edges, constraints, count, structure_notes)
    assert expected == find_paths(sorted(edges), constraints, count, structure_notes)


@settings(max_examples=300, deadline=None)
@given(graphs, st.lists(topics, min_size=3, max_size=4), some_notes, st.booleans(), some_notes, st.integers(0, 6), st.integers(1, 8))
def test_the_best_paths_through_topics_are_found(
    edges: set[Edge],
    stages: list[frozenset[int]],
    structure_notes: frozenset[int],
    directed: bool,
    avoided: frozenset[int],
    max_hops: int,
    count: int,
) -> None:
    """Paths through several topics in order, and without the avoided notes, are the best of all such paths."""
    constraints = PathConstraints(stages, directed, avoided, max_hops)
    assert find_paths_naively(edges, constraints, count, structure_notes) == find_paths(edges, constraints, count, structure_notes)


@settings(max_examples=100, deadline=None)
@given(graphs, topics, topics, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(
    edges: set[Edge], start: frozenset[int], end: frozenset[int], directed: bool, random: object
) -> None:
    """A notebook has the same paths in whatever order its links come, and however often."""
    mixed = sorted(edges) * 2
    random.shuffle(mixed)  # type: ignore[attr-defined]
    constraints = PathConstraints([start, end], directed)
    assert find_paths(sorted(edges), constraints, 5) == find_paths(mixed, constraints, 5)


HUB = [(0, 1), (1, 9), (0, 2), (2, 9), *((1, number) for number in range(10, 19))]


@pytest.mark.parametrize(
    ("expected", "edges", "constraints"),
    [
        ([[0]], [], connect(0, 0, directed=True)),
        ([], [], connect(0, 9)),
        ([[0, 9]], [(0, 9)], connect(0, 9, directed=True)),
        ([], [(9, 0)], connect(0, 9, directed=True)),
        ([[0, 9]], [(9, 0)], connect(0, 9)),
        ([[0, 2, 9], [0, 1, 9]], HUB, connect(0, 9, directed=True)),
        ([[10, 1, 11]], HUB, connect(10, 11)),
        ([[0, 1, 9], [0, 2, 9]], [(0, 2), (2, 9), (0, 1), (1, 9)], connect(0, 9)),
        ([[0, 1, 2, 1, 3]], [(0, 1), (1, 2), (1, 3)], PathConstraints([frozenset([0]), frozenset([2]), frozenset([3])])),
    ],
)
def test_paths_prefer_few_hops_and_avoid_hubs(expected: list[list[int]], edges: list[Edge], constraints: PathConstraints) -> None:
    """Fewest hops come first, then the way around a hub, then the first by ID, and a path goes back only for a topic off the way."""
    assert expected == find_paths(edges, constraints, 2, notes=20)


@pytest.mark.parametrize(("expected", "max_hops"), [([], 1), ([], 2), ([[0, 1, 2, 3]], 3), ([[0, 1, 2, 3]], 4), ([[0, 1, 2, 3]], 0)])
def test_no_path_has_more_hops_than_allowed(expected: list[list[int]], max_hops: int) -> None:
    """A path longer than allowed is not found, and 0 allows any length."""
    assert expected == find_paths([(0, 1), (1, 2), (2, 3)], connect(0, 3, directed=True, max_hops=max_hops), 3)


def test_a_long_path_is_found() -> None:
    """A path of thousands of notes is found like any other."""
    chain = list(range(2000))
    assert [chain] == find_paths(pairwise(chain), connect(0, 1999, directed=True), 2, notes=2000)


def test_the_first_of_countless_equal_paths_are_found() -> None:
    """The first five of the ten thousand million equal paths through ten layers of ten notes are found at once."""
    links = [(10 * layer + one, 10 * layer + 10 + other) for layer in range(11) for one in range(10) for other in range(10)]
    found = find_paths(links, connect(0, 110), 5, notes=120)
    middle = [0, *range(10, 100, 10)]
    assert [[*middle, 100 + last, 110] for last in range(5)] == found


def test_structure_notes_are_known_without_loading_notes(tmp_path: Path) -> None:
    """The cached graph knows the same structure notes as one with the notes, and others once a note has changed."""
    list_of_five = "".join(f"[[n{number}]] " for number in range(5))
    texts = {
        "tagged": "#maps/moc [[n1]]",
        "listing": list_of_five,
        "wordy": list_of_five + "word " * 200,
        "lonely": "#moc and nothing else",
    }
    for name, text in {**texts, **{f"n{number}": "A note." for number in range(5)}}.items():
        (tmp_path / f"{name}.md").write_text(text)
    notebook = OpenNotebook(str(tmp_path), DEFAULTS, {}, lambda _: None, in_memory=True)
    notebook.refresh()

    def list_structure_notes() -> list[str]:
        notebook.catalogue.load_graph()  # builds it
        cached, whole = notebook.catalogue.load_graph(), notebook.catalogue.load_graph(with_notes=True)
        links = [(source, target) for source in range(len(cached.rows)) for target in cached.targets[source]]
        built = build_link_graph(range(len(cached.rows)), links, whole.notes)
        assert built.structure_notes == cached.structure_notes
        return sorted(whole.notes[number].path for number in cached.structure_notes)

    assert ["listing.md", "tagged.md"] == list_structure_notes()
    (tmp_path / "listing.md").write_text("[[n1]]")
    (tmp_path / "lonely.md").write_text("#moc [[n2]]")
    notebook.refresh()
    assert ["lonely.md", "tagged.md"] == list_structure_notes()
