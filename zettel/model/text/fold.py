"""Fold text for comparison, and split the paths of notes. No regular expressions: start-up loads this module."""

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


NOTE_SUFFIXES = (".md", ".markdown")
"""The suffixes of notes' file names, in any letter case."""


def is_note_name(name: str) -> bool:
    """Return whether a file name is that of a note: `*.md` or `*.markdown`."""
    return name[-3:].lower() == ".md" or name[-9:].lower() == ".markdown"


def strip_suffix(name: str) -> str:
    """Return a file name or path without `.md` or `.markdown`."""
    for suffix in NOTE_SUFFIXES:
        if len(name) > len(suffix) and name[-len(suffix) :].lower() == suffix:
            return name[: -len(suffix)]
    return name


def split_path(path: str) -> tuple[str, str]:
    """Return (folder, file name) of a path with `/`. The folder of a top-level file is an empty string."""
    folder, _, name = path.rpartition("/")
    return folder, name
