"""A notebook, open: its notes as they are now, and what zettel knows of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator

from zettel.adapters import catalogue, files, finding
from zettel.adapters.settings import cache_folder
from zettel.model.errors import NoSuchNote, Refused, SeveralNotes, Unreadable, ZettelError
from zettel.model.ids import first_id, is_id
from zettel.model.link import Link, Resolved
from zettel.model.note import Note, Problem
from zettel.model.query import Filter
from zettel.model.settings import Setting
from zettel.model.text import clipped, fold, nfc, without_suffix

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from contextlib import AbstractContextManager
    from typing import TypeVar

    from zettel.adapters.fulltext import Entry, FullText
    from zettel.model.kinship import Bridge
    from zettel.model.mentions import Names
    from zettel.model.reading import Reading

    Progress = Callable[[str, int], AbstractContextManager["Step"]]

    T = TypeVar("T")

Step = Callable[[str], None]
"""Called with what has just been dealt with, for a progress bar."""


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
        self._say = say
        self._cache: str | None = None if in_memory else cache_folder(environ, root)
        self.connection = self._connect()

    def _connect(self) -> sqlite3.Connection:
        import sqlite3

        name = "catalogue" if self.settings["links.pipe"] == "target-first" else f"catalogue-{self.settings['links.pipe']}"
        try:
            return catalogue.connect(self._cache, name)
        except (OSError, sqlite3.OperationalError) as error:
            self._say(f"{self._cache} cannot be written ({error}); everything is read afresh this time")
            self._cache = None
            return catalogue.connect(None)

    def refresh(self, progress: Progress | None = None) -> int:
        """Bring the catalogue up to date with the files; gives the number of notes that were read."""
        ignore = self.settings["ignore"]
        now, self.passed_over = files.scan(self.root, ignore if isinstance(ignore, tuple) else ())
        before = catalogue.stamps(self.connection)
        if now == before:
            return 0
        changed = sorted(path for path, stamp in now.items() if before.get(path) != stamp)
        from zettel.adapters.recording import record

        with (progress or Silent)("Reading notes", len(changed)) as step:
            readings = ((path, now[path], self._reading_or_problem(path, step)) for path in changed)
            record(self.connection, readings, sorted(before.keys() - now.keys()))
        return len(changed)

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

    def locked(self) -> files.Locked:
        """A lock on the notebook: held, no other zettel chooses an ID or writes the full-text index."""
        return files.Locked(self.root, self._cache)

    def data(self, path: str) -> bytes:
        """The bytes of a note. Raises `Unreadable`."""
        return files.read(self.root, path)

    def known_data(self, path: str) -> bytes:
        """The bytes of a note, if they are those that the catalogue knows. Raises `Refused` if they have changed since, `Unreadable`."""
        data = files.read(self.root, path)
        if files.stamp(self.root, path) != catalogue.stamps(self.connection).get(path):
            raise Refused(f"{path} has changed meanwhile", "nothing was written; try again")
        return data

    def text(self, path: str) -> str:
        """The body of a note in plain words, a block a line; empty if it cannot be read now."""
        return self._reading_or_problem(path, lambda _: None).text

    def forget(self) -> None:
        """Empty the catalogue, so that everything is read again."""
        catalogue.empty(self.connection)

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

        return resolve(link.source, link.syntax, link.dest, lambda key: [note.path for note in finding.by_key(self.connection, key)]).target

    def links_beyond(self, path: str) -> dict[str, tuple[set[str], set[str]]]:
        """The notes that every neighbour of a note links to, and those that link to it."""
        found: dict[str, tuple[set[str], set[str]]] = {}
        for through, other, is_out in finding.links_beyond(self.connection, path):
            found.setdefault(through, (set(), set()))[not is_out].add(other)
        return found

    def sharing_tags(self, path: str) -> list[tuple[str, list[str]]]:
        """(tag, paths of the other notes that have it) for every tag of a note that is rare: on ten notes or a tenth of all."""
        return finding.sharing_tags(self.connection, path, 0.1)

    def bridges(self, paths: Iterable[str], candidates: Collection[str]) -> dict[str, Bridge]:
        """For every note of `paths` what best ties it to one of `candidates`, as far as the catalogue knows."""
        from zettel.model.kinship import Known, bridges

        rows = finding.titles(self.connection)
        paths_of, numbers = {number: path for number, path, _, _ in rows}, {path: number for number, path, _, _ in rows}

        def beyond(path: str) -> dict[str, list[str]]:
            found: dict[str, list[str]] = {}
            for through, other in finding.two_hops(self.connection, numbers[path]):
                found.setdefault(paths_of[through], []).append(paths_of[other])
            return found

        folded, titles = {path: key for _, path, _, key in rows}, {path: title for _, path, title, _ in rows}
        return bridges(paths, candidates, Known(folded, titles, self.sharing_tags, beyond))

    def orphans(self, *, isolated: bool = False) -> list[str]:
        """Paths of the notes without backlinks, or without links either way."""
        return finding.orphans(self.connection, isolated=isolated)

    def edges(self) -> list[tuple[str, str]]:
        """(source, target) of every pair of notes with a link."""
        return finding.edges(self.connection)

    def is_free(self, note_id: str) -> bool:
        """Whether no note has this ID."""
        return not finding.by_key(self.connection, f"i:{note_id}")

    def titled(self, title: str) -> list[Note]:
        """The notes with this title or alias, in any letter case."""
        return finding.by_key(self.connection, f"t:{fold(title)}")

    def names(self, is_common: Callable[[str], bool] = lambda _: False) -> Names:
        """The names of all notes, to be looked for in prose; one whose only word has a stem that `is_common` is left out."""
        from zettel.adapters.stems import stem
        from zettel.model.mentions import Names

        rows = finding.names(self.connection)
        return Names(((path, title, tuple(aliases.split(finding.JOIN))) for title, aliases, _, path in rows), stem, is_common)

    def problems(self) -> list[Problem]:
        """What is wrong with notes, and the files that were passed over."""
        passed = [Problem(path, "passed-over", reason) for path, reason in sorted(self.passed_over.items())]
        return sorted(finding.problems(self.connection) + passed, key=lambda problem: problem.path)

    def note(self, text: str, folder: str = "") -> Note:
        """The note that a person means: an ID, a unique beginning of one, a path, a title, an alias, or a unique part of a title.

        `folder` is that of the person, for relative paths. Raises `NoSuchNote` and `SeveralNotes`.
        """
        first: list[Note] = []
        for found, is_final in self._candidates(text.strip(), folder):
            if len(found) == 1:
                return found[0]
            first = first or found
            if first and is_final:
                break
        if first:
            raise several(text, first)
        raise NoSuchNote(f'no note is called "{clipped(text, 80)}"', self._hint(text))

    def _candidates(self, text: str, folder: str) -> Iterator[tuple[list[Note], bool]]:
        """The notes that fit by one reading of `text` after the other, best first; and whether several of them settle it."""
        if not text:
            return
        if is_id(text):
            yield finding.by_key(self.connection, f"i:{text}"), True
        yield self._by_path(text, folder), True
        if text.isascii() and text.isdigit():
            yield finding.by_id_start(self.connection, text), False
        yield finding.by_key(self.connection, f"t:{fold(text)}"), True
        yield finding.by_key(self.connection, f"n:{fold(without_suffix(text))}"), True
        note_id = first_id(text)
        if note_id:
            yield finding.by_key(self.connection, f"i:{note_id}"), True
        yield finding.by_part(self.connection, text), True

    def _by_path(self, text: str, folder: str) -> list[Note]:
        """The note at a path from `folder` or the notebook's root, with or without suffix, in any Unicode form."""
        if "\0" in text:
            return []
        for base in filter(None, (folder, self.root)):
            path = os.path.relpath(os.path.join(base, text), self.root).replace(os.sep, "/")
            if not path.startswith("../"):
                near = finding.by_key(self.connection, f"n:{fold(without_suffix(path.rpartition('/')[2]))}")
                found = [note for note in near if nfc(path) in (nfc(note.path), nfc(without_suffix(note.path)))]
                exact = [note for note in found if note.path == path]
                if found:
                    return exact or found[:1]
        return []

    def _hint(self, text: str) -> str:
        from zettel.model.nearness import nearest

        choices = {
            name: note_id or path
            for title, aliases, note_id, path in finding.names(self.connection)
            for name in (title, *aliases.split("\x1f"))
            if name
        }
        near = nearest(text, choices)
        if near:
            return "did you mean " + " or ".join(f'"{name}" ({choices[name]})' for name in near) + "?"
        return "zettel list shows all notes, zettel search WORDS finds them by their text"

    def ask_fulltext(self, question: Callable[[FullText], T], progress: Progress | None = None, *, rebuild: bool = False) -> T:
        """The answer of the full-text index, brought up to date; one that is damaged is made anew, if need be in memory only."""
        for attempt in ("as it is", "anew", "in memory")[rebuild:]:
            try:
                return question(self.fulltext(progress, rebuild=attempt != "as it is", in_memory=attempt == "in memory"))
            except (ZettelError, KeyboardInterrupt):
                raise
            except Exception as error:
                if attempt == "in memory":
                    raise
                self._say(f"the full-text index cannot be used ({type(error).__name__}: {error}); it is made anew")
        raise AssertionError("unreachable")

    def fulltext(self, progress: Progress | None = None, *, rebuild: bool = False, in_memory: bool = False) -> FullText:
        """The full-text index, brought up to date with the catalogue. Only one process at a time writes it."""
        from zettel.adapters.fulltext import FullText

        suffix = "" if self.settings["links.pipe"] == "target-first" else f"-{self.settings['links.pipe']}"
        found = FullText(os.path.join(self._cache, "fulltext" + suffix) if self._cache and not in_memory else None)
        if not rebuild and found.open(catalogue.get(self.connection, "fulltext")) and not catalogue.todo(self.connection):
            return found
        with files.Locked(self._cache):
            if rebuild or not found.open(catalogue.get(self.connection, "fulltext")):
                token = os.urandom(8).hex()
                found.make(token)
                catalogue.start_index(self.connection, token)
            paths = catalogue.todo(self.connection)
            with (progress or Silent)("Indexing text", len(paths)) as step:
                found.update(paths, lambda path: self._entry(path, step), lambda batch: catalogue.done(self.connection, batch))
        if in_memory:
            catalogue.start_index(self.connection, "")  # the next run finds no index, and makes one
        return found

    def _entry(self, path: str, step: Step) -> Entry | None:
        """What the full-text index is to hold of a note; None if it is gone."""
        from zettel.adapters.fulltext import Entry

        step(path)
        note = self.by_paths([path]).get(path)
        if not note:
            return None
        found = self._reading_or_problem(path, lambda _: None)
        return Entry(path, note.id, note.title, note.aliases, note.tags, note.created, found.headings, found.text)


def several(text: str, found: list[Note]) -> SeveralNotes:
    """The error for a name that several notes answer to, with the first ten of them."""
    shown = tuple(f"{note.id or note.path}  {note.title}" for note in found[:10])
    more = (f"and {len(found) - 10} more",) if len(found) > 10 else ()
    return SeveralNotes(f'{len(found)} notes answer to "{clipped(text, 80)}"', "give the ID, the path or more of the title", shown + more)


class Silent:
    """Progress that nobody is shown."""

    def __init__(self, _title: str, _total: int) -> None:
        pass

    def __enter__(self) -> Step:
        return lambda _done: None

    def __exit__(self, *_: object) -> None:
        pass
