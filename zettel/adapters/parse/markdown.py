"""Parse Markdown with pyromark (CommonMark in Rust, events with byte spans) into an `ParsedMarkdown`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

import pyromark
from pyromark import Options

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.note.blocks import BREAK, HIDDEN, LINK, TEXT, Block, Definition, ParsedMarkdown, Piece

OPTIONS = (
    Options.ENABLE_WIKILINKS | Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS
)

PLAIN_OPTIONS = Options.ENABLE_WIKILINKS | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS
"""Options for a text whose tables are too wide, so that they are parsed as prose."""

PARAGRAPH_END = compile_lazily(r"\n[ \t\r]*\n")
DELIMITER_ROW = compile_lazily(r"^[ \t>]*[|:-][|:\- \t\r]*$", re.M)
"""The line below a table's headings, which determines its number of columns."""

MAX_TABLE_CELLS = 300_000
"""Table cells that are parsed in any note, in addition to five for each character. Rows are padded to the table's width."""

HREF_PATTERN = r"""<a\s(?:[^<>]*?\s)?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))[^>]*>?"""
HREF = compile_lazily(HREF_PATTERN, re.I)
HREF_BYTES = compile_lazily(HREF_PATTERN.encode(), re.I)
DESTINATION = compile_lazily(rb"\((<[^<>\r\n]*>|[^()\s<>]+(?:\([^()\s]*\)[^()\s]*)*)(?:[ \t]+\"[^\"]*\")?\)")
COMMENT = compile_lazily(rb"<!--.*?(?:-->|\Z)", re.S)
HIDING_TAG = compile_lazily(r"<(/?)(code|pre|script|style|kbd|samp|textarea)\b", re.I)
FORMATTING_TAG = compile_lazily(
    r"<!|<\?|</?(?:a|abbr|b|big|center|cite|del|details|dfn|div|em|figure|font|h[1-6]|hr|i|img|ins|li|mark|ol|p|q|s|small|span|strike|strong|sub|summary"
    r"|sup|table|tbody|td|th|thead|tr|tt|u|ul|var|video|iframe|audio|source|picture|label|input|button|section|wbr)\b",
    re.I,
)
HTML_NOISE = compile_lazily(
    rb"<!--.*?(?:-->|\Z)|<(script|style|pre|code|textarea)\b.*?(?:</\1\s*>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|</?[A-Za-z][^<>]*>|<[?!][^<>]*>",
    re.S | re.I,
)
HIDDEN_BLOCKS = ("CodeBlock", "HtmlBlock")
LEAF_BLOCKS = frozenset(("Paragraph", "Heading", "TableCell", "Item", "DefinitionListTitle", "DefinitionListDefinition"))
REFERENCE_LABEL = compile_lazily(r"\[((?:[^\[\]\\]|\\.)+)\]", re.S)
MIN_DEFINITION_BUDGET = 100_000
MAX_DEPTH = 8
"""How deep hidden blocks nested in hidden blocks are parsed."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

OffsetMap = list[tuple[int, int]]
"""(offset in a part that is parsed again, offset in the file) of each line of the part, in bytes."""


def parse_markdown(text: str) -> ParsedMarkdown:
    """Parse a Markdown text into blocks and reference definitions. Spans are UTF-8 byte offsets.

    Indented code and HTML blocks are parsed again as prose, because real notes indent loosely and
    write Markdown between tags. Comments, `pre`, `code`, `script` and `style` stay hidden.
    """
    is_wide = has_wide_tables(text)
    found = pyromark.reference_definitions(text, options=PLAIN_OPTIONS if is_wide else OPTIONS) if "]:" in text else {}
    definitions = [Definition(label, item["dest"], item["span"]["start"], item["span"]["end"]) for label, item in found.items()]
    return ParsedMarkdown(list(_parse_blocks(text, 0, _DefinitionBudget(text, definitions), is_wide)), definitions, is_wide)


def has_wide_tables(text: str) -> bool:
    """Return whether a text's tables, padded to their width, have many more cells than the text has characters."""
    if text.count("|") < MAX_TABLE_CELLS**0.5 / 2:
        return False
    cells = 0
    for part in PARAGRAPH_END.split(text):
        cells += part.count("\n") * max((line.count("|") for line in DELIMITER_ROW.findall(part)), default=0)
    return cells > MAX_TABLE_CELLS + 5 * len(text)


class _DefinitionBudget:
    """The reference definitions of a text, handed out to the parts of it that are parsed again.

    All parts together get at most as many characters of definitions as the text has, and at least `MIN_DEFINITION_BUDGET`. Markdown parsers limit
    the expansion of references in the same way.
    """

    def __init__(self, text: str, definitions: list[Definition]) -> None:
        data = text.encode() if definitions else b""
        self._by_label = {_normalise_label(item.label): f"\n\n{data[item.start : item.end].decode()}" for item in reversed(definitions)}
        self._remaining = max(len(text), MIN_DEFINITION_BUDGET)

    def take_used_in(self, part: str) -> str:
        """Return the definitions that a part refers to, and deduct their length. Empty once the limit is exceeded."""
        if not self._by_label:
            return ""
        labels = dict.fromkeys(_normalise_label(label) for label in REFERENCE_LABEL.findall(part))
        text = "".join(self._by_label[label] for label in labels if label in self._by_label)
        self._remaining -= len(text)
        return text if self._remaining >= 0 else ""


def _normalise_label(label: str) -> str:
    return " ".join(label.casefold().split())


def _parse_blocks(text: str, depth: int, definitions: _DefinitionBudget, is_wide: bool) -> Iterator[Block]:
    """Yield the blocks of a text. Parts that are parsed again get their reference definitions from `definitions`."""
    data = text.encode()
    level = 0
    pieces: list[Piece] = []
    taken = 0
    inside: list[_OpenLink] = []
    hiding = 0
    again: list[tuple[int, int]] = []
    again_as = ""
    name: str
    what: Any
    for event, span in pyromark.events_with_range(text, options=PLAIN_OPTIONS if is_wide else OPTIONS):
        start, end = span["start"], span["end"]
        if not isinstance(event, dict):
            if event in ("SoftBreak", "HardBreak"):
                if inside:
                    inside[-1].shown += " "
                else:
                    pieces.append(Piece(BREAK, start, end, "\n"))
            continue
        ((name, what),) = event.items()
        if start < taken and not inside and name in ("Text", "Code"):
            if end <= taken:
                continue  # inside the destination of a link that was emitted already
            start, what = taken, data[taken:end].decode()
        if name == "Text" or name == "Code":
            if again_as:
                again.append((start, end))
            elif inside:
                inside[-1].shown += what
            else:
                pieces.append(Piece(HIDDEN if hiding or name == "Code" else TEXT, start, end, what))
        elif name == "Start":
            kind = what if isinstance(what, str) else next(iter(what))
            if kind in ("Link", "Image"):
                inside.append(_OpenLink(_choose_syntax(kind, what[kind]), start, end, what[kind]["dest_url"]))
            elif kind in LEAF_BLOCKS or kind in HIDDEN_BLOCKS:
                if pieces:
                    yield Block(level, pieces)
                pieces, again, hiding = [], [], 0
                level = int(what[kind]["level"][1]) if kind == "Heading" else 0
                if kind in HIDDEN_BLOCKS:
                    again_as = "html" if kind == "HtmlBlock" else "prose" if what[kind] == "Indented" else "code"
        elif name == "End":
            kind = what if isinstance(what, str) else next(iter(what))
            if kind in ("Link", "Image"):
                link = inside.pop()
                if inside:
                    inside[-1].shown += link.shown
                elif link.start >= taken:  # not inside the destination of another link
                    pieces.append(link.build_piece(data, hidden=bool(hiding)))
                    taken = pieces[-1].end
            elif kind in HIDDEN_BLOCKS:
                if again_as != "code" and depth < MAX_DEPTH:
                    yield from _reparse_block(data, again, again_as, depth, definitions)
                again_as = ""
            elif kind in LEAF_BLOCKS:
                if pieces:
                    yield Block(level, pieces, kind == "TableCell")
                level, pieces = 0, []
        elif name == "Html":
            again.append((start, end))
        elif name == "InlineHtml":
            tag = HIDING_TAG.match(what)
            if tag:
                hiding = max(0, hiding + (-1 if tag[1] else 1))
            href = HREF.match(what)
            if href and not inside and not hiding:
                pieces.append(Piece(LINK, start, end, "", _decode_href(href), "html"))
            elif what[:3].lower() == "<br":
                pieces.append(Piece(BREAK, start, end, "\n"))
            elif not FORMATTING_TAG.match(what) and not tag:
                pieces.append(Piece(HIDDEN, start, end, what))  # `vector<int>`: an unknown tag was meant as text
    if pieces:
        yield Block(level, pieces)


class _OpenLink:
    """A link whose end event is still to come."""

    __slots__ = ("dest", "end", "shown", "start", "syntax")

    def __init__(self, syntax: str, start: int, end: int, dest: str) -> None:
        self.syntax, self.start, self.end, self.dest, self.shown = syntax, start, end, dest, ""

    def build_piece(self, data: bytes, *, hidden: bool) -> Piece:
        """Return the piece for the link. The destination of a wiki link is what is written between its brackets, label included."""
        if hidden or self.syntax == "url":
            return Piece(HIDDEN, self.start, self.end, self.shown)
        dest = self.dest
        if self.syntax in ("wiki", "embed"):
            destination = DESTINATION.match(data, self.end) if self.syntax == "wiki" else None
            if destination:  # `[[1]](https://...)` is a Markdown link with brackets in its text
                return Piece(LINK, self.start, destination.end(), self.shown, destination[1].decode().strip("<>"), "markdown")
            dest = data[self.start + (3 if self.syntax == "embed" else 2) : self.end - 2].decode()
        return Piece(LINK, self.start, self.end, self.shown, dest, "embed" if self.syntax == "image" else self.syntax)


def _choose_syntax(kind: str, link: dict[str, Any]) -> str:
    if link["link_type"] in ("Autolink", "Email"):
        return "url"
    is_wiki = isinstance(link["link_type"], dict)
    if kind == "Image":
        return "embed" if is_wiki else "image"
    return "wiki" if is_wiki else "markdown"


def _decode_href(href: re.Match[str]) -> str:
    from html import unescape

    return unescape(href[1] or href[2] or href[3] or "")


def _reparse_block(data: bytes, lines: list[tuple[int, int]], kind: str, depth: int, definitions: _DefinitionBudget) -> Iterator[Block]:
    """Yield the blocks of an indented or HTML block, parsed as prose. Their spans are offsets in `data`."""
    parts = [data[start:end] for start, end in lines]
    if kind == "html":
        whole = b"".join(parts)
        spans = _build_offset_map(lines)
        for href in HREF_BYTES.finditer(COMMENT.sub(_blank_out, whole)):
            at = _map_offset(href.start(), spans)
            dest = HREF.match(href[0].decode())
            yield Block(0, [Piece(LINK, at, at + len(href[0]), "", _decode_href(dest) if dest else "", "html")])
        whole = HTML_NOISE.sub(_blank_out, whole)
        lines, parts, at = [], [], 0
        for line in whole.splitlines(keepends=True):
            lines.append((_map_offset(at, spans), 0))
            parts.append(line)
            at += len(line)
    stripped = [part.lstrip(b" \t") for part in parts]
    moved = [(start + len(part) - len(rest), start + len(part)) for (start, _), part, rest in zip(lines, parts, stripped, strict=True)]
    spans = _build_offset_map(moved)
    text = b"".join(stripped).decode()
    text += definitions.take_used_in(text)
    for block in _parse_blocks(text, depth + 1, definitions, has_wide_tables(text)):
        yield block._replace(pieces=[_move_piece(piece, spans) for piece in block.pieces])


def _build_offset_map(lines: list[tuple[int, int]]) -> OffsetMap:
    spans, at = [], 0
    for start, end in lines:
        spans.append((at, start))
        at += end - start
    return spans


def _blank_out(noise: re.Match[bytes]) -> bytes:
    """Replace every byte of a match by a space, except line breaks."""
    return re.sub(rb"[^\r\n]", b" ", noise[0])


def _move_piece(piece: Piece, offsets: OffsetMap) -> Piece:
    start = _map_offset(piece.start, offsets)
    return piece._replace(start=start, end=_map_offset(piece.end - 1, offsets) + 1 if piece.end > piece.start else start)


def _map_offset(offset: int, offsets: OffsetMap) -> int:
    """Return the offset in the file for an offset in a part that was parsed again."""
    start, target = offsets[bisect_right(offsets, (offset, 1 << 62)) - 1]
    return target + offset - start
