"""The catalogue: what zettel remembers of a notebook, in sqlite3. It may be deleted at any time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from zettel.adapters import private, sqlite
from zettel.adapters.files import Stamp, Stamps
from zettel.adapters.locking import Locked
from zettel.adapters.sealing import Seal

VERSION = 10
"""Of the tables below and of what readings put into them; a catalogue of another version is made anew."""

TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE note(
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, place TEXT NOT NULL, mtime INTEGER NOT NULL, size INTEGER NOT NULL, ctime INTEGER NOT NULL, zid TEXT,
  title TEXT NOT NULL, title_key TEXT NOT NULL, aliases TEXT NOT NULL, tags TEXT NOT NULL, created TEXT, words INTEGER NOT NULL, review TEXT, is_named INTEGER NOT NULL);
CREATE TABLE name(key TEXT NOT NULL, note INTEGER NOT NULL, PRIMARY KEY(key, note)) WITHOUT ROWID;
CREATE TABLE tag(key TEXT NOT NULL, note INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(key, note)) WITHOUT ROWID;
CREATE TABLE link(
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL, target INTEGER, status TEXT NOT NULL, candidates TEXT NOT NULL,
  syntax TEXT NOT NULL, text TEXT NOT NULL, dest TEXT NOT NULL, label TEXT NOT NULL, line INTEGER NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, headings TEXT NOT NULL, sentence TEXT NOT NULL,
  mark_start INTEGER NOT NULL, mark_end INTEGER NOT NULL);
CREATE TABLE ask(key TEXT NOT NULL, link INTEGER NOT NULL, PRIMARY KEY(key, link)) WITHOUT ROWID;
CREATE TABLE problem(note INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, line INTEGER NOT NULL, col INTEGER NOT NULL);
CREATE TABLE sketch(note INTEGER PRIMARY KEY, words INTEGER NOT NULL, marker INTEGER NOT NULL, least TEXT NOT NULL);
CREATE TABLE question(note INTEGER NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE todo(turn INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE);
CREATE TABLE stamps(paths TEXT NOT NULL, numbers BLOB NOT NULL);
CREATE TABLE stamped(path TEXT PRIMARY KEY, mtime INTEGER, size INTEGER, ctime INTEGER) WITHOUT ROWID;
CREATE TABLE adjacency(
  rows BLOB, forward_starts BLOB, forward BLOB, back_starts BLOB, back BLOB, both_starts BLOB, both BLOB);
"""
"""`name` holds the keys notes answer to, `ask` those links ask for (see `zettel.model.resolving`); `todo`
the notes that the full-text index has yet to take up or drop, with a new `turn` whenever a note changes; `place` is the path in NFC, `is_named` tells whether the ID stands in front of the file's name. `adjacency` has one row or none
(see `zettel.adapters.adjacency`), and so has `stamps`: those of all notes at once, but for those in `stamped`, which were read since (without numbers: gone). `sketch` holds what checks have asked of notes' texts
so far (see `zettel.model.sketch`)."""

INDEXES = {
    "note_zid": "note(zid)",
    "note_created": "note(created)",
    "note_unnamed": "note(path) WHERE NOT is_named",
    "name_note": "name(note)",
    "tag_note": "tag(note)",
    "link_source": "link(source, target)",
    "link_target": "link(target, source)",
    "ask_link": "ask(link)",
    "problem_note": "problem(note)",
    "question_note": "question(note)",
}
"""What is looked up in tables by other columns than their first: name to columns."""


MOST_BESIDE = 500
"""Stamps that are kept one by one, beside those in one piece: so many are read in less than a millisecond."""

UNWRITABLE = frozenset((3, 5, 6, 8, 10, 13, 14))
"""SQLite's codes for what is wrong around a catalogue, not in it: no permission, busy, locked, read-only, I/O error, full, cannot be opened."""


def connect(folder: str | None, name: str = "catalogue", say: Callable[[str], None] = lambda _: None) -> sqlite.Connection:
    """A connection to the catalogue in `folder`, which is private (None: in memory only), with empty tables if it was not there.

    One that is not as it was when it was sealed (damaged, of another version, its writer killed) is made anew, and `say` told so.
    Raises `OSError` or `sqlite.OperationalError` where the folder cannot be written.
    """
    if folder is None:
        connection = sqlite.connect(":memory:", isolation_level=None)
        make_tables(connection)
        return connection
    file = os.path.join(folder, name + ".db")
    seal = Seal(file, VERSION)
    if not seal.is_whole():
        with seal.lock():
            if not seal.is_whole():  # nobody has made it, or is just writing to it
                is_first = seal.is_empty() and not os.path.lexists(file)
                _make(file)
                seal.set()
                if not is_first:
                    say("the catalogue was damaged, half-written or of another version; it is made anew")
    return sqlite.connect(file, timeout=30, isolation_level=None)


def _make(file: str) -> None:
    """Put an empty catalogue in the place of what is there; whoever has that open goes on with it, and cannot write to it any more."""
    fresh = f"{file}.new"
    private.remove(fresh)
    private.write(fresh, b"")
    connection = sqlite.connect(fresh, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("BEGIN")
        make_tables(connection)
        connection.execute("COMMIT")
    finally:
        connection.close()
    for suffix in ("-journal", "-wal", "-shm"):
        private.remove(file + suffix)
    if os.path.isdir(file):
        private.remove(file)
    os.replace(fresh, file)


def make_tables(connection: sqlite.Connection) -> None:
    """Forget every note, within a transaction."""
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
        connection.execute(f'DROP TABLE "{table}"')
    for statement in TABLES.split(";"):
        connection.execute(statement)
    make_indexes(connection)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def make_indexes(connection: sqlite.Connection) -> None:
    """Index what is in the tables."""
    for name, columns in INDEXES.items():
        connection.execute(f"CREATE INDEX {name} ON {columns}")


def drop_indexes(connection: sqlite.Connection) -> None:
    """Drop the indexes: made again when the tables are full, they cost half as much."""
    for name in INDEXES:
        connection.execute(f"DROP INDEX {name}")


class Changing:
    """A change of the catalogue, whole or not at all; the file is changed in no other way. It is locked meanwhile and sealed afterwards.

    Raises `sqlite.Error`.
    """

    def __init__(self, connection: sqlite.Connection) -> None:
        self._connection = connection
        connection.text_factory = os.fsdecode  # a file's name need be no UTF-8
        try:
            ((_, _, file),) = (row for row in connection.execute("PRAGMA database_list").fetchall() if row[1] == "main")
        finally:
            connection.text_factory = str
        self._seal = Seal(file, VERSION) if file else None
        self._lock = Locked(self._seal.file if self._seal else None)

    def __enter__(self) -> None:
        """Take the lock and begin."""
        self._lock.__enter__()
        try:
            # One that was damaged since it was opened is not sealed, so that whoever opens it next finds out.
            self._is_whole = self._seal is not None and self._seal.is_whole()
            self._connection.execute("PRAGMA cache_size = -65536")  # so much, in KiB, before a change reaches the file
            # Where the power fails, a journal that is left has the catalogue made anew; it is not played back, so that one step is enough to write it.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._lock.__exit__()
            raise

    def __exit__(self, kind: object, *_: object) -> None:
        """Commit, or take everything back after an exception; in any case, seal."""
        try:
            if kind is None:
                self._connection.execute("COMMIT")
        finally:
            try:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                if self._seal and self._is_whole:
                    self._seal.set()
            finally:
                self._lock.__exit__()


def is_out_of_reach(error: sqlite.Error) -> bool:
    """Whether an error tells that the catalogue cannot be written or reached, rather than that something in it is wrong."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in UNWRITABLE


def is_replaced(error: sqlite.Error) -> bool:
    """Whether an error tells that another process has made the catalogue anew since it was opened."""
    return getattr(error, "sqlite_errorcode", 0) == sqlite.SQLITE_READONLY_DBMOVED


def distrust(folder: str) -> None:
    """Have every catalogue in `folder` made anew by whoever opens it next, as far as that can be done."""
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        if name.startswith("catalogue") and name.endswith(".db"):
            Seal(os.path.join(folder, name), VERSION).break_()


def get(connection: sqlite.Connection, key: str) -> str | None:
    """A remembered text, or None."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def stamps(connection: sqlite.Connection) -> Stamps:
    """The stamps of the notes as they were when they were read. Raises `sqlite.DatabaseError` for what cannot be."""
    paths, numbers = _together(connection)
    each = iter(numbers)
    found: Stamps = dict(zip(paths, zip(each, each, each, strict=True), strict=True))
    for path, stamp in _beside(connection).items():
        if stamp is None:
            found.pop(path, None)
        else:
            found[path] = stamp
    return found


def _together(connection: sqlite.Connection) -> tuple[list[str], memoryview[int]]:
    """The paths of the notes whose stamps are kept in one piece, and the numbers of these, three for each."""
    row = connection.execute("SELECT paths, numbers FROM stamps").fetchone()
    try:
        paths, numbers = (row[0].split("\0"), memoryview(row[1]).cast("q")) if row and row[0] else ([], memoryview(b"").cast("q"))
    except (TypeError, ValueError, AttributeError):
        paths, numbers = [""], memoryview(b"").cast("q")
    if len(numbers) != 3 * len(paths):
        raise sqlite.DatabaseError("the stamps in it are damaged")
    return paths, numbers


def _beside(connection: sqlite.Connection) -> dict[str, Stamp | None]:
    """The stamps that are kept one by one; None for a note that is gone."""
    rows = connection.execute("SELECT path, mtime, size, ctime FROM stamped")
    return {path: None if mtime is None else (mtime, size, ctime) for path, mtime, size, ctime in rows}


def paths(connection: sqlite.Connection) -> set[str]:
    """The paths of the notes that were read. Raises `sqlite.DatabaseError` for what cannot be."""
    found = set(_together(connection)[0])
    for path, stamp in _beside(connection).items():
        (found.discard if stamp is None else found.add)(path)
    return found


def unnamed(connection: sqlite.Connection, most: int) -> list[tuple[str, Stamp]]:
    """Path and stamp, as it was when it was read, of notes without an ID in front of their names; so many at most."""
    rows = connection.execute("SELECT path, mtime, size, ctime FROM note WHERE NOT is_named LIMIT ?", (most,))
    return [(path, (mtime, size, ctime)) for path, mtime, size, ctime in rows]


def stamp(connection: sqlite.Connection, path: str) -> Stamp | None:
    """The stamp of a note as it was when it was read."""
    row = connection.execute("SELECT mtime, size, ctime FROM note WHERE path = ?", (path,)).fetchone()
    return row and (row[0], row[1], row[2])


def keep_stamps(connection: sqlite.Connection, paths: Sequence[str]) -> None:
    """Keep the stamps of notes that were read or are gone: a few beside the others, which are put together when there are many such."""
    if len(paths) > MOST_BESIDE:
        put_stamps_together(connection)
        return
    query = "INSERT OR REPLACE INTO stamped SELECT ?1, note.mtime, note.size, note.ctime FROM (SELECT 1) LEFT JOIN note ON note.path = ?1"
    connection.executemany(query, ((path,) for path in paths))
    (beside,) = connection.execute("SELECT count(*) FROM stamped").fetchone()
    if beside > MOST_BESIDE:
        put_stamps_together(connection)


def put_stamps_together(connection: sqlite.Connection) -> None:
    """Keep the stamps of all notes in one piece, which is read several times as fast as row by row."""
    from array import array

    rows = connection.execute("SELECT path, mtime, size, ctime FROM note").fetchall()
    numbers = array("q", (number for _, *stamp in rows for number in stamp))
    connection.execute("DELETE FROM stamps")
    connection.execute("DELETE FROM stamped")
    connection.execute("INSERT INTO stamps VALUES (?, ?)", ("\0".join(row[0] for row in rows), numbers.tobytes()))


def todo(connection: sqlite.Connection) -> dict[str, int]:
    """The paths of the notes that the full-text index has yet to take up or drop, each with its turn."""
    return dict(connection.execute("SELECT path, turn FROM todo ORDER BY path"))


def done(connection: sqlite.Connection, turns: list[int], seal: str) -> None:
    """Take notes off the full-text index's list, and remember its new seal, both or neither; one that has changed since has another turn, and stays."""
    with Changing(connection):
        connection.executemany("DELETE FROM todo WHERE turn = ?", [(turn,) for turn in turns])
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('fulltext', ?)", (seal,))


def start_index(connection: sqlite.Connection, seal: str) -> None:
    """Begin a new full-text index: remember its seal, and put every note on its list, both or neither."""
    with Changing(connection):
        connection.execute("INSERT OR IGNORE INTO todo(path) SELECT path FROM note")
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('fulltext', ?)", (seal,))
