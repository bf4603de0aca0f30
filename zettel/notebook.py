"""Open a notebook: keep its catalogue up to date, answer questions about its notes, and change them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from zettel.adapters import catalogue, disk, files, finding, private
from zettel.adapters.locking import Locked
from zettel.adapters.settings import cache_folder
from zettel.model.errors import Refused, Unreadable, ZettelError
from zettel.model.link import Link, Resolved
from zettel.model.note import Note, Problem
from zettel.model.progress import Silent, Step
from zettel.model.query import Filter
from zettel.model.settings import Setting
from zettel.model.text import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from zettel.adapters import sqlite
    from zettel.adapters.fulltext import FullText
    from zettel.model.editing.changes import Changes
    from zettel.model.editing.forms import Called
    from zettel.model.editing.relabelling import Relabelling
    from zettel.model.editing.retagging import Seen
    from zettel.model.exploring.kinship import Kin
    from zettel.model.exploring.mentions import Names
    from zettel.model.exploring.network import Network
    from zettel.model.progress import Progress
    from zettel.model.reading import Prose, Reading
    from zettel.model.sketch import Sketch
    from zettel.taken import Taken

    T = TypeVar("T")

TELLING = 0.02
"""Share of all notes up to which a shared tag counts as evidence that two notes belong together."""


class Notebook:
    """The notes under `root`, as recorded in a catalogue that `refresh` brings up to date.

    Calls `say` with one line for people if it has to work around a problem, such as a cache that cannot be written.
    """

    def __init__(
        self, root: str, settings: dict[str, Setting], environ: dict[str, str], say: Callable[[str], None], *, in_memory: bool = False
    ) -> None:
        """Open the notebook at `root`. With `in_memory`, keep the catalogue and index in memory instead of in the cache."""
        self.root = root
        self.settings = settings
        self.passed_over: dict[str, str] = {}
        self.has_written = False
        self._temporary: list[str] = []
        self._taken: Taken | None = None
        self._say = say
        self._cache: str | None = None if in_memory else cache_folder(environ, root)
        self.connection = self._connect()

    def _connect(self) -> sqlite.Connection:
        from zettel.adapters import sqlite

        name = "catalogue" if self.settings["links.pipe"] == "target-first" else f"catalogue-{self.settings['links.pipe']}"
        try:
            if self._cache and private.prepare(self._cache):
                self._say(f"others could write to {self._cache}; it is private now, and its contents are rebuilt")
            return catalogue.connect(self._cache, name, self._say)
        except (OSError, sqlite.OperationalError) as error:
            return self._connect_in_memory(error)

    def _connect_in_memory(self, error: Exception) -> sqlite.Connection:
        """Connect to an empty catalogue in memory, because the one in the cache cannot be accessed."""
        self._say(f"{self._cache} cannot be used ({getattr(error, 'strerror', None) or error}); reading every note again for this command")
        self._cache = None
        return catalogue.connect(None)

    def refresh(self, progress: Progress | None = None, *, is_anew: bool = False, meanwhile: Callable[[], object] | None = None) -> int:
        """Bring the catalogue up to date with the files, and return the number of notes read. With `is_anew`, read them all again.

        Calls `meanwhile` once, in this process, while worker processes stat the files (in a small notebook: before).
        """
        read = 0
        journal = files.journal(self.root)
        self.recover()
        if not is_anew:
            read, is_settled = self._look(progress, is_sure=False, meanwhile=meanwhile)
            if is_settled and journal == files.journal(self.root):
                return read
        # A note that is renamed while folders are read may be seen under both names, or under neither. Only this pass forgets notes,
        # so it holds the lock: no other process may choose an ID while the catalogue lacks a note that exists.
        with self.locked():
            self.recover()
            return read + self._look(progress, is_sure=True, is_anew=is_anew)[0]

    def glance(self, *titles: str) -> None:
        """Find out which IDs are used and which notes have one of `titles`: from file names if they suffice, otherwise by `refresh`."""
        from zettel.taken import Taken

        self.recover()
        used = Taken(self.connection, self.root, self._ignored())
        if used.is_known(*titles):
            self._taken, self._temporary = used, used.temporary
        else:
            self.refresh()

    def _ignored(self) -> tuple[str, ...]:
        ignore = self.settings["ignore"]
        return ignore if isinstance(ignore, tuple) else ()

    def _look(
        self, progress: Progress | None, *, is_sure: bool, is_anew: bool = False, meanwhile: Callable[[], object] | None = None
    ) -> tuple[int, bool]:
        """Scan all files, and record those that changed. Return how many, and whether the catalogue now agrees with the scan."""
        self._taken = None
        from zettel.adapters.scanning import scan

        known = {} if is_anew else catalogue.stamps(self.connection)
        changed, gone, self.passed_over, self._temporary = scan(self.root, known, self._ignored(), meanwhile)
        if not (changed or gone or is_anew):
            return 0, True
        from zettel.adapters import sqlite
        from zettel.adapters.recording import record

        try:
            with (progress or Silent)("Reading notes", len(changed)) as step:
                is_settled = record(
                    self.connection,
                    changed,
                    gone,
                    lambda path: files.stamp(self.root, path),
                    lambda path: self._reading_or_problem(path, step),
                    is_sure=is_sure,
                    is_anew=is_anew,
                )
        except sqlite.Error as error:
            if not self._cache or not catalogue.is_out_of_reach(error):
                raise
            self.connection = self._connect() if catalogue.is_replaced(error) else self._connect_in_memory(error)
            return self._look(progress, is_sure=is_sure, is_anew=is_anew)
        return len(changed), is_settled

    def _reading_or_problem(self, path: str, step: Step) -> Reading:
        step(path)
        from zettel.adapters.reader import unread

        try:
            return self.reading(path)
        except Unreadable as error:
            return unread(path, error.message)

    def reading(self, path: str) -> Reading:
        """Read a note from disk and parse it. Raises `Unreadable`."""
        return self.reading_of(path, files.read(self.root, path))

    def reading_of(self, path: str, data: bytes) -> Reading:
        """Parse `data` as if it were the contents of the note at `path`."""
        from zettel.adapters.reader import read

        return read(path, data, label_first=self.settings["links.pipe"] == "label-first")

    def seen(self, path: str, data: bytes) -> Seen:
        """Parse `data` as if it were the contents of the note at `path`, including its front matter and the positions of its tags."""
        from zettel.adapters.reader import see

        return see(path, data, label_first=self.settings["links.pipe"] == "label-first")

    def locked(self) -> Locked:
        """Return a lock on the notebook. While it is held, no other zettel process chooses an ID, carries out changes or writes the index."""
        return Locked(self.root, self._cache)

    def recover(self) -> None:
        """Undo an interrupted change, if there is one. Waits for another zettel process that is still carrying it out."""
        if files.exists(self.root, files.PENDING):
            from zettel.adapters.recovery import recover

            with self.locked():
                message = recover(self.root)
            if message:
                self._say(message)

    def carry_out(self, changes: Changes, done: str, progress: Progress | None = None) -> None:
        """Carry out all changes or none. `done` describes them for `zettel undo`, e.g. 'rename "A" to "B"'.

        Raises `Refused` if a file differs from what the changes expect, and `Unreadable` if a file cannot be written.
        """
        from zettel.adapters import journal

        with self.locked():
            self.recover()
            self._tidy()
            journal.carry_out(self.root, changes, done, progress)
        self.has_written = True

    def note_made(self, path: str, done: str) -> None:
        """Add a note that was just created to the journal, so that `zettel undo` can remove it. Does nothing if the journal cannot be written."""
        from zettel.adapters.entering import note_made

        self.has_written = True
        try:
            with self.locked():
                self._tidy()
                note_made(self.root, path, files.read(self.root, path), done)
        except (OSError, ZettelError):
            pass  # the note exists, which is what counts

    def _tidy(self) -> None:
        """Remove temporary files of a zettel process that was killed. The caller holds the lock, so no live process owns them."""
        for path in self._temporary:
            disk.discard(self.root, path)
        for folder in (".zettel", ".zettel/templates", files.JOURNAL):
            disk.remove_leftovers(self.root, folder)

    def data(self, path: str) -> bytes:
        """Return the bytes of a note. Raises `Unreadable`."""
        return files.read(self.root, path)

    def known_data(self, path: str) -> bytes:
        """Return the bytes of a note. Raises `Refused` if the file has changed since it was catalogued, or `Unreadable`."""
        data = files.read(self.root, path)
        if not files.is_same(files.stamp(self.root, path), catalogue.stamp(self.connection, path)):
            raise Refused(f"{path} has changed in the meantime", "nothing was written; try again")
        return data

    def text(self, path: str) -> str:
        """Return the body of a note as plain text, one block per line, or an empty string if it cannot be read."""
        return self.prose(path).text

    def prose(self, path: str) -> Prose:
        """Return the headings and text of a note; both are empty if it cannot be read."""
        from zettel.adapters import reader
        from zettel.model.reading import Prose

        try:
            return reader.prose(path, files.read(self.root, path), label_first=self.settings["links.pipe"] == "label-first")
        except Unreadable:
            return Prose([], "")

    # Questions

    def notes(self, wanted: Filter | None = None, paths: Iterable[str] | None = None) -> list[Note]:
        """Return the notes that match a filter (all without one), in its order; only those at `paths`, if given."""
        return finding.notes(self.connection, wanted or Filter(), paths)

    def by_paths(self, paths: Iterable[str]) -> dict[str, Note]:
        """Return the notes at `paths`, keyed by path. Paths without a note are left out."""
        return finding.by_paths(self.connection, paths)

    def by_handle(self, handle: str) -> list[Note]:
        """Return the notes that a handle names: an ID, or the path of a note without one."""
        return finding.by_key(self.connection, f"i:{handle}") or list(self.by_paths([handle]).values())

    def links(self, source: str | None = None, target: str | None = None) -> list[Resolved]:
        """Return the links from the note at `source`, or to the note at `target`, or all links."""
        return finding.links(self.connection, source, target)

    def neighbours(self, path: str, *, out: bool = True, back: bool = True) -> list[str]:
        """Return the paths of the notes that the note at `path` links to (`out`) and of those that link to it (`back`)."""
        return finding.neighbours(self.connection, path, out=out, back=back)

    def syntaxes(self) -> list[tuple[str, int]]:
        """Count the links in each syntax: (syntax, number of links)."""
        return finding.syntaxes(self.connection)

    def named_by(self, link: Link) -> str | None:
        """Return the path of the note that a link resolves to, or None. The link need not be in any note yet."""
        from zettel.model.resolving import resolve

        return resolve(link.source, link.syntax, link.dest, self.answering_to).target

    def answering_to(self, key: str) -> list[str]:
        """Return the paths of the notes that answer to a key (see `zettel.model.resolving`)."""
        return finding.answering(self.connection, key)

    def relabelling(self, pairs: Sequence[tuple[Called, Called | None]], part: tuple[str, str, str] | None = None) -> Relabelling:
        """Return what links resolve to before and after some notes get other names (see `model.relabelling`).

        `pairs` holds (old, new) names; new is None for a note that is removed. `part` describes a note that becomes part of another.
        """
        from functools import partial

        from zettel.model.editing.forms import Called
        from zettel.model.editing.relabelling import Relabelling

        def called(path: str) -> Called:
            return Called(*finding.called(self.connection, path))

        label_first = self.settings["links.pipe"] == "label-first"
        return Relabelling(pairs, partial(finding.answering, self.connection), called, label_first=label_first, part=part)

    def asking(self, keys: Iterable[str]) -> list[Resolved]:
        """Return the links that look up one of `keys`, including bare numbers that are not links."""
        return finding.asking(self.connection, keys)

    def links_beyond(self, path: str) -> dict[str, tuple[set[str], set[str]]]:
        """Return, for every neighbour of a note, the paths that it links to and the paths that link to it."""
        found: dict[str, tuple[set[str], set[str]]] = {}
        for through, other, is_out in finding.links_beyond(self.connection, path):
            found.setdefault(through, (set(), set()))[not is_out].add(other)
        return found

    def sharing_tags(self, path: str) -> list[tuple[str, list[str]]]:
        """Return (tag, paths of the other notes with it) for every rare tag of a note, which is on at most ten notes or a tenth of all."""
        return finding.sharing_tags(self.connection, path, 0.1)

    def kin(self, *asked: tuple[Iterable[str], Collection[int]]) -> dict[str, Kin]:
        """Return, keyed by path, the best candidate for a link from each note in (paths, rows) to one of the notes in these catalogue rows.

        Uses only what is in the catalogue. Notes that share nothing with the candidates are left out.
        """
        from zettel.model.exploring.kinship import Known, nearest_kin

        notes = finding.titles(self.connection)
        paths_of = {row: path for row, path, _ in notes}

        def beyond(path: str) -> dict[str, list[str]]:
            found: dict[str, list[str]] = {}
            (row,) = finding.rows_of(self.connection, [path])
            for through, other in finding.two_hops(self.connection, row):
                found.setdefault(paths_of[through], []).append(paths_of[other])
            return found

        def sharing(path: str) -> list[tuple[str, list[str]]]:
            return finding.sharing_tags(self.connection, path, TELLING)

        def title(path: str) -> str:
            return self.by_paths([path])[path].title

        known = Known({path: key for _, path, key in notes}, title, sharing, beyond)
        return nearest_kin([(paths, {paths_of[row] for row in rows}) for paths, rows in asked], known)

    def orphans(self, *, isolated: bool = False) -> list[str]:
        """Return the paths of the notes without backlinks, or (`isolated`) without links in either direction."""
        return finding.orphans(self.connection, isolated=isolated)

    def edges(self) -> list[tuple[str, str]]:
        """Return (source, target) of every pair of linked notes."""
        return finding.edges(self.connection)

    def network(self) -> Network:
        """Load the graph of all notes and links."""
        from zettel.adapters.adjacency import adjacency
        from zettel.model.exploring.network import Network

        links = adjacency(self.connection).forward
        notes = sorted(self.notes(), key=lambda note: (note.handle, note.path))
        return Network(notes, ((source, target) for source in range(len(notes)) for target in links.of(source)))

    def is_free(self, note_id: str) -> bool:
        """Return whether no note has this ID."""
        return self._taken.is_free(note_id) if self._taken else not finding.by_key(self.connection, f"i:{note_id}")

    def titled(self, title: str) -> list[Note]:
        """Return the notes with this title or alias, ignoring case."""
        return finding.by_key(self.connection, f"t:{fold(title)}")

    def names(self, is_common: Callable[[str], bool] = lambda _: False) -> Names:
        """Load the names of all notes, for finding mentions in prose. Leaves out names of one word whose stem `is_common`."""
        from zettel.adapters.stemming import stem
        from zettel.model.exploring.mentions import Names

        rows = finding.names(self.connection)
        return Names(((path, title, tuple(aliases.split(finding.JOIN))) for title, aliases, _, path in rows), stem, is_common)

    def problems(self) -> list[Problem]:
        """Return the problems of all notes, including files that the scan skipped, ordered by path."""
        passed = [Problem(path, "passed-over", reason) for path, reason in sorted(self.passed_over.items())]
        return sorted(finding.problems(self.connection) + passed, key=lambda problem: problem.path)

    def sketches(self, progress: Progress | None = None) -> dict[str, Sketch]:
        """Return the fingerprints of all readable notes, keyed by path. Computes and stores those of notes that have changed."""
        from zettel.adapters import sketches
        from zettel.model.sketch import sketch

        stored = sketches.kept(self.connection)
        fresh: dict[str, Sketch] = {}
        todo = [path for path, found in stored.items() if found is None]
        with (progress or Silent)("Comparing notes", len(todo)) as step:
            for path in todo:
                try:
                    fresh[path] = sketch(files.decode(self.data(path))[0])
                except Unreadable:
                    continue  # reported as a problem of the note
                step(path)
        if fresh:
            sketches.keep(self.connection, fresh)
        return {path: found or fresh[path] for path, found in stored.items() if found or path in fresh}

    def note(self, text: str, folder: str = "") -> Note:
        """Return the note that `text` names (see `zettel.naming`). Raises `NoSuchNote` or `SeveralNotes`."""
        from zettel import naming

        return naming.note(self.connection, self.root, text, folder)

    def named(self, text: str, folder: str = "") -> Iterator[tuple[str, list[Note]]]:
        """Yield (how, notes) for each way in which `text` can name notes other than by part of a title (see `zettel.naming`)."""
        from zettel import naming

        return naming.named(self.connection, self.root, text, folder)

    def ask_fulltext(self, question: Callable[[FullText], T], progress: Progress | None = None, *, rebuild: bool = False) -> T:
        """Update the full-text index, and return what `question` returns for it. With `rebuild`, index all notes again first."""
        from zettel.indexing import Index

        name = "fulltext" if self.settings["links.pipe"] == "target-first" else f"fulltext-{self.settings['links.pipe']}"
        index = Index(self.connection, self._cache, name, self.prose, self._say)
        return index.ask(question, progress, rebuild=rebuild)
