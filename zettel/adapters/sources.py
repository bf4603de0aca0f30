"""Sources: the files that an import is given, and those of its folders."""

from __future__ import annotations

import os
import stat
from typing import NamedTuple

from zettel.adapters import inside
from zettel.model.errors import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

TEXT, MARKDOWN, PAGE = (".txt", ".text"), (".md", ".markdown"), (".html", ".htm", ".xhtml")
KINDS = (*TEXT, *MARKDOWN, *PAGE)
LARGEST = 20_000_000
"""Bytes of a source at most; what is larger is no article."""


class Source(NamedTuple):
    """A file to import: what it is called, from the folder that was named, and where it lies (empty: it came through stdin).

    `top` is that folder; empty: the file itself was named.
    """

    name: str
    path: str
    top: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it is HTML by its name."""
        return self.name.lower().endswith(PAGE)

    @property
    def stem(self) -> str:
        """Its name without folder and suffix."""
        return os.path.splitext(os.path.basename(self.name))[0]


def found(folder: str, names: list[str]) -> tuple[list[Source], dict[str, str]]:
    """The files that `names` mean, seen from `folder`, those within folders by name; and what was passed over, with the reason.

    A file that is named outright counts whatever its suffix. Raises `Unreadable` for one that is not there.
    """
    sources: list[Source] = []
    passed: dict[str, str] = {}
    for name in names:
        path = os.path.join(folder, os.path.expanduser(name))
        if os.path.isdir(path):
            _within(path, os.path.basename(real(path)), sources, passed)
        elif os.path.lexists(path):
            sources.append(Source(os.path.basename(path), path))
        elif name.lower().startswith(("http://", "https://")):
            raise Unreadable(f"{name} is on the web, and zettel fetches nothing", "save the page in your browser, then import the file")
        else:
            raise Unreadable(f"{name} is not there", "name a file or a folder, or - for what is piped in")
    once: dict[str, Source] = {}
    for source in sources:
        once.setdefault(real(source.path), source)
    return list(once.values()), passed


def real(path: str) -> str:
    """A path without the symbolic links in it; as it is, where one of them is just being replaced."""
    try:
        return os.path.realpath(path)
    except OSError:
        return os.path.abspath(path)


def _within(top: str, called: str, sources: list[Source], passed: dict[str, str]) -> None:
    folders = [""]
    with inside.Walk(top) as walk:
        while folders:
            folder = folders.pop()
            try:
                with walk.entries(folder) as scan:
                    entries = sorted(scan, key=lambda entry: entry.name)
            except OSError as error:
                passed[f"{called}/{folder}".rstrip("/")] = f"the folder cannot be read: {error.strerror}"
                continue
            below = []
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                name = f"{called}/{path}"
                if entry.name[0] == ".":
                    continue
                if entry.is_symlink():
                    passed[name] = "a symbolic link is not followed"
                elif entry.is_dir():
                    below.append(path)
                elif not entry.is_file() or not name.lower().endswith(KINDS):
                    passed[name] = "neither text, nor Markdown, nor HTML"
                else:
                    sources.append(Source(name, os.path.join(top, path), top))
            folders += reversed(below)


def read(source: Source) -> bytes:
    """The bytes of a source; never of a pipe or device, nor of what a link leads to out of the folder that was named. Raises `Unreadable`."""
    try:
        with _opened(source) as file:
            info = os.fstat(file.fileno())
            if not stat.S_ISREG(info.st_mode):
                raise Unreadable(f"{source.name} is no regular file")
            if info.st_size > LARGEST:
                raise Unreadable(f"{source.name} is larger than {LARGEST // 1_000_000} MB, which no article is", "split it first")
            return file.read()
    except OSError as error:
        raise Unreadable(f"{source.name} cannot be read: {error.strerror}", "look at its permissions") from None


def _opened(source: Source) -> BinaryIO:
    if source.top:
        return inside.reading(source.top, os.path.relpath(source.path, source.top).replace(os.sep, "/"))
    return open(os.open(source.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")
