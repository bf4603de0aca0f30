"""Hold the link graph of a notebook as arrays of numbers, for path searches."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable

FEW = 8
"""Below this number of rows, a linear search is faster than building a table of all of them."""


class Neighbours:
    """The neighbours of every note in two arrays: those of note n are `targets[starts[n] : starts[n + 1]]`, ascending."""

    __slots__ = ("starts", "targets")

    def __init__(self, starts: array[int], targets: array[int]) -> None:
        self.starts, self.targets = starts, targets

    def of(self, number: int) -> array[int]:
        """Return the neighbours of a note, ascending."""
        return self.targets[self.starts[number] : self.starts[number + 1]]

    def of_all(self, numbers: Iterable[int]) -> set[int]:
        """Return the notes that are a neighbour of any of `numbers`."""
        starts, targets = self.starts, self.targets
        return set().union(*[targets[starts[number] : starts[number + 1]] for number in numbers])

    def count(self, number: int) -> int:
        """Return the number of neighbours of a note."""
        return self.starts[number + 1] - self.starts[number]


class Adjacency:
    """The link graph of a notebook. Notes are numbered in the order of their IDs, or of their paths if they have no ID.

    `rows` holds each note's row in the catalogue. `forward` lists the notes that a note links to, `back` those that link to
    it, and `both` the two together. A note's links to itself are left out, and several links between two notes count once.
    """

    __slots__ = ("_numbers", "back", "both", "forward", "rows")

    def __init__(self, rows: array[int], forward: Neighbours, back: Neighbours, both: Neighbours) -> None:
        self.rows, self.forward, self.back, self.both = rows, forward, back, both
        self._numbers: dict[int, int] = {}

    def numbers(self, rows: Collection[int]) -> list[int]:
        """Return the numbers of the notes in some rows of the catalogue, in the order of `rows`. Every row must be in the graph."""
        if len(rows) < FEW and not self._numbers:
            return [self.rows.index(row) for row in rows]
        self._numbers = self._numbers or {row: number for number, row in enumerate(self.rows)}
        return [self._numbers[row] for row in rows]

    def degree(self, number: int) -> int:
        """Return the degree of a note: how many notes it is linked with, in either direction."""
        return self.both.count(number)


def linked(rows: array[int], links: Iterable[tuple[int, int]]) -> Adjacency:
    """Build the graph of the notes in `rows`, which are numbered in this order, from links between rows."""
    numbers = {row: number for number, row in enumerate(rows)}
    ahead: list[list[int]] = [[] for _ in rows]
    behind: list[list[int]] = [[] for _ in rows]
    for row, other in links:
        source, target = numbers[row], numbers[other]
        ahead[source].append(target)
        behind[target].append(source)
    either = ({*one, *other} for one, other in zip(ahead, behind, strict=True))
    return Adjacency(rows, _neighbours(map(set, ahead)), _neighbours(map(set, behind)), _neighbours(either))


def _neighbours(sets: Iterable[set[int]]) -> Neighbours:
    starts, targets = array("i", [0]), array("i")
    for found in sets:
        targets.extend(sorted(found))
        starts.append(len(targets))
    return Neighbours(starts, targets)
