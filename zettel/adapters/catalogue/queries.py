"""Query the catalogue for notes, links, tags, counts and stamps."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from zettel.adapters.catalogue import schema
from zettel.adapters.catalogue.schema import OWN_ID, SEPARATOR, CatalogueTransaction, is_unreachable, split_list
from zettel.adapters.fs.files import FileStamp, FileStamps
from zettel.model.note.note import Note
from zettel.model.text.fold import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.check.outline import Outline
    from zettel.model.graph.graph import LinkGraph
    from zettel.model.link.link import ResolvedLink
    from zettel.model.note.fingerprint import Fingerprint
    from zettel.model.note.picker_item import PickerItem
    from zettel.model.note.problem import Problem
    from zettel.model.note.questions import OpenQuestion
    from zettel.model.search.filter import Filter

MODIFIED_TIME = "strftime('%Y-%m-%dT%H:%M:%S', n.mtime / 1000000000, 'unixepoch', 'localtime')"
LINK_COUNT = "(SELECT count(*) FROM link l WHERE l.source = n.id AND l.target <> n.id)"
BACKLINK_COUNT = "(SELECT count(*) FROM link l WHERE l.target = n.id AND l.source <> n.id)"

NOTE_COLUMNS = f"path, {OWN_ID}, title, aliases, tags, coalesce(created, {MODIFIED_TIME}), {MODIFIED_TIME}, words, {LINK_COUNT}, {BACKLINK_COUNT}, coalesce(original, '')"

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

SHOWN_SORT_COLUMNS = {"modified": MODIFIED_TIME}
"""What people see of the columns that are not shown as they are stored."""

ALL = "1"
ORPHANS = "NOT EXISTS (SELECT 1 FROM link l WHERE l.target = n.id AND l.source <> n.id)"
ISOLATED = f"{ORPHANS} AND NOT EXISTS (SELECT 1 FROM link l WHERE l.source = n.id AND l.target <> n.id)"
IS_NAME_KEY = "key > 't:' AND key < 't;'"
HAS_NON_ASCII = "length(key) <> length(CAST(key AS BLOB))"

MAX_PARAMETERS = 500
"""How many values one query is given at most; SQLite allows 999."""

Parameters = list[object]


class Catalogue:
    """What was read from the notes of a notebook: notes, links, tags and file stamps, in the tables that `connection` leads to."""

    def __init__(self, connection: schema.Connection) -> None:
        self.connection = connection

    def read_version(self) -> tuple[int, int]:
        """Return numbers of which at least one changes whenever another process or this one changes the catalogue."""
        (others,) = self.connection.execute("PRAGMA data_version").fetchone()
        return others, self.connection.total_changes

    # Notes

    def list_notes(self, wanted: Filter | None = None, paths: Iterable[str] | None = None, among: str = ALL) -> list[Note]:
        """List the notes that match a filter (all without one), in its order.

        `among` is a condition such as `ORPHANS` or `ISOLATED`; `paths` restricts the result further.
        """
        if paths is not None:
            self.connection.execute("CREATE TEMP TABLE IF NOT EXISTS chosen(path TEXT PRIMARY KEY)")
            self.connection.execute("DELETE FROM chosen")
            self.connection.executemany("INSERT OR IGNORE INTO chosen VALUES (?)", [(path,) for path in paths])
            among += " AND path IN chosen"
        if wanted is None:
            from zettel.model.search.filter import Filter

            wanted = Filter()
        return [_build_note(row) for row in self._select_rows(NOTE_COLUMNS, wanted, among)]

    def list_note_summaries(
        self, note_filter: Filter, among: str = ALL
    ) -> list[tuple[str | None, str, str, tuple[str, ...], str | int | None]]:
        """List (ID, path, title, tags, what they are sorted by) of the notes that `list_notes` returns, in half the time."""
        sorted_by = SHOWN_SORT_COLUMNS.get(note_filter.sort) or SORT_COLUMNS[note_filter.sort]
        return [
            (zid, path, title, split_list(tags), by)
            for zid, path, title, tags, by in self._select_rows(f"{OWN_ID}, path, title, tags, {sorted_by}", note_filter, among)
        ]

    def list_picker_items(self) -> Iterator[PickerItem]:
        """Yield what the picker shows of every note, those modified last first."""
        from zettel.model.note.picker_item import PickerItem

        query = f"SELECT path, {OWN_ID}, title, aliases, tags, coalesce(created, {MODIFIED_TIME}) FROM note n ORDER BY mtime DESC, path"
        for path, zid, title, aliases, tags, created in self.connection.execute(query):
            yield PickerItem(path, zid, title, split_list(aliases), split_list(tags), created)

    def find_changes(self, turn: int | None) -> tuple[int | None, list[str] | None]:
        """Return the turn of the last change of a note, and the paths of the notes that have changed since another turn, those that are gone included.

        Instead of the paths, returns None if they are not known any more: all notes may have changed. While there are copies, they never are,
        since a note becomes a copy, or no longer is one, when another note changes.
        """
        if self.connection.execute("SELECT EXISTS (SELECT 1 FROM note WHERE original IS NOT NULL)").fetchone()[0]:
            return None, None
        row = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'todo'").fetchone()
        last = row[0] if row else 0
        if turn is None or turn > last:
            return last, None
        paths = [path for (path,) in self.connection.execute("SELECT path FROM todo WHERE turn > ?", (turn,))]
        return last, paths if len(paths) == last - turn else None

    def list_name_rows(
        self, paths: Sequence[str] | None = None
    ) -> list[tuple[str, str | None, str, tuple[str, ...], tuple[str, ...], str]]:
        """List (path, ID, title, aliases, tags, time when it was created) of the notes at `paths`, or of every note."""
        query = f"SELECT path, {OWN_ID}, title, aliases, tags, coalesce(created, {MODIFIED_TIME}) FROM note n"
        if paths is None:
            rows = self.connection.execute(query).fetchall()
        else:
            rows = [row for path in paths for row in self.connection.execute(f"{query} WHERE path = ?", (path,))]
        return [(path, zid, title, split_list(aliases), split_list(tags), at) for path, zid, title, aliases, tags, at in rows]

    def list_paths(self, note_filter: Filter) -> list[str]:
        """List the paths of the notes that match a filter, in its order."""
        return [path for (path,) in self._select_rows("path", note_filter, ALL)]

    def _select_rows(self, columns: str, note_filter: Filter, among: str) -> schema.Cursor:
        """Select columns of the notes that match a condition and a filter, in the filter's order."""
        where, given = _build_where(note_filter)
        where = f"{among} AND {where}"
        field, direction = SORT_COLUMNS[note_filter.sort], " DESC" if note_filter.descending else ""
        tie = "path" + (direction if field == "created" else "")  # of the notes of one minute, the last one is the newest
        order = f"path{direction}" if field == "path" else f"{field} IS NULL, {field}{direction}, {tie}"
        if note_filter.limit:  # find the wanted rows first, so that for all others only the sort column is read
            if note_filter.sort == "created":  # most notes have a creation date, and an index yields the first of those
                first = f"SELECT n.id FROM note n WHERE {where} AND created IS NOT NULL ORDER BY created{direction}, path{direction} LIMIT {note_filter.limit}"
                where = f"(n.id IN ({first}) OR (created IS NULL AND {where}))"
                given *= 2
            where = f"n.id IN (SELECT n.id FROM note n WHERE {where} ORDER BY {order} LIMIT {note_filter.limit})"
        return self.connection.execute(f"SELECT {columns} FROM note n WHERE {where} ORDER BY {order}", given)

    def find_notes_by_path(self, paths: Iterable[str]) -> dict[str, Note]:
        """Return the notes at `paths`, keyed by path. Paths without a note are left out."""
        found = {}
        for path in paths:
            if not path.isprintable() and any("\ud800" <= char < "\ue000" for char in path):
                continue  # a file whose name is not UTF-8 is not a note
            row = self.connection.execute(f"SELECT {NOTE_COLUMNS} FROM note n WHERE path = ?", (path,)).fetchone()
            if row:
                found[path] = _build_note(row)
        return found

    def find_creation_times(self, paths: Sequence[str]) -> dict[str, str]:
        """Return when the notes at `paths` were created, keyed by path."""
        found: dict[str, str] = {}
        for first in range(0, len(paths), MAX_PARAMETERS):
            some = paths[first : first + MAX_PARAMETERS]
            marks = ", ".join("?" * len(some))
            query = f"SELECT path, coalesce(created, {MODIFIED_TIME}) FROM note n WHERE path IN ({marks})"
            found.update(self.connection.execute(query, some).fetchall())
        return found

    def load_notes_by_row(self, rows: Iterable[int]) -> list[Note]:
        """Return notes by their rows in the catalogue, in the order given."""
        query = f"SELECT {NOTE_COLUMNS} FROM note n WHERE id = ?"
        return [_build_note(self.connection.execute(query, (row,)).fetchone()) for row in rows]

    def find_rows(self, paths: Sequence[str]) -> list[int]:
        """Return the rows of notes in the catalogue, in the order given."""
        found: dict[str, int] = {}
        for first in range(0, len(paths), MAX_PARAMETERS):
            some = paths[first : first + MAX_PARAMETERS]
            marks = ", ".join("?" * len(some))
            found.update(self.connection.execute(f"SELECT path, id FROM note WHERE path IN ({marks})", some).fetchall())
        return [found[path] for path in paths]

    def find_notes_by_key(self, key: str) -> list[Note]:
        """Return the notes that answer to a key (see `zettel.model.link.resolve`), by path."""
        query = f"SELECT {NOTE_COLUMNS} FROM note n WHERE n.id IN (SELECT note FROM name WHERE key = ?) ORDER BY path"
        return [_build_note(row) for row in self.connection.execute(query, (key,))]

    def find_notes_by_handle(self, handle: str) -> list[Note]:
        """Return the notes that a handle names: an ID, or the path of a note without one."""
        return self.find_notes_by_key(f"i:{handle}") or list(self.find_notes_by_path([handle]).values())

    def find_notes_by_title(self, title: str) -> list[Note]:
        """Return the notes with this title or alias, ignoring case."""
        return self.find_notes_by_key(f"t:{fold(title)}")

    def find_last_daily_note(self) -> Note | None:
        """Return the note of the latest day whose title is a day, or None."""
        pattern = "[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]"
        query = f"SELECT {NOTE_COLUMNS} FROM note n WHERE title GLOB ? AND original IS NULL ORDER BY title DESC, path LIMIT 1"
        row = self.connection.execute(query, (pattern,)).fetchone()
        return _build_note(row) if row else None

    def find_notes_by_file_name(self, name: str) -> list[Note]:
        """Return the notes with this file name, without its suffix, ignoring case."""
        return self.find_notes_by_key(f"n:{fold(name)}")

    def find_notes_by_id_prefix(self, digits: str) -> list[Note]:
        """Return the notes whose ID begins with `digits`, by ID, without copies."""
        query = f"SELECT {NOTE_COLUMNS} FROM note n WHERE zid >= ? AND zid < ? AND original IS NULL ORDER BY zid, path"
        return [_build_note(row) for row in self.connection.execute(query, (digits, digits + ":"))]

    def find_notes_by_words(self, words: str) -> list[Note]:
        """Return the notes whose title or an alias contains `words`, by title."""
        query = f"SELECT {NOTE_COLUMNS} FROM note n WHERE n.id IN (SELECT note FROM name WHERE {IS_NAME_KEY} AND instr(key, ?) > 0) ORDER BY title_key, path"
        return [_build_note(row) for row in self.connection.execute(query, (fold(words),))]

    def find_titles_by_id(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the titles of the notes that alone answer to these IDs, keyed by ID."""
        found = {note_id: self.find_notes_by_key(f"i:{note_id}") for note_id in ids}
        return {note_id: notes[0].title for note_id, notes in found.items() if len(notes) == 1}

    def find_paths_by_key(self, key: str) -> list[str]:
        """Return the paths of the notes that answer to a key (see `zettel.model.link.resolve`), sorted."""
        query = "SELECT path FROM name JOIN note ON note.id = name.note WHERE key = ? ORDER BY path"
        return [path for (path,) in self.connection.execute(query, (key,))]

    def find_paths_by_id(self, note_id: str) -> list[str]:
        """Return the paths of the notes that have an ID, including copies, sorted."""
        return [path for (path,) in self.connection.execute("SELECT path FROM note WHERE zid = ? ORDER BY path", (note_id,))]

    def load_identity(self, path: str) -> tuple[str, str | None, str, tuple[str, ...]]:
        """Return the path, ID, title and aliases of a note."""
        found, note_id, title, aliases = self.connection.execute(
            "SELECT path, zid, title, aliases FROM note WHERE path = ?", (path,)
        ).fetchone()
        return found, note_id, title, split_list(aliases)

    def is_taken_id(self, note_id: str, path: str) -> bool:
        """Return whether a note other than `path`, and not named as a copy of it, has an ID in its file name, folder or front matter."""
        query = "SELECT path FROM note WHERE zid = ? AND title_line_id IS NULL AND path <> ?"
        owners = [owner for (owner,) in self.connection.execute(query, (note_id, path))]
        if not owners:
            return False
        from zettel.model.note.sync_copy import has_competitor

        return has_competitor(path, owners)

    def is_empty(self) -> bool:
        """Return whether the catalogue has no notes."""
        return self.connection.execute("SELECT 1 FROM note LIMIT 1").fetchone() is None

    def count_notes(self) -> int:
        """Count all notes."""
        return int(self.connection.execute("SELECT count(*) FROM note").fetchone()[0])

    def list_titles(self) -> list[tuple[int, str, str]]:
        """List (row, path, folded title) of every note."""
        return self.connection.execute("SELECT id, path, title_key FROM note").fetchall()

    def list_folded_names(self) -> list[tuple[str, int]]:
        """List (folded title or alias, row) for every note."""
        return self.connection.execute(f"SELECT substr(key, 3), note FROM name WHERE {IS_NAME_KEY}").fetchall()

    def list_problems(self) -> list[Problem]:
        """List the problems of all notes, by path."""
        from zettel.model.note.problem import Problem

        query = "SELECT path, code, message, line, col FROM problem JOIN note ON note.id = problem.note ORDER BY path, code"
        return [Problem(*row) for row in self.connection.execute(query)]

    def list_questions(self) -> list[tuple[str, OpenQuestion]]:
        """List (path, question) of every open question, by path and line, including those that need an unsorted tag."""
        from zettel.model.note.questions import OpenQuestion

        query = "SELECT path, text, line, needs_unsorted_tag FROM question JOIN note ON note.id = question.note ORDER BY path, line, text"
        return [(path, OpenQuestion(text, line, bool(needs))) for path, text, line, needs in self.connection.execute(query)]

    def list_review_dates(self) -> list[tuple[str, str]]:
        """List (path, review day) of the notes that set one, by path."""
        return self.connection.execute("SELECT path, review FROM note WHERE review IS NOT NULL ORDER BY path").fetchall()

    def count_totals(self) -> dict[str, int]:
        """Count notes, words, links by status, and tags."""
        notes, words = self.connection.execute("SELECT count(*), coalesce(sum(words), 0) FROM note").fetchone()
        status = dict(self.connection.execute("SELECT status, count(*) FROM link GROUP BY status"))
        (selfs,) = self.connection.execute("SELECT count(*) FROM link WHERE source = target").fetchone()
        (tag_count,) = self.connection.execute("SELECT count(DISTINCT key) FROM tag").fetchone()
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

    def list_days_and_link_counts(self) -> list[tuple[str, int]]:
        """List (time when it was created, number of its links and backlinks) of every note."""
        return self.connection.execute(f"SELECT coalesce(created, {MODIFIED_TIME}), {LINK_COUNT} + {BACKLINK_COUNT} FROM note n").fetchall()

    # Names

    def list_note_names(self) -> list[tuple[str, tuple[str, ...], str | None, str]]:
        """List (title, aliases, ID, path) of every note that is not a copy, by path."""
        rows = self.connection.execute("SELECT title, aliases, zid, path FROM note WHERE original IS NULL ORDER BY path")
        return [(title, split_list(aliases), zid, path) for title, aliases, zid, path in rows]

    def find_names_with(self, part: str) -> list[tuple[str, tuple[str, ...], str | None, str]]:
        """Return (title, aliases, ID, path) of the notes with a name that contains `part`, which is folded, or has non-ASCII letters.

        The result is a preselection that the caller has to check.
        """
        query = f"""SELECT title, aliases, zid, path FROM note WHERE id IN (
         SELECT note FROM name WHERE {IS_NAME_KEY} AND (instr(key, ?) > 0 OR {HAS_NON_ASCII}))"""
        return [(title, split_list(aliases), zid, path) for title, aliases, zid, path in self.connection.execute(query, (part,))]

    def find_names_containing(self, parts: list[str]) -> list[tuple[int, list[str]]]:
        """Return (row, title and aliases) of the notes with a name that contains all `parts` or has non-ASCII letters.

        A preselection that the caller has to check.
        """
        likely = " AND ".join("instr(key, ?) > 0" for _ in parts) or "0"
        query = f"SELECT id, title, aliases FROM note WHERE id IN (SELECT note FROM name WHERE {IS_NAME_KEY} AND (({likely}) OR {HAS_NON_ASCII}))"
        return [(row, [title, *split_list(aliases)]) for row, title, aliases in self.connection.execute(query, parts)]

    def find_handles_by_prefix(self, prefix: str, limit: int) -> list[tuple[str, str]]:
        """Return (ID or path, title) of the first `limit` notes, by path, whose ID (or path if they have none) begins with `prefix`."""
        query = "SELECT coalesce(zid, path), title FROM note WHERE substr(coalesce(zid, path), 1, ?) = ? ORDER BY path LIMIT ?"
        return self.connection.execute(query, (len(prefix), prefix, limit)).fetchall()

    # Links

    def find_links(
        self,
        source: str | None = None,
        target: str | None = None,
        status: str | None = None,
        *,
        before: int | None = None,
        limit: int = -1,
        with_own: bool = True,
    ) -> list[ResolvedLink]:
        """Return the links from `source`, to `target` or with `status` (all if none is given), by source and position.

        Only those that begin before a byte, and at most `limit`, if these are given; not those of a note to itself unless `with_own`.
        Numbers that are not links are left out.
        """
        from zettel.adapters.catalogue.link_rows import LINK_QUERY, build_link

        where, given = "l.status <> ''", list[str | int]()
        if status is not None:
            where, given = where + " AND l.status = ?", [*given, status]
        if source is not None:
            where, given = where + " AND s.path = ?", [*given, source]
        if target is not None:
            where, given = where + " AND t.path = ?", [*given, target]
        if before is not None:
            where, given = where + " AND l.start < ?", [*given, before]
        if not with_own:
            where += " AND l.target IS NOT l.source"
        rows = self.connection.execute(f"{LINK_QUERY} WHERE {where} ORDER BY s.path, l.start, l.end LIMIT ?", (*given, limit)).fetchall()
        return [build_link(self.connection, row) for row in rows]

    def count_backlinks_by_source(self, target: str) -> dict[str, int]:
        """Return how many links lead to a note from each other note that has any."""
        query = """SELECT s.path, count(*) FROM note t JOIN link l ON l.target = t.id JOIN note s ON s.id = l.source
            WHERE t.path = ? AND s.id <> t.id GROUP BY s.path"""
        return dict(self.connection.execute(query, (target,)))

    def list_citations(self, source: str, limit: int) -> list[tuple[str, str]]:
        """List (path of the target, sentence) of at most `limit` links from a note to others, in reading order."""
        query = """SELECT t.path, l.sentence FROM note s JOIN link l ON l.source = s.id JOIN note t ON t.id = l.target
         WHERE s.path = ? AND l.target <> l.source AND l.sentence <> '' ORDER BY l.start, l.end LIMIT ?"""
        return self.connection.execute(query, (source, limit)).fetchall()

    def show_sentence(self, source: str, sentence: str) -> str:
        """Return a sentence of `list_citations` as people see it, with the titles of notes in place of links without words of their own."""
        from zettel.adapters.catalogue.link_rows import LINK_QUERY, build_link

        row = self.connection.execute(f"{LINK_QUERY} WHERE s.path = ? AND l.sentence = ? LIMIT 1", (source, sentence)).fetchone()
        return build_link(self.connection, row).link.sentence if row else sentence

    def find_links_by_keys(self, keys: Iterable[str]) -> list[ResolvedLink]:
        """Return the links that ask for one of `keys` (see `zettel.model.link.resolve`), by source and position.

        Includes numbers that are not links.
        """
        from zettel.adapters.catalogue.link_rows import LINK_QUERY, build_link

        numbers = {number for key in keys for (number,) in self.connection.execute("SELECT link FROM ask WHERE key = ?", (key,))}
        rows = [self.connection.execute(f"{LINK_QUERY} WHERE l.id = ?", (number,)).fetchone() for number in numbers]
        links = (build_link(self.connection, row) for row in rows)
        return sorted(links, key=lambda resolved: (resolved.link.source, resolved.link.start, resolved.link.end))

    def sample_links(self, syntax: str, limit: int) -> list[ResolvedLink]:
        """Return at most `limit` links of a syntax that lead to other notes, those read last first."""
        from zettel.adapters.catalogue.link_rows import LINK_QUERY, build_link

        where = "l.syntax = ? AND l.target IS NOT NULL AND l.target <> l.source"
        rows = self.connection.execute(f"{LINK_QUERY} WHERE {where} ORDER BY l.id DESC LIMIT ?", (syntax, limit)).fetchall()
        return [build_link(self.connection, row) for row in rows]

    def count_links_by_syntax(self) -> list[tuple[str, int]]:
        """Count the links to notes by syntax."""
        return self.connection.execute(
            "SELECT syntax, count(*) FROM link WHERE target IS NOT NULL GROUP BY syntax ORDER BY syntax"
        ).fetchall()

    def list_neighbours(self, path: str, *, out: bool = True, back: bool = True) -> list[str]:
        """Return the paths of the notes that a note links to (`out`) and of those that link to it (`back`), sorted."""
        found: set[str] = set()
        if out:
            query = "SELECT DISTINCT t.path FROM note s JOIN link l ON l.source = s.id JOIN note t ON t.id = l.target WHERE s.path = ? AND t.id <> s.id"
            found.update(row[0] for row in self.connection.execute(query, (path,)))
        if back:
            query = "SELECT DISTINCT s.path FROM note t JOIN link l ON l.target = t.id JOIN note s ON s.id = l.source WHERE t.path = ? AND t.id <> s.id"
            found.update(row[0] for row in self.connection.execute(query, (path,)))
        return sorted(found)

    def list_neighbour_links(self, path: str) -> dict[str, tuple[set[str], set[str]]]:
        """Return, for every neighbour of a note, the paths of the notes that it links to and of those that link to it."""
        near = """WITH own(id) AS (SELECT id FROM note WHERE path = ?), near(z) AS (
         SELECT target FROM link JOIN own ON source = own.id WHERE target <> source UNION SELECT source FROM link JOIN own ON target = own.id WHERE target <> source)"""
        query = f"""{near} SELECT DISTINCT a.path, b.path, 1 FROM near JOIN link l ON l.source = z JOIN note a ON a.id = z JOIN note b ON b.id = l.target WHERE l.target <> z
         UNION ALL SELECT DISTINCT a.path, b.path, 0 FROM near JOIN link l ON l.target = z JOIN note a ON a.id = z JOIN note b ON b.id = l.source WHERE l.source <> z"""
        found: dict[str, tuple[set[str], set[str]]] = {}
        for through, other, is_out in self.connection.execute(query, (path,)):
            found.setdefault(through, (set(), set()))[not is_out].add(other)
        return found

    def list_two_hop_pairs(self, number: int) -> list[tuple[int, int]]:
        """Return the pairs (neighbour, its neighbour) of a note as row numbers, in either direction of links."""
        query = """WITH near(z) AS (SELECT target FROM link WHERE source = ?1 AND target <> ?1 UNION SELECT source FROM link WHERE target = ?1 AND source <> ?1)
         SELECT z, target FROM near JOIN link ON source = z WHERE target <> z UNION SELECT z, source FROM near JOIN link ON target = z WHERE source <> z"""
        return self.connection.execute(query, (number,)).fetchall()

    def list_edges(self) -> list[tuple[str, str]]:
        """Return (source, target) of every pair of linked notes, once each."""
        query = (
            "SELECT DISTINCT s.path, t.path FROM link l JOIN note s ON s.id = l.source JOIN note t ON t.id = l.target WHERE s.id <> t.id"
        )
        return self.connection.execute(query).fetchall()

    def list_orphans(self, *, isolated: bool = False) -> list[str]:
        """Return the paths of the notes without backlinks, or (`isolated`) without links in either direction."""
        return [path for (path,) in self.connection.execute(f"SELECT path FROM note n WHERE {ISOLATED if isolated else ORPHANS}")]

    def list_copies(self) -> list[str]:
        """Return the paths of the notes that are copies of others, made by a sync program."""
        return [path for (path,) in self.connection.execute("SELECT path FROM note WHERE original IS NOT NULL ORDER BY path")]

    def rank_by_backlinks(self, limit: int) -> list[tuple[str, int]]:
        """Return (path, number of other notes that link to it) of the `limit` notes with the most backlinks."""
        query = """SELECT n.path, count(DISTINCT l.source) FROM link l JOIN note n ON n.id = l.target WHERE l.source <> l.target
         GROUP BY n.id ORDER BY 2 DESC, n.zid IS NULL, n.zid, n.path LIMIT ?"""
        return self.connection.execute(query, (limit,)).fetchall()

    def load_graph(self, *, with_notes: bool = False) -> LinkGraph:
        """Load the link graph, from its cache if no note has changed. `with_notes` loads the notes, too. Raises `sqlite.Error`."""
        from zettel.adapters.catalogue.graph_cache import load_graph

        graph = load_graph(self.connection)
        if with_notes:
            graph.notes = sorted(self.list_notes(), key=lambda note: (bool(note.original), note.handle, note.path))
        return graph

    # Tags

    def count_tags(self) -> list[tuple[str, int]]:
        """Return every tag, in its most frequent spelling, with the number of notes that have it."""
        query = "SELECT key, tag, count(*) FROM tag GROUP BY key, tag ORDER BY key, count(*) DESC, tag"
        found: dict[str, tuple[str, int]] = {}
        for key, tag, count in self.connection.execute(query):
            first, before = found.get(key, (tag, 0))
            found[key] = (first, before + count)
        return list(found.values())

    def count_tagged_notes(self, key: str) -> int:
        """Count the notes with a tag (folded) or one nested below it."""
        query = "SELECT count(DISTINCT note) FROM tag WHERE key = ? OR (key > ? AND key < ?)"
        return int(self.connection.execute(query, (key, key + "/", key + "0")).fetchone()[0])

    def list_paths_by_tag(self) -> list[tuple[str, list[str]]]:
        """Return every tag, in its most frequent spelling, with the paths of the notes that have it."""
        query = "SELECT key, path FROM tag JOIN note ON note.id = tag.note ORDER BY key, path"
        found: dict[str, list[str]] = {}
        for key, path in self.connection.execute(query):
            found.setdefault(key, []).append(path)
        return [(tag, found[fold(tag)]) for tag, _ in self.count_tags()]

    def find_tagged_rows(self, key: str) -> list[int]:
        """Return the rows of the notes with a tag (folded) or one nested below it."""
        query = "SELECT DISTINCT note FROM tag WHERE key = ? OR (key > ? AND key < ?)"
        return [row for (row,) in self.connection.execute(query, (key, key + "/", key + "0"))]

    def find_notes_by_shared_tag(
        self, path: str, max_share: float = 0.1, unsorted: Container[str] = frozenset()
    ) -> list[tuple[str, list[str]]]:
        """Return (tag, paths of the other notes with it) for a note's tags, by tag.

        Skips tags of more than ten notes and of more than the share `max_share` of all notes, and unsorted tags (see `is_unsorted_tag`).
        """
        from zettel.model.note.tags import is_unsorted_tag

        own = """SELECT g.key, g.tag FROM tag g JOIN note n ON n.id = g.note WHERE n.path = ?
         AND (SELECT count(*) FROM tag o WHERE o.key = g.key) <= max(10, ? * (SELECT count(*) FROM note)) ORDER BY g.key"""
        others = "SELECT n.path FROM tag g JOIN note n ON n.id = g.note WHERE g.key = ? AND n.path <> ? ORDER BY n.path"
        return [
            (tag, [other for (other,) in self.connection.execute(others, (key, path))])
            for key, tag in self.connection.execute(own, (path, max_share)).fetchall()
            if not is_unsorted_tag(key, unsorted)
        ]

    # File stamps

    def load_stamps(self) -> FileStamps:
        """Return the stamps of all notes as they were when last read. Raises `sqlite.DatabaseError` if they are damaged."""
        paths, numbers = self._load_packed_stamps()
        each = iter(numbers)
        found: FileStamps = dict(zip(paths, zip(each, each, each, strict=True), strict=True))
        for path, stamp in self._load_single_stamps().items():
            if stamp is None:
                found.pop(path, None)
            else:
                found[path] = stamp
        return found

    def load_stamp(self, path: str) -> FileStamp | None:
        """Return the stamp of a note as it was when last read, or None."""
        row = self.connection.execute("SELECT mtime, size, ctime FROM note WHERE path = ?", (path,)).fetchone()
        return row and (row[0], row[1], row[2])

    def load_paths(self) -> set[str]:
        """Return the paths of all notes that were read. Raises `sqlite.DatabaseError` if the stamps are damaged."""
        found = set(self._load_packed_stamps()[0])
        for path, stamp in self._load_single_stamps().items():
            (found.discard if stamp is None else found.add)(path)
        return found

    def sample_paths(self, limit: int) -> list[str]:
        """Return the paths of at most `limit` notes, spread evenly over all of them."""
        (last,) = self.connection.execute("SELECT max(id) FROM note").fetchone()
        starts = {1 + (last or 0) * number // limit for number in range(limit)}
        rows = [
            self.connection.execute("SELECT path FROM note WHERE id >= ? ORDER BY id LIMIT 1", (at,)).fetchone() for at in sorted(starts)
        ]
        return list(dict.fromkeys(row[0] for row in rows if row))

    def find_unnamed_notes(self, limit: int) -> list[tuple[str, FileStamp]]:
        """Return path and stamp of at most `limit` notes whose file name does not start with an ID."""
        rows = self.connection.execute("SELECT path, mtime, size, ctime FROM note WHERE NOT is_named LIMIT ?", (limit,))
        return [(path, (mtime, size, ctime)) for path, mtime, size, ctime in rows]

    def _load_packed_stamps(self) -> tuple[list[str], memoryview[int]]:
        """Return the paths of the notes whose stamps are packed, and a flat view of these stamps, three numbers each."""
        row = self.connection.execute("SELECT paths, numbers FROM stamps").fetchone()
        try:
            paths, numbers = (row[0].split("\0"), memoryview(row[1]).cast("q")) if row and row[0] else ([], memoryview(b"").cast("q"))
        except (TypeError, ValueError, AttributeError):
            paths, numbers = [""], memoryview(b"").cast("q")
        if len(numbers) != 3 * len(paths):
            raise schema.DatabaseError("the stamps in it are damaged")
        return paths, numbers

    def _load_single_stamps(self) -> dict[str, FileStamp | None]:
        """Return the stamps stored row by row, None for a note that is gone."""
        rows = self.connection.execute("SELECT path, mtime, size, ctime FROM stamped")
        return {path: None if mtime is None else (mtime, size, ctime) for path, mtime, size, ctime in rows}

    # Fingerprints, outlines and the full-text index

    def load_fingerprints(self) -> dict[str, Fingerprint | None]:
        """Return the fingerprint of every note by path, None if it is not cached, in the order of paths."""
        from zettel.model.note.fingerprint import Fingerprint

        query = "SELECT path, s.words, marker, least FROM note LEFT JOIN sketch s ON s.note = note.id ORDER BY path"
        return {
            path: None if least is None else Fingerprint(words, marker, tuple(map(int, least.split())))
            for path, words, marker, least in self.connection.execute(query)
        }

    def store_fingerprints(self, fingerprints: Mapping[str, Fingerprint]) -> None:
        """Cache fingerprints of notes, by path. If that is not possible, they are computed again next time."""
        rows = [
            (sketch.word_count, sketch.conflict_line, " ".join(map(str, sketch.min_hashes)), path) for path, sketch in fingerprints.items()
        ]
        self._cache_rows("INSERT OR REPLACE INTO sketch SELECT id, ?, ?, ? FROM note WHERE path = ?", rows)

    def load_outlines(self) -> dict[str, Outline | None]:
        """Return the outline of every note by path, None if it is not cached."""
        from zettel.model.check.outline import Outline
        from zettel.model.edit.sections import HeadingLink

        empty = Outline()
        query = "SELECT path, anchors, heading_links, has_unread_links FROM note LEFT JOIN outline o ON o.note = note.id"
        found: dict[str, Outline | None] = {}
        for path, anchors, links, has_unread in self.connection.execute(query):
            if not links and not has_unread and anchors is None:
                found[path] = None if links is None else empty
                continue
            keys, numbers = iter(split_list(anchors or "")), iter(split_list(links))
            heading_links = [HeadingLink(int(start), int(end), text) for start, end, text in zip(numbers, numbers, numbers, strict=True)]
            found[path] = Outline(None if anchors is None else dict(zip(keys, keys, strict=True)), heading_links, bool(has_unread))
        return found

    def store_outlines(self, outlines: Mapping[str, Outline]) -> None:
        """Cache outlines of notes, by path. One that cannot be cached is computed again next time."""
        rows = []
        for path, (anchors, links, has_unread) in outlines.items():
            texts = [text for item in (anchors or {}).items() for text in item]
            numbers = [str(part) for link in links for part in link]
            if not any(SEPARATOR in text for text in (*texts, *numbers)):
                rows.append((None if anchors is None else SEPARATOR.join(texts), SEPARATOR.join(numbers), has_unread, path))
        self._cache_rows("INSERT OR REPLACE INTO outline SELECT id, ?, ?, ? FROM note WHERE path = ?", rows)

    def _cache_rows(self, query: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Store rows that can be computed again, if the catalogue can be written."""
        try:
            with CatalogueTransaction(self.connection):
                self.connection.executemany(query, rows)
        except schema.Error as error:
            if not is_unreachable(error):
                raise

    def count_changes(self) -> int:
        """Return a number that grows with every note that is recorded or forgotten, by this process or another one."""
        row = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'todo'").fetchone()
        return int(row[0]) if row else 0

    def load_index_seal(self) -> str | None:
        """Return the seal of the full-text index, or None if there is none."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = 'fulltext'").fetchone()
        return row[0] if row else None

    def load_index_queue(self) -> dict[str, int]:
        """Return the paths of the notes that the full-text index has yet to add or drop, each with its turn."""
        return dict(self.connection.execute("SELECT path, turn FROM todo ORDER BY path"))

    def finish_indexing(self, turns: list[int], seal: str) -> None:
        """Remove notes from the full-text index's queue and store its new seal, in one transaction.

        A note that has changed since has another turn, and stays in the queue.
        """
        with CatalogueTransaction(self.connection):
            self.connection.executemany("DELETE FROM todo WHERE turn = ?", [(turn,) for turn in turns])
            self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('fulltext', ?)", (seal,))

    def start_indexing(self, seal: str) -> None:
        """Start a new full-text index: store its seal and queue every note, in one transaction."""
        with CatalogueTransaction(self.connection):
            self.connection.execute("INSERT OR IGNORE INTO todo(path) SELECT path FROM note")
            self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('fulltext', ?)", (seal,))


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


def _build_note(row: tuple[str, str | None, str, str, str, str, str, int, int, int, str]) -> Note:
    path, zid, title, aliases, tags, created, modified, words, links, backlinks, original = row
    return Note(path, zid, title, split_list(aliases), split_list(tags), created, modified, words, links, backlinks, original)
