"""Read the sources of an import in which archives and folders may be exports of a notebook."""

from __future__ import annotations

import os
import stat
from collections import defaultdict

from zettel.adapters.sources import find
from zettel.adapters.sources.export import Export, ReadFile, read_archive
from zettel.adapters.sources.source_files import FolderFiles
from zettel.model.articles.imported import Source, SourceDocument
from zettel.model.base.errors import Unreadable


class FolderExports:
    """The folders among the sources of an import, each as an export."""

    def __init__(self, sources: list[Source]) -> None:
        self._paths: dict[str, list[str]] = defaultdict(list)
        for source in sources:
            if source.folder:
                self._paths[source.folder].append(os.path.relpath(source.path, source.folder))
        self._exports: dict[str, Export] = {}

    def read_source(self, source: Source, read_file: ReadFile) -> tuple[list[SourceDocument], dict[str, str]]:
        """Return the documents of a source, and what is skipped in it if it is an archive, each with the reason.

        Raises `Unreadable` for a source that cannot be read at all.
        """
        found = _read_archive(source, read_file)
        if found:
            return found
        path = os.path.relpath(source.path, source.folder) if source.folder else os.path.basename(source.path)
        export = self._find_export(source, path, read_file)
        if reason := export.skipped.get(source.name):
            raise Unreadable(f"{source.name} is {reason}")
        return export.read_documents(path, source, lambda: find.read_source(source)), {}

    def _find_export(self, source: Source, path: str, read_file: ReadFile) -> Export:
        """Return the export that a source belongs to: that of the folder which was named, or of itself alone."""
        folder = source.folder
        if not folder:
            return Export(FolderFiles(os.path.dirname(source.path), "", []), read_file)
        if folder not in self._exports:
            label = source.name.removesuffix(f"/{path}")
            self._exports[folder] = Export(FolderFiles(folder, label, self._paths[folder]), read_file)
        return self._exports[folder]


def _read_archive(source: Source, read_file: ReadFile) -> tuple[list[SourceDocument], dict[str, str]] | None:
    try:
        with find.open_source(source) as file:
            return read_archive(file, source, read_file) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
    except OSError as error:
        raise Unreadable(f"{source.name} cannot be read: {error.strerror}", "look at its permissions") from None
