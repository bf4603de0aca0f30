"""Show notes and links as rows and lines."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.adapters.catalogue.queries import ALL
from zettel.model.base.answer import Branch, Column, Rows, StyledText
from zettel.model.link import link as links
from zettel.model.link.link import AMBIGUOUS, DANGLING, EXTERNAL, ResolvedLink
from zettel.model.note import note as notes
from zettel.model.note.note import Note
from zettel.model.search.filter import Filter
from zettel.notebook.notebook import OpenNotebook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import LinkRow, NoteRecord

NOTE_COLUMNS = (Column("ID", "id", "id"), Column("Title", "title", "title", may_wrap=True), Column("Tags", "tags", "tag", may_wrap=True))

NO_NOTES = "there is no note yet: zettel new A THOUGHT IN A FEW WORDS"

ARROWS = {"out": "→", "back": "←", "both": "↔", "self": "↺"}


def list_notes(notebook: OpenNotebook, wanted: Filter, nothing: str, among: str = ALL) -> Rows:
    """List the notes that match a filter, all or only those of `among` (see `zettel.adapters.catalogue.queries`)."""

    def load_records() -> list[NoteRecord]:
        return [notes.note_to_record(note) for note in notebook.catalogue.list_notes(wanted, among=among)]

    found = notebook.catalogue.list_note_summaries(wanted, among)
    rows = [{"id": note_id, "path": path, "title": title, "tags": tags} for note_id, path, title, tags in found]
    return Rows(name="notes", is_numbered=True, rows=rows, columns=NOTE_COLUMNS, load_json_rows=load_records, empty_message=nothing)


def quote_titles(several: Sequence[Note]) -> str:
    """Return the titles of notes as people read them in a sentence, or how many notes there are if there are more than two."""
    return " and ".join(f'"{note.title}"' for note in several) if len(several) < 3 else f"{len(several)} notes"


def format_note(note: Note, *before: StyledText) -> tuple[StyledText, ...]:
    """Format a note for a line of a tree: its ID and title, or title and path if it has no ID."""
    if note.id:
        return (*before, (note.id, "id"), (" ", ""), (note.title, "title"))
    return (*before, (note.title, "title"), (f"  {note.path}", "path"))


def format_plain_note(note: Note) -> tuple[StyledText, ...]:
    """Format a note for running text, with its title in normal weight."""
    return tuple((text, "" if style == "title" else style) for text, style in format_note(note))


def build_note_branch(
    note: Note, branches: tuple[Branch, ...] = (), *, before: tuple[StyledText, ...] = (), after: tuple[StyledText, ...] = ()
) -> Branch:
    """Build the branch that lists a note, under which its number in the list is remembered: its name, between `before` and `after`."""
    return Branch((*format_note(note, *before), *after), branches, (note.id, note.path))


MAX_TAGS = 8
"""Maximum number of tags that stand after a title."""


def format_details(note: Note) -> tuple[StyledText, ...]:
    """Format the day on which a note was created and its tags, to stand after its title."""
    more = f" and {len(note.tags) - MAX_TAGS} more" if len(note.tags) > MAX_TAGS else ""
    tags = ((" " + " ".join(f"#{tag}" for tag in note.tags[:MAX_TAGS]) + more, "tag"),) if note.tags else ()
    return ((f"  {note.created[:10]}", "dim"), *tags)


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


def link_to_row(resolved: ResolvedLink, other: Note | None, direction: str, distance: int, via: str) -> LinkRow:
    """Return a link as a row, seen from one of its notes: the other note, the direction, and the link itself."""
    title = other.title if other else resolved.link.label or resolved.link.dest
    return {
        "distance": distance,
        "direction": direction,
        "via": via,
        "id": other.id if other else None,
        "path": other.path if other else None,
        "title": title,
        **links.link_to_record(resolved),
    }
