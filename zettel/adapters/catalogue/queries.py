"""Query the catalogue for notes, links, tags and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zettel.adapters.catalogue import schema
from zettel.adapters.catalogue.schema import CatalogueTransaction, is_unreachable
from zettel.model.link.link import Link, Resolution, ResolvedLink
from zettel.model.note.note import Note
from zettel.model.note.problem import Problem
from zettel.model.search.filter import Filter
from zettel.model.text.fold import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.note.fingerprint import Fingerprint

SEPARATOR = "\x1f"
MODIFIED_TIME = "strftime('%Y-%m-%dT%H:%M:%S', n.mtime / 1000000000, 'unixepoch', 'localtime')"
LINK_COUNT = "(SELECT count(*) FROM link l WHERE l.source = n.id AND l.target <> n.id)"
BACKLINK_COUNT = "(SELECT count(*) FROM link l WHERE l.target = n.id AND l.source <> n.id)"

NOTE_COLUMNS = (
    f"path, zid, title, aliases, tags, coalesce(created, {MODIFIED_TIME}), {MODIFIED_TIME}, words, {LINK_COUNT}, {BACKLINK_COUNT}"
)

SORT_COLUMNS = {
    "": "path",
    "id": "zid",
    "title": "title_key",
    "created": f"coalesce(created, {MODIFIED_TIME})",
    "modified": "mtime",
    "path": "path",
    "words": "words",
    "links": LINK_COUNT,
    "backlinks": BACKLINK_COUNT,
}

ALL = "1"
ORPHANS = "NOT EXISTS (SELECT 1 FROM link l WHERE l.target = n.id AND l.source <> n.id)"
ISOLATED = f"{ORPHANS} AND NOT EXISTS (SELECT 1 FROM link l WHERE l.source = n.id AND l.target <> n.id)"
IS_NAME_KEY = "key > 't:' AND key < 't;'"
HAS_NON_ASCII = "length(key) <> length(CAST(key AS BLOB))"

LINK_QUERY = """SELECT s.path, l.syntax, l.text, l.dest, l.label, l.line, l.start, l.end, l.headings, l.sentence, l.mark_start, l.mark_end,
 l.status, t.path, l.candidates FROM link l JOIN note s ON s.id = l.source LEFT JOIN note t ON t.id = l.target"""

Parameters = list[object]


def list_notes(connection: schema.Connection, note_filter: Filter, paths: Iterable[str] | None = None, among: str = ALL) -> list[Note]:
    """List the notes that match a filter, in its order.

    `among` is a condition such as `ORPHANS` or `ISOLATED`; `paths` restricts the result further.
    """
    if paths is not None:
        connection.execute("CREATE TEMP TABLE IF NOT EXISTS chosen(path TEXT PRIMARY KEY)")
        connection.execute("DELETE FROM chosen")
        connection.executemany("INSERT OR IGNORE INTO chosen VALUES (?)", [(path,) for path in paths])
        among += " AND path IN chosen"
    return [_build_note(row) for row in _select_rows(connection, NOTE_COLUMNS, note_filter, among)]


def list_note_summaries(
    connection: schema.Connection, note_filter: Filter, among: str = ALL
) -> list[tuple[str | None, str, str, tuple[str, ...]]]:
    """List (ID, path, title, tags) of the notes that `list_notes` returns, in half the time."""
    return [
        (zid, path, title, _split_list(tags))
        for zid, path, title, tags in _select_rows(connection, "zid, path, title, tags", note_filter, among)
    ]


def _select_rows(connection: schema.Connection, columns: str, note_filter: Filter, among: str) -> schema.Cursor:
    """Select columns of the notes that match a condition and a filter, in the filter's order."""
    where, given = _build_where(note_filter)
    where = f"{among} AND {where}"
    field, direction = SORT_COLUMNS[note_filter.sort], " DESC" if note_filter.descending else ""
    order = f"path{direction}" if field == "path" else f"{field} IS NULL, {field}{direction}, path"
    if note_filter.limit:  # find the wanted rows first, so that for all others only the sort column is read
        if note_filter.sort == "created":  # most notes have a creation date, and an index yields the first of those
            first = (
                f"SELECT n.id FROM note n WHERE {where} AND created IS NOT NULL ORDER BY created{direction}, path LIMIT {note_filter.limit}"
            )
            where = f"(n.id IN ({first}) OR (created IS NULL AND {where}))"
            given *= 2
        where = f"n.id IN (SELECT n.id FROM note n WHERE {where} ORDER BY {order} LIMIT {note_filter.limit})"
    return connection.execute(f"SELECT {columns} FROM note n WHERE {where} ORDER BY {order}", given)


def _build_where(note_filter: Filter) -> tuple[str, Parameters]:
    clauses: list[str] = ["1"]
    given: Parameters = []
    for either in note_filter.tags:
        options = []
        for term in either:
            options.append(
                ("" if term.is_wanted else "NOT ")
                + "EXISTS (SELECT 1 FROM tag g WHERE g.note = n.id AND (g.key = ? OR (g.key > ? AND g.key < ?)))"
            )
            given += [term.key, term.key + "/", term.key + "0"]
        clauses.append("(" + " OR ".join(options) + ")")
    for path in note_filter.linked_by:
        clauses.append("EXISTS (SELECT 1 FROM link l JOIN note o ON o.id = l.source WHERE l.target = n.id AND o.path = ? AND o.id <> n.id)")
        given.append(path)
    for path in note_filter.links_to:
        clauses.append("EXISTS (SELECT 1 FROM link l JOIN note o ON o.id = l.target WHERE l.source = n.id AND o.path = ? AND o.id <> n.id)")
        given.append(path)
    if note_filter.after:
        clauses.append(f"coalesce(n.created, {MODIFIED_TIME}) >= ?")
        given.append(note_filter.after)
    if note_filter.before:
        clauses.append(f"coalesce(n.created, {MODIFIED_TIME}) < ?")
        given.append(note_filter.before)
    if note_filter.folder:
        clauses.append("substr(n.place, 1, ?) = ?")
        given += [len(note_filter.folder) + 1, note_filter.folder + "/"]
    return " AND ".join(clauses), given


def _build_note(row: tuple[str, str | None, str, str, str, str, str, int, int, int]) -> Note:
    path, zid, title, aliases, tags, created, modified, words, links, backlinks = row
    return Note(path, zid, title, _split_list(aliases), _split_list(tags), created, modified, words, links, backlinks)


def _split_list(text: str) -> tuple[str, ...]:
    return tuple(text.split(SEPARATOR)) if text else ()


def find_notes_by_path(connection: schema.Connection, paths: Iterable[str]) -> dict[str, Note]:
    """Return notes by path. Paths that do not exist are left out."""
    found = {}
    for path in paths:
        if not path.isprintable() and any("\ud800" <= char < "\ue000" for char in path):
            continue  # a file whose name is not UTF-8 is not a note
        row = connection.execute(f"SELECT {NOTE_COLUMNS} FROM note n WHERE path = ?", (path,)).fetchone()
        if row:
            found[path] = _build_note(row)
    return found


def load_notes_by_row(connection: schema.Connection, rows: Iterable[int]) -> list[Note]:
    """Return notes by their rows in the catalogue, in the order given."""
    query = f"SELECT {NOTE_COLUMNS} FROM note n WHERE id = ?"
    return [_build_note(connection.execute(query, (row,)).fetchone()) for row in rows]


def find_rows(connection: schema.Connection, paths: Iterable[str]) -> list[int]:
    """Return the rows of notes in the catalogue, in the order given."""
    return [connection.execute("SELECT id FROM note WHERE path = ?", (path,)).fetchone()[0] for path in paths]


def find_notes_by_key(connection: schema.Connection, key: str) -> list[Note]:
    """Return the notes that answer to a key (see `zettel.model.link.resolve`), by path."""
    query = f"SELECT {NOTE_COLUMNS} FROM note n WHERE n.id IN (SELECT note FROM name WHERE key = ?) ORDER BY path"
    return [_build_note(row) for row in connection.execute(query, (key,))]


def find_notes_by_id_prefix(connection: schema.Connection, digits: str) -> list[Note]:
    """Return the notes whose ID begins with `digits`, by ID."""
    query = f"SELECT {NOTE_COLUMNS} FROM note n WHERE zid >= ? AND zid < ? ORDER BY zid, path"
    return [_build_note(row) for row in connection.execute(query, (digits, digits + ":"))]


def find_notes_by_words(connection: schema.Connection, words: str) -> list[Note]:
    """Return the notes whose title or an alias contains `words`, by title."""
    query = f"SELECT {NOTE_COLUMNS} FROM note n WHERE n.id IN (SELECT note FROM name WHERE {IS_NAME_KEY} AND instr(key, ?) > 0) ORDER BY title_key, path"
    return [_build_note(row) for row in connection.execute(query, (fold(words),))]


def find_names_containing(connection: schema.Connection, parts: list[str]) -> list[tuple[int, list[str]]]:
    """Return (row, title and aliases) of the notes with a name that contains all `parts` or has non-ASCII letters.

    A preselection that the caller has to check.
    """
    likely = " AND ".join("instr(key, ?) > 0" for _ in parts) or "0"
    query = (
        f"SELECT id, title, aliases FROM note WHERE id IN (SELECT note FROM name WHERE {IS_NAME_KEY} AND (({likely}) OR {HAS_NON_ASCII}))"
    )
    return [(row, [title, *_split_list(aliases)]) for row, title, aliases in connection.execute(query, parts)]


def list_note_names(connection: schema.Connection) -> list[tuple[str, str, str | None, str]]:
    """List (title, aliases joined, ID, path) of every note by path, for "did you mean"."""
    return connection.execute("SELECT title, aliases, zid, path FROM note ORDER BY path").fetchall()


def find_names_by_prefix(connection: schema.Connection, prefix: str) -> list[tuple[str, str, str | None, str]]:
    """Return (title, aliases joined, ID, path) of the notes with a name that begins with `prefix` or has non-ASCII letters.

    `prefix` are ASCII and folded. The result is a preselection that the caller has to check.
    """
    query = f"""SELECT title, aliases, zid, path FROM note WHERE id IN (
     SELECT note FROM name WHERE key >= ? AND key < ? UNION SELECT note FROM name WHERE {IS_NAME_KEY} AND {HAS_NON_ASCII})"""
    return connection.execute(query, (f"t:{prefix}", f"t:{prefix}\U0010ffff")).fetchall()


def find_handles_by_prefix(connection: schema.Connection, prefix: str, limit: int) -> list[tuple[str, str]]:
    """Return (ID or path, title) of the first `limit` notes, by path, whose ID (or path if they have none) begins with `prefix`."""
    query = "SELECT coalesce(zid, path), title FROM note WHERE substr(coalesce(zid, path), 1, ?) = ? ORDER BY path LIMIT ?"
    return connection.execute(query, (len(prefix), prefix, limit)).fetchall()


def is_empty(connection: schema.Connection) -> bool:
    """Return whether the catalogue has no notes."""
    return connection.execute("SELECT 1 FROM note LIMIT 1").fetchone() is None


def list_neighbour_links(connection: schema.Connection, path: str) -> list[tuple[str, str, bool]]:
    """Return the links of a note's neighbours with other notes: (neighbour, other note, whether the neighbour is the source)."""
    near = """WITH own(id) AS (SELECT id FROM note WHERE path = ?), near(z) AS (
     SELECT target FROM link JOIN own ON source = own.id WHERE target <> source UNION SELECT source FROM link JOIN own ON target = own.id WHERE target <> source)"""
    query = f"""{near} SELECT DISTINCT a.path, b.path, 1 FROM near JOIN link l ON l.source = z JOIN note a ON a.id = z JOIN note b ON b.id = l.target WHERE l.target <> z
     UNION ALL SELECT DISTINCT a.path, b.path, 0 FROM near JOIN link l ON l.target = z JOIN note a ON a.id = z JOIN note b ON b.id = l.source WHERE l.source <> z"""
    return [(through, other, bool(is_out)) for through, other, is_out in connection.execute(query, (path,))]


def list_titles(connection: schema.Connection) -> list[tuple[int, str, str]]:
    """List (row, path, folded title) of every note."""
    return connection.execute("SELECT id, path, title_key FROM note").fetchall()


def list_two_hop_pairs(connection: schema.Connection, number: int) -> list[tuple[int, int]]:
    """Return the pairs (neighbour, its neighbour) of a note as row numbers, in either direction of links."""
    query = """WITH near(z) AS (SELECT target FROM link WHERE source = ?1 AND target <> ?1 UNION SELECT source FROM link WHERE target = ?1 AND source <> ?1)
     SELECT z, target FROM near JOIN link ON source = z WHERE target <> z UNION SELECT z, source FROM near JOIN link ON target = z WHERE source <> z"""
    return connection.execute(query, (number,)).fetchall()


def find_links(
    connection: schema.Connection, source: str | None = None, target: str | None = None, status: str | None = None
) -> list[ResolvedLink]:
    """Return the links from `source`, to `target` or with `status` (all if none is given), by source and position.

    Numbers that are not links are left out.
    """
    where, given = "l.status <> ''", list[str]()
    if status is not None:
        where, given = where + " AND l.status = ?", [*given, status]
    if source is not None:
        where, given = where + " AND s.path = ?", [*given, source]
    if target is not None:
        where, given = where + " AND t.path = ?", [*given, target]
    rows = connection.execute(f"{LINK_QUERY} WHERE {where} ORDER BY s.path, l.start, l.end", given).fetchall()
    return [_build_link(connection, row) for row in rows]


def find_links_by_keys(connection: schema.Connection, keys: Iterable[str]) -> list[ResolvedLink]:
    """Return the links that ask for one of `keys` (see `zettel.model.link.resolve`), by source and position.

    Includes numbers that are not links.
    """
    numbers = {number for key in keys for (number,) in connection.execute("SELECT link FROM ask WHERE key = ?", (key,))}
    rows = [connection.execute(f"{LINK_QUERY} WHERE l.id = ?", (number,)).fetchone() for number in numbers]
    return sorted(
        (_build_link(connection, row) for row in rows), key=lambda resolved: (resolved.link.source, resolved.link.start, resolved.link.end)
    )


def find_paths_by_key(connection: schema.Connection, key: str) -> list[str]:
    """Return the paths of the notes that answer to a key, sorted."""
    query = "SELECT path FROM name JOIN note ON note.id = name.note WHERE key = ? ORDER BY path"
    return [path for (path,) in connection.execute(query, (key,))]


def load_identity(connection: schema.Connection, path: str) -> tuple[str, str | None, str, tuple[str, ...]]:
    """Return the path, ID, title and aliases of a note."""
    found, note_id, title, aliases = connection.execute("SELECT path, zid, title, aliases FROM note WHERE path = ?", (path,)).fetchone()
    return found, note_id, title, _split_list(aliases)


def _build_link(connection: schema.Connection, row: tuple[object, ...]) -> ResolvedLink:
    source, syntax, text, dest, label, line, start, end, headings, sentence, mark_start, mark_end, status, target, candidates = row
    numbers = [int(number) for number in str(candidates).split()]
    paths = [connection.execute("SELECT path FROM note WHERE id = ?", (number,)).fetchone()[0] for number in numbers]
    link = Link(source, syntax, text, dest, label, line, start, end, _split_list(str(headings)), sentence, (mark_start, mark_end))  # type: ignore[arg-type]
    return ResolvedLink(link, Resolution(str(status), target, tuple(sorted(paths))))  # type: ignore[arg-type]


def count_links_by_syntax(connection: schema.Connection) -> list[tuple[str, int]]:
    """Count the links to notes by syntax."""
    return connection.execute("SELECT syntax, count(*) FROM link WHERE target IS NOT NULL GROUP BY syntax ORDER BY syntax").fetchall()


def list_neighbours(connection: schema.Connection, path: str, *, out: bool, back: bool) -> list[str]:
    """Return the notes that a note links to (`out`) and those that link to it (`back`), by path."""
    found: set[str] = set()
    if out:
        query = "SELECT DISTINCT t.path FROM note s JOIN link l ON l.source = s.id JOIN note t ON t.id = l.target WHERE s.path = ? AND t.id <> s.id"
        found.update(row[0] for row in connection.execute(query, (path,)))
    if back:
        query = "SELECT DISTINCT s.path FROM note t JOIN link l ON l.target = t.id JOIN note s ON s.id = l.source WHERE t.path = ? AND t.id <> s.id"
        found.update(row[0] for row in connection.execute(query, (path,)))
    return sorted(found)


def list_orphans(connection: schema.Connection, *, isolated: bool) -> list[str]:
    """Return the paths of the notes without backlinks, or with `isolated` of those without links either way."""
    return [path for (path,) in connection.execute(f"SELECT path FROM note n WHERE {ISOLATED if isolated else ORPHANS}")]


def list_edges(connection: schema.Connection) -> list[tuple[str, str]]:
    """Return (source, target) of every pair of linked notes, once each."""
    query = "SELECT DISTINCT s.path, t.path FROM link l JOIN note s ON s.id = l.source JOIN note t ON t.id = l.target WHERE s.id <> t.id"
    return connection.execute(query).fetchall()


def count_tags(connection: schema.Connection) -> list[tuple[str, int]]:
    """Return every tag, in its most frequent spelling, with the number of notes that have it."""
    query = "SELECT key, tag, count(*) FROM tag GROUP BY key, tag ORDER BY key, count(*) DESC, tag"
    found: dict[str, tuple[str, int]] = {}
    for key, tag, count in connection.execute(query):
        first, before = found.get(key, (tag, 0))
        found[key] = (first, before + count)
    return list(found.values())


def find_notes_by_shared_tag(connection: schema.Connection, path: str, max_share: float) -> list[tuple[str, list[str]]]:
    """Return (tag, paths of the other notes with it) for a note's tags, by tag.

    Skips tags of more than ten notes and of more than the share `max_share` of all notes.
    """
    own = """SELECT g.key, g.tag FROM tag g JOIN note n ON n.id = g.note WHERE n.path = ?
     AND (SELECT count(*) FROM tag o WHERE o.key = g.key) <= max(10, ? * (SELECT count(*) FROM note)) ORDER BY g.key"""
    others = "SELECT n.path FROM tag g JOIN note n ON n.id = g.note WHERE g.key = ? AND n.path <> ? ORDER BY n.path"
    return [
        (tag, [other for (other,) in connection.execute(others, (key, path))])
        for key, tag in connection.execute(own, (path, max_share)).fetchall()
    ]


def list_paths_by_tag(connection: schema.Connection) -> list[tuple[str, list[str]]]:
    """Return every tag, in its most frequent spelling, with the paths of the notes that have it."""
    query = "SELECT key, path FROM tag JOIN note ON note.id = tag.note ORDER BY key, path"
    found: dict[str, list[str]] = {}
    for key, path in connection.execute(query):
        found.setdefault(key, []).append(path)
    return [(tag, found[fold(tag)]) for tag, _ in count_tags(connection)]


def find_unsorted_paths(connection: schema.Connection, key: str) -> list[str]:
    """Return the paths of the notes that answer to a key (see `zettel.model.link.resolve`), in any order."""
    return [path for (path,) in connection.execute("SELECT path FROM name JOIN note ON note.id = name.note WHERE key = ?", (key,))]


def count_tagged_notes(connection: schema.Connection, key: str) -> int:
    """Count the notes with a tag (folded) or one nested below it."""
    query = "SELECT count(DISTINCT note) FROM tag WHERE key = ? OR (key > ? AND key < ?)"
    return int(connection.execute(query, (key, key + "/", key + "0")).fetchone()[0])


def rank_by_backlinks(connection: schema.Connection, limit: int) -> list[tuple[str, int]]:
    """Return (path, number of other notes that link to it) of the `limit` notes with the most backlinks."""
    query = """SELECT n.path, count(DISTINCT l.source) FROM link l JOIN note n ON n.id = l.target WHERE l.source <> l.target
     GROUP BY n.id ORDER BY 2 DESC, n.zid IS NULL, n.zid, n.path LIMIT ?"""
    return connection.execute(query, (limit,)).fetchall()


def find_tagged_rows(connection: schema.Connection, key: str) -> list[int]:
    """Return the rows of the notes with a tag (folded) or one nested below it."""
    query = "SELECT DISTINCT note FROM tag WHERE key = ? OR (key > ? AND key < ?)"
    return [row for (row,) in connection.execute(query, (key, key + "/", key + "0"))]


def list_problems(connection: schema.Connection) -> list[Problem]:
    """List the problems of all notes, by path."""
    query = "SELECT path, code, message, line, col FROM problem JOIN note ON note.id = problem.note ORDER BY path, code"
    return [Problem(*row) for row in connection.execute(query)]


def list_questions(connection: schema.Connection) -> list[tuple[str, int, str]]:
    """List (path, line, text) of every open question, by path and line."""
    return connection.execute(
        "SELECT path, line, text FROM question JOIN note ON note.id = question.note ORDER BY path, line, text"
    ).fetchall()


def list_review_dates(connection: schema.Connection) -> list[tuple[str, str]]:
    """List (path, review day) of the notes that set one, by path."""
    return connection.execute("SELECT path, review FROM note WHERE review IS NOT NULL ORDER BY path").fetchall()


def count_totals(connection: schema.Connection) -> dict[str, int]:
    """Count notes, words, links by status, and tags."""
    notes, words = connection.execute("SELECT count(*), coalesce(sum(words), 0) FROM note").fetchone()
    status = dict(connection.execute("SELECT status, count(*) FROM link GROUP BY status"))
    (selfs,) = connection.execute("SELECT count(*) FROM link WHERE source = target").fetchone()
    (tag_count,) = connection.execute("SELECT count(DISTINCT key) FROM tag").fetchone()
    return {
        "notes": notes,
        "words": words,
        "links": status.get("ok", 0) - selfs,
        "self links": selfs,
        "dangling links": status.get("dangling", 0),
        "ambiguous links": status.get("ambiguous", 0),
        "external links": status.get("external", 0),
        "tags": tag_count,
    }


def load_fingerprints(connection: schema.Connection) -> dict[str, Fingerprint | None]:
    """Return the fingerprint of every note by path, None if it is not cached, in the order of paths."""
    from zettel.model.note.fingerprint import Fingerprint

    query = "SELECT path, s.words, marker, least FROM note LEFT JOIN sketch s ON s.note = note.id ORDER BY path"
    return {
        path: None if least is None else Fingerprint(words, marker, tuple(map(int, least.split())))
        for path, words, marker, least in connection.execute(query)
    }


def store_fingerprints(connection: schema.Connection, fingerprints: Mapping[str, Fingerprint]) -> None:
    """Cache fingerprints of notes, by path. If that is not possible, they are computed again next time."""
    rows = [(sketch.word_count, sketch.conflict_line, " ".join(map(str, sketch.min_hashes)), path) for path, sketch in fingerprints.items()]
    try:
        with CatalogueTransaction(connection):
            connection.executemany("INSERT OR REPLACE INTO sketch SELECT id, ?, ?, ? FROM note WHERE path = ?", rows)
    except schema.Error as error:
        if not is_unreachable(error):
            raise
