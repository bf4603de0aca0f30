"""Verify an edit that rewrites links: parse the note again and check that only the intended changes were made."""

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
"""(start, end) in bytes."""


def in_order(chosen: Sequence[Way | None]) -> list[Way]:
    """Return the chosen rewrites in the order of their position."""
    return sorted((rewrite for rewrite in chosen if rewrite), key=lambda rewrite: rewrite.start)


class Proof:
    """The conditions that a note must meet when it is parsed after the edit."""

    def __init__(
        self, world: Relabelling, path: str, original: Reading, before: Reading, title: str | None, choices: list[Choice], *, is_part: bool
    ) -> None:
        """Take the note at `path` as it was parsed originally, and `before`, the parse of the bytes to rewrite; see `rewriting.relinked`."""
        self.is_part = is_part
        self.world, self.path, self.original, self.before, self.choices = world, path, original, before, choices
        self.title = original.title if title is None else title

    def fault(self, after: Reading, chosen: Sequence[Way | None], upto: int | None = None) -> int | None:
        """Return the index of the first link that is wrong after the edit, -1 if something other than a link is, or None if nothing is.

        With `upto`, the targets and labels of links after that index are not checked yet.
        """
        if not self._is_same(after) or (upto is None and not self._says_the_same(after, chosen)):
            return -1
        words = Words(after)
        for at, (link_rename, link, rewrite) in enumerate(zip(self.choices, after.links, chosen, strict=True)):
            if upto is not None and at > upto:
                if rewrite is None and link.syntax != link_rename.link.syntax:
                    return at
            elif not self._is_right(link_rename, link, rewrite, words):
                return at
        return None

    def wrong(self, after: Reading, chosen: Sequence[Way | None]) -> Iterator[int]:
        """Yield the indexes of all wrong links, whatever else changed. Yields nothing if the number of links changed, as they cannot be matched then."""
        if len(after.links) == len(self.choices):
            words = Words(after)
            for at, (link_rename, link, rewrite) in enumerate(zip(self.choices, after.links, chosen, strict=True)):
                if not self._is_right(link_rename, link, rewrite, words):
                    yield at

    def _is_same(self, after: Reading) -> bool:
        """Return whether the note has the same metadata and the same number of links and table cells."""
        before = self.original
        if len(after.links) != len(self.choices) or before.tags != after.tags:
            return False
        if not self.is_part and (self.title, *_facts(before)) != (after.title, *_facts(after)):
            return False
        return sum(passage.is_cell for passage in before.passages) == sum(passage.is_cell for passage in after.passages)

    def _says_the_same(self, after: Reading, chosen: Sequence[Way | None]) -> bool:
        return self._words_beside(chosen) == words_but(after, self._spans_after(chosen))

    def _words_beside(self, chosen: Sequence[Way | None]) -> str:
        """Return the plain words of the note before the edit, except those that are rewritten."""
        return words_but(self.before, [(rewrite.start, rewrite.end) for rewrite in in_order(chosen)])

    def _spans_after(self, chosen: Sequence[Way | None]) -> list[Span]:
        """Return the byte spans of the rewritten passages after the edit."""
        spans: list[Span] = []
        growth = 0
        for rewrite in in_order(chosen):
            spans.append((rewrite.start + growth, rewrite.start + growth + len(rewrite.written)))
            growth += len(rewrite.written) - (rewrite.end - rewrite.start)
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
        resolution = resolve(self.world.path(self.path), link.syntax, link.dest, self.world.after)
        return resolution == choice.wanted


def _facts(reading: Reading) -> tuple[object, ...]:
    """Return the metadata of a note except its title and tags."""
    return reading.id, reading.aliases, reading.created, [problem.code for problem in reading.problems]


class Words:
    """The plain words of a note, for lookup by byte offset."""

    def __init__(self, reading: Reading) -> None:
        pieces = (piece for passage in reading.passages for _, piece in passage.pieces)
        self._pieces = sorted(((piece.start, number, piece) for number, piece in enumerate(pieces)), key=lambda item: item[:2])
        self._starts = [start for start, _, _ in self._pieces]
        self._reached = list(accumulate((piece.end for _, _, piece in self._pieces), max))

    def between(self, start: int, end: int) -> str:
        """Return the plain words of the bytes from `start` to `end`."""
        near = self._pieces[bisect_right(self._reached, start) : bisect_left(self._starts, end)]
        found = sorted((number, piece) for _, number, piece in near if start < piece.end)
        return "".join(_within(piece, start, end) for _, piece in found)


def words_but(reading: Reading, spans: Sequence[Span]) -> str:
    """Return the plain words of a note outside the given byte spans, without white space. The spans must be in order and must not overlap."""
    starts = [start for start, _ in spans]
    words: list[str] = []
    for passage in reading.passages:
        for _, piece in passage.pieces:
            at = piece.start
            for start, end in spans[max(0, bisect_right(starts, piece.start) - 1) : bisect_left(starts, piece.end)]:
                words.append(_within(piece, at, start) if start > at else "")
                at = max(at, end)
            words.append(_within(piece, at, piece.end) if at < piece.end else "")
    return "".join("".join(words).split())


def _within(piece: Piece, start: int, end: int) -> str:
    """Return the text of a piece between two byte offsets. Plain text is cut at the character; any other piece is returned whole."""
    if (start <= piece.start and end >= piece.end) or piece.kind != TEXT:
        return piece.text
    data = _encoded(piece.text)
    if len(data) != piece.end - piece.start:
        return piece.text
    return data[max(0, start - piece.start) : max(0, end - piece.start)].decode("utf-8", "replace")


@lru_cache(maxsize=8)
def _encoded(text: str) -> bytes:
    return text.encode()
