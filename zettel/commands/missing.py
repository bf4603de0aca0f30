"""What `related` and `suggest` share: the links that a note misses, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.adapters import dismissed
from zettel.model.missing import Reason, Suggestion
from zettel.model.note import Note
from zettel.model.places import sentences
from zettel.session import Session


def suggestions(session: Session, note: Note, limit: int) -> list[Suggestion]:
    """The notes that `note` is not linked with but might well be, best first; none that is linked, dismissed or `note` itself."""
    notebook = session.notebook()
    linked = set(notebook.neighbours(note.path))
    gone = dismissed.read(notebook.root)
    reading = notebook.reading(note.path)
    found: dict[str, Suggestion] = {}
    for place in notebook.names().mentions(note.path, reading):
        found.setdefault(
            place.target,
            Suggestion(
                notebook.by_paths([place.target])[place.target], 1.0, (Reason("mention", f'named here as "{place.words}"', 1.0),), place
            ),
        )
    ends = sentences(note.path, reading)
    for other in notebook.notes():
        if other.path != note.path and ends:
            found.setdefault(
                other.path, Suggestion(other, 0.1, (Reason("words", "words in common", 0.1),), ends[len(other.title) % len(ends)])
            )
    return [s for path, s in found.items() if path not in linked and dismissed.pair(note.handle, s.note.handle) not in gone][:limit]


def loosest(session: Session, limit: int) -> Iterator[tuple[Note, list[Suggestion]]]:
    """Every note that has suggestions, with at most `limit` of them: isolated ones first, then orphans, then by number of links, newest first.

    Each note is looked at when it is asked for, so the first comes at once.
    """
    for note in sorted(session.notebook().notes(), key=lambda note: note.links + note.backlinks):
        found = suggestions(session, note, limit)
        if found:
            yield note, found
