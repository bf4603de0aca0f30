"""Suggest links that a note lacks, each with its reasons and insertion point."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from math import fsum

from zettel.adapters import dismissed
from zettel.adapters.fulltext import FullTextIndex
from zettel.commands.parts.clues import EvidenceCollector
from zettel.commands.parts.explaining import Explainer
from zettel.model.errors import Unreadable
from zettel.model.exploring.mentions import NameIndex
from zettel.model.exploring.missing import Suggestion, rank_candidates
from zettel.model.note import Note
from zettel.model.query import Filter
from zettel.notebook import OpenNotebook
from zettel.session import Session

MAX_NOTES_SCANNED = 100
"""Maximum number of notes, the best candidates, that are searched for mentions of a note."""


def suggest_links(session: Session, note: Note, limit: int) -> list[Suggestion]:
    """Return suggestions of notes to link with `note`, best first. Notes that are linked or dismissed are left out."""
    return build_suggester(session)(note, limit)


def build_suggester(session: Session) -> Callable[[Note, int], list[Suggestion]]:
    """Return a function that suggests links for one note after another. What all notes share is looked up only once."""
    notebook = session.open_notebook()
    names, pairs = notebook.load_names(), dismissed.read_dismissed(notebook.root)

    def suggest(note: Note, limit: int) -> list[Suggestion]:
        excluded = {note.path, *_find_dismissed(notebook, note, pairs)}
        return notebook.query_fulltext(
            lambda index: _rank_suggestions(notebook, index, note, names, excluded, limit), session.choose_progress()
        )

    return suggest


def suggest_link_between(session: Session, note: Note, other: Note) -> Suggestion | None:
    """Return the suggestion to link two notes, or None if they are linked or have nothing in common."""
    notebook = session.open_notebook()
    names = notebook.load_names()
    return notebook.query_fulltext(
        lambda index: _suggest_link(EvidenceCollector(notebook, index, note, names), other), session.choose_progress()
    )


def _suggest_link(collector: EvidenceCollector, other: Note) -> Suggestion | None:
    collector.find_mentions_in([other.path])
    evidence = collector.build_evidence()
    scores = evidence.score_notes(collector.linked_paths).get(other.path)
    if not scores:
        return None
    explanation = Explainer(collector, evidence)
    return Suggestion(other, fsum(scores.values()), explanation.list_reasons(other, scores), explanation.choose_insertion_point(other))


def suggest_for_least_linked(session: Session, limit: int) -> Iterator[tuple[Note, list[Suggestion]]]:
    """Yield every note that has suggestions, with at most `limit` of them.

    Isolated notes come first, then orphans, then the others by number of links. Newer notes come first among equals. Suggestions are
    computed lazily, note by note. Notes that cannot be read are skipped.
    """
    notebook, suggestions_of = session.open_notebook(), build_suggester(session)
    isolated, orphans = set(notebook.list_orphans(isolated=True)), set(notebook.list_orphans())
    newest = notebook.list_notes(Filter(sort="created", descending=True))
    for note in sorted(newest, key=lambda note: (note.path not in isolated, note.path not in orphans, note.links + note.backlinks)):
        try:
            found = suggestions_of(note, limit)
        except Unreadable:
            continue
        if found:
            yield note, found


def _rank_suggestions(
    notebook: OpenNotebook, index: FullTextIndex, note: Note, names: NameIndex, excluded_paths: Collection[str], limit: int
) -> list[Suggestion]:
    clues = EvidenceCollector(notebook, index, note, names)
    excluded = {*excluded_paths, *clues.linked_paths}
    clues.find_mentions_in([path for path, _ in rank_candidates(clues.build_evidence().score_notes(excluded), MAX_NOTES_SCANNED)])
    evidence = clues.build_evidence()
    scores = evidence.score_notes(excluded)
    ranked = rank_candidates(scores, limit)
    others = notebook.find_notes_by_path(path for path, _ in ranked)
    explanation = Explainer(clues, evidence)
    return [
        Suggestion(
            others[path], score, explanation.list_reasons(others[path], scores[path]), explanation.choose_insertion_point(others[path])
        )
        for path, score in ranked
        if path in others
    ]


def _find_dismissed(notebook: OpenNotebook, note: Note, pairs: Iterable[dismissed.DismissedPair]) -> set[str]:
    """Return the paths of the notes whose suggestion for `note` was dismissed."""
    handles = {handle for pair in pairs if note.handle in pair for handle in pair}
    return {other.path for handle in handles for other in notebook.find_notes_by_handle(handle)}
