"""Find the telling words that a note shares with others, in its text and in the full-text index."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.adapters.fulltext.stem import stem
from zettel.adapters.fulltext.term_stats import IndexTermStatistics
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.suggest.shared_words import SharedWord, can_be_telling, find_verbs, list_pairs, select_telling_words
from zettel.model.suggest.similarity import score_shared_terms
from zettel.model.text.prose import blank_links
from zettel.model.text.tokens import is_unspaced, split_words

MAX_PAIRS = 60
"""Pairs of characters of a note that are looked up, the most frequent ones."""

MAX_LISTED = 3
"""Maximum number of shared words that a reason lists."""


class SharedWordFinder:
    """Finds the telling words that one note shares with others. Notes are identified by their numbers in the index.

    `query` holds the stems by which the note is compared with others, and their weights; `own_words` are its words outside of links, by stem.
    """

    def __init__(
        self,
        index: IndexTermStatistics,
        number: int | None,
        note: Note,
        parsed: ParsedNote,
        query: Mapping[str, float],
        own_words: Mapping[str, str],
    ) -> None:
        self._index, self._number = index, number
        self._words = {
            word_stem: own_words[word_stem] for word_stem in query if word_stem in own_words and can_be_telling(own_words[word_stem])
        }
        self._query = {word_stem: query[word_stem] for word_stem in self._words}
        self._verbs = find_verbs(parsed.text, stem)
        self._pairs: list[str] = []
        if any(map(is_unspaced, own_words.values())):
            pairs = list_pairs(_list_own_texts(note, parsed))
            self._pairs = sorted(pairs, key=lambda pair: (-pairs[pair], pair))[:MAX_PAIRS]

    def find(self, number: int | None) -> list[SharedWord]:
        """Return the telling words that the note shares with another outside of links, the heaviest first, those in titles before others."""
        if self._number is None or number is None:
            return []
        statistics = self._index.weights
        words = [
            self._index.describe_shared_word(word_stem, self._words[word_stem], self._number, number)
            for word_stem in score_shared_terms(self._query, statistics, number)
        ]
        words += [self._describe_pair(pair, number) for pair in self._pairs if number in self._index.find_pair("body", pair)]
        return select_telling_words(words, statistics.note_count, self._verbs)

    def _describe_pair(self, pair: str, number: int) -> SharedWord:
        own, other = self._index.describe_pair(pair, self._number or 0), self._index.describe_pair(pair, number)
        return SharedWord(pair, pair, len(self._index.find_pair("body", pair)), own, other)


def _list_own_texts(note: Note, parsed: ParsedNote) -> list[str]:
    """Return what a note says outside of links, and its title and aliases."""
    return [*(blank_links(passage.prose) for passage in parsed.passages), note.title, *note.aliases]


def list_own_words(note: Note, parsed: ParsedNote) -> dict[str, str]:
    """Return the stems of a note's words that also occur outside of links, each with its first spelling, without numbers."""
    found: dict[str, str] = {}
    for word in dict.fromkeys(word for text in _list_own_texts(note, parsed) for word in split_words(text)):
        if not word.isdigit():
            found.setdefault(stem(word), word)
    return found


def count_title_words(note: Note) -> int:
    """Return the number of words of a note's title that can be telling. Two characters without blanks between them count as a word."""
    words = split_words(note.title)
    return len({stem(word) for word in words if can_be_telling(word)}) + sum(map(is_unspaced, words)) // 2


def describe_shared_words(words: list[SharedWord]) -> str:
    """Name the first telling words of two notes."""
    return f"both use the word{'s' if len(words) > 1 else ''} {', '.join(word.written for word in words[:MAX_LISTED])}"
