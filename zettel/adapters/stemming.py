"""Stems of words, by Porter's second algorithm for English as Whoosh brings it; loads nothing else of Whoosh."""

from __future__ import annotations

from whoosh.lang.porter2 import stem as porter


class _Stems(dict[str, str]):
    def __missing__(self, word: str) -> str:
        found = self[word] = porter(word) if word.isascii() and word.isalpha() else word
        return found


stems = _Stems()
"""The stem of every folded word, found when it is first asked for; words that are not English letters stay as they are."""

stem = stems.__getitem__
