"""Build filters from command-line options, and show notes and links as rows and lines."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.adapters import finding
from zettel.model import link as links
from zettel.model import note as notes
from zettel.model.answer import Answer, Column, StyledText
from zettel.model.errors import QueryError
from zettel.model.link import AMBIGUOUS, DANGLING, EXTERNAL, ResolvedLink
from zettel.model.note import Note
from zettel.model.query import Filter, parse_sort, parse_tag_filters
from zettel.model.text import to_nfc
from zettel.notebook import OpenNotebook
from zettel.session import Session

NOTE_COLUMNS = (Column("ID", "id", "id"), Column("Title", "title", "title", may_wrap=True), Column("Tags", "tags", "tag", may_wrap=True))
NO_NOTES = "there is no note yet: zettel new A THOUGHT IN A FEW WORDS"
ARROWS = {"out": "→", "back": "←", "both": "↔", "self": "↺"}

FilterValue = str | int | list[str] | None
"""The value of a filter option. `build_filter` lists the options' names."""


def build_filter(session: Session, options: Mapping[str, FilterValue], default_sort: str = "") -> Filter:
    """Build a filter from command-line options: tag, linked_by, links_to, created_after, created_before, folder, sort, limit."""
    field, descending = parse_sort(str(options.get("sort") or default_sort)) if options.get("sort") or default_sort else ("", False)
    limit = options.get("limit")
    if isinstance(limit, int) and limit < 1:
        raise QueryError(f"--limit must be 1 or more, not {limit}", "leave it out to see everything")
    return Filter(
        tuple(term for text in _list_values(options.get("tag")) for term in parse_tag_filters(text)),
        tuple(session.resolve_note(name).path for name in _list_values(options.get("linked_by"))),
        tuple(session.resolve_note(name).path for name in _list_values(options.get("links_to"))),
        _parse_day(session, options.get("created_after")),
        _parse_day(session, options.get("created_before")),
        _parse_folder(options.get("folder")),
        field,
        descending,
        min(limit, 2**31) if isinstance(limit, int) else 0,
    )


def _list_values(option: FilterValue) -> list[str]:
    return option if isinstance(option, list) else []


def _parse_day(session: Session, text: FilterValue) -> str:
    if not isinstance(text, str):
        return ""
    from zettel.model.dates import parse_date_range

    return parse_date_range(text, session.today())[0].isoformat()


def _parse_folder(folder: FilterValue) -> str:
    parts = [part for part in to_nfc(str(folder or "")).split("/") if part not in ("", ".")]
    if ".." in parts:
        raise QueryError(f"--in {folder} leads out of the notebook", "name a folder of the notebook, from its root")
    return "/".join(parts)


def list_notes(notebook: OpenNotebook, wanted: Filter, nothing: str, among: str = finding.ALL) -> Answer:
    """List the notes that match a filter, all or only those of `among` (see `zettel.adapters.finding`)."""

    def load_records() -> list[dict[str, object]]:
        return [notes.note_to_record(note) for note in finding.list_notes(notebook.connection, wanted, among=among)]

    found = finding.list_note_summaries(notebook.connection, wanted, among)
    rows = [{"id": note_id, "path": path, "title": title, "tags": tags} for note_id, path, title, tags in found]
    return Answer("notes", rows, NOTE_COLUMNS, empty_message=nothing, load_json_rows=load_records)


def summarise_note(note: Note) -> dict[str, object]:
    """Return the ID, path and title of a note, for JSON that needs no more."""
    return {"id": note.id, "path": note.path, "title": note.title}


def format_note(note: Note, *before: StyledText) -> tuple[StyledText, ...]:
    """Format a note for a line of a tree: its ID and title, or title and path if it has no ID."""
    if note.id:
        return (*before, (note.id, "id"), (" ", ""), (note.title, "title"))
    return (*before, (note.title, "title"), (f"  {note.path}", "path"))


def format_context(resolved: ResolvedLink, source_title: str, arrow: str = "") -> tuple[StyledText, ...]:
    """Format a link's context: the headings above it, except the note's own title, and its sentence with the link marked."""
    link = resolved.link
    spans: list[StyledText] = [(arrow + " ", "arrow")] if arrow else []
    if link.sentence:
        spans += format_sentence(link.headings, link.sentence, link.mark, source_title)
    else:
        spans += [*format_headings(link.headings, source_title), (f"line {link.line}: {link.text}", "dim")]
    return tuple(span for span in spans if span[0])


def format_headings(headings: tuple[str, ...], source_title: str) -> list[StyledText]:
    """Format the headings above a link, except the note's own title."""
    above = [heading for heading in headings if heading != source_title]
    return [(" › ".join(above) + " › ", "heading")] if above else []


def format_sentence(headings: tuple[str, ...], sentence: str, mark: tuple[int, int], source_title: str) -> list[StyledText]:
    """Format a sentence with the headings above it, and mark the words at `mark`."""
    start, end = mark
    marked: list[StyledText] = [(sentence[:start], ""), (sentence[start:end], "hit"), (sentence[end:], "")]
    return [*format_headings(headings, source_title), *(span for span in marked if span[0])]


def format_unresolved_link(resolved: ResolvedLink) -> tuple[StyledText, ...]:
    """Format a link that leads to no single note: its target and label, and why it is unresolved."""
    link, status = resolved.link, resolved.resolution.status
    name = " ".join(part for part in (link.dest, link.label) if part)
    why = {
        DANGLING: "dangling: no such note yet",
        AMBIGUOUS: "ambiguous: several notes answer to it",
        EXTERNAL: "leads out of the notebook",
    }
    return ((ARROWS["out"] + " ", "arrow"), (name, "title"), (f"  ({why[status]})", "warning" if status != EXTERNAL else "dim"))


def link_to_row(resolved: ResolvedLink, other: Note | None, direction: str, distance: int, via: str) -> dict[str, object]:
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
    return {**view, **links.link_to_record(resolved)}


def format_count(number: int, what: str) -> str:
    """Format a number with a noun, in the plural unless it is 1: "2 notes"."""
    return f"{number} {what}{'' if number == 1 else 's'}"
