"""Show notes and links as rows and lines."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.adapters.catalogue.queries import ALL
from zettel.model.base.answer import HIDDEN_STYLE, Branch, Column, Rows, StyledText
from zettel.model.note import note as notes
from zettel.model.note.note import Note
from zettel.model.search.filter import Filter
from zettel.notebook.notebook import OpenNotebook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import LinkRow, NoteRecord, NoteSummary
    from zettel.model.link.link import ResolvedLink

NOTE_COLUMNS = (Column("ID", "id", "id"), Column("Title", "title", may_wrap=True), Column("Tags", "tags", "tag", may_wrap=True))

COLUMN_BY_SORT = {
    "created": Column("Created", "sorted_by", "dim"),
    "modified": Column("Modified", "sorted_by", "dim"),
    "words": Column("Words", "sorted_by", "number"),
    "links": Column("Links", "sorted_by", "number"),
    "backlinks": Column("Backlinks", "sorted_by", "number"),
}
"""The column that shows people what notes are sorted by, if none of the others does."""

NO_NOTES = "there is no note yet: zettel new A THOUGHT IN A FEW WORDS"

MAX_TAGS = 8
"""Maximum number of tags that stand after a title."""

ARROWS = {"out": "→", "back": "←", "both": "↔", "self": "↺"}


def list_notes(notebook: OpenNotebook, wanted: Filter, nothing: str, among: str = ALL) -> Rows:
    """List the notes that match a filter, all or only those of `among` (see `zettel.adapters.catalogue.queries`)."""

    def load_records() -> list[NoteRecord]:
        return [notes.note_to_record(note) for note in notebook.catalogue.list_notes(wanted, among=among)]

    found = notebook.catalogue.list_note_summaries(wanted, among)
    rows = [{"id": note_id, "path": path, "title": title, "tags": tags, "sorted_by": by} for note_id, path, title, tags, by in found]
    by = COLUMN_BY_SORT.get(wanted.sort)
    if by and by.style == "dim":  # a time, of which the day says enough
        rows = [{**row, "sorted_by": str(row["sorted_by"])[:10]} for row in rows]
    return Rows(
        name="notes",
        is_numbered=True,
        rows=rows,
        columns=NOTE_COLUMNS,
        people_columns=(*NOTE_COLUMNS[:2], by, NOTE_COLUMNS[2]) if by else (),
        load_json_rows=load_records,
        empty_message=nothing,
    )


def quote_titles(several: Sequence[Note]) -> str:
    """Return the titles of notes as people read them in a sentence, or how many notes there are if there are more than two."""
    return " and ".join(f'"{note.title}"' for note in several) if len(several) < 3 else f"{len(several)} notes"


def format_note(note: Note, *before: StyledText) -> tuple[StyledText, ...]:
    """Format a note for a line of a tree: its ID and title, or title and path if it has no ID."""
    if note.id:
        return (*before, (note.id, "id"), (" ", ""), (note.title, "title"))
    return (*before, (note.title, "title"), (f"  {note.path}", "path"))


def build_changed_branch(verb: str, note: NoteSummary) -> Branch:
    """Say on a line for people what a command did to a note: "new 202405031200 Trust"."""
    name: tuple[StyledText, ...] = ((note["title"], "title"), (f"  {note['path']}", "path"))
    return Branch(((f"{verb} ", "dim"), *(((note["id"], "id"), (" ", ""), name[0]) if note["id"] else name)))


def format_plain_note(note: Note) -> tuple[StyledText, ...]:
    """Format a note for running text, with its title in normal weight."""
    return weaken_title(format_note(note))


def weaken_title(line: tuple[StyledText, ...]) -> tuple[StyledText, ...]:
    """Return a line with its title in normal weight, for lists in which no title stands out."""
    return tuple((text, "" if style == "title" else style) for text, style in line)


def build_note_branch(
    note: Note, branches: tuple[Branch, ...] = (), *, before: tuple[StyledText, ...] = (), after: tuple[StyledText, ...] = ()
) -> Branch:
    """Build the branch that lists a note, under which its number in the list is remembered: its name, between `before` and `after`."""
    return Branch((*format_note(note, *before), *after), branches, (note.id, note.path))


def build_offer_branch(note: Note, other: Note | None = None) -> Branch:
    """Return a line that says what to type to link a note with another, or to look for a link if no other is known."""
    from zettel.model.text.shell_argument import quote_path

    command = f"zettel suggest {quote_path(note.handle)}" + (f" --apply {quote_path(other.handle)}" if other else "")
    return Branch((("to link them: " if other else "to look for a link: ", "dim"), (command, "typed")))


def format_details(note: Note) -> tuple[StyledText, ...]:
    """Format the day on which a note was created and its tags, to stand after its title."""
    more = f" and {len(note.tags) - MAX_TAGS} more" if len(note.tags) > MAX_TAGS else ""
    tags = " ".join(f"#{tag}" for tag in note.tags[:MAX_TAGS])
    spans: tuple[StyledText, ...] = ((f"  {note.created[:10]}", "dim"), (f" {tags}" if tags else "", "tag"), (more, "dim"))
    return tuple(span for span in spans if span[0])


def format_context(resolved: ResolvedLink, source_title: str, arrow: str = "") -> tuple[StyledText, ...]:
    """Format a link's context: its sentence with the link marked, and behind it the headings above, except the note's own title."""
    link = resolved.link
    spans: list[StyledText] = [(arrow + " ", "arrow")] if arrow else []
    spans += format_sentence(link.sentence, link.mark) if link.sentence else [(f"line {link.line}: {link.text}", "dim")]
    return (*spans, *format_place(link.headings, source_title))


def format_place(headings: tuple[str, ...], source_title: str) -> tuple[StyledText, ...]:
    """Format the headings above a sentence, except the note's own title, to stand behind it."""
    above = [heading for heading in headings if heading != source_title]
    return ((f"  — {' › '.join(above)}", "dim"),) if above else ()


def format_sentence(sentence: str, mark: tuple[int, int], style: str = "link") -> list[StyledText]:
    """Format a sentence with the words at `mark` in a style. The ID before the words of a link is left out on a terminal."""
    from zettel.model.text.ids import is_id

    start, end = mark
    words = sentence[start:end]
    number, blank, rest = words.partition(" ")
    has_id = style == "link" and bool(rest.strip()) and is_id(number.lstrip("§"))
    marked = [(number + blank, HIDDEN_STYLE), (rest, style)] if has_id else [(words, style)]
    return [span for span in [(sentence[:start], ""), *marked, (sentence[end:], "")] if span[0]]


def format_unresolved_link(resolved: ResolvedLink) -> tuple[StyledText, ...]:
    """Format a link that leads to no single note: its target and label, and why it is unresolved."""
    from zettel.model.link.link import AMBIGUOUS, DANGLING, EXTERNAL

    link, status = resolved.link, resolved.resolution.status
    name = " ".join(part for part in (link.dest, link.label) if part)
    why = {
        DANGLING: "dangling: no such note yet",
        AMBIGUOUS: "ambiguous: several notes match",
        EXTERNAL: "leads out of the notebook",
    }
    return ((ARROWS["out"] + " ", "arrow"), (name, "link" if status == EXTERNAL else "warning"), (f"  ({why[status]})", "dim"))


def link_to_row(resolved: ResolvedLink, other: Note | None, direction: str, distance: int, via: str) -> LinkRow:
    """Return a link as a row, seen from one of its notes: the other note, the direction, and the link itself."""
    from zettel.model.link.link import link_to_record

    title = other.title if other else resolved.link.label or resolved.link.dest
    return {
        "distance": distance,
        "direction": direction,
        "via": via,
        "id": other.id if other else None,
        "path": other.path if other else None,
        "title": title,
        **link_to_record(resolved),
    }
