"""A note: one Markdown file."""

from __future__ import annotations

from zettel.model.base.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import NoteRecord, NoteSummary


@value
class Note:
    """A note as the catalogue stores it.

    `path` is relative to the notebook, with `/`, spelled as on disk. `created` and `modified` are local times as
    `YYYY-MM-DDTHH:MM[:SS]`. `words` counts the words of the body. `links` and `backlinks` count every occurrence of a link
    that resolves to another note. `original` is the path of the note that this one is a copy of, made by a sync program
    (see `zettel.model.note.sync_copy`), and empty for every other note. A copy has no ID, since its ID names the original.
    """

    path: str
    id: str | None
    title: str
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    created: str
    modified: str
    words: int
    links: int
    backlinks: int
    original: str = ""

    @property
    def name(self) -> str:
        """The note's name in messages: ID and title, or title and path if it has no ID."""
        return f"{self.id} {self.title}" if self.id else f"{self.title} ({self.path})"

    @property
    def handle(self) -> str:
        """The name of the note for a command line: its ID, else its path."""
        return self.id or self.path


def summarise_note(note: Note) -> NoteSummary:
    """Return the ID, path and title of a note, for JSON that needs no more."""
    return {"id": note.id, "path": note.path, "title": note.title}


def note_to_record(note: Note) -> NoteRecord:
    """Return the note as its JSON object."""
    record: NoteRecord = {
        "id": note.id,
        "path": note.path,
        "title": note.title,
        "aliases": list(note.aliases),
        "tags": list(note.tags),
        "created": note.created,
        "modified": note.modified,
        "words": note.words,
        "links": note.links,
        "backlinks": note.backlinks,
    }
    if note.original:
        record["copy_of"] = note.original
    return record
