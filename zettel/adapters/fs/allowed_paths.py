"""Decide at which paths notes and their files may be written."""

from __future__ import annotations

import stat

from zettel.adapters.fs import rooted
from zettel.model.base.errors import Refused


class AllowedPaths:
    """The paths of a notebook at which files may be written: in real folders inside it, never through a symlink. Checks each folder once.

    `folders` are the folders of all checked paths, `missing` those of them that have to be created, parents first.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._checked: set[str] = set()
        self.folders: set[str] = set()
        self.missing: list[str] = []

    def ensure_allowed(self, path: str) -> None:
        """Raise `Refused` unless notes and their files may be written at `path`."""
        folder, _, name = path.rpartition("/")
        if folder not in self.folders:
            self._ensure_folder_allowed(folder)
            self.folders.add(folder)
        _ensure_name_allowed(name, path)

    def _ensure_folder_allowed(self, folder: str) -> None:
        known = ""
        for name in folder.split("/") if folder else ():
            known = f"{known}/{name}" if known else name
            if known == ".zettel/journal":
                raise Refused(f"{folder} is not a valid folder for notes", "choose another folder")
            if known != ".zettel":
                _ensure_name_allowed(name, folder)
            if known not in self._checked:
                self._ensure_real_folder(known)
                self._checked.add(known)

    def _ensure_real_folder(self, folder: str) -> None:
        hint = "check what is at that path"
        try:
            if not stat.S_ISDIR(rooted.lstat_path(self._root, folder).st_mode):
                raise Refused(f"{folder} is not a folder, or is a symbolic link", hint)
        except FileNotFoundError:
            if folder != ".zettel":  # the journal is in it, so it is created earlier
                self.missing.append(folder)
        except OSError as error:
            raise Refused(f"{folder} cannot be accessed: {error.strerror}", hint) from None


def _ensure_name_allowed(name: str, path: str) -> None:
    if name[:1] in ("", ".") or "\0" in name:
        raise Refused(f"{path} is not a valid path for a note", "choose a path inside the notebook in which no name begins with a dot")
