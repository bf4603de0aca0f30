"""Record which notes were reviewed, and choose surprising pairs of notes to review together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from zettel.adapters.fulltext.index import FullTextIndex
from zettel.adapters.fulltext.stem import stem
from zettel.adapters.zettel_dir import lists
from zettel.model.base.answer import Answer, Document
from zettel.model.base.errors import Unreadable
from zettel.model.edit.changes import Changes
from zettel.model.graph.paths import count_hops
from zettel.model.note.note import Note, summarise_note
from zettel.model.note.passage import collapse_whitespace
from zettel.model.note.questions import OpenQuestion
from zettel.model.note.tags import is_unsorted_tag
from zettel.model.review.schedule import (
    DUE,
    NEVER_REVIEWED,
    OCCASION_LIMITS,
    SURPRISE,
    ReviewCandidates,
    ReviewItem,
    ReviewState,
    choose_items,
    find_due_date,
    mark_reviewed,
    postpone,
)
from zettel.model.review.surprise import SurprisingPair, draw_notes, find_surprising_pairs
from zettel.model.suggest.shared_words import SharedWord, are_enough
from zettel.model.suggest.similarity import (
    build_term_bag,
    choose_query_terms,
    keep_top_with_ties,
    score_self_similarity,
    score_similarities,
)
from zettel.model.text.inert import clip, escape_unsafe
from zettel.model.text.prose import OPAQUE, blank_links, find_sentence_starts
from zettel.model.text.stopwords import STOP_WORDS
from zettel.notebook.notebook import OpenNotebook
from zettel.services.shared_words import SharedWordFinder, count_title_words, describe_shared_words, list_own_words
from zettel.session import Session
from zettel.views.notes import quote_titles
from zettel.views.review import MAX_SENTENCE_LENGTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import ReviewedRecord


def record_reviews(
    session: Session,
    reviewed_notes: Sequence[Note],
    postponed_notes: Sequence[Note] = (),
    days: int = 1,
    links: Changes | None = None,
    links_summary: str = "",
) -> tuple[list[date], list[date]]:
    """Record in one change that notes were reviewed today, and postpone others by `days`. Returns the days on which they are due again.

    Makes the changes `links`, which `links_summary` describes, in the same step. Raises `Refused` and `Unreadable`.
    """
    notebook, today = session.open_notebook(), session.today()
    until = today + timedelta(days=days)
    due: tuple[list[date], list[date]] = [], []
    with notebook.lock():
        known = lists.read_reviews(notebook.root)
        states: dict[str, ReviewState] = {}
        for note in reviewed_notes:
            states[note.handle] = mark_reviewed(known.get(note.handle, NEVER_REVIEWED), today)
            due[0].append(find_due_date(note, states[note.handle]) or today)
        for note in postponed_notes:
            states[note.handle] = postpone(states.get(note.handle) or known.get(note.handle, NEVER_REVIEWED), until)
            due[1].append(find_due_date(note, states[note.handle]) or until)
        reviews = lists.plan_reviews(notebook.root, states)
        done = [links_summary, _describe_reviews(reviewed_notes), _describe_postponed(postponed_notes, until)]
        changes = Changes((*(links.edits if links else ()), *reviews.edits), links.moves if links else ())
        notebook.carry_out(changes, ", and ".join(filter(None, done)))
    return due


def _describe_reviews(notes: Sequence[Note]) -> str:
    return f"mark {quote_titles(notes)} as reviewed" if notes else ""


def _describe_postponed(notes: Sequence[Note], until: date) -> str:
    return f"review {quote_titles(notes)} not before {until}" if notes else ""


def mark_notes(session: Session, reviewed_notes: Sequence[Note], postponed_notes: Sequence[Note]) -> Answer:
    """Store that notes were reviewed today, and postpone others until tomorrow."""
    due = record_reviews(session, reviewed_notes, postponed_notes)
    facts: dict[str, list[ReviewedRecord]] = {"done": [], "later": []}
    lines = []
    for key, notes, days in zip(("done", "later"), (reviewed_notes, postponed_notes), due, strict=True):
        for note, day in zip(notes, days, strict=True):
            facts[key].append({**summarise_note(note), "next": str(day)})
            lines.append(f"{escape_unsafe(note.name)}: due again on {day}\n")
    return Document(facts=facts, text="".join(lines))


MIN_WORDS = 4
"""How many words outside links a block needs for its first sentence to be shown."""


def list_review_items(session: Session, occasion: str) -> list[ReviewItem]:
    """Return the items to review, the pairs of similar notes last."""
    notebook, today = session.open_notebook(), session.today()
    notes = notebook.catalogue.list_notes()
    questions: dict[str, list[OpenQuestion]] = {}
    unsorted = notebook.list_unsorted_tags()
    is_unsorted = {note.path: any(is_unsorted_tag(tag, unsorted) for tag in note.tags) for note in notes}
    for path, question in notebook.catalogue.list_questions():
        if is_unsorted[path] or not question.needs_unsorted_tag:
            questions.setdefault(path, []).append(question)
    review_dates = {path: date.fromisoformat(day) for path, day in notebook.catalogue.list_review_dates()}
    found = ReviewCandidates(notes, questions, review_dates, set(notebook.catalogue.list_orphans()))
    items = choose_items(found, lists.read_reviews(notebook.root), occasion, today)
    items = [item._replace(sentence=_find_first_sentence(notebook, item.note)) if item.kind == DUE else item for item in items]
    return [*items, *choose_surprises(session, notes, today, OCCASION_LIMITS[occasion][SURPRISE])]


def _find_first_sentence(notebook: OpenNotebook, note: Note) -> str:
    """Return the first sentence of a note's prose, or an empty string if it has none or cannot be read."""
    try:
        passages = notebook.parse_file(note.path).passages
    except Unreadable:
        return ""
    prose = (passage for passage in passages if not passage.level and not passage.is_cell)
    text = next((passage.text for passage in prose if len(blank_links(passage.prose).replace(OPAQUE, "").split()) >= MIN_WORDS), "")
    starts = [*find_sentence_starts(text), len(text)]
    return clip(collapse_whitespace(text[: starts[1]]), MAX_SENTENCE_LENGTH)


DRAWN_PER_PAIR, LARGE_NOTEBOOK = 8, 3000
"""Notes drawn for each pair, and the notebook size from which only half as many are drawn, as each is compared with all others."""

MAX_STEMS, MAX_SIMILAR_NOTES = 30, 50
"""Stems of a note that are used to compare it with others, and most similar notes that are considered."""


def choose_surprises(session: Session, notes: Sequence[Note], day: date, limit: int) -> list[ReviewItem]:
    """Choose at most `limit` pairs of notes that are similar but far apart, no note twice. The choice stays the same for all of `day`."""
    chosen = draw_notes(notes, day, limit * DRAWN_PER_PAIR // (1 + (len(notes) > LARGE_NOTEBOOK)))
    if len(notes) < 2 or not chosen:
        return []
    notebook = session.open_notebook()
    return notebook.query_fulltext(
        lambda index: list(_PairFinder(notebook, index, notes).find(chosen, limit)), session.console.choose_progress()
    )


class _PairFinder:
    """Finds pairs with the full-text index and the link graph."""

    def __init__(self, notebook: OpenNotebook, index: FullTextIndex, notes: Sequence[Note]) -> None:
        self._notebook, self._index = notebook, index.read_term_stats()
        self._graph = notebook.catalogue.load_graph()
        self._by_path = {note.path: note for note in notes}
        self._dismissed = lists.read_dismissed(notebook.root)

    def find(self, chosen: Sequence[Note], limit: int) -> Iterator[ReviewItem]:
        """Yield the pairs of `chosen` notes with others, the most surprising first."""
        pairs = [pair for note in chosen for pair in self._find_pairs(note)]
        used: set[str] = set()
        for _, note, other, why in sorted(pairs, key=lambda pair: (pair[0], pair[1].handle, pair[1].path, pair[2].path)):
            if len(used) < 2 * limit and used.isdisjoint((note.path, other.path)):
                used |= {note.path, other.path}
                yield ReviewItem(SURPRISE, note, why, other=other)

    def _find_pairs(self, note: Note) -> Iterator[tuple[float, Note, Note, str]]:
        """Yield the pairs of one note as (negative surprise, note, other note, reason), so that the best one sorts first."""
        statistics, number = self._index.weights, self._index.find_number(note.path)
        try:
            parsed = self._notebook.parse_file(note.path)
        except Unreadable:
            return
        own = build_term_bag((note.title, *note.aliases), parsed.text, stem)
        query = {
            word_stem: weight
            for word_stem, weight in choose_query_terms(own, statistics, MAX_STEMS).items()
            if own.spellings[word_stem] not in STOP_WORDS
        }
        scores = keep_top_with_ties(score_similarities(query, statistics), MAX_SIMILAR_NOTES)
        self_similarity = score_self_similarity(own, statistics, number) if number is not None else 0.0
        if not self_similarity:
            return
        paths = self._index.find_paths(scores)
        others = {number: path for number, path in paths.items() if path in self._by_path and self._is_candidate(note, path)}
        rows = self._notebook.catalogue.find_rows([note.path, *others.values()])
        start, *ends = self._graph.find_numbers(rows)
        numbers = dict(zip(ends, others, strict=True))
        similarities = {end: scores[number] / self_similarity for end, number in numbers.items()}
        hops = count_hops(self._graph, frozenset([start]))
        finder = SharedWordFinder(self._index, number, note, parsed, query, list_own_words(note, parsed))
        for pair in find_surprising_pairs(start, similarities, hops):
            other = self._by_path[others[numbers[pair.other]]]
            words = finder.find(numbers[pair.other])
            if are_enough(words, count_title_words(note), count_title_words(other)):
                yield -round(pair.surprise, 9), note, other, _describe_pair(words, pair)

    def _is_candidate(self, note: Note, path: str) -> bool:
        other = self._by_path[path]
        return path != note.path and other.title != note.title and lists.sort_pair(note.handle, other.handle) not in self._dismissed


def _describe_pair(words: list[SharedWord], pair: SurprisingPair) -> str:
    apart = f"{pair.hops} links apart" if pair.hops else "no path between them"
    return f"{describe_shared_words(words)}; {apart}"
