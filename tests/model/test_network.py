"""The notebook as a network: structure notes, hubs, what is central."""

from __future__ import annotations

import pytest

from zettel.model.graph.graph import LinkGraph
from zettel.model.note.note import Note


def note(number: int, words: int = 100, *tags: str) -> Note:
    """A note with an ID, so many words and tags."""
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
def test_structure_notes(words: int, tags: tuple[str, ...], targets: int, expected: bool) -> None:
    """A structure note orders five notes or more in twenty words or fewer for each, or is tagged so and orders something."""
    network = LinkGraph(
        [note(0, words, *tags), *(note(number) for number in range(1, 6))], [(0, number) for number in range(1, targets + 1)]
    )
    assert expected == network.is_structure_note(0)
    assert network.list_structure_notes() == [0] * expected


def test_links_count_once_and_both_ways() -> None:
    """Several links between two notes are one; neighbours are those of either direction; a link to itself is none."""
    network = LinkGraph([note(number) for number in range(3)], [(0, 1), (0, 1), (1, 0), (2, 1), (2, 2)])
    assert ([{1}, {0}, {1}], [{1}, {0, 2}, set()], [{1}, {0, 2}, {1}]) == (network.targets, network.sources, network.neighbours)
    assert [(0, 1), (1, 2)] == list(network.edges)


def test_hubs_are_the_h_notes_that_h_notes_link_to() -> None:
    """With 4, 3, 2 and 1 notes that link to them, two notes stand out."""
    pairs = [(source, target) for target, count in enumerate((4, 3, 2, 1)) for source in range(10, 10 + count)]
    network = LinkGraph([note(number) for number in range(14)], pairs)
    assert network.rank_by_backlinks() == [0, 1, 2, 3]
    assert network.list_hubs() == [0, 1]


def test_one_backlink_makes_no_hub() -> None:
    """In a notebook in which no note has two backlinks none stands out."""
    assert LinkGraph([note(0), note(1)], [(0, 1)]).list_hubs() == []


def test_central_is_who_is_linked_with_most_others_inside() -> None:
    """Links to notes outside of the group count only where those inside are even, then the ID decides."""
    network = LinkGraph([note(number) for number in range(8)], [(0, 1), (1, 2), (3, 0), (4, 0), (5, 2), (6, 2), (7, 2)])
    assert network.rank_by_centrality([0, 1, 2]) == [1, 2, 0]
    assert network.rank_by_centrality({3, 4}) == [3, 4]
