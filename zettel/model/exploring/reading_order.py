"""The order in which to read the notes of a subject: a structure note, what it orders, then the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from zettel.model.exploring.network import Network
from zettel.model.link import OK, Resolved

FIRST, STRUCTURE, ORDERED, FURTHER = "first", "structure note", "ordered", "further"
"""What part a note has in an order; a first one is no structure note."""

FEW = 2
"""A structure note leads where it orders so many notes of the subject that are in no place yet ..."""

SHARE = 4
"""... and one from outside the subject only where that is one in so many of all, too."""

LATE = ("frontmatter", "reference")
"""Syntaxes of links that stand where nobody reads: they order only what is linked nowhere else."""


class Stop(NamedTuple):
    """A note in a reading order: its part, the structure note it stands under and the headings there."""

    node: int
    part: str
    under: int | None = None
    headings: tuple[str, ...] = ()


Outline = Callable[[int], Iterable[tuple[int, tuple[str, ...]]]]
"""Gives the notes that a note links to, in its order, with the headings above each link."""


def reading_order(network: Network, members: Iterable[int], outline: Outline, first: int | None = None) -> list[Stop]:
    """Every one of `members` once: `first`, if one is; structure notes, each with what it orders; the rest, the most central first.

    Of structure notes, the one leads that orders most of what has no place yet. Where no note is `first`, it need not be a member
    itself, if it orders a good part of them.
    """
    inside = set(members)
    waiting = set(inside)
    stops: list[Stop] = []

    def place(node: int) -> None:
        is_structure = network.is_structure_note(node)
        waiting.discard(node)
        stops.append(Stop(node, STRUCTURE if is_structure else FIRST))
        for target, headings in outline(node) if is_structure else ():
            if target in waiting:
                waiting.discard(target)
                stops.append(Stop(target, ORDERED, node, headings))

    if first is not None:
        place(first)
    near = [node for node in network.structure_notes() if network.targets[node] & inside and (first is None or node in inside)]
    while fit := {node: count for node in near if (count := _orders(network, node, inside, waiting))}:
        best = max(fit, key=lambda node: (fit[node], -node))
        near.remove(best)
        place(best)
    return stops + [Stop(node, FURTHER) for node in network.central(inside) if node in waiting]


def _orders(network: Network, node: int, inside: set[int], waiting: set[int]) -> int:
    """How many notes that have no place yet a structure note would lead; 0 where that is not worth it."""
    count = len(network.targets[node] & waiting)
    is_enough = count >= FEW and (node in waiting if node in inside else SHARE * count >= len(inside))
    return count if is_enough else 0


def outlined(links: Iterable[Resolved], title: str) -> list[tuple[str, tuple[str, ...]]]:
    """(path, headings) of every note that a note called `title` links to, once, in its order; its title is none of the headings."""
    found: dict[str, tuple[str, ...]] = {}
    for resolved in sorted(links, key=lambda one: one.link.syntax in LATE):
        target = resolved.resolution.target
        if resolved.resolution.status == OK and target is not None and not resolved.is_self:
            found.setdefault(target, tuple(heading for heading in resolved.link.headings if heading != title))
    return list(found.items())
