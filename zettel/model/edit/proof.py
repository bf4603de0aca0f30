"""Prove an edit of a note: compare the parsed note before and after the edit, and report what differs although it must not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from zettel.model.link.link import Link, Resolution
from zettel.model.note.blocks import TEXT, Piece
from zettel.model.note.heading import list_own_anchors
from zettel.model.note.parse import ParsedNote
from zettel.model.note.passage import collapse_whitespace

Replacement = tuple[int, int, bytes]
"""(start, end, new bytes): a replacement of the bytes between two offsets. Several are in order and do not overlap."""

WordRule = Callable[[ParsedNote, ParsedNote], bool]
"""Returns whether the words of a note, before and after an edit, differ only as they may."""

ResolveExpected = Callable[[Link], str | Resolution | None]
"""Returns what a link resolves to, as it is written in `ExpectedLink.resolution`."""

ANCHORS = "anchors"
"""The facet of a note's block IDs, and of the IDs that its headings get from `{#id}`."""

FACETS: dict[str, Callable[[ParsedNote], object]] = {
    **{name: attrgetter(name) for name in ("id", "title", "aliases", "created", "problems", "tags", "headings")},
    "problem codes": lambda parsed: [problem.code for problem in parsed.problems],
    "table cells": lambda parsed: sum(passage.is_cell for passage in parsed.passages),
    ANCHORS: lambda parsed: list_own_anchors(parsed.passages),
}
"""What is compared of a note besides its links and words, by name."""

METADATA = frozenset(("id", "title", "aliases", "created", "problems", "problem codes"))
"""The facets that say what a note is, except its tags."""

LINKS, WORDS = "links", "words"


def apply_replacements(data: bytes, replacements: Iterable[Replacement]) -> bytes:
    """Return `data` with the replacements made."""
    parts: list[bytes] = []
    at = 0
    for start, end, written in replacements:
        parts += [data[at:start], written]
        at = end
    return b"".join([*parts, data[at:]])


class Difference(NamedTuple):
    """The name of a facet that differs, `LINKS` or `WORDS`. `link` is the index of the link if a single one is wrong."""

    facet: str
    link: int | None = None


class ExpectedLink(NamedTuple):
    """What a link must be after an edit. A field that is None allows anything.

    The link must begin at one of the bytes `starts`. `label` is what it shows, whitespace, marks of emphasis and quotation marks aside. With `label_place` it stands
    beside the link: between two offsets from the link's end or, if they are not positive, from its start. `longest_label` must start with the label, since the label of a bare ID ends with its clause.
    """

    syntax: str | None = None
    text: str | None = None
    dests: tuple[str, ...] | None = None
    starts: range | None = None
    label: str | None = None
    label_place: tuple[int, int] | None = None
    longest_label: str | None = None
    resolution: str | Resolution | None = None

    def is_met_by(self, link: Link, words: NoteWords, resolve: ResolveExpected) -> bool:
        """Return whether `link` is as expected. `words` are those of its note, and `resolve` returns what is compared with `resolution`."""
        return (
            self.syntax in (None, link.syntax)
            and self.text in (None, link.text)
            and (self.dests is None or link.dest in self.dests)
            and (self.starts is None or link.start in self.starts)
            and (self.label is None or _strip_marks(self.label) == _strip_marks(self._find_label(link, words)))
            and (self.longest_label is None or self.longest_label.startswith(link.label))
            and (self.resolution is None or self.resolution == resolve(link))
        )

    def _find_label(self, link: Link, words: NoteWords) -> str:
        if self.label_place is None:
            return link.label
        start, end = self.label_place
        origin = link.end if end > 0 else link.start
        return words.collect_between(origin + start, origin + end)


def _strip_marks(label: str) -> str:
    return collapse_whitespace(label).strip("*_=~`\"'“”„‘’«»‹›()")


def find_difference(
    before: ParsedNote,
    after: ParsedNote,
    *,
    may_differ: Collection[str] = (),
    links: Sequence[ExpectedLink] | None = None,
    words: WordRule | None = None,
    resolve: ResolveExpected = lambda _: None,
) -> Difference | None:
    """Return the first difference between a note before and after an edit that the edit must not make, or None.

    `before` has the metadata that the note must have afterwards. `may_differ` names what is not compared: facets, `LINKS`, `WORDS`. `links` are
    those that the note must have, in order, and `words` checks its passages. By default both must be exactly as before.
    """
    expected = keep_links(before.links) if links is None else links
    has_expected_words = words or has_same_passages
    if LINKS not in may_differ and len(after.links) != len(expected):
        return Difference(LINKS)
    for facet, get_value in FACETS.items():
        if facet not in may_differ and get_value(before) != get_value(after):
            return Difference(facet)
    if WORDS not in may_differ and not has_expected_words(before, after):
        return Difference(WORDS)
    if LINKS not in may_differ:
        for wrong in find_wrong_links(after, expected, resolve):
            return Difference(LINKS, wrong)
    return None


def find_wrong_links(after: ParsedNote, expected: Sequence[ExpectedLink], resolve: ResolveExpected) -> Iterator[int]:
    """Yield the index of each link that is not as expected. Yields nothing if their number is wrong, as they cannot be matched then."""
    if len(after.links) == len(expected):
        words = NoteWords(after)
        yield from (at for at, (one, link) in enumerate(zip(expected, after.links, strict=True)) if not one.is_met_by(link, words, resolve))


def keep_links(links: Iterable[Link], replacements: Sequence[Replacement] = (), *, may_move: bool = False) -> list[ExpectedLink]:
    """Return what the links of a note must be if they stay the same. Only the replacements before a link move it, unless all `may_move`."""
    kept = []
    growth = number = 0
    for link in links:
        while number < len(replacements) and (replacements[number][0] < link.start or replacements[number][1] <= link.start):
            start, end, written = replacements[number]
            growth += len(written) - (end - start)
            number += 1
        at = link.start + growth
        kept.append(ExpectedLink(link.syntax, link.text, (link.dest,), None if may_move else range(at, at + 1)))
    return kept


def has_same_passages(before: ParsedNote, after: ParsedNote) -> bool:
    """Return whether every passage is the same, to the last blank."""
    old, new = (
        [(passage.level, passage.is_cell, passage.text, passage.prose) for passage in parsed.passages] for parsed in (before, after)
    )
    return old == new


def has_words_appended(before: ParsedNote, after: ParsedNote) -> bool:
    """Return whether the words are the same, except that others may follow at the end."""
    old, new = (" ".join(passage.text for passage in parsed.passages).split() for parsed in (before, after))
    return new[: len(old)] == old


def has_one_text_changed(
    before: ParsedNote, after: ParsedNote, *, texts: Collection[tuple[str, str]] = (), added: Sequence[str] = (), is_optional: bool = False
) -> bool:
    """Return whether the passages are the same, whitespace aside, except that one text is replaced once and the passages `added` follow.

    `texts` are the possible pairs of (old text, new text). With `is_optional`, there may also be no replacement.
    """
    old, new = ([collapse_whitespace(passage.text) for passage in parsed.passages] for parsed in (before, after))
    if len(new) != len(old) + len(added) or new[len(old) :] != [*map(collapse_whitespace, added)]:
        return False
    changed = [(one, other) for one, other in zip(old, new, strict=False) if one != other]
    if not changed:
        return is_optional or not texts
    return len(changed) == 1 and any(_is_one_replacement(*changed[0], *pair) for pair in texts)


def _is_one_replacement(old: str, new: str, before: str, after: str) -> bool:
    """Return whether replacing `before` by `after` somewhere in `old` makes `new`."""
    if len(new) - len(old) != len(after) - len(before):
        return False
    first = len(old) - len(before) - _count_common(old[::-1], new[::-1])
    last = min(len(old) - len(before), _count_common(old, new))
    return any(old.startswith(before, at) and new.startswith(after, at) for at in range(max(0, first), last + 1))


def _count_common(one: str, other: str) -> int:
    """Count the characters that two texts have in common at their start."""
    return next((at for at, (char, same) in enumerate(zip(one, other, strict=False)) if char != same), min(len(one), len(other)))


def has_same_words_outside(before: ParsedNote, after: ParsedNote, *, replacements: Sequence[Replacement] = ()) -> bool:
    """Return whether the words outside the replaced bytes are the same. Whitespace and the bounds of passages do not count."""
    old_spans = [(start, end) for start, end, _ in replacements]
    new_spans: list[tuple[int, int]] = []
    growth = 0
    for start, end, written in replacements:
        new_spans.append((start + growth, start + growth + len(written)))
        growth += len(written) - (end - start)
    return _collect_words_outside(before, old_spans) == _collect_words_outside(after, new_spans)


class NoteWords:
    """The plain words of a note, for lookup by byte offset."""

    def __init__(self, parsed: ParsedNote) -> None:
        pieces = (piece for passage in parsed.passages for _, piece in passage.pieces)
        self._pieces = sorted(((piece.start, number, piece) for number, piece in enumerate(pieces)), key=lambda item: item[:2])
        self._starts = [start for start, _, _ in self._pieces]
        self._max_ends = list(accumulate((piece.end for _, _, piece in self._pieces), max))

    def collect_between(self, start: int, end: int) -> str:
        """Return the plain words of the bytes from `start` to `end`."""
        near = self._pieces[bisect_right(self._max_ends, start) : bisect_left(self._starts, end)]
        found = sorted((number, piece) for _, number, piece in near if start < piece.end)
        return "".join(_slice_piece(piece, start, end) for _, piece in found)


def _collect_words_outside(parsed: ParsedNote, spans: Sequence[tuple[int, int]]) -> str:
    """Return the plain words of a note outside the given byte spans, without whitespace. The spans must be in order and must not overlap."""
    starts = [start for start, _ in spans]
    words: list[str] = []
    for passage in parsed.passages:
        for _, piece in passage.pieces:
            at = piece.start
            for start, end in spans[max(0, bisect_right(starts, piece.start) - 1) : bisect_left(starts, piece.end)]:
                words.append(_slice_piece(piece, at, start) if start > at else "")
                at = max(at, end)
            words.append(_slice_piece(piece, at, piece.end) if at < piece.end else "")
    return "".join("".join(words).split())


def _slice_piece(piece: Piece, start: int, end: int) -> str:
    """Return the text of a piece between two byte offsets. Plain text is cut at the character; any other piece is returned whole."""
    if (start <= piece.start and end >= piece.end) or piece.kind != TEXT:
        return piece.text
    data = _encode_text(piece.text)
    if len(data) != piece.end - piece.start:
        return piece.text
    return data[max(0, start - piece.start) : max(0, end - piece.start)].decode("utf-8", "replace")


@lru_cache(maxsize=8)
def _encode_text(text: str) -> bytes:
    return text.encode()
