"""Read the notes of Google Keep as Google Takeout exports them: one JSON file a note."""

from __future__ import annotations

import json
import posixpath
from urllib.parse import quote

from zettel.adapters.sources.source_files import SourceFiles
from zettel.adapters.sources.times import format_epoch
from zettel.model.articles.imported import SourceDocument
from zettel.model.base.errors import Unreadable

TOP_FOLDER, LABELS = "Takeout", "Labels.txt"
MICROSECONDS = 1_000_000
KEYS = ("userEditedTimestampUsec", "createdTimestampUsec")


def parse_note(data: bytes) -> dict[str, object] | None:
    """Return the fields of a note, or None if these are not the bytes of one."""
    if not any(key.encode() in data for key in KEYS):
        return None
    try:
        note = json.loads(data)
    except (ValueError, RecursionError):
        return None
    is_note = isinstance(note, dict) and any(key in note for key in KEYS) and {"textContent", "listContent", "title"} & note.keys()
    return note if is_note else None


def build_document(name: str, note: dict[str, object], files: SourceFiles | None) -> SourceDocument:
    """Return a note as a document: its text or its list, then the pages it refers to and its attachments.

    Raises `Unreadable` for a note that was thrown away.
    """
    if note.get("isTrashed") is True:
        raise Unreadable(f"{name} is in the trash of Keep")
    items = _list(note, "listContent")
    folder = posixpath.dirname(name.removeprefix(f"{files.name}/")) if files else ""
    parts = [_read_text(note, "textContent")]
    parts.append("\n".join(f"- [{'x' if item.get('isChecked') is True else ' '}] {_read_line(item, 'text')}" for item in items))
    pages = [item for item in _list(note, "annotations") if _read_line(item, "url").startswith(("http://", "https://"))]
    parts.append("\n".join(f"- [{_read_line(item, 'title') or item['url']}](<{_read_line(item, 'url')}>)" for item in pages))
    for item in _list(note, "attachments"):
        path = _find_attachment(posixpath.join(folder, posixpath.basename(_read_line(item, "filePath"))), files)
        mark = "!" if _read_line(item, "mimetype").startswith("image/") else ""
        parts.append(f"{mark}[{posixpath.basename(path)}]({quote(posixpath.basename(path))})")
    title = " ".join(_read_text(note, "title").split()) or (_read_line(items[0], "text") if items else "")
    return SourceDocument(
        name,
        title or posixpath.splitext(posixpath.basename(name))[0],
        "\n\n".join(part for part in parts if part.strip()),
        title=title,
        created=format_epoch(note.get("createdTimestampUsec") or note.get("userEditedTimestampUsec"), MICROSECONDS),
        tags=tuple(tag for label in _list(note, "labels") if (tag := _read_line(label, "name"))),
        is_clean=True,
        file_name=posixpath.basename(name),
    )


def _find_attachment(path: str, files: SourceFiles | None) -> str:
    """Return the path of an attachment. Keep often names a `.jpg` file `.jpeg`, and the other way round."""
    stem, suffix = posixpath.splitext(path)
    other = stem + {".jpeg": ".jpg", ".jpg": ".jpeg"}.get(suffix, suffix)
    return other if files and not files.has(path) and files.has(other) else path


def _list(note: dict[str, object], key: str) -> list[dict[str, object]]:
    items = note.get(key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _read_text(note: dict[str, object], key: str) -> str:
    text = note.get(key)
    return text if isinstance(text, str) else ""


def _read_line(note: dict[str, object], key: str) -> str:
    return " ".join(_read_text(note, key).split())
