"""Build passages: the blocks of a note as plain text that can be mapped back to bytes of the file."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.base.value import NamedTuple
from zettel.model.link.syntax import SYNTAX_BY_NAME
from zettel.model.note.blocks import BREAK, ESCAPE, LINK, TEXT, Block, Piece
from zettel.model.text.prose import OPAQUE, ends_sentence, is_plain_heading

BLANK = b" \t\r\n"
NON_SPACE_BLANKS = bytes(ord(char) for char in map(chr, range(128)) if char.isspace() and char != " ")
"""ASCII whitespace except the space."""

HANGING = compile_lazily(r"(?:\s+(?:#[^\s#]+|\^[\w-]+|\{[^{}]*\}|%%[^%\n]*%%))+\s*\Z")
"""Tags, a block ID, attributes and comments at the end of a title line."""

MAX_HANGING = 1000
"""Maximum characters of what hangs on a title line. The pattern takes time by the square of it."""

LABEL_MARKS = compile_lazily(r"(?P<mark>(?<!`)`++|(?<!\*)\*{1,3}+|~~|(?<![\w_])_{1,2}+)(?=\S)(?P<words>.+?)(?<=\S)(?P=mark)(?!(?<=_)\w)")
"""Words between marks of code or emphasis in the label of a wiki link, which the Markdown parser leaves as they are."""

MAX_LABEL = 200
"""Maximum characters of a label whose marks are not shown."""

END_PIECE = Piece(BREAK, 0, 0, "")


class Passage(NamedTuple):
    """A block as plain text. `prose` is `text` with every character of links and code replaced by `OPAQUE`.

    `pieces` are the block's pieces, each with the character offset at which it starts in `text`. `row`, `quote` and `is_item` are
    those of the block, and `lead` is the passage of the block that it is nested below in a list. `headings` are the headings above
    the block, outermost first.
    """

    level: int
    text: str
    prose: str
    pieces: list[tuple[int, Piece]]
    is_cell: bool = False
    row: int = 0
    quote: int = 0
    is_item: bool = False
    lead: Passage | None = None
    headings: tuple[str, ...] = ()


def build_passages(blocks: Iterable[Block], label_first: bool) -> list[Passage]:
    """Return the passages of a note's blocks. With `label_first`, `[[a|b]]` shows a and links to b."""
    found: list[Passage] = []
    for block in blocks:
        level, pieces, is_cell, row, quote, is_item, lead = block
        if len(pieces) == 1 and pieces[0].kind == TEXT:
            text = prose = pieces[0].text
            places = [(0, pieces[0])]
        else:
            text, prose, places = _join_pieces(pieces, label_first)
        found.append(Passage(level, text, prose, places, is_cell, row, quote, is_item, found[lead] if lead >= 0 else None))
    return found


def _join_pieces(pieces: Iterable[Piece], label_first: bool) -> tuple[str, str, list[tuple[int, Piece]]]:
    """Return the text and prose of pieces, and the pieces with their offsets."""
    parts: list[str] = []
    prose: list[str] = []
    places: list[tuple[int, Piece]] = []
    at = 0
    for piece in pieces:
        shown = piece.text
        if piece.kind == LINK and SYNTAX_BY_NAME[piece.syntax].may_have_brackets:
            shown = piece.dest.rpartition("|")[0] if label_first and "|" in piece.dest else shown or piece.dest
            if shown.endswith("|"):
                shown = shown.rstrip("|\\")
            if "|" in piece.dest and len(shown) <= MAX_LABEL and ("`" in shown or "*" in shown or "_" in shown or "~" in shown):
                shown = LABEL_MARKS.sub(r"\g<words>", shown)
            piece = Piece(LINK, piece.start, piece.end, shown, piece.dest, piece.syntax)  # noqa: PLW2901
        parts.append(shown)
        prose.append(shown if piece.kind in (TEXT, BREAK) else "\\" * len(shown) if piece.kind == ESCAPE else OPAQUE * len(shown))
        places.append((at, piece))
        at += len(shown)
    return "".join(parts), "".join(prose), places


def collapse_whitespace(text: str) -> str:
    """Return `text` stripped, with each run of whitespace and line breaks as one space."""
    if "  " in text or (len(text.encode().translate(None, NON_SPACE_BLANKS)) < len(text) if text.isascii() else not text.isprintable()):
        return " ".join(text.split())
    return text.strip(" ")  # the space is its only whitespace


def has_id_at_edge(passage: Passage, note_id: str) -> bool:
    """Return whether the first line of a passage starts or ends with an ID, as the title line of a note does: in brackets or not, before tags and the like."""
    first = passage.prose.strip().partition("\n")[0]
    if "#" in first or "^" in first or "{" in first or "%%" in first:
        first = first[:-MAX_HANGING] + HANGING.sub("", first[-MAX_HANGING:])
    first = first.strip("()[] \t")
    return first.startswith(note_id) or first.endswith(note_id)


def split_plain_headings(passages: list[Passage], note_id: str | None) -> tuple[list[Passage], set[str]]:
    """Split off lines that are headings without Markdown marks. Returns all passages, and the new headings except a title line.

    Does nothing if the note has any Markdown heading. Plain headings occur in text pasted from the web, where every line is a
    paragraph, and in notes whose first line is their ID and title. A line that an editor wrapped is not a heading: the line
    before it does not end a sentence, or the line after it starts in lower case.
    """
    if any(passage.level for passage in passages):
        return passages, set()
    found: list[Passage] = []
    for number, passage in enumerate(passages):
        if passage.is_item or passage.is_cell or passage.quote:
            found.append(passage)
            continue
        lines = list(_split_lines(passage))
        below = passages[number + 1].text if number + 1 < len(passages) else ""
        levels: list[int] = []
        for place, line in enumerate(lines):
            after = lines[place + 1].text if place + 1 < len(lines) else below
            is_title = number == place == 0 and note_id is not None and has_id_at_edge(line, note_id) and len(line.text) <= 200
            is_apart = place == 0 or levels[-1] or ends_sentence(lines[place - 1].text)
            levels.append(1 if is_title else 2 if is_apart and is_plain_heading(line.text, after) else 0)
        found += [line._replace(level=level) for line, level in zip(lines, levels, strict=True)] if any(levels) else [passage]
    return found, {collapse_whitespace(passage.text) for passage in found if passage.level == 2}


def _split_lines(passage: Passage) -> Iterator[Passage]:
    """Yield each line of a passage as a passage. A line break belongs to the line after it."""
    start = 0
    pieces: list[tuple[int, Piece]] = []
    for at, piece in [*passage.pieces, (len(passage.text), END_PIECE)]:
        if piece.kind == BREAK or piece is END_PIECE:
            if passage.text[start:at].strip() or pieces:
                yield passage._replace(text=passage.text[start:at], prose=passage.prose[start:at], pieces=pieces)
            start, pieces = at, []
        pieces.append((at - start, piece))


def find_byte_offset(passage: Passage, at: int) -> int:
    """Return the byte offset in the file of a character of a passage."""
    place, piece = _find_piece(passage, at)
    if piece.kind != TEXT or at - place >= len(piece.text):
        return piece.end
    if piece.text.isascii():
        return piece.start + at - place
    return piece.start + _measure_prefixes(piece.text)[at - place]


def find_byte_end(passage: Passage, at: int) -> int:
    """Return the byte offset in the file at which a character of a passage ends."""
    place, piece = _find_piece(passage, at)
    return piece.end if at - place >= len(piece.text) - 1 else find_byte_offset(passage, at + 1)


def _find_piece(passage: Passage, at: int) -> tuple[int, Piece]:
    """Return (start, piece) of the piece that contains a character."""
    return passage.pieces[bisect_left(passage.pieces, (at + 1,)) - 1]  # `(at + 1,)` sorts before any piece that starts there


@lru_cache(maxsize=8)
def _measure_prefixes(text: str) -> list[int]:
    """Return the size in bytes of every prefix of `text`."""
    return [0, *accumulate(len(char.encode()) for char in text)]


class LineIndex:
    """The lines and byte offsets of a text. LF, CRLF and CR each end a line."""

    def __init__(self, text: str) -> None:
        self._data = text.encode("utf-8", "surrogatepass")
        self._text = text
        self._line_starts_cache: list[int] | None = None

    @property
    def _line_starts(self) -> list[int]:
        """Byte offsets at which the lines begin, except the first."""
        if self._line_starts_cache is None:
            self._line_starts_cache = list(accumulate(map(len, self._data.splitlines(keepends=True))))
            if self._data[-1:] not in (b"\n", b"\r"):
                del self._line_starts_cache[-1:]
        return self._line_starts_cache

    def find_line(self, offset: int) -> int:
        """Return the number of the line that contains a byte, from 1."""
        return bisect_right(self._line_starts, offset) + 1

    @property
    def content_end(self) -> int:
        """The byte offset after the last byte that is not whitespace."""
        return len(self._data.rstrip(BLANK))

    def slice(self, start: int, end: int) -> str:
        """Return the text between two byte offsets."""
        return self._data[start:end].decode("utf-8", "replace")

    def slice_line_before(self, offset: int) -> str:
        """Return the part of a line before a byte in it."""
        number = bisect_right(self._line_starts, offset)
        return self.slice(self._line_starts[number - 1] if number else 0, offset)

    def to_byte_offset(self, offset: int) -> int:
        """Return the byte offset of a character."""
        return len(self._text[:offset].encode("utf-8", "surrogatepass"))
