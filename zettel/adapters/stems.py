"""Stems of English words, by Whoosh's Porter alone: without the rest of Whoosh."""

from __future__ import annotations

from whoosh.lang.porter2 import stem as porter

_stems: dict[str, str] = {}


def stem(word: str) -> str:
    """The stem of a folded word (Porter's second algorithm for English; words that are not English letters stay as they are)."""
    found = _stems.get(word)
    if found is None:
        found = _stems[word] = porter(word) if word.isascii() and word.isalpha() else word
    return found
