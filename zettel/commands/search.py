"""Search the text of all notes, and show the sentence of each that matches best."""

from __future__ import annotations

from zettel.adapters.fulltext.stem import stem
from zettel.model.base.answer import Answer, Branch, Column, StyledText, Tree
from zettel.model.note.note import Note, note_to_record
from zettel.model.search.query import SearchQuery, Snippet, choose_snippet, parse_query
from zettel.model.text.inert import HYPHEN_STAND_IN, clip
from zettel.notebook.notebook import OpenNotebook
from zettel.notebook.search_index import preload
from zettel.services.filters import FilterOptions, build_filter
from zettel.services.search import _rank_query
from zettel.session import Session
from zettel.views.notes import format_note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import SearchRecord


COLUMNS = (
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Score", "score", "dim"),
    Column("Sentence", "sentence", "", may_wrap=True),
)


def run(session: Session, *, words: list[str], filters: FilterOptions) -> Answer:
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
        fit = notebook.catalogue.find_notes_by_path(order[:most])
    else:
        fit = {note.path: note for note in notebook.catalogue.list_notes(wanted.drop_limit(), scores)}
        order = list(fit) if wanted.sort else [path for path, _ in ranked if path in fit]
    hits = [(fit[path], scores[path], _find_snippet(notebook, fit[path], query)) for path in order[:most] if path in fit]
    if len(order) > most:
        remarks = (*remarks, f"{most} of {len(order)} results; --limit {len(order)} shows all")
    rows: list[SearchRecord] = [
        {**note_to_record(note), "score": round(score, 4), "sentence": found.text, "marks": [list(mark) for mark in found.marks]}
        for note, score, found in hits
    ]
    facts = {"query": query.text, "total": len(order)}
    nothing = f'no note matches "{clip(query.text, 80)}"'
    return Tree(
        name="results",
        rows=rows,
        columns=COLUMNS,
        facts=facts,
        branches=tuple(_build_branch(note, found) for note, _, found in hits),
        remarks=remarks,
        empty_message=nothing,
    )


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
