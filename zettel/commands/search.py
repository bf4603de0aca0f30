"""Search the text of all notes, and show the sentence of each that matches best."""

from __future__ import annotations

from zettel.adapters.stemming import stem
from zettel.commands.parts.shared import Filters, filter_of, note_line
from zettel.indexing import load
from zettel.model.answer import Answer, Branch, Column, Span
from zettel.model.note import Note, record
from zettel.model.searching import Question, Snippet, Term, ask, snippet
from zettel.model.text import MINUS, clipped
from zettel.notebook import Notebook
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.adapters.fulltext import FullText

COLUMNS = (
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Score", "score", "dim"),
    Column("Sentence", "sentence", "", may_wrap=True),
)
EXACT = 1000.0
"""Score of a note whose title or alias is the query, high enough to always rank first."""


def run(session: Session, *, words: list[str], **filters: Filters) -> Answer:
    """Return the notes that match `words`, best first.

    They have all of the words, corrected if no note has them as typed. If there are none, they have some of the words.
    """
    wanted = filter_of(session, filters)
    notebook = session.notebook(meanwhile=load)
    query, ranked, remarks = _found(
        session, ask(" ".join("-" + word[1:] if word[:1] == MINUS else word for word in words), session.today())
    )
    scores = dict(ranked)
    most = wanted.limit or int(str(session.setting("search.limit")))
    if wanted.without_limit().is_empty:  # without filters, only the notes that are shown are loaded
        order = [path for path, _ in ranked]
        fit = notebook.by_paths(order[:most])
    else:
        fit = {note.path: note for note in notebook.notes(wanted.without_limit(), scores)}
        order = list(fit) if wanted.sort else [path for path, _ in ranked if path in fit]
    hits = [(fit[path], scores[path], _snippet(notebook, fit[path], query)) for path in order[:most] if path in fit]
    if len(order) > most:
        remarks = (*remarks, f"{most} of {len(order)} results; --limit {len(order)} shows all")
    rows = [
        {**record(note), "score": round(score, 4), "sentence": found.text, "marks": [list(mark) for mark in found.marks]}
        for note, score, found in hits
    ]
    facts = {"query": query.text, "total": len(order)}
    nothing = f'no note matches "{clipped(query.text, 80)}"'
    return Answer(
        "results", rows, COLUMNS, facts=facts, tree=tuple(_branch(note, found) for note, _, found in hits), remarks=remarks, nothing=nothing
    )


def ranking(session: Session, words: str) -> list[tuple[Note, float]]:
    """Return (note, score) of the notes that match `words`, best first."""
    _, ranked, _ = _found(session, ask(words, session.today()))
    notes = session.notebook().by_paths(path for path, _ in ranked)
    return [(notes[path], score) for path, score in ranked if path in notes]


def found(session: Session, words: str) -> tuple[str, list[tuple[str, float]], tuple[str, ...]]:
    """Return the words searched for, which may be corrected, (path, score) of the notes that match, best first, and remarks."""
    original = ask(words, session.today())
    query, ranked, remarks = _found(session, original)
    return words if query == original else " ".join(term.typed for term in query.terms), ranked, remarks


def _found(session: Session, question: Question) -> tuple[Question, list[tuple[str, float]], tuple[str, ...]]:
    """Return the query as it was run, (path, score) of the notes that match, exact titles and aliases first, and remarks."""
    notebook = session.notebook()
    if not question.all_of and not question.none_of:
        return question, [], ("there is no word to search for",)
    question, ranked, remarks = notebook.ask_fulltext(lambda index: _ranked(index, question), session.progress())
    exact = [] if question.none_of else [note.path for note in notebook.titled(question.text.strip('"'))]
    scores = dict(ranked)
    first = [(path, EXACT + scores.get(path, 0.0)) for path in exact]
    return question, first + [found for found in ranked if found[0] not in exact], remarks


def _ranked(index: FullText, question: Question) -> tuple[Question, list[tuple[str, float]], tuple[str, ...]]:
    """Return the query as it was run, (path, score) of the notes that match, best first, and remarks.

    If no note matches, try again with corrected words, then with any of the words.
    """
    found = index.search(question)
    if found or not question.terms:
        return question, found, ()
    corrected, changes = _mended(index, question)
    remarks = tuple(
        f'no note has "{typed}": searched for "{instead}"' + (f" (or did you mean {others}?)" if others else "")
        for typed, instead, others in changes
    )
    found = index.search(corrected) if changes else []
    if not found:
        found = index.search(corrected, any_word=True)
        remarks += ("no note has all of the words: these have some of them",) if found and len(corrected.all_of) > 1 else ()
    return corrected, found, remarks


def _mended(index: FullText, question: Question) -> tuple[Question, list[tuple[str, str, str]]]:
    """Replace the words of the query that no note has by the most similar ones. Return the query, and (typed, replacement, alternatives) for each."""
    changes: list[tuple[str, str, str]] = []
    replacements: dict[Term, Term] = {}
    for term in index.unknown(question):
        if len(term.tokens) == 1 and not term.is_prefix and (near := index.nearest(term.tokens[0])):
            others = " or ".join(f'"{word}"' for word in near[1:])
            changes.append((term.typed, near[0], others))
            replacements[term] = term._replace(tokens=(near[0],), typed=near[0])
    all_of = tuple(
        tuple(replacements.get(wanted, wanted) if isinstance(wanted, Term) else wanted for wanted in either) for either in question.all_of
    )
    return question._replace(all_of=all_of), changes


def _snippet(notebook: Notebook, note: Note, question: Question) -> Snippet:
    stems = {stem(word) for term in question.terms if not term.is_prefix for word in term.tokens}
    firsts = {found[0] for found in stems}  # a word starts with the same letter as its stem, and stemming is slow
    starts = tuple(term.tokens[0] for term in question.terms if term.is_prefix)

    def hit(word: str) -> str | None:
        if word[0] in firsts and (found := stem(word)) in stems:
            return found
        return next((start for start in starts if word.startswith(start)), None) if starts else None

    return snippet(notebook.text(note.path), hit, len(stems) + len(starts))


def _branch(note: Note, found: Snippet) -> Branch:
    spans: list[Span] = []
    at = 0
    for start, end in found.marks:
        spans += [(found.text[at:start], ""), (found.text[start:end], "hit")]
        at = end
    spans.append((found.text[at:], ""))
    return Branch(note_line(note), (Branch(tuple(span for span in spans if span[0])),) if found.text else ())
