"""Hold the link graph of a notebook as arrays of numbers, for path searches."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable

_LINEAR_LOOKUP_LIMIT = 8
"""Below this number of rows, a linear search is faster than building a table of all of them."""


class NeighbourArrays:
    """The neighbours of every note in two arrays: those of note n are `targets[starts[n] : starts[n + 1]]`, ascending."""

    __slots__ = ("offsets", "targets")

    def __init__(self, offsets: array[int], targets: array[int]) -> None:
        self.offsets, self.targets = offsets, targets

    def list_neighbours(self, number: int) -> array[int]:
        """Return the neighbours of a note, ascending."""
        return self.targets[self.offsets[number] : self.offsets[number + 1]]

    def collect_neighbours(self, numbers: Iterable[int]) -> set[int]:
        """Return the notes that are a neighbour of any of `numbers`."""
        starts, targets = self.offsets, self.targets
        return set().union(*[targets[starts[number] : starts[number + 1]] for number in numbers])

    def count_neighbours(self, number: int) -> int:
        """Return the number of neighbours of a note."""
        return self.offsets[number + 1] - self.offsets[number]


class GraphArrays:
    """The link graph of a notebook. Notes are numbered in the order of their IDs, or of their paths if they have no ID.

    `rows` holds each note's row in the catalogue. `forward` lists the notes that a note links to, `backward` those that link to
    it, and `undirected` the two together. A note's links to itself are left out, and several links between two notes count once.
    """

    __slots__ = ("_number_by_row", "backward", "forward", "rows", "undirected")

    def __init__(self, rows: array[int], forward: NeighbourArrays, backward: NeighbourArrays, undirected: NeighbourArrays) -> None:
        self.rows, self.forward, self.backward, self.undirected = rows, forward, backward, undirected
        self._number_by_row: dict[int, int] = {}

    def find_numbers(self, rows: Collection[int]) -> list[int]:
        """Return the numbers of the notes in some rows of the catalogue, in the order of `rows`. Every row must be in the graph."""
        if len(rows) < _LINEAR_LOOKUP_LIMIT and not self._number_by_row:
            return [self.rows.index(row) for row in rows]
        self._number_by_row = self._number_by_row or {row: number for number, row in enumerate(self.rows)}
        return [self._number_by_row[row] for row in rows]

    def count_neighbours(self, number: int) -> int:
        """Return the degree of a note: how many notes it is linked with, in either direction."""
        return self.undirected.count_neighbours(number)


def build_graph_arrays(rows: array[int], links: Iterable[tuple[int, int]]) -> GraphArrays:
    """Build the graph of the notes in `rows`, which are numbered in this order, from links between rows."""
    numbers = {row: number for number, row in enumerate(rows)}
    ahead: list[list[int]] = [[] for _ in rows]
    behind: list[list[int]] = [[] for _ in rows]
    for row, other in links:
        source, target = numbers[row], numbers[other]
        ahead[source].append(target)
        behind[target].append(source)
    either = ({*one, *other} for one, other in zip(ahead, behind, strict=True))
    return GraphArrays(
        rows, _build_neighbour_arrays(map(set, ahead)), _build_neighbour_arrays(map(set, behind)), _build_neighbour_arrays(either)
    )


def _build_neighbour_arrays(sets: Iterable[set[int]]) -> NeighbourArrays:
    starts, targets = array("i", [0]), array("i")
    for found in sets:
        targets.extend(sorted(found))
        starts.append(len(targets))
    return NeighbourArrays(starts, targets)
