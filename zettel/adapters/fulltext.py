"""The full-text index, by Whoosh, using only what Whoosh 2.7 has too. It may be deleted at any time."""

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
"""Of the schema and the analyser; an index of another version is made anew."""

WEIGHTS = {"title": 4.0, "alias": 4.0, "heading": 2.0, "label": 2.0, "body": 1.0}
"""Where a word may stand, and what it counts for there; `label` are the words of tags."""

BATCH = 5000
"""Notes between two commits, so that an interrupted first index goes on where it stopped."""

MANY = 500
"""So many notes at a time are written as segments of their own, side by side; segments of that size are left as they are."""


class Mapped(FileStorage):  # type: ignore[misc]
    """A folder whose files are read where they lie, by way of the system's memory; none stays open."""

    def open_file(self, name: str, **_: Any) -> StructFile:
        """Open a file for reading."""
        with open(os.path.join(self.folder, name), "rb") as file:
            is_empty = not os.fstat(file.fileno()).st_size
            return StructFile(BytesIO() if is_empty else mmap(file.fileno(), 0, access=ACCESS_READ), name=name)


class FullText:
    """The full-text index in a folder (None: in memory)."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._index: Any = None
        self._opened: Any = None

    @property
    def _reader(self) -> Any:
        """What reads the index as it is now; opening its segments takes longer than most questions, so it is done once."""
        if self._opened is None:
            self._opened = self._index.reader()
        return self._opened

    def open(self, seal: str | None) -> bool:
        """Open the index if it is as it was when it had this seal; else say False, and `make` a new one.

        Nothing in the folder is read before: Whoosh unpickles what it finds.
        """
        if not self._folder or not seal or self.seal() != seal:
            self._index = None
        elif self._index is None:
            self._index = Mapped(self._folder).open_index()
            self._opened = self._index.reader()
        return self._index is not None

    def seal(self) -> str:
        """What changes when anything in the folder does (see `zettel.adapters.sealing`); empty if there is nothing."""
        found = status_of_all(self._folder) if self._folder else ""
        return found and f"{VERSION}\n{found}"

    def make(self) -> None:
        """Make an empty index."""
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
        """Take up the notes at `paths` as they are now, and drop those that `entry` knows no more.

        `ahead` is called with the paths of each batch before anything else; `entry` may then be called in another process, where no
        database can be asked. `step` is called for each note, `done` with the paths of each batch once it is on the disk.
        """
        from zettel.adapters.segments import document

        known = None if len(paths) < MANY else {_text(path) for path in self._reader.lexicon("path")}
        self._opened = None
        if self._folder:
            private.remove(f"{self._folder}.new")  # of one who was killed
        for start in range(0, len(paths), BATCH):
            batch = paths[start : start + BATCH]
            ahead(batch)
            with private.Masked():
                segments = self._written(batch, entry, step) if len(batch) >= MANY else []
                # Whoosh copies the whole of a compound file into memory whenever it opens one.
                writer = self._index.writer(timeout=60.0, compound=False) if self._folder else self._index.writer()
                try:
                    for path in batch:
                        if known is None or path in known:
                            writer.delete_by_term("path", path)
                        if len(batch) < MANY:
                            if found := entry(path):
                                writer.add_document(**document(found))
                            step(path)
                except BaseException:
                    writer.cancel()
                    raise
                writer.commit(mergetype=lambda writer, before: _merged(writer, before) + segments)  # noqa: B023 - called at once
                self._list_paths()
                done(batch)

    def _list_paths(self) -> None:
        """Put the paths of their notes beside segments that Whoosh has written."""
        from zettel.adapters.segments import has_paths, list_paths

        self._opened = None
        for leaf, _ in self._reader.leaf_readers():
            segment = leaf.segment()
            if segment and not has_paths(self._index.storage, segment):
                list_paths(self._index.storage, segment, (leaf.stored_fields(number)["path"] for number in range(leaf.doc_count_all())))

    def _paths(self) -> list[str]:
        """The paths of all notes by their numbers in the index."""
        paths: list[str] = []
        for leaf, _ in self._reader.leaf_readers():
            if segment := leaf.segment():
                with self._index.storage.open_file(segment.make_filename(".paths")) as file:
                    paths += bytes(file.read()).decode().split("\0")
        return paths

    def _written(self, paths: list[str], entry: Callable[[str], Entry | None], step: Step) -> list[Any]:
        """New segments of the index with many notes, which it is to be told of; written in a folder of their own, and only moved when done."""
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
                """Tell of one note for every process: one is as fast as the other. What shows progress here is not there in the others."""
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
        """(path, score) of the notes that answer a question, best first; `any_word`: one of its words is enough."""
        searcher = Searcher(self._reader, weighting=BM25F(), fromindex=self._index)
        hits = searcher.search(_query(searcher, question, any_word=any_word), limit=None)
        paths = self._paths()
        return sorted(((paths[number], score) for number, score in hits.items()), key=lambda found: (-round(found[1], 6), found[0]))

    def count(self) -> int:
        """The number of notes in the index."""
        return int(self._index.doc_count())

    def stems(self) -> StemIndex:
        """What the index tells of stems, as it is now."""
        from zettel.adapters.stemindex import StemIndex

        return StemIndex(self._reader)

    def unknown(self, question: Question) -> list[Term]:
        """The terms of a question of which the whole notebook has none."""
        searcher = Searcher(self._reader, fromindex=self._index)
        return [term for term in question.terms if searcher.search(_term(searcher, term), limit=1).is_empty()]

    def nearest(self, word: str, most: int = 3) -> list[str]:
        """The words of the notebook nearest to a folded word: within one edit, or two from eight letters on, if its first letter is right."""
        if len(word) < 3:
            return []
        from difflib import SequenceMatcher

        near: set[str] = set()
        tries = ((1, 1), (1, 0), (2, 1)) if len(word) >= 8 else ((1, 1), (1, 0))
        for distance, same in tries:
            near = near or self._within(word, distance, same)
        rated = sorted((-SequenceMatcher(None, word, found).ratio(), -self._notes_with(found), found) for found in near)
        return [found for _, _, found in rated[:most]]

    def _within(self, word: str, distance: int, same: int) -> set[str]:
        """The words of the notebook within so many edits of a word that begin with its first `same` letters."""
        from whoosh.support.levenshtein import damerau_levenshtein

        letters = set(word)
        likely = [
            found
            for found in _beginning(self._reader, word[:same])
            if abs(len(found) - len(word)) <= distance and len(letters.symmetric_difference(found)) <= 2 * distance
        ]
        return {found for found in likely if damerau_levenshtein(word, found, limit=distance) <= distance and self._notes_with(found)}

    def _notes_with(self, word: str) -> int:
        """How many notes have a word; the index also lists words, and counts notes, that are gone until it next puts itself in order."""
        return sum(1 for _ in self._reader.postings("word", word).all_ids())


def _entries(paths: list[str], entry: Callable[[str], Entry | None], step: Step, parent: int = 0) -> Iterator[Entry]:
    from zettel.adapters.sidebyside import is_left_alone

    for path in paths:
        if parent and is_left_alone(parent):
            raise InterruptedError("whoever wanted these notes is gone")
        if found := entry(path):
            yield found
        step(path)


def _merged(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's own way of merging segments into the one that is being written, but for large ones, which take as long to merge as to write.

    Of these, only one more than half of whose notes are gone is merged.
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
    needed = [query.Or([_clause(searcher, wanted) for wanted in either]) for either in question.all_of]
    if not needed:
        needed = [query.Every("path")]
    found = query.Or(needed) if any_word else query.And(needed)
    if question.none_of:
        return query.And([found, query.Not(query.Or([_clause(searcher, wanted) for wanted in question.none_of]))])
    return found


def _clause(searcher: Any, wanted: Wanted) -> Any:
    if isinstance(wanted, Tagged):
        return query.Term("tag", wanted.key)
    if isinstance(wanted, Days):
        return query.TermRange("created", wanted.first or None, wanted.last or None, endexcl=True)
    return _term(searcher, wanted)


def _term(searcher: Any, term: Term) -> Any:
    """A word in any of the text fields, a phrase in one of them, or every word with this beginning."""
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
    """The words of the notebook that begin so."""
    return [_text(word) for word in reader.expand_prefix("word", start)]


def _text(term: str | bytes) -> str:
    """A term as text, whichever way Whoosh's version gives it."""
    return term.decode() if isinstance(term, bytes) else term
