"""Choose the words that tell a group of notes from all others: nouns that many of its notes have, and few others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from math import log, sqrt
from typing import NamedTuple

from zettel.model.note.note import Note
from zettel.model.note.tags import STRUCTURE_TAGS, is_unsorted_tag
from zettel.model.text.fold import fold
from zettel.model.text.stopwords import CALENDAR_WORDS, ENGLISH_STOP_WORDS, GENERIC_WORDS, STOP_WORDS
from zettel.model.text.tokens import is_unspaced, split_words, tokenise

MAX_WORDS = 3
"""Number of words that describe a group, if that many distinguish it."""

MIN_TEXT_SHARE = 0.15
"""Share of the texts of a group that must contain a word which the names of only one of its notes have."""

MIN_SCORE = 1.0
"""Minimum score of a word, in standard errors."""

MAX_CJK_WORD = 6
"""Maximum characters of a keyword in a script without spaces."""

_IGNORED_WORDS = STOP_WORDS | (GENERIC_WORDS - {"note", "notes", "page", "todo"}) | CALENDAR_WORDS
"""Words that are not keywords. Some notebooks are about notes and pages."""

_PUNCTUATION = re.compile(r"[^\w\s'’-]+|\n")
_DETERMINERS_TEXT = "a an the our your their my its his her each every another some any no"
_PREPOSITIONS_TEXT = "about against among behind between by for from in into of on over through under with without"
_BEFORE_VERBS_TEXT = (
    "i you we they he she it who nobody somebody people not never always cannot can can't could don't doesn't didn't let may might must"
    " should will would won't"
)
_DETERMINERS, _PREPOSITIONS = frozenset(_DETERMINERS_TEXT.split()), frozenset(_PREPOSITIONS_TEXT.split())
_BEFORE_VERBS, _AFTER_NOUNS = frozenset(_BEFORE_VERBS_TEXT.split()), frozenset(("is", "are", "was", "were", "has", "have", "of"))
"""Words that show what the word after or before them is."""


class GroupText(NamedTuple):
    """What the notes of a group say: all their numbers, and the texts of some, without the titles of notes that they link to."""

    members: Sequence[int]
    texts: Mapping[int, str]


def choose_telling_words(
    groups: Sequence[GroupText],
    others: Sequence[GroupText],
    notes: Sequence[Note],
    stem_word: Callable[[str], str],
    unsorted: Container[str] = (),
) -> list[tuple[str, ...]]:
    """Return for each group at most `MAX_WORDS` words, the most telling first, in lower case. `others` are what a group is compared with.

    Only words of titles, aliases and tags are considered. They are ranked by how much more likely they are in the group than elsewhere,
    among the names of all notes and among texts: log odds divided by their standard error, with half a note added to each count
    (Monroe, Colaresi and Quinn, "Fightin' Words", 2008). So neither a word of a single note nor a word of nearly all notes ranks high.
    The score is multiplied by the share of signs that the word is a noun, and most adverbs, adjectives and verbs are left out: titles
    are full of them, and they do not say what notes are about. Words of other languages than English show no such signs.
    """
    names = [{stem_word(word): written for word, written in list_keywords(note, unsorted).items()} for note in notes]
    naming = Counter(word for found in names for word in found)
    signs = NounSigns(stem_word)
    words: dict[int, set[str]] = {}
    for group in (*others, *groups):
        for node, text in group.texts.items():
            if node not in words:
                words[node] = signs.read(f"{notes[node].title}\n{text}")
                signs.read_names(notes[node], unsorted)
    compared = {node for group in others for node in group.texts}
    counted = Counter(word for node in compared for word in words[node])
    out = []
    for group in groups:
        shared = compared.intersection(group.texts)
        rest = counted - Counter(word for node in shared for word in words[node])
        inside = Counter(word for node in group.texts for word in words[node])
        spellings: dict[str, Counter[str]] = {}
        for node in group.members:
            for word, written in names[node].items():
                spellings.setdefault(word, Counter())[written.lower()] += 1
        counts = {word: found.total() for word, found in spellings.items()}
        scores = {}
        for word, count in counts.items():
            score = 0.0
            if count > 1:
                score += _score_log_odds(count, len(group.members), naming[word] - count, len(notes) - len(group.members))
            if not is_unspaced(word):
                if count > 1 or inside[word] >= max(2, MIN_TEXT_SHARE * len(group.texts)):
                    score += _score_log_odds(inside[word], len(group.texts), rest[word], len(compared) - len(shared))
                score *= signs.rate_noun(word, choose_commonest_spelling(spellings[word]))
            if score >= MIN_SCORE:
                scores[word] = score
        ranked = _drop_variants(sorted(scores, key=lambda word: (-round(scores[word], 9), -len(word), word)), counts)
        out.append(tuple(choose_commonest_spelling(spellings[word]) for word in ranked))
    return out


def _score_log_odds(count: int, size: int, other_count: int, other_size: int) -> float:
    """Return how much more likely a word is in a group than outside, in standard errors. `count` of `size` notes in the group have it."""
    inside = log((count + 0.5) / (size - count + 0.5))
    outside = log((other_count + 0.5) / (other_size - other_count + 0.5))
    return (inside - outside) / sqrt(1 / (count + 0.5) + 1 / (other_count + 0.5))


def _drop_variants(ranked: list[str], counts: Mapping[str, int]) -> list[str]:
    """Return the first `MAX_WORDS` words, without those that are parts or variants of better ones."""
    chosen: list[str] = []
    for part in ranked:
        if not any(_is_variant(part, better) for better in chosen):
            word = _extend_fragment(part, counts) if is_unspaced(part) else part
            chosen += [] if any(_is_variant(word, better) for better in chosen) else [word]
        if len(chosen) == MAX_WORDS:
            break
    return chosen


def _extend_fragment(fragment: str, counts: Mapping[str, int]) -> str:
    """Return the longest word that most occurrences of `fragment` belong to.

    In scripts without word boundaries, fragments rank as high as whole words.
    """
    longer = [word for word, count in counts.items() if fragment in word and 3 * count >= 2 * counts[fragment]]
    return max(longer, key=lambda word: (len(word), counts[word], word))


def _is_variant(word: str, other: str) -> bool:
    """Return whether one word contains the other, both differ only in their endings, or they overlap in a script without word boundaries."""
    if is_unspaced(word) and (word[0] == other[-1] or word[-1] == other[0]):
        return True
    shorter = min(len(word), len(other))
    alike = next((at for at in range(shorter) if word[at] != other[at]), shorter)
    return word in other or other in word or (alike >= 4 and max(len(word), len(other)) - alike <= 3)


class NounSigns:
    """Counts signs that words of English texts are nouns, or are not, by the words before and after them."""

    def __init__(self, stem_word: Callable[[str], str]) -> None:
        self._stem_word = stem_word
        self._nouns: Counter[str] = Counter()
        self._others: Counter[str] = Counter()

    def read(self, text: str) -> set[str]:
        """Count the signs in a text, and return the stems of its words other than stop words."""
        found = set()
        for piece in _PUNCTUATION.split(text):
            words = ["", "", *split_words(piece), ""]
            for at in range(2, len(words) - 1):
                word = words[at]
                if word in ENGLISH_STOP_WORDS:
                    continue
                key = self._stem_word(word)
                found.add(key)
                before, after = words[at - 1], words[at + 1]
                if before in _BEFORE_VERBS or (before == "to" and after in _DETERMINERS) or word.endswith("ly"):
                    self._others[key] += 2
                elif before == "to" or after in _DETERMINERS:
                    self._others[key] += 1
                elif after and after not in ENGLISH_STOP_WORDS:
                    self._others[key] += before in _DETERMINERS  # an adjective, or the first part of a compound
                elif before in _DETERMINERS or (words[at - 2] in _DETERMINERS and before not in ENGLISH_STOP_WORDS):
                    self._nouns[key] += 2
                elif before in _PREPOSITIONS or after in _AFTER_NOUNS:
                    self._nouns[key] += 1
        return found

    def read_names(self, note: Note, unsorted: Container[str]) -> None:
        """Count tags, and titles and aliases of one word, as nouns."""
        for text in (note.title, *note.aliases, *_list_subject_tags(note, unsorted)):
            words = split_words(text)
            if len(words) == 1:
                self._nouns[self._stem_word(words[0])] += 2

    def rate_noun(self, stem: str, written: str) -> float:
        """Return the share of signs that a word is a noun, with one sign added to either side, or 0 if it is probably none.

        Nothing speaks against a word without signs, unless it ends as forms of verbs do.
        """
        share = (self._nouns[stem] + 1) / (self._nouns[stem] + self._others[stem] + 2)
        return share if share > 0.5 or (share == 0.5 and not written.endswith(("ing", "ed"))) else 0.0


def list_keywords(note: Note, unsorted: Container[str] = ()) -> dict[str, str]:
    """Return the words of a note's title, aliases and tags, folded, each with its first spelling. Leaves out stop words and unsorted tags."""
    found: dict[str, str] = {}
    for text in (note.title, *note.aliases, *_list_subject_tags(note, unsorted)):
        for word, written in _split_keywords(text):
            found.setdefault(word, written)
    return found


def _list_subject_tags(note: Note, unsorted: Container[str]) -> Iterator[str]:
    """Yield the parts of the tags that say what a note is about."""
    for tag in note.tags:
        if fold(tag) not in STRUCTURE_TAGS and not is_unsorted_tag(tag, unsorted):
            yield from tag.split("/")


def _split_keywords(text: str) -> Iterable[tuple[str, str]]:
    """Yield (folded, as written) for each word of a text. For scripts without spaces, yield every sequence of two or more characters."""
    run: list[tuple[str, int, int]] = []
    for token in [*tokenise(text), ("", -1, -1)]:
        if run and token[1] != run[-1][2]:
            yield from _list_ngrams(text, run)
            run = []
        if token[0] and is_unspaced(token[0]):
            run.append(token)
            continue
        if run:
            yield from _list_ngrams(text, run)
            run = []
        word, written = token[0], text[token[1] : token[2]]
        if len(word) > 1 and not word[0].isdigit() and word not in _IGNORED_WORDS:
            yield word, written.removesuffix("'s").removesuffix("’s")  # the folded word has no possessive s already


def _list_ngrams(text: str, characters: list[tuple[str, int, int]]) -> Iterable[tuple[str, str]]:
    for start in range(len(characters)):
        for end in range(start + 2, min(start + MAX_CJK_WORD, len(characters)) + 1):
            yield "".join(word for word, _, _ in characters[start:end]), text[characters[start][1] : characters[end - 1][2]]


def choose_commonest_spelling(spellings: Counter[str]) -> str:
    """Return the most frequent spelling, or the alphabetically first of several."""
    return min(spellings, key=lambda written: (-spellings[written], written))
