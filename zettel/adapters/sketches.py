"""Cache fingerprints of notes' texts in the catalogue until the notes change."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.adapters import sqlite
from zettel.adapters.catalogue import Changing, is_out_of_reach
from zettel.model.sketch import Sketch


def kept(connection: sqlite.Connection) -> dict[str, Sketch | None]:
    """Return the fingerprint of every note by path, None if it is not cached, in the order of paths."""
    query = "SELECT path, s.words, marker, least FROM note LEFT JOIN sketch s ON s.note = note.id ORDER BY path"
    return {
        path: None if least is None else Sketch(words, marker, tuple(map(int, least.split())))
        for path, words, marker, least in connection.execute(query)
    }


def keep(connection: sqlite.Connection, sketches: Mapping[str, Sketch]) -> None:
    """Cache fingerprints of notes, by path. If that is not possible, they are computed again next time."""
    rows = [(sketch.words, sketch.marker, " ".join(map(str, sketch.least)), path) for path, sketch in sketches.items()]
    try:
        with Changing(connection):
            connection.executemany("INSERT OR REPLACE INTO sketch SELECT id, ?, ?, ? FROM note WHERE path = ?", rows)
    except sqlite.Error as error:
        if not is_out_of_reach(error):
            raise
