"""Rewrite all links of a note as a rename requires, and prove the result by parsing it again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from zettel.model.base.errors import Refused
from zettel.model.edit.renames import LinkRename, Renames
from zettel.model.edit.rewrite_link import LinkRewrite, list_rewrites
from zettel.model.link.link import Link
from zettel.model.link.resolve import resolve_link
from zettel.model.note.blocks import TEXT, Piece
from zettel.model.note.parse import ParsedNote
from zettel.model.note.passage import collapse_whitespace

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
        """Take the note at `path` as it was parsed originally, and `before`, the parse of the bytes to rewrite; see `rewriting.relinked`."""
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


ParseNoteAt = Callable[[str, bytes], ParsedNote]
"""Parses a note as if it had this path and these bytes."""


class RewrittenNote(NamedTuple):
    """A note's new bytes, the links that were rewritten, and those whose label could not be updated."""

    data: bytes
    rewritten_links: list[Link]
    stale_links: list[Link]


def rewrite_links(
    renames: Renames,
    path: str,
    data: bytes,
    parse: ParseNoteAt,
    *,
    title: str | None = None,
    original: ParsedNote | None = None,
    is_part: bool = False,
) -> RewrittenNote:
    """Rewrite the links of the note at `path` as the rename requires, and return the result.

    `title` is the note's own new title, if it changes. `data` contains it already, and `original` is the note as it was parsed before.
    With `is_part`, `data` is going to be merged into another note, so only its links and words are verified. Raises `Refused`,
    with the line, if a link cannot be rewritten, or if links must change in a note that is not UTF-8.
    """
    before = parse(path, data)
    link_renames = [renames.build_link_rename(link) for link in before.links]
    if not _is_utf8(data):  # offsets of links belong to the decoded text, not to these bytes
        if any(link_rename.is_rewritten for link_rename in link_renames):
            raise Refused(f"{path} is not UTF-8, so its links cannot be rewritten", "convert it to UTF-8 first")
        return RewrittenNote(data, [], [])
    options = [_list_options(renames, data, link_rename) for link_rename in link_renames]
    proof = Proof(renames, path, original or before, before, title, link_renames, is_part=is_part)
    _ensure_rewritable(path, link_renames, options)
    return _rewrite_together(proof, path, data, options, parse) or _rewrite_one_by_one(proof, path, data, link_renames, options, parse)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _list_options(renames: Renames, data: bytes, link_rename: LinkRename) -> list[LinkRewrite]:
    names = link_rename.link, link_rename.old_names, link_rename.new_names
    return [
        rewrite
        for dest in link_rename.destinations or (None,)
        for rewrite in list_rewrites(data, *names, dest, label_first=renames.label_first, heading=link_rename.heading)
    ]


def _ensure_rewritable(path: str, link_renames: list[LinkRename], options: list[list[LinkRewrite]]) -> None:
    for link_rename, rewrites in zip(link_renames, options, strict=True):
        if link_rename.is_rewritten and not rewrites and not _is_reference_style(link_rename):
            raise _build_refusal(path, link_rename)


def _is_reference_style(link_rename: LinkRename) -> bool:
    """Return whether the link's destination is in a reference definition, which counts as a link of its own."""
    return (
        link_rename.link.syntax in ("markdown", "embed")
        and link_rename.link.text.endswith("]")
        and not link_rename.link.text.startswith("![[")
    )


def _build_refusal(path: str, link_rename: LinkRename) -> Refused:
    name = link_rename.new_names.title if link_rename.new_names else link_rename.link.dest
    return Refused(
        f"{path}:{link_rename.link.line}: {collapse_whitespace(link_rename.link.text)} cannot be rewritten so that it still leads to {name}",
        "nothing was written; change that link by hand: zettel edit NOTE",
    )


def _apply_rewrites(data: bytes, chosen: Sequence[LinkRewrite | None]) -> bytes:
    parts: list[bytes] = []
    at = 0
    for rewrite in sort_rewrites(chosen):
        parts += [data[at : rewrite.start], rewrite.replacement]
        at = rewrite.end
    return b"".join([*parts, data[at:]])


def _rewrite_together(proof: Proof, path: str, data: bytes, options: list[list[LinkRewrite]], parse: ParseNoteAt) -> RewrittenNote | None:
    """Rewrite all links in their best way, then the wrong ones in their next best, and so on. Returns None if that fails."""
    tried = [0] * len(options)
    while True:
        chosen = [rewrites[at] if at < len(rewrites) else None for at, rewrites in zip(tried, options, strict=True)]
        after = _apply_rewrites(data, chosen)
        parsed = parse(proof.renames.map_path(path), after)
        if proof.find_fault(parsed, chosen) is None:
            return _build_result(proof, after, options, chosen)
        wrong = list(proof.find_wrong_links(parsed, chosen))
        if not wrong or any(tried[at] + proof.link_renames[at].is_rewritten >= len(options[at]) for at in wrong):
            return None
        for at in wrong:
            tried[at] += 1


def _build_result(proof: Proof, after: bytes, options: list[list[LinkRewrite]], chosen: Sequence[LinkRewrite | None]) -> RewrittenNote:
    every = list(zip(proof.link_renames, options, chosen, strict=True))
    stale = [
        link_rename.link
        for link_rename, rewrites, rewrite in every
        if rewrites and rewrites[0].new_label is not None and (rewrite is None or rewrite.new_label is None)
    ]
    return RewrittenNote(after, [link_rename.link for link_rename, _, rewrite in every if rewrite], stale)


def _rewrite_one_by_one(
    proof: Proof, path: str, data: bytes, link_renames: list[LinkRename], options: list[list[LinkRewrite]], parse: ParseNoteAt
) -> RewrittenNote:
    """Rewrite the links one after the other, each in the first way that parses as intended. Raises `Refused` if a link has none."""
    chosen: list[LinkRewrite | None] = [None] * len(link_renames)
    new_path = proof.renames.map_path(path)
    for at, rewrites in enumerate(options):
        if not rewrites:
            continue
        for rewrite in rewrites:
            chosen[at] = rewrite
            if proof.find_fault(parse(new_path, _apply_rewrites(data, chosen)), chosen, up_to=at) is None:
                break
        else:
            chosen[at] = None
            if link_renames[at].is_rewritten:
                raise _build_refusal(path, link_renames[at])
    after = _apply_rewrites(data, chosen)
    fault = proof.find_fault(parse(new_path, after), chosen)
    if fault is not None:
        if 0 <= fault < len(link_renames):
            raise _build_refusal(path, link_renames[fault])
        raise Refused(
            f"{path} cannot be changed without changing more than its links", "nothing was written; check the note: zettel edit NOTE"
        )
    return _build_result(proof, after, options, chosen)
