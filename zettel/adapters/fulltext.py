"""Search and update the full-text index with Whoosh.

Only what Whoosh 2.7 offers is used. The index is a cache and may be deleted at any time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from mmap import ACCESS_READ, mmap
from typing import Any

from zettel.adapters import private
from zettel.adapters.engine import BM25F, FileStorage, RamStorage, Searcher, StructFile, query
from zettel.adapters.fields import NAMES, schema
from zettel.adapters.sealing import status_of_all
from zettel.adapters.stemming import stem
from zettel.model.progress import Step
from zettel.model.searching import Days, Question, Tagged, Term, Wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.adapters.segments import Entry
    from zettel.adapters.stemindex import StemIndex

VERSION = "6"
"""Version of the schema and the analyser. An index of another version is rebuilt."""

WEIGHTS = {"title": 4.0, "alias": 4.0, "heading": 2.0, "label": 2.0, "body": 1.0}
"""Weight of a match in each field. `label` holds the words of tags."""

BATCH = 5000
"""Notes per commit, so that an interrupted first build continues where it stopped."""

MANY = 500
"""A batch of at least this many notes is written by worker processes, as separate segments. Segments of this size are not merged."""


class Mapped(FileStorage):  # type: ignore[misc]
    """A folder whose files are memory-mapped. No file descriptor stays open."""

    def open_file(self, name: str, **_: Any) -> StructFile:
        """Map a file into memory for reading."""
        with open(os.path.join(self.folder, name), "rb") as file:
            is_empty = not os.fstat(file.fileno()).st_size
            return StructFile(BytesIO() if is_empty else mmap(file.fileno(), 0, access=ACCESS_READ), name=name)


class FullText:
    """The full-text index in `folder`, or in memory if that is None."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._index: Any = None
        self._opened: Any = None

    @property
    def _reader(self) -> Any:
        """The reader of the current index, cached because opening the segments takes longer than most searches."""
        if self._opened is None:
            self._opened = self._index.reader()
        return self._opened

    def open(self, seal: str | None) -> bool:
        """Open the index if its seal still equals `seal`. Returns False if it does not, and the caller has to `make` a new index.

        The seal is compared before anything in the folder is read, because Whoosh unpickles what it finds there.
        """
        if not self._folder or not seal or self.seal() != seal:
            self._index = None
        elif self._index is None:
            self._index = Mapped(self._folder).open_index()
            self._opened = self._index.reader()
        return self._index is not None

    def seal(self) -> str:
        """Return a text that changes whenever a file of the index changes (see `zettel.adapters.sealing`), empty if there is no index."""
        status = status_of_all(self._folder) if self._folder else ""
        return status and f"{VERSION}\n{status}"

    def make(self) -> None:
        """Create an empty index, deleting what is in the folder."""
        self._opened = None
        if not self._folder:
            self._index = RamStorage().create_index(schema())
            return
        private.remove(self._folder)
        with private.Masked():
            os.mkdir(self._folder)
            self._index = Mapped(self._folder).create_index(schema())

    def update(
        self,
        paths: list[str],
        entry: Callable[[str], Entry | None],
        done: Callable[[list[str]], None],
        *,
        ahead: Callable[[list[str]], None] = lambda _: None,
        step: Step = lambda _: None,
    ) -> None:
        """Index the notes at `paths` again, and remove those for which `entry` returns None.

        Calls `ahead` with the paths of each batch first. `entry` may then be called in a worker process, which cannot query
        the database. Calls `step` for each note, and `done` with the paths of each batch once it is written to disk.
        """
        from zettel.adapters.segments import document

        known = None if len(paths) < MANY else {_text(path) for path in self._reader.lexicon("path")}
        self._opened = None
        if self._folder:
            private.remove(f"{self._folder}.new")  # left over by a process that was killed
        for start in range(0, len(paths), BATCH):
            batch = paths[start : start + BATCH]
            ahead(batch)
            with private.Masked():
                segments = self._written(batch, entry, step) if len(batch) >= MANY else []
                # Whoosh copies a compound file into memory whenever it opens one.
                writer = self._index.writer(timeout=60.0, compound=False) if self._folder else self._index.writer()
                try:
                    for path in batch:
                        if known is None or path in known:
                            writer.delete_by_term("path", path)
                        if len(batch) < MANY:
                            if note := entry(path):
                                writer.add_document(**document(note))
                            step(path)
                except BaseException:
                    writer.cancel()
                    raise
                writer.commit(mergetype=lambda writer, old: _merged(writer, old) + segments)  # noqa: B023 - called at once
                self._list_paths()
                done(batch)

    def _list_paths(self) -> None:
        """Write the file of note paths for each segment that Whoosh wrote itself."""
        from zettel.adapters.segments import has_paths, list_paths

        self._opened = None
        for leaf, _ in self._reader.leaf_readers():
            segment = leaf.segment()
            if segment and not has_paths(self._index.storage, segment):
                list_paths(self._index.storage, segment, (leaf.stored_fields(number)["path"] for number in range(leaf.doc_count_all())))

    def _paths(self) -> list[str]:
        """Return the paths of all notes, in the order of their numbers in the index."""
        paths: list[str] = []
        for leaf, _ in self._reader.leaf_readers():
            if segment := leaf.segment():
                with self._index.storage.open_file(segment.make_filename(".paths")) as file:
                    paths += bytes(file.read()).decode().split("\0")
        return paths

    def _written(self, paths: list[str], entry: Callable[[str], Entry | None], step: Step) -> list[Any]:
        """Write many notes as new segments and return these, for the caller to commit.

        Worker processes write them in a scratch folder. They are moved into the index when all are done.
        """
        from functools import partial

        from zettel.adapters.segments import moved, write, write_index
        from zettel.adapters.sidebyside import cores, side_by_side

        if not self._folder:
            segment = write(self._index.storage, _entries(paths, entry, step))
            return [segment] if segment.doc_count_all() else []
        scratch = f"{self._folder}.new"
        try:
            os.mkdir(scratch)
            workers = max(1, min(cores(), len(paths) // (MANY // 2)))
            folders = [os.path.join(scratch, str(number)) for number in range(workers)]

            def told(path: str) -> None:
                """Report one note for every worker, from this process only: the workers are equally fast and cannot update the progress bar."""
                if os.getpid() == own:
                    for _ in folders:
                        step(path)

            share, own = -(-len(paths) // workers), os.getpid()
            shares = [_entries(paths[number * share : (number + 1) * share], entry, told, own) for number in range(workers)]
            side_by_side([partial(write_index, folder, share) for folder, share in zip(folders, shares, strict=True)])
            return [segment for folder in folders for segment in moved(folder, self._folder)]
        finally:
            private.remove(scratch)

    def search(self, question: Question, *, any_word: bool = False) -> list[tuple[str, float]]:
        """Return (path, score) of the notes that match, best first. With `any_word`, one of the words is enough."""
        searcher = Searcher(self._reader, weighting=BM25F(), fromindex=self._index)
        hits = searcher.search(_query(searcher, question, any_word=any_word), limit=None)
        paths = self._paths()
        return sorted(((paths[number], score) for number, score in hits.items()), key=lambda hit: (-round(hit[1], 6), hit[0]))

    def count(self) -> int:
        """Return the number of notes in the index."""
        return int(self._index.doc_count())

    def stems(self) -> StemIndex:
        """Return the term statistics of the index in its current state."""
        from zettel.adapters.stemindex import StemIndex

        return StemIndex(self._reader)

    def unknown(self, question: Question) -> list[Term]:
        """Return the terms of a search that occur nowhere in the notebook."""
        searcher = Searcher(self._reader, fromindex=self._index)
        return [term for term in question.terms if searcher.search(_term(searcher, term), limit=1).is_empty()]

    def nearest(self, word: str, most: int = 3) -> list[str]:
        """Return the words of the notebook that are most similar to a folded word, best first.

        They are within one edit of it, or two if it has eight letters or more, and begin with the same letter. Words of fewer than
        three letters have none.
        """
        if len(word) < 3:
            return []
        from difflib import SequenceMatcher

        near: set[str] = set()
        tries = ((1, 1), (1, 0), (2, 1)) if len(word) >= 8 else ((1, 1), (1, 0))
        for distance, same in tries:
            near = near or self._within(word, distance, same)
        ranked = sorted((-SequenceMatcher(None, word, other).ratio(), -self._notes_with(other), other) for other in near)
        return [other for _, _, other in ranked[:most]]

    def _within(self, word: str, distance: int, same: int) -> set[str]:
        """Return the words of the notebook within `distance` edits of `word` that share its first `same` letters."""
        from whoosh.support.levenshtein import damerau_levenshtein

        letters = set(word)
        likely = [
            other
            for other in _beginning(self._reader, word[:same])
            if abs(len(other) - len(word)) <= distance and len(letters.symmetric_difference(other)) <= 2 * distance
        ]
        return {other for other in likely if damerau_levenshtein(word, other, limit=distance) <= distance and self._notes_with(other)}

    def _notes_with(self, word: str) -> int:
        """Return how many notes contain a word. Whoosh's own count includes deleted notes until it merges their segments."""
        return sum(1 for _ in self._reader.postings("word", word).all_ids())


def _entries(paths: list[str], entry: Callable[[str], Entry | None], step: Step, parent: int = 0) -> Iterator[Entry]:
    from zettel.adapters.sidebyside import is_left_alone

    for path in paths:
        if parent and is_left_alone(parent):
            raise InterruptedError("the process that asked for these notes has ended")
        if note := entry(path):
            yield note
        step(path)


def _merged(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge small segments as Whoosh does, and return the segments to keep.

    Large segments take as long to merge as to write, so a large one is merged only if more than half of its notes are deleted.
    """
    from whoosh.reading import SegmentReader
    from whoosh.writing import MERGE_SMALL

    large = [segment for segment in segments if segment.doc_count_all() >= MANY]
    rest = list(MERGE_SMALL(writer, [segment for segment in segments if segment.doc_count_all() < MANY]))
    for segment in large:
        if segment.deleted_count() * 2 <= segment.doc_count_all():
            rest.append(segment)
        else:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return rest


def _query(searcher: Any, question: Question, *, any_word: bool) -> Any:
    required = [query.Or([_clause(searcher, wanted) for wanted in alternatives]) for alternatives in question.all_of]
    if not required:
        required = [query.Every("path")]
    matching = query.Or(required) if any_word else query.And(required)
    if question.none_of:
        return query.And([matching, query.Not(query.Or([_clause(searcher, wanted) for wanted in question.none_of]))])
    return matching


def _clause(searcher: Any, wanted: Wanted) -> Any:
    if isinstance(wanted, Tagged):
        return query.Term("tag", wanted.key)
    if isinstance(wanted, Days):
        return query.TermRange("created", wanted.first or None, wanted.last or None, endexcl=True)
    return _term(searcher, wanted)


def _term(searcher: Any, term: Term) -> Any:
    """Build the query for a term: a word or phrase in any text field or in the one it names, a prefix, or the beginning of an ID."""
    if term.field == "id" or (not term.field and len(term.tokens) == 1 and term.tokens[0].isdigit() and len(term.tokens[0]) >= 4):
        by_id = query.Prefix("id", "".join(term.tokens))
        return by_id if term.field else query.Or([by_id, _in_fields(searcher, term)])
    return _in_fields(searcher, term)


def _in_fields(searcher: Any, term: Term) -> Any:
    weights = {term.field: 1.0} if term.field else WEIGHTS
    if term.is_prefix and len(term.tokens) > 1:
        ends = sorted({stem(word) for word in _beginning(searcher.reader(), term.tokens[-1])})
        starts = [stem(word) for word in term.tokens[:-1]]
        return query.Or([query.Phrase(field, [*starts, end], boost=weight) for field, weight in weights.items() for end in ends])
    if term.is_prefix:
        stems = {stem(word) for word in _beginning(searcher.reader(), term.tokens[0])}
        anywhere = query.Or([query.Term(field, found, boost=weight) for found in sorted(stems) for field, weight in weights.items()])
        own = f"={term.field}=" if term.field in NAMES else ""
        return query.And([query.Prefix("word", own + term.tokens[0]), anywhere]) if stems else query.NullQuery
    stems_in_order = [stem(word) for word in term.tokens]
    if len(stems_in_order) == 1:
        return query.Or([query.Term(field, stems_in_order[0], boost=weight) for field, weight in weights.items()])
    return query.Or([query.Phrase(field, stems_in_order, boost=weight) for field, weight in weights.items()])


def _beginning(reader: Any, start: str) -> list[str]:
    """Return the words of the notebook that begin with `start`."""
    return [_text(word) for word in reader.expand_prefix("word", start)]


def _text(term: str | bytes) -> str:
    """Return a term as text: versions of Whoosh differ in whether they return bytes."""
    return term.decode() if isinstance(term, bytes) else term
