"""The full-text index of a notebook, kept up to date with its catalogue."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable

from zettel.adapters import catalogue, files, finding
from zettel.model.errors import ZettelError
from zettel.model.progress import Silent, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from zettel.adapters.fulltext import Entry, FullText
    from zettel.model.progress import Progress
    from zettel.model.reading import Reading

    T = TypeVar("T")


class Index:
    """The full-text index in the folder `name` of the cache (None: in memory). It trails the catalogue by a list of notes to do."""

    def __init__(
        self, connection: sqlite3.Connection, cache: str | None, name: str, reading: Callable[[str], Reading], say: Callable[[str], None]
    ) -> None:
        self._connection, self._cache, self._name, self._reading, self._say = connection, cache, name, reading, say

    def ask(self, question: Callable[[FullText], T], progress: Progress | None = None, *, rebuild: bool = False) -> T:
        """The answer of the index, brought up to date; one that is damaged is made anew, if need be in memory only."""
        try:
            if not rebuild:
                return question(self._current(progress))
        except (ZettelError, KeyboardInterrupt):
            raise
        except Exception:  # noqa: BLE001, S110 - another process may have put new files in place of those that were about to be read
            pass
        with files.Locked(self._cache):
            for attempt in ("as it is", "anew", "in memory")[rebuild:]:
                try:
                    return question(self._current(progress, rebuild=attempt != "as it is", in_memory=attempt == "in memory"))
                except (ZettelError, KeyboardInterrupt):
                    raise
                except Exception as error:
                    if attempt == "in memory":
                        raise
                    self._say(f"the full-text index cannot be used ({type(error).__name__}: {error}); it is made anew")
        raise AssertionError("unreachable")

    def _current(self, progress: Progress | None, *, rebuild: bool = False, in_memory: bool = False) -> FullText:
        """The index, brought up to date with the catalogue. Only one process at a time writes it."""
        from zettel.adapters.fulltext import FullText

        found = FullText(os.path.join(self._cache, self._name) if self._cache and not in_memory else None)
        if not rebuild and found.open(catalogue.get(self._connection, "fulltext")) and not catalogue.todo(self._connection):
            return found
        with files.Locked(self._cache):
            if rebuild or not found.open(catalogue.get(self._connection, "fulltext")):
                token = os.urandom(8).hex()
                found.make(token)
                catalogue.start_index(self._connection, token)
            turns = catalogue.todo(self._connection)
            with (progress or Silent)("Indexing text", len(turns)) as step:
                found.update(
                    [*turns],
                    lambda path: self._entry(path, step),
                    lambda batch: catalogue.done(self._connection, [turns[path] for path in batch]),
                )
        if in_memory:
            catalogue.start_index(self._connection, "")  # the next run finds no index, and makes one
        return found

    def _entry(self, path: str, step: Step) -> Entry | None:
        """What the index is to hold of a note; None if it is gone."""
        from zettel.adapters.fulltext import Entry

        step(path)
        note = finding.by_paths(self._connection, [path]).get(path)
        if not note:
            return None
        found = self._reading(path)
        return Entry(path, note.id, note.title, note.aliases, note.tags, note.created, found.headings, found.text)
