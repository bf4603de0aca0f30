"""The files among which a document of an export lies: a folder that a person named, or an archive."""

from __future__ import annotations

import os
import stat
from typing import Protocol

from zettel.adapters.fs import rooted
from zettel.adapters.sources.archive import MAX_FILE_BYTES
from zettel.model.base.errors import Refused, Unreadable


class SourceFiles(Protocol):
    """Files by their paths, which have `/` and are relative to the folder or archive called `name` in messages."""

    name: str

    def list_paths(self) -> list[str]:
        """Return the paths of the files to import, in the order of their names."""

    def has(self, path: str) -> bool:
        """Return whether there is a file with this path, to import or not."""

    def read(self, path: str) -> bytes:
        """Return the bytes of a file. Raises `Unreadable`."""


class FolderFiles:
    """The files in the folder `root`. Never follows a symlink below it. `paths` are those to import."""

    def __init__(self, root: str, name: str, paths: list[str]) -> None:
        self.name = name
        self._root, self._paths = root, paths

    def list_paths(self) -> list[str]:
        """Return the paths of the files to import."""
        return self._paths

    def has(self, path: str) -> bool:
        """Return whether there is a regular file with this path."""
        try:
            with rooted.open_file(self._root, path) as file:
                return stat.S_ISREG(os.fstat(file.fileno()).st_mode)
        except (OSError, Refused):
            return False

    def read(self, path: str) -> bytes:
        """Return the bytes of a file. Raises `Unreadable`."""
        try:
            with rooted.open_file(self._root, path) as file:
                info = os.fstat(file.fileno())
                if not stat.S_ISREG(info.st_mode):
                    raise Unreadable(f"{self.name}/{path} is not a regular file")
                if info.st_size > MAX_FILE_BYTES:
                    raise Unreadable(f"{self.name}/{path} is larger than {MAX_FILE_BYTES // 1_000_000} MB")
                return file.read(MAX_FILE_BYTES)
        except (OSError, Refused) as error:
            raise Unreadable(f"{self.name}/{path} cannot be read: {getattr(error, 'strerror', error)}", "look at its permissions") from None
