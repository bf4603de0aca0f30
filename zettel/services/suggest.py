"""Suggest the links that a note lacks: score the evidence, give reasons, and choose where each link would go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import fsum

from zettel.adapters.fulltext.index import FullTextIndex
from zettel.adapters.fulltext.stem import stem
from zettel.adapters.zettel_dir import lists
from zettel.model.base.errors import Unreadable
from zettel.model.note.note import Note
from zettel.model.search.filter import Filter
from zettel.model.search.snippet import Clue, choose_snippet
from zettel.model.suggest.insertion_points import InsertionPoint, SentenceEnd, find_note_end, list_sentence_ends
from zettel.model.suggest.restatement import hide_titles, select_restatements, show_titles
from zettel.model.suggest.score import (
    DIRECT_TIES,
    LinkEvidence,
    Reason,
    Suggestion,
    choose_sentence,
    describe_tie,
    rank_candidates,
)
from zettel.model.suggest.shared_words import SharedWord, are_enough
from zettel.model.text.phrases import join_names
from zettel.notebook.notebook import OpenNotebook
from zettel.services.link_evidence import EvidenceCollector, find_subject_stems
from zettel.services.shared_words import count_title_words, describe_shared_words
from zettel.session import Session
from zettel.views.notes import quote_titles

WEAK_REASONS = {"same-day": "written on the same day", "same-folder": "in the same folder"}
"""Texts of reasons that are never sufficient by themselves."""


class Explainer:
    """The reasons and insertion points of the links that a note lacks."""

    def __init__(self, collector: EvidenceCollector, evidence: LinkEvidence) -> None:
        self._collector, self._evidence = collector, evidence
        self._sentences: list[tuple[SentenceEnd, set[str]]] | None = None
        self._telling: dict[str, list[SharedWord]] = {}
        self._restatements = select_restatements(evidence.restatements, collector.linked_paths)
        self._quotes: dict[str, str] = {}

    def has_sufficient_reason(self, other: Note, scores: Mapping[str, float]) -> bool:
        """Return whether a person would accept one of the reasons for a link. `scores` holds the score of each kind of reason."""
        return any(self._is_sufficient(other, kind) for kind in scores)

    def list_reasons(self, other: Note, scores: Mapping[str, float]) -> tuple[Reason, ...]:
        """Return the reasons for a link with another note, the heaviest first. `scores` holds the score of each kind of reason."""
        reasons = [self._build_reason(other, kind, weight) for kind, weight in scores.items()]
        return tuple(sorted(reasons, key=lambda reason: (-round(reason.weight, 9), reason.kind)))

    def choose_insertion_point(self, other: Note) -> InsertionPoint:
        """Choose where the link would be inserted: a mention in either note, else a sentence on the same subject, else the note's end.

        Each sentence is used for one link only, so call this in the order of the suggestions.
        """
        mentions = [*self._collector.mentions.get(other.path, []), *self._collector.mentioned_in.get(other.path, [])]
        if mentions:
            return mentions[0]
        words = self._find_telling_words(other)
        if self._sentences is None and words:
            points = list_sentence_ends(self._collector.note.path, self._collector.parsed)
            self._sentences = [(point, find_subject_stems(point.own_text)) for point in points]
        weights = {word.stem: self._collector.statistics.compute_idf(word.stem) for word in words}
        chosen = choose_sentence(self._sentences or (), weights, {word.stem for word in words if word.is_subject_of_both})
        if not chosen:
            return find_note_end(self._collector.note.path, self._collector.parsed)
        self._sentences = [item for item in self._sentences or () if item[0] is not chosen]
        return chosen

    def _is_sufficient(self, other: Note, kind: str) -> bool:
        if kind == "words":
            return are_enough(self._find_telling_words(other), count_title_words(self._collector.note), count_title_words(other))
        if kind == "restatement":
            return bool(self._find_quote(other))
        if kind in DIRECT_TIES:
            return any(tie.kind == kind and not self._collector.is_long_list(tie.through) for tie in self._evidence.ties[other.path])
        return kind in ("mention", "mentioned")

    def _build_reason(self, other: Note, kind: str, weight: float) -> Reason:
        is_sufficient = self._is_sufficient(other, kind)
        clues, path = self._collector, other.path
        if kind == "mention":
            return Reason(kind, f'mentions "{clues.mentions[path][0].text}"', weight)
        if kind == "mentioned":
            return Reason(kind, f'is mentioned there as "{clues.mentioned_in[path][0].text}"', weight)
        if kind == "tags":
            text = f"both have {join_names(['#' + tag for tag in clues.shared_tags[path]])}"
            return Reason(kind, text, weight, is_sufficient=is_sufficient)
        if kind == "words":
            words = self._find_telling_words(other)
            text = describe_shared_words(words) if words else "share words that say little"
            return Reason(kind, text, weight, is_sufficient=is_sufficient)
        if kind in WEAK_REASONS:
            return Reason(kind, WEAK_REASONS[kind], weight, is_sufficient=is_sufficient)
        if kind == "restatement":
            quote = self._find_quote(other)
            text = f'says something similar: "{quote}"' if quote else "has words of this note's title and first sentences"
            return Reason(kind, text, weight, is_sufficient=is_sufficient)
        ties = [tie for tie in self._evidence.ties[path] if tie.kind == kind]
        ties.sort(key=lambda tie: (clues.is_long_list(tie.through), -round(tie.weight, 9), tie.through))
        through = [tie.through for tie in ties]
        notes = clues.notebook.catalogue.find_notes_by_path(through)
        titles = [notes[path].title for path in through]
        return Reason(kind, describe_tie(kind, titles), weight, tuple(through), is_sufficient)

    def _find_telling_words(self, other: Note) -> list[SharedWord]:
        if other.path not in self._telling:
            self._telling[other.path] = self._collector.find_telling_words(other.path)
        return self._telling[other.path]

    def _find_quote(self, other: Note) -> str:
        """Return the sentence of a note that says most of what this note begins with, empty if it says too little."""
        if other.path not in self._restatements:
            return ""
        if other.path not in self._quotes:
            self._quotes[other.path] = self._choose_quote(other)
        return self._quotes[other.path]

    def _choose_quote(self, other: Note) -> str:
        question = self._collector.question
        clues = [Clue((word_stem,), word.weight) for word_stem, word in sorted(question.items())]
        linked = self._collector.list_linked_notes(other.path)
        stored = self._collector.read_text(other.path)
        sentence = choose_snippet(hide_titles(stored.text, linked), clues, stem, (other.title, *other.aliases), stored.headings).text
        return show_titles(sentence, linked) if self._collector.says_the_same(other.path, sentence) else ""


MAX_NOTES_SCANNED = 100
"""Maximum number of notes, the best candidates, that are searched for mentions of a note."""

MIN_BATCH = 20
"""Minimum number of candidates that are loaded at once."""


def dismiss_pairs(session: Session, pairs: Sequence[tuple[Note, Note]]) -> None:
    """Record in one change that these pairs of notes are not to be suggested again. Raises `Refused` and `Unreadable`."""
    notebook = session.open_notebook()
    named = [quote_titles(pair) for pair in pairs]
    what = named[0] if len(named) == 1 else f"{len(named)} pairs of notes"
    with notebook.lock():
        changes = lists.plan_dismissals(notebook.root, [(one.handle, other.handle) for one, other in pairs])
        notebook.carry_out(changes, f"no longer suggest {what}")


def dismiss_pair(session: Session, note: Note, other: Note) -> str:
    """Record that two notes are not to be suggested to each other again, and return a message. Raises `Refused` and `Unreadable`."""
    dismiss_pairs(session, [(note, other)])
    return "dismissed"


def suggest_links(session: Session, note: Note, limit: int) -> list[Suggestion]:
    """Return suggestions of notes to link with `note`, best first. Notes that are linked or dismissed are left out, and copies."""
    return build_suggester(session)(note, limit)


def build_suggester(session: Session) -> Callable[[Note, int], list[Suggestion]]:
    """Return a function that suggests links for one note after another. What all notes share is looked up only once."""
    notebook = session.open_notebook()
    pairs, copies = lists.read_dismissed(notebook.root), notebook.catalogue.list_copies()

    def suggest(note: Note, limit: int) -> list[Suggestion]:
        dismissed = _find_dismissed(notebook, note, pairs).union(copies)
        return notebook.query_fulltext(
            lambda index: _rank_suggestions(notebook, index, note, dismissed, limit), session.console.choose_progress()
        )

    return suggest


def suggest_link_between(session: Session, note: Note, other: Note) -> Suggestion | None:
    """Return the suggestion to link two notes, or None if they are linked or there is no evidence for a link."""
    notebook = session.open_notebook()
    return notebook.query_fulltext(
        lambda index: _suggest_link(EvidenceCollector(notebook, index, note), other), session.console.choose_progress()
    )


def _suggest_link(collector: EvidenceCollector, other: Note) -> Suggestion | None:
    collector.find_mentions([other.path])
    evidence = collector.build_evidence()
    scores = evidence.score_notes({collector.note.path, *collector.linked_paths}).get(other.path)
    if not scores:
        return None
    explanation = Explainer(collector, evidence)
    return Suggestion(other, fsum(scores.values()), explanation.list_reasons(other, scores), explanation.choose_insertion_point(other))


def suggest_for_least_linked(session: Session, limit: int) -> Iterator[tuple[Note, list[Suggestion]]]:
    """Yield every note that has suggestions, with at most `limit` of them.

    Isolated notes come first, then orphans, then the others by number of links. Newer notes come first among equals. Suggestions are
    computed lazily, note by note. Notes that cannot be read are skipped, and so are copies.
    """
    notebook, suggestions_of = session.open_notebook(), build_suggester(session)
    isolated, orphans = set(notebook.catalogue.list_orphans(isolated=True)), set(notebook.catalogue.list_orphans())
    newest = notebook.catalogue.list_notes(Filter(sort="created", descending=True))
    originals = [note for note in newest if not note.original]
    for note in sorted(originals, key=lambda note: (note.path not in isolated, note.path not in orphans, note.links + note.backlinks)):
        try:
            found = suggestions_of(note, limit)
        except Unreadable:
            continue
        if found:
            yield note, found


def _rank_suggestions(notebook: OpenNotebook, index: FullTextIndex, note: Note, dismissed: Collection[str], limit: int) -> list[Suggestion]:
    clues = EvidenceCollector(notebook, index, note)
    excluded = {note.path, *clues.linked_paths}
    clues.find_mentions(path for path, _ in _rank_lazily(clues, excluded))
    evidence = clues.build_evidence()
    scores = {path: parts for path, parts in evidence.score_notes(excluded).items() if path not in dismissed}
    explanation = Explainer(clues, evidence)
    found: list[Suggestion] = []
    ranked_paths = rank_candidates(scores, len(scores))
    step = max(limit, MIN_BATCH)
    for start in range(0, len(ranked_paths), step):
        ranked = ranked_paths[start : start + step]
        others = notebook.catalogue.find_notes_by_path(path for path, _ in ranked)
        for path, score in ranked:
            if len(found) < limit and path in others and explanation.has_sufficient_reason(others[path], scores[path]):
                reasons = explanation.list_reasons(others[path], scores[path])
                found.append(Suggestion(others[path], score, reasons, explanation.choose_insertion_point(others[path])))
        if len(found) >= limit:
            break
    return found


def _rank_lazily(clues: EvidenceCollector, excluded: Collection[str]) -> Iterator[tuple[str, float]]:
    """Yield (path, score) of the best candidates so far. Ranks them only when the first one is needed."""
    yield from rank_candidates(clues.build_evidence().score_notes(excluded), MAX_NOTES_SCANNED)


def _find_dismissed(notebook: OpenNotebook, note: Note, pairs: Iterable[lists.DismissedPair]) -> set[str]:
    """Return the paths of the notes whose suggestion for `note` was dismissed."""
    handles = {handle for pair in pairs if note.handle in pair for handle in pair}
    return {other.path for handle in handles for other in notebook.catalogue.find_notes_by_handle(handle)}


MAX_EACH = 3
"""How many suggestions to show for each note if none is named."""


WALK_LIMIT = 100
"""How many suggestions for one note a walk shows."""
