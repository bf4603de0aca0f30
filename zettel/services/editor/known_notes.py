"""Keep all notes of a notebook in memory, those that are open in an editor as they are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zettel.adapters.catalogue.queries import Catalogue
from zettel.model.check.rule_eval import list_tags_above
from zettel.model.note.note import Note


class KnownNotes:
    """All notes by path and by tag, the open ones as they are in the editor. What has changed is looked up when it is asked for."""

    def __init__(self, catalogue: Catalogue, find_notes: Callable[[list[str]], dict[str, Note]]) -> None:
        """`find_notes` returns the notes at some paths, the open ones as they are in the editor."""
        self._catalogue, self._find_notes = catalogue, find_notes
        self._turn: int | None = None
        self._version: object = None
        self._overlaid: set[str] = set()
        self.by_path: dict[str, Note] = {}
        self.by_tag: dict[str, dict[str, None]] = {}

    def update(self, open_paths: Iterable[str]) -> None:
        """Bring the notes up to date with the catalogue, and those at `open_paths` with the editor."""
        version = self._catalogue.read_version()
        changed = set(self._overlaid)
        if version != self._version:
            self._version = version
            self._turn, since = self._catalogue.find_changes(self._turn)
            if since is None:
                self.by_path, self.by_tag = {}, {}
                for note in self._catalogue.list_notes():
                    self._put(note.path, note)
            else:
                changed.update(since)
        self._overlaid = set(open_paths)
        changed |= self._overlaid
        found = self._find_notes(sorted(changed))
        for path in changed:
            self._put(path, found.get(path))

    def _put(self, path: str, note: Note | None) -> None:
        before = self.by_path.get(path)
        if before and not (note and note.tags == before.tags):
            for tag in list_tags_above(before):
                paths = self.by_tag.get(tag, {})
                paths.pop(path, None)
                if not paths:
                    self.by_tag.pop(tag, None)
        if note is None:
            self.by_path.pop(path, None)
            return
        self.by_path[path] = note
        if not (before and note.tags == before.tags):
            for tag in list_tags_above(note):
                self.by_tag.setdefault(tag, {})[path] = None
