"""Find and read the sources of an import: the files that a person named, and those in the folders they named."""

from __future__ import annotations

import os
import re
import stat
from typing import BinaryIO

from zettel.adapters.fs import rooted
from zettel.adapters.sources import formats
from zettel.model.articles.imported import HTML_SUFFIXES, Source
from zettel.model.base.errors import Unreadable

MAX_BYTES, MAX_EXPORT_BYTES = 20_000_000, 200_000_000
"""Maximum size of a source in bytes: of a text, and of a file that holds other files. A larger file is not an article, or not worth the memory."""

FILES_OF_PAGE = re.compile(r"(?P<stem>.+)(?:_files|-Dateien|_fichiers|_archivos|_file|_arquivos|_bestanden)", re.IGNORECASE)
"""The folder in which a browser puts what belongs to a page that it saves."""


def find_sources(folder: str, names: list[str]) -> tuple[list[Source], dict[str, str]]:
    """Return the sources that `names` refer to, relative to `folder`, and the files that were skipped, each with the reason.

    Folders are searched for files of every kind, in order of their names. No file is returned twice. Raises `Unreadable` for a name that does not exist.
    """
    sources: list[Source] = []
    skipped: dict[str, str] = {}
    for name in names:
        path = os.path.join(folder, os.path.expanduser(name))
        if os.path.isdir(path):
            _collect_from_folder(path, os.path.basename(resolve_symlinks(path)), sources, skipped)
        elif os.path.lexists(path):
            sources.append(Source(os.path.basename(path), path))
        elif name.lower().startswith(("http://", "https://")):
            raise Unreadable(f"{name} is on the web, and zettel fetches nothing", "save the page in your browser, then import the file")
        else:
            raise Unreadable(f"there is no {name}", "name a file or a folder, or - to read from a pipe")
    once: dict[str, Source] = {}
    for source in sources:
        once.setdefault(resolve_symlinks(source.path), source)
    return list(once.values()), skipped


def resolve_symlinks(path: str) -> str:
    """Return a path with its symlinks resolved, or only made absolute if one of them is being replaced right now."""
    try:
        return os.path.realpath(path)
    except OSError:
        return os.path.abspath(path)


def _collect_from_folder(top: str, label: str, sources: list[Source], skipped: dict[str, str]) -> None:
    """Add the sources below `top` to `sources`, and what is skipped to `skipped`, without following symlinks."""
    folders = [""]
    with rooted.FolderWalk(top) as walk:
        while folders:
            folder = folders.pop()
            try:
                with walk.list_entries(folder) as scan:
                    entries = sorted(scan, key=lambda entry: entry.name)
            except OSError as error:
                skipped[f"{label}/{folder}".rstrip("/")] = f"the folder cannot be read: {error.strerror}"
                continue
            subfolders = []
            names = {entry.name for entry in entries}
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                name = f"{label}/{path}"
                if entry.name[0] == ".":
                    continue
                if entry.is_symlink():
                    skipped[name] = "a symbolic link is not followed"
                elif entry.is_dir():
                    if _belongs_to_page(entry.name, names):
                        continue
                    subfolders.append(path)
                elif not entry.is_file():
                    skipped[name] = "not a regular file"
                else:
                    sources.append(Source(name, os.path.join(top, path), top))
            folders += reversed(subfolders)


def _belongs_to_page(folder: str, names: set[str]) -> bool:
    """Return whether a folder holds the pictures and styles of a page that lies beside it."""
    found = FILES_OF_PAGE.fullmatch(folder)
    return bool(found) and any(f"{found['stem']}{suffix}" in names for suffix in HTML_SUFFIXES)  # type: ignore[index]


def read_source(source: Source) -> bytes:
    """Return the bytes of a source.

    Raises `Unreadable` for a pipe or device, for a path that a symlink leads out of the folder that was named, and for a file in a folder
    that is neither a text by its name nor of another known format by its first bytes.
    """
    try:
        with open_source(source) as file:
            info = os.fstat(file.fileno())
            if not stat.S_ISREG(info.st_mode):
                raise Unreadable(f"{source.name} is not a regular file")
            head = file.read(formats.HEAD_BYTES)
            if reason := formats.explain_unknown(head, source):
                raise Unreadable(f"{source.name} is {reason}")
            limit = MAX_EXPORT_BYTES if formats.holds_files(head) else MAX_BYTES
            if info.st_size > limit:
                raise Unreadable(f"{source.name} is larger than {limit // 1_000_000} MB, too large to import", "split it first")
            file.seek(0)
            return file.read(limit)
    except OSError as error:
        raise Unreadable(f"{source.name} cannot be read: {error.strerror}", "look at its permissions") from None


def open_source(source: Source) -> BinaryIO:
    """Open the file of a source. Raises `OSError`, also for a path that a symlink leads out of the folder that was named."""
    if source.folder:
        return rooted.open_file(source.folder, os.path.relpath(source.path, source.folder))
    return open(os.open(source.path, os.O_RDONLY | os.O_NONBLOCK), "rb")
