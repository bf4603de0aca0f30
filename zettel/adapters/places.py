"""Where notes and what goes with them may lie."""

from __future__ import annotations

import stat

from zettel.adapters import inside
from zettel.model.errors import Refused


class Places:
    """Where files of a notebook may lie: in real folders inside of it, never through a symbolic link. Each folder is looked at once.

    `folders` are those of the paths asked for, `missing` those of them that are to be made, the outermost first.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._known: set[str] = set()
        self.folders: set[str] = set()
        self.missing: list[str] = []

    def demand(self, path: str) -> None:
        """Refuse a path where notes and what goes with them cannot lie."""
        folder, _, name = path.rpartition("/")
        if folder not in self.folders:
            self._demand_folder(folder)
            self.folders.add(folder)
        _demand(name, path)

    def _demand_folder(self, folder: str) -> None:
        known = ""
        for name in folder.split("/") if folder else ():
            known = f"{known}/{name}" if known else name
            if known == ".zettel/journal":
                raise Refused(f"{folder} is no place for a note", "name another one")
            if known != ".zettel":
                _demand(name, folder)
            if known not in self._known:
                self._look_at(known)
                self._known.add(known)

    def _look_at(self, folder: str) -> None:
        hint = "look at what is there in its place"
        try:
            if not stat.S_ISDIR(inside.look_at(self._root, folder).st_mode):
                raise Refused(f"{folder} is no folder of the notebook's own", hint)
        except FileNotFoundError:
            if folder != ".zettel":  # the journal lies in it, so it is made before
                self.missing.append(folder)
        except OSError as error:
            raise Refused(f"{folder} cannot be looked into: {error.strerror}", hint) from None


def _demand(name: str, path: str) -> None:
    if name[:1] in ("", ".") or "\0" in name:
        raise Refused(f"{path} is no place for a note", "name a place inside the notebook, and no name that begins with a dot")
