"""Tell an editor how to colour links and tags: spans of bytes become numbers as the Language Server Protocol has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zettel.model.base.value import NamedTuple
from zettel.model.editor.editor_text import LINE_ENDS, EditorText, count_units

LINK, DANGLING, TAG, ID = KINDS = ("link", "dangling", "tag", "id")
"""What a token is: a link, one that leads nowhere or to several notes, a tag, the ID within a link."""


class SemanticToken(NamedTuple):
    """The bytes of a note from `start` to `end`, what they are, and whether they are words that are no longer a note's title."""

    start: int
    end: int
    kind: str
    is_stale: bool = False


def order_tokens(tokens: Iterable[SemanticToken]) -> Iterator[SemanticToken]:
    """Yield tokens by position. What lies within one that began before it is left out, and one that overlaps it is cut."""
    end = 0
    for token in sorted(tokens):
        if token.end > end:
            start = max(token.start, end)
            if token.end > start:
                yield token._replace(start=start)
            end = token.end


def encode_tokens(document: EditorText, tokens: Iterable[SemanticToken]) -> list[int]:
    """Return tokens that are in order as five numbers each: lines and characters since the one before, length, kind and whether it is stale.

    A token that goes over several lines becomes one for each.
    """
    numbers: list[int] = []
    last_line = last_character = 0
    for token in tokens:
        for line, character, length in _split_by_line(document, token):
            if line != last_line:
                last_character = 0
            numbers += (line - last_line, character - last_character, length, KINDS.index(token.kind), int(token.is_stale))
            last_line, last_character = line, character
    return numbers


def _split_by_line(document: EditorText, token: SemanticToken) -> Iterator[tuple[int, int, int]]:
    """Yield (line, character, length) for each line of a token that has anything of it."""
    (first, start), (last, end) = document.find_span(token.start, token.end)
    for line in range(first, last + 1):
        begin = start if line == first else 0
        till = end if line == last else count_units(document.lines[line].rstrip(LINE_ENDS), document.encoding)
        if till > begin:
            yield line, begin, till - begin
