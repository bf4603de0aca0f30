"""Show search results: each note with the sentence that answers best, and how its score comes about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from zettel.adapters.fulltext.stem import stem
from zettel.model.base.answer import HIDDEN_STYLE, Branch, StyledText
from zettel.model.note.note import Note, note_to_record
from zettel.model.search.result import SearchHit, SearchResult
from zettel.model.search.score import K1
from zettel.model.search.sentence_matcher import SentenceMatcher
from zettel.model.search.snippet import Clue, Snippet, choose_snippet, find_marks
from zettel.model.text.fold import split_path, strip_suffix
from zettel.model.text.ids import find_ids
from zettel.views.notes import build_note_branch, format_details

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import SearchRecord


class SnippetChooser:
    """Chooses the sentence to show for each note that a search found."""

    def __init__(self, result: SearchResult) -> None:
        self._result = result
        self._clues = [
            Clue(tuple(map(stem, term.tokens)), word.weight, term.prefix, tuple(map(stem, term.joined)))
            for word, term in zip(result.words, result.terms, strict=True)
        ]
        self._matcher = SentenceMatcher(result.terms, stem)

    def choose(self, hit: SearchHit, note: Note) -> tuple[Snippet, bool]:
        """Return a note's own best sentence or the one that cites it, whichever says more of the question, and whether it is the latter."""
        text, headings = self._result.read_text(hit.number)
        names = (note.title, *note.aliases, strip_suffix(split_path(note.path)[1]))
        own = choose_snippet(text, self._clues, stem, names, headings)
        if hit.citation and self._weigh(hit.citation.sentence) > self._weigh(own.text):
            return choose_snippet(hit.citation.sentence, self._clues, stem, ()), True
        return own, False

    def mark_title(self, note: Note) -> tuple[tuple[int, int], ...]:
        """Return (start, end) of the hits in the title of a note."""
        return find_marks(note.title, self._clues, stem)

    def _weigh(self, sentence: str) -> float:
        return round(sum(self._clues[place].weight for place in self._matcher.find_words(sentence)), 9)


def build_search_row(hit: SearchHit, note: Note, snippet: Snippet, sources: Mapping[str, Note]) -> SearchRecord:
    """Return the JSON record of a result. `sources` are the notes that cite results, by path."""
    source = sources.get(hit.citation.source) if hit.citation else None
    return {
        **note_to_record(note),
        "score": round(hit.score, 4),
        "sentence": snippet.text,
        "marks": [list(mark) for mark in snippet.marks],
        "matched": list(hit.matched),
        "vouched_by": {"id": source.id, "path": source.path, "title": source.title, "sentence": hit.citation.sentence}
        if source and hit.citation
        else None,
    }


def build_search_branch(
    note: Note,
    title_marks: Sequence[tuple[int, int]],
    snippet: Snippet,
    titles: Mapping[str, str],
    source: Note | None,
    explanation: tuple[Branch, ...] = (),
) -> Branch:
    """Return the branch of a result: the note with its day and tags, and a sentence, both with the hits marked.

    In the sentence, links by ID are the titles in `titles`. Behind it stands the note `source` if it is the one that says so of the result.
    """
    spans = format_snippet(snippet, titles)
    if source:
        spans += [("  ← ", "arrow"), (source.title, "dim")]
    sentence = (Branch(tuple(spans)),) if snippet.text else ()
    branch = build_note_branch(note, (*sentence, *explanation), after=format_details(note))
    at = next(number for number, (_, style) in enumerate(branch.line) if style == "title")
    title = _mark_hits([(note.title, "title")], title_marks)
    return Branch((*branch.line[:at], *title, *branch.line[at + 1 :]), branch.branches, branch.note)


def format_snippet(snippet: Snippet, titles: Mapping[str, str]) -> list[StyledText]:
    """Format a sentence with its hits marked. People do not see the ID of a link, but the words behind it, or the title of its note."""
    text, spans, at = snippet.text, list[StyledText](), 0
    for note_id in find_ids(text):
        start = text.index(note_id, at)
        end = start + len(note_id)
        if note_id not in titles or any(mark[0] < end and start < mark[1] for mark in snippet.marks):
            continue
        title = titles[note_id]
        words = text[end + 1 : end + 1 + len(title)]
        start -= text[:start].endswith("§")
        spans += [(text[at:start], ""), (f"{text[start:end]} ", HIDDEN_STYLE)]
        if text[end : end + 1] == " " and words.casefold() == title.casefold():
            at = end + 1 + len(title)
            spans.append((words, "link"))
        else:
            at = end
            spans.append((title, "link"))
    spans.append((text[at:], ""))
    return _mark_hits([span for span in spans if span[0]], _shift_marks(snippet, spans))


def _shift_marks(snippet: Snippet, spans: Sequence[StyledText]) -> list[tuple[int, int]]:
    """Return the marks of a sentence as offsets in the spans that show it, which may have more text."""
    shown = "".join(text for text, _ in spans)
    marks, at, grown = list[tuple[int, int]](), 0, len(shown) - len(snippet.text)
    for start, end in snippet.marks:
        word = snippet.text[start:end]
        place = shown.find(word, max(at, start), start + grown + len(word)) if grown else start
        if place >= 0:
            at = place + len(word)
            marks.append((place, at))
    return marks


def _mark_hits(spans: Sequence[StyledText], marks: Sequence[tuple[int, int]]) -> list[StyledText]:
    """Return spans in which the text at `marks` has the style of a hit, whatever style it had."""
    found, at = list[StyledText](), 0
    for text, style in spans:
        cuts = [0, *sorted(min(max(place - at, 0), len(text)) for mark in marks for place in mark), len(text)]
        for start, end in pairwise(cuts):
            is_hit = any(first <= at + start and at + end <= last for first, last in marks)
            found += [(text[start:end], "hit" if is_hit else style)] if start < end else []
        at += len(text)
    return found


def explain_score(result: SearchResult, hit: SearchHit, sources: Mapping[str, Note]) -> tuple[Branch, ...]:
    """Return lines that say what the score of a note is the sum of."""
    lines = [(hit.score, "score")]
    for word in result.words:
        if hit.number in word.frequencies:
            frequency = word.frequencies[hit.number]
            share = frequency / (frequency + K1)
            lines.append((word.weight * share, f'"{word.typed}", of weight {word.weight:.2f}: {100 * share:.0f}%'))
    if hit.parts.names:
        lines.append((hit.parts.names, "its title, an alias or its file name is like the question"))
    if hit.citation:
        title = sources[hit.citation.source].title if hit.citation.source in sources else hit.citation.source
        lines.append((hit.parts.citation, f"cited in {title}: {hit.citation.sentence}"))
    if hit.parts.exact:
        lines.append((hit.parts.exact, "it is called exactly that"))
    return tuple(Branch(((f"{score:7.2f}  {text}", "dim"),)) for score, text in lines)
