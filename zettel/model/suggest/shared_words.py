"""Select the telling words that two notes share: those that say what both are about, so that a person accepts them as a reason for a link.

That a word is rare does not make it telling: *noon* is rare in most notebooks. A telling word is also a subject of at least one of the two
notes: it is in the title or a heading there, or recurs in the text. Words without a meaning of their own, adverbs, numbers and dates are
never telling, and neither is a word that the text only uses as a verb, unless both notes are about it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from itertools import pairwise
from typing import NamedTuple

from zettel.model.text.stopwords import CALENDAR_WORDS, GENERIC_WORDS, STOP_WORDS, VAGUE_WORDS
from zettel.model.text.tokens import is_unspaced, split_words, tokenise

MIN_COUNT = 2
"""Minimum number of times a text has a word that is one of its subjects."""

MAX_COUNT, MAX_SHARE = 5, 0.1
"""A telling word is in at most this number of notes, or in at most this share of them."""

MIN_TITLE_SHARE = 0.6
"""A single word is a reason if it makes up at least this share of one of the two titles."""

MIN_LETTERS = 3
"""Minimum number of letters of a telling word, in scripts with blanks between words."""

_NOT_ADVERBS_TEXT = "ally anomaly apply assembly belly bully family fly italy jelly july lily monopoly rally rely reply supply tally"
_NOT_ADVERBS = frozenset(_NOT_ADVERBS_TEXT.split())
_FUNCTION_CHARACTERS = frozenset(
    "的了是不我你他她它这那個个们們很也就都而在有和与與着吗吧呢啊么麼之其以于於对對为為被把从從到上下一二三四五己味多各"
    "のをにはがでともやかへよりまですしたてるいうなられこそあんだくけど"
)
"""Characters of Chinese particles, pronouns and numbers, and of Japanese particles and endings, which are not parts of telling words."""

_BEFORE_VERBS_TEXT = (
    "i you we they he she it who to not never cannot can can't could couldn't do don't does doesn't did didn't let may might must shall should"
    " shouldn't will won't would wouldn't"
)
_BEFORE_VERBS = frozenset(_BEFORE_VERBS_TEXT.split())
_IGNORED_WORDS = STOP_WORDS | GENERIC_WORDS | CALENDAR_WORDS | VAGUE_WORDS


class WordUse(NamedTuple):
    """How a note uses a word: how often its body has it, and whether its title or an alias, or a heading has it."""

    frequency: float
    is_in_title: bool
    is_in_heading: bool

    @property
    def is_subject(self) -> bool:
        """Whether the note is about the word."""
        return self.is_in_title or self.is_in_heading or self.frequency >= MIN_COUNT


class SharedWord(NamedTuple):
    """A word that two notes share: its stem, how the note writes it, in how many notes it is, and how the note and the other one use it."""

    stem: str
    written: str
    note_count: int
    own: WordUse
    other: WordUse

    @property
    def is_in_title(self) -> bool:
        """Whether it is in one of the two titles."""
        return self.own.is_in_title or self.other.is_in_title

    @property
    def is_subject_of_both(self) -> bool:
        """Whether both notes are about the word, and one of them is called by it."""
        return self.own.is_subject and self.other.is_subject and self.is_in_title


def can_be_telling(word: str) -> bool:
    """Return whether a (folded) word can be telling in some text, because it is neither a stop word nor a vague word, adverb, number or date."""
    if word in _IGNORED_WORDS or any(map(str.isdigit, word)):
        return False
    if is_unspaced(word):
        return len(word) > 1  # a single character is seldom a word
    return len(word) >= MIN_LETTERS and not (word.endswith("ly") and word not in _NOT_ADVERBS)


def is_telling_count(count: int, note_count: int) -> bool:
    """Return whether a word that is in `count` of `note_count` notes can be telling: in at least two, but not in many."""
    return 1 < count <= max(MAX_COUNT, note_count * MAX_SHARE)


def find_verbs(text: str, stem_word: Callable[[str], str]) -> frozenset[str]:
    """Return the stems that always follow a pronoun, an auxiliary verb or "to" in an English text, so are verbs there."""
    verbs, others = set[str](), set[str]()
    for line in text.split("\n"):
        before = ""
        for word in split_words(line):
            (verbs if before in _BEFORE_VERBS else others).add(stem_word(word))
            before = word
    return frozenset(verbs - others)


def select_telling_words(shared: Iterable[SharedWord], note_count: int, verbs: Container[str] = ()) -> list[SharedWord]:
    """Return the telling words among those that two notes share, in the same order, but those in titles first.

    `verbs` are the stems that the note uses as verbs only.
    """
    chosen = [
        word
        for word in shared
        if is_telling_count(word.note_count, note_count)
        and (word.own.is_subject or word.other.is_subject)
        and can_be_telling(word.written)
        and (word.is_subject_of_both or word.stem not in verbs)
    ]
    kept: list[SharedWord] = []
    for word in sorted(chosen, key=lambda word: not word.is_in_title):
        if not (is_unspaced(word.stem) and _overlaps(word.stem, kept)):
            kept.append(word)
    return kept


def _overlaps(pair: str, others: list[SharedWord]) -> bool:
    """Return whether a pair of characters may belong to the same word as one of the others."""
    return any(not set(pair).isdisjoint(other.stem) for other in others)


def list_pairs(texts: Iterable[str]) -> dict[str, int]:
    """Return the pairs of neighbouring characters in scripts without blanks between words, with their numbers. They stand for words."""
    found: dict[str, int] = {}
    for text in texts:
        tokens = tokenise(text)
        for (one, _, end), (other, start, _) in pairwise(tokens):
            if end == start and is_unspaced(one) and is_unspaced(other) and _FUNCTION_CHARACTERS.isdisjoint(one + other):
                found[one + other] = found.get(one + other, 0) + 1
    return found


def are_enough(words: list[SharedWord], own_title_size: int, other_title_size: int) -> bool:
    """Return whether telling words are enough of a reason for a link.

    Two are. A single one, unless it is a participle, is if both notes are about it, or if it is most of what one of them is called. The sizes
    are the numbers of words in the two titles that can be telling.
    """
    if len(words) != 1:
        return len(words) > 1
    (word,) = words
    return not word.written.endswith("ed") and (
        word.is_subject_of_both
        or (word.own.is_in_title and MIN_TITLE_SHARE * own_title_size <= 1)
        or (word.other.is_in_title and MIN_TITLE_SHARE * other_title_size <= 1)
    )
