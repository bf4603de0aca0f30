"""The order in which to read the notes of a subject."""

from __future__ import annotations

from zettel.model.graph.graph import LinkGraph
from zettel.model.graph.reading_order import FIRST, FURTHER, ORDERED, STRUCTURE, ReadingStop, build_reading_order, list_links_in_order
from zettel.model.link.link import DANGLING, OK, Link, Resolution, ResolvedLink
from zettel.model.note.note import Note

Order = list[tuple[int, tuple[str, ...]]]


def network(count: int, outlines: dict[int, Order], others: list[tuple[int, int]]) -> LinkGraph:
    """A network in which the notes with an outline are structure notes, with some more links."""
    notes = [
        Note(f"{node}.md", None, f"{node}", (), ("structure",) if node in outlines else (), "", "", 100, 0, 0) for node in range(count)
    ]
    return LinkGraph(notes, [(node, target) for node, order in outlines.items() for target, _ in order] + others)


def test_a_structure_note_leads_what_it_orders_in_its_own_order() -> None:
    """First the structure note, then its notes as they stand under its headings, then the rest, the most central first."""
    outlines: dict[int, Order] = {0: [(3, ("One",)), (1, ("One",)), (2, ("Two", "Below"))]}
    web = network(7, outlines, [(5, 1), (5, 2), (4, 0), (6, 6)])
    assert build_reading_order(web, range(7), lambda node: outlines[node], 0) == [
        ReadingStop(0, STRUCTURE),
        ReadingStop(3, ORDERED, 0, ("One",)),
        ReadingStop(1, ORDERED, 0, ("One",)),
        ReadingStop(2, ORDERED, 0, ("Two", "Below")),
        ReadingStop(5, FURTHER),
        ReadingStop(4, FURTHER),
        ReadingStop(6, FURTHER),
    ]


def test_the_structure_note_that_orders_most_of_the_rest_comes_next() -> None:
    """Each leads only what has no place yet; one that has fewer than two such notes left is a note like others."""
    outlines: dict[int, Order] = {0: [(3, ()), (4, ())], 1: [(3, ()), (4, ()), (5, ())], 2: [(6, ()), (7, ())]}
    web = network(8, outlines, [])
    found = build_reading_order(web, range(8), lambda node: outlines[node])
    assert [1, 3, 4, 5, 2, 6, 7, 0] == [stop.node for stop in found]
    assert [1, 2] == [stop.node for stop in found if stop.role == STRUCTURE]


def test_a_structure_note_from_outside_leads_a_good_part_of_a_subject() -> None:
    """A quarter is enough, less is not; and only what belongs to the subject is listed under it."""
    outlines: dict[int, Order] = {9: [(0, ()), (8, ()), (1, ())]}
    assert [9, 0, 1, 2, 3] == [stop.node for stop in build_reading_order(network(10, outlines, []), range(4), lambda node: outlines[node])]
    assert (
        list(range(8))
        == sorted(stop.node for stop in build_reading_order(network(10, outlines, []), range(8), lambda node: outlines[node]))[:8]
    )
    assert [0, 1, 2, 3, 4, 5, 6, 7, 8] == [
        stop.node for stop in build_reading_order(network(10, {9: [(0, ()), (1, ())]}, []), range(9), lambda _: [])
    ]


def test_a_note_comes_first_in_its_own_subject() -> None:
    """A topic that is one note begins with it, and no structure note from outside gets between."""
    outlines: dict[int, Order] = {3: [(0, ()), (1, ()), (2, ())]}
    found = build_reading_order(network(4, outlines, [(0, 1), (0, 2)]), [0, 1, 2], lambda node: outlines[node], 0)
    assert [ReadingStop(0, FIRST), ReadingStop(1, FURTHER), ReadingStop(2, FURTHER)] == found


def link(target: str | None, syntax: str = "wiki", headings: tuple[str, ...] = (), status: str = OK) -> ResolvedLink:
    """A link from a.md."""
    return ResolvedLink(Link("a.md", syntax, "", "", "", 1, 0, 0, headings, "", (0, 0)), Resolution(status, target))


def test_an_outline_has_each_note_once_where_it_is_read() -> None:
    """Front matter and definitions come last; links to no note and to itself are left out; the title is no heading of its own note."""
    links = [
        link("d.md", "frontmatter"),
        link("b.md", "reference"),
        link("c.md", headings=("A", "One")),
        link("b.md", headings=("A", "Two")),
        link("c.md", headings=("A", "Three")),
        link("a.md"),
        link(None, status=DANGLING),
    ]
    assert [("c.md", ("One",)), ("b.md", ("Two",)), ("d.md", ())] == list_links_in_order(links, "A")
