"""Read a RAW export of Joplin: one file an item, with its fields in the last lines, in a folder or in a JEX archive.

An item is a note, or what a note refers to by its number of 32 hex digits: a notebook, an attachment, a tag, or the pair of a note and a tag.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
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
NOTE, NOTEBOOK, RESOURCE, TAG, NOTE_TAG = "1", "2", "4", "5", "6"
HTML_NOTE = "2"
"""The `markup_language` of a note that is HTML."""


class Item(NamedTuple):
    """An item of an export: its title, its text, and its fields."""

    title: str
    text: str
    fields: dict[str, str]


def list_items(files: SourceFiles) -> dict[str, Item]:
    """Return the items of a RAW export by the paths of their files. Empty if it is none."""
    items: dict[str, Item] = {}
    for path in files.list_paths():
        if ITEM_NAME.fullmatch(path):
            try:
                data = files.read(path)
            except Unreadable:
                continue
            if LAST_FIELD.search(data[-200:]):
                items[path] = parse_item(data.decode("utf-8", "replace"))
    return items


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


def list_attached(files: SourceFiles, items: dict[str, Item]) -> set[str]:
    """Return the paths of the files that notes may have attached."""
    return {path for _, path in _name_resources(files, items).values()}


def read_documents(files: SourceFiles, items: dict[str, Item]) -> tuple[list[SourceDocument], dict[str, str]]:
    """Return the notes among the items as documents, and the notes that are skipped, each with the reason.

    A link to another note becomes one to its file, a link to an attachment one to the attachment's own name.
    """
    by_id = {item.fields.get("id", ""): item for item in items.values()}
    note_files = {item.fields.get("id", ""): posixpath.basename(path) for path, item in items.items() if item.fields["type_"] == NOTE}
    tags: dict[str, list[str]] = defaultdict(list)
    for item in items.values():
        if item.fields["type_"] == NOTE_TAG and (tag := by_id.get(item.fields.get("tag_id", ""))):
            tags[item.fields.get("note_id", "")].append(tag.title)
    resources = _name_resources(files, items)
    documents: list[SourceDocument] = []
    skipped: dict[str, str] = {}
    for path, item in items.items():
        if item.fields["type_"] != NOTE:
            continue
        name = f"{files.name}/{path}"
        if item.fields.get("encryption_applied") == "1":
            skipped[name] = "encrypted; export it after Joplin has decrypted it"
        elif item.fields.get("is_conflict") == "1":
            skipped[name] = f'a copy that Joplin kept of "{item.title}" because of a conflict'
        else:
            notebook = _name_notebook(by_id, item.fields.get("parent_id", ""))
            documents.append(
                _build_document(files, name, item, note_files, resources, tuple(sorted(tags[item.fields.get("id", "")])), notebook)
            )
    return documents, skipped


def _build_document(
    files: SourceFiles,
    name: str,
    item: Item,
    note_files: dict[str, str],
    resources: dict[str, tuple[str, str]],
    tags: tuple[str, ...],
    notebook: str,
) -> SourceDocument:
    attachments: dict[str, Attachment] = {}
    remarks: list[str] = []

    def rewrite(link: re.Match[str]) -> str:
        number = link[1]
        if number in note_files:
            return note_files[number]
        if number not in resources:
            return link[0]
        file_name, path = resources[number]
        if number not in attachments:
            try:
                attachments[number] = Attachment(file_name, files.read(path))
            except Unreadable as error:
                remarks.append(error.message)
                return link[0]
        return quote(file_name)

    text = INTERNAL_LINK.sub(rewrite, item.text)
    fields = item.fields
    further = [("notebook", notebook)] if notebook else []
    if fields.get("is_todo") == "1":
        further.append(("completed", "no" if fields.get("todo_completed", "0") == "0" else "yes"))
        if due := format_epoch(fields.get("todo_due", ""), 1000):
            further.append(("due", due))
    return SourceDocument(
        name,
        item.title,
        text,
        is_page=fields.get("markup_language") == HTML_NOTE,
        title=item.title,
        author=fields.get("author", ""),
        created=format_local_time(fields.get("user_created_time") or fields.get("created_time", "")),
        tags=tags,
        origin=fields.get("source_url", ""),
        attachments=tuple(attachments.values()),
        remarks=tuple(remarks),
        fields=tuple(further),
        file_name=f"{item.title}.md",
    )


def _name_resources(files: SourceFiles, items: dict[str, Item]) -> dict[str, tuple[str, str]]:
    """Return the name and the path of each attachment, by its number. Attachments of the same title have different names."""
    paths = {
        posixpath.splitext(posixpath.basename(path))[0]: path
        for path in files.list_paths()
        if posixpath.basename(posixpath.dirname(path)) == RESOURCE_FOLDER
    }
    named: dict[str, tuple[str, str]] = {}
    used: set[str] = set()
    for item in items.values():
        number = item.fields.get("id", "")
        if item.fields["type_"] != RESOURCE or number not in paths:
            continue
        suffix = posixpath.splitext(paths[number])[1]
        name = posixpath.basename(item.title.replace("\\", "/")) or number
        name = name if posixpath.splitext(name)[1] or not suffix else name + suffix
        name = f"{number[:8]} {name}" if name in used else name
        used.add(name)
        named[number] = name, paths[number]
    return named


def _name_notebook(by_id: dict[str, Item], number: str) -> str:
    """Return the path of a notebook, such as `Work/Strategy`, or an empty string if it is not in the export."""
    names: list[str] = []
    while (item := by_id.get(number)) and len(names) < MAX_NOTEBOOK_DEPTH:
        names.append(item.title)
        number = item.fields.get("parent_id", "")
    return "/".join(reversed(names))
