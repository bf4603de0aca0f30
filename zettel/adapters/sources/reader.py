"""Read the documents of the sources of an import: of single files, and of exports, which are archives or folders."""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from typing import BinaryIO

from zettel.adapters.fs import rooted
from zettel.adapters.sources import formats
from zettel.adapters.sources.archive import GZIP_SIGNATURE, HEAD_BYTES, MAX_TOTAL_BYTES, UNPACK_HINT, ArchiveFiles, is_archive, unpack_gzip
from zettel.adapters.sources.export import Export, ReadFile
from zettel.adapters.sources.source_files import FolderFiles
from zettel.model.articles.imported import Source, SourceDocument
from zettel.model.base.errors import Unreadable

MAX_BYTES, MAX_EXPORT_BYTES = 20_000_000, 200_000_000
"""Maximum size of a source in bytes: of a text, and of a file that holds other files. A larger file is not an article, or not worth the memory."""

OTHER_FORMATS = ("[Content_Types].xml", "mimetype")
"""Files by which an archive is a document of an office suite or a book, not an export."""


class SourceReader:
    """A reader of the sources of an import, the folders among which are exports. It decodes texts as `encoding` if that is given."""

    def __init__(self, sources: list[Source], encoding: str) -> None:
        self._read_file: ReadFile = lambda data, source: formats.read_documents(data, source, encoding)
        self._paths: dict[str, list[str]] = defaultdict(list)
        for source in sources:
            if source.folder:
                self._paths[source.folder].append(os.path.relpath(source.path, source.folder))
        self._exports: dict[str, Export] = {}

    def read_documents(self, source: Source) -> tuple[list[SourceDocument], dict[str, str]]:
        """Return the documents of a source, and what is skipped in it if it is an archive, each with the reason.

        Raises `Unreadable` for a source that cannot be read at all, and `LookupError` if there is no such encoding.
        """
        found = _try_archive(source, self._read_file)
        if found:
            return found
        path = os.path.relpath(source.path, source.folder) if source.folder else os.path.basename(source.path)
        export = self._find_export(source, path)
        if reason := export.skipped.get(source.name):
            raise Unreadable(f"{source.name} is {reason}")
        return export.read_documents(path, source, lambda: _read_source(source)), {}

    def _find_export(self, source: Source, path: str) -> Export:
        """Return the export that a source belongs to: that of the folder which was named, or of itself alone."""
        folder = source.folder
        if not folder:
            return Export(FolderFiles(os.path.dirname(source.path), "", []), self._read_file)
        if folder not in self._exports:
            label = source.name.removesuffix(f"/{path}")
            self._exports[folder] = Export(FolderFiles(folder, label, self._paths[folder]), self._read_file)
        return self._exports[folder]


def _read_source(source: Source) -> bytes:
    """Return the bytes of a source.

    Raises `Unreadable` for a pipe or device, for a path that a symlink leads out of the folder that was named, and for a file in a folder
    that is neither a text by its name nor of another known format by its first bytes.
    """
    try:
        with _open_source(source) as file:
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


def _open_source(source: Source) -> BinaryIO:
    """Open the file of a source. Raises `OSError`, also for a path that a symlink leads out of the folder that was named."""
    if source.folder:
        return rooted.open_file(source.folder, os.path.relpath(source.path, source.folder))
    return open(os.open(source.path, os.O_RDONLY | os.O_NONBLOCK), "rb")


def _try_archive(source: Source, read_file: ReadFile) -> tuple[list[SourceDocument], dict[str, str]] | None:
    try:
        with _open_source(source) as file:
            return read_archive(file, source, read_file) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
    except OSError as error:
        raise Unreadable(f"{source.name} cannot be read: {error.strerror}", "look at its permissions") from None


def read_archive(file: BinaryIO, source: Source, read_file: ReadFile) -> tuple[list[SourceDocument], dict[str, str]] | None:
    """Return the documents of an archive, and what is skipped in it, each with the reason. None if the file is not an archive of documents.

    Raises `Unreadable` if it is damaged, or holds too much or nothing.
    """
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if head.startswith(GZIP_SIGNATURE):
        file = unpack_gzip(file, source.name)
        head = file.read(HEAD_BYTES)
        file.seek(0)
    if not is_archive(head):
        return None
    files = ArchiveFiles(file, source.name)
    if any(files.has(name) for name in OTHER_FORMATS):
        return None
    export = Export(files, read_file)
    documents = export.read_all()
    skipped = {**files.skipped, **export.skipped}
    if files.is_exhausted:
        raise Unreadable(f"{source.name} holds more than {MAX_TOTAL_BYTES // 1_000_000} MB", UNPACK_HINT)
    if not documents:
        reasons = set(skipped.values())
        why = f": {reasons.pop()}" if len(reasons) == 1 else ""
        raise Unreadable(f"{source.name} holds nothing that can be imported{why}", UNPACK_HINT)
    return documents, skipped
