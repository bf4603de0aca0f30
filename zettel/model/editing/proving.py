"""The proof of an edit that rewrites links: the note is read again, and says what it said but for what was meant to change."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from zettel.model.editing.relabelling import Choice, Relabelling
from zettel.model.editing.relinking import Way
from zettel.model.link import Link
from zettel.model.outline import TEXT, Piece
from zettel.model.passage import one_line
from zettel.model.reading import Reading
from zettel.model.resolving import resolve

Span = tuple[int, int]
"""Where something begins and ends, in bytes."""


def in_order(chosen: Sequence[Way | None]) -> list[Way]:
    """The ways that are chosen, by where they stand."""
    return sorted((way for way in chosen if way), key=lambda way: way.start)


class Proof:
    """What must be true of a note as it is read afterwards."""

    def __init__(
        self, world: Relabelling, path: str, original: Reading, before: Reading, title: str | None, choices: list[Choice], *, is_part: bool
    ) -> None:
        """`original` is what the note at `path` was read as, `before` what its bytes are read as that are rewritten; see `rewriting.relinked`."""
        self.is_part = is_part
        self.world, self.path, self.original, self.before, self.choices = world, path, original, before, choices
        self.title = original.title if title is None else title

    def fault(self, after: Reading, chosen: Sequence[Way | None], upto: int | None = None) -> int | None:
        """The number of the first link that is not as it should be (-1: something else is not); None: all is well.

        `upto`: the links behind that one need not be as they should yet.
        """
        if not self._is_same(after) or (upto is None and not self._says_the_same(after, chosen)):
            return -1
        words = Words(after)
        for at, (choice, link, way) in enumerate(zip(self.choices, after.links, chosen, strict=True)):
            if upto is not None and at > upto:
                if way is None and link.syntax != choice.link.syntax:
                    return at
            elif not self._is_right(choice, link, way, words):
                return at
        return None

    def wrong(self, after: Reading, chosen: Sequence[Way | None]) -> Iterator[int]:
        """The numbers of all links that are not as they should be, whatever else is; of none, where they cannot be told from each other."""
        if len(after.links) == len(self.choices):
            words = Words(after)
            for at, (choice, link, way) in enumerate(zip(self.choices, after.links, chosen, strict=True)):
                if not self._is_right(choice, link, way, words):
                    yield at

    def _is_same(self, after: Reading) -> bool:
        """Whether the note says the same of itself, and has as many links and cells of tables."""
        before = self.original
        if len(after.links) != len(self.choices) or before.tags != after.tags:
            return False
        if not self.is_part and (self.title, *_facts(before)) != (after.title, *_facts(after)):
            return False
        return sum(run.is_cell for run in before.passages) == sum(run.is_cell for run in after.passages)

    def _says_the_same(self, after: Reading, chosen: Sequence[Way | None]) -> bool:
        return self._words_beside(chosen) == words_but(after, self._spans_after(chosen))

    def _words_beside(self, chosen: Sequence[Way | None]) -> str:
        """The plain words of the note before, but for those that are rewritten."""
        return words_but(self.before, [(way.start, way.end) for way in in_order(chosen)])

    def _spans_after(self, chosen: Sequence[Way | None]) -> list[Span]:
        """Where what is rewritten stands afterwards."""
        spans: list[Span] = []
        grown = 0
        for way in in_order(chosen):
            spans.append((way.start + grown, way.start + grown + len(way.written)))
            grown += len(way.written) - (way.end - way.start)
        return spans

    def _is_right(self, choice: Choice, link: Link, way: Way | None, words: Words) -> bool:
        was_in_prose = not choice.dests and choice.link.syntax in ("bare", "sign")
        if link.syntax != ("wiki" if was_in_prose else choice.link.syntax):
            return False
        if way is None and link.text != choice.link.text:
            return False
        if way is not None and way.label is not None:
            is_bare = link.syntax in ("bare", "sign")
            shown = words.between(link.end, link.start + len(way.written)) if is_bare else link.label
            if one_line(shown) != one_line(way.label):
                return False
        now = resolve(self.world.path(self.path), link.syntax, link.dest, self.world.after)
        return now == choice.wanted


def _facts(reading: Reading) -> tuple[object, ...]:
    """What a note says of itself beside its title and tags."""
    return reading.id, reading.aliases, reading.created, [problem.code for problem in reading.problems]


class Words:
    """The plain words of a note, by where they stand in its bytes."""

    def __init__(self, reading: Reading) -> None:
        pieces = (piece for run in reading.passages for _, piece in run.pieces)
        self._pieces = sorted(((piece.start, number, piece) for number, piece in enumerate(pieces)), key=lambda item: item[:2])
        self._starts = [start for start, _, _ in self._pieces]
        self._reached = list(accumulate((piece.end for _, _, piece in self._pieces), max))

    def between(self, start: int, end: int) -> str:
        """The words of the bytes from `start` to `end`."""
        near = self._pieces[bisect_right(self._reached, start) : bisect_left(self._starts, end)]
        found = sorted((number, piece) for _, number, piece in near if start < piece.end)
        return "".join(_within(piece, start, end) for _, piece in found)


def words_but(reading: Reading, spans: Sequence[Span]) -> str:
    """The plain words of a note but for those of some spans of bytes, in order and apart from each other."""
    starts = [start for start, _ in spans]
    words: list[str] = []
    for run in reading.passages:
        for _, piece in run.pieces:
            at = piece.start
            for start, end in spans[max(0, bisect_right(starts, piece.start) - 1) : bisect_left(starts, piece.end)]:
                words.append(_within(piece, at, start) if start > at else "")
                at = max(at, end)
            words.append(_within(piece, at, piece.end) if at < piece.end else "")
    return "".join("".join(words).split())


def _within(piece: Piece, start: int, end: int) -> str:
    """The part of a piece's text that stands between two byte offsets: of plain text to the character, of all else the whole."""
    if (start <= piece.start and end >= piece.end) or piece.kind != TEXT:
        return piece.text
    data = _encoded(piece.text)
    if len(data) != piece.end - piece.start:
        return piece.text
    return data[max(0, start - piece.start) : max(0, end - piece.start)].decode("utf-8", "replace")


@lru_cache(maxsize=8)
def _encoded(text: str) -> bytes:
    return text.encode()
