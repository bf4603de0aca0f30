"""Read an Evernote export (`.enex`): each note is a document, with its tags, dates, origin, tasks and files."""

from __future__ import annotations

import binascii
import hashlib
import html
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from zettel.adapters.sources.attachments import Attachments, format_file
from zettel.adapters.sources.times import format_local_time
from zettel.model.articles.imported import Source, SourceDocument
from zettel.model.base.errors import Unreadable

EXPORT_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!DOCTYPE[^>]{0,300}>\s*)?<en-export\b")
ENTITIES = b"<!ENTITY"
NOTE_LINK = re.compile(
    r"""<a\b[^<>]{0,1000}?\shref\s*=\s*["'](?:evernote:/{2,3}view/|https://www\.evernote\.com/shard/[^"'<>/]{1,20}/nl/)[^"'<>]{0,1000}["'][^<>]{0,1000}>(?P<words>(?:[^<]|<(?!/?a\b)[^<>]*>)*)</a>""",
    re.IGNORECASE,
)
ELEMENT = re.compile(r"<[^<>]*>")
TAG = re.compile(r"<(?P<end>/?)en-(?P<name>note|media|todo|crypt)\b(?P<attributes>[^<>]*)>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
PROLOG = re.compile(r"<\?xml[^<>]*>|<!DOCTYPE[^<>]*>")
EMPTY_ELEMENT = re.compile(r"<(div|p|span|b|i|u|a|td|li)\b([^<>]*)/>", re.IGNORECASE)
BOX, TICKED = "\x0e", "\x0f"
"""Placeholders for the boxes of tasks."""

BOX_IN_ITEM = re.compile(f"(<li\\b[^<>]*>\\s*(?:<div\\b[^<>]*>\\s*)?)([{BOX}{TICKED}])", re.IGNORECASE)
BOX_BEHIND_BREAK = re.compile(f"<br\\s?/?>\\s*(?=[{BOX}{TICKED}])", re.IGNORECASE)
BOX_IN_BLOCK = re.compile(
    f"<(div|p)\\b[^<>]*>\\s*([{BOX}{TICKED}])((?:(?!</?(?:div|p|ul|ol|table)\\b)[^{BOX}{TICKED}])*)</\\1>", re.IGNORECASE
)
LISTS_THAT_TOUCH = re.compile(r"</ul>\s*<ul class=\"todo\">")
INPUTS = {BOX: '<input type="checkbox"> ', TICKED: '<input type="checkbox" checked> '}
ENCRYPTED = "[text that Evernote has encrypted]"


def is_evernote(head: bytes) -> bool:
    """Return whether a file begins like an Evernote export."""
    return bool(EXPORT_START.match(head))


def read_evernote(data: bytes, source: Source) -> list[SourceDocument]:
    """Return the notes of an Evernote export in order. Raises `Unreadable` if it is damaged, or defines entities of its own."""
    import lxml.etree

    if ENTITIES in data[:5000]:
        raise Unreadable(f"{source.name} defines XML entities, which no Evernote export does", "export it again from Evernote")
    events = lxml.etree.iterparse(
        io.BytesIO(data), events=("end",), tag="note", resolve_entities=False, no_network=True, huge_tree=True, load_dtd=False
    )
    documents: list[SourceDocument] = []
    try:
        for _, note in events:
            documents.append(_read_note(note, source))
            note.clear()
            while note.getprevious() is not None:
                del note.getparent()[0]
    except lxml.etree.XMLSyntaxError as error:
        raise Unreadable(f"{source.name} is a damaged Evernote export: {error.msg}", "export it again from Evernote") from None
    titles = Counter(document.title for document in documents)
    return [document._replace(text=_link_notes(document.text, titles)) for document in documents]


def _link_notes(text: str, titles: Counter[str]) -> str:
    """Return the text of a note with its links to other notes of the export, which Evernote names by numbers that no export has, led to their titles.

    A link that shows anything else than the title of exactly one note stays.
    """

    def lead(link: re.Match[str]) -> str:
        title = " ".join(html.unescape(ELEMENT.sub("", link["words"])).split())
        return f'<a href="{quote(_name_file(title), safe="")}">{link["words"]}</a>' if titles[title] == 1 and title.strip(". ") else link[0]

    return NOTE_LINK.sub(lead, text) if "evernote" in text else text


def _name_file(title: str) -> str:
    """Return the name of a note in its export, as if that were a folder."""
    return title.replace("/", "_").replace("\\", "_") or "a note without a title"


def _read_note(note: Any, source: Source) -> SourceDocument:
    title = " ".join((note.findtext("title") or "").split())
    attachments = Attachments()
    files = dict(_read_files(note, attachments))
    remarks: list[str] = []
    text = _convert_content(note.findtext("content") or "", files, remarks)
    text += _format_tasks(note)
    name = f"{source.name}/{_name_file(title)}"
    return SourceDocument(
        name,
        title,
        text,
        is_page=True,
        title="" if title == "Untitled" else title,
        author=" ".join((note.findtext("note-attributes/author") or "").split()),
        created=format_local_time(note.findtext("created") or ""),
        tags=tuple(tag for element in note.findall("tag") if (tag := " ".join((element.text or "").split()))),
        origin=(note.findtext("note-attributes/source-url") or "").strip(),
        attachments=attachments.list_all(),
        is_clean=True,
        remarks=tuple(f"{name}: {remark}" for remark in remarks),
    )


def _read_files(note: Any, attachments: Attachments) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the hash of each file of a note, by which its text names it, with the file's name and media type."""
    for resource in note.iterfind("resource"):
        try:
            data = binascii.a2b_base64(resource.findtext("data") or "")
        except (binascii.Error, ValueError):
            continue
        media_type = (resource.findtext("mime") or "").strip().lower()
        name = attachments.add(data, resource.findtext("resource-attributes/file-name") or "", media_type)
        yield hashlib.md5(data, usedforsecurity=False).hexdigest(), (name, media_type)


def _convert_content(content: str, files: dict[str, tuple[str, str]], remarks: list[str]) -> str:
    """Return the content of a note as HTML. Appends to `remarks` what it cannot show."""
    shown: set[str] = set()
    is_encrypted = missing = 0
    parts: list[str] = []
    last = 0
    content = EMPTY_ELEMENT.sub(r"<\1\2></\1>", PROLOG.sub("", content).replace(BOX, "").replace(TICKED, ""))
    for found in TAG.finditer(content):
        if not is_encrypted:
            parts.append(content[last : found.start()])
        last = found.end()
        name, attributes = found["name"].lower(), dict(_read_attributes(found["attributes"]))
        if name == "crypt":
            is_encrypted = not found["end"] and not found["attributes"].endswith("/")
            if not found["end"]:
                parts.append(ENCRYPTED)
        elif found["end"]:
            parts.append("</div>" if name == "note" else "")
        elif name == "note":
            parts.append("<div>")
        elif name == "todo":
            parts.append(TICKED if attributes.get("checked", "").lower() == "true" else BOX)
        elif file := files.get(attributes.get("hash", "").lower()):
            shown.add(file[0])
            parts.append(format_file(*file, attributes.get("alt", "")))
        else:
            missing += 1
    parts.append(content[last:])
    if ENCRYPTED in parts:
        remarks.append("a part of it is encrypted, and left out; decrypt it in Evernote and export it again")
    if missing:
        remarks.append("a file that it shows is not in the export")
    parts += [f"<p>{format_file(*file)}</p>" for file in dict.fromkeys(files.values()) if file[0] not in shown]
    return _format_boxes("".join(parts))


def _format_boxes(text: str) -> str:
    """Turn the lines with a box into items of a list, as tasks are in Markdown."""
    if BOX not in text and TICKED not in text:
        return text
    text = BOX_IN_ITEM.sub(lambda item: item[1] + INPUTS[item[2]], BOX_BEHIND_BREAK.sub("</div><div>", text))
    text = BOX_IN_BLOCK.sub(lambda block: f'<ul class="todo"><li>{INPUTS[block[2]]}{block[3]}</li></ul>', text)
    return LISTS_THAT_TOUCH.sub("", text).replace(BOX, "☐ ").replace(TICKED, "☑ ")


def _read_attributes(text: str) -> Iterator[tuple[str, str]]:
    for found in ATTRIBUTE.finditer(text[:5000]):
        yield found[1].lower(), html.unescape(found[2] or found[3] or "")


def _format_tasks(note: Any) -> str:
    """Return the tasks of a note, which newer exports keep beside its text, as a list."""
    items = [
        f'<li><input type="checkbox"{" checked" if (task.findtext("taskStatus") or "") == "completed" else ""}> {html.escape(title)}</li>'
        for task in note.iterfind("task")
        if (title := " ".join((task.findtext("title") or "").split()))
    ]
    return f"<ul>{''.join(items)}</ul>" if items else ""
