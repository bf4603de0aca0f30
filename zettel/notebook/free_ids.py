"""Find out which IDs are used from file names alone, so that creating a note need not wait for a scan of all notes."""

from __future__ import annotations

import stat
from itertools import filterfalse

from zettel.adapters.catalogue.queries import Catalogue
from zettel.adapters.fs import atomic, files, rooted
from zettel.model.note.new_note import clean_title, slugify
from zettel.model.text.fold import fold, is_note_name
from zettel.model.text.globs import build_matcher
from zettel.model.text.ids import find_ids, find_leading_id

MAX_UNNAMED = 200
"""How many notes without an ID in their file name are checked one by one. Above that, a full scan takes no longer."""


class UsedIds:
    """The IDs used in the notebook at `root`, from the catalogue and from the names of files that it does not know yet.

    An ID at the start of a file name is the note's ID, whatever its contents say. So the catalogue is right about the ID of a note as
    long as its file name exists.
    """

    def __init__(self, catalogue: Catalogue, root: str, ignore: tuple[str, ...]) -> None:
        self._catalogue, self._root = catalogue, root
        self.new_paths: list[str] = []
        self._put_away: list[str] = []
        self.temporary_files: list[str] = []
        known = catalogue.load_paths()
        self._is_complete = bool(known)
        ignored, folders = build_matcher(ignore), [""]
        while folders:
            prefix = folders.pop()
            try:
                names = rooted.list_names(root, prefix[:-1])
                for path in sorted(filterfalse(known.__contains__, [prefix + name for name in names] if prefix else names)):
                    if atomic.is_temporary(path[len(prefix) :]):
                        self.temporary_files.append(path)
                    elif path[len(prefix)] != "." and not ignored(path):
                        self._add_path(path, folders)
                    elif path.endswith(files.PLACEHOLDER_SUFFIX):
                        self._put_away.append(path)
            except OSError:  # an unreadable folder, or a note that has just been removed
                self._is_complete = False

    def _add_path(self, path: str, folders: list[str]) -> None:
        """Add a path that the catalogue does not know; a folder is appended to `folders`."""
        mode = rooted.lstat_path(self._root, path).st_mode
        if stat.S_ISDIR(mode):
            folders.append(path + "/")
        elif is_note_name(path) and stat.S_ISREG(mode):
            self.new_paths.append(path)
            self._is_complete = self._is_complete and bool(_parse_id(path)) and len(self.new_paths) <= MAX_UNNAMED

    def can_answer(self, *titles: str) -> bool:
        """Return whether catalogue and file names are enough to know all IDs, and all notes with one of these titles.

        This does not notice that another program has changed the title of a note without renaming its file.
        """
        if not self._is_complete:
            return False
        others = self._catalogue.find_unnamed_notes(MAX_UNNAMED + 1)
        if len(others) > MAX_UNNAMED or any(files.read_stamp(self._root, path) != stamp for path, stamp in others):
            return False
        for title in filter(None, titles):
            parts = {fold(clean_title(title)), fold(slugify(title))}
            if any(part in fold(path) for path in self.new_paths for part in parts):
                return False
            if any(
                not files.is_same_stamp(files.read_stamp(self._root, note.path), self._catalogue.load_stamp(note.path))
                for note in self._catalogue.find_notes_by_title(title)
            ):
                return False
        return True

    def is_free(self, note_id: str) -> bool:
        """Return whether no note has this ID."""
        known = self._catalogue.find_paths_by_id(note_id)
        return (
            not any(files.exists(self._root, path) for path in known)
            and note_id not in map(_parse_id, self.new_paths)
            and not any(note_id in find_ids(path) for path in self._put_away)
        )


def _parse_id(path: str) -> str | None:
    return find_leading_id(path[path.rfind("/") + 1 :])
