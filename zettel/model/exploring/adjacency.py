"""Which notes are linked with which, as plain numbers: what path searches walk."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable

FEW = 8
"""So many rows are sooner found one by one than by a table of all."""


class Neighbours:
    """For each number those next to it: `targets[starts[n] : starts[n + 1]]`, ascending."""

    __slots__ = ("starts", "targets")

    def __init__(self, starts: array[int], targets: array[int]) -> None:
        self.starts, self.targets = starts, targets

    def of(self, number: int) -> array[int]:
        """Those next to a number."""
        return self.targets[self.starts[number] : self.starts[number + 1]]

    def of_all(self, numbers: Iterable[int]) -> set[int]:
        """Those next to any of several numbers."""
        starts, targets = self.starts, self.targets
        return set().union(*[targets[starts[number] : starts[number + 1]] for number in numbers])

    def count(self, number: int) -> int:
        """How many are next to a number."""
        return self.starts[number + 1] - self.starts[number]


class Adjacency:
    """The link graph of a notebook. Notes are numbered in the order of their IDs (of their paths, where they have none).

    `rows` gives each note's row in the catalogue; `forward` are the notes a note links to, `back` those that link to it,
    `both` either; links of a note to itself do not count, several between the same two notes count once.
    """

    __slots__ = ("_numbers", "back", "both", "forward", "rows")

    def __init__(self, rows: array[int], forward: Neighbours, back: Neighbours, both: Neighbours) -> None:
        self.rows, self.forward, self.back, self.both = rows, forward, back, both
        self._numbers: dict[int, int] = {}

    def numbers(self, rows: Collection[int]) -> list[int]:
        """The numbers of the notes in some rows of the catalogue."""
        if len(rows) < FEW and not self._numbers:
            return [self.rows.index(row) for row in rows]
        self._numbers = self._numbers or {row: number for number, row in enumerate(self.rows)}
        return [self._numbers[row] for row in rows]

    def degree(self, number: int) -> int:
        """With how many notes a note is linked, whichever way."""
        return self.both.count(number)


def linked(rows: array[int], links: Iterable[tuple[int, int]]) -> Adjacency:
    """The graph of the notes in `rows`, in the order in which they are numbered, with these links from row to row."""
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
