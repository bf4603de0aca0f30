"""Extract keywords that say what notes are about: the words of their titles, aliases and tags except stop words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from zettel.model.exploring.commonwords import COMMON
from zettel.model.exploring.network import STRUCTURE_TAGS
from zettel.model.note import Note
from zettel.model.text import fold
from zettel.model.tokens import CJK, tokens

LONGEST_RUN = 6
"""Maximum characters of a keyword in a script without spaces."""

_CJK_RANGES = [(CJK[at], CJK[at + 2]) for at in range(0, len(CJK), 3)]


def words_of(note: Note) -> dict[str, str]:
    """Return the words of a note's title, aliases and tags, folded, each with its first spelling."""
    found: dict[str, str] = {}
    tags = (tag.replace("/", " ") for tag in note.tags if fold(tag) not in STRUCTURE_TAGS)
    for text in (note.title, *note.aliases, *tags):
        for word, written in _words(text):
            found.setdefault(word, written)
    return found


def _words(text: str) -> Iterable[tuple[str, str]]:
    """Yield (folded, as written) for each word of a text. For scripts without spaces, yield every sequence of two or more characters."""
    run: list[tuple[str, int, int]] = []
    for token in [*tokens(text), ("", -1, -1)]:
        if run and token[1] != run[-1][2]:
            yield from _runs(text, run)
            run = []
        if token[0] and is_unbounded(token[0]):
            run.append(token)
            continue
        if run:
            yield from _runs(text, run)
            run = []
        word, written = token[0], text[token[1] : token[2]]
        if len(word) > 1 and not word.isdigit() and word not in COMMON:
            yield word, written.removesuffix("'s").removesuffix("’s")  # the folded word has no possessive s already


def is_unbounded(word: str) -> bool:
    """Return whether a word is in a script without spaces between words."""
    return any(first <= word[0] <= last for first, last in _CJK_RANGES)


def _runs(text: str, run: list[tuple[str, int, int]]) -> Iterable[tuple[str, str]]:
    for start in range(len(run)):
        for end in range(start + 2, min(start + LONGEST_RUN, len(run)) + 1):
            yield "".join(word for word, _, _ in run[start:end]), text[run[start][1] : run[end - 1][2]]


def commonest(spellings: Counter[str]) -> str:
    """Return the most frequent spelling, or the alphabetically first of several."""
    return min(spellings, key=lambda written: (-spellings[written], written))
