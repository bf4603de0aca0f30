"""Rank the notes that a search finds, and correct words that no note has."""

from __future__ import annotations

from zettel.model.note.note import Note
from zettel.model.search.query import SearchQuery, TextTerm, parse_query
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.adapters.fulltext.index import FullTextIndex


EXACT_SCORE = 1000.0
"""Score of a note whose title or alias is the query, high enough to always rank first."""


def rank_notes(session: Session, words: str) -> list[tuple[Note, float]]:
    """Return (note, score) of the notes that match `words`, best first."""
    _, ranked, _ = _rank_query(session, parse_query(words, session.today()))
    notes = session.open_notebook().catalogue.find_notes_by_path(path for path, _ in ranked)
    return [(notes[path], score) for path, score in ranked if path in notes]


def rank_paths(session: Session, words: str) -> tuple[str, list[tuple[str, float]], tuple[str, ...]]:
    """Return the words searched for, which may be corrected, (path, score) of the notes that match, best first, and remarks."""
    original = parse_query(words, session.today())
    query, ranked, remarks = _rank_query(session, original)
    return words if query == original else " ".join(term.typed for term in query.text_terms), ranked, remarks


def _rank_query(session: Session, query: SearchQuery) -> tuple[SearchQuery, list[tuple[str, float]], tuple[str, ...]]:
    """Return the query as it was run, (path, score) of the notes that match, exact titles and aliases first, and remarks."""
    notebook = session.open_notebook()
    if not query.all_of and not query.none_of:
        return query, [], ("there is no word to search for",)
    query, ranked, remarks = notebook.query_fulltext(lambda index: _query_index(index, query), session.console.choose_progress())
    exact = [] if query.none_of else [note.path for note in notebook.catalogue.find_notes_by_title(query.text.strip('"'))]
    scores = dict(ranked)
    first = [(path, EXACT_SCORE + scores.get(path, 0.0)) for path in exact]
    return query, first + [found for found in ranked if found[0] not in exact], remarks


def _query_index(index: FullTextIndex, query: SearchQuery) -> tuple[SearchQuery, list[tuple[str, float]], tuple[str, ...]]:
    """Return the query as it was run, (path, score) of the notes that match, best first, and remarks.

    If no note matches, try again with corrected words, then with any of the words.
    """
    found = index.search(query)
    if found or not query.text_terms:
        return query, found, ()
    corrected, changes = _correct_query(index, query)
    remarks = tuple(
        f'no note has "{typed}": searched for "{instead}"' + (f" (or did you mean {others}?)" if others else "")
        for typed, instead, others in changes
    )
    found = index.search(corrected) if changes else []
    if not found:
        found = index.search(corrected, any_word=True)
        remarks += ("no note has all of the words: these have some of them",) if found and len(corrected.all_of) > 1 else ()
    return corrected, found, remarks


def _correct_query(index: FullTextIndex, query: SearchQuery) -> tuple[SearchQuery, list[tuple[str, str, str]]]:
    """Replace the words of the query that no note has by the most similar ones. Return the query, and (typed, replacement, alternatives) for each."""
    changes: list[tuple[str, str, str]] = []
    replacements: dict[TextTerm, TextTerm] = {}
    for term in index.find_unknown_terms(query):
        if len(term.tokens) == 1 and not term.is_prefix and (near := index.find_similar_words(term.tokens[0])):
            others = " or ".join(f'"{word}"' for word in near[1:])
            changes.append((term.typed, near[0], others))
            replacements[term] = term._replace(tokens=(near[0],), typed=near[0])
    all_of = tuple(
        tuple(replacements.get(wanted, wanted) if isinstance(wanted, TextTerm) else wanted for wanted in either) for either in query.all_of
    )
    return query._replace(all_of=all_of), changes
