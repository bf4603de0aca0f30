"""Find out which words of a question a sentence has."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zettel.model.search.query import TextTerm
from zettel.model.text.fold import fold_letters
from zettel.model.text.stems import strip_stem_ending
from zettel.model.text.tokens import split_words


class SentenceMatcher:
    """Finds the words of a question in many sentences, most of which have none of them."""

    def __init__(self, terms: Iterable[TextTerm], stem: Callable[[str], str]) -> None:
        self._stem = stem
        self._places: dict[str, set[int]] = {}
        self._wanted: list[frozenset[str]] = []
        self._prefixes: dict[str, set[int]] = {}
        for place, term in enumerate(terms):
            stems = frozenset(map(stem, term.tokens))
            self._wanted.append(stems)
            for word_stem in stems:
                self._places.setdefault(word_stem, set()).add(place)
            if term.prefix and not term.tokens:
                self._prefixes.setdefault(term.prefix, set()).add(place)
        self._starts = (*{strip_stem_ending(word_stem) for word_stem in self._places}, *self._prefixes)

    def find_words(self, sentence: str) -> frozenset[int]:
        """Return the places in the question of the words that a sentence has. A phrase needs all of its words, anywhere."""
        folded = fold_letters(sentence)
        if not any(start in folded for start in self._starts):
            return frozenset()
        likely = [word for word in split_words(sentence) if word.startswith(self._starts)]
        stems = set(map(self._stem, likely))
        found = {place for word_stem in stems & self._places.keys() for place in self._places[word_stem]}
        by_prefix = {
            place for prefix, places in self._prefixes.items() if any(word.startswith(prefix) for word in likely) for place in places
        }
        return frozenset(place for place in found if self._wanted[place] <= stems) | by_prefix
