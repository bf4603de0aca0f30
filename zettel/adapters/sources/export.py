"""Read an export of a notebook: a folder or an archive, in which files mean more together than alone."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from urllib.parse import unquote

from zettel.adapters.sources import bear, bundle, joplin, keep, logseq, notion
from zettel.adapters.sources.notion_database import NotionDatabases, is_database
from zettel.adapters.sources.source_files import SourceFiles
from zettel.model.articles.imported import HTML_SUFFIXES, MARKDOWN_SUFFIXES, Attachment, Source, SourceDocument, describe_reason
from zettel.model.articles.imported import TEXT_SUFFIXES as PLAIN_SUFFIXES
from zettel.model.base.errors import Unreadable
from zettel.model.text.fold import fold, to_nfc

ReadFile = Callable[[bytes, Source], list[SourceDocument]]
"""Returns the documents of a single file by its format. Raises `Unreadable`."""

DRAWING_SUFFIXES = (".excalidraw.md", ".canvas")
NOTE_SUFFIXES = (*MARKDOWN_SUFFIXES, *HTML_SUFFIXES)
TEXT_SUFFIXES = (*NOTE_SUFFIXES, *PLAIN_SUFFIXES, ".csv", ".json")
MAX_TEXT_BYTES = 20_000_000
"""Maximum size of a text in an archive. A larger one is not a note."""

DESTINATION = re.compile(
    r"""\]\(\s*(?:<([^<>\n]{1,1000})>|([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*))"""  # in parentheses, which may be in it, too
    r"""|\]:\s*<?([^\s>]{1,1000})"""
    r"""|\b(?:src|href)\s*=\s*["']([^"'\n]{1,1000})"""
    r"""|\[\[([^\]|#\n]{1,500})"""
)
"""Where a text may name a file. It may find too much, never too little: what is found is only looked for in the export."""


class Export:
    """The documents of an export. Those of a tool that zettel knows come as its user had them.

    `read_file` reads a file by its format. `skipped` are the files that are left out, each with the reason.
    """

    def __init__(self, files: SourceFiles, read_file: ReadFile) -> None:
        self._files, self._read_file = files, read_file
        self._paths = files.list_paths()
        self._joplin = joplin.JoplinExport(files)
        self.skipped = self._joplin.skipped
        self._bundle_names = {to_nfc(called) for path in self._paths if (called := bundle.find_name(f"{files.name}/{path}"))}
        self._by_folder: dict[str, list[str]] = defaultdict(list)
        for path in self._paths:
            self._by_folder[posixpath.dirname(path)].append(path)
        self._databases = NotionDatabases(files, self._read)
        self._notion_numbers = notion.list_numbers(self._paths)

    def read_all(self) -> list[SourceDocument]:
        """Return all documents, in the order of their files' names, with their attachments.

        What cannot be read is added to `skipped`, as is a file that is neither a document nor named by one.
        """
        found: dict[str, list[SourceDocument]] = {}
        names = _FileNames(self._files, self._paths)
        texts = [path for path in self._paths if path.lower().endswith(TEXT_SUFFIXES)]
        for path in texts:
            found[path] = [names.attach(one, path) for one in self._try_to_read(path)]
        for path in self._paths:
            if path not in found and path not in names.attached:
                found[path] = [names.attach(one, path) for one in self._try_to_read(path)]
        return [document for path in self._paths for document in found.get(path, ())]

    def _try_to_read(self, path: str) -> list[SourceDocument]:
        name = f"{self._files.name}/{path}"
        try:
            return self.read_documents(path, Source(name, ""), lambda: self._read(path))
        except Unreadable as error:
            self.skipped[name] = describe_reason(error, name)
            return []

    def _read(self, path: str) -> bytes:
        """Return the bytes of a file that is a text. Raises `Unreadable` also if it is too large for one."""
        data = self._files.read(path)
        if len(data) > MAX_TEXT_BYTES and path.lower().endswith(TEXT_SUFFIXES):
            raise Unreadable(f"{self._files.name}/{path} is larger than {MAX_TEXT_BYTES // 1_000_000} MB, too large to import")
        return data

    def read_documents(self, path: str, source: Source, read: Callable[[], bytes]) -> list[SourceDocument]:
        """Return the documents of the file at `path`, whose bytes `read` returns. There are none in a file that only belongs to others.

        Raises `Unreadable`.
        """
        name = source.name
        if path in self._joplin.paths:
            return [self._joplin.documents[path]] if path in self._joplin.documents else []
        if path.lower().endswith(DRAWING_SUFFIXES):
            raise Unreadable(f"{name} is a drawing, not a text")
        if is_database(path):
            return self._databases.build_documents(path, name)
        if path.lower().endswith(".json"):
            data = self._read(path)
            if note := keep.parse_note(data):
                return [keep.build_document(name, note, self._files)]
        if self._belongs_to_other(path):
            return []
        documents = self._read_file(read(), source)
        is_text = len(documents) == 1 and documents[0].name == name
        return [self._adapt(documents[0]._replace(file_name=posixpath.basename(path)), path, name)] if is_text else documents

    def _belongs_to_other(self, path: str) -> bool:
        """Return whether a file only says something about others: the data of bundles, settings, a table of contents, or what Keep adds."""
        if path.lower().endswith(".json"):
            return bool(self._bundle_names)
        folder, name = posixpath.split(path)
        if name == notion.TABLE_OF_CONTENTS and any(map(notion.is_page, self._by_folder[folder])):
            return True
        return logseq.is_config(path) or self._is_added_by_keep(path, folder, name)

    def _is_added_by_keep(self, path: str, folder: str, name: str) -> bool:
        """Return whether a file is the page of a note of Keep, a list of all labels, or the table of contents of a Takeout."""
        if name != keep.LABELS and not path.endswith(".html"):
            return False
        if folder in self._keep_folders:
            return name == keep.LABELS or self._files.has(f"{path.removesuffix('.html')}.json")
        return posixpath.basename(folder) == keep.TOP_FOLDER and folder in map(posixpath.dirname, self._keep_folders)

    @cached_property
    def _keep_folders(self) -> set[str]:
        """The folders with notes of Keep."""
        return {folder for folder, paths in self._by_folder.items() if any(map(self._is_note_of_keep, paths))}

    def _is_note_of_keep(self, path: str) -> bool:
        return path.endswith(".json") and keep.parse_note(self._read(path)) is not None

    def _adapt(self, document: SourceDocument, path: str, name: str) -> SourceDocument:
        if notion.is_page(path):
            document = notion.link_pages(document, path, self._notion_numbers)
            return notion.adapt_page(document, self._databases.find_columns(path))
        if called := bundle.find_name(name):
            info = bundle.read_info(self._files, posixpath.dirname(path))
            is_from_bear = bundle.is_from_bear(info)
            document = bear.adapt_tags(bundle.adapt_text(document, called, info), is_from_bear=is_from_bear)
            return bear.adapt_links(document, self._bundle_names) if is_from_bear else document
        graph = logseq.find_graph(path)
        if graph is not None and self._files.has(posixpath.join(graph, logseq.OWN_FOLDER, logseq.CONFIG)):
            return logseq.adapt_page(document)
        return bear.adapt_tags(document, is_from_bear=False)


class _FileNames:
    """Finds the files that texts name, by a path or by their name alone. `attached` are the paths of those found."""

    def __init__(self, files: SourceFiles, paths: list[str]) -> None:
        self._files = files
        self._paths = {to_nfc(path): path for path in paths if not path.lower().endswith(NOTE_SUFFIXES)}
        self._by_name: dict[str, str] = {}
        for path in sorted(self._paths, key=lambda path: path.count("/")):
            self._by_name.setdefault(fold(posixpath.basename(path)), path)
        self._data: dict[str, bytes | None] = {}
        self.attached: set[str] = set()

    def attach(self, document: SourceDocument, path: str) -> SourceDocument:
        """Return a document with the files that its text names, called as it names them."""
        found: dict[str, str] = {}
        for match in DESTINATION.finditer(document.text) if self._paths else ():
            *addresses, wiki = match.groups()
            name = to_nfc(wiki.strip() if wiki else unquote(next(filter(None, addresses), ""))).removeprefix("./")
            target = self._find(path, name)
            if not target and wiki:
                target = self._by_name.get(fold(posixpath.basename(name)))
            if target:
                found.setdefault(name, target)
        attachments = [Attachment(name, data) for name, target in found.items() if (data := self._read(target)) is not None]
        return document._replace(attachments=(*document.attachments, *attachments))

    def _find(self, source: str, name: str) -> str | None:
        if not name or "://" in name:
            return None
        for path in (posixpath.join(posixpath.dirname(source), name), name.lstrip("/")):
            if (normal := posixpath.normpath(path)) in self._paths:
                return normal
        return None

    def _read(self, path: str) -> bytes | None:
        if path not in self._data:
            try:
                self._data[path] = self._files.read(self._paths[path])
            except Unreadable:
                self._data[path] = None
            else:
                self.attached.add(self._paths[path])
        return self._data[path]
