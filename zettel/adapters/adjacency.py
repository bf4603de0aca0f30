"""Which notes are linked with which, as plain numbers: what path searches walk. Kept in the catalogue until a note changes."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Collection, Iterable

from zettel.adapters.catalogue import Changing, is_out_of_reach

TYPE_CHECKING = False
if TYPE_CHECKING:
    Pairs = Iterable[tuple[int, int]]

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


def adjacency(connection: sqlite3.Connection) -> Adjacency:
    """The link graph as it is in the catalogue; put together once after each change of the notebook. Raises `sqlite3.Error`."""
    kept = connection.execute("SELECT * FROM adjacency").fetchone()
    if kept:
        rows, *parts = map(_restored, kept)
        if any(len(starts) != len(rows) + 1 or starts[-1] != len(targets) for starts, targets in zip(parts[::2], parts[1::2], strict=True)):
            raise sqlite3.DatabaseError("the link graph in it is damaged")
        return Adjacency(rows, *(Neighbours(parts[at], parts[at + 1]) for at in (0, 2, 4)))
    try:
        with Changing(connection):
            found = _made(connection)
            parts = [found.rows, *(part for one in (found.forward, found.back, found.both) for part in (one.starts, one.targets))]
            connection.execute("DELETE FROM adjacency")
            connection.execute("INSERT INTO adjacency VALUES (?, ?, ?, ?, ?, ?, ?)", [part.tobytes() for part in parts])
    except sqlite3.Error as error:
        if not is_out_of_reach(error):
            raise
        found = _made(connection)  # it cannot be kept
    return found


def _restored(data: bytes) -> array[int]:
    found = array("i")
    found.frombytes(data[: len(data) - len(data) % found.itemsize])
    return found


def _made(connection: sqlite3.Connection) -> Adjacency:
    rows = array("i", (row for (row,) in connection.execute("SELECT id FROM note ORDER BY coalesce(zid, path), path")))
    links = connection.execute("SELECT DISTINCT source, target FROM link WHERE target IS NOT NULL AND source <> target")
    return linked(rows, links)


def linked(rows: array[int], links: Pairs) -> Adjacency:
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
