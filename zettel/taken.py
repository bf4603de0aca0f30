"""Find out which IDs are used from file names alone, so that creating a note need not wait for a scan of all notes."""

from __future__ import annotations

import stat
from itertools import filterfalse

from zettel.adapters import catalogue, disk, files, finding, inside
from zettel.model.globs import matcher
from zettel.model.ids import id_at_start
from zettel.model.text import fold, is_note_name
from zettel.model.writing import clean, slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.adapters.sqlite import Connection

FEW = 200
"""How many notes without an ID in their file name are checked one by one. Above that, a full scan takes no longer."""


class Taken:
    """The IDs used in the notebook at `root`, from the catalogue and from the names of files that it does not know yet.

    An ID at the start of a file name is the note's ID, whatever its contents say. So the catalogue is right about the ID of a note as
    long as its file name exists.
    """

    def __init__(self, connection: Connection, root: str, ignore: tuple[str, ...]) -> None:
        self._connection, self._root = connection, root
        self._added: list[str] = []
        self.temporary: list[str] = []
        known = catalogue.paths(connection)
        self._is_sure = bool(known)
        ignored, folders = matcher(ignore), [""]
        while folders:
            prefix = folders.pop()
            try:
                names = inside.names(root, prefix[:-1])
                for path in sorted(filterfalse(known.__contains__, [prefix + name for name in names] if prefix else names)):
                    if disk.is_temporary(path[len(prefix) :]):
                        self.temporary.append(path)
                    elif path[len(prefix)] != "." and not ignored(path):
                        self._take_up(path, folders)
            except OSError:  # an unreadable folder, or a note that has just been removed
                self._is_sure = False

    def _take_up(self, path: str, folders: list[str]) -> None:
        """Add a path that the catalogue does not know; a folder is appended to `folders`."""
        mode = inside.look_at(self._root, path).st_mode
        if stat.S_ISDIR(mode):
            folders.append(path + "/")
        elif is_note_name(path) and stat.S_ISREG(mode):
            self._added.append(path)
            self._is_sure = self._is_sure and bool(_id(path)) and len(self._added) <= FEW

    def is_known(self, *titles: str) -> bool:
        """Return whether catalogue and file names are enough to know all IDs, and all notes with one of these titles.

        This does not notice that another program has changed the title of a note without renaming its file.
        """
        if not self._is_sure:
            return False
        others = catalogue.unnamed(self._connection, FEW + 1)
        if len(others) > FEW or any(files.stamp(self._root, path) != stamp for path, stamp in others):
            return False
        for title in filter(None, titles):
            parts = {fold(clean(title)), fold(slug(title))}
            if any(part in fold(path) for path in self._added for part in parts):
                return False
            if any(
                not files.is_same(files.stamp(self._root, note.path), catalogue.stamp(self._connection, note.path))
                for note in finding.by_key(self._connection, f"t:{fold(title)}")
            ):
                return False
        return True

    def is_free(self, note_id: str) -> bool:
        """Return whether no note has this ID."""
        known = finding.answering(self._connection, f"i:{note_id}")
        return not any(files.exists(self._root, path) for path in known) and note_id not in map(_id, self._added)


def _id(path: str) -> str | None:
    return id_at_start(path[path.rfind("/") + 1 :])
