"""Test the notebook as a graph: structure notes, hubs, central notes, levels and hops."""

from __future__ import annotations

import pytest

from zettel.model.graph.graph import build_link_graph, walk_levels
from zettel.model.graph.paths import count_hops
from zettel.model.note.note import Note


def make_note(number: int, words: int = 100, *tags: str) -> Note:
    """Make a note with an ID, this number of words and these tags."""
    return Note(f"{number}.md", f"2024010101{number:02}", f"Note {number}", (), tags, "", "", words, 0, 0)


@pytest.mark.parametrize(
    ("words", "tags", "targets", "expected"),
    [
        (100, (), 5, True),
        (101, (), 5, False),
        (10, (), 4, False),
        (900, ("moc",), 1, True),
        (900, ("area/MOC",), 1, True),
        (900, ("mocha",), 1, False),
        (900, ("structure",), 0, False),
    ],
)
def test_a_structure_note_orders_other_notes(words: int, tags: tuple[str, ...], targets: int, expected: bool) -> None:
    """A structure note links to at least five notes with at most twenty words for each, or has a structure tag and a link."""
    notes = [make_note(0, words, *tags), *(make_note(number) for number in range(1, 6))]
    graph = build_link_graph(range(6), [(0, number) for number in range(1, targets + 1)], notes)
    assert expected == graph.is_structure_note(0)
    assert graph.list_structure_notes() == [0] * expected


def test_links_count_once_and_both_ways() -> None:
    """Several links between two notes are one edge, neighbours are linked in either direction, and a link to itself does not count."""
    graph = build_link_graph(range(3), [(0, 1), (0, 1), (1, 0), (2, 1), (2, 2)])
    found = [[list(lists[number]) for number in range(3)] for lists in (graph.targets, graph.sources, graph.neighbours)]
    assert [[[1], [0], [1]], [[1], [0, 2], []], [[1], [0, 2], [1]]] == found
    assert [1, 2, 1] == [graph.neighbours.count(number) for number in range(3)]
    assert {0, 1, 2} == graph.neighbours.collect([0, 1])
    assert [(0, 1), (1, 2)] == list(graph.edges)


def test_hubs_are_the_h_notes_with_h_backlinks() -> None:
    """With 4, 3, 2 and 1 notes that link to them, the first two notes are hubs."""
    pairs = [(source, target) for target, count in enumerate((4, 3, 2, 1)) for source in range(10, 10 + count)]
    graph = build_link_graph(range(14), pairs)
    assert graph.rank_by_backlinks() == [0, 1, 2, 3]
    assert graph.list_hubs() == [0, 1]


def test_one_backlink_does_not_make_a_hub() -> None:
    """A notebook in which no note has two backlinks has no hub."""
    assert build_link_graph(range(2), [(0, 1)]).list_hubs() == []


def test_central_notes_have_the_most_links_inside() -> None:
    """Links to notes outside the group count only if those inside are equal, and then the ID decides."""
    graph = build_link_graph(range(8), [(0, 1), (1, 2), (3, 0), (4, 0), (5, 2), (6, 2), (7, 2)])
    assert graph.rank_by_centrality([0, 1, 2]) == [1, 2, 0]
    assert graph.rank_by_centrality({3, 4}) == [3, 4]


def test_nodes_are_numbered_in_the_order_of_the_rows() -> None:
    """Links are given between rows of the catalogue, and a few rows are looked up like many."""
    rows = [30, 10, 20, *range(100, 110)]
    graph = build_link_graph(rows, [(10, 20), (20, 30)])
    assert ([2], [0]) == (list(graph.targets[1]), list(graph.targets[2]))
    assert [2, 0] == graph.find_numbers([20, 30])
    assert list(range(len(rows))) == graph.find_numbers(rows)
    assert [2, 0] == graph.find_numbers([20, 30])


def test_levels_end_with_the_graph_or_at_the_maximum_distance() -> None:
    """The first level is the start, and no level is computed that the caller does not ask for."""
    asked: list[int] = []

    def find_next(level: list[int]) -> list[int]:
        asked.extend(level)
        return [number + 1 for number in level if number < 3]

    assert [(0, [1]), (1, [2]), (2, [3])] == list(walk_levels([1], find_next))
    assert [1, 2, 3] == asked
    assert [(0, [1]), (1, [2])] == list(walk_levels([1], find_next, 1))
    assert [(0, [1])] == list(walk_levels([1], find_next, 0))
    assert [1, 2, 3, 1] == asked
    assert [] == list(walk_levels([], find_next))


def test_hops_are_those_of_the_shortest_path() -> None:
    """Links count in either direction, unreachable notes are left out, and no path goes through an avoided note."""
    graph = build_link_graph(range(7), [(0, 1), (2, 1), (2, 3), (4, 3), (5, 6)])
    assert {0: 0, 1: 1, 2: 2, 3: 3, 4: 4} == count_hops(graph, frozenset([0]))
    assert {0: 0, 1: 1, 2: 1, 3: 0, 4: 1} == count_hops(graph, frozenset([0, 3]))
    assert {0: 0, 1: 1} == count_hops(graph, frozenset([0]), frozenset([2]))
