"""Keep the full-text index of a notebook up to date with its catalogue."""

from __future__ import annotations

import os
from collections.abc import Callable

from zettel.adapters import catalogue, finding, sqlite
from zettel.adapters.locking import Locked
from zettel.model.errors import ZettelError
from zettel.model.progress import Silent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from zettel.adapters.fulltext import FullText
    from zettel.adapters.segments import Entry
    from zettel.model.note import Note
    from zettel.model.progress import Progress
    from zettel.model.reading import Prose

    T = TypeVar("T")


def load() -> None:
    """Import the modules that searching needs. That takes as long as scanning thousands of notes, so it runs while other processes scan."""
    from zettel.adapters import fulltext, reader  # noqa: F401 - imported only to be loaded


class Index:
    """The full-text index in the folder `name` of the cache (in memory if `cache` is None).

    The catalogue lists the notes that still have to be indexed.
    """

    def __init__(
        self, connection: sqlite.Connection, cache: str | None, name: str, prose: Callable[[str], Prose], say: Callable[[str], None]
    ) -> None:
        self._connection, self._cache, self._name, self._prose, self._say = connection, cache, name, prose, say
        self._notes: dict[str, Note] = {}

    def ask(self, question: Callable[[FullText], T], progress: Progress | None = None, *, rebuild: bool = False) -> T:
        """Update the index, and return what `question` returns for it.

        A damaged index is rebuilt; if that fails, a temporary one is built in memory. Reports both through `say`.
        """
        try:
            if (
                not rebuild
                and (found := self._kept()).open(self._seal())
                and not catalogue.todo(self._connection)
                and found.open(self._seal())
            ):
                return question(found)
        except (ZettelError, KeyboardInterrupt):
            raise
        except Exception:  # noqa: BLE001, S110 - another process may be replacing the files just now
            pass
        with Locked(self._cache):
            for use in (self._current, self._anew)[rebuild:]:
                try:
                    return question(use(progress))
                except (ZettelError, KeyboardInterrupt):
                    raise
                except Exception as error:  # noqa: BLE001 - whatever the error, there is another way to answer
                    self._say_once(f"the full-text index cannot be used ({type(error).__name__}: {error}); rebuilding it")
            return question(self._in_memory(progress))

    def _say_once(self, message: str) -> None:
        self._say(message)
        self._say = lambda _: None

    def _current(self, progress: Progress | None) -> FullText:
        """Return the stored index, updated or rebuilt. The caller must hold the lock: only one process may write it."""
        found, seal = self._kept(), self._seal()
        if found.open(seal):
            return self._updated(found, progress)
        if seal:
            self._say_once("the full-text index was damaged or half-written; rebuilding it")
        return self._anew(progress)

    def _anew(self, progress: Progress | None) -> FullText:
        found = self._kept()
        found.make()
        catalogue.start_index(self._connection, found.seal())
        return self._updated(found, progress)

    def _updated(self, found: FullText, progress: Progress | None) -> FullText:
        pending = catalogue.todo(self._connection)
        with (progress or Silent)("Indexing text", len(pending)) as step:
            found.update(
                [*pending],
                self._entry,
                lambda batch: catalogue.done(self._connection, [pending[path] for path in batch], found.seal()),
                ahead=self._fetch,
                step=step,
            )
        return found

    def _in_memory(self, progress: Progress | None) -> FullText:
        """Return an index of all notes in memory, without recording that in the catalogue."""
        from zettel.adapters.fulltext import FullText

        found = FullText(None)
        found.make()
        paths = [path for _, path, _ in finding.titles(self._connection)]
        with (progress or Silent)("Indexing text", len(paths)) as step:
            found.update(paths, self._entry, lambda _: None, ahead=self._fetch, step=step)
        return found

    def _kept(self) -> FullText:
        from zettel.adapters.fulltext import FullText

        return FullText(os.path.join(self._cache, self._name) if self._cache else None)

    def _seal(self) -> str | None:
        """Return the seal of the index that is stored in the catalogue."""
        return catalogue.get(self._connection, "fulltext")

    def _fetch(self, paths: list[str]) -> None:
        """Load notes from the catalogue before `_entry` needs them, which may run in a process that has no access to the catalogue."""
        self._notes = finding.by_paths(self._connection, paths)

    def _entry(self, path: str) -> Entry | None:
        """Build the index entry of a note that `_fetch` loaded, or return None if the note is gone."""
        from zettel.adapters.segments import Entry

        note = self._notes.get(path)
        if not note:
            return None
        found = self._prose(path)
        return Entry(path, note.id, note.title, note.aliases, note.tags, note.created, found.headings, found.text)
