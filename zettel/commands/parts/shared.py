"""Build filters from command-line options, and show notes and links as rows and lines."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.adapters import finding
from zettel.model import link as links
from zettel.model import note as notes
from zettel.model.answer import Answer, Column, Span
from zettel.model.errors import QueryError
from zettel.model.link import AMBIGUOUS, DANGLING, EXTERNAL, Resolved
from zettel.model.note import Note
from zettel.model.query import Filter, order, tag_terms
from zettel.model.text import nfc
from zettel.notebook import Notebook
from zettel.session import Session

NOTE_COLUMNS = (Column("ID", "id", "id"), Column("Title", "title", "title", may_wrap=True), Column("Tags", "tags", "tag", may_wrap=True))
NO_NOTES = "there is no note yet: zettel new A THOUGHT IN A FEW WORDS"
ARROWS = {"out": "→", "back": "←", "both": "↔", "self": "↺"}

Filters = str | int | list[str] | None
"""The value of a filter option. `filter_of` lists the options' names."""


def filter_of(session: Session, given: Mapping[str, Filters], default_sort: str = "") -> Filter:
    """Build a filter from command-line options: tag, linked_by, links_to, created_after, created_before, folder, sort, limit."""
    field, descending = order(str(given.get("sort") or default_sort)) if given.get("sort") or default_sort else ("", False)
    limit = given.get("limit")
    if isinstance(limit, int) and limit < 1:
        raise QueryError(f"--limit must be 1 or more, not {limit}", "leave it out to see everything")
    return Filter(
        tuple(term for text in _texts(given.get("tag")) for term in tag_terms(text)),
        tuple(session.note(name).path for name in _texts(given.get("linked_by"))),
        tuple(session.note(name).path for name in _texts(given.get("links_to"))),
        _day(session, given.get("created_after")),
        _day(session, given.get("created_before")),
        _folder(given.get("folder")),
        field,
        descending,
        min(limit, 2**31) if isinstance(limit, int) else 0,
    )


def _texts(given: Filters) -> list[str]:
    return given if isinstance(given, list) else []


def _day(session: Session, text: Filters) -> str:
    if not isinstance(text, str):
        return ""
    from zettel.model.dates import span

    return span(text, session.today())[0].isoformat()


def _folder(folder: Filters) -> str:
    parts = [part for part in nfc(str(folder or "")).split("/") if part not in ("", ".")]
    if ".." in parts:
        raise QueryError(f"--in {folder} leads out of the notebook", "name a folder of the notebook, from its root")
    return "/".join(parts)


def note_list(notebook: Notebook, wanted: Filter, nothing: str, among: str = finding.ALL) -> Answer:
    """List the notes that match a filter, all or only those of `among` (see `zettel.adapters.finding`)."""

    def whole() -> list[dict[str, object]]:
        return [notes.record(note) for note in finding.notes(notebook.connection, wanted, among=among)]

    found = finding.listed(notebook.connection, wanted, among)
    rows = [{"id": note_id, "path": path, "title": title, "tags": tags} for note_id, path, title, tags in found]
    return Answer("notes", rows, NOTE_COLUMNS, nothing=nothing, whole=whole)


def brief(note: Note) -> dict[str, object]:
    """Return the ID, path and title of a note, for JSON that needs no more."""
    return {"id": note.id, "path": note.path, "title": note.title}


def note_line(note: Note, *before: Span) -> tuple[Span, ...]:
    """Format a note for a line of a tree: its ID and title, or title and path if it has no ID."""
    if note.id:
        return (*before, (note.id, "id"), (" ", ""), (note.title, "title"))
    return (*before, (note.title, "title"), (f"  {note.path}", "path"))


def place_line(resolved: Resolved, source_title: str, arrow: str = "") -> tuple[Span, ...]:
    """Format a link's context: the headings above it, except the note's own title, and its sentence with the link marked."""
    link = resolved.link
    spans: list[Span] = [(arrow + " ", "arrow")] if arrow else []
    if link.sentence:
        spans += sentence_spans(link.headings, link.sentence, link.mark, source_title)
    else:
        spans += [*heading_spans(link.headings, source_title), (f"line {link.line}: {link.text}", "dim")]
    return tuple(span for span in spans if span[0])


def heading_spans(headings: tuple[str, ...], source_title: str) -> list[Span]:
    """Format the headings above a link, except the note's own title."""
    above = [heading for heading in headings if heading != source_title]
    return [(" › ".join(above) + " › ", "heading")] if above else []


def sentence_spans(headings: tuple[str, ...], sentence: str, mark: tuple[int, int], source_title: str) -> list[Span]:
    """Format a sentence with the headings above it, and mark the words at `mark`."""
    start, end = mark
    marked: list[Span] = [(sentence[:start], ""), (sentence[start:end], "hit"), (sentence[end:], "")]
    return [*heading_spans(headings, source_title), *(span for span in marked if span[0])]


def unresolved_line(resolved: Resolved) -> tuple[Span, ...]:
    """Format a link that leads to no single note: its target and label, and why it is unresolved."""
    link, status = resolved.link, resolved.resolution.status
    name = " ".join(part for part in (link.dest, link.label) if part)
    why = {
        DANGLING: "dangling: no such note yet",
        AMBIGUOUS: "ambiguous: several notes answer to it",
        EXTERNAL: "leads out of the notebook",
    }
    return ((ARROWS["out"] + " ", "arrow"), (name, "title"), (f"  ({why[status]})", "warning" if status != EXTERNAL else "dim"))


def link_row(resolved: Resolved, other: Note | None, direction: str, distance: int, via: str) -> dict[str, object]:
    """Return a link as a row, seen from one of its notes: the other note, the direction, and the link itself."""
    title = other.title if other else resolved.link.label or resolved.link.dest
    view = {
        "distance": distance,
        "direction": direction,
        "via": via,
        "id": other.id if other else None,
        "path": other.path if other else None,
        "title": title,
    }
    return {**view, **links.record(resolved)}


def counted(number: int, what: str) -> str:
    """Format a number with a noun, in the plural unless it is 1: "2 notes"."""
    return f"{number} {what}{'' if number == 1 else 's'}"
