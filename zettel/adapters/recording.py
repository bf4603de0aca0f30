"""Recording readings in the catalogue, so that it is the same as made from scratch after any change."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zettel.adapters import sqlite as sqlite3
from zettel.adapters.catalogue import Changing, keep_stamps, make_tables
from zettel.adapters.files import Stamp, settled
from zettel.model.reading import Reading
from zettel.model.resolving import Lookup, asks, keys_of, resolve
from zettel.model.text import fold, nfc

JOIN = "\x1f"
UNREAD = (-1, -1, -1)
"""The stamp of a note that could not be read: it is tried again each time."""

MANY = 500
"""From so many links on, all names are read at once rather than one by one."""


def record(
    connection: sqlite3.Connection,
    changed: Iterable[str],
    gone: Iterable[str],
    stamp: Callable[[str], Stamp | None],
    read: Callable[[str], Reading],
    *,
    is_sure: bool = True,
    is_anew: bool = False,
) -> bool:
    """Record changed notes and forget those that are gone, in one transaction; `is_anew`: forget all others, too.

    Nobody else records meanwhile, so each note is looked at again now (`stamp`, then `read`): what another process has read since
    is never replaced by what is older. Links of other notes are resolved again wherever a key they ask for has won or lost a
    note. False: some notes are no longer as they were seen; those that were gone and are there stay, unless it `is_sure` that they
    are no notes now.
    """
    with Changing(connection):
        if is_anew:
            make_tables(connection)
        moved: set[tuple[str, int]] = set()
        fresh: list[int] = []
        lost = list(gone)
        is_settled = is_sure or not any(map(stamp, lost))
        lost = [path for path in lost if is_sure or stamp(path) is None]
        for path in changed:
            now = stamp(path)
            if now is None:
                is_settled = False
                lost.append(path)
                continue
            if now == connection.execute("SELECT mtime, size, ctime FROM note WHERE path = ?", (path,)).fetchone():
                continue  # somebody else was faster
            now = settled(now)
            reading = read(path)
            number, keys = _note(connection, path, now, reading)
            moved |= keys
            fresh += _links(connection, path, number, reading)
            connection.execute("INSERT OR REPLACE INTO todo(path) VALUES (?)", (path,))
        for path in lost:
            row = connection.execute("SELECT id FROM note WHERE path = ?", (path,)).fetchone()
            if row:
                moved |= _forget(connection, row[0])
                connection.execute("DELETE FROM note WHERE id = ?", row)
                connection.execute("INSERT OR REPLACE INTO todo(path) VALUES (?)", (path,))
        connection.execute("DELETE FROM adjacency")
        _resolve(connection, fresh, {key for key, _ in moved})
        keep_stamps(connection)
    return is_settled


def _forget(connection: sqlite3.Connection, number: int) -> set[tuple[str, int]]:
    """Remove what a note brought, but for its own row; gives the keys it answered to."""
    keys = {(key, number) for (key,) in connection.execute("SELECT key FROM name WHERE note = ?", (number,))}
    connection.execute("DELETE FROM ask WHERE link IN (SELECT id FROM link WHERE source = ?)", (number,))
    for table in ("name", "tag", "problem", "question", "sketch"):
        connection.execute(f"DELETE FROM {table} WHERE note = ?", (number,))
    connection.execute("DELETE FROM link WHERE source = ?", (number,))
    return keys


def _note(connection: sqlite3.Connection, path: str, stamp: Stamp, reading: Reading) -> tuple[int, set[tuple[str, int]]]:
    """Record the note itself; gives its number and the keys that it has won or lost."""
    fields = (
        *(UNREAD if any(problem.code == "unreadable" for problem in reading.problems) else stamp),
        reading.id,
        reading.title,
        fold(reading.title),
        JOIN.join(reading.aliases),
        JOIN.join(reading.tags),
        reading.created,
        reading.words,
        reading.review,
    )
    row = connection.execute("SELECT id FROM note WHERE path = ?", (path,)).fetchone()
    before: set[tuple[str, int]] = set()
    if row:
        number: int = row[0]
        before = _forget(connection, number)
        connection.execute(
            "UPDATE note SET mtime = ?, size = ?, ctime = ?, zid = ?, title = ?, title_key = ?, aliases = ?, tags = ?, created = ?, words = ?, review = ? WHERE id = ?",
            (*fields, number),
        )
    else:
        columns = "mtime, size, ctime, zid, title, title_key, aliases, tags, created, words, review, path, place"
        made = connection.execute(f"INSERT INTO note({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*fields, path, nfc(path)))
        number = made.lastrowid or 0
    after = {(key, number) for key in keys_of(path, reading.id, reading.title, reading.aliases)}
    connection.executemany("INSERT INTO name VALUES (?, ?)", after)
    connection.executemany("INSERT OR IGNORE INTO tag VALUES (?, ?, ?)", [(fold(tag), number, tag) for tag in reading.tags])
    connection.executemany(
        "INSERT INTO problem VALUES (?, ?, ?, ?, ?)", [(number, item.code, item.message, item.line, item.col) for item in reading.problems]
    )
    connection.executemany("INSERT INTO question VALUES (?, ?, ?)", [(number, item.line, item.text) for item in reading.questions])
    return number, before ^ after


def _links(connection: sqlite3.Connection, path: str, number: int, reading: Reading) -> list[int]:
    """Record the links of a note, not yet resolved; gives their numbers."""
    numbers = []
    for link in reading.links:
        made = connection.execute(
            "INSERT INTO link VALUES (NULL, ?, NULL, '', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                link.syntax,
                link.text,
                link.dest,
                link.label,
                link.line,
                link.start,
                link.end,
                JOIN.join(link.headings),
                link.sentence,
                *link.mark,
            ),
        )
        numbers.append(made.lastrowid or 0)
        connection.executemany("INSERT INTO ask VALUES (?, ?)", [(key, made.lastrowid) for key in asks(path, link.syntax, link.dest)])
    return numbers


def _resolve(connection: sqlite3.Connection, fresh: list[int], keys: set[str]) -> None:
    """Resolve new links, and those that ask for one of `keys`."""
    affected = set(fresh)
    for key in keys:
        affected.update(number for (number,) in connection.execute("SELECT link FROM ask WHERE key = ?", (key,)))
    if not affected:
        return
    lookup = _lookup_in_memory(connection) if len(affected) > MANY else _lookup_one_by_one(connection)
    numbers = dict(connection.execute("SELECT path, id FROM note")) if len(affected) > MANY else {}
    query = "SELECT link.id, path, syntax, dest, note.id FROM link JOIN note ON note.id = link.source"
    if len(affected) > MANY:
        rows = [row for row in connection.execute(query) if row[0] in affected]
    else:
        rows = [connection.execute(f"{query} WHERE link.id = ?", (number,)).fetchone() for number in sorted(affected)]
    verdicts = []
    for number, path, syntax, dest, _ in rows:
        found = resolve(path, syntax, dest, lookup)
        target = _number(connection, numbers, found.target) if found.target else None
        candidates = " ".join(str(_number(connection, numbers, path)) for path in found.candidates)
        verdicts.append((target, found.status, candidates, number))
    connection.executemany("UPDATE link SET target = ?, status = ?, candidates = ? WHERE id = ?", verdicts)


def _number(connection: sqlite3.Connection, numbers: dict[str, int], path: str) -> int:
    if path not in numbers:
        (numbers[path],) = connection.execute("SELECT id FROM note WHERE path = ?", (path,)).fetchone()
    return numbers[path]


def _lookup_in_memory(connection: sqlite3.Connection) -> Lookup:
    names: dict[str, list[str]] = {}
    for key, path in connection.execute("SELECT key, path FROM name JOIN note ON note.id = name.note"):
        names.setdefault(key, []).append(path)
    return lambda key: names.get(key, ())


def _lookup_one_by_one(connection: sqlite3.Connection) -> Lookup:
    query = "SELECT path FROM name JOIN note ON note.id = name.note WHERE key = ?"
    return lambda key: [path for (path,) in connection.execute(query, (key,))]
