"""Parse Markdown with pyromark (CommonMark in Rust, events with byte spans) into a `ParsedMarkdown`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

import pyromark
from pyromark import Options

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.link.syntax import EMBED, HTML, MARKDOWN, WIKI
from zettel.model.note.blocks import BREAK, ESCAPE, HARD, HIDDEN, LINK, TEXT, Block, Definition, ParsedMarkdown, Piece
from zettel.model.text.ids import find_first_id

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
LINK_WITH_BARS = compile_lazily(r"\[\[(?:[^\[\]|`\r\n]|\[[^\[\]|\r\n]*\])+(?:\|(?:[^\[\]|\r\n]|\[[^\[\]|\r\n]*\])*)+\]\]")
"""A wiki link with bars. In a table, the Markdown parser would take an unescaped one for the end of a cell."""

UNESCAPED_BAR = compile_lazily(r"(?<!\\)\|")

MATRIX_ROWS = compile_lazily(r"[^\[\]]*\][\s,;]*\[")

CHARACTER_CLASS = compile_lazily(r":[a-z]+:")
"""What stands between the brackets of `[[:alpha:]]` in a regular expression."""

STAND_IN = "\x1f"
"""What stands in for such a bar while a table is parsed."""

LINK_TAGS = ("Link", "Image")
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
    code: list[str] = []
    blocks = _parse_blocks(text, 0, _DefinitionBudget(text, definitions), code, is_wide)
    return ParsedMarkdown(blocks, definitions, is_wide, code)


def parse_note_events(text: str) -> Iterator[tuple[str, Any, int, int]]:
    """Yield the events of a Markdown text as (name, what it says, start, end), with spans in bytes, as `parse_markdown` sees them.

    In table rows, the bar of a wiki link is `STAND_IN`.
    """
    options = PLAIN_OPTIONS if has_wide_tables(text) else OPTIONS
    for event, span in pyromark.events_with_range(_mask_cell_bars(text), options=options):
        name, said = (event, None) if isinstance(event, str) else next(iter(event.items()))
        yield name, said, span["start"], span["end"]


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


def _parse_blocks(text: str, depth: int, definitions: _DefinitionBudget, code: list[str], is_wide: bool) -> list[Block]:
    """Return the blocks of a text, and add the text of its code blocks to `code`.

    Parts that are parsed again get their reference definitions from `definitions`.
    """
    masked = _mask_cell_bars(text)
    builder = _BlockBuilder(text.encode(), depth, definitions, code)
    builder.has_stand_ins = masked is not text
    handlers: dict[str, Callable[[Any, int, int], None]] = {
        "Text": builder.on_text,
        "Code": builder.on_code,
        "Start": builder.on_start,
        "End": builder.on_end,
        "Html": builder.on_html,
        "InlineHtml": builder.on_tag,
    }
    for event, span in pyromark.events_with_range(masked, options=PLAIN_OPTIONS if is_wide else OPTIONS):
        if isinstance(event, dict):
            for name, what in event.items():  # it has one
                if name in handlers:
                    handlers[name](what, span["start"], span["end"])
        elif event in ("SoftBreak", "HardBreak"):
            builder.on_break(span["start"], span["end"], is_hard=event == "HardBreak")
    builder.end_block()
    return builder.blocks


def _mask_cell_bars(text: str) -> str:
    """Return a text with `STAND_IN` for the unescaped bars of wiki links in table rows."""
    if "|" not in text or "[[" not in text or STAND_IN in text or not LINK_WITH_BARS.search(text):
        return text

    def mask(link: re.Match[str]) -> str:
        return UNESCAPED_BAR.sub(STAND_IN, link[0])

    lines = text.split("\n")
    at = 1
    while at < len(lines):
        if "|" in lines[at] and "-" in lines[at] and "|" in lines[at - 1] and DELIMITER_ROW.fullmatch(lines[at]):
            row = at - 1
            while row < len(lines) and lines[row].strip():
                if "[[" in lines[row]:
                    lines[row] = LINK_WITH_BARS.sub(mask, lines[row])
                row += 1
            at = row
        at += 1
    return "\n".join(lines)


class _BlockBuilder:
    """Build the blocks of a text from the events of the Markdown parser.

    `depth` is how many hidden blocks the text is nested in.
    """

    def __init__(self, data: bytes, depth: int, definitions: _DefinitionBudget, code: list[str]) -> None:
        self.blocks: list[Block] = []
        self._data, self._depth, self._definitions, self._code = data, depth, definitions, code
        self._level = 0
        self._pieces: list[Piece] = []
        self._links: list[_OpenLink] = []  # outermost first
        self._links_end = 0  # where the last link ends, destination included
        self._hiding_tags = 0
        self._hidden_kind = ""  # "html", "prose" or "code" within a hidden block
        self._hidden_lines: list[tuple[int, int]] = []
        self._items: list[int] = []  # for each open list item, outermost first, the index of its first block, or -1
        self._quotes: list[int] = []
        self._quote_count = self._row_count = 0
        self.has_stand_ins = False

    def on_text(self, text: str, start: int, end: int, kind: str = TEXT) -> None:
        """Add text to the open link or to the block, or its span to the hidden block."""
        if start < self._links_end and not self._links:
            if end <= self._links_end:
                return  # inside the destination of a link that is a piece already
            start, text = self._links_end, self._data[self._links_end : end].decode()
        if self.has_stand_ins and not self._links:
            text = text.replace(STAND_IN, "|")
        if self._hidden_kind:
            self._hidden_lines.append((start, end))
        elif self._links:
            self._links[-1].shown += text
        elif text[:1] == "#" and kind == TEXT and (end - start > len(text.encode()) or self._data[start - 1 : start] == b"\\"):
            count = len(text) - len(text.lstrip("#"))
            escaped = end if len(text) == count else start + count
            self._pieces.append(Piece(HIDDEN if self._hiding_tags else ESCAPE, start, escaped, text[:count]))
            if escaped < end:
                self._pieces.append(Piece(HIDDEN if self._hiding_tags else TEXT, escaped, end, text[count:]))
        else:
            self._pieces.append(Piece(HIDDEN if self._hiding_tags else kind, start, end, text))

    def on_code(self, text: str, start: int, end: int) -> None:
        """Add inline code."""
        self.on_text(text, start, end, HIDDEN)

    def on_break(self, start: int, end: int, *, is_hard: bool) -> None:
        """Add a line break, which is a space within a link."""
        if self._links:
            self._links[-1].shown += " "
        else:
            self._pieces.append(Piece(BREAK, start, end, "\n", HARD if is_hard else ""))

    def on_start(self, tag: Any, start: int, end: int) -> None:
        """Open a link or begin a block."""
        kind = tag if isinstance(tag, str) else next(iter(tag))
        if kind in LINK_TAGS:
            self._links.append(_OpenLink(kind, tag[kind], start, end))
        elif kind in LEAF_BLOCKS or kind in HIDDEN_BLOCKS:
            self.end_block()
            self._hidden_lines, self._hiding_tags = [], 0
            if kind == "Heading":
                self._level = int(tag[kind]["level"][1])
            elif kind in HIDDEN_BLOCKS:
                self._hidden_kind = "html" if kind == "HtmlBlock" else "prose" if tag[kind] == "Indented" else "code"
            elif kind == "Item":
                self._items.append(-1)
        elif kind in ("TableHead", "TableRow"):
            self._row_count += 1
        elif kind == "BlockQuote":
            self.end_block()
            self._quote_count += 1
            self._quotes.append(self._quote_count)

    def on_end(self, tag: Any, *_: int) -> None:
        """Close the innermost link or end the block. A hidden block that is not code is parsed again."""
        kind = tag if isinstance(tag, str) else next(iter(tag))
        if kind in LINK_TAGS:
            self._close_link(self._links.pop())
        elif kind in HIDDEN_BLOCKS:
            if self._hidden_kind == "code":
                self._code.append(b"".join(self._data[start:end] for start, end in self._hidden_lines).decode())
            elif self._depth < MAX_DEPTH:
                self._add_blocks(
                    _reparse_block(self._data, self._hidden_lines, self._hidden_kind, self._depth, self._definitions, self._code)
                )
            self._hidden_kind = ""
        elif kind in LEAF_BLOCKS:
            self.end_block(is_cell=kind == "TableCell")
            if kind == "Item":
                self._items.pop()
        elif kind == "BlockQuote":
            self.end_block()
            self._quotes.pop()

    def _add_blocks(self, blocks: Iterator[Block]) -> None:
        """Add the blocks of a part that was parsed again. They stand where the part stands."""
        first, rows, quotes = len(self.blocks), self._row_count, self._quote_count
        for block in blocks:
            level, pieces, is_cell, row, quote, is_item, lead = block
            row, quote = row and row + rows, quote + quotes if quote else self._quotes[-1] if self._quotes else 0
            self._row_count, self._quote_count = max(self._row_count, row), max(self._quote_count, quote)
            lead = lead + first if lead >= 0 else self._find_lead()
            self.blocks.append(Block(level, pieces, is_cell, row, quote, is_item or bool(self._items), lead))

    def _find_lead(self) -> int:
        """Return the index of the block that the next one is nested below in its list, or -1."""
        for first in reversed(self._items):
            if first >= 0:
                return first
        return -1

    def _close_link(self, link: _OpenLink) -> None:
        if self._links:
            self._links[-1].shown += link.shown
        elif link.start >= self._links_end:  # not inside the destination of another link
            piece = link.build_piece(self._data, hidden=bool(self._hiding_tags))
            if self._pieces and piece.start < self._pieces[-1].end:  # the name begins with the bracket that the parser took for text
                _, start, end, text, *_ = self._pieces.pop()
                if piece.start > start:
                    self._pieces.append(Piece(TEXT, start, piece.start, text[: piece.start - end]))
            self._pieces.append(piece)
            self._links_end = piece.end

    def on_html(self, _: str, start: int, end: int) -> None:
        """Add a line of an HTML block."""
        self._hidden_lines.append((start, end))

    def on_tag(self, text: str, start: int, end: int) -> None:
        """Add what an HTML tag in a paragraph stands for: a link, a line break, or the beginning or end of hidden text."""
        tag = HIDING_TAG.match(text)
        if tag:
            self._hiding_tags = max(0, self._hiding_tags + (-1 if tag[1] else 1))
        href = HREF.match(text)
        if href and not self._links and not self._hiding_tags:
            self._pieces.append(Piece(LINK, start, end, "", _decode_href(href), HTML.name))
        elif text[:3].lower() == "<br":
            self._pieces.append(Piece(BREAK, start, end, "\n", HARD))
        elif not FORMATTING_TAG.match(text) and not tag:
            self._pieces.append(Piece(HIDDEN, start, end, text))  # `vector<int>`: an unknown tag was meant as text

    def end_block(self, *, is_cell: bool = False) -> None:
        """Complete the block, if it has any pieces."""
        if self._pieces:
            row, quote = self._row_count if is_cell else 0, self._quotes[-1] if self._quotes else 0
            if self._items:
                lead = self._find_lead()
                if self._items[-1] < 0:
                    self._items[-1] = len(self.blocks)
                self.blocks.append(Block(self._level, self._pieces, is_cell, row, quote, True, lead))
            else:
                self.blocks.append(Block(self._level, self._pieces, is_cell, row, quote))
            self._pieces = []
        self._level = 0


class _OpenLink:
    """A link whose end event is still to come."""

    __slots__ = ("dest", "end", "is_in_brackets", "is_url", "shown", "start", "syntax")

    def __init__(self, kind: str, link: dict[str, Any], start: int, end: int) -> None:
        self.start, self.end, self.dest, self.shown = start, end, link["dest_url"], ""
        self.is_url = link["link_type"] in ("Autolink", "Email")
        self.is_in_brackets = isinstance(link["link_type"], dict)
        self.syntax = EMBED if kind == "Image" else WIKI if self.is_in_brackets else MARKDOWN

    def build_piece(self, data: bytes, *, hidden: bool) -> Piece:
        """Return the piece for the link. The destination of a wiki link is what is written between its brackets, label included."""
        if hidden or self.is_url:
            return Piece(HIDDEN, self.start, self.end, self.shown.replace(STAND_IN, "|"))
        if not self.is_in_brackets:
            return Piece(LINK, self.start, self.end, self.shown, self.dest, self.syntax.name)
        inside = data.index(b"[[", self.start) + 2
        if data.find(b"[", inside, self.end) >= 0:
            missing = _count_missing_brackets(data[inside : self.end - 2])
            if missing > 0 and data[self.end : self.end + missing] == b"]" * missing:
                self.end += missing
                self.shown += "]" * missing
        elif data.find(b"]", inside, self.end - 2) >= 0 and self._begins_with_bracket(data, inside):
            inside -= 1
            self.syntax = EMBED if data[self.start - 2 : self.start] == b"![" else WIKI
            self.start -= 2 if self.syntax is EMBED else 1
            self.shown = self.shown if data.find(b"|", inside, self.end) >= 0 else f"[{self.shown}"
        destination = DESTINATION.match(data, self.end) if self.syntax is WIKI else None
        if destination:  # `[[1]](https://...)` is a Markdown link with brackets in its text
            return Piece(LINK, self.start, destination.end(), self.shown, destination[1].decode().strip("<>"), MARKDOWN.name)
        dest = data[inside : self.end - 2].decode()
        if ("]" in dest and _is_matrix(dest)) or (dest != dest.strip() and _is_shell_test(dest)) or CHARACTER_CLASS.fullmatch(dest):
            return Piece(HIDDEN, self.start, self.end, " ".join(data[self.start : self.end].decode().split()))
        if STAND_IN in self.shown:
            self.shown = self.shown.partition(STAND_IN)[2].replace(STAND_IN, "|")
        return Piece(LINK, self.start, self.end, self.shown, dest, self.syntax.name)

    def _begins_with_bracket(self, data: bytes, inside: int) -> bool:
        """Return whether the name in a wiki link begins with the bracket before the link, as in `[[[draft] plan]]`."""
        is_beside = data[self.start - 1 : self.start] == b"[" and data[self.start - 2 : self.start - 1] != b"\\"
        return is_beside and self.syntax is WIKI and _count_missing_brackets(data[inside : self.end - 2]) == -1


def _count_missing_brackets(inside: bytes) -> int:
    """Count the brackets that are opened within `[[...]]` and not closed there."""
    return inside.count(b"[") - inside.count(b"]")


def _is_matrix(dest: str) -> bool:
    """Return whether `[[...]]` is a matrix, `[[1, 2], [3, 4]]`: between two rows, one is closed and another one opened."""
    return "|" not in dest and MATRIX_ROWS.match(dest) is not None


def _is_shell_test(dest: str) -> bool:
    """Return whether `[[ ... ]]`, with a blank inside, is a condition of a shell script or numbers in brackets: it has an operator, or no letter."""
    words = dest.strip()
    if dest[:1].isspace() and dest[-1:].isspace() and words[:1] in tuple("-!$\"'"):
        return True
    return not any(map(str.isalpha, words)) and not find_first_id(words)


def _decode_href(href: re.Match[str]) -> str:
    from html import unescape

    return unescape(href[1] or href[2] or href[3] or "")


def _reparse_block(
    data: bytes, lines: list[tuple[int, int]], kind: str, depth: int, definitions: _DefinitionBudget, code: list[str]
) -> Iterator[Block]:
    """Yield the blocks of an indented or HTML block, parsed as prose. Their spans are offsets in `data`."""
    parts = [data[start:end] for start, end in lines]
    if kind == "html":
        whole = b"".join(parts)
        spans = _build_offset_map(lines)
        for href in HREF_BYTES.finditer(COMMENT.sub(_blank_out, whole)):
            at = _map_offset(href.start(), spans)
            dest = HREF.match(href[0].decode())
            yield Block(0, [Piece(LINK, at, at + len(href[0]), "", _decode_href(dest) if dest else "", HTML.name)])
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
    for block in _parse_blocks(text, depth + 1, definitions, code, has_wide_tables(text)):
        level, pieces, is_cell, row, quote, is_item, lead = block
        yield Block(level, [_move_piece(piece, spans) for piece in pieces], is_cell, row, quote, is_item, lead)


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
    kind, first, last, text, dest, syntax = piece
    start = _map_offset(first, offsets)
    return Piece(kind, start, _map_offset(last - 1, offsets) + 1 if last > first else start, text, dest, syntax)


def _map_offset(offset: int, offsets: OffsetMap) -> int:
    """Return the offset in the file for an offset in a part that was parsed again."""
    start, target = offsets[bisect_right(offsets, (offset, 1 << 62)) - 1]
    return target + offset - start
