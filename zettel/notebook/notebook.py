"""Open a notebook: keep its catalogue up to date, answer questions about its notes, and change them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

from zettel.adapters.catalogue import schema
from zettel.adapters.catalogue.queries import Catalogue
from zettel.adapters.fs import atomic, files, private
from zettel.adapters.settings import locate_cache_folder
from zettel.model.base.errors import Refused, Unreadable, ZettelError
from zettel.model.note.note import Note
from zettel.model.settings.settings import SettingValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from zettel.adapters.fs.files import FileStamp, FileStamps
    from zettel.adapters.fs.lock import FileLock
    from zettel.adapters.fulltext.index import FullTextIndex
    from zettel.model.base.answer import ListedNote
    from zettel.model.base.progress import Progress, ProgressStep
    from zettel.model.check.outline import Outline
    from zettel.model.edit.anchor import AnchorNumber
    from zettel.model.edit.changes import Changes
    from zettel.model.edit.destinations import NoteNames
    from zettel.model.edit.renames import Renames
    from zettel.model.edit.retag import TaggedNote
    from zettel.model.link.link import Link
    from zettel.model.note.fingerprint import Fingerprint
    from zettel.model.note.hidden_notes import HiddenNotes
    from zettel.model.note.note_style import NoteStyle
    from zettel.model.note.parse import IsTaken, ParsedNote, Prose
    from zettel.model.note.problem import Problem
    from zettel.model.suggest.mentions import NameIndex
    from zettel.notebook.free_ids import UsedIds
    from zettel.notebook.search_index import SearchIndex

    T = TypeVar("T")

STYLE_SAMPLE = 9
"""How many notes are looked at to see what new ones should look like."""


class OpenNotebook:
    """The notes under `root`, as recorded in `catalogue`, which `refresh` brings up to date.

    Calls `say` with one line for people if it has to work around a problem, such as a cache that cannot be written. `own_changes` names the
    journal's entries of what this run has changed, in order. `max_unindexed` is the number of notes that a search may add to the full-text
    index at most (None: any number). `unsaved` holds the bytes of notes as an editor has them: reading a note returns
    these, and nothing that is stored about a note is made from them.

    With `hidden`, the notebook is what it would be if these notes were not there: they never get into its catalogue and index, which are
    files of their own in the cache. Such a notebook is only read, because changes need all notes.
    """

    def __init__(
        self,
        root: str,
        settings: Mapping[str, SettingValue],
        environ: dict[str, str],
        say: Callable[[str], None],
        *,
        in_memory: bool = False,
        hidden: HiddenNotes | None = None,
    ) -> None:
        """Open the notebook at `root`. With `in_memory`, keep the catalogue and index in memory instead of in the cache."""
        self.root = root
        self.settings = settings
        self.skipped: dict[str, str] = {}
        self.has_written = False
        self.max_unindexed: int | None = None
        self.own_changes: list[str] = []
        self.unsaved: Mapping[str, bytes] = {}
        self._temporary_files: list[str] = []
        self._used_ids: UsedIds | None = None
        self._style: NoteStyle | None = None
        self._say = say
        self._hidden = hidden if hidden and hidden.key else None
        self._hidden_stamps: FileStamps = {}
        self._cache: str | None = None if in_memory else locate_cache_folder(environ, root)
        self.catalogue = self._open_catalogue()

    @property
    def is_in_memory(self) -> bool:
        """Whether the catalogue is in memory, because the one in the cache cannot be accessed."""
        return self._cache is None

    def _open_catalogue(self) -> Catalogue:
        name = self._name_cache_file("catalogue")
        try:
            if self._cache and private.prepare_folder(self._cache):
                self._say(f"others could write to {self._cache}; it is private now, and its contents are rebuilt")
            return Catalogue(schema.open_catalogue(self._cache, name, self._say))
        except (OSError, schema.OperationalError) as error:
            return self._open_in_memory(error)

    def _name_cache_file(self, kind: str) -> str:
        """Return the name of the catalogue or index in the cache. It depends on the settings that decide what is in it."""
        name = kind if self.settings["links.pipe"] == "target-first" else f"{kind}-{self.settings['links.pipe']}"
        if self._hidden:
            from hashlib import sha256

            name += f"-without-{sha256(self._hidden.key.encode()).hexdigest()[:16]}"
        return name

    def _open_in_memory(self, error: Exception) -> Catalogue:
        """Open an empty catalogue in memory, because the one in the cache cannot be accessed."""
        self._say(f"{self._cache} cannot be used ({getattr(error, 'strerror', None) or error}); reading every note again for this command")
        self._cache = None
        return Catalogue(schema.open_catalogue(None))

    def refresh(
        self, progress: Progress | None = None, *, from_scratch: bool = False, meanwhile: Callable[[], object] | None = None
    ) -> int:
        """Bring the catalogue up to date with the files, and return the number of notes read. With `from_scratch`, read them all again.

        `meanwhile` runs once in this process, alongside the workers of a large scan, or before a small one.
        """
        read = 0
        journal = files.read_journal_state(self.root)
        self.recover()
        if not from_scratch:
            read, is_settled = self._scan_and_record(progress, is_sure=False, meanwhile=meanwhile)
            if is_settled and journal == files.read_journal_state(self.root):
                return read
        # A note that is renamed while folders are read may be seen under both names, or under neither. Only this pass forgets notes,
        # so it holds the lock: no other process may choose an ID while the catalogue lacks a note that exists.
        with self.lock():
            self.recover()
            return read + self._scan_and_record(progress, is_sure=True, from_scratch=from_scratch)[0]

    def look_at(self, paths: Iterable[str]) -> int:
        """Bring the catalogue up to date with the files at these paths alone, and return how many of them were new, changed or gone.

        A path that does not name a note is left out, and so is one that the setting `ignore` leaves out.
        """
        from zettel.adapters.fs.scan import choose_notes

        changed, gone = [], []
        for path, stamp in choose_notes(self.root, paths, self.ignore_patterns):
            known = self._hidden_stamps.get(path) or self.catalogue.load_stamp(path)
            if stamp is None and known:
                gone.append(path)
            elif stamp is not None and stamp != known:
                changed.append(path)
        if changed or gone:
            self._used_ids = None
            self.recover()
            with self.lock():  # no other process may choose an ID while the catalogue lacks a note that was renamed
                self._record_files(changed, gone, None, is_sure=True)
        return len(changed) + len(gone)

    def refresh_names(self, *titles: str) -> None:
        """Find out which IDs are used and which notes have one of `titles`: from file names if they suffice, otherwise by `refresh`."""
        from zettel.notebook.free_ids import UsedIds

        self.recover()
        used = UsedIds(self.catalogue, self.root, self.ignore_patterns)
        if used.can_answer(*titles):
            self._used_ids, self._temporary_files = used, used.temporary_files
        else:
            self.refresh()

    def say_once(self, key: str, message: str) -> None:
        """Say one line for people, unless it was said about this notebook before. `key` names the remark."""
        from zettel.adapters.remark_memory import remember_remark

        if not self._cache or remember_remark(self._cache, key):
            self._say(message)

    def refresh_if_names_changed(self) -> None:
        """Record notes that the catalogue does not know, and bring it up to date if there are many, or some are gone. Edits go unnoticed otherwise."""
        from zettel.notebook.new_files import find_new_notes

        new = None if files.exists(self.root, files.PENDING) else find_new_notes(self.catalogue, self.root, self.ignore_patterns)
        try:
            is_done = new is not None and (not new or self._record_files(new, [], None, is_sure=False))
        except schema.Error:
            is_done = False
        if not is_done:
            self.refresh()

    @property
    def ignore_patterns(self) -> tuple[str, ...]:
        """The globs of the setting `ignore`."""
        ignore = self.settings["ignore"]
        return (*(ignore if isinstance(ignore, tuple) else ()), *(self._hidden.globs if self._hidden else ()))

    def count_stale(self) -> int:
        """Count the notes that are new, changed or gone since the catalogue was last brought up to date."""
        from zettel.adapters.fs.scan import scan_notes

        changed, gone, *_ = scan_notes(self.root, self.catalogue.load_stamps(), self.ignore_patterns)
        return len(changed) + len(gone)

    def read_stamps(self, paths: Iterable[str]) -> dict[str, FileStamp | None]:
        """Return the stamps of some notes by path, and under an empty path that of the notebook's folder. The stamp of what is gone is None."""
        return {"": files.read_root_stamp(self.root), **{path: files.read_stamp(self.root, path) for path in paths}}

    def _scan_and_record(
        self, progress: Progress | None, *, is_sure: bool, from_scratch: bool = False, meanwhile: Callable[[], object] | None = None
    ) -> tuple[int, bool]:
        """Scan all files, and record those that changed. Return how many, and whether the catalogue now agrees with the scan."""
        self._used_ids = None
        from zettel.adapters.fs.scan import scan_notes

        known = {} if from_scratch else {**self.catalogue.load_stamps(), **self._hidden_stamps}
        changed, gone, self.skipped, self._temporary_files = scan_notes(self.root, known, self.ignore_patterns, meanwhile)
        if self._hidden:
            self.skipped = {}  # whether a file that is not read is hidden cannot be known
        if not (changed or gone or from_scratch):
            return 0, True
        try:
            is_settled = self._record_files(changed, gone, progress, is_sure=is_sure, from_scratch=from_scratch)
        except schema.Error as error:
            if not self._cache or not schema.is_unreachable(error):
                raise
            self.catalogue = self._open_catalogue() if schema.is_replaced(error) else self._open_in_memory(error)
            return self._scan_and_record(progress, is_sure=is_sure, from_scratch=from_scratch)
        return len(changed), is_settled

    def _record_files(
        self, changed: list[str], gone: list[str], progress: Progress | None, *, is_sure: bool, from_scratch: bool = False
    ) -> bool:
        """Record what a scan has found, and return whether the catalogue now agrees with it. Raises `sqlite.Error`."""
        from zettel.adapters.catalogue.writer import record_notes
        from zettel.model.base.progress import SilentProgress

        unread = set(changed)
        for path in gone:
            self._hidden_stamps.pop(path, None)
        with (progress or SilentProgress)("Reading notes", len(changed)) as step:

            def count(path: str) -> None:
                """Count a note once, although it is parsed again if an ID in its first line turns out to be that of another note."""
                if path in unread:
                    unread.remove(path)
                    step(path)

            return record_notes(
                self.catalogue,
                changed,
                gone,
                lambda path: files.read_stamp(self.root, path),
                lambda path, is_taken: self._parse_file_or_problem(path, count, is_taken),
                self._read_text,
                is_sure=is_sure,
                from_scratch=from_scratch,
            )

    def _parse_file_or_problem(self, path: str, step: ProgressStep, is_taken: bool) -> ParsedNote | None:
        """Parse a note to record it, or return None if it is hidden. `is_taken`: another note has the ID of its title line by stronger evidence."""
        step(path)
        from zettel.adapters.parse.note import build_unreadable_note

        stamp, data = files.read_stamp(self.root, path) if self._hidden else None, b""
        try:
            data = files.read_bytes(self.root, path)
            parsed = self._parse(path, data, lambda _: is_taken)
        except Unreadable as error:
            parsed = build_unreadable_note(path, error.message)
        if not self._hides(parsed, data):
            self._hidden_stamps.pop(path, None)
            return parsed
        if stamp:
            self._hidden_stamps[path] = files.mark_if_racy(stamp)
        return None

    def _hides(self, parsed: ParsedNote, data: bytes) -> bool:
        return self._hidden is not None and self._hidden.hides(parsed, files.decode_bytes(data)[0])

    def _read_file(self, path: str) -> bytes:
        """Return the bytes of a note's file. Raises `Unreadable`, also if the note has become hidden since it was catalogued."""
        data = files.read_bytes(self.root, path)
        has_changed = self._hidden and not files.is_same_stamp(files.read_stamp(self.root, path), self.catalogue.load_stamp(path))
        if has_changed and self._hides(self._parse(path, data, self._build_taken_check(path)), data):
            raise Unreadable(f"{path} is not there any more", "look for it again")
        return data

    def _read_text(self, path: str) -> str:
        """Return the text of a note, or an empty string if it cannot be read."""
        try:
            return files.decode_bytes(files.read_bytes(self.root, path))[0]
        except Unreadable:
            return ""

    def parse_file(self, path: str) -> ParsedNote:
        """Read a note and parse it. Raises `Unreadable`."""
        return self.parse_note(path, self.read_bytes(path))

    def parse_note(self, path: str, data: bytes) -> ParsedNote:
        """Parse `data` as if it were the contents of the note at `path`."""
        return self._parse(path, data, self._build_taken_check(path))

    def _parse(self, path: str, data: bytes, is_taken: IsTaken) -> ParsedNote:
        from zettel.adapters.parse.note import parse_note_bytes

        return parse_note_bytes(path, data, label_first=self.settings["links.pipe"] == "label-first", is_taken=is_taken)

    def _build_taken_check(self, path: str) -> IsTaken:
        """Return a function that says whether a note other than `path` has an ID by stronger evidence than a title line."""
        return lambda note_id: self.catalogue.is_taken_id(note_id, path)

    def parse_tagged_note(self, path: str, data: bytes) -> TaggedNote:
        """Parse `data` as if it were the contents of the note at `path`, including its front matter and the positions of its tags."""
        from zettel.adapters.parse.note import parse_tagged_note

        label_first = self.settings["links.pipe"] == "label-first"
        return parse_tagged_note(path, data, label_first=label_first, is_taken=self._build_taken_check(path))

    def lock(self) -> FileLock:
        """Return a lock on the notebook. While it is held, no other zettel process chooses an ID, carries out changes or writes the index."""
        from zettel.adapters.fs.lock import FileLock

        return FileLock(self.root, self._cache)

    def recover(self) -> None:
        """Undo an interrupted change, if there is one. Waits for another zettel process that is still carrying it out."""
        if files.exists(self.root, files.PENDING):
            from zettel.adapters.journal.recovery import recover_pending

            with self.lock():
                message = recover_pending(self.root)
            if message:
                self._say(message)

    def carry_out(self, changes: Changes, done: str, progress: Progress | None = None) -> None:
        """Carry out all changes or none. `done` describes them for `zettel undo`, e.g. 'rename "A" to "B"'. Adds their journal entry to `own_changes`.

        Raises `Refused` if a file differs from what the changes expect, and `Unreadable` if a file cannot be written.
        """
        from zettel.adapters.journal import journal

        with self.lock():
            self.recover()
            self._remove_leftovers()
            entry = journal.apply_changes(self.root, changes, done, progress)
        self.own_changes += [entry] if entry else []
        self.has_written = True
        self.follow_moves(changes)

    def record_new_note(self, path: str, done: str) -> None:
        """Add a note that was just created to the journal, so that `zettel undo` can remove it. Does nothing if the journal cannot be written."""
        from zettel.adapters.journal.names import record_new_note

        self.has_written = True
        try:
            with self.lock():
                self._remove_leftovers()
                if record_new_note(self.root, path, files.read_bytes(self.root, path), done):
                    from zettel.adapters.journal.log import prune_journal

                    prune_journal(self.root)
        except (OSError, ZettelError):
            pass  # the note exists, which is what counts

    def _remove_leftovers(self) -> None:
        """Remove temporary files of a zettel process that was killed. The caller holds the lock, so no live process owns them."""
        for path in self._temporary_files:
            atomic.discard_file(self.root, path)
        for folder in (".zettel", ".zettel/templates", files.JOURNAL):
            atomic.remove_temporaries(self.root, folder)

    def read_bytes(self, path: str) -> bytes:
        """Return the bytes of a note: those in `unsaved`, else those of its file. Raises `Unreadable`."""
        return self.unsaved[path] if path in self.unsaved else self._read_file(path)

    def read_saved_bytes(self, path: str) -> bytes:
        """Return the bytes of a note's file, whatever an editor has. Raises `Unreadable`."""
        return files.read_bytes(self.root, path)

    def read_unchanged_bytes(self, path: str) -> bytes:
        """Return the bytes of a note. Raises `Refused` if its file is read, and has changed since it was catalogued, or `Unreadable`."""
        if path in self.unsaved:
            return self.unsaved[path]
        data = self._read_file(path)
        if not files.is_same_stamp(files.read_stamp(self.root, path), self.catalogue.load_stamp(path)):
            raise Refused(f"{path} has changed in the meantime", "nothing was written; try again")
        return data

    def read_plain_text(self, path: str) -> str:
        """Return the body of a note as plain text, one block per line, or an empty string if it cannot be read."""
        return self.read_prose(path).text

    def read_prose(self, path: str) -> Prose:
        """Return the headings and text of a note; both are empty if it cannot be read."""
        return self._read_prose(path, self.read_bytes)

    def _read_saved_prose(self, path: str) -> Prose:
        return self._read_prose(path, self._read_file)

    def _read_prose(self, path: str, read_bytes: Callable[[str], bytes]) -> Prose:
        from zettel.adapters.parse import note as note_parser
        from zettel.model.note.parse import Prose

        try:
            data, label_first = read_bytes(path), self.settings["links.pipe"] == "label-first"
            return note_parser.parse_note_prose(path, data, label_first=label_first, is_taken=self._build_taken_check(path))
        except Unreadable:
            return Prose([], "")

    # Questions

    def list_unsorted_tags(self) -> frozenset[str]:
        """Return the folded tags of the setting `tags.unsorted`."""
        from zettel.model.note.tags import fold_tags

        given = self.settings["tags.unsorted"]
        return fold_tags(given if isinstance(given, tuple) else ())

    def resolve_link(self, link: Link) -> str | None:
        """Return the path of the note that a link resolves to, or None. The link need not be in any note yet."""
        from zettel.model.link.resolve import resolve_link

        return resolve_link(link.source, link.syntax, link.dest, self.catalogue.find_paths_by_key).target

    def build_renames(
        self,
        pairs: Sequence[tuple[NoteNames, NoteNames | None]],
        part: tuple[str, str, str] | None = None,
        twins: Mapping[str, AnchorNumber] | None = None,
    ) -> Renames:
        """Return what links resolve to before and after some notes get other names (see `zettel.model.edit.renames`).

        `pairs` holds (old, new) names; new is None for a note that is removed. `part` describes a note that becomes part of another, and `twins`
        the headings that both have.
        """
        from zettel.model.edit.destinations import NoteNames
        from zettel.model.edit.renames import Renames

        def load_identity(path: str) -> NoteNames:
            return NoteNames(*self.catalogue.load_identity(path))

        label_first = self.settings["links.pipe"] == "label-first"
        return Renames(pairs, self.catalogue.find_paths_by_key, load_identity, label_first=label_first, merged_note=part, twins=twins)

    def detect_style(self) -> NoteStyle:
        """Return the style of most notes, judged by a sample of those in the catalogue and of those that `refresh_names` has found."""
        if self._style:
            return self._style
        from zettel.model.note.note_style import detect_style

        new = self._used_ids.new_paths if self._used_ids else []
        paths = dict.fromkeys([*self.catalogue.sample_paths(STYLE_SAMPLE), *new[:: 1 + len(new) // STYLE_SAMPLE]])
        starts = ((path, files.read_start(self.root, path)) for path in paths)
        self._style = detect_style((path, start.decode("utf-8", "replace")) for path, start in starts if start)
        return self._style

    def is_id_free(self, note_id: str) -> bool:
        """Return whether no note has this ID, including those that iCloud has put away, as far as their file names have it."""
        if self._used_ids:
            return self._used_ids.is_free(note_id)
        from zettel.model.text.ids import find_ids

        return not self.catalogue.find_paths_by_id(note_id) and not any(note_id in find_ids(path) for path in self.list_put_away())

    def list_put_away(self) -> list[str]:
        """Return the paths of the notes that iCloud has put away, as the last scan found them."""
        if not self.skipped:
            return []
        from zettel.adapters.fs.scan import PUT_AWAY

        return sorted(path for path, reason in self.skipped.items() if reason == PUT_AWAY)

    def load_names(self, is_common: Callable[[str], bool] = lambda _: False) -> NameIndex:
        """Load the names of all notes, for finding mentions in prose. Leaves out names of one word whose stem `is_common`."""
        from zettel.adapters.fulltext.stem import stem
        from zettel.model.suggest.mentions import NameIndex

        return NameIndex(((path, title, aliases) for title, aliases, _, path in self.catalogue.list_note_names()), stem, is_common)

    def list_problems(self) -> list[Problem]:
        """Return the problems of all notes, including files that the scan skipped, ordered by path."""
        from zettel.model.note.problem import Problem

        passed = [Problem(path, "passed-over", reason) for path, reason in sorted(self.skipped.items())]
        return sorted(self.catalogue.list_problems() + passed, key=lambda problem: problem.path)

    def load_fingerprints(self, progress: Progress | None = None) -> dict[str, Fingerprint]:
        """Return the fingerprints of all readable notes, keyed by path. Computes and stores those of notes that have changed."""
        from zettel.model.note.fingerprint import build_fingerprint

        stored = self.catalogue.load_fingerprints()
        fresh: dict[str, Fingerprint] = {}
        todo = [path for path, found in stored.items() if found is None]
        from zettel.model.base.progress import SilentProgress

        with (progress or SilentProgress)("Comparing notes", len(todo)) as step:
            for path in todo:
                try:
                    fresh[path] = build_fingerprint(files.decode_bytes(self._read_file(path))[0])
                except Unreadable:
                    continue  # reported as a problem of the note
                step(path)
        if fresh:
            self.catalogue.store_fingerprints(fresh)
        return {path: found or fresh[path] for path, found in stored.items() if found or path in fresh}

    def load_outlines(self, anchored: Container[str], progress: Progress | None = None) -> dict[str, Outline]:
        """Return the outlines of all readable notes, keyed by path. Those of the notes in `anchored` have their anchors.

        Computes and stores those of notes that have changed.
        """
        from functools import partial

        from zettel.model.base.progress import SilentProgress
        from zettel.model.check.outline import build_outline

        stored = self.catalogue.load_outlines()
        fresh: dict[str, Outline] = {}
        todo = [path for path, found in stored.items() if found is None or (found.anchors is None and path in anchored)]
        with (progress or SilentProgress)("Looking for anchors", len(todo)) as step:
            for path in todo:
                try:
                    data = self._read_file(path)
                except Unreadable:
                    continue  # reported as a problem of the note
                text, parse = files.decode_bytes(data)[0], partial(self.parse_note, path, data)
                fresh[path] = build_outline(path, data, text, parse, with_anchors=path in anchored)
                step(path)
        if fresh:
            self.catalogue.store_outlines(fresh)
        return {path: found for path, known in stored.items() if (found := fresh.get(path, known))}

    def resolve_note(self, text: str, folder: str = "") -> Note:
        """Return the note that `text` names (see `zettel.notebook.find_note`). Raises `NoSuchNote` or `SeveralNotes`."""
        from zettel.notebook import find_note

        number = find_note.parse_list_number(text.strip())
        if number is not None:
            return find_note.resolve_list_number(self.catalogue, number, self.load_list())
        if find_note.may_be_list_number(text.strip()):
            find_note.ensure_no_list_number(self.catalogue, self.root, text.strip(), folder, self.load_list())
        return find_note.resolve_note(self.catalogue, self.root, text, folder, self.list_put_away())

    def remember_list(self, notes: Sequence[ListedNote]) -> None:
        """Remember the notes that this terminal shows, so that the next commands can name them by their numbers, if there is a cache."""
        if self._cache:
            from zettel.adapters import last_list

            last_list.write_list(self._cache, notes)

    def follow_moves(self, changes: Changes) -> None:
        """Give the notes in remembered lists the paths to which these changes moved them. Those in the trash keep their old ones."""
        moves = {move.path: move.new_path for move in changes.moves if not move.new_path.startswith(".")}
        if moves and self._cache:
            from zettel.adapters import last_list

            last_list.follow_moves(self._cache, moves)

    def load_list(self) -> list[ListedNote] | None:
        """Return the notes of the last list that this terminal has shown, or None if there is none."""
        from zettel.adapters import last_list

        return last_list.read_list(self._cache) if self._cache and not self._hidden else None

    def match_name(self, text: str, folder: str = "") -> Iterator[tuple[str, list[Note]]]:
        """Yield (how, notes) for each way in which `text` can name notes other than by part of a title (see `zettel.notebook.find_note`)."""
        from zettel.notebook import find_note

        return find_note.match_name(self.catalogue, self.root, text, folder)

    def query_fulltext(self, query: Callable[[FullTextIndex], T], progress: Progress | None = None, *, rebuild: bool = False) -> T:
        """Update the full-text index, and return what `query` returns for it. With `rebuild`, index all notes again first.

        Raises `NotIndexed` if it lacks more than `max_unindexed` notes.
        """
        return self._build_search_index().run_query(query, progress, rebuild=rebuild, max_unindexed=self.max_unindexed)

    def count_unindexed(self) -> int:
        """Count the notes that the full-text index lacks, has in an older version, or still has although they are gone. Needs a catalogue in the cache."""
        return self._build_search_index().count_unindexed()

    def _build_search_index(self) -> SearchIndex:
        from zettel.notebook.search_index import SearchIndex

        name = self._name_cache_file("fulltext")
        return SearchIndex(self.catalogue, self._cache, name, self._read_saved_prose, self._say)
