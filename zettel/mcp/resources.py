"""Notes and overviews as resources, which a person can attach to a conversation: `zettel://note/ID`, `zettel://topics` and `zettel://recent`."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, unquote

import mcp_types as types

from zettel.adapters.fs.files import decode_bytes
from zettel.mcp.shared_notebook import SharedNotebook
from zettel.model.base.errors import NoSuchNote, UsageError
from zettel.model.note.note import Note
from zettel.model.search.filter import Filter
from zettel.model.text.ids import find_leading_id
from zettel.model.text.inert import clip
from zettel.views.framed_text import make_inert, make_line

NOTE_PREFIX, TOPICS, RECENT = "zettel://note/", "zettel://topics", "zettel://recent"

NOTE_TEMPLATE = NOTE_PREFIX + "{id}"

MARKDOWN, PLAIN = "text/markdown", "text/plain"

PAGE = 50
"""How many resources are listed at a time."""

MAX_NEWEST = 50
"""How many of the newest notes are listed."""

MAX_CHARACTERS = 100_000
"""How many characters of a note a resource has at most. The tool `read` shows parts of a longer one."""

MAX_TITLE = 200


def list_resources(served: SharedNotebook, cursor: str | None) -> tuple[list[types.Resource], str | None]:
    """Return a page of resources and the cursor of the next one: the overviews, structure notes, hubs and the newest notes. Raises `UsageError`."""
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise UsageError("this cursor is not one of resources/list", "give the nextCursor of the page before, or none")
    start = int(cursor or 0)
    found = [
        types.Resource(uri=TOPICS, name="topics", title="What the notebook is about", mime_type=PLAIN),
        types.Resource(uri=RECENT, name="recent", title="The newest notes", mime_type=PLAIN),
        *map(_describe_note, _list_notes(served)),
    ]
    return found[start : start + PAGE], str(start + PAGE) if start + PAGE < len(found) else None


def list_templates() -> list[types.ResourceTemplate]:
    """Return the one template: a note by its ID, or by its percent-encoded path."""
    about = "A note by its ID, or by its path from the notebook's folder, percent-encoded."
    return [types.ResourceTemplate(uri_template=NOTE_TEMPLATE, name="note", title="A note", description=about, mime_type=MARKDOWN)]


def read_resource(served: SharedNotebook, uri: str) -> types.TextResourceContents:
    """Return the text of a resource. Raises `NoSuchNote` and `Unreadable`."""
    if uri in (TOPICS, RECENT):
        return types.TextResourceContents(uri=uri, mime_type=PLAIN, text=_read_overview(served, uri))
    if not uri.startswith(NOTE_PREFIX):
        raise NoSuchNote(f"there is no resource {make_line(clip(uri, 80))}", f"there are {NOTE_TEMPLATE}, {TOPICS} and {RECENT}")
    note = _find_note(served, unquote(uri.removeprefix(NOTE_PREFIX)))
    text = make_inert(decode_bytes(served.notebook.read_bytes(note.path))[0])
    if len(text) > MAX_CHARACTERS:
        text = f"{text[:MAX_CHARACTERS]}\n… {len(text) - MAX_CHARACTERS:,} more characters; the tool read shows parts of a note"
    return types.TextResourceContents(uri=uri, mime_type=MARKDOWN, text=f"{text}\n")


def build_note_uri(note: Note) -> str:
    """Return the URI of a note: by its ID, or by its path if it has none."""
    return NOTE_PREFIX + quote(note.id or note.path, safe="", errors="replace")


def _find_note(served: SharedNotebook, name: str) -> Note:
    """Return the note with this ID or path. What follows the ID does not matter, since completion writes the title there. Raises `NoSuchNote`."""
    catalogue = served.notebook.catalogue
    found = list(catalogue.find_notes_by_path([name]).values())
    if not found and (note_id := find_leading_id(name)):
        found = catalogue.find_notes_by_key(f"i:{note_id}")
    if len(found) != 1:
        what = f"{len(found)} notes have" if found else "no note has"
        raise NoSuchNote(f'{what} the ID or path "{make_line(clip(name, 80))}"', "give an ID, or a path from the notebook's folder")
    return found[0]


def _list_notes(served: SharedNotebook) -> Iterator[Note]:
    """Yield structure notes, hubs and the newest notes, each once."""
    catalogue = served.notebook.catalogue
    graph = catalogue.load_graph(with_notes=True)
    leading = [graph.notes[node] for node in dict.fromkeys((*graph.list_structure_notes(), *graph.list_hubs()))]
    yield from leading
    known = {note.path for note in leading}
    for note in catalogue.list_notes(Filter(sort="created", descending=True, limit=MAX_NEWEST)):
        if note.path not in known:
            yield note


def _describe_note(note: Note) -> types.Resource:
    return types.Resource(
        uri=build_note_uri(note),
        name=make_line(clip(note.handle, MAX_TITLE)),
        title=make_line(clip(note.title, MAX_TITLE)),
        mime_type=MARKDOWN,
    )


def _read_overview(served: SharedNotebook, uri: str) -> str:
    """Return what the tools answer to a question without words."""
    from zettel.mcp.arguments import check_arguments
    from zettel.mcp.search_tools import SEARCH
    from zettel.mcp.search_tools import TOPICS as TOPICS_TOOL

    tool, given = (TOPICS_TOOL, {}) if uri == TOPICS else (SEARCH, {"query": "", "limit": MAX_NEWEST})
    answer = tool.answer(served, check_arguments(tool.name, tool.arguments, given))
    return answer.make_inert().text + "\n"
