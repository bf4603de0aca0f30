"""Verify an edit that rewrites links: parse the note again and check that only the intended changes were made."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from zettel.model.editing.relabelling import LinkRename, Renames
from zettel.model.editing.relinking import LinkRewrite
from zettel.model.link import Link
from zettel.model.outline import TEXT, Piece
from zettel.model.passage import collapse_whitespace
from zettel.model.reading import ParsedNote
from zettel.model.resolving import resolve_link

ByteSpan = tuple[int, int]
"""(start, end) in bytes."""


def sort_rewrites(chosen: Sequence[LinkRewrite | None]) -> list[LinkRewrite]:
    """Return the chosen rewrites in the order of their position."""
    return sorted((rewrite for rewrite in chosen if rewrite), key=lambda rewrite: rewrite.start)


class Proof:
    """The conditions that a note must meet when it is parsed after the edit."""

    def __init__(
        self,
        renames: Renames,
        path: str,
        original: ParsedNote,
        before: ParsedNote,
        title: str | None,
        link_renames: list[LinkRename],
        *,
        is_part: bool,
    ) -> None:
        """Take the note at `map_path` as it was parsed originally, and `before`, the parse of the bytes to rewrite; see `rewriting.relinked`."""
        self.is_part = is_part
        self.renames, self.path, self.original, self.before, self.link_renames = renames, path, original, before, link_renames
        self.title = original.title if title is None else title

    def find_fault(self, after: ParsedNote, chosen: Sequence[LinkRewrite | None], up_to: int | None = None) -> int | None:
        """Return the index of the first link that is wrong after the edit, -1 if something other than a link is, or None if nothing is.

        With `up_to`, the targets and labels of links after that index are not checked yet.
        """
        if not self._keeps_metadata(after) or (up_to is None and not self._keeps_words(after, chosen)):
            return -1
        words = NoteWords(after)
        for at, (link_rename, link, rewrite) in enumerate(zip(self.link_renames, after.links, chosen, strict=True)):
            if up_to is not None and at > up_to:
                if rewrite is None and link.syntax != link_rename.link.syntax:
                    return at
            elif not self._is_link_correct(link_rename, link, rewrite, words):
                return at
        return None

    def find_wrong_links(self, after: ParsedNote, chosen: Sequence[LinkRewrite | None]) -> Iterator[int]:
        """Yield the indexes of all wrong links, whatever else changed. Yields nothing if the number of links changed, as they cannot be matched then."""
        if len(after.links) == len(self.link_renames):
            words = NoteWords(after)
            for at, (link_rename, link, rewrite) in enumerate(zip(self.link_renames, after.links, chosen, strict=True)):
                if not self._is_link_correct(link_rename, link, rewrite, words):
                    yield at

    def _keeps_metadata(self, after: ParsedNote) -> bool:
        """Return whether the note has the same metadata and the same number of links and table cells."""
        before = self.original
        if len(after.links) != len(self.link_renames) or before.tags != after.tags:
            return False
        if not self.is_part and (self.title, *_collect_metadata(before)) != (after.title, *_collect_metadata(after)):
            return False
        return sum(passage.is_cell for passage in before.passages) == sum(passage.is_cell for passage in after.passages)

    def _keeps_words(self, after: ParsedNote, chosen: Sequence[LinkRewrite | None]) -> bool:
        return self._collect_unchanged_words(chosen) == collect_words_outside(after, self._find_new_spans(chosen))

    def _collect_unchanged_words(self, chosen: Sequence[LinkRewrite | None]) -> str:
        """Return the plain words of the note before the edit, except those that are rewritten."""
        return collect_words_outside(self.before, [(rewrite.start, rewrite.end) for rewrite in sort_rewrites(chosen)])

    def _find_new_spans(self, chosen: Sequence[LinkRewrite | None]) -> list[ByteSpan]:
        """Return the byte spans of the rewritten passages after the edit."""
        spans: list[ByteSpan] = []
        growth = 0
        for rewrite in sort_rewrites(chosen):
            spans.append((rewrite.start + growth, rewrite.start + growth + len(rewrite.replacement)))
            growth += len(rewrite.replacement) - (rewrite.end - rewrite.start)
        return spans

    def _is_link_correct(self, link_rename: LinkRename, link: Link, rewrite: LinkRewrite | None, words: NoteWords) -> bool:
        was_in_prose = not link_rename.destinations and link_rename.link.syntax in ("bare", "sign")
        if link.syntax != ("wiki" if was_in_prose else link_rename.link.syntax):
            return False
        if rewrite is None and link.text != link_rename.link.text:
            return False
        if rewrite is not None and rewrite.new_label is not None:
            is_bare = link.syntax in ("bare", "sign")
            shown = words.collect_between(link.end, link.start + len(rewrite.replacement)) if is_bare else link.label
            if collapse_whitespace(shown) != collapse_whitespace(rewrite.new_label):
                return False
        resolution = resolve_link(self.renames.map_path(self.path), link.syntax, link.dest, self.renames.find_after)
        return resolution == link_rename.new_resolution


def _collect_metadata(parsed: ParsedNote) -> tuple[object, ...]:
    """Return the metadata of a note except its title and tags."""
    return parsed.id, parsed.aliases, parsed.created, [problem.code for problem in parsed.problems]


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


def collect_words_outside(parsed: ParsedNote, spans: Sequence[ByteSpan]) -> str:
    """Return the plain words of a note outside the given byte spans, without white space. The spans must be in order and must not overlap."""
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
