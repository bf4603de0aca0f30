"""Find telling parts of titles and aliases in prose: "feedback goes stale" of "Most feedback goes stale before anyone hears it".

Nobody repeats a whole claim by chance, but people do repeat the words that carry it. A part is a run of neighbouring words of the name
that begins and ends with a content word and has at least two of them; stop words may stand between. It has the same words in the text,
each in the same or another inflection. Whether a part is rare enough to mean its note is for the caller to say.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from zettel.model.suggest.mentions import NUMBER, WORD_GAP, NamePart, PartMatch, StemWord, is_same_word
from zettel.model.text.stopwords import CALENDAR_WORDS, GENERIC_WORDS, STOP_WORDS
from zettel.model.text.tokens import is_unspaced, split_words, tokenise

MIN_CONTENT_WORDS = 2
"""Minimum number of content words in a part."""


class _SplitName(NamedTuple):
    path: str
    text: str
    words: list[str]
    stems: list[str]
    gaps: list[str]
    is_content: list[bool]

    def cut_part(self, first: int, last: int) -> NamePart:
        """Return the part from word `first` to before word `last`."""
        content = [at for at in range(first, last) if self.is_content[at]]
        return NamePart(self.path, self.text, tuple(tuple(self.words[one : other + 1]) for one, other in itertools.pairwise(content)))


class NameParts:
    """The parts of some names, to find them in prose. Parts that `is_telling` rejects are not found."""

    def __init__(self, names: Iterable[tuple[str, str]], stem_word: StemWord, is_telling: Callable[[NamePart], bool]) -> None:
        """`names` are (path, title or alias)."""
        self._is_telling = is_telling
        self._names: list[_SplitName] = []
        self._places: dict[str, list[tuple[_SplitName, int]]] = {}
        for path, text in names:
            tokens = tokenise(text)
            words = [word for word, _, _ in tokens]
            gaps = ["", *(text[one[2] : other[1]].strip() for one, other in itertools.pairwise(tokens))]
            name = _SplitName(path, text, words, [stem_word(word) for word in words], gaps, [is_content_word(word) for word in words])
            if sum(name.is_content) >= MIN_CONTENT_WORDS:
                self._names.append(name)
                for at, stem in enumerate(name.stems):
                    if name.is_content[at]:
                        self._places.setdefault(stem, []).append((name, at))

    def list_parts(self) -> list[NamePart]:
        """Return every part of every name, the longest of each first word first. Leaves out whole names."""
        found = []
        for name in self._names:
            content = [at for at, is_content in enumerate(name.is_content) if is_content]
            spans = [(one, other + 1) for number, one in enumerate(content) for other in reversed(content[number + 1 :])]
            found += [name.cut_part(first, last) for first, last in spans if (first, last) != (0, len(name.words))]
        return found

    def match(self, prose: str, words: Sequence[tuple[str, int, int]], stems: Sequence[str], free: Container[int]) -> Iterator[PartMatch]:
        """Yield the parts in a passage from left to right, each the longest that starts at its word.

        Only the tokens in `free` are looked at. What could be a part of several notes' names is left out.
        """
        at = 0
        while at < len(words):
            ends = [
                (self._find_end(name, place, prose, words, stems, at, free), name, place) for name, place in self._places.get(stems[at], ())
            ]
            last = max((end for end, _, _ in ends), default=0)
            parts = {name.cut_part(place, place + end - at) for end, name, place in ends if end == last} if last else set()
            if len({part.path for part in parts}) == 1:
                part = min(parts)
                if self._is_telling(part):
                    yield PartMatch(at, last, part)
                    at = last
                    continue
            at += 1

    @staticmethod
    def _find_end(
        name: _SplitName, place: int, prose: str, words: Sequence[tuple[str, int, int]], stems: Sequence[str], at: int, free: Container[int]
    ) -> int:
        """Return the token after the longest part that starts at word `place` of the name and at token `at` of the text, or 0."""
        end = contents = 0
        for offset in range(min(len(name.words) - place, len(words) - at)):
            here, own = at + offset, place + offset
            word = words[here][0]
            if here not in free or stems[here] != name.stems[own] or not is_same_word(word, name.words[own]):
                break
            gap = prose[words[here - 1][2] : words[here][1]] if offset else ""
            if not WORD_GAP.fullmatch(gap) and gap.strip() != name.gaps[own]:
                break
            if name.is_content[own]:
                contents, end = contents + 1, here + 1
        return end if contents >= MIN_CONTENT_WORDS else 0


def is_content_word(word: str) -> bool:
    """Return whether a folded word carries meaning of its own. A single character of a script without blanks does not."""
    return (
        len(word) > 1
        and word not in STOP_WORDS
        and word not in GENERIC_WORDS
        and word not in CALENDAR_WORDS
        and not NUMBER.fullmatch(word)
        and not is_unspaced(word)
    )


def choose_names(names: Iterable[tuple[str, str]], texts: Iterable[str]) -> list[tuple[str, str]]:
    """Return the (path, name) pairs of names that may have a part in the texts: two content words of theirs are neighbours there.

    Compares only beginnings of words, which is much faster than to stem the words of all names.
    """
    pairs = {pair for text in texts for pair in _list_start_pairs(split_words(text))}
    starts = {start for pair in pairs for start in pair}
    chosen = []
    for path, name in names:
        words = split_words(name)
        if len(starts.intersection([_starts[word[:3]] for word in words])) >= MIN_CONTENT_WORDS and not pairs.isdisjoint(
            _list_start_pairs(words)
        ):
            chosen.append((path, name))
    return chosen


def _list_start_pairs(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Return the beginnings of every two content words with only stop words between them."""
    return itertools.pairwise(_starts[word[:3]] for word in words if is_content_word(word))


class _StartCache(dict[str, str]):
    """The beginning that all inflections of a word share, by its first three letters: ag of age and aging, tr of try and tries."""

    def __missing__(self, letters: str) -> str:
        found = self[letters] = letters.replace("y", "i").rstrip("ei")
        return found


_starts = _StartCache()
