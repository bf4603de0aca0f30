"""Search the text of all notes, and show the sentence of each that matches best."""

from __future__ import annotations

from zettel.adapters.stemming import stem
from zettel.commands.parts.shared import FilterValue, build_filter, format_note
from zettel.indexing import preload
from zettel.model.answer import Answer, Branch, Column, StyledText
from zettel.model.note import Note, note_to_record
from zettel.model.searching import SearchQuery, Snippet, TextTerm, choose_snippet, parse_query
from zettel.model.text import HYPHEN_STAND_IN, clip
from zettel.notebook import OpenNotebook
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.adapters.fulltext import FullTextIndex

COLUMNS = (
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Score", "score", "dim"),
    Column("Sentence", "sentence", "", may_wrap=True),
)
EXACT_SCORE = 1000.0
"""Score of a note whose title or alias is the query, high enough to always rank first."""


def run(session: Session, *, words: list[str], **filters: FilterValue) -> Answer:
    """Return the notes that match `words`, best first.

    They have all of the words, corrected if no note has them as typed. If there are none, they have some of the words.
    """
    wanted = build_filter(session, filters)
    notebook = session.open_notebook(meanwhile=preload)
    query, ranked, remarks = _rank_query(
        session, parse_query(" ".join("-" + word[1:] if word[:1] == HYPHEN_STAND_IN else word for word in words), session.today())
    )
    scores = dict(ranked)
    most = wanted.limit or int(str(session.get_setting("search.limit")))
    if wanted.drop_limit().is_empty:  # without filters, only the notes that are shown are loaded
        order = [path for path, _ in ranked]
        fit = notebook.find_notes_by_path(order[:most])
    else:
        fit = {note.path: note for note in notebook.list_notes(wanted.drop_limit(), scores)}
        order = list(fit) if wanted.sort else [path for path, _ in ranked if path in fit]
    hits = [(fit[path], scores[path], _find_snippet(notebook, fit[path], query)) for path in order[:most] if path in fit]
    if len(order) > most:
        remarks = (*remarks, f"{most} of {len(order)} results; --limit {len(order)} shows all")
    rows = [
        {**note_to_record(note), "score": round(score, 4), "sentence": found.text, "marks": [list(mark) for mark in found.marks]}
        for note, score, found in hits
    ]
    facts = {"query": query.text, "total": len(order)}
    nothing = f'no note matches "{clip(query.text, 80)}"'
    return Answer(
        "results",
        rows,
        COLUMNS,
        facts=facts,
        tree=tuple(_build_branch(note, found) for note, _, found in hits),
        remarks=remarks,
        empty_message=nothing,
    )


def rank_notes(session: Session, words: str) -> list[tuple[Note, float]]:
    """Return (note, score) of the notes that match `words`, best first."""
    _, ranked, _ = _rank_query(session, parse_query(words, session.today()))
    notes = session.open_notebook().find_notes_by_path(path for path, _ in ranked)
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
    query, ranked, remarks = notebook.query_fulltext(lambda index: _query_index(index, query), session.choose_progress())
    exact = [] if query.none_of else [note.path for note in notebook.find_notes_by_title(query.text.strip('"'))]
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


def _find_snippet(notebook: OpenNotebook, note: Note, query: SearchQuery) -> Snippet:
    stems = {stem(word) for term in query.text_terms if not term.is_prefix for word in term.tokens}
    firsts = {found[0] for found in stems}  # a word starts with the same letter as its stem, and stemming is slow
    starts = tuple(term.tokens[0] for term in query.text_terms if term.is_prefix)

    def match_word(word: str) -> str | None:
        if word[0] in firsts and (found := stem(word)) in stems:
            return found
        return next((start for start in starts if word.startswith(start)), None) if starts else None

    return choose_snippet(notebook.read_plain_text(note.path), match_word, len(stems) + len(starts))


def _build_branch(note: Note, found: Snippet) -> Branch:
    spans: list[StyledText] = []
    at = 0
    for start, end in found.marks:
        spans += [(found.text[at:start], ""), (found.text[start:end], "hit")]
        at = end
    spans.append((found.text[at:], ""))
    return Branch(format_note(note), (Branch(tuple(span for span in spans if span[0])),) if found.text else ())
