"""Fold text for comparison. No regular expressions: start-up loads this module."""

from __future__ import annotations


def to_nfc(text: str) -> str:
    """Return `text` in Unicode Normalization Form C, in which names and links are compared."""
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFC", text)


def fold(text: str) -> str:
    """Fold `text` for comparisons that ignore letter case and whitespace."""
    return " ".join(to_nfc(text).casefold().split())


def fold_letters(text: str) -> str:
    """Fold `text` for searching: replace styled and compatibility letters by plain ones (NFKC), and drop accents and case."""
    if text.isascii():
        return text.lower()
    from unicodedata import category, normalize

    decomposed = normalize("NFKD", normalize("NFKC", text).casefold())
    return normalize("NFC", "".join(char for char in decomposed if category(char) != "Mn"))
