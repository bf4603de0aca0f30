"""Keep the full-text index of a notebook up to date with its catalogue."""

from __future__ import annotations

import os
from collections.abc import Callable

from zettel.adapters.catalogue.queries import Catalogue
from zettel.model.base.errors import NotIndexed, ZettelError
from zettel.model.base.progress import Progress, SilentProgress
from zettel.model.text.phrases import format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from zettel.adapters.fulltext.bulk_writer import IndexEntry
    from zettel.adapters.fulltext.index import FullTextIndex
    from zettel.model.note.note import Note
    from zettel.model.note.parse import Prose

    T = TypeVar("T")


class SearchIndex:
    """The full-text index in the folder `name` of the cache (in memory if `cache` is None).

    The catalogue lists the notes that still have to be indexed.
    """

    def __init__(
        self, catalogue: Catalogue, cache: str | None, name: str, read_prose: Callable[[str], Prose], say: Callable[[str], None]
    ) -> None:
        self._catalogue, self._cache, self._name, self._read_prose, self._say = catalogue, cache, name, read_prose, say
        self._notes: dict[str, Note] = {}

    def run_query(
        self,
        query: Callable[[FullTextIndex], T],
        progress: Progress | None = None,
        *,
        rebuild: bool = False,
        max_unindexed: int | None = None,
    ) -> T:
        """Update the index, and return what `query` returns for it. Raises `NotIndexed` if it lacks more than `max_unindexed` notes.

        A damaged index is rebuilt; if that fails, a temporary one is built in memory. Reports both through `say`.
        """
        try:
            if (
                not rebuild
                and (found := self._build_stored()).open(self._load_seal())
                and not self._catalogue.load_index_queue()
                and found.open(self._load_seal())
            ):
                return query(found)
        except (ZettelError, KeyboardInterrupt):
            raise
        except Exception:  # noqa: BLE001, S110 - another process may be replacing the files just now
            pass
        if max_unindexed is not None and self._cache and (count := self.count_unindexed()) > max_unindexed:
            raise NotIndexed(f"the text of {format_count(count, 'note')} is not indexed yet", "index it: zettel index")
        from zettel.adapters.fs.lock import FileLock

        with FileLock(self._cache):
            for use in (self._open_current, self._rebuild)[rebuild:]:
                try:
                    return query(use(progress))
                except (ZettelError, KeyboardInterrupt):
                    raise
                except Exception as error:  # noqa: BLE001 - whatever the error, there is another way to answer
                    self._warn_once(f"the full-text index cannot be used ({type(error).__name__}: {error}); rebuilding it")
            return query(self._build_in_memory(progress))

    def count_unindexed(self) -> int:
        """Count the notes that have to be added to the index or dropped from it: all if there is no index that can be used."""
        is_usable = self._build_stored().open(self._load_seal())
        return len(self._catalogue.load_index_queue()) if is_usable else self._catalogue.count_totals()["notes"]

    def _warn_once(self, message: str) -> None:
        self._say(message)
        self._say = lambda _: None

    def _open_current(self, progress: Progress | None) -> FullTextIndex:
        """Return the stored index, updated or rebuilt. The caller must hold the lock: only one process may write it."""
        found, seal = self._build_stored(), self._load_seal()
        if found.open(seal):
            return self._update(found, progress)
        if seal:
            self._warn_once("the full-text index was damaged or half-written; rebuilding it")
        return self._rebuild(progress)

    def _rebuild(self, progress: Progress | None) -> FullTextIndex:
        found = self._build_stored()
        found.create()
        self._catalogue.start_indexing(found.compute_seal())
        return self._update(found, progress)

    def _update(self, found: FullTextIndex, progress: Progress | None) -> FullTextIndex:
        pending = self._catalogue.load_index_queue()
        with (progress or SilentProgress)("Indexing text", len(pending)) as step:
            found.update(
                [*pending],
                self._build_entry,
                lambda batch: self._catalogue.finish_indexing([pending[path] for path in batch], found.compute_seal()),
                prefetch=self._load_notes,
                step=step,
            )
        return found

    def _build_in_memory(self, progress: Progress | None) -> FullTextIndex:
        """Return an index of all notes in memory, without recording that in the catalogue."""
        from zettel.adapters.fulltext.index import FullTextIndex

        found = FullTextIndex(None)
        found.create()
        paths = [path for _, path, _ in self._catalogue.list_titles()]
        with (progress or SilentProgress)("Indexing text", len(paths)) as step:
            found.update(paths, self._build_entry, lambda _: None, prefetch=self._load_notes, step=step)
        return found

    def _build_stored(self) -> FullTextIndex:
        from zettel.adapters.fulltext.index import FullTextIndex

        return FullTextIndex(os.path.join(self._cache, self._name) if self._cache else None)

    def _load_seal(self) -> str | None:
        """Return the seal of the index that is stored in the catalogue."""
        return self._catalogue.load_index_seal()

    def _load_notes(self, paths: list[str]) -> None:
        """Load notes from the catalogue before `_build_entry` needs them, which may run in a process that has no access to the catalogue."""
        self._notes = self._catalogue.find_notes_by_path(paths)

    def _build_entry(self, path: str) -> IndexEntry | None:
        """Build the index entry of a note that `_load_notes` loaded, or return None if the note is gone."""
        from zettel.adapters.fulltext.bulk_writer import IndexEntry
        from zettel.model.text.fold import split_path, strip_suffix
        from zettel.model.text.ids import strip_id

        note = self._notes.get(path)
        if not note:
            return None
        found = self._read_prose(path)
        folder, name = split_path(path)
        return IndexEntry(
            path,
            note.title,
            note.aliases,
            strip_id(strip_suffix(name), note.id, anywhere=True),
            folder,
            note.tags,
            found.headings,
            found.text,
            found.code,
            found.addresses,
            found.fields,
        )
