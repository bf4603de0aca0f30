"""What `related` and `suggest` share: the links that a note misses, each with its reasons."""

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
"""Notes at most, the likeliest, in which the names of a note are looked for."""


def suggestions(session: Session, note: Note, limit: int) -> list[Suggestion]:
    """The notes that `note` is not linked with but might well be, best first; none that is linked, dismissed or `note` itself."""
    return suggesting(session)(note, limit)


def suggesting(session: Session) -> Callable[[Note, int], list[Suggestion]]:
    """What gives the suggestions for one note after the other; what they have in common is looked up once."""
    notebook = session.notebook()
    names, pairs = notebook.names(), dismissed.read(notebook.root)

    def of(note: Note, limit: int) -> list[Suggestion]:
        without = {note.path, *_dismissed(notebook, note, pairs)}
        return notebook.ask_fulltext(lambda index: _found(notebook, index, note, names, without, limit), session.progress())

    return of


def between(session: Session, note: Note, other: Note) -> Suggestion | None:
    """The suggestion to link two notes, with its reasons and place; None if they are linked or have nothing in common."""
    notebook = session.notebook()
    names = notebook.names()
    return notebook.ask_fulltext(lambda index: _between(Clues(notebook, index, note, names), other), session.progress())


def _between(clues: Clues, other: Note) -> Suggestion | None:
    clues.look_into([other.path])
    evidence = clues.evidence()
    parts = evidence.scores(clues.linked).get(other.path)
    if not parts:
        return None
    explanation = Explanation(clues, evidence)
    return Suggestion(other, fsum(parts.values()), explanation.reasons(other, parts), explanation.place(other))


def loosest(session: Session, limit: int) -> Iterator[tuple[Note, list[Suggestion]]]:
    """Every note that has suggestions, with at most `limit` of them: isolated ones first, then orphans, then by number of links, newest first.

    Each note is looked at when it is asked for, so the first comes at once.
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
    """The notes that are not to be suggested to this one again."""
    handles = {handle for pair in pairs if note.handle in pair for handle in pair}
    return {other.path for handle in handles for other in notebook.by_handle(handle)}
