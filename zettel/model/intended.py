"""Find the note that a dangling link was meant for: by another form of its ID, another spelling, or a typo.

A link to a note that is not written yet is not a mistake. So a match is *sure* only if hardly anything else can be meant;
the others are only suggested.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

from zettel.model.ids import first_id, is_id, without_id
from zettel.model.link import Link
from zettel.model.note import Note
from zettel.model.resolving import INDEX_NAMES, spellings
from zettel.model.text import fold, split_path, without_suffix
from zettel.model.tokens import CJK

SEPARATORS = re.compile(r"[\s_\-\u2010-\u2015'’‘\"“”,:!?…]+")
"""Characters that two spellings of a name may differ in."""

UNBOUNDED = re.compile(rf"[{CJK}]")
NUMBER = re.compile(r"[0-9]+")
SUFFIX = re.compile(r"(?i)\.(?:md|markdown|mdown|mkdn?|mdx)\Z")

SHORTEST, LONG, SHORTEST_WORD = 4, 12, 5
"""Minimum bytes of a name for a sure match, the same for a single word in another folder, and minimum letters of a word with a typo."""

LONGEST = 20
"""Maximum words of a name that is compared for typos."""


class Meant(NamedTuple):
    """The paths of the notes that a link may have been meant for. `is_sure` means that there is one, and hardly any doubt."""

    paths: tuple[str, ...] = ()
    is_sure: bool = False


class Intentions:
    """An index of the names of all notes that finds near matches."""

    def __init__(self, notes: Iterable[Note], is_word: Callable[[str], bool], wanted: Callable[[str], int]) -> None:
        """`is_word` tells whether a folded word occurs outside links, `wanted` how many notes have dangling links to a name."""
        self._is_word, self._wanted = is_word, wanted
        self._spelled: dict[str, set[str]] = {}
        self._notes = list(notes)
        self._ids: dict[str, set[str]] = {}
        for note in self._notes:
            if note.id:
                self._ids.setdefault(note.id[:12], set()).add(note.path)
            for name in names_of(note):
                self._spelled.setdefault(squeezed(name), set()).add(note.path)

    def meant(self, link: Link) -> Meant:
        """Return the notes that a dangling link may have been meant for: by ID, then by spelling, then by typo."""
        folder, name = named(link)
        note_id = first_id(name)
        words = without_id(name, note_id, anywhere=True) if note_id else name
        if note_id and not words:
            words = link.label
        if note_id and (found := self._by_id(note_id, words)).paths:
            return found
        if fold(words) in INDEX_NAMES or not squeezed(words):
            return Meant()
        return self._by_spelling(words, is_elsewhere=bool(folder)) or self._by_typing_error(words)

    def _by_id(self, note_id: str, words: str) -> Meant:
        """Find notes whose ID is of the same minute. Words beside the ID must be a name of the note."""
        key = squeezed(words)
        paths = [path for path in sorted(self._ids.get(note_id[:12], ())) if not key or path in self._spelled.get(key, ())]
        return Meant(tuple(paths), len(paths) == 1)

    def _by_spelling(self, words: str, *, is_elsewhere: bool) -> Meant | None:
        key = squeezed(words)
        paths = sorted(self._spelled.get(key, ()))
        is_long_enough = len(key.encode()) >= (LONG if is_elsewhere and not SEPARATORS.search(words.strip()) else SHORTEST)
        return Meant(tuple(paths), len(paths) == 1 and is_long_enough and any(map(str.isalpha, key))) if paths else None

    @cached_property
    def _without_one(self) -> dict[tuple[str, ...], set[tuple[str, str]]]:
        """(word, path) by the rest of the name: what fills each gap in the name of a note."""
        found: dict[tuple[str, ...], set[tuple[str, str]]] = {}
        for note in self._notes:
            for name in names_of(note):
                for gap, word in _gaps(name):
                    found.setdefault(gap, set()).add((word, note.path))
        return found

    def _by_typing_error(self, words: str) -> Meant:
        found: dict[str, bool] = {}
        for gap, word in _gaps(words):
            for right, path in self._without_one.get(gap, ()):
                if is_slip(word, right) and (word[0] == right[0] or any(gap)):
                    found[path] = is_plain_slip(word, right) and not self._is_word(word)
        is_sure = len(found) == 1 and all(found.values()) and self._wanted(squeezed(words)) == 1
        return Meant(tuple(sorted(found)), is_sure)


def names_of(note: Note) -> list[str]:
    """Return all names of a note: its title, its aliases, and its file name with the ID and without."""
    stem = without_suffix(split_path(note.path)[1])
    bare = without_id(stem, note.id, anywhere=True)
    return list(dict.fromkeys(name for name in (note.title, *note.aliases, stem, bare) if name and not is_id(name)))


def named(link: Link) -> tuple[str, str]:
    """Return (folder, name) of a link's destination, without its `#part` and suffix."""
    forms = spellings(link.dest, encoded=link.syntax in ("markdown", "reference", "html", "embed"))
    folder, name = split_path(min(forms, key=len)) if forms else ("", "")
    return folder, SUFFIX.sub("", name)


def squeezed(text: str) -> str:
    """Return a name without `SEPARATORS`, folded. Numbers stay separate from each other."""
    return SEPARATORS.sub("", NUMBER.sub(lambda found: f"\0{found[0]}\0", fold(text).replace("&", "and")))


def _gaps(name: str) -> list[tuple[tuple[str, ...], str]]:
    """Return (the name with one word left out, that word) for each word that could have a typo in it."""
    words = [word for word in SEPARATORS.split(fold(name)) if word]
    return [((*words[:at], "", *words[at + 1 :]), word) for at, word in enumerate(words) if len(words) <= LONGEST and _is_long(word)]


def is_slip(word: str, right: str) -> bool:
    """Return whether two words differ by one letter: missing, added, wrong, or swapped with the next (Damerau 1964)."""
    if word == right or abs(len(word) - len(right)) > 1 or not (_is_long(word) and _is_long(right)):
        return False
    at = next((at for at, pair in enumerate(zip(word, right, strict=False)) if pair[0] != pair[1]), min(len(word), len(right)))
    rest, other = word[at:], right[at:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or (rest[1::-1] == other[:2] and rest[2:] == other[2:])


def _is_long(word: str) -> bool:
    return len(word) >= SHORTEST_WORD and word.isalpha() and not UNBOUNDED.search(word)


def is_plain_slip(word: str, right: str) -> bool:
    """Return whether a typo is hardly another word or form: a letter inside the word is missing, added or swapped.

    A change at the beginning or end can make another word (informal, decisions), and so can another letter (women).
    """
    is_within = word[0] == right[0] and word[-1] == right[-1] and not word.startswith(right) and not right.startswith(word)
    is_letter_changed = len(word) == len(right) and sorted(word) != sorted(right)
    return is_within and not is_letter_changed
