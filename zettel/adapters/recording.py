"""Record parsed notes in the catalogue, so that after any change it equals one built from scratch."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zettel.adapters import sqlite
from zettel.adapters.catalogue import Changing, drop_indexes, keep_stamps, make_indexes, make_tables
from zettel.adapters.files import Stamp, settled
from zettel.model.ids import id_at_start
from zettel.model.reading import Reading
from zettel.model.resolving import Lookup, asks, keys_of, resolve
from zettel.model.text import fold, nfc

JOIN = "\x1f"
UNREAD = (-1, -1, -1)
"""The stamp of a note that could not be read, so that it is tried again each time."""

AT_ONCE = 500
"""Notes whose rows are inserted together."""

MANY = 500
"""Number of links from which all names are loaded at once, not one by one."""


def record(
    connection: sqlite.Connection,
    changed: Iterable[str],
    gone: Iterable[str],
    stamp: Callable[[str], Stamp | None],
    read: Callable[[str], Reading],
    *,
    is_sure: bool = True,
    is_anew: bool = False,
) -> bool:
    """Record changed notes and delete those that are gone, in one transaction. With `is_anew`, start from an empty catalogue.

    Reads each note again under the lock (`stamp`, then `read`), so that a newer version which another process has just recorded is never
    replaced by an older one. Resolves the links of other notes again if a key that they ask for has gained or lost a note.

    Returns False if a changed note is gone by now, or a note reported gone is there again. Such a note is kept, unless `is_sure`.
    """
    with Changing(connection):
        if is_anew:
            make_tables(connection)
        is_first = not connection.execute("SELECT EXISTS (SELECT 1 FROM note)").fetchone()[0]
        if is_first:
            drop_indexes(connection)
        lost = list(gone)
        is_settled = is_sure or not any(map(stamp, lost))
        lost = [path for path in lost if is_sure or stamp(path) is None]
        rows = Rows(connection, is_first=is_first)
        recorded = []
        for path in changed:
            now = stamp(path)
            if now is None:
                is_settled = False
                lost.append(path)
                continue
            known = None if is_first else connection.execute("SELECT mtime, size, ctime, id FROM note WHERE path = ?", (path,)).fetchone()
            if known and now == known[:3]:
                continue  # another process has recorded it already
            now = settled(now)
            rows.add(path, now, read(path), known and known[3])
            recorded.append(path)
        rows.put()
        for path in lost:
            row = connection.execute("SELECT id FROM note WHERE path = ?", (path,)).fetchone()
            if row:
                rows.moved |= _forget(connection, row[0])
                connection.execute("DELETE FROM note WHERE id = ?", row)
                connection.execute("INSERT OR REPLACE INTO todo(path) VALUES (?)", (path,))
        connection.execute("DELETE FROM adjacency")
        if is_first:
            _resolve_all(connection)
            make_indexes(connection)
        else:
            _resolve(connection, rows.fresh, {key for key, _ in rows.moved})
        keep_stamps(connection, recorded + lost)
    return is_settled


def _forget(connection: sqlite.Connection, number: int) -> set[tuple[str, int]]:
    """Delete all rows of a note except its own in `note`, and return the keys that it answered to."""
    keys = {(key, number) for (key,) in connection.execute("SELECT key FROM name WHERE note = ?", (number,))}
    connection.execute("DELETE FROM ask WHERE link IN (SELECT id FROM link WHERE source = ?)", (number,))
    for table in ("name", "tag", "problem", "question", "sketch"):
        connection.execute(f"DELETE FROM {table} WHERE note = ?", (number,))
    connection.execute("DELETE FROM link WHERE source = ?", (number,))
    return keys


INSERTS = {
    "note": "INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "name": "INSERT INTO name VALUES (?, ?)",
    "tag": "INSERT INTO tag VALUES (?, ?, ?)",
    "problem": "INSERT INTO problem VALUES (?, ?, ?, ?, ?)",
    "question": "INSERT INTO question VALUES (?, ?, ?)",
    "link": "INSERT INTO link VALUES (?, ?, NULL, '', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "ask": "INSERT INTO ask VALUES (?, ?)",
    "todo": "INSERT OR REPLACE INTO todo(path) VALUES (?)",
}
SORTED = ("name", "tag", "ask")
"""Tables stored in the order of their keys, for which sorted rows are faster to insert."""


class Rows:
    """Rows of notes, collected and inserted into the catalogue in batches.

    `fresh` holds the numbers of their links, which are not resolved yet, and `moved` the keys that notes have gained or lost, with the
    note's number. Both stay empty for a catalogue's first notes, because then all links are resolved anyway.
    """

    def __init__(self, connection: sqlite.Connection, *, is_first: bool) -> None:
        self._connection = connection
        self._is_first = is_first
        self._rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in INSERTS}
        self._note, self._link = (
            connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0] for table in ("note", "link")
        )
        self.fresh: list[int] = []
        self.moved: set[tuple[str, int]] = set()

    def add(self, path: str, stamp: Stamp, reading: Reading, number: int | None) -> None:
        """Add a note as it is now. `number` is its row in the catalogue, None if it is new. Deletes its old rows."""
        rows = self._rows
        before: set[tuple[str, int]] = set()
        if number is None:
            self._note = number = self._note + 1
        else:
            before = _forget(self._connection, number)
        is_unread = any(problem.code == "unreadable" for problem in reading.problems)
        title, aliases, tags = reading.title, JOIN.join(reading.aliases), JOIN.join(reading.tags)
        values = (reading.id, title, fold(title), aliases, tags, reading.created, reading.words, reading.review)
        is_named = id_at_start(path[path.rfind("/") + 1 :]) is not None
        rows["note"].append((number, path, nfc(path), *(UNREAD if is_unread else stamp), *values, is_named))
        after = {(key, number) for key in keys_of(path, reading.id, title, reading.aliases)}
        rows["name"] += after
        spelled: dict[str, str] = {}
        for tag in reading.tags:
            spelled.setdefault(fold(tag), tag)
        rows["tag"] += [(key, number, tag) for key, tag in spelled.items()]
        rows["problem"] += [(number, item.code, item.message, item.line, item.col) for item in reading.problems]
        rows["question"] += [(number, item.line, item.text) for item in reading.questions]
        rows["todo"].append((path,))
        first = self._link + 1
        for own, link in enumerate(reading.links, first):
            position = (link.line, link.start, link.end, JOIN.join(link.headings), link.sentence, *link.mark)
            rows["link"].append((own, number, link.syntax, link.text, link.dest, link.label, *position))
            for key in asks(path, link.syntax, link.dest):
                rows["ask"].append((key, own))
        self._link += len(reading.links)
        if not self._is_first:
            self.fresh += range(first, self._link + 1)
            self.moved |= before ^ after
        if len(rows["note"]) >= AT_ONCE:
            self.put()

    def put(self) -> None:
        """Insert the rows added so far."""
        for table, rows in self._rows.items():
            if table in SORTED:
                rows.sort()
            if rows:
                self._connection.executemany(INSERTS[table], rows)
                rows.clear()


def _resolve_all(connection: sqlite.Connection) -> None:
    """Resolve every link."""
    lookup, numbers = _lookup_in_memory(connection), dict(connection.execute("SELECT path, id FROM note"))
    query = "SELECT link.id, path, syntax, dest FROM link JOIN note ON note.id = link.source WHERE link.id > ? ORDER BY link.id LIMIT ?"
    last = 0
    while rows := connection.execute(query, (last, 20 * AT_ONCE)).fetchall():
        _judge(connection, rows, lookup, numbers)
        last = rows[-1][0]


def _resolve(connection: sqlite.Connection, fresh: list[int], keys: set[str]) -> None:
    """Resolve new links, and those that ask for one of `keys`."""
    affected = set(fresh)
    for key in keys:
        affected.update(number for (number,) in connection.execute("SELECT link FROM ask WHERE key = ?", (key,)))
    if not affected:
        return
    lookup = _lookup_in_memory(connection) if len(affected) > MANY else _lookup_one_by_one(connection)
    numbers = dict(connection.execute("SELECT path, id FROM note")) if len(affected) > MANY else {}
    query = "SELECT link.id, path, syntax, dest FROM link JOIN note ON note.id = link.source"
    if len(affected) > MANY:
        rows = [row for row in connection.execute(query) if row[0] in affected]
    else:
        rows = [connection.execute(f"{query} WHERE link.id = ?", (number,)).fetchone() for number in sorted(affected)]
    _judge(connection, rows, lookup, numbers)


def _judge(connection: sqlite.Connection, rows: list[tuple[int, str, str, str]], lookup: Lookup, numbers: dict[str, int]) -> None:
    """Resolve links, given as (number, source, syntax, destination), and store the results."""
    resolutions = []
    for number, path, syntax, dest in rows:
        found = resolve(path, syntax, dest, lookup)
        target = _number(connection, numbers, found.target) if found.target else None
        candidates = " ".join(str(_number(connection, numbers, path)) for path in found.candidates)
        resolutions.append((target, found.status, candidates, number))
    connection.executemany("UPDATE link SET target = ?, status = ?, candidates = ? WHERE id = ?", resolutions)


def _number(connection: sqlite.Connection, numbers: dict[str, int], path: str) -> int:
    if path not in numbers:
        (numbers[path],) = connection.execute("SELECT id FROM note WHERE path = ?", (path,)).fetchone()
    return numbers[path]


def _lookup_in_memory(connection: sqlite.Connection) -> Lookup:
    names: dict[str, list[str]] = {}
    for key, path in connection.execute("SELECT key, path FROM name JOIN note ON note.id = name.note"):
        names.setdefault(key, []).append(path)
    return lambda key: names.get(key, ())


def _lookup_one_by_one(connection: sqlite.Connection) -> Lookup:
    query = "SELECT path FROM name JOIN note ON note.id = name.note WHERE key = ?"
    return lambda key: [path for (path,) in connection.execute(query, (key,))]
