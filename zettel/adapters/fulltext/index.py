"""Open and update the full-text index, which Whoosh stores.

Only what Whoosh 2.7 offers is used. Reading does not load Whoosh (see `zettel.adapters.fulltext.segment`). The index is a cache and may be
deleted at any time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from zettel.adapters.fs import private
from zettel.adapters.fs.seal import read_folder_status
from zettel.adapters.fulltext.reader import IndexReader
from zettel.adapters.fulltext.segment import StoredText
from zettel.adapters.fulltext.sidecars import SEGMENTS_FILE
from zettel.model.base.progress import ProgressStep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from zettel.adapters.fulltext.bulk_writer import IndexEntry
    from zettel.adapters.fulltext.term_stats import IndexTermStatistics

VERSION = "10"
"""Version of the schema and the analyser. An index of another version is rebuilt."""

BATCH_SIZE = 5000
"""Notes per commit, so that an interrupted first build continues where it stopped."""

BULK_SIZE = 500
"""A batch of at least this many notes is written by worker processes, as separate segments. Segments of this size are not merged."""


class FullTextIndex:
    """The full-text index in `folder`, or in memory if that is None."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._index: Any = None
        self._cached_reader: IndexReader | None = None

    @property
    def reader(self) -> IndexReader:
        """The reader of the index in its current state. Raises `OSError` or `ValueError` if a file is missing or damaged."""
        if self._cached_reader is None:
            folder = self._folder
            # The reader does not hold this index, so that its files are unmapped as soon as both are dropped.
            open_file = (lambda name: private.map_file(os.path.join(folder, name))) if folder else self._open_file
            self._cached_reader = IndexReader(bytes(open_file(SEGMENTS_FILE)).decode(), open_file)
        return self._cached_reader

    def _open_file(self, name: str) -> bytes:
        try:
            content: bytes = self._index.storage.files[name]
        except KeyError:
            raise FileNotFoundError(name) from None
        return content

    def open(self, seal: str | None) -> bool:
        """Return whether the seal of the index still equals `seal`. If it does not, the caller has to `create` a new index.

        The seal is compared before anything in the folder is read, because what is found there is unpickled.
        """
        return bool(self._folder and seal and self.compute_seal() == seal)

    def compute_seal(self) -> str:
        """Return a text that changes whenever a file of the index changes (see `zettel.adapters.fs.seal`), empty if there is no index."""
        status = read_folder_status(self._folder) if self._folder else ""
        return status and f"{VERSION}\n{status}"

    def _open_for_writing(self) -> Any:
        """Return Whoosh's index."""
        if self._index is None:
            from zettel.adapters.fulltext.whoosh import MappedStorage

            self._index = MappedStorage(self._folder).open_index()
        return self._index

    def create(self) -> None:
        """Create an empty index, deleting what is in the folder."""
        from zettel.adapters.fulltext.whoosh import MappedStorage, RamStorage, build_schema

        self._cached_reader = None
        with private.PrivateUmask():
            if not self._folder:
                self._index = RamStorage().create_index(build_schema())
            else:
                private.remove_recursively(self._folder)
                os.mkdir(self._folder)
                self._index = MappedStorage(self._folder).create_index(build_schema())
            self._write_sidecars({})

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
        self._open_for_writing()
        known = None if len(paths) < BULK_SIZE else set(self.reader.paths)
        if self._folder:
            private.remove_recursively(f"{self._folder}.new")  # left over by a process that was killed
        for start in range(0, len(paths), BATCH_SIZE):
            batch = paths[start : start + BATCH_SIZE]
            prefetch(batch)
            texts: dict[str, StoredText] = {}
            before = self._list_files()
            with private.PrivateUmask():
                try:
                    segments = self._write_segments(batch, build_entry, step) if len(batch) >= BULK_SIZE else []
                    writer = self._write_batch(batch, known, build_entry, texts, step)
                except BaseException:  # Whoosh leaves files of what was cancelled, which would break the seal
                    for name in self._list_files() - before:
                        private.remove_recursively(os.path.join(self._folder or "", name))
                    raise
                self.reader.open_texts()
                writer.commit(mergetype=lambda writer, old: _merge_segments(writer, old) + segments)  # noqa: B023 - called at once
                self._write_sidecars(texts)
                on_batch_done(batch)

    def _list_files(self) -> set[str]:
        return set(os.listdir(self._folder)) if self._folder and os.path.isdir(self._folder) else set()

    def _write_batch(
        self,
        paths: list[str],
        known: set[str] | None,
        build_entry: Callable[[str], IndexEntry | None],
        texts: dict[str, StoredText],
        step: ProgressStep,
    ) -> Any:
        """Return Whoosh's writer, in which the notes at `paths` are deleted, and added again unless they are written as segments.

        Only those in `known` are deleted, if that is given. Puts the texts of the notes that were added into `texts`.
        """
        from zettel.adapters.fulltext.bulk_writer import build_document

        # Whoosh copies a compound file into memory whenever it opens one.
        writer = self._index.writer(timeout=60.0, compound=False) if self._folder else self._index.writer(compound=False)
        try:
            for path in paths:
                if known is None or path in known:
                    writer.delete_by_term("path", path)
                if len(paths) < BULK_SIZE:
                    if note := build_entry(path):
                        writer.add_document(**build_document(note))
                        texts[path] = note.stored_text
                    step(path)
        except BaseException:
            writer.cancel()
            raise
        return writer

    def _write_sidecars(self, texts: dict[str, StoredText]) -> None:
        """Write the sidecars of the segments that Whoosh wrote, and the list of all segments.

        `texts` holds the texts of the notes that were added. Those of notes in merged segments are in the sidecars of the old ones, which are
        still mapped into memory.
        """
        from zettel.adapters.fulltext.sidecars import format_segments, has_sidecars, write_sidecars
        from zettel.adapters.fulltext.whoosh import byte_to_length

        before, self._cached_reader = self._cached_reader, None
        storage = self._index.storage
        with self._index.reader() as whole:
            leaves = [leaf for leaf, _ in whole.leaf_readers() if leaf.segment()]
            for leaf in leaves:
                if not has_sidecars(storage, leaf.segment()):
                    paths = [leaf.stored_fields(number)["path"] for number in range(leaf.doc_count_all())]
                    old = before.find_numbers(set(paths) - texts.keys()) if before else {}
                    write_sidecars(
                        storage,
                        leaf.segment(),
                        paths,
                        [texts[path] if path in texts else before.read_text(old[path]) if before else StoredText("", []) for path in paths],
                        [term.decode() if isinstance(term, bytes) else term for term in leaf.lexicon("word")],
                    )
            listing = format_segments((leaf.segment() for leaf in leaves), map(byte_to_length, range(256)))
        with storage.create_file(SEGMENTS_FILE) as file:
            file.write(listing.encode())

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

    def read_term_stats(self) -> IndexTermStatistics:
        """Return the term statistics of the index in its current state."""
        from zettel.adapters.fulltext.term_stats import IndexTermStatistics

        return IndexTermStatistics(self.reader)


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
