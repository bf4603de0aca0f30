"""Find mentions: titles and aliases that occur in a note's prose without being a link.

A mention has the same words as the name, in the same order, each in the same or another inflection: "hard decision" is a
mention of "Hard decisions", but "productivity" is not a mention of "Product". The longest name wins.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from zettel.model.exploring.commonwords import CALENDAR, COMMON, NAMELESS
from zettel.model.exploring.places import Mention
from zettel.model.passage import Passage, byte_after, byte_at, sentence_around
from zettel.model.prose import IN_PROSE, label_after, sentence_starts
from zettel.model.reading import Reading
from zettel.model.text import fold
from zettel.model.tokens import CJK, tokens, word_of

NUMBER = re.compile(r"[\d_]+(?:st|nd|rd|th)?|[qwvt]\d+")
IS_CJK = re.compile(f"[{CJK}]")
PLAIN_GAP = re.compile(r"[ \t\r\n\u00a0\u2009\u202f\u2010\u2011-]*")
"""What may separate two words of a mention if a blank separates them in the name."""

LOOSE = " \t\"'“”‘’«».,;:!?…–—-"
"""Characters around the words of a name that a mention may leave out."""

BASE, INFLECTED = ("", "e", "y"), ("s", "es", "ed", "d", "ing", "ies", "ied", "ying")
"""Endings of base forms and of inflected forms. Comparing Porter's stems alone would confuse "developer" with "development"."""

CAPITAL_BEFORE = re.compile(r"(?:^|[ (\[\"'“‘])(?P<word>[^\W\d_][\w'’&-]*) \Z")
CAPITAL_AFTER = re.compile(r" (?P<word>[^\W\d_][\w'’&-]*)")

Stem = Callable[[str], str]
"""Returns the stem of a folded word."""


class Name(NamedTuple):
    """A title or alias of the note at `path`.

    `gaps` is the punctuation between its words, without blanks and hyphens. `head` and `tail` are characters around the
    words that belong to the name, such as the brackets of "print()".
    """

    path: str
    text: str
    words: tuple[str, ...]
    gaps: str
    head: str
    tail: str


class _Found(NamedTuple):
    """A name in a passage: its range of characters, the index of the next token, and the name, or None if several notes have it."""

    start: int
    end: int
    next: int
    name: Name | None


class Names:
    """An index of the names of all notes, to find them in prose.

    Names are sorted by their first word. A name is split into words and stems when a note first contains that word, and cached.
    """

    def __init__(
        self, notes: Iterable[tuple[str, str, tuple[str, ...]]], stem: Stem, is_common: Callable[[str], bool] = lambda _: False
    ) -> None:
        """`notes` are (path, title, aliases). Names of a single word are ignored if `is_common` accepts its stem."""
        self._stem, self._is_common = stem, is_common
        self._by_word: dict[str, list[tuple[str, str]]] = {}
        for path, title, aliases in notes:
            for name in dict.fromkeys((title, *aliases)):
                if word := _first_word(name):
                    self._by_word.setdefault(word, []).append((path, name))
        self._words = sorted((_like(word), word) for word in self._by_word)
        self._taken_apart: dict[str, dict[tuple[str, ...], list[Name]]] = {}
        self._lengths: dict[str, list[int]] = {}

    def mentions(self, source: str, reading: Reading) -> list[Mention]:
        """Return the mentions of other notes in the note at `source`, in reading order.

        Skips headings, links (including the title after a bare ID), code, URLs and tags. A name that several notes have
        is skipped, too, unless exactly one of them is written as in the text.
        """
        return [mention for passage in reading.passages if not passage.level for mention in self._in_passage(source, passage, reading)]

    def _in_passage(self, source: str, run: Passage, reading: Reading) -> Iterator[Mention]:
        words = tokens(run.prose)
        stems = [self._stem(word) for word, _, _ in words]
        starts: list[int] = []
        for at, till, _, name in self._in_words(run.prose, words, stems):
            if name and name.path != source:
                starts = starts or sentence_starts(run.text)
                start, end = byte_at(run, at), byte_after(run, till - 1)
                sentence, mark = sentence_around(run.text, starts, at, till)
                yield Mention(source, name.path, name.text, run.headings, sentence, mark, reading.lines.at(start), start, end)

    def _in_words(self, prose: str, words: list[tuple[str, int, int]], stems: list[str]) -> Iterator[_Found]:
        """Yield the names in a passage from left to right, each the longest that starts at its word."""
        hidden = list(IN_PROSE.finditer(prose))[::-1]
        at = clear = 0
        while at < len(words):
            start = words[at][1]
            while hidden and hidden[-1].start() <= start:
                found_id = hidden[-1]["id"]
                clear = max(clear, hidden.pop().end())
                if found_id:  # the title after a bare ID is part of the link
                    after = bisect_left(words, clear, key=lambda word: word[1])
                    title = self._longest(prose, words, stems, after) if not prose[clear : _start(words, after, clear)].strip() else None
                    clear = title.end if title else label_after(prose, clear)[1]
            found = self._longest(prose, words, stems, at) if start >= clear else None
            if found and _stands_alone(prose, found.start, found.end):
                if not (hidden and hidden[-1]["id"] and not prose[found.end : hidden[-1].start()].strip(" \t([")):
                    yield found  # a bare ID after the name makes it a link
                at = found.next
            else:
                at += 1

    def _longest(self, prose: str, words: list[tuple[str, int, int]], stems: list[str], at: int) -> _Found | None:
        """Return the longest name that starts at the token `at`, or None."""
        if at >= len(words):
            return None
        names = self._beginning_with(stems[at])
        for length in self._lengths[stems[at]]:
            last = at + length
            fitting = names.get(tuple(stems[at:last]), ()) if last <= len(words) else ()
            fitting = [name for name in fitting if _is_written(name, prose, words[at:last])]
            if fitting:
                start, end = words[at][1] - len(fitting[0].head), words[last - 1][2] + len(fitting[0].tail)
                if len({name.path for name in fitting}) > 1:
                    exact = fold(prose[start:end])
                    fitting = [name for name in fitting if fold(name.text) == exact]
                return _Found(start, end, last, fitting[0] if len({name.path for name in fitting}) == 1 else None)
        return None

    def _beginning_with(self, stem: str) -> dict[tuple[str, ...], list[Name]]:
        """Return the names whose first word has this stem, by the stems of all their words. Parses them on first use."""
        found = self._taken_apart.get(stem)
        if found is None:
            found = self._taken_apart[stem] = {}
            # a word begins with its stem, except that y may become i, and that a final e (hope, hoping) or l
            # (sensible, sensibility) of the stem may be missing from the word
            start = _like(stem[:-1] if len(stem) > 2 and stem[-1] in "el" else stem)
            place = bisect_left(self._words, (start, ""))
            while place < len(self._words) and self._words[place][0].startswith(start):
                word = self._words[place][1]
                place += 1
                if self._stem(word) == stem:
                    for path, name in self._by_word[word]:
                        words = tokens(name)
                        stems = tuple(self._stem(word) for word, _, _ in words)
                        if is_name([word for word, _, _ in words]) and not (len(stems) == 1 and self._is_common(stem)):
                            head, tail = name[: words[0][1]].lstrip(LOOSE), name[words[-1][2] :].rstrip(LOOSE)
                            own = tuple(word for word, _, _ in words)
                            found.setdefault(stems, []).append(Name(path, name, own, _gaps(name, words), head, tail))
            self._lengths[stem] = sorted({len(stems) for stems in found}, reverse=True)
        return found


def is_name(words: list[str]) -> bool:
    """Return whether the (folded) words of a title or alias are worth looking for.

    They are not if they have fewer than three letters (CJK: two), or are only words like "the" and "note", numbers or dates.
    """
    letters = "".join(words)
    if len(letters) < (2 if IS_CJK.search(letters) else 3):
        return False
    return not all(word in NAMELESS for word in words) and not all(word in CALENDAR or NUMBER.fullmatch(word) for word in words)


def is_telling(place: Mention, is_common: Callable[[str], bool]) -> bool:
    """Return whether a mention is likely to mean the note.

    A name of several words is. A single lower-case word is if it is not `is_common` (called with the folded word), or if
    the name itself is in lower case. A capitalised one is unless it is part of a proper name: "Research" in "Roam Research".
    """
    words = tokens(place.words)
    if len(words) != 1:
        return True
    if not place.words[:1].isupper():
        return place.words == place.name or not is_common(words[0][0])
    return not _is_in_proper_name(place)


def _is_in_proper_name(place: Mention) -> bool:
    """Return whether a word next to the mention is capitalised, too, and not only because it begins the sentence."""
    neighbours = (CAPITAL_BEFORE.search(place.sentence[: place.mark[0]]), CAPITAL_AFTER.match(place.sentence, place.mark[1]))
    whole = all(word[:1].isupper() for word in place.sentence.split())
    return any(found and found["word"][0].isupper() and (whole or found["word"].lower() not in COMMON) for found in neighbours)


def _first_word(name: str) -> str:
    if name.isascii():
        found = word_of(name).search(name.lower())
        return found[0].removesuffix("'s") if found else ""
    words = tokens(name)
    return words[0][0] if words else ""


def _like(word: str) -> str:
    return word.replace("y", "i")


def _start(words: list[tuple[str, int, int]], at: int, otherwise: int) -> int:
    return words[at][1] if at < len(words) else otherwise


def _gaps(text: str, words: list[tuple[str, int, int]]) -> str:
    """Return the punctuation between words, without blanks and hyphens."""
    gaps = [text[one[2] : other[1]] for one, other in itertools.pairwise(words)]
    return "\n".join("".join(gap.split()) for gap in gaps) if not all(PLAIN_GAP.fullmatch(gap) for gap in gaps) else ""


def _is_written(name: Name, prose: str, words: list[tuple[str, int, int]]) -> bool:
    """Return whether words with the stems of a name are that name: each an inflection of its word, with the punctuation that belongs to the name."""
    if not all(is_form(word, own) for (word, _, _), own in zip(words, name.words, strict=True)):
        return False
    around = prose.endswith(name.head, 0, words[0][1]) and prose.startswith(name.tail, words[-1][2])
    return around and _gaps(prose, words) in ("", name.gaps)


def is_form(word: str, other: str) -> bool:
    """Return whether two words of the same stem are inflections of one word: plan and planning, but not product and productive."""
    same = next((at for at, (one, two) in enumerate(zip(word, other, strict=False)) if one != two), min(len(word), len(other)))
    ends = [end[1:] if end[:1] == word[same - 1 : same] and len(end) > 2 else end for end in (word[same:], other[same:])]
    return word == other or (any(end in BASE for end in ends) and all(end in (*BASE, *INFLECTED) for end in ends))


def _stands_alone(prose: str, start: int, end: int) -> bool:
    """Return whether a stretch of prose is not part of an address, a file name or an escape sequence."""
    before, after = prose[start - 1 : start], prose[end : end + 2]
    return before not in ("@", "\\", "$") and after[:1] not in ("@", "=") and not (after[:1] == "." and after[1:].isalnum())
