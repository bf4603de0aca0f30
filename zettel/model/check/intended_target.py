"""Find the note that a dangling link was meant for: by another form of its ID, another spelling, or a typo.

A link to a note that is not written yet is not a mistake. So a match is *sure* only if hardly anything else can be meant;
the others are only suggested.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.edit.repair_link import MARKDOWN_SUFFIX
from zettel.model.link.link import Link
from zettel.model.link.resolve import INDEX_NAMES, list_spellings
from zettel.model.note.note import Note
from zettel.model.text.fold import fold, split_path, strip_suffix
from zettel.model.text.ids import find_first_id, is_id, strip_id
from zettel.model.text.tokens import CJK

OPTIONAL_CHARACTERS = re.compile(r"[\s_\-\u2010-\u2015'’‘\"“”,:!?…]+")
"""Characters that two spellings of a name may differ in."""

CJK_CHARACTER = compile_lazily(rf"[{CJK}]")
NUMBER = re.compile(r"[0-9]+")

MIN_NAME_BYTES, MIN_BYTES_ELSEWHERE, MIN_TYPO_LETTERS = 4, 12, 5
"""Minimum bytes of a name for a sure match, the same for a single word in another folder, and minimum letters of a word with a typo."""

MAX_NAME_WORDS = 20
"""Maximum words of a name that is compared for typos."""


class IntendedTarget(NamedTuple):
    """The paths of the notes that a link may have been meant for. `is_sure` means that there is one, and hardly any doubt."""

    paths: tuple[str, ...] = ()
    is_sure: bool = False


class IntendedTargetFinder:
    """An index of the names of all notes that finds near matches."""

    def __init__(self, notes: Iterable[Note], is_word: Callable[[str], bool], count_dangling: Callable[[str], int]) -> None:
        """`is_word` tells whether a folded word occurs outside links, `count_dangling` how many notes have dangling links to a name."""
        self._is_word, self._count_dangling = is_word, count_dangling
        self._paths_by_name: dict[str, set[str]] = {}
        self._notes = list(notes)
        self._paths_by_minute: dict[str, set[str]] = {}
        for note in self._notes:
            if note.id:
                self._paths_by_minute.setdefault(note.id[:12], set()).add(note.path)
            for name in list_names(note):
                self._paths_by_name.setdefault(normalise_name(name), set()).add(note.path)

    def find_target(self, link: Link) -> IntendedTarget:
        """Return the notes that a dangling link may have been meant for: by ID, then by spelling, then by typo."""
        folder, name = split_folder_and_name(link)
        note_id = find_first_id(name)
        words = strip_id(name, note_id, anywhere=True) if note_id else name
        if note_id and not words:
            words = strip_id(link.label, note_id, anywhere=True)
        if note_id and (found := self._find_by_id(note_id, words)).paths:
            return found
        if fold(words) in INDEX_NAMES or not normalise_name(words):
            return IntendedTarget()
        return self._find_by_spelling(words, is_elsewhere=bool(folder)) or self._find_by_typo(words)

    def _find_by_id(self, note_id: str, words: str) -> IntendedTarget:
        """Find notes whose ID is of the same minute. Words beside the ID must be a name of the note."""
        key = normalise_name(words)
        paths = [
            path for path in sorted(self._paths_by_minute.get(note_id[:12], ())) if not key or path in self._paths_by_name.get(key, ())
        ]
        return IntendedTarget(tuple(paths), len(paths) == 1)

    def _find_by_spelling(self, words: str, *, is_elsewhere: bool) -> IntendedTarget | None:
        key = normalise_name(words)
        paths = sorted(self._paths_by_name.get(key, ()))
        is_long_enough = len(key.encode()) >= (
            MIN_BYTES_ELSEWHERE if is_elsewhere and not OPTIONAL_CHARACTERS.search(words.strip()) else MIN_NAME_BYTES
        )
        return IntendedTarget(tuple(paths), len(paths) == 1 and is_long_enough and any(map(str.isalpha, key))) if paths else None

    @cached_property
    def _words_by_gap(self) -> dict[tuple[str, ...], set[tuple[str, str]]]:
        """(word, path) by the rest of the name: what fills each gap in the name of a note."""
        found: dict[tuple[str, ...], set[tuple[str, str]]] = {}
        for note in self._notes:
            for name in list_names(note):
                for gap, word in _list_gaps(name):
                    found.setdefault(gap, set()).add((word, note.path))
        return found

    def _find_by_typo(self, words: str) -> IntendedTarget:
        found: dict[str, bool] = {}
        for gap, word in _list_gaps(words):
            for right, path in self._words_by_gap.get(gap, ()):
                if is_typo(word, right) and (word[0] == right[0] or any(gap)):
                    found[path] = is_obvious_typo(word, right) and not self._is_word(word)
        is_sure = len(found) == 1 and all(found.values()) and self._count_dangling(normalise_name(words)) == 1
        return IntendedTarget(tuple(sorted(found)), is_sure)


def list_names(note: Note) -> list[str]:
    """Return all names of a note: its title, its aliases, and its file name with the ID and without."""
    stem = strip_suffix(split_path(note.path)[1])
    bare = strip_id(stem, note.id, anywhere=True)
    return list(dict.fromkeys(name for name in (note.title, *note.aliases, stem, bare) if name and not is_id(name)))


def split_folder_and_name(link: Link) -> tuple[str, str]:
    """Return (folder, name) of a link's destination, without its `#part` and suffix."""
    forms = list_spellings(link.dest, encoded=link.syntax_row.may_be_encoded)
    folder, name = split_path(min(forms, key=len)) if forms else ("", "")
    return folder, MARKDOWN_SUFFIX.sub("", name)


def normalise_name(text: str) -> str:
    """Return a name without `OPTIONAL_CHARACTERS`, folded. Numbers stay separate from each other."""
    return OPTIONAL_CHARACTERS.sub("", NUMBER.sub(lambda found: f"\0{found[0]}\0", fold(text).replace("&", "and")))


def _list_gaps(name: str) -> list[tuple[tuple[str, ...], str]]:
    """Return (the name with one word left out, that word) for each word that could have a typo in it."""
    words = [word for word in OPTIONAL_CHARACTERS.split(fold(name)) if word]
    return [
        ((*words[:at], "", *words[at + 1 :]), word)
        for at, word in enumerate(words)
        if len(words) <= MAX_NAME_WORDS and _can_have_typo(word)
    ]


def is_typo(word: str, intended: str) -> bool:
    """Return whether two words differ by one letter: missing, added, wrong, or swapped with the next (Damerau 1964)."""
    if word == intended or abs(len(word) - len(intended)) > 1 or not (_can_have_typo(word) and _can_have_typo(intended)):
        return False
    at = next((at for at, pair in enumerate(zip(word, intended, strict=False)) if pair[0] != pair[1]), min(len(word), len(intended)))
    rest, other = word[at:], intended[at:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or (rest[1::-1] == other[:2] and rest[2:] == other[2:])


def _can_have_typo(word: str) -> bool:
    return len(word) >= MIN_TYPO_LETTERS and word.isalpha() and not CJK_CHARACTER.search(word)


def is_obvious_typo(word: str, intended: str) -> bool:
    """Return whether a typo is hardly another word or form: a letter inside the word is missing, added or swapped.

    A change at the beginning or end can make another word (informal, decisions), and so can another letter (women).
    """
    is_within = word[0] == intended[0] and word[-1] == intended[-1] and not word.startswith(intended) and not intended.startswith(word)
    is_letter_changed = len(word) == len(intended) and sorted(word) != sorted(intended)
    return is_within and not is_letter_changed
