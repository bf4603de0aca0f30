"""The results of a search: which notes were found, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zettel.model.base.value import NamedTuple
from zettel.model.search.query import SearchQuery, TextTerm
from zettel.model.search.score import WordMatches


class Citation(NamedTuple):
    """A sentence about a note in another one, at the path `source`."""

    source: str
    sentence: str


class ScoreParts(NamedTuple):
    """What the score of a note is the sum of: its words, the likeness of its names to the question, what other notes say of it, and being named."""

    words: float = 0.0
    names: float = 0.0
    citation: float = 0.0
    exact: float = 0.0


class SearchHit(NamedTuple):
    """A note that a search found: its number in the index, its path, its score, and the words of the question that it has.

    `citation` is the sentence about it that says most of the question.
    """

    number: int
    path: str
    parts: ScoreParts
    matched: tuple[str, ...]
    citation: Citation | None

    @property
    def score(self) -> float:
        """The score of the note."""
        return sum(self.parts)


class SearchResult(NamedTuple):
    """The query as it was answered, how many notes it found, the best of them, best first, and remarks for people.

    `words` and `terms` are the words of the question in the same order: where each was found, and how it was read. `read_text` returns
    the text and the headings of a note by its number. `corrections` maps words as typed to those that were searched for instead.
    """

    query: SearchQuery
    total: int
    hits: Sequence[SearchHit]
    remarks: tuple[str, ...]
    words: Sequence[WordMatches]
    terms: Sequence[TextTerm]
    read_text: Callable[[int], tuple[str, list[str]]]
    corrections: Mapping[str, str] = {}

    def read_as(self, text: str) -> str:
        """Return the text of a query with the words corrected that nobody wrote."""
        return " ".join(self.corrections.get(word, word) for word in text.split())

    @property
    def hits_by_path(self) -> Mapping[str, SearchHit]:
        """The notes found, by their paths."""
        return {hit.path: hit for hit in self.hits}
