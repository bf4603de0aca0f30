"""Find the notes near a note as a tree of shortest paths, and choose which of them to draw."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from zettel.model.base.value import value
from zettel.model.graph.graph import walk_levels

NeighbourLookup = Callable[[str], Mapping[str, str]]
"""Returns the neighbours of the note at a path, in order, each with the direction of the link (`out`, `back` or `both`)."""


@value
class NearbyNote:
    """A note near another one: its distance in links, the note it is first reached from, and the direction of that link."""

    path: str
    parent: str
    distance: int
    direction: str


def find_nearby_notes(center: str, depth: int, find_neighbours: NeighbourLookup) -> list[NearbyNote]:
    """Return the notes within `depth` links of `center`, each once, nearest first, then in the order of their parents."""
    seen = {center}

    def find_next(level: list[NearbyNote]) -> list[NearbyNote]:
        reached = []
        for near in level:
            for path, way in find_neighbours(near.path).items():
                if path not in seen:
                    seen.add(path)
                    reached.append(NearbyNote(path, near.path, near.distance + 1, way))
        return reached

    levels = walk_levels([NearbyNote(center, "", 0, "")], find_next, depth)
    return [near for distance, level in levels if distance for near in level]


def choose_notes_to_draw(
    nearby: Sequence[NearbyNote], matching: Collection[str], weights: Mapping[str, int], limit: int
) -> list[NearbyNote]:
    """Choose at most `limit` of the `matching` notes, and return them with the notes that lead to them, in the order of `nearby`.

    Nearer notes are chosen first. At the same distance, each parent gets its heaviest note in each direction before any gets
    a second one, so that no hub and no direction crowds out the others.
    """
    groups: dict[tuple[str, bool], list[NearbyNote]] = {}
    for near in nearby:
        if near.path in matching:
            groups.setdefault((near.parent, near.direction == "back"), []).append(near)
    position = {near.path: number for number, near in enumerate(nearby)}
    ranked = [
        (near.distance, rank, position[near.path])
        for group in groups.values()
        for rank, near in enumerate(sorted(group, key=lambda near: -weights.get(near.path, 0)))
    ]
    parents = {near.path: near.parent for near in nearby}
    chosen: set[str] = set()
    for _, _, number in sorted(ranked)[:limit]:
        path = nearby[number].path
        while path in parents and path not in chosen:
            chosen.add(path)
            path = parents[path]
    return [near for near in nearby if near.path in chosen]
