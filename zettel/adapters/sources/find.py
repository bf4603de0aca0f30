"""Find the sources of an import: the files that a person named, and those in the folders they named."""

from __future__ import annotations

import os
import re

from zettel.adapters.fs import rooted
from zettel.model.articles.imported import HTML_SUFFIXES, Source
from zettel.model.base.errors import Unreadable

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
