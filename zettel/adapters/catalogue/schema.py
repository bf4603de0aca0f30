"""The catalogue's tables, its versions and seals, and transactions on it.

SQLite is imported without its slow front end: the standard library's `sqlite3` also loads `datetime` for date converters that
are not used here, which takes longer than looking up a note.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from zettel.adapters.fs import private
from zettel.adapters.fs.seal import Seal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlite3 import SQLITE_READONLY_DBMOVED, Connection, Cursor, DatabaseError, Error, OperationalError, connect
else:
    try:
        from _sqlite3 import SQLITE_READONLY_DBMOVED, Connection, Cursor, DatabaseError, Error, OperationalError, connect
    except ImportError:  # not CPython
        from sqlite3 import SQLITE_READONLY_DBMOVED, Connection, Cursor, DatabaseError, Error, OperationalError, connect

__all__ = ["SQLITE_READONLY_DBMOVED", "Connection", "Cursor", "DatabaseError", "Error", "OperationalError", "connect"]
SEPARATOR = "\x1f"
"""Separates the items of a list that is stored as text."""

SCHEMA_VERSION = 17
"""Version of the tables below and of what parsed notes put into them. A catalogue of another version is rebuilt."""

TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE note(
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, place TEXT NOT NULL, mtime INTEGER NOT NULL, size INTEGER NOT NULL, ctime INTEGER NOT NULL, zid TEXT,
  title TEXT NOT NULL, title_key TEXT NOT NULL, aliases TEXT NOT NULL, tags TEXT NOT NULL, created TEXT, words INTEGER NOT NULL, review TEXT, is_named INTEGER NOT NULL,
  title_line_id TEXT, original TEXT);
CREATE TABLE name(key TEXT NOT NULL, note INTEGER NOT NULL, PRIMARY KEY(key, note)) WITHOUT ROWID;
CREATE TABLE tag(key TEXT NOT NULL, note INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(key, note)) WITHOUT ROWID;
CREATE TABLE link(
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL, target INTEGER, status TEXT NOT NULL, candidates TEXT NOT NULL,
  syntax TEXT NOT NULL, text TEXT NOT NULL, dest TEXT NOT NULL, label TEXT NOT NULL, line INTEGER NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, headings TEXT NOT NULL, sentence TEXT NOT NULL,
  mark_start INTEGER NOT NULL, mark_end INTEGER NOT NULL, names TEXT NOT NULL);
CREATE TABLE ask(key TEXT NOT NULL, link INTEGER NOT NULL, PRIMARY KEY(key, link)) WITHOUT ROWID;
CREATE TABLE problem(note INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, line INTEGER NOT NULL, col INTEGER NOT NULL);
CREATE TABLE sketch(note INTEGER PRIMARY KEY, words INTEGER NOT NULL, marker INTEGER NOT NULL, least TEXT NOT NULL);
CREATE TABLE outline(note INTEGER PRIMARY KEY, anchors TEXT, heading_links TEXT NOT NULL, has_unread_links INTEGER NOT NULL);
CREATE TABLE question(note INTEGER NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL, needs_unsorted_tag INTEGER NOT NULL);
CREATE TABLE todo(turn INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE);
CREATE TABLE stamps(paths TEXT NOT NULL, numbers BLOB NOT NULL);
CREATE TABLE stamped(path TEXT PRIMARY KEY, mtime INTEGER, size INTEGER, ctime INTEGER) WITHOUT ROWID;
CREATE TABLE adjacency(
  rows BLOB, structure_notes BLOB, forward_starts BLOB, forward BLOB, back_starts BLOB, back BLOB, both_starts BLOB, both BLOB);
"""
"""`name` holds the keys that notes answer to, `ask` those that links ask for (see `zettel.model.link.resolve`). `todo` lists the notes that
the full-text index has yet to add or drop, with a new `turn` whenever a note changes. `place` is the path in NFC, `is_named` whether the
file's name starts with the ID, and `original` the path of the note that it is a copy of (see `zettel.model.note.sync_copy`). `title_line_id` is an
ID that only the title line gives: `zid` is the same unless another note has it by stronger evidence. `names` says where a link's sentence shows
links without words of their own: the number of each from this link's on, start and end.
`adjacency` has one row or none (see `zettel.adapters.catalogue.graph_cache`). So has `stamps`, the stamps of all notes
at once, except those in `stamped`, which were read since (without numbers: gone). `sketch` holds the fingerprints that checks have computed
so far (see `zettel.model.note.fingerprint`), and `outline` what else they have looked for in notes (see `zettel.model.check.outline`).
"""

OWN_ID = "CASE WHEN original IS NULL THEN zid END"
"""The ID that names a note. That of a copy names its original."""

INDEXES = {
    "note_zid": "note(zid)",
    "note_created": "note(created)",
    "note_unnamed": "note(path) WHERE NOT is_named",
    "note_title_line": "note(title_line_id) WHERE title_line_id IS NOT NULL",
    "name_note": "name(note)",
    "tag_note": "tag(note)",
    "link_source": "link(source, target)",
    "link_target": "link(target, source)",
    "ask_link": "ask(link)",
    "problem_note": "problem(note)",
    "question_note": "question(note)",
}
"""Maps the name of each index to its table and columns."""

UNREACHABLE_CODES = frozenset((3, 5, 6, 8, 10, 13, 14))
"""SQLite's codes for problems around a catalogue, not in it: permission, busy, locked, read-only, I/O error, full, cannot open."""


def open_catalogue(folder: str | None, name: str = "catalogue", report: Callable[[str], None] = lambda _: None) -> Connection:
    """Open the catalogue in the private `folder` (None: in memory only), and create it with empty tables if it is not there.

    A catalogue whose seal does not match (damaged, of another version, its writer killed) is rebuilt, which `report` reports. Raises `OSError`
    or `sqlite.OperationalError` if the folder cannot be written.
    """
    if folder is None:
        connection = connect(":memory:", isolation_level=None)
        reset_tables(connection)
        return connection
    file = os.path.join(folder, name + ".db")
    seal = Seal(file, SCHEMA_VERSION)
    if not seal.is_intact():
        with seal.lock():
            if not seal.is_intact():  # no other process was just creating it or writing to it
                is_first = seal.is_empty() and not os.path.lexists(file)
                _create_database(file)
                seal.write()
                if not is_first:
                    report("the catalogue was damaged, half-written or from another version; rebuilding it")
    return connect(file, timeout=30, isolation_level=None)


def _create_database(file: str) -> None:
    """Replace the catalogue by an empty one. A process that has the old one open can still read it but no longer write to it."""
    fresh = f"{file}.new"
    private.remove_recursively(fresh)
    private.write_file(fresh, b"")
    connection = connect(fresh, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("BEGIN")
        reset_tables(connection)
        connection.execute("COMMIT")
    finally:
        connection.close()
    for suffix in ("-journal", "-wal", "-shm"):
        private.remove_recursively(file + suffix)
    if os.path.isdir(file):
        private.remove_recursively(file)
    os.replace(fresh, file)


def reset_tables(connection: Connection) -> None:
    """Drop all tables and create empty ones. Runs in the caller's transaction."""
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
        connection.execute(f'DROP TABLE "{table}"')
    for statement in TABLES.split(";"):
        connection.execute(statement)
    create_indexes(connection)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def create_indexes(connection: Connection) -> None:
    """Create all indexes."""
    for name, columns in INDEXES.items():
        connection.execute(f"CREATE INDEX {name} ON {columns}")


def drop_indexes(connection: Connection) -> None:
    """Drop all indexes. Creating them once the tables are full costs half as much."""
    for name in INDEXES:
        connection.execute(f"DROP INDEX {name}")


class CatalogueTransaction:
    """A transaction on the catalogue, the only way to change its file. The file is locked during it and sealed afterwards.

    Raises `sqlite.Error`.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        connection.text_factory = os.fsdecode  # a file's name need not be UTF-8
        try:
            ((_, _, file),) = (row for row in connection.execute("PRAGMA database_list").fetchall() if row[1] == "main")
        finally:
            connection.text_factory = str
        self._seal = Seal(file, SCHEMA_VERSION) if file else None
        from zettel.adapters.fs.lock import FileLock

        self._lock = FileLock(self._seal.file if self._seal else None)

    def __enter__(self) -> None:
        """Take the lock and begin."""
        self._lock.__enter__()
        try:
            # A catalogue damaged since it was opened is not sealed, so that the next process to open it detects the damage.
            self._is_intact = self._seal is not None and self._seal.is_intact()
            self._connection.execute(
                "PRAGMA cache_size = -65536"
            )  # KiB of a change that are held in memory before any of it reaches the file
            # After a power failure a leftover journal is not replayed but has the catalogue rebuilt, so it needs no extra sync.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._lock.__exit__()
            raise

    def __exit__(self, kind: object, *_: object) -> None:
        """Commit, or roll back after an exception. Seals in both cases."""
        try:
            if kind is None:
                self._connection.execute("COMMIT")
        finally:
            try:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                if self._seal and self._is_intact:
                    self._seal.write()
            finally:
                self._lock.__exit__()


def split_list(text: str) -> tuple[str, ...]:
    """Return the items of a list that is stored as text."""
    return tuple(text.split(SEPARATOR)) if text else ()


def is_unreachable(error: Error) -> bool:
    """Return whether an error means that the catalogue cannot be written or accessed, not that its content is damaged."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in UNREACHABLE_CODES


def is_replaced(error: Error) -> bool:
    """Return whether an error means that another process has replaced the catalogue since it was opened."""
    return getattr(error, "sqlite_errorcode", 0) == SQLITE_READONLY_DBMOVED


def invalidate_catalogues(folder: str) -> None:
    """Mark every catalogue in `folder` as damaged, if possible, so that the next process to open it rebuilds it."""
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        if name.startswith("catalogue") and name.endswith(".db"):
            Seal(os.path.join(folder, name), SCHEMA_VERSION).invalidate()
