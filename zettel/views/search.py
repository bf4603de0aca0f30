"""Show search results: each note with the sentence that answers best, and how its score comes about."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.adapters.fulltext.stem import stem
from zettel.model.base.answer import Branch, StyledText
from zettel.model.note.note import Note, note_to_record
from zettel.model.search.result import SearchHit, SearchResult
from zettel.model.search.score import K1
from zettel.model.search.sentence_matcher import SentenceMatcher
from zettel.model.search.snippet import Clue, Snippet, choose_snippet
from zettel.model.text.fold import split_path, strip_suffix
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


def build_search_branch(note: Note, snippet: Snippet, source: Note | None, explanation: tuple[Branch, ...] = ()) -> Branch:
    """Return the branch of a result: the note with its day and tags, and a sentence with the hits marked, from the note `source` if it is not its own."""
    spans: list[StyledText] = []
    at = 0
    for start, end in snippet.marks:
        spans += [(snippet.text[at:start], ""), (snippet.text[start:end], "hit")]
        at = end
    spans.append((snippet.text[at:], ""))
    if source:
        spans.append((f"  — {source.title}", "dim"))
    sentence = (Branch(tuple(span for span in spans if span[0])),) if snippet.text else ()
    return build_note_branch(note, (*sentence, *explanation), after=format_details(note))


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
