"""Find the notes that have a term of a query: a word in any inflection, a phrase, a compound or a pattern, and words similar to a typed one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from zettel.adapters.fulltext.reader import QUALIFIED_FIELDS, IndexReader, Matches
from zettel.adapters.fulltext.stem import stem
from zettel.model.search.query import SEARCH_FIELDS, TextTerm
from zettel.model.search.score import FIELDS, FOLDER_FIELD

FieldMatches = dict[str, Matches]
"""The matches of a term in each field that has any."""

MIN_PREFIX_LENGTH = 3
"""Minimum number of letters of a word that finds longer words which begin with it."""

MIN_SIMILAR_LENGTH, MAX_SIMILAR_LENGTH = 4, 40
"""How many letters a word has for which similar ones are looked for. Shorter words are similar to too many others, longer ones are not words."""


class TermLookup:
    """Looks up the terms of queries in an index."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader

    def find_term(self, term: TextTerm) -> FieldMatches:
        """Return the matches of a term in the fields that it names (all if it names none), without typing errors or prefixes."""
        fields = SEARCH_FIELDS.get(term.field, FIELDS)
        if term.pattern:
            return self._find_pattern(term, fields)
        found = self._find_stems(fields, [stem(word) for word in term.tokens])
        for joined in term.joined:
            _merge_matches(found, self._find_stems(fields, [stem(joined)]))
        return found

    def find_longer_words(self, word: str) -> FieldMatches:
        """Return the matches of all words that begin with `word`, which is not a word of the notebook itself."""
        if len(word) < MIN_PREFIX_LENGTH:
            return {}
        return self._find_words(self._reader.find_words(word), FIELDS)

    def find_folder(self, word: str) -> FieldMatches:
        """Return the notes in folders whose names have `word`, which is not a word of the notebook otherwise."""
        return self._find_stems((FOLDER_FIELD,), [stem(word)])

    def find_with_value(self, term: TextTerm) -> set[int]:
        """Return the notes that have the words of a term in the field of their front matter that it names."""
        own = f"={term.field}="
        found = [self._reader.find_notes_with_word(own + token) for token in term.tokens]
        if term.pattern:
            matches = _compile_pattern(term.pattern)
            words = self._reader.find_words(own + term.prefix, lambda word: matches(word.removeprefix(own)) is not None)
            found.append({number for word in words for number in self._reader.find_notes_with_word(word)})
        return set.intersection(*found) if found else set()

    def has_key(self, key: str) -> bool:
        """Return whether any note has this key in its front matter, with a value that can be searched."""
        return bool(self._reader.find_words(f"={key}="))

    def _find_stems(self, fields: Iterable[str], stems: list[str]) -> FieldMatches:
        return {field: matches for field in fields if (matches := self._reader.read_phrase_matches(field, stems))}

    def _find_words(self, words: Iterable[str], fields: Iterable[str]) -> FieldMatches:
        """Return the matches of words as they are written, not of others with the same stem."""
        notes: dict[str, set[int]] = {}
        for word in words:
            notes.setdefault(stem(word), set()).update(self._reader.find_notes_with_word(word))
        found: FieldMatches = {}
        for word_stem, numbers in notes.items():
            for field, matches in self._find_stems(fields, [word_stem]).items():
                _merge_matches(found, {field: {number: matches[number] for number in matches.keys() & numbers}})
        return {field: matches for field, matches in found.items() if matches}

    def _find_pattern(self, term: TextTerm, fields: Iterable[str]) -> FieldMatches:
        matches = _compile_pattern(term.pattern)
        words = self._reader.find_words(term.prefix, lambda word: matches(word) is not None)
        if term.tokens:
            first = [stem(word) for word in term.tokens]
            found: FieldMatches = {}
            for last in sorted({stem(word) for word in words}):
                _merge_matches(found, self._find_stems(fields, [*first, last]))
            return found
        found = self._find_words(words, fields)
        if term.field in QUALIFIED_FIELDS:
            numbers = {number for word in words for number in self._reader.find_notes_with_word(f"={term.field}={word}")}
            found = {field: {number: found[field][number] for number in found[field].keys() & numbers} for field in found}
        return {field: matches for field, matches in found.items() if matches}

    # Typing errors

    def find_similar_words(self, word: str, limit: int = 3) -> list[str]:
        """Return the words of the notebook that are most similar to a folded word that is not one of them, best first.

        They are one edit away (a letter too many, too few, another or two swapped), or two if `word` has seven letters or more and the first
        two agree. Words that begin with the same letter come first, then those of more notes.
        """
        if not MIN_SIMILAR_LENGTH <= len(word) <= MAX_SIMILAR_LENGTH or not word.isalpha():
            return []
        near = self._reader.find_known_words(_list_edits(word)) - {word}
        if not near and len(word) >= 7:
            near = self._find_within_two_edits(word)
        ranked = sorted((other[:1] != word[:1], -len(self._reader.find_notes_with_word(other)), other) for other in near)
        return [other for _, _, other in ranked[:limit]]

    def _find_within_two_edits(self, word: str) -> set[str]:
        from whoosh.support.levenshtein import damerau_levenshtein

        letters, size = set(word), len(word)
        return self._reader.find_words(
            word[:2],
            lambda other: (
                abs(len(other) - size) <= 2
                and len(letters.symmetric_difference(other)) <= 4
                and damerau_levenshtein(word, other, limit=2) <= 2
            ),
        )


def _compile_pattern(pattern: str) -> Callable[[str], object]:
    """Return a function that returns None for words that do not match a pattern."""
    import re

    return re.compile("".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)).fullmatch


ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def _list_edits(word: str) -> set[str]:
    """Return all words that are one edit away from `word` (P. Norvig, "How to write a spelling corrector", norvig.com/spell-correct.html)."""
    letters = ALPHABET if word.isascii() else "".join(sorted(set(word)))
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        *(head + tail[1:] for head, tail in cuts if tail),
        *(head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1),
        *(head + letter + tail[1:] for head, tail in cuts if tail for letter in letters),
        *(head + letter + tail for head, tail in cuts for letter in letters),
    }


def _merge_matches(found: FieldMatches, more: Mapping[str, Matches]) -> None:
    """Add matches to others. Where both have a note, the greater frequency counts."""
    for field, matches in more.items():
        mine = found.setdefault(field, {})
        for number, frequency in matches.items():
            if frequency > mine.get(number, 0.0):
                mine[number] = frequency
