"""Suggest links that a note lacks, each with its reasons and insertion point."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from math import fsum

from zettel.adapters import dismissed
from zettel.adapters.fulltext import FullText
from zettel.commands.parts.clues import Clues
from zettel.commands.parts.explaining import Explanation
from zettel.model.errors import Unreadable
from zettel.model.exploring.mentions import Names
from zettel.model.exploring.missing import Suggestion, best
from zettel.model.note import Note
from zettel.model.query import Filter
from zettel.notebook import Notebook
from zettel.session import Session

LOOKED_INTO = 100
"""Maximum number of notes, the best candidates, that are searched for mentions of a note."""


def suggestions(session: Session, note: Note, limit: int) -> list[Suggestion]:
    """Return suggestions of notes to link with `note`, best first. Notes that are linked or dismissed are left out."""
    return suggesting(session)(note, limit)


def suggesting(session: Session) -> Callable[[Note, int], list[Suggestion]]:
    """Return a function that suggests links for one note after another. What all notes share is looked up only once."""
    notebook = session.notebook()
    names, pairs = notebook.names(), dismissed.read(notebook.root)

    def of(note: Note, limit: int) -> list[Suggestion]:
        excluded = {note.path, *_dismissed(notebook, note, pairs)}
        return notebook.ask_fulltext(lambda index: _found(notebook, index, note, names, excluded, limit), session.progress())

    return of


def between(session: Session, note: Note, other: Note) -> Suggestion | None:
    """Return the suggestion to link two notes, or None if they are linked or have nothing in common."""
    notebook = session.notebook()
    names = notebook.names()
    return notebook.ask_fulltext(lambda index: _between(Clues(notebook, index, note, names), other), session.progress())


def _between(clues: Clues, other: Note) -> Suggestion | None:
    clues.look_into([other.path])
    evidence = clues.evidence()
    scores = evidence.scores(clues.linked).get(other.path)
    if not scores:
        return None
    explanation = Explanation(clues, evidence)
    return Suggestion(other, fsum(scores.values()), explanation.reasons(other, scores), explanation.place(other))


def loosest(session: Session, limit: int) -> Iterator[tuple[Note, list[Suggestion]]]:
    """Yield every note that has suggestions, with at most `limit` of them.

    Isolated notes come first, then orphans, then the others by number of links. Newer notes come first among equals. Suggestions are
    computed lazily, note by note. Notes that cannot be read are skipped.
    """
    notebook, suggestions_of = session.notebook(), suggesting(session)
    isolated, orphans = set(notebook.orphans(isolated=True)), set(notebook.orphans())
    newest = notebook.notes(Filter(sort="created", descending=True))
    for note in sorted(newest, key=lambda note: (note.path not in isolated, note.path not in orphans, note.links + note.backlinks)):
        try:
            found = suggestions_of(note, limit)
        except Unreadable:
            continue
        if found:
            yield note, found


def _found(notebook: Notebook, index: FullText, note: Note, names: Names, without: Collection[str], limit: int) -> list[Suggestion]:
    clues = Clues(notebook, index, note, names)
    excluded = {*without, *clues.linked}
    clues.look_into([path for path, _ in best(clues.evidence().scores(excluded), LOOKED_INTO)])
    evidence = clues.evidence()
    scores = evidence.scores(excluded)
    ranked = best(scores, limit)
    others = notebook.by_paths(path for path, _ in ranked)
    explanation = Explanation(clues, evidence)
    return [
        Suggestion(others[path], score, explanation.reasons(others[path], scores[path]), explanation.place(others[path]))
        for path, score in ranked
        if path in others
    ]


def _dismissed(notebook: Notebook, note: Note, pairs: Iterable[dismissed.Pair]) -> set[str]:
    """Return the paths of the notes whose suggestion for `note` was dismissed."""
    handles = {handle for pair in pairs if note.handle in pair for handle in pair}
    return {other.path for handle in handles for other in notebook.by_handle(handle)}
