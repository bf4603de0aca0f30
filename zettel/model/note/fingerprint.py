"""Fingerprint the text of notes, to find near-duplicates without reading every note again.

Notes are compared by their shingles, all sequences of three words in them (Broder, "On the resemblance and containment of
documents", 1997). Two notes that share most shingles nearly always share some of those with the smallest hashes, too, so only
notes that share enough of these are compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from heapq import nsmallest
from itertools import combinations
from typing import NamedTuple
from zlib import crc32

from zettel.model.note import frontmatter
from zettel.model.text.fold import fold_letters

WORD = re.compile(r"\w+")
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
HEADING = re.compile(r"^[ \t]{0,3}#{1,6}(?:[ \t][^\r\n]*)?$", re.M)
LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
FENCE = re.compile(r"[ \t]{0,3}(?:>[ \t]*)*(```+|~~~+)")
OURS, MIDDLE, THEIRS = re.compile(r"<{7}(?:[ \t]|$)"), re.compile(r"={7}[ \t]*$"), re.compile(r">{7}(?:[ \t]|$)")

SHINGLE_WORDS = 3
"""Words in a shingle."""

HASH_COUNT, MIN_SHARED_HASHES = 16, 6
"""Number of hashes stored for a note, and how many of them two notes must share to be compared. If four fifths of their shingles
are the same, two notes share fewer once in 30,000 times (binomial distribution)."""

MAX_WORDS = 50_000
"""Maximum words of a note that are hashed."""


class Fingerprint(NamedTuple):
    """The fingerprint of a note's text.

    `word_count` counts the words of the body without headings, `conflict_line` is the line of a Git conflict marker (0 if there is none),
    and `min_hashes` are the smallest hashes of the note's shingles.
    """

    word_count: int
    conflict_line: int
    min_hashes: tuple[int, ...]


def build_fingerprint(text: str) -> Fingerprint:
    """Compute the fingerprint of a note's text."""
    body = _extract_body(text)
    words = _split_words(body)
    below = HEADING.sub("", body)
    left = len(words) if below == body else len(WORD.findall(below))
    return Fingerprint(
        left or int(not below.isspace() and below not in ("", "\ufeff")),
        _find_conflict_line(text),
        tuple(nsmallest(HASH_COUNT, _hash_shingles(words))),
    )


def compute_jaccard(one: str, other: str) -> float:
    """Return the Jaccard similarity of the shingles of two texts, 0 to 1."""
    first, second = (_hash_shingles(_split_words(_extract_body(text))) for text in (one, other))
    return len(first & second) / len(first | second) if first or second else 1.0


MIN_VERSION_SIMILARITY, MIN_VERSION_WORDS = 0.5, 5
"""Smallest share of shingles that two versions of a note have in common, and the words that each must have."""


def is_version(one: str, other: str, words: int) -> bool:
    """Return whether two texts, each of at least `words` words, are versions of the same note: half of their shingles are the same."""
    return words >= MIN_VERSION_WORDS and compute_jaccard(one, other) >= MIN_VERSION_SIMILARITY


def _extract_body(text: str) -> str:
    front = frontmatter.find_front_matter(text)
    body = text[front.body_start if front else 0 :]
    return COMMENT.sub("", body) if "<!--" in body else body


def _split_words(body: str) -> list[str]:
    return WORD.findall(fold_letters(body[: 20 * MAX_WORDS]))[:MAX_WORDS]


def _hash_shingles(words: list[str]) -> set[int]:
    """Return a hash for every shingle, the same on every machine."""
    numbers = [_word_hashes[word] for word in words]
    return {one ^ (two << 1) ^ (three << 2) for one, two, three in zip(numbers, numbers[1:], numbers[2:], strict=False)}


class _WordHashes(dict[str, int]):
    """A cache of the hash of each word. A few words make up most of any text."""

    def __missing__(self, word: str) -> int:
        number = self[word] = crc32(word.encode("utf-8", "replace"))
        return number


_word_hashes = _WordHashes()


def _find_conflict_line(text: str) -> int:
    """Return the line at which a Git conflict begins in a note, or 0. A conflict inside a fenced code block is an example."""
    if "<<<<<<<" not in text or "=======" not in text or ">>>>>>>" not in text:
        return 0
    begun, has_middle, fence, fence_at_start = 0, False, "", ""
    for number, line in enumerate(LINE.findall(text), 1):
        if OURS.match(line):
            begun, has_middle, fence_at_start = number, False, fence
        elif begun and MIDDLE.match(line.rstrip("\r\n")):
            has_middle = True
        elif begun and has_middle and THEIRS.match(line):
            if not (fence and fence_at_start):
                return begun
            begun = 0
        elif found := FENCE.match(line):
            fence = "" if fence and found[1].startswith(fence) else fence or found[1]
    return 0


def find_similar_pairs(fingerprints: Iterable[tuple[str, Fingerprint]], max_sharing: int) -> list[tuple[str, str]]:
    """Return the sorted pairs of paths of notes that may be near-duplicates. Ignores hashes that more than `max_sharing` notes share."""
    sharing: dict[int, list[str]] = {}
    for path, own in fingerprints:
        for number in own.min_hashes:
            sharing.setdefault(number, []).append(path)
    counts = Counter(pair for paths in sharing.values() if 1 < len(paths) <= max_sharing for pair in combinations(paths, 2))
    return sorted(pair for pair, count in counts.items() if count >= MIN_SHARED_HASHES)
