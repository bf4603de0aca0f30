"""Cache fingerprints of notes' texts in the catalogue until the notes change."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.adapters import sqlite
from zettel.adapters.catalogue import CatalogueTransaction, is_unreachable
from zettel.model.sketch import Fingerprint


def load_fingerprints(connection: sqlite.Connection) -> dict[str, Fingerprint | None]:
    """Return the fingerprint of every note by path, None if it is not cached, in the order of paths."""
    query = "SELECT path, s.words, marker, least FROM note LEFT JOIN sketch s ON s.note = note.id ORDER BY path"
    return {
        path: None if least is None else Fingerprint(words, marker, tuple(map(int, least.split())))
        for path, words, marker, least in connection.execute(query)
    }


def store_fingerprints(connection: sqlite.Connection, fingerprints: Mapping[str, Fingerprint]) -> None:
    """Cache fingerprints of notes, by path. If that is not possible, they are computed again next time."""
    rows = [(sketch.word_count, sketch.conflict_line, " ".join(map(str, sketch.min_hashes)), path) for path, sketch in fingerprints.items()]
    try:
        with CatalogueTransaction(connection):
            connection.executemany("INSERT OR REPLACE INTO sketch SELECT id, ?, ?, ? FROM note WHERE path = ?", rows)
    except sqlite.Error as error:
        if not is_unreachable(error):
            raise
