"""The catalogue: what zettel remembers of a notebook, in sqlite3. It may be deleted at any time."""

from __future__ import annotations

import marshal
import os
import sqlite3

from zettel.adapters.files import Stamps

VERSION = 7
"""Of the tables below and of what readings put into them; a catalogue of another version is made anew."""

PATIENCE = 20
"""How often half a minute is waited for others who are writing: the first look at a very large notebook takes minutes."""

TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE note(
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, place TEXT NOT NULL, mtime INTEGER NOT NULL, size INTEGER NOT NULL, ctime INTEGER NOT NULL, zid TEXT,
  title TEXT NOT NULL, title_key TEXT NOT NULL, aliases TEXT NOT NULL, tags TEXT NOT NULL, created TEXT, words INTEGER NOT NULL, review TEXT);
CREATE INDEX note_zid ON note(zid);
CREATE TABLE name(key TEXT NOT NULL, note INTEGER NOT NULL, PRIMARY KEY(key, note)) WITHOUT ROWID;
CREATE INDEX name_note ON name(note);
CREATE TABLE tag(key TEXT NOT NULL, note INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(key, note)) WITHOUT ROWID;
CREATE INDEX tag_note ON tag(note);
CREATE TABLE link(
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL, target INTEGER, status TEXT NOT NULL, candidates TEXT NOT NULL,
  syntax TEXT NOT NULL, text TEXT NOT NULL, dest TEXT NOT NULL, label TEXT NOT NULL, line INTEGER NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, headings TEXT NOT NULL, sentence TEXT NOT NULL,
  mark_start INTEGER NOT NULL, mark_end INTEGER NOT NULL);
CREATE INDEX link_source ON link(source, target);
CREATE INDEX link_target ON link(target, source);
CREATE TABLE ask(key TEXT NOT NULL, link INTEGER NOT NULL, PRIMARY KEY(key, link)) WITHOUT ROWID;
CREATE INDEX ask_link ON ask(link);
CREATE TABLE problem(note INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, line INTEGER NOT NULL, col INTEGER NOT NULL);
CREATE INDEX problem_note ON problem(note);
CREATE TABLE sketch(note INTEGER PRIMARY KEY, words INTEGER NOT NULL, marker INTEGER NOT NULL, least TEXT NOT NULL);
CREATE TABLE question(note INTEGER NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX question_note ON question(note);
CREATE TABLE todo(turn INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE);
CREATE TABLE stamps(data BLOB);
CREATE TABLE adjacency(
  rows BLOB, forward_starts BLOB, forward BLOB, back_starts BLOB, back BLOB, both_starts BLOB, both BLOB);
"""
"""`name` holds the keys notes answer to, `ask` those links ask for (see `zettel.model.resolving`); `todo`
the notes that the full-text index has yet to take up or drop, with a new `turn` whenever a note changes; `place` is the path in NFC. `adjacency` has one row or none
(see `zettel.adapters.adjacency`), and so has `stamps`: those of all notes at once. `sketch` holds what checks have asked of notes' texts
so far (see `zettel.model.sketch`)."""


def connect(folder: str | None, name: str = "catalogue") -> sqlite3.Connection:
    """A connection to the catalogue in `folder` (None: in memory only), with empty tables if it was not there.

    One that is damaged or of another version is made anew. Raises `OSError` or `sqlite3.OperationalError`
    where the folder cannot be written.
    """
    if folder is None:
        return _prepared(sqlite3.connect(":memory:", isolation_level=None))
    os.makedirs(folder, mode=0o700, exist_ok=True)
    file = os.path.join(folder, name + ".db")
    for attempt in (1, 2):
        connection = sqlite3.connect(file, timeout=30, isolation_level=None)
        try:
            return _prepared(connection)
        except sqlite3.OperationalError:
            connection.close()
            raise
        except sqlite3.DatabaseError:
            connection.close()
            if attempt == 2:
                raise
            for suffix in ("", "-wal", "-shm"):
                if os.path.exists(file + suffix):
                    os.unlink(file + suffix)
    raise AssertionError("unreachable")


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == VERSION:
        return connection
    connection.execute("PRAGMA journal_mode = WAL")
    with Changing(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            make_tables(connection)
    return connection


class Changing:
    """A transaction in which the catalogue is written: whole, or (if an error ends it) not at all. Waits while others are at it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        """Begin it."""
        for attempt in range(PATIENCE):
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error) or attempt == PATIENCE - 1:
                    raise

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End it."""
        if kind is None:
            self._connection.execute("COMMIT")
        elif self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def is_busy(error: sqlite3.Error) -> bool:
    """Whether an error says no more than that others are at work."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def make_tables(connection: sqlite3.Connection) -> None:
    """Forget every note, within a transaction."""
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
        connection.execute(f'DROP TABLE "{table}"')
    for statement in TABLES.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def remove(folder: str) -> None:
    """Remove every catalogue in `folder`, as far as that can be done."""
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        if name.startswith("catalogue"):
            try:
                os.unlink(os.path.join(folder, name))
            except OSError:
                pass


def get(connection: sqlite3.Connection, key: str) -> str | None:
    """A remembered text, or None."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def stamps(connection: sqlite3.Connection) -> Stamps:
    """The stamps of the notes as they were when they were read."""
    row = connection.execute("SELECT data FROM stamps").fetchone()
    try:
        found: Stamps = marshal.loads(row[0]) if row else {}  # noqa: S302 - we have written it ourselves
    except (EOFError, ValueError, TypeError):
        raise sqlite3.DatabaseError("the stamps in it are damaged") from None
    return found


def keep_stamps(connection: sqlite3.Connection) -> None:
    """Keep the stamps of all notes in one piece, which is read several times as fast as row by row."""
    rows = connection.execute("SELECT path, mtime, size, ctime FROM note")
    found = {path: (mtime, size, ctime) for path, mtime, size, ctime in rows}
    connection.execute("DELETE FROM stamps")
    connection.execute("INSERT INTO stamps VALUES (?)", (marshal.dumps(found),))


def todo(connection: sqlite3.Connection) -> dict[str, int]:
    """The paths of the notes that the full-text index has yet to take up or drop, each with its turn."""
    return dict(connection.execute("SELECT path, turn FROM todo ORDER BY path"))


def done(connection: sqlite3.Connection, turns: list[int]) -> None:
    """Take notes off the full-text index's list; one that has changed since has another turn, and stays."""
    with Changing(connection):
        connection.executemany("DELETE FROM todo WHERE turn = ?", [(turn,) for turn in turns])


def start_index(connection: sqlite3.Connection, token: str) -> None:
    """Begin a new full-text index: remember its token, and put every note on its list, both or neither."""
    with Changing(connection):
        connection.execute("INSERT OR IGNORE INTO todo(path) SELECT path FROM note")
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('fulltext', ?)", (token,))
