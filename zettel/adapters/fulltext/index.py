"""Search and update the full-text index with Whoosh.

Only what Whoosh 2.7 offers is used. The index is a cache and may be deleted at any time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from mmap import ACCESS_READ, mmap
from typing import Any

from zettel.adapters.fs import private
from zettel.adapters.fs.seal import read_folder_status
from zettel.adapters.fulltext.stem import stem
from zettel.adapters.fulltext.whoosh import BM25F, QUALIFIED_FIELDS, FileStorage, RamStorage, Searcher, StructFile, build_schema, query
from zettel.model.base.progress import ProgressStep
from zettel.model.search.query import DateTerm, QueryTerm, SearchQuery, TagTerm, TextTerm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.adapters.fulltext.bulk_writer import IndexEntry
    from zettel.adapters.fulltext.term_stats import IndexTermStatistics

VERSION = "7"
"""Version of the schema and the analyser. An index of another version is rebuilt."""

FIELD_WEIGHTS = {"title": 4.0, "alias": 4.0, "heading": 2.0, "label": 2.0, "body": 1.0}
"""Weight of a match in each field. `label` holds the words of tags."""

BATCH_SIZE = 5000
"""Notes per commit, so that an interrupted first build continues where it stopped."""

BULK_SIZE = 500
"""A batch of at least this many notes is written by worker processes, as separate segments. Segments of this size are not merged."""


class MappedStorage(FileStorage):  # type: ignore[misc]
    """A folder whose files are memory-mapped. No file descriptor stays open."""

    def open_file(self, name: str, **_: Any) -> StructFile:
        """Map a file into memory for reading."""
        with open(os.path.join(self.folder, name), "rb") as file:
            is_empty = not os.fstat(file.fileno()).st_size
            return StructFile(BytesIO() if is_empty else mmap(file.fileno(), 0, access=ACCESS_READ), name=name)


class FullTextIndex:
    """The full-text index in `folder`, or in memory if that is None."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._index: Any = None
        self._cached_reader: Any = None

    @property
    def _reader(self) -> Any:
        """The reader of the current index, cached because opening the segments takes longer than most searches."""
        if self._cached_reader is None:
            self._cached_reader = self._index.reader()
        return self._cached_reader

    def open(self, seal: str | None) -> bool:
        """Open the index if its seal still equals `seal`. Returns False if it does not, and the caller has to `create` a new index.

        The seal is compared before anything in the folder is read, because Whoosh unpickles what it finds there.
        """
        if not self._folder or not seal or self.compute_seal() != seal:
            self._index = None
        elif self._index is None:
            self._index = MappedStorage(self._folder).open_index()
            self._cached_reader = self._index.reader()
        return self._index is not None

    def compute_seal(self) -> str:
        """Return a text that changes whenever a file of the index changes (see `zettel.adapters.fs.seal`), empty if there is no index."""
        status = read_folder_status(self._folder) if self._folder else ""
        return status and f"{VERSION}\n{status}"

    def create(self) -> None:
        """Create an empty index, deleting what is in the folder."""
        self._cached_reader = None
        if not self._folder:
            self._index = RamStorage().create_index(build_schema())
            return
        private.remove_recursively(self._folder)
        with private.PrivateUmask():
            os.mkdir(self._folder)
            self._index = MappedStorage(self._folder).create_index(build_schema())

    def update(
        self,
        paths: list[str],
        build_entry: Callable[[str], IndexEntry | None],
        on_batch_done: Callable[[list[str]], None],
        *,
        prefetch: Callable[[list[str]], None] = lambda _: None,
        step: ProgressStep = lambda _: None,
    ) -> None:
        """Index the notes at `paths` again, and remove those for which `build_entry` returns None.

        Calls `prefetch` with the paths of each batch first. `build_entry` may then be called in a worker process, which cannot query
        the database. Calls `step` for each note, and `on_batch_done` with the paths of each batch once it is written to disk.
        """
        from zettel.adapters.fulltext.bulk_writer import build_document

        known = None if len(paths) < BULK_SIZE else {_decode_term(path) for path in self._reader.lexicon("path")}
        self._cached_reader = None
        if self._folder:
            private.remove_recursively(f"{self._folder}.new")  # left over by a process that was killed
        for start in range(0, len(paths), BATCH_SIZE):
            batch = paths[start : start + BATCH_SIZE]
            prefetch(batch)
            with private.PrivateUmask():
                segments = self._write_segments(batch, build_entry, step) if len(batch) >= BULK_SIZE else []
                # Whoosh copies a compound file into memory whenever it opens one.
                writer = self._index.writer(timeout=60.0, compound=False) if self._folder else self._index.writer()
                try:
                    for path in batch:
                        if known is None or path in known:
                            writer.delete_by_term("path", path)
                        if len(batch) < BULK_SIZE:
                            if note := build_entry(path):
                                writer.add_document(**build_document(note))
                            step(path)
                except BaseException:
                    writer.cancel()
                    raise
                writer.commit(mergetype=lambda writer, old: _merge_segments(writer, old) + segments)  # noqa: B023 - called at once
                self._write_missing_paths()
                on_batch_done(batch)

    def _write_missing_paths(self) -> None:
        """Write the file of note paths for each segment that Whoosh wrote itself."""
        from zettel.adapters.fulltext.bulk_writer import has_paths, write_paths

        self._cached_reader = None
        for leaf, _ in self._reader.leaf_readers():
            segment = leaf.segment()
            if segment and not has_paths(self._index.storage, segment):
                write_paths(self._index.storage, segment, (leaf.stored_fields(number)["path"] for number in range(leaf.doc_count_all())))

    def _read_paths(self) -> list[str]:
        """Return the paths of all notes, in the order of their numbers in the index."""
        paths: list[str] = []
        for leaf, _ in self._reader.leaf_readers():
            if segment := leaf.segment():
                with self._index.storage.open_file(segment.make_filename(".paths")) as file:
                    paths += bytes(file.read()).decode().split("\0")
        return paths

    def _write_segments(self, paths: list[str], build_entry: Callable[[str], IndexEntry | None], step: ProgressStep) -> list[Any]:
        """Write many notes as new segments and return these, for the caller to commit.

        Worker processes write them in a scratch folder. They are moved into the index when all are done.
        """
        from functools import partial

        from zettel.adapters.fork import count_workers, run_in_parallel
        from zettel.adapters.fulltext.bulk_writer import move_segments, write_index, write_segment

        if not self._folder:
            segment = write_segment(self._index.storage, _build_entries(paths, build_entry, step))
            return [segment] if segment.doc_count_all() else []
        scratch = f"{self._folder}.new"
        try:
            os.mkdir(scratch)
            workers = max(1, min(count_workers(), len(paths) // (BULK_SIZE // 2)))
            folders = [os.path.join(scratch, str(number)) for number in range(workers)]

            def report_step(path: str) -> None:
                """Report one note for every worker, from this process only: the workers are equally fast and cannot update the progress bar."""
                if os.getpid() == own:
                    for _ in folders:
                        step(path)

            share, own = -(-len(paths) // workers), os.getpid()
            shares = [
                _build_entries(paths[number * share : (number + 1) * share], build_entry, report_step, own) for number in range(workers)
            ]
            run_in_parallel([partial(write_index, folder, share) for folder, share in zip(folders, shares, strict=True)])
            return [segment for folder in folders for segment in move_segments(folder, self._folder)]
        finally:
            private.remove_recursively(scratch)

    def search(self, search_query: SearchQuery, *, any_word: bool = False) -> list[tuple[str, float]]:
        """Return (path, score) of the notes that match, best first. With `any_word`, one of the words is enough."""
        searcher = Searcher(self._reader, weighting=BM25F(), fromindex=self._index)
        hits = searcher.search(_build_query(searcher, search_query, any_word=any_word), limit=None)
        paths = self._read_paths()
        return sorted(((paths[number], score) for number, score in hits.items()), key=lambda hit: (-round(hit[1], 6), hit[0]))

    def count_notes(self) -> int:
        """Return the number of notes in the index."""
        return int(self._index.doc_count())

    def read_term_stats(self) -> IndexTermStatistics:
        """Return the term statistics of the index in its current state."""
        from zettel.adapters.fulltext.term_stats import IndexTermStatistics

        return IndexTermStatistics(self._reader)

    def find_unknown_terms(self, search_query: SearchQuery) -> list[TextTerm]:
        """Return the terms of a search that occur nowhere in the notebook."""
        searcher = Searcher(self._reader, fromindex=self._index)
        return [term for term in search_query.text_terms if searcher.search(_build_term_query(searcher, term), limit=1).is_empty()]

    def find_similar_words(self, word: str, limit: int = 3) -> list[str]:
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
            near = near or self._find_within_distance(word, distance, same)
        ranked = sorted((-SequenceMatcher(None, word, other).ratio(), -self._count_notes_with(other), other) for other in near)
        return [other for _, _, other in ranked[:limit]]

    def _find_within_distance(self, word: str, distance: int, prefix_length: int) -> set[str]:
        """Return the words of the notebook within `distance` edits of `word` that share its first `prefix_length` letters."""
        from whoosh.support.levenshtein import damerau_levenshtein

        letters = set(word)
        likely = [
            other
            for other in _find_words_with_prefix(self._reader, word[:prefix_length])
            if abs(len(other) - len(word)) <= distance and len(letters.symmetric_difference(other)) <= 2 * distance
        ]
        return {other for other in likely if damerau_levenshtein(word, other, limit=distance) <= distance and self._count_notes_with(other)}

    def _count_notes_with(self, word: str) -> int:
        """Return how many notes contain a word. Whoosh's own count includes deleted notes until it merges their segments."""
        return sum(1 for _ in self._reader.postings("word", word).all_ids())


def _build_entries(
    paths: list[str], build_entry: Callable[[str], IndexEntry | None], step: ProgressStep, parent: int = 0
) -> Iterator[IndexEntry]:
    from zettel.adapters.fork import is_orphan_process

    for path in paths:
        if parent and is_orphan_process(parent):
            raise InterruptedError("the process that asked for these notes has ended")
        if note := build_entry(path):
            yield note
        step(path)


def _merge_segments(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge small segments as Whoosh does, and return the segments to keep.

    Large segments take as long to merge as to write, so a large one is merged only if more than half of its notes are deleted.
    """
    from whoosh.reading import SegmentReader
    from whoosh.writing import MERGE_SMALL

    large = [segment for segment in segments if segment.doc_count_all() >= BULK_SIZE]
    rest = list(MERGE_SMALL(writer, [segment for segment in segments if segment.doc_count_all() < BULK_SIZE]))
    for segment in large:
        if segment.deleted_count() * 2 <= segment.doc_count_all():
            rest.append(segment)
        else:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return rest


def _build_query(searcher: Any, search_query: SearchQuery, *, any_word: bool) -> Any:
    required = [query.Or([_build_clause(searcher, wanted) for wanted in alternatives]) for alternatives in search_query.all_of]
    if not required:
        required = [query.Every("path")]
    matching = query.Or(required) if any_word else query.And(required)
    if search_query.none_of:
        return query.And([matching, query.Not(query.Or([_build_clause(searcher, wanted) for wanted in search_query.none_of]))])
    return matching


def _build_clause(searcher: Any, wanted: QueryTerm) -> Any:
    if isinstance(wanted, TagTerm):
        return query.Term("tag", wanted.key)
    if isinstance(wanted, DateTerm):
        return query.TermRange("created", wanted.start or None, wanted.end or None, endexcl=True)
    return _build_term_query(searcher, wanted)


def _build_term_query(searcher: Any, term: TextTerm) -> Any:
    """Build the query for a term: a word or phrase in any text field or in the one it names, a prefix, or the beginning of an ID."""
    if term.field == "id" or (not term.field and len(term.tokens) == 1 and term.tokens[0].isdigit() and len(term.tokens[0]) >= 4):
        by_id = query.Prefix("id", "".join(term.tokens))
        return by_id if term.field else query.Or([by_id, _build_field_query(searcher, term)])
    return _build_field_query(searcher, term)


def _build_field_query(searcher: Any, term: TextTerm) -> Any:
    weights = {term.field: 1.0} if term.field else FIELD_WEIGHTS
    if term.is_prefix and len(term.tokens) > 1:
        ends = sorted({stem(word) for word in _find_words_with_prefix(searcher.reader(), term.tokens[-1])})
        starts = [stem(word) for word in term.tokens[:-1]]
        return query.Or([query.Phrase(field, [*starts, end], boost=weight) for field, weight in weights.items() for end in ends])
    if term.is_prefix:
        stems = {stem(word) for word in _find_words_with_prefix(searcher.reader(), term.tokens[0])}
        anywhere = query.Or([query.Term(field, found, boost=weight) for found in sorted(stems) for field, weight in weights.items()])
        own = f"={term.field}=" if term.field in QUALIFIED_FIELDS else ""
        return query.And([query.Prefix("word", own + term.tokens[0]), anywhere]) if stems else query.NullQuery
    stems_in_order = [stem(word) for word in term.tokens]
    if len(stems_in_order) == 1:
        return query.Or([query.Term(field, stems_in_order[0], boost=weight) for field, weight in weights.items()])
    return query.Or([query.Phrase(field, stems_in_order, boost=weight) for field, weight in weights.items()])


def _find_words_with_prefix(reader: Any, prefix: str) -> list[str]:
    """Return the words of the notebook that begin with `prefix`."""
    return [_decode_term(word) for word in reader.expand_prefix("word", prefix)]


def _decode_term(term: str | bytes) -> str:
    """Return a term as text: versions of Whoosh differ in whether they return bytes."""
    return term.decode() if isinstance(term, bytes) else term
