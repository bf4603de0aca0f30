"""A sketch of a note's text: enough to find notes that are alike without reading all of them again.

Notes are compared by their shingles, the runs of three words that stand in them (Broder, "On the resemblance and
containment of documents", 1997). Of two notes that share most shingles, the few whose hashes are least are nearly always
shared, too, so only notes that share one of those are looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from heapq import nsmallest
from itertools import combinations
from typing import NamedTuple
from zlib import crc32

from zettel.model import frontmatter
from zettel.model.text import plain_letters

WORD = re.compile(r"\w+")
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
HEADING = re.compile(r"^[ \t]{0,3}#{1,6}(?:[ \t][^\r\n]*)?$", re.M)
LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
FENCE = re.compile(r"[ \t]{0,3}(?:>[ \t]*)*(```+|~~~+)")
OURS, MIDDLE, THEIRS = re.compile(r"<{7}(?:[ \t]|$)"), re.compile(r"={7}[ \t]*$"), re.compile(r">{7}(?:[ \t]|$)")

RUN = 3
"""Words of a shingle."""

KEPT, SHARED = 16, 6
"""Hashes that are kept of a note, and how many of them two notes share that may be alike: if four fifths of their shingles are the
same, they have fewer in common once in 30,000 times (binomial)."""

LONGEST = 50_000
"""Words of a note at most that are looked at."""


class Sketch(NamedTuple):
    """`words` stand in the note below its front matter and headings, `marker` is the line of a conflict that git left (or 0).

    `least` are the least hashes of the note's shingles.
    """

    words: int
    marker: int
    least: tuple[int, ...]


def sketch(text: str) -> Sketch:
    """The sketch of a note with this text."""
    body = _body(text)
    words = _words(body)
    below = HEADING.sub("", body)
    left = len(words) if below == body else len(WORD.findall(below))
    return Sketch(left or int(not below.isspace() and below not in ("", "\ufeff")), _marker(text), tuple(nsmallest(KEPT, _hashes(words))))


def likeness(one: str, other: str) -> float:
    """The share of the shingles of two texts that stand in both, 0 to 1 (Jaccard)."""
    first, second = (_hashes(_words(_body(text))) for text in (one, other))
    return len(first & second) / len(first | second) if first or second else 1.0


def _body(text: str) -> str:
    front = frontmatter.split(text)
    body = text[front.end if front else 0 :]
    return COMMENT.sub("", body) if "<!--" in body else body


def _words(body: str) -> list[str]:
    return WORD.findall(plain_letters(body[: 20 * LONGEST]))[:LONGEST]


def _hashes(words: list[str]) -> set[int]:
    """A number for every shingle; the same on every machine."""
    numbers = [_numbers[word] for word in words]
    return {one ^ (two << 1) ^ (three << 2) for one, two, three in zip(numbers, numbers[1:], numbers[2:], strict=False)}


class _Numbers(dict[str, int]):
    """The number of each word, made once: few words stand for most of what is written."""

    def __missing__(self, word: str) -> int:
        number = self[word] = crc32(word.encode("utf-8", "replace"))
        return number


_numbers = _Numbers()


def _marker(text: str) -> int:
    """The line at which a conflict begins that git has left in a note, or 0; one that stands whole in a fence is an example."""
    if "<<<<<<<" not in text or "=======" not in text or ">>>>>>>" not in text:
        return 0
    begun, parted, fence, fence_at_begin = 0, False, "", ""
    for number, line in enumerate(LINE.findall(text), 1):
        if OURS.match(line):
            begun, parted, fence_at_begin = number, False, fence
        elif begun and MIDDLE.match(line.rstrip("\r\n")):
            parted = True
        elif begun and parted and THEIRS.match(line):
            if not (fence and fence_at_begin):
                return begun
            begun = 0
        elif found := FENCE.match(line):
            fence = "" if fence and found[1].startswith(fence) else fence or found[1]
    return 0


def alike(sketches: Iterable[tuple[str, Sketch]], most: int) -> list[tuple[str, str]]:
    """Pairs of notes (by path, in order) that may be alike; a hash that more than `most` notes share tells nothing."""
    sharing: dict[int, list[str]] = {}
    for path, own in sketches:
        for number in own.least:
            sharing.setdefault(number, []).append(path)
    counts = Counter(pair for paths in sharing.values() if 1 < len(paths) <= most for pair in combinations(paths, 2))
    return sorted(pair for pair, count in counts.items() if count >= SHARED)
