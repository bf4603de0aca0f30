"""Read an export of Simplenote: one JSON file with all notes, next to which each note is a text file of its own."""

from __future__ import annotations

import json
import posixpath
import re

from zettel.adapters.sources.times import format_local_time
from zettel.model.articles.imported import SourceDocument

FILE_NAME, KEY = "notes.json", b"activeNotes"
LINK = re.compile(r"(\]\()?simplenote://note/([0-9A-Za-z-]+)")


def parse_notes(data: bytes) -> list[dict[str, object]] | None:
    """Return the fields of each note that is not in the trash, or None if these are not the bytes of an export."""
    if KEY not in data:
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    notes = found.get(KEY.decode()) if isinstance(found, dict) else None
    return [note for note in notes if isinstance(note, dict)] if isinstance(notes, list) else None


def build_documents(name: str, notes: list[dict[str, object]]) -> list[SourceDocument]:
    """Return the notes as documents. The first line of each is its title. Links between them lead to their documents."""
    folder = posixpath.dirname(name)
    titles = {str(note.get("id", "")): _split_title(note)[0] for note in notes}

    def lead_to_document(link: re.Match[str]) -> str:
        mark, number = link.groups()
        if number not in titles:
            return link[0]
        return f"]({number}.md" if mark else f"[{titles[number]}]({number}.md)"

    documents = []
    for note in notes:
        title, body = _split_title(note)
        tags = note.get("tags")
        if title:
            documents.append(
                SourceDocument(
                    posixpath.join(folder, f"{note.get('id')}.md"),
                    title,
                    LINK.sub(lead_to_document, body),
                    title=title,
                    created=format_local_time(str(note.get("creationDate", ""))),
                    tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
                    is_clean=True,
                    file_name=f"{title}.txt",
                )
            )
    return documents


def _split_title(note: dict[str, object]) -> tuple[str, str]:
    """Return the first line of a note without the mark of a heading, and the rest of its text."""
    title, _, body = str(note.get("content") or "").replace("\r\n", "\n").strip().partition("\n")
    return title.lstrip("#").strip() or title.strip(), body.strip("\n")
