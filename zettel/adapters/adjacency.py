"""Cache the link graph as plain numbers in the catalogue until a note changes."""

from __future__ import annotations

from array import array

from zettel.adapters import sqlite
from zettel.adapters.catalogue import Changing, is_out_of_reach
from zettel.model.exploring.adjacency import Adjacency, Neighbours, linked


def adjacency(connection: sqlite.Connection) -> Adjacency:
    """Load the link graph, building and caching it if notes have changed. Raises `sqlite.Error`."""
    cached = connection.execute("SELECT * FROM adjacency").fetchone()
    if cached:
        rows, *parts = map(_restored, cached)
        if any(len(starts) != len(rows) + 1 or starts[-1] != len(targets) for starts, targets in zip(parts[::2], parts[1::2], strict=True)):
            raise sqlite.DatabaseError("the link graph in it is damaged")
        return Adjacency(rows, *(Neighbours(parts[at], parts[at + 1]) for at in (0, 2, 4)))
    try:
        with Changing(connection):
            found = _made(connection)
            parts = [found.rows, *(part for one in (found.forward, found.back, found.both) for part in (one.starts, one.targets))]
            connection.execute("DELETE FROM adjacency")
            connection.execute("INSERT INTO adjacency VALUES (?, ?, ?, ?, ?, ?, ?)", [part.tobytes() for part in parts])
    except sqlite.Error as error:
        if not is_out_of_reach(error):
            raise
        found = _made(connection)  # it cannot be cached
    return found


def _restored(data: bytes) -> array[int]:
    found = array("i")
    found.frombytes(data[: len(data) - len(data) % found.itemsize])
    return found


def _made(connection: sqlite.Connection) -> Adjacency:
    rows = array("i", (row for (row,) in connection.execute("SELECT id FROM note ORDER BY coalesce(zid, path), path")))
    links = connection.execute("SELECT DISTINCT source, target FROM link WHERE target IS NOT NULL AND source <> target")
    return linked(rows, links)
