"""Find and read the sources of an import: the files that a person named, and those in the folders they named."""

from __future__ import annotations

import os
import re
import stat
from typing import BinaryIO

from zettel.adapters.fs import rooted
from zettel.model.articles.imported import HTML_SUFFIXES, MARKDOWN_SUFFIXES, TEXT_SUFFIXES, Source
from zettel.model.base.errors import Unreadable

SUFFIXES = (*TEXT_SUFFIXES, *MARKDOWN_SUFFIXES, *HTML_SUFFIXES)
MAX_BYTES = 20_000_000
"""Maximum size of a source in bytes. A larger file is not an article."""

HTML_START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def looks_like_html(text: str) -> bool:
    """Return whether a text begins like an HTML page."""
    return bool(HTML_START.match(text[:2000]))


def find_sources(folder: str, names: list[str]) -> tuple[list[Source], dict[str, str]]:
    """Return the sources that `names` refer to, relative to `folder`, and the files that were skipped, each with the reason.

    Folders are searched for files with the suffixes `SUFFIXES`, in order of their names. A file that is named itself may have any suffix, and
    no file is returned twice. Raises `Unreadable` for a name that does not exist.
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
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                name = f"{label}/{path}"
                if entry.name[0] == ".":
                    continue
                if entry.is_symlink():
                    skipped[name] = "a symbolic link is not followed"
                elif entry.is_dir():
                    subfolders.append(path)
                elif not entry.is_file() or not name.lower().endswith(SUFFIXES):
                    skipped[name] = "not a text, Markdown or HTML file"
                else:
                    sources.append(Source(name, os.path.join(top, path), top))
            folders += reversed(subfolders)


def read_source(source: Source) -> bytes:
    """Return the bytes of a source.

    Raises `Unreadable` for a pipe or device, and for a path that a symlink leads out of the folder that was named.
    """
    try:
        with _open_source(source) as file:
            info = os.fstat(file.fileno())
            if not stat.S_ISREG(info.st_mode):
                raise Unreadable(f"{source.name} is not a regular file")
            if info.st_size > MAX_BYTES:
                raise Unreadable(f"{source.name} is larger than {MAX_BYTES // 1_000_000} MB, too large for an article", "split it first")
            return file.read()
    except OSError as error:
        raise Unreadable(f"{source.name} cannot be read: {error.strerror}", "look at its permissions") from None


def _open_source(source: Source) -> BinaryIO:
    if source.folder:
        return rooted.open_file(source.folder, os.path.relpath(source.path, source.folder))
    return open(os.open(source.path, os.O_RDONLY | os.O_NONBLOCK), "rb")
