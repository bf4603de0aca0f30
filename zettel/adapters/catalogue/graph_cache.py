"""Cache the link graph as plain numbers in the catalogue until a note changes."""

from __future__ import annotations

from array import array

from zettel.adapters.catalogue import schema
from zettel.adapters.catalogue.schema import OWN_ID, CatalogueTransaction, is_unreachable, split_list
from zettel.model.graph.graph import LinkGraph, NeighbourArrays, build_link_graph


def load_graph(connection: schema.Connection) -> LinkGraph:
    """Load the link graph, building and caching it if notes have changed. Raises `sqlite.Error`."""
    cached = connection.execute("SELECT * FROM adjacency").fetchone()
    if cached:
        rows, structure_notes, *parts = map(_decode_array, cached)
        if any(
            len(offsets) != len(rows) + 1 or offsets[-1] != len(numbers) for offsets, numbers in zip(parts[::2], parts[1::2], strict=True)
        ):
            raise schema.DatabaseError("the link graph in it is damaged")
        return LinkGraph(rows, *(NeighbourArrays(parts[at], parts[at + 1]) for at in (0, 2, 4)), structure_notes=structure_notes)
    try:
        with CatalogueTransaction(connection):
            found = _build_graph(connection)
            parts = [
                found.rows,
                array("i", sorted(found.structure_notes)),
                *(part for one in (found.targets, found.sources, found.neighbours) for part in (one.offsets, one.numbers)),
            ]
            connection.execute("DELETE FROM adjacency")
            connection.execute("INSERT INTO adjacency VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [part.tobytes() for part in parts])
    except schema.Error as error:
        if not is_unreachable(error):
            raise
        found = _build_graph(connection)  # it cannot be cached
    return found


def _decode_array(data: bytes | None) -> array[int]:
    found = array("i")
    found.frombytes(data[: len(data) - len(data) % found.itemsize] if data else b"")
    return found


def _build_graph(connection: schema.Connection) -> LinkGraph:
    notes = connection.execute(f"SELECT id, words, tags FROM note ORDER BY original IS NOT NULL, coalesce({OWN_ID}, path), path").fetchall()
    links = connection.execute("SELECT DISTINCT source, target FROM link WHERE target IS NOT NULL AND source <> target")
    texts = [(words, split_list(tags)) for _, words, tags in notes]
    return build_link_graph([row for row, *_ in notes], links, texts=texts)
