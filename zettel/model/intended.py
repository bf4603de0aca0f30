"""Which note a dangling link was meant for: by its ID in another form, by its words in another spelling, or by a typing error.

A link to a note that is not written yet is no mistake, so only what cannot well be meant otherwise is *sure*; of the rest a
person is told.
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
"""What may be written in one way or another, or not at all."""

UNBOUNDED = re.compile(rf"[{CJK}]")
NUMBER = re.compile(r"[0-9]+")
SUFFIX = re.compile(r"(?i)\.(?:md|markdown|mdown|mkdn?|mdx)\Z")

SHORTEST, LONG, SHORTEST_WORD = 4, 12, 5
"""Bytes of a name at least, and of one that is a single word in another folder; letters of a word with a typing error in it."""


LONGEST = 20
"""Words of a name at most that are looked at for typing errors."""


class Meant(NamedTuple):
    """The notes (by path) that a link may have been meant for; `is_sure`: it is the one."""

    paths: tuple[str, ...] = ()
    is_sure: bool = False


class Intentions:
    """The names of all notes, looked up by what is nearly one of them."""

    def __init__(self, notes: Iterable[Note], is_word: Callable[[str], bool], wanted: Callable[[str], int]) -> None:
        """`is_word` tells whether a word (folded) stands anywhere outside of links, `wanted` in how many notes a dangling name does."""
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
        """The note that a dangling link was meant for, as far as one can tell."""
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
        """By an ID of the same minute, with seconds or without; what stands beside it must not say anything else."""
        said = squeezed(words)
        paths = [path for path in sorted(self._ids.get(note_id[:12], ())) if not said or path in self._spelled.get(said, ())]
        return Meant(tuple(paths), len(paths) == 1)

    def _by_spelling(self, words: str, *, is_elsewhere: bool) -> Meant | None:
        key = squeezed(words)
        paths = sorted(self._spelled.get(key, ()))
        is_telling = len(key.encode()) >= (LONG if is_elsewhere and not SEPARATORS.search(words.strip()) else SHORTEST)
        return Meant(tuple(paths), len(paths) == 1 and is_telling and any(map(str.isalpha, key))) if paths else None

    @cached_property
    def _without_one(self) -> dict[tuple[str, ...], set[tuple[str, str]]]:
        """The words that fill the gaps in names, with their notes."""
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
    """All that a note may be called: its title, aliases and file name, with its ID and without."""
    stem = without_suffix(split_path(note.path)[1])
    bare = without_id(stem, note.id, anywhere=True)
    return list(dict.fromkeys(name for name in (note.title, *note.aliases, stem, bare) if name and not is_id(name)))


def named(link: Link) -> tuple[str, str]:
    """(folder, name) that a link says, without its `#part`, suffix and label."""
    forms = spellings(link.dest, encoded=link.syntax in ("markdown", "reference", "html", "embed"))
    folder, name = split_path(min(forms, key=len)) if forms else ("", "")
    return folder, SUFFIX.sub("", name)


def squeezed(text: str) -> str:
    """A name without what may be written in one way or another; numbers stay apart."""
    return SEPARATORS.sub("", NUMBER.sub(lambda found: f"\0{found[0]}\0", fold(text).replace("&", "and")))


def _gaps(name: str) -> list[tuple[tuple[str, ...], str]]:
    """The words of a name without one of them, and that one, for each that could have a slip in it."""
    words = [word for word in SEPARATORS.split(fold(name)) if word]
    return [((*words[:at], "", *words[at + 1 :]), word) for at, word in enumerate(words) if len(words) <= LONGEST and _is_long(word)]


def is_slip(word: str, right: str) -> bool:
    """Whether a word is another but for one letter: left out, put in, wrong, or swapped with the next (Damerau 1964)."""
    if word == right or abs(len(word) - len(right)) > 1 or not (_is_long(word) and _is_long(right)):
        return False
    at = next((at for at, pair in enumerate(zip(word, right, strict=False)) if pair[0] != pair[1]), min(len(word), len(right)))
    rest, other = word[at:], right[at:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or (rest[1::-1] == other[:2] and rest[2:] == other[2:])


def _is_long(word: str) -> bool:
    return len(word) >= SHORTEST_WORD and word.isalpha() and not UNBOUNDED.search(word)


def is_plain_slip(word: str, right: str) -> bool:
    """Whether a slip can hardly be another word or form: a letter within the word is left out, doubled, put in or swapped.

    At its beginning and end, words change their meaning (informal, decisions), and so they do by other letters (women).
    """
    is_within = word[0] == right[0] and word[-1] == right[-1] and not word.startswith(right) and not right.startswith(word)
    is_letter_changed = len(word) == len(right) and sorted(word) != sorted(right)
    return is_within and not is_letter_changed
