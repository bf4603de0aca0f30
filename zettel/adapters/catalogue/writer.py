"""Record parsed notes in the catalogue, so that after any change it equals one built from scratch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from zettel.adapters.catalogue import copies, schema
from zettel.adapters.catalogue.queries import Catalogue
from zettel.adapters.catalogue.schema import SEPARATOR, CatalogueTransaction, create_indexes, drop_indexes, reset_tables
from zettel.adapters.fs.files import FileStamp, mark_if_racy
from zettel.model.link.resolve import KeyLookup, list_link_keys, list_note_keys, resolve_link
from zettel.model.note.parse import ParsedNote
from zettel.model.note.sync_copy import has_competitor
from zettel.model.text.fold import fold, to_nfc
from zettel.model.text.ids import find_leading_id

UNREADABLE_STAMP = (-1, -1, -1)
"""The stamp of a note that could not be read, so that it is tried again each time."""

MAX_SINGLE_STAMPS = 500
"""Maximum number of stamps stored row by row, besides the packed ones. This many load in less than a millisecond."""

BATCH_SIZE = 500
"""Notes whose rows are inserted together."""

BULK_LOOKUP_THRESHOLD = 500
"""Number of links from which all names are loaded at once, not one by one."""


def record_notes(
    catalogue: Catalogue,
    changed: Iterable[str],
    gone: Iterable[str],
    read_stamp: Callable[[str], FileStamp | None],
    parse_note: Callable[[str, bool], ParsedNote | None],
    read_text: Callable[[str], str],
    *,
    is_sure: bool = True,
    from_scratch: bool = False,
) -> bool:
    """Record changed notes and delete those that are gone, in one transaction. With `from_scratch`, start from an empty catalogue.

    Reads each note again under the lock (`read_stamp`, then `parse_note`), so that a newer version which another process has just recorded is never
    replaced by an older one. Resolves the links of other notes again if a key that they ask for has gained or lost a note.
    `parse_note` takes a path, and whether another note has the ID in the note's title line by stronger evidence. A note for which that
    changes is parsed again. It returns None for a note that is not to be recorded, as if it were gone.

    Returns False if a changed note is gone by now, or a note reported gone is there again. Such a note is kept, unless `is_sure`.
    """
    connection = catalogue.connection
    with CatalogueTransaction(connection):
        if from_scratch:
            reset_tables(connection)
        is_first = not connection.execute("SELECT EXISTS (SELECT 1 FROM note)").fetchone()[0]
        if is_first:
            drop_indexes(connection)
        lost = list(gone)
        is_settled = is_sure or not any(map(read_stamp, lost))
        lost = [path for path in lost if is_sure or read_stamp(path) is None]
        rows = RowBuffer(connection, is_first=is_first)
        recorded = []
        ids: set[str | None] = set()
        for path in changed:
            now = read_stamp(path)
            if now is None:
                is_settled = False
                lost.append(path)
                continue
            known = (
                None if is_first else connection.execute("SELECT mtime, size, ctime, id, zid FROM note WHERE path = ?", (path,)).fetchone()
            )
            if known and now == known[:3]:
                continue  # another process has recorded it already
            now = mark_if_racy(now)
            parsed = parse_note(path, False)
            if parsed is None:
                lost += [path] if known else []
                continue
            rows.add_note(path, now, parsed, known and known[3])
            recorded.append(path)
            ids |= {parsed.id, known and known[4]}
        rows.flush()
        for path in lost:
            row = connection.execute("SELECT id, zid FROM note WHERE path = ?", (path,)).fetchone()
            if row:
                ids.add(row[1])
                rows.changed_keys |= _delete_note_rows(connection, row[0])
                connection.execute("DELETE FROM note WHERE id = ?", row[:1])
                connection.execute("INSERT OR REPLACE INTO todo(path) VALUES (?)", (path,))
        connection.execute("DELETE FROM adjacency")
        has_indexes = not is_first
        claims = None if is_first else {*ids, *_list_title_line_ids(connection, recorded)}
        disputed = _find_disputed_notes(connection, claims)
        if disputed and not has_indexes:
            create_indexes(connection)  # for deleting the rows of notes
            has_indexes = True
        for number, path, stamp, note_id, is_taken in disputed:
            if parsed := parse_note(path, is_taken):
                rows.add_note(path, stamp, parsed, number)
            ids.add(note_id)
        rows.flush()
        unsettled = None if is_first else copies.find_unsettled(connection, [*recorded, *lost, *(path for _, path, *_ in disputed)], ids)
        rows.changed_keys |= copies.settle_copies(connection, unsettled, read_text)
        if is_first:
            _resolve_all_links(connection)
            if not has_indexes:
                create_indexes(connection)
        else:
            _resolve_affected_links(catalogue, rows.new_links, {key for key, _ in rows.changed_keys})
        _store_stamps(connection, recorded + lost)
    return is_settled


def _list_title_line_ids(connection: schema.Connection, paths: Iterable[str]) -> list[str]:
    """Return the IDs that the title lines of notes give."""
    rows = (connection.execute("SELECT title_line_id FROM note WHERE path = ?", (path,)).fetchone() for path in paths)
    return [row[0] for row in rows if row and row[0]]


def _find_disputed_notes(connection: schema.Connection, ids: set[str | None] | None) -> list[tuple[int, str, FileStamp, str, bool]]:
    """Return the notes that must be parsed again, because their title line gives an ID that another note now has, or no longer has.

    Looks at some IDs, or at all if `ids` is None. Each note comes with its number, path, stamp and this ID, and with whether the ID is taken.
    """
    columns = "SELECT id, path, mtime, size, ctime, zid, title_line_id FROM note WHERE title_line_id"
    if ids is None:
        claims = connection.execute(f"{columns} IS NOT NULL").fetchall()
    else:
        claims = [claim for note_id in sorted(filter(None, ids)) for claim in connection.execute(f"{columns} = ?", (note_id,))]
    owners: dict[str, list[str]] = {}
    if claims:
        wanted = {claim[-1] for claim in claims}
        query = "SELECT zid, path FROM note WHERE title_line_id IS NULL AND zid"
        rows = (
            connection.execute(f"{query} IS NOT NULL")
            if ids is None
            else (row for note_id in wanted for row in connection.execute(f"{query} = ?", (note_id,)))
        )
        for note_id, owner in rows:
            if note_id in wanted:
                owners.setdefault(note_id, []).append(owner)
    found = []
    for number, path, mtime, size, ctime, zid, note_id in claims:
        is_taken = has_competitor(path, owners.get(note_id, ()))
        if (zid is None) != is_taken:
            found.append((number, path, (mtime, size, ctime), note_id, is_taken))
    return found


def _delete_note_rows(connection: schema.Connection, number: int) -> set[tuple[str, int]]:
    """Delete all rows of a note except its own in `note`, and return the keys that it answered to."""
    keys = {(key, number) for (key,) in connection.execute("SELECT key FROM name WHERE note = ?", (number,))}
    connection.execute("DELETE FROM ask WHERE link IN (SELECT id FROM link WHERE source = ?)", (number,))
    for table in ("name", "tag", "problem", "question", "sketch", "outline"):
        connection.execute(f"DELETE FROM {table} WHERE note = ?", (number,))
    connection.execute("DELETE FROM link WHERE source = ?", (number,))
    return keys


INSERTS = {
    "note": "INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
    "name": "INSERT INTO name VALUES (?, ?)",
    "tag": "INSERT INTO tag VALUES (?, ?, ?)",
    "problem": "INSERT INTO problem VALUES (?, ?, ?, ?, ?)",
    "question": "INSERT INTO question VALUES (?, ?, ?, ?)",
    "link": "INSERT INTO link VALUES (?, ?, NULL, '', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "ask": "INSERT INTO ask VALUES (?, ?)",
    "todo": "INSERT OR REPLACE INTO todo(path) VALUES (?)",
}
SORTED_TABLES = ("name", "tag", "ask")
"""Tables stored in the order of their keys, for which sorted rows are faster to insert."""


class RowBuffer:
    """Rows of notes, collected and inserted into the catalogue in batches.

    `new_links` holds the numbers of their links, which are not resolved yet, and `changed_keys` the keys that notes have gained or lost, with the
    note's number. Both stay empty for a catalogue's first notes, because then all links are resolved anyway.
    """

    def __init__(self, connection: schema.Connection, *, is_first: bool) -> None:
        self._connection = connection
        self._is_first = is_first
        self._rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in INSERTS}
        self._last_note, self._last_link = (
            connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0] for table in ("note", "link")
        )
        self.new_links: list[int] = []
        self.changed_keys: set[tuple[str, int]] = set()

    def add_note(self, path: str, stamp: FileStamp, parsed: ParsedNote, number: int | None) -> None:
        """Add a note as it is now. `number` is its row in the catalogue, None if it is new. Deletes its old rows."""
        rows = self._rows
        before: set[tuple[str, int]] = set()
        if number is None:
            self._last_note = number = self._last_note + 1
        else:
            before = _delete_note_rows(self._connection, number)
        is_unread = any(problem.code == "unreadable" for problem in parsed.problems)
        title, aliases, tags = parsed.title, SEPARATOR.join(parsed.aliases), SEPARATOR.join(parsed.tags)
        values = (parsed.id, title, fold(title), aliases, tags, parsed.created, parsed.words, parsed.review_date)
        is_named = find_leading_id(path[path.rfind("/") + 1 :]) is not None
        rows["note"].append(
            (number, path, to_nfc(path), *(UNREADABLE_STAMP if is_unread else stamp), *values, is_named, parsed.title_line_id)
        )
        after = {
            (key, number) for key in (*list_note_keys(path, parsed.id, title, parsed.aliases), *copies.list_copy_keys(path, parsed.id))
        }
        rows["name"] += after
        spelled: dict[str, str] = {}
        for tag in parsed.tags:
            spelled.setdefault(fold(tag), tag)
        rows["tag"] += [(key, number, tag) for key, tag in spelled.items()]
        rows["problem"] += [(number, item.code, item.message, item.line, item.col) for item in parsed.problems]
        rows["question"] += [(number, item.line, item.text, item.needs_unsorted_tag) for item in parsed.questions]
        rows["todo"].append((path,))
        first = self._last_link + 1
        numbers: dict[int, int] = {}
        for own, link in enumerate(parsed.links, first):
            position = (link.line, link.start, link.end, SEPARATOR.join(link.headings), link.sentence, *link.mark)
            names = ""
            if len(link.names) == 1 and link.names[0][0] == link.start:
                names = f"0 {link.names[0][1]} {link.names[0][2]}"
            elif link.names:
                numbers = numbers or {other.start: at for at, other in enumerate(parsed.links, first)}
                names = " ".join([f"{numbers[at] - own} {begin} {end}" for at, begin, end in link.names if at in numbers])
            rows["link"].append((own, number, link.syntax, link.text, link.dest, link.label, *position, names))
            for key in list_link_keys(path, link.syntax, link.dest):
                rows["ask"].append((key, own))
        self._last_link += len(parsed.links)
        if not self._is_first:
            self.new_links += range(first, self._last_link + 1)
            self.changed_keys |= before ^ after
        if len(rows["note"]) >= BATCH_SIZE:
            self.flush()

    def flush(self) -> None:
        """Insert the rows added so far."""
        for table, rows in self._rows.items():
            if table in SORTED_TABLES:
                rows.sort()
            if rows:
                self._connection.executemany(INSERTS[table], rows)
                rows.clear()


def _resolve_all_links(connection: schema.Connection) -> None:
    """Resolve every link."""
    lookup, numbers = _build_memory_lookup(connection), dict(connection.execute("SELECT path, id FROM note"))
    query = "SELECT link.id, path, syntax, dest FROM link JOIN note ON note.id = link.source WHERE link.id > ? ORDER BY link.id LIMIT ?"
    last = 0
    while rows := connection.execute(query, (last, 20 * BATCH_SIZE)).fetchall():
        _store_resolutions(connection, rows, lookup, numbers)
        last = rows[-1][0]


def _resolve_affected_links(catalogue: Catalogue, new_links: list[int], keys: set[str]) -> None:
    """Resolve new links, and those that ask for one of `keys`."""
    connection = catalogue.connection
    affected = set(new_links)
    for key in keys:
        affected.update(number for (number,) in connection.execute("SELECT link FROM ask WHERE key = ?", (key,)))
    if not affected:
        return
    lookup = _build_memory_lookup(connection) if len(affected) > BULK_LOOKUP_THRESHOLD else catalogue.find_paths_by_key
    numbers = dict(connection.execute("SELECT path, id FROM note")) if len(affected) > BULK_LOOKUP_THRESHOLD else {}
    query = "SELECT link.id, path, syntax, dest FROM link JOIN note ON note.id = link.source"
    if len(affected) > BULK_LOOKUP_THRESHOLD:
        rows = [row for row in connection.execute(query) if row[0] in affected]
    else:
        found = (connection.execute(f"{query} WHERE link.id = ?", (number,)).fetchone() for number in sorted(affected))
        rows = [row for row in found if row]  # a note that is parsed twice has other links then
    _store_resolutions(connection, rows, lookup, numbers)


def _store_resolutions(
    connection: schema.Connection, rows: list[tuple[int, str, str, str]], lookup: KeyLookup, numbers: dict[str, int]
) -> None:
    """Resolve links, given as (number, source, syntax, destination), and store the results."""
    resolutions = []
    for number, path, syntax, dest in rows:
        found = resolve_link(path, syntax, dest, lookup)
        target = _find_note_number(connection, numbers, found.target) if found.target else None
        candidates = " ".join(str(_find_note_number(connection, numbers, path)) for path in found.candidates)
        resolutions.append((target, found.status, candidates, number))
    connection.executemany("UPDATE link SET target = ?, status = ?, candidates = ? WHERE id = ?", resolutions)


def _find_note_number(connection: schema.Connection, numbers: dict[str, int], path: str) -> int:
    if path not in numbers:
        (numbers[path],) = connection.execute("SELECT id FROM note WHERE path = ?", (path,)).fetchone()
    return numbers[path]


def _build_memory_lookup(connection: schema.Connection) -> KeyLookup:
    names: dict[str, list[str]] = {}
    for key, path in connection.execute("SELECT key, path FROM name JOIN note ON note.id = name.note"):
        names.setdefault(key, []).append(path)
    return lambda key: names.get(key, ())


def _store_stamps(connection: schema.Connection, paths: Sequence[str]) -> None:
    """Store the stamps of notes that were read or are gone: a few as single rows, all packed if there are too many rows."""
    if len(paths) > MAX_SINGLE_STAMPS:
        _pack_stamps(connection)
        return
    query = "INSERT OR REPLACE INTO stamped SELECT ?1, note.mtime, note.size, note.ctime FROM (SELECT 1) LEFT JOIN note ON note.path = ?1"
    connection.executemany(query, ((path,) for path in paths))
    (beside,) = connection.execute("SELECT count(*) FROM stamped").fetchone()
    if beside > MAX_SINGLE_STAMPS:
        _pack_stamps(connection)


def _pack_stamps(connection: schema.Connection) -> None:
    """Pack the stamps of all notes into one row, which loads several times as fast as single rows."""
    from array import array

    rows = connection.execute("SELECT path, mtime, size, ctime FROM note").fetchall()
    numbers = array("q", (number for _, *stamp in rows for number in stamp))
    connection.execute("DELETE FROM stamps")
    connection.execute("DELETE FROM stamped")
    connection.execute("INSERT INTO stamps VALUES (?, ?)", ("\0".join(row[0] for row in rows), numbers.tobytes()))
