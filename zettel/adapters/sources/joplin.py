"""Read a RAW export of Joplin: one file an item, with its fields in the last lines, in a folder or in a JEX archive.

An item is a note, or what a note refers to by its number of 32 hex digits: a notebook, an attachment, a tag, or the pair of a note and a tag.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from zettel.adapters.sources.source_files import SourceFiles
from zettel.adapters.sources.times import format_epoch, format_local_time
from zettel.model.articles.imported import Attachment, SourceDocument
from zettel.model.base.errors import Unreadable

ITEM_NAME = re.compile(r"(?:.*/)?[0-9a-f]{32}\.md")
FIELD = re.compile(r"([a-z_]+): ?(.*)")
LAST_FIELD = re.compile(rb"\ntype_: ?\d+\s*\Z")
INTERNAL_LINK = re.compile(r":/([0-9a-f]{32})\b")
RESOURCE_FOLDER = "resources"
MAX_NOTEBOOK_DEPTH = 50
NOTE, RESOURCE, NOTE_TAG = "1", "4", "6"
HTML_NOTE = "2"
"""The `markup_language` of a note that is HTML."""


class Item(NamedTuple):
    """An item of an export: its title, its text, and its fields."""

    title: str
    text: str
    fields: dict[str, str]

    @property
    def kind(self) -> str:
        """Its type, such as `NOTE`."""
        return self.get("type_")

    @property
    def id(self) -> str:
        """The number by which others refer to it."""
        return self.get("id")

    def get(self, field: str) -> str:
        """Return a field, empty if it has no such field."""
        return self.fields.get(field, "")


class JoplinExport:
    """The items of a RAW export, by the paths of their files: `documents` are the notes, `skipped` those left out, each with the reason.

    `paths` are those of all items and attachments. There are none in another export. A link to another note becomes one to its file, a link
    to an attachment one to the attachment's own name.
    """

    def __init__(self, files: SourceFiles) -> None:
        self._files = files
        items = dict(_read_items(files))
        self._by_id = {item.id: item for item in items.values()}
        self._note_files = {item.id: posixpath.basename(path) for path, item in items.items() if item.kind == NOTE}
        self._resources = _name_resources(files, items.values()) if items else {}
        self._tags: dict[str, list[str]] = defaultdict(list)
        for item in items.values():
            if item.kind == NOTE_TAG and (tag := self._by_id.get(item.get("tag_id"))):
                self._tags[item.get("note_id")].append(tag.title)
        self.paths = {*items, *(path for _, path in self._resources.values())}
        self.documents: dict[str, SourceDocument] = {}
        self.skipped: dict[str, str] = {}
        for path, item in items.items():
            name = f"{files.name}/{path}"
            if item.kind != NOTE:
                continue
            if item.get("encryption_applied") == "1":
                self.skipped[name] = "encrypted; export it after Joplin has decrypted it"
            elif item.get("is_conflict") == "1":
                self.skipped[name] = f'a copy that Joplin kept of "{item.title}" because of a conflict'
            else:
                self.documents[path] = self._build_document(name, item)

    def _build_document(self, name: str, item: Item) -> SourceDocument:
        attachments: dict[str, Attachment] = {}
        remarks: list[str] = []

        def rewrite(link: re.Match[str]) -> str:
            number = link[1]
            if number in self._note_files:
                return self._note_files[number]
            if number not in self._resources:
                return link[0]
            file_name, path = self._resources[number]
            if number not in attachments:
                try:
                    attachments[number] = Attachment(file_name, self._files.read(path))
                except Unreadable as error:
                    remarks.append(error.message)
                    return link[0]
            return quote(file_name)

        text = INTERNAL_LINK.sub(rewrite, item.text)
        return SourceDocument(
            name,
            item.title,
            text,
            is_page=item.get("markup_language") == HTML_NOTE,
            title=item.title,
            author=item.get("author"),
            created=format_local_time(item.get("user_created_time") or item.get("created_time")),
            tags=tuple(sorted(self._tags[item.id])),
            origin=item.get("source_url"),
            attachments=tuple(attachments.values()),
            remarks=tuple(remarks),
            fields=tuple(self._list_fields(item)),
            file_name=f"{item.title}.md",
        )

    def _list_fields(self, item: Item) -> Iterator[tuple[str, str]]:
        """Yield what zettel has no use for: the notebook of a note, and the state of a to-do."""
        if notebook := self._name_notebook(item.get("parent_id")):
            yield "notebook", notebook
        if item.get("is_todo") == "1":
            yield "completed", "no" if item.get("todo_completed") in ("", "0") else "yes"
            if due := format_epoch(item.get("todo_due"), 1000):
                yield "due", due

    def _name_notebook(self, number: str) -> str:
        """Return the path of a notebook, such as `Work/Strategy`, or an empty string if it is not in the export."""
        names: list[str] = []
        while (item := self._by_id.get(number)) and len(names) < MAX_NOTEBOOK_DEPTH:
            names.append(item.title)
            number = item.get("parent_id")
        return "/".join(reversed(names))


def _read_items(files: SourceFiles) -> Iterator[tuple[str, Item]]:
    """Yield the path and the item of each file that is one."""
    for path in files.list_paths():
        if ITEM_NAME.fullmatch(path):
            try:
                data = files.read(path)
            except Unreadable:
                continue
            if LAST_FIELD.search(data[-200:]):
                yield path, parse_item(data.decode("utf-8", "replace"))


def parse_item(text: str) -> Item:
    """Parse an item: the title, an empty line, the text, an empty line, and the fields. Pairs of a note and a tag have only fields."""
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    at = len(lines)
    fields: dict[str, str] = {}
    while at and (found := FIELD.fullmatch(lines[at - 1])):
        at -= 1
        fields[found[1]] = found[2].strip()
    title, _, body = "\n".join(lines[:at]).partition("\n")
    return Item(title.strip(), body.strip("\n"), fields)


def _name_resources(files: SourceFiles, items: Iterable[Item]) -> dict[str, tuple[str, str]]:
    """Return the name and the path of each attachment, by its number. Attachments of the same title have different names."""
    paths = {
        posixpath.splitext(posixpath.basename(path))[0]: path
        for path in files.list_paths()
        if posixpath.basename(posixpath.dirname(path)) == RESOURCE_FOLDER
    }
    named: dict[str, tuple[str, str]] = {}
    used: set[str] = set()
    for item in items:
        number = item.id
        if item.kind != RESOURCE or number not in paths:
            continue
        suffix = posixpath.splitext(paths[number])[1]
        name = posixpath.basename(item.title.replace("\\", "/")) or number
        name = name if posixpath.splitext(name)[1] or not suffix else name + suffix
        name = f"{number[:8]} {name}" if name in used else name
        used.add(name)
        named[number] = name, paths[number]
    return named
