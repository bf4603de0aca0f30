"""Find mentions: titles and aliases that occur in a note's prose without being a link.

A mention has the same words as the name, in the same order, each in the same or another inflection: "hard decision" is a
mention of "Hard decisions", but "productivity" is not a mention of "Product". The longest name wins.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from zettel.model.note.context import Quoter
from zettel.model.note.parse import ParsedNote
from zettel.model.note.passage import Passage, find_byte_end, find_byte_offset
from zettel.model.suggest.insertion_points import Mention
from zettel.model.text.fold import fold
from zettel.model.text.prose import INLINE_TOKEN, blank_links, find_label_after
from zettel.model.text.stopwords import CALENDAR_WORDS, GENERIC_WORDS, STOP_WORDS
from zettel.model.text.tokens import is_unspaced, split_words, tokenise

NUMBER = re.compile(r"[\d_]+(?:st|nd|rd|th)?|[qwvt]\d+")
WORD_GAP = re.compile(r"[ \t\r\n\u00a0\u2009\u202f\u2010\u2011_-]*")
"""What may separate two words of a mention if a blank separates them in the name."""

_OPTIONAL_PUNCTUATION = " \t\"'“”‘’«».,;:!?…–—-"
"""Characters around the words of a name that a mention may leave out."""

_BASE_ENDINGS, _INFLECTED_ENDINGS = ("", "e", "y"), ("s", "es", "ed", "d", "ing", "ies", "ied", "ying")
"""Endings of base forms and of inflected forms. Comparing Porter's stems alone would confuse "developer" with "development"."""

_WORD_BEFORE = re.compile(r"(?:^|[ (\[\"'“‘])(?P<word>[^\W\d_][\w'’&-]*) \Z")
_WORD_AFTER = re.compile(r" (?P<word>[^\W\d_][\w'’&-]*)")

StemWord = Callable[[str], str]
"""Returns the stem of a folded word."""


class NoteName(NamedTuple):
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


class _NameMatch(NamedTuple):
    """A name in a passage: its range of characters, the index of the next token, and the name, or None if several notes have it."""

    start: int
    end: int
    next_token: int
    name: NoteName | None


class NamePart(NamedTuple):
    """A part of a title or alias of the note at `path`: `phrases` are its content words in pairs of neighbours, with what stands between."""

    path: str
    name: str
    phrases: tuple[tuple[str, ...], ...]


class PartMatch(NamedTuple):
    """A part in a passage: the numbers of its first token and of the one after it."""

    first: int
    last: int
    part: NamePart


MatchParts = Callable[[str, Sequence[tuple[str, int, int]], Sequence[str], Container[int]], Iterable[PartMatch]]
"""Yields the parts of names in a passage, given its text, its tokens, their stems, and the numbers of those that may belong to a part."""


class NameIndex:
    """An index of the names of all notes, to find them in prose.

    Names are sorted by their first word. A name is split into words and stems when a note first contains that word, and cached.
    """

    def __init__(
        self, notes: Iterable[tuple[str, str, tuple[str, ...]]], stem_word: StemWord, is_common: Callable[[str], bool] = lambda _: False
    ) -> None:
        """`notes` are (path, title, aliases). Names of a single word are ignored if `is_common` accepts its stem."""
        self._stem_word, self._is_common = stem_word, is_common
        self._names_by_first_word: dict[str, list[tuple[str, str]]] = {}
        for path, title, aliases in notes:
            for name in dict.fromkeys((title, *aliases)):
                if word := _find_first_word(name):
                    self._names_by_first_word.setdefault(word, []).append((path, name))
        self._sorted_first_words = sorted((_fold_y(word), word) for word in self._names_by_first_word)
        self._parsed_names: dict[str, dict[tuple[str, ...], list[NoteName]]] = {}
        self._name_lengths: dict[str, list[int]] = {}

    def find_mentions(self, source: str, parsed: ParsedNote) -> list[Mention]:
        """Return the mentions of other notes in the note at `source`, in reading order.

        Skips headings, links (including the title after a bare ID), code, URLs and tags. A name that several notes have
        is skipped, too, unless exactly one of them is written as in the text.
        """
        return [mention for passage in parsed.passages if not passage.level for mention in self._find_in_passage(source, passage, parsed)]

    def _find_in_passage(self, source: str, passage: Passage, parsed: ParsedNote) -> Iterator[Mention]:
        words = tokenise(passage.prose)
        stems = [self._stem_word(word) for word, _, _ in words]
        for at, till, _, name in self._match_names(passage.prose, words, stems):
            if name and name.path != source:
                yield _build_mention(source, name.path, name.text, passage, at, till, parsed)

    def find_part_mentions(self, source: str, parsed: ParsedNote, match_parts: MatchParts) -> list[Mention]:
        """Return the partial mentions of other notes in the note at `source`, in reading order.

        Skips what `find_mentions` skips, and whole names.
        """
        found = []
        for passage in parsed.passages:
            if passage.level:
                continue
            words = tokenise(passage.prose)
            stems = [self._stem_word(word) for word, _, _ in words]
            free: set[int] = set()
            for _ in self._match_names(passage.prose, words, stems, free):
                pass
            for first, last, part in match_parts(passage.prose, words, stems, free):
                at, till = words[first][1], words[last - 1][2]
                if part.path != source and _is_standalone(passage.prose, at, till) and not _is_before_id(passage.prose, till):
                    found.append(_build_mention(source, part.path, part.name, passage, at, till, parsed, is_partial=True))
        return found

    def list_names(self) -> Iterator[tuple[str, str]]:
        """Yield (path, title or alias) of all names that contain a word."""
        return itertools.chain.from_iterable(self._names_by_first_word.values())

    def _match_names(
        self, prose: str, words: list[tuple[str, int, int]], stems: list[str], free: set[int] | None = None
    ) -> Iterator[_NameMatch]:
        """Yield the names in a passage from left to right, each the longest that starts at its word.

        Adds to `free` the numbers of the tokens that belong neither to a name nor to a link.
        """
        hidden = list(INLINE_TOKEN.finditer(prose))[::-1]
        at = clear = 0
        while at < len(words):
            start = words[at][1]
            while hidden and hidden[-1].start() <= start:
                found_id = hidden[-1]["id"]
                clear = max(clear, hidden.pop().end())
                if found_id:  # the title after a bare ID is part of the link
                    after = bisect_left(words, clear, key=lambda word: word[1])
                    title = (
                        self._match_longest_name(prose, words, stems, after)
                        if not prose[clear : _find_token_start(words, after, clear)].strip()
                        else None
                    )
                    clear = title.end if title else find_label_after(prose, clear)[1]
            found = self._match_longest_name(prose, words, stems, at) if start >= clear else None
            if found and _is_standalone(prose, found.start, found.end):
                if not (hidden and hidden[-1]["id"] and not prose[found.end : hidden[-1].start()].strip(" \t([")):
                    yield found  # a bare ID after the name makes it a link
                at = found.next_token
            else:
                if free is not None and not found and start >= clear:
                    free.add(at)
                at += 1

    def _match_longest_name(self, prose: str, words: list[tuple[str, int, int]], stems: list[str], at: int) -> _NameMatch | None:
        """Return the longest name that starts at the token `at`, or None."""
        if at >= len(words):
            return None
        names = self._find_names_by_first_stem(stems[at])
        for length in self._name_lengths[stems[at]]:
            last = at + length
            fitting = names.get(tuple(stems[at:last]), ()) if last <= len(words) else ()
            fitting = [name for name in fitting if _is_form_of_name(name, prose, words[at:last])]
            if fitting:
                start, end = words[at][1] - len(fitting[0].head), words[last - 1][2] + len(fitting[0].tail)
                if len({name.path for name in fitting}) > 1:
                    exact = fold(prose[start:end])
                    fitting = [name for name in fitting if fold(name.text) == exact]
                return _NameMatch(start, end, last, fitting[0] if len({name.path for name in fitting}) == 1 else None)
        return None

    def _find_names_by_first_stem(self, stem: str) -> dict[tuple[str, ...], list[NoteName]]:
        """Return the names whose first word has this stem, by the stems of all their words. Parses them on first use."""
        found = self._parsed_names.get(stem)
        if found is None:
            found = self._parsed_names[stem] = {}
            # a word begins with its stem, except that y may become i, and that a final e (hope, hoping) or l
            # (sensible, sensibility) of the stem may be missing from the word
            start = _fold_y(stem[:-1] if len(stem) > 2 and stem[-1] in "el" else stem)
            place = bisect_left(self._sorted_first_words, (start, ""))
            while place < len(self._sorted_first_words) and self._sorted_first_words[place][0].startswith(start):
                word = self._sorted_first_words[place][1]
                place += 1
                if self._stem_word(word) == stem:
                    for path, name in self._names_by_first_word[word]:
                        words = tokenise(name)
                        stems = tuple(self._stem_word(word) for word, _, _ in words)
                        if is_searchable_name([word for word, _, _ in words]) and not (len(stems) == 1 and self._is_common(stem)):
                            head, tail = (
                                name[: words[0][1]].lstrip(_OPTIONAL_PUNCTUATION),
                                name[words[-1][2] :].rstrip(_OPTIONAL_PUNCTUATION),
                            )
                            own = tuple(word for word, _, _ in words)
                            found.setdefault(stems, []).append(NoteName(path, name, own, _extract_gaps(name, words), head, tail))
            self._name_lengths[stem] = sorted({len(stems) for stems in found}, reverse=True)
        return found


def find_words(source: str, target: str, words: str, parsed: ParsedNote) -> list[Mention]:
    """Return where words stand as they are written in the prose of the note at `source`, as mentions of the note at `target`.

    Skips headings, links and code.
    """
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    return [
        _build_mention(source, target, words, passage, *found.span(), parsed)
        for passage in parsed.passages
        if not passage.level
        for found in pattern.finditer(blank_links(passage.prose))
    ]


def _build_mention(
    source: str, target: str, name: str, passage: Passage, at: int, till: int, parsed: ParsedNote, *, is_partial: bool = False
) -> Mention:
    """Build the mention from character `at` to `till` of a passage."""
    start, end = find_byte_offset(passage, at), find_byte_end(passage, till - 1)
    sentence, mark, _ = Quoter(passage).quote(at, till)
    return Mention(source, target, name, passage.headings, sentence, mark, parsed.lines.find_line(start), start, end, is_partial)


def _is_before_id(prose: str, at: int) -> bool:
    """Return whether a bare ID follows, of which the words before it are then the title."""
    while prose[at : at + 1] in (" ", "\t", "(", "["):
        at += 1
    found = INLINE_TOKEN.match(prose, at)
    return found is not None and found["id"] is not None


def is_searchable_name(words: list[str]) -> bool:
    """Return whether the (folded) words of a title or alias are worth looking for.

    They are not if they have fewer than three letters (CJK: two), or are only words like "the" and "note", numbers or dates.
    """
    if len("".join(words)) < (2 if any(map(is_unspaced, words)) else 3):
        return False
    return not all(word in GENERIC_WORDS for word in words) and not all(word in CALENDAR_WORDS or NUMBER.fullmatch(word) for word in words)


def is_likely_mention(mention: Mention, is_common: Callable[[str], bool]) -> bool:
    """Return whether a mention is likely to mean the note.

    A name of several words is. A single lower-case word is if it is not `is_common` (called with the folded word), or if
    the name itself is in lower case. A capitalised one is unless it is part of a proper name: "Research" in "Roam Research".
    """
    words = tokenise(mention.text)
    if len(words) != 1:
        return True
    if not mention.text[:1].isupper():
        return mention.text == mention.name or not is_common(words[0][0])
    return not _is_part_of_proper_name(mention)


def _is_part_of_proper_name(mention: Mention) -> bool:
    """Return whether a word next to the mention is capitalised, too, and not only because it begins the sentence."""
    neighbours = (_WORD_BEFORE.search(mention.sentence[: mention.mark[0]]), _WORD_AFTER.match(mention.sentence, mention.mark[1]))
    whole = all(word[:1].isupper() for word in mention.sentence.split())
    return any(found and found["word"][0].isupper() and (whole or found["word"].lower() not in STOP_WORDS) for found in neighbours)


def _find_first_word(name: str) -> str:
    return next(iter(split_words(name)), "")


def _fold_y(word: str) -> str:
    return word.replace("y", "i")


def _find_token_start(words: list[tuple[str, int, int]], at: int, default: int) -> int:
    return words[at][1] if at < len(words) else default


def _extract_gaps(text: str, words: list[tuple[str, int, int]]) -> str:
    """Return the punctuation between words, without blanks and hyphens, and with plain apostrophes."""
    gaps = [text[one[2] : other[1]].replace("’", "'") for one, other in itertools.pairwise(words)]
    return "\n".join("".join(gap.split()) for gap in gaps) if not all(WORD_GAP.fullmatch(gap) for gap in gaps) else ""


def _is_form_of_name(name: NoteName, prose: str, words: list[tuple[str, int, int]]) -> bool:
    """Return whether words with the stems of a name are that name: each an inflection of its word, with the punctuation that belongs to the name."""
    if not all(is_same_word(word, own) for (word, _, _), own in zip(words, name.words, strict=True)):
        return False
    around = prose.endswith(name.head, 0, words[0][1]) and prose.startswith(name.tail, words[-1][2])
    return around and _extract_gaps(prose, words) in ("", name.gaps)


def is_same_word(word: str, other: str) -> bool:
    """Return whether two words of the same stem are inflections of one word: plan and planning, but not product and productive."""
    same = next((at for at, (one, two) in enumerate(zip(word, other, strict=False)) if one != two), min(len(word), len(other)))
    ends = [end[1:] if end[:1] == word[same - 1 : same] and len(end) > 2 else end for end in (word[same:], other[same:])]
    return word == other or (
        any(end in _BASE_ENDINGS for end in ends) and all(end in (*_BASE_ENDINGS, *_INFLECTED_ENDINGS) for end in ends)
    )


def _is_standalone(prose: str, start: int, end: int) -> bool:
    """Return whether a stretch of prose is not part of an address, a file name, an identifier or an escape sequence."""
    before, after = prose[start - 1 : start], prose[end : end + 2]
    return before not in ("@", "\\", "$", "_") and after[:1] not in ("@", "=", "_") and not (after[:1] == "." and after[1:].isalnum())
