"""A notebook, open: its notes as they are now, and what zettel knows of them."""

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
"""A tag that more than this share of all notes have tells nothing of why two of them belong together."""


class Notebook:
    """The notes under `root`, by way of a catalogue that `refresh` brings up to date.

    `say` gets one line for people when something had to be done differently (an unwritable cache).
    """

    def __init__(
        self, root: str, settings: dict[str, Setting], environ: dict[str, str], say: Callable[[str], None], *, in_memory: bool = False
    ) -> None:
        """Open the notebook at `root`; `in_memory`: without anything on disk but the notes."""
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
                self._say(f"others could write to {self._cache}; it is yours alone now, and what was in it is made anew")
            return catalogue.connect(self._cache, name, self._say)
        except (OSError, sqlite.OperationalError) as error:
            return self._connect_in_memory(error)

    def _connect_in_memory(self, error: Exception) -> sqlite.Connection:
        """A catalogue for this time, where the one in the cache is out of reach."""
        self._say(f"{self._cache} cannot be used ({getattr(error, 'strerror', None) or error}); everything is read afresh this time")
        self._cache = None
        return catalogue.connect(None)

    def refresh(self, progress: Progress | None = None, *, is_anew: bool = False, meanwhile: Callable[[], object] | None = None) -> int:
        """Bring the catalogue up to date with the files (`is_anew`: read them all); gives the number of notes that were read.

        `meanwhile` is done once while the files are looked at, if they are many by other processes; else before.
        """
        read = 0
        journal = files.journal(self.root)
        self.recover()
        if not is_anew:
            read, is_settled = self._look(progress, is_sure=False, meanwhile=meanwhile)
            if is_settled and journal == files.journal(self.root):
                return read
        # A note that gets another name while folders are read may be seen under both, or neither. And nobody may choose an ID
        # while notes are forgotten that are there: only here are they.
        with self.locked():
            self.recover()
            return read + self._look(progress, is_sure=True, is_anew=is_anew)[0]

    def glance(self, *titles: str) -> None:
        """Find out which IDs are taken, and which notes have one of `titles`: by the names of files, where these tell it, else by `refresh`."""
        from zettel.taken import Taken

        self.recover()
        taken = Taken(self.connection, self.root, self._ignored())
        if taken.is_known(*titles):
            self._taken, self._temporary = taken, taken.temporary
        else:
            self.refresh()

    def _ignored(self) -> tuple[str, ...]:
        ignore = self.settings["ignore"]
        return ignore if isinstance(ignore, tuple) else ()

    def _look(
        self, progress: Progress | None, *, is_sure: bool, is_anew: bool = False, meanwhile: Callable[[], object] | None = None
    ) -> tuple[int, bool]:
        """Look at all files and read those that changed: how many, and whether all is still as it was seen."""
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
        """A note, read now. Raises `Unreadable`."""
        return self.reading_of(path, files.read(self.root, path))

    def reading_of(self, path: str, data: bytes) -> Reading:
        """What a note would be read as if these were its bytes."""
        from zettel.adapters.reader import read

        return read(path, data, label_first=self.settings["links.pipe"] == "label-first")

    def seen(self, path: str, data: bytes) -> Seen:
        """What a note would be read as if these were its bytes, with its front matter and where the tags in it stand."""
        from zettel.adapters.reader import see

        return see(path, data, label_first=self.settings["links.pipe"] == "label-first")

    def locked(self) -> Locked:
        """A lock on the notebook: held, no other zettel chooses an ID or writes the full-text index."""
        return Locked(self.root, self._cache)

    def recover(self) -> None:
        """Take back a change that was broken off, if there is one; another zettel that is still at it is waited for."""
        if files.exists(self.root, files.PENDING):
            from zettel.adapters.recovery import recover

            with self.locked():
                said = recover(self.root)
            if said:
                self._say(said)

    def carry_out(self, changes: Changes, done: str, progress: Progress | None = None) -> None:
        """Carry out changes, all or none; `done` says for `zettel undo` what they are, e.g. 'rename "A" to "B"'.

        Raises `Refused` where a file is not as the changes take it to be, `Unreadable` where one cannot be written.
        """
        from zettel.adapters import journal

        with self.locked():
            self.recover()
            self._tidy()
            journal.carry_out(self.root, changes, done, progress)
        self.has_written = True

    def note_made(self, path: str, done: str) -> None:
        """Have `zettel undo` know of a note that was just made; where it cannot be written down, it cannot be taken back."""
        from zettel.adapters.entering import note_made

        self.has_written = True
        try:
            with self.locked():
                self._tidy()
                note_made(self.root, path, files.read(self.root, path), done)
        except (OSError, ZettelError):
            pass  # the note is there, which counts

    def _tidy(self) -> None:
        """Remove temporary files that a zettel left behind which was killed: while the lock is held, there are no others."""
        for path in self._temporary:
            disk.discard(self.root, path)
        for folder in (".zettel", ".zettel/templates", files.JOURNAL):
            disk.remove_leftovers(self.root, folder)

    def data(self, path: str) -> bytes:
        """The bytes of a note. Raises `Unreadable`."""
        return files.read(self.root, path)

    def known_data(self, path: str) -> bytes:
        """The bytes of a note, if they are those that the catalogue knows. Raises `Refused` if they have changed since, `Unreadable`."""
        data = files.read(self.root, path)
        if not files.is_same(files.stamp(self.root, path), catalogue.stamp(self.connection, path)):
            raise Refused(f"{path} has changed meanwhile", "nothing was written; try again")
        return data

    def text(self, path: str) -> str:
        """The body of a note in plain words, a block a line; empty if it cannot be read now."""
        return self.prose(path).text

    def prose(self, path: str) -> Prose:
        """The headings and text of a note; none if it cannot be read now."""
        from zettel.adapters import reader
        from zettel.model.reading import Prose

        try:
            return reader.prose(path, files.read(self.root, path), label_first=self.settings["links.pipe"] == "label-first")
        except Unreadable:
            return Prose([], "")

    # Questions

    def notes(self, wanted: Filter | None = None, paths: Iterable[str] | None = None) -> list[Note]:
        """The notes that a filter fits, in its order; only those of `paths`, if given."""
        return finding.notes(self.connection, wanted or Filter(), paths)

    def by_paths(self, paths: Iterable[str]) -> dict[str, Note]:
        """Notes by their paths."""
        return finding.by_paths(self.connection, paths)

    def by_handle(self, handle: str) -> list[Note]:
        """The notes that a handle names: an ID, or the path of a note without one."""
        return finding.by_key(self.connection, f"i:{handle}") or list(self.by_paths([handle]).values())

    def links(self, source: str | None = None, target: str | None = None) -> list[Resolved]:
        """The links of a note, those to a note, or all."""
        return finding.links(self.connection, source, target)

    def neighbours(self, path: str, *, out: bool = True, back: bool = True) -> list[str]:
        """The notes linked from a note and to it."""
        return finding.neighbours(self.connection, path, out=out, back=back)

    def syntaxes(self) -> list[tuple[str, int]]:
        """How the notebook's links are written: (syntax, number of links)."""
        return finding.syntaxes(self.connection)

    def named_by(self, link: Link) -> str | None:
        """The path of the note that a link names, which need not stand in any note yet."""
        from zettel.model.resolving import resolve

        return resolve(link.source, link.syntax, link.dest, self.answering_to).target

    def answering_to(self, key: str) -> list[str]:
        """The paths of the notes that answer to a key (see `zettel.model.resolving`)."""
        return finding.answering(self.connection, key)

    def relabelling(self, pairs: Sequence[tuple[Called, Called | None]], part: tuple[str, str, str] | None = None) -> Relabelling:
        """The notebook before and after some of its notes are called otherwise (see `model.relabelling`)."""
        from functools import partial

        from zettel.model.editing.forms import Called
        from zettel.model.editing.relabelling import Relabelling

        def called(path: str) -> Called:
            return Called(*finding.called(self.connection, path))

        label_first = self.settings["links.pipe"] == "label-first"
        return Relabelling(pairs, partial(finding.answering, self.connection), called, label_first=label_first, part=part)

    def asking(self, keys: Iterable[str]) -> list[Resolved]:
        """The links that ask for one of some keys; numbers that are no links, too."""
        return finding.asking(self.connection, keys)

    def links_beyond(self, path: str) -> dict[str, tuple[set[str], set[str]]]:
        """The notes that every neighbour of a note links to, and those that link to it."""
        found: dict[str, tuple[set[str], set[str]]] = {}
        for through, other, is_out in finding.links_beyond(self.connection, path):
            found.setdefault(through, (set(), set()))[not is_out].add(other)
        return found

    def sharing_tags(self, path: str) -> list[tuple[str, list[str]]]:
        """(tag, paths of the other notes that have it) for every tag of a note that is rare: on ten notes or a tenth of all."""
        return finding.sharing_tags(self.connection, path, 0.1)

    def kin(self, *asked: tuple[Iterable[str], Collection[int]]) -> dict[str, Kin]:
        """For every note of (paths, rows) what best ties it to one of the notes in these rows of the catalogue, as far as the catalogue knows."""
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
        """Paths of the notes without backlinks, or without links either way."""
        return finding.orphans(self.connection, isolated=isolated)

    def edges(self) -> list[tuple[str, str]]:
        """(source, target) of every pair of notes with a link."""
        return finding.edges(self.connection)

    def network(self) -> Network:
        """All notes and links, for questions about the whole."""
        from zettel.adapters.adjacency import adjacency
        from zettel.model.exploring.network import Network

        links = adjacency(self.connection).forward
        notes = sorted(self.notes(), key=lambda note: (note.handle, note.path))
        return Network(notes, ((source, target) for source in range(len(notes)) for target in links.of(source)))

    def is_free(self, note_id: str) -> bool:
        """Whether no note has this ID."""
        return self._taken.is_free(note_id) if self._taken else not finding.by_key(self.connection, f"i:{note_id}")

    def titled(self, title: str) -> list[Note]:
        """The notes with this title or alias, in any letter case."""
        return finding.by_key(self.connection, f"t:{fold(title)}")

    def names(self, is_common: Callable[[str], bool] = lambda _: False) -> Names:
        """The names of all notes, to be looked for in prose; one whose only word has a stem that `is_common` is left out."""
        from zettel.adapters.stemming import stem
        from zettel.model.exploring.mentions import Names

        rows = finding.names(self.connection)
        return Names(((path, title, tuple(aliases.split(finding.JOIN))) for title, aliases, _, path in rows), stem, is_common)

    def problems(self) -> list[Problem]:
        """What is wrong with notes, and the files that were passed over."""
        passed = [Problem(path, "passed-over", reason) for path, reason in sorted(self.passed_over.items())]
        return sorted(finding.problems(self.connection) + passed, key=lambda problem: problem.path)

    def sketches(self, progress: Progress | None = None) -> dict[str, Sketch]:
        """What the text of every note looks like, by path; looked at now, if it has changed since."""
        from zettel.adapters import sketches
        from zettel.model.sketch import sketch

        kept = sketches.kept(self.connection)
        fresh: dict[str, Sketch] = {}
        todo = [path for path, found in kept.items() if found is None]
        with (progress or Silent)("Looking at notes", len(todo)) as step:
            for path in todo:
                try:
                    fresh[path] = sketch(files.decode(self.data(path))[0])
                except Unreadable:
                    continue  # a problem of its own
                step(path)
        if fresh:
            sketches.keep(self.connection, fresh)
        return {path: found or fresh[path] for path, found in kept.items() if found or path in fresh}

    def note(self, text: str, folder: str = "") -> Note:
        """The note that a person means (see `zettel.naming`). Raises `NoSuchNote` and `SeveralNotes`."""
        from zettel import naming

        return naming.note(self.connection, self.root, text, folder)

    def named(self, text: str, folder: str = "") -> Iterator[tuple[str, list[Note]]]:
        """(how, notes) for one way after the other in which `text` may name notes outright (see `zettel.naming`)."""
        from zettel import naming

        return naming.named(self.connection, self.root, text, folder)

    def ask_fulltext(self, question: Callable[[FullText], T], progress: Progress | None = None, *, rebuild: bool = False) -> T:
        """The answer of the full-text index, brought up to date."""
        from zettel.indexing import Index

        name = "fulltext" if self.settings["links.pipe"] == "target-first" else f"fulltext-{self.settings['links.pipe']}"
        index = Index(self.connection, self._cache, name, self.prose, self._say)
        return index.ask(question, progress, rebuild=rebuild)
