"""A note: one Markdown file of a notebook."""

from __future__ import annotations

from zettel.model.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.mending import Mend


@value
class Note:
    """What zettel remembers of one note.

    `path` is relative to the notebook, with `/`, as on disk; `created` and `modified` are local times
    as `YYYY-MM-DDTHH:MM[:SS]`; `words` counts the words of the body; `links` and `backlinks` count
    links that resolve to other notes, by place.
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

    @property
    def name(self) -> str:
        """How the note is named in a line: ID and title, or title and path where it has no ID."""
        return f"{self.id} {self.title}" if self.id else f"{self.title} ({self.path})"

    @property
    def handle(self) -> str:
        """What names the note on a command line: its ID, else its path."""
        return self.id or self.path


@value
class Problem:
    """Something wrong with one note: `code` is that of a check (see `zettel.model.check`), `message` is for people.

    `line` and `col` (in characters) count from 1; what concerns a note as a whole stands at its beginning. `hint` is what to
    do, where more can be said than its check says, and `mend` what `check --fix` does.
    """

    path: str
    code: str
    message: str
    line: int = 1
    col: int = 1
    hint: str = ""
    mend: Mend | None = None


def record(note: Note) -> dict[str, object]:
    """The note as JSON shows it."""
    return {
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
