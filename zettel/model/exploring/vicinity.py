"""What lies near a note: the tree of the shortest ways from it, and which part of a large one to draw."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from zettel.model.value import value

Neighbours = Callable[[str], Mapping[str, str]]
"""Given the path of a note: those it is linked with, each with the way its link points (`out`, `back` or `both`), in order."""


@value
class Near:
    """A note near another: `distance` links away, first reached from `parent`, whose link to it points `way`."""

    path: str
    parent: str
    distance: int
    way: str


def vicinity(center: str, depth: int, neighbours: Neighbours) -> list[Near]:
    """The notes within `depth` links of `center`, each once, nearest first, then in the order of those they are reached from."""
    seen = {center}
    found: list[Near] = []
    frontier = [center]
    for distance in range(1, depth + 1):
        reached = []
        for parent in frontier:
            for path, way in neighbours(parent).items():
                if path not in seen:
                    seen.add(path)
                    reached.append(Near(path, parent, distance, way))
        found += reached
        frontier = [near.path for near in reached]
        if not frontier:
            break
    return found


def selected(found: Sequence[Near], fitting: Collection[str], weights: Mapping[str, int], limit: int) -> list[Near]:
    """At most `limit` of the notes that are `fitting`, with those on the way to them, in the order of `found`.

    Nearer notes come first. At the same distance each note that they hang from gets a heaviest one in either direction
    before any gets a second, so that no hub and no direction crowds out the others.
    """
    groups: dict[tuple[str, bool], list[Near]] = {}
    for near in found:
        if near.path in fitting:
            groups.setdefault((near.parent, near.way == "back"), []).append(near)
    place = {near.path: number for number, near in enumerate(found)}
    ranked = [
        (near.distance, rank, place[near.path])
        for group in groups.values()
        for rank, near in enumerate(sorted(group, key=lambda near: -weights.get(near.path, 0)))
    ]
    parents = {near.path: near.parent for near in found}
    kept: set[str] = set()
    for _, _, number in sorted(ranked)[:limit]:
        path = found[number].path
        while path in parents and path not in kept:
            kept.add(path)
            path = parents[path]
    return [near for near in found if near.path in kept]
