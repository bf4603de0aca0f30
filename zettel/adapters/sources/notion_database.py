"""Read the databases of a Notion export: each is a CSV file, whose rows are the pages in the folder of the same name."""

from __future__ import annotations

import csv
import io
import posixpath
from collections import defaultdict
from collections.abc import Callable
from urllib.parse import quote

from zettel.adapters.sources import notion
from zettel.adapters.sources.source_files import SourceFiles
from zettel.model.articles.imported import SourceDocument
from zettel.model.base.errors import Unreadable

SUFFIX, WHOLE = ".csv", "_all"
"""The end of the name of a database, and what is before it if a view of the database hides rows, and this file has them all."""

MAX_HEAD_BYTES = 100_000
"""How many bytes of a database are read for the names of its columns."""


def is_database(path: str) -> bool:
    """Return whether a path is that of a database in an export."""
    return path.lower().endswith(SUFFIX) and notion.is_numbered(_find_stem(path))


class NotionDatabases:
    """The databases of an export, with the pages that are their rows. `read` returns the bytes of a file."""

    def __init__(self, files: SourceFiles, read: Callable[[str], bytes]) -> None:
        self._files, self._read = files, read
        self._tables: dict[str, list[str]] = defaultdict(list)
        self._pages: dict[str, list[str]] = defaultdict(list)
        self._columns: dict[str, frozenset[str]] = {}
        for path in files.list_paths():
            if is_database(path):
                for folder in _list_folders(path):
                    self._tables[folder].append(path)
            elif notion.is_page(path):
                self._pages[posixpath.dirname(path)].append(path)

    def find_columns(self, page: str) -> frozenset[str]:
        """Return the columns of the database that a page is a row of, empty if it is not one. Raises `Unreadable`."""
        folder = posixpath.dirname(page)
        if folder not in self._columns:
            heads = [self._read(table)[:MAX_HEAD_BYTES] for table in self._tables.get(folder, ())]
            self._columns[folder] = frozenset(name for head in heads for name in _parse_columns(head))
        return self._columns[folder]

    def build_documents(self, path: str, name: str) -> list[SourceDocument]:
        """Return a database as a document, or nothing if another file of the export has it, too. Raises `Unreadable`."""
        stem = _find_stem(path)
        whole = f"{stem}{WHOLE}{SUFFIX}"
        if self._files.has(f"{stem}.html") or (path == whole and self._files.has(f"{stem}{SUFFIX}")):
            return []
        data = self._read(whole if self._files.has(whole) else path)
        pages = [page for folder in _list_folders(path) for page in self._pages.get(folder, ())]
        return [build_database(name, data, [posixpath.relpath(page, posixpath.dirname(path) or ".") for page in pages])]


def _find_stem(path: str) -> str:
    return path[: -len(SUFFIX)].removesuffix(WHOLE)


def _list_folders(path: str) -> list[str]:
    """Return the folders in which the pages of a database may be."""
    folder, name = posixpath.split(_find_stem(path))
    return [posixpath.join(folder, called) for called in (name, notion.strip_number(name))]


def _parse_columns(head: bytes) -> list[str]:
    try:
        return next(iter(_parse_rows(head)), [])
    except csv.Error:
        return []


def _parse_rows(data: bytes) -> list[list[str]]:
    """Return the rows of a CSV file. Raises `csv.Error`."""
    csv.field_size_limit(max(csv.field_size_limit(), len(data)))
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"), newline="")))


def build_database(name: str, data: bytes, pages: list[str]) -> SourceDocument:
    """Return a database as a note with a table, in which each row links to its page. `pages` are the paths of these, relative to its own.

    Raises `Unreadable` if it is not a table.
    """
    try:
        rows = _parse_rows(data)
    except csv.Error as error:
        raise Unreadable(f"{name} is not a table: {error}", "export it again") from None
    stem = notion.strip_number(posixpath.basename(_find_stem(name)))
    by_title: dict[str, list[str]] = {}
    for page in pages:
        by_title.setdefault(_fold_title(notion.strip_number(posixpath.splitext(posixpath.basename(page))[0])), []).append(page)
    table: list[str] = []
    for number, row in enumerate(rows):
        cells = [notion.link_references(_escape_cell(cell)) for cell in row] or [""]
        if number:
            found = by_title.get(_fold_title(row[0] if row else "")) or by_title.get("untitled" if not row or not row[0] else "") or []
            if found:
                cells[0] = f"[{cells[0] or 'Untitled'}]({quote(found.pop(0))})"
        table.append(f"| {' | '.join(cells)} |")
        if not number:
            table.append(f"|{' --- |' * len(cells)}")
    return SourceDocument(name, stem, f"# {stem}\n\n" + "\n".join(table) + "\n", title=stem, is_clean=True, file_name=f"{stem}.csv")


def _fold_title(title: str) -> str:
    """Return a title as far as the name of its file has it: Notion cuts titles short, and leaves out punctuation."""
    return "".join(char for char in title.casefold() if char.isalnum())[:40]


def _escape_cell(text: str) -> str:
    return "<br>".join(text.strip().split("\n")).replace("|", "\\|")
