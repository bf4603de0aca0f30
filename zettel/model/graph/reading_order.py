"""Order the notes of a subject for reading: structure notes, each with the notes it lists, then the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from zettel.model.graph.graph import LinkGraph
from zettel.model.graph.topic import Topic
from zettel.model.link.link import OK, ResolvedLink
from zettel.model.note.note import Note

FIRST, STRUCTURE, ORDERED, FURTHER = "first", "structure note", "ordered", "further"
"""The role of a note in a reading order. A `FIRST` note is not a structure note."""

_MIN_ORDERED = 2
"""A structure note is used if it links to at least this many notes of the subject that are not yet in the order ..."""

_OUTSIDE_SHARE = 4
"""... and, if it is not in the subject itself, to at least one in this many of all its notes."""


class ReadingStop(NamedTuple):
    """A note in a reading order: its role, the structure note that lists it (if one does), and the headings above it there."""

    node: int
    role: str
    structure_note: int | None = None
    headings: tuple[str, ...] = ()


class ReadingOrder(NamedTuple):
    """The notes of a topic in the order to read them: the first `stops` of `total`, whose nodes are numbers of `notes`."""

    topic: Topic
    stops: tuple[ReadingStop, ...]
    total: int
    notes: Sequence[Note]


ListOrderedLinks = Callable[[int], Iterable[tuple[int, tuple[str, ...]]]]
"""Returns the notes that a note links to, in its order, with the headings above each link."""


def build_reading_order(
    graph: LinkGraph, members: Iterable[int], list_ordered_links: ListOrderedLinks, first: int | None = None
) -> list[ReadingStop]:
    """Return all `members` once: `first` (if given), structure notes with the notes they list, then the rest, most central first.

    The next structure note is always the one that links to most of the members that are not yet in the order. Without a
    `first` note, structure notes that are not members are used as well if they link to a good part of the members.
    """
    inside = set(members)
    waiting = set(inside)
    stops: list[ReadingStop] = []

    def add_stop(node: int) -> None:
        is_structure = graph.is_structure_note(node)
        waiting.discard(node)
        stops.append(ReadingStop(node, STRUCTURE if is_structure else FIRST))
        for target, headings in list_ordered_links(node) if is_structure else ():
            if target in waiting:
                waiting.discard(target)
                stops.append(ReadingStop(target, ORDERED, node, headings))

    if first is not None:
        add_stop(first)
    near = [
        node for node in graph.list_structure_notes() if not inside.isdisjoint(graph.targets[node]) and (first is None or node in inside)
    ]
    while fit := {node: count for node in near if (count := _count_ordered(graph, node, inside, waiting))}:
        best = max(fit, key=lambda node: (fit[node], -node))
        near.remove(best)
        add_stop(best)
    return stops + [ReadingStop(node, FURTHER) for node in graph.rank_by_centrality(inside) if node in waiting]


def _count_ordered(graph: LinkGraph, node: int, inside: set[int], waiting: set[int]) -> int:
    """Return how many notes that are not yet in the order a structure note links to, or 0 if they are too few."""
    count = len(waiting.intersection(graph.targets[node]))
    is_enough = count >= _MIN_ORDERED and (node in waiting if node in inside else _OUTSIDE_SHARE * count >= len(inside))
    return count if is_enough else 0


def list_links_in_order(links: Iterable[ResolvedLink], title: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return (path, headings) of the notes that a note called `title` links to, each once, in its order. The headings leave out its title.

    A link outside the running text, in front matter or a definition, counts only if no other link leads there.
    """
    found: dict[str, tuple[str, ...]] = {}
    for resolved in sorted(links, key=lambda one: one.link.syntax_row.is_in_front_matter or one.link.syntax_row.is_definition):
        target = resolved.resolution.target
        if resolved.resolution.status == OK and target is not None and not resolved.is_self:
            found.setdefault(target, tuple(heading for heading in resolved.link.headings if heading != title))
    return list(found.items())
