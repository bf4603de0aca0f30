"""The full-text index of a notebook, kept up to date with its catalogue."""

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
    """Load what answers questions about the text and shows its sentences: that takes as long as to look at thousands of notes."""
    from zettel.adapters import fulltext, reader  # noqa: F401 - for those who ask for it later


class Index:
    """The full-text index in the folder `name` of the cache (None: in memory). It trails the catalogue by a list of notes to do."""

    def __init__(
        self, connection: sqlite.Connection, cache: str | None, name: str, prose: Callable[[str], Prose], say: Callable[[str], None]
    ) -> None:
        self._connection, self._cache, self._name, self._prose, self._say = connection, cache, name, prose, say
        self._notes: dict[str, Note] = {}

    def ask(self, question: Callable[[FullText], T], progress: Progress | None = None, *, rebuild: bool = False) -> T:
        """The answer of the index, brought up to date; one that is damaged is made anew, if need be in memory only."""
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
        except Exception:  # noqa: BLE001, S110 - another process may be putting new files in place of those that were about to be read
            pass
        with Locked(self._cache):
            for use in (self._current, self._anew)[rebuild:]:
                try:
                    return question(use(progress))
                except (ZettelError, KeyboardInterrupt):
                    raise
                except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it can be done without
                    self._say_once(f"the full-text index cannot be used ({type(error).__name__}: {error}); it is made anew")
            return question(self._in_memory(progress))

    def _say_once(self, message: str) -> None:
        self._say(message)
        self._say = lambda _: None

    def _current(self, progress: Progress | None) -> FullText:
        """The index, brought up to date with the catalogue. Only one process at a time writes it: whoever holds the lock."""
        found, seal = self._kept(), self._seal()
        if found.open(seal):
            return self._updated(found, progress)
        if seal:
            self._say_once("the full-text index was damaged or half-written; it is made anew")
        return self._anew(progress)

    def _anew(self, progress: Progress | None) -> FullText:
        found = self._kept()
        found.make()
        catalogue.start_index(self._connection, found.seal())
        return self._updated(found, progress)

    def _updated(self, found: FullText, progress: Progress | None) -> FullText:
        turns = catalogue.todo(self._connection)
        with (progress or Silent)("Indexing text", len(turns)) as step:
            found.update(
                [*turns],
                self._entry,
                lambda batch: catalogue.done(self._connection, [turns[path] for path in batch], found.seal()),
                ahead=self._fetch,
                step=step,
            )
        return found

    def _in_memory(self, progress: Progress | None) -> FullText:
        """An index for this time, of which the catalogue knows nothing."""
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
        """The seal of the index, as the catalogue remembers it."""
        return catalogue.get(self._connection, "fulltext")

    def _fetch(self, paths: list[str]) -> None:
        """Have at hand what the catalogue knows of notes: an entry may be made in another process, which cannot ask it."""
        self._notes = finding.by_paths(self._connection, paths)

    def _entry(self, path: str) -> Entry | None:
        """What the index is to hold of a note that was fetched; None if it is gone."""
        from zettel.adapters.segments import Entry

        note = self._notes.get(path)
        if not note:
            return None
        found = self._prose(path)
        return Entry(path, note.id, note.title, note.aliases, note.tags, note.created, found.headings, found.text)
