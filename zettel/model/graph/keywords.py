"""Extract keywords that say what notes are about: the words of their titles, aliases and tags except stop words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from zettel.model.note.note import Note
from zettel.model.note.tags import STRUCTURE_TAGS
from zettel.model.text.fold import fold
from zettel.model.text.stopwords import STOP_WORDS
from zettel.model.text.tokens import CJK, tokenise

MAX_CJK_WORD = 6
"""Maximum characters of a keyword in a script without spaces."""

_CJK_RANGES = [(CJK[at], CJK[at + 2]) for at in range(0, len(CJK), 3)]


def list_keywords(note: Note) -> dict[str, str]:
    """Return the words of a note's title, aliases and tags, folded, each with its first spelling."""
    found: dict[str, str] = {}
    tags = (tag.replace("/", " ") for tag in note.tags if fold(tag) not in STRUCTURE_TAGS)
    for text in (note.title, *note.aliases, *tags):
        for word, written in _split_keywords(text):
            found.setdefault(word, written)
    return found


def _split_keywords(text: str) -> Iterable[tuple[str, str]]:
    """Yield (folded, as written) for each word of a text. For scripts without spaces, yield every sequence of two or more characters."""
    run: list[tuple[str, int, int]] = []
    for token in [*tokenise(text), ("", -1, -1)]:
        if run and token[1] != run[-1][2]:
            yield from _list_ngrams(text, run)
            run = []
        if token[0] and is_cjk(token[0]):
            run.append(token)
            continue
        if run:
            yield from _list_ngrams(text, run)
            run = []
        word, written = token[0], text[token[1] : token[2]]
        if len(word) > 1 and not word.isdigit() and word not in STOP_WORDS:
            yield word, written.removesuffix("'s").removesuffix("’s")  # the folded word has no possessive s already


def is_cjk(word: str) -> bool:
    """Return whether a word is in a script without spaces between words."""
    return any(first <= word[0] <= last for first, last in _CJK_RANGES)


def _list_ngrams(text: str, characters: list[tuple[str, int, int]]) -> Iterable[tuple[str, str]]:
    for start in range(len(characters)):
        for end in range(start + 2, min(start + MAX_CJK_WORD, len(characters)) + 1):
            yield "".join(word for word, _, _ in characters[start:end]), text[characters[start][1] : characters[end - 1][2]]


def choose_commonest_spelling(spellings: Counter[str]) -> str:
    """Return the most frequent spelling, or the alphabetically first of several."""
    return min(spellings, key=lambda written: (-spellings[written], written))
