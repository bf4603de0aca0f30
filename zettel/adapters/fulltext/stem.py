"""Stem words with Whoosh's implementation of Porter's second algorithm for English, without loading the rest of Whoosh."""

from __future__ import annotations

from whoosh.lang.porter2 import stem as porter


class _StemCache(dict[str, str]):
    def __missing__(self, word: str) -> str:
        found = self[word] = porter(word) if word.isascii() and word.isalpha() else word
        return found


stem_cache = _StemCache()
"""Cache of the stem of every folded word, filled on first use. Words with other than English letters are their own stems."""

stem = stem_cache.__getitem__
