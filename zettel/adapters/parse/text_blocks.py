"""Turn the Markdown of a note into blocks of styled text, with every link as the words that it shows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from zettel.adapters.parse.markdown import STAND_IN, parse_note_events
from zettel.model.base.answer import CODE_BLOCK, HEADING_BLOCK, PROSE_BLOCK, RULE_BLOCK, TABLE_BLOCK, Line, TextBlock
from zettel.model.link.resolve import is_url
from zettel.model.link.shown_link import ShownSpan, is_link_style, name_picture
from zettel.model.note.context import CALLOUT
from zettel.model.text.prose import MIN_WRAPPED_LINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
HTML_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)[^<>]*>|<[!?][^<>]*>")

STYLES_OF_TAGS = {"Emphasis": "emphasis", "Strong": "strong", "Strikethrough": "struck"}
SOFT, HARD = "soft", "hard"
"""The styles of a line break: one that the writer may have made only to keep lines short, and one that is meant."""

BESIDE = "beside"
"""The style of the words that follow a link in the text and are shown in it already."""

MAX_SIGNS_BESIDE = 3
"""How many blanks and dashes may part a link from its label."""


def build_text_blocks(text: str, shown: Mapping[int, ShownSpan]) -> tuple[TextBlock, ...]:
    """Return the blocks of a Markdown text. `shown` says for each byte offset at which a link begins what is shown of it."""
    builder = _TextBlockBuilder(text.encode(), shown)
    for name, said, start, end in parse_note_events(text):
        builder.add(name, said, start, end)
    return tuple(builder.blocks)


class _Container:
    """A quote, list item or footnote: what stands before the first line of the blocks in it, and before the others."""

    def __init__(self, first: Line, further: Line, *, is_quote: bool = False) -> None:
        self.first, self.further, self.is_quote = first, further, is_quote
        self.is_used = False


class _TextBlockBuilder:
    """Builds blocks from the events of the Markdown parser."""

    def __init__(self, data: bytes, shown: Mapping[int, ShownSpan]) -> None:
        self.blocks: list[TextBlock] = []
        self._data, self._shown = data, shown
        self._starts = sorted(shown)
        self._spans: list[tuple[str, str]] = []
        self._styles: list[str] = []
        self._containers: list[_Container] = []
        self._numbers: list[int | None] = []  # of each open list, the number of its next item
        self._has_gap = False
        self._hidden_until = 0  # the end of a link whose words are shown already
        self._links: list[tuple[str, int]] = []  # destination, and how many spans there were, of open links with words of their own
        self._picture: tuple[str, int] | None = None
        self._code: str | None = None
        self._language = ""  # of the code
        self._rows: list[list[Line]] = []
        self._is_right: tuple[bool, ...] = ()
        self._handlers: dict[str, Callable[[Any, int, int], None]] = {
            "Text": self._on_text,
            "Code": self._on_code,
            "Html": self._on_html,
            "InlineHtml": self._on_html,
            "SoftBreak": lambda _, start, end: self._on_break(SOFT),
            "HardBreak": lambda _, start, end: self._on_break(HARD),
            "Start": self._on_start,
            "End": self._on_end,
            "Rule": lambda _, start, end: self._add_rule(),
            "TaskListMarker": lambda is_done, start, end: self._mark_task(is_done=is_done),
            "FootnoteReference": lambda name, start, end: self._add(f"[{name}]", "dim"),
        }

    def add(self, name: str, said: Any, start: int, end: int) -> None:
        """Add an event of the parser."""
        if start < self._hidden_until and name not in ("Start", "End"):
            if end <= self._hidden_until:
                return
            if name == "Text":
                start, said = self._hidden_until, self._data[self._hidden_until : end].decode(errors="replace")
        if name in self._handlers:
            self._handlers[name](said, start, end)

    # Text

    def _add(self, text: str, style: str = "") -> None:
        if text:
            self._spans.append((text, style))

    def _on_text(self, text: str, start: int, end: int) -> None:
        if self._code is not None:
            self._code += text
            return
        if text.endswith("\n"):  # a line of an indented block
            self._on_text(text[:-1], start, end - 1)
            self._on_break(HARD)
            return
        text = text.replace(STAND_IN, "|")
        style = self._styles[-1] if self._styles else ""
        at = start
        for first in self._find_starts(start, end):
            span = self._shown[first]
            if first < at or not span.words or len(text.encode()) != end - start:
                continue
            self._add(self._data[at:first].decode(errors="replace"), style)
            self._add_link(span)
            at = span.end
            self._hidden_until = max(self._hidden_until, at)
        self._add(text if at == start else self._data[at:end].decode(errors="replace"), style)

    def _find_starts(self, start: int, end: int) -> list[int]:
        return self._starts[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _add_link(self, span: ShownSpan) -> None:
        self._spans.append((span.words, span.style))
        if span.beside:
            self._spans.append((span.beside, BESIDE))

    def _on_code(self, text: str, start: int, end: int) -> None:
        text = " ".join(text.split("\n"))
        self._add("`", "dim")
        self._add(text, "code")
        self._add("`", "dim")

    def _on_html(self, text: str, start: int, end: int) -> None:
        text = HTML_COMMENT.sub(lambda found: "\0" * len(found[0].encode()), text)
        at, offset = 0, start
        for found in HTML_TAG.finditer(text):
            offset = self._add_between(text[at : found.start()], offset)
            at = found.end()
            name, is_end = (found[2] or "").lower(), bool(found[1])
            span = self._shown.get(offset)
            offset += len(found[0].encode())
            if name == "br":
                self._on_break(HARD)
            elif name == "a" and is_end and self._styles:
                self._styles.pop()
            elif name == "a" and not is_end:
                self._styles.append(span.style if span else "")
        self._add_between(text[at:], offset)

    def _add_between(self, part: str, offset: int) -> int:
        """Add the text between two tags that begins at the byte `offset`, and return where it ends."""
        if part.strip("\0\n"):
            if "\0" in part:
                self._add(part.replace("\0", ""))
            else:
                body = part.rstrip("\n")
                self._on_text(body, offset, offset + len(body.encode()))
        if part.endswith("\n") and self._spans:
            self._on_break(HARD)
        return offset + len(part.encode())

    def _on_break(self, kind: str) -> None:
        self._spans.append(("\n", kind))

    # Blocks

    def _on_start(self, said: Any, start: int, end: int) -> None:
        kind: str
        details: Any
        kind, details = (said, None) if isinstance(said, str) else next(iter(said.items()))
        if kind in STYLES_OF_TAGS:
            self._styles.append(self._styles[-1] if self._links else STYLES_OF_TAGS[kind])
        elif kind in ("Link", "Image"):
            self._start_link(details["dest_url"], start, end, is_picture=kind == "Image")
        elif kind in ("Paragraph", "Heading", "HtmlBlock"):
            self._end_loose_text()
        elif kind == "CodeBlock":
            self._end_loose_text()
            if details != "Indented":
                self._code = ""
            self._language = details["Fenced"].split(" ")[0] if isinstance(details, dict) else ""
        elif kind == "BlockQuote":
            self._end_loose_text()
            self._containers.append(_Container((("│ ", "dim"),), (("│ ", "dim"),), is_quote=True))
        elif kind == "List":
            self._end_loose_text()
            self._numbers.append(details)
        elif kind == "Item":
            self._start_item()
        elif kind == "FootnoteDefinition":
            self._containers.append(_Container(((f"[{details}] ", "dim"),), ((" " * (len(details) + 3), ""),)))
        elif kind == "Table":
            self._end_loose_text()
            self._rows, self._is_right = [], tuple(alignment == "Right" for alignment in details)
        elif kind in ("TableHead", "TableRow"):
            self._rows.append([])

    def _on_end(self, said: Any, start: int, end: int) -> None:
        kind = said if isinstance(said, str) else next(iter(said))
        if kind in STYLES_OF_TAGS and self._styles:
            self._styles.pop()
        elif kind in ("Link", "Image"):
            self._end_link(end)
        elif kind in ("Paragraph", "HtmlBlock"):
            self._end_prose(start, end)
            self._has_gap = True
        elif kind == "Heading":
            self._end_heading(int(said["Heading"][1:]))
        elif kind == "CodeBlock":
            self._end_code()
        elif kind == "TableCell":
            self._rows[-1].append(_join_lines(self._take_spans()))
        elif kind == "Table":
            self._end_block(TABLE_BLOCK, rows=tuple(map(tuple, self._rows)), is_right=self._is_right)
        elif kind == "Item":
            self._end_loose_text()
            if not self._containers[-1].is_used:  # an empty item
                self._end_block(PROSE_BLOCK, lines=((),))
                self._has_gap = False
            self._containers.pop()
        elif kind == "List":
            self._numbers.pop()
            self._has_gap = self._has_gap or not self._numbers
        elif kind in ("BlockQuote", "FootnoteDefinition"):
            self._end_loose_text()
            self._containers.pop()
            self._has_gap = True

    def _start_item(self) -> None:
        number = self._numbers[-1]
        if number is None:
            mark = "• "
        else:
            mark = f"{number}. "
            self._numbers[-1] = number + 1
        self._containers.append(_Container(((mark, "dim"),), ((" " * len(mark), ""),)))

    def _mark_task(self, *, is_done: bool) -> None:
        """Put a box in the place of the bullet of the list item that begins here."""
        if self._containers and not self._containers[-1].is_used:
            self._containers[-1].first, self._containers[-1].further = ((f"[{'x' if is_done else ' '}] ", "dim"),), ((" " * 4, ""),)

    def _add_rule(self) -> None:
        self._has_gap = True
        self._end_block(RULE_BLOCK)

    def _end_loose_text(self) -> None:
        """End the text of a list item that is not a paragraph of its own. No blank line follows it."""
        if self._spans:
            self._end_prose(0, 0)
            self._has_gap = False

    def _end_prose(self, start: int, end: int) -> None:
        if not self._spans:
            return
        spans = self._take_spans()
        quote = self._containers[-1] if self._containers and self._containers[-1].is_quote else None
        if quote and not quote.is_used and (found := CALLOUT.match("".join(text for text, _ in spans[:6]))):
            spans = _name_callout(spans, found["kind"], found.end())
        keeps_breaks = end > start and _keep_breaks(self._data[start:end].decode(errors="replace"))
        self._end_block(PROSE_BLOCK, lines=_split_lines(spans, keeps_breaks=keeps_breaks))

    def _end_heading(self, level: int) -> None:
        self._has_gap = self._has_gap or bool(self.blocks)
        style = "strong" if level < 3 else "heading"
        line = tuple((text, own or style) for text, own in _join_lines(self._take_spans()))
        self._end_block(HEADING_BLOCK, lines=(line,))
        self._has_gap = False

    def _end_code(self) -> None:
        if self._code is None:
            self._end_prose(0, 0)
            self._has_gap = True
            return
        lines = tuple(((line, "code"),) for line in self._code.expandtabs(4).rstrip("\n").split("\n"))
        self._code = None
        self._end_block(CODE_BLOCK, lines=lines, language=self._language)

    def _end_block(self, kind: str, **parts: Any) -> None:
        """Add a block, with what its containers put before its lines."""
        gap = None
        if self._has_gap and self.blocks:
            gap = tuple(span for container in self._containers if container.is_used for span in container.further)
        first = tuple(span for item in self._containers for span in (item.further if item.is_used else item.first))
        further = tuple(span for item in self._containers for span in item.further)
        for container in self._containers:
            container.is_used = True
        self.blocks.append(TextBlock(kind, first=first, further=further, gap=gap, **parts))
        self._has_gap = True

    # Links

    def _start_link(self, destination: str, start: int, end: int, *, is_picture: bool) -> None:
        span = self._shown.get(start)
        if span and span.words:
            self._add_link(span)
            self._hidden_until = max(self._hidden_until, end)
        elif is_picture:
            self._picture = (destination, len(self._spans))
        else:
            self._links.append((destination, len(self._spans)))
            self._styles.append(span.style if span else "link")

    def _end_link(self, end: int) -> None:
        if self._hidden_until >= end:
            return
        if self._picture:
            destination, count = self._picture
            alt = "".join(text for text, _ in self._spans[count:])
            self._spans[count:] = [(name_picture(alt, destination), "dim")]
            self._picture = None
            return
        if not self._links:
            return
        destination, count = self._links.pop()
        style = self._styles.pop()
        words = "".join(text for text, _ in self._spans[count:])
        if not words.strip():
            self._add(destination, style)
        elif is_url(destination) and words not in (destination, destination.partition(":")[2].lstrip("/")):
            self._add(f" ({destination})", "dim")

    def _take_spans(self) -> list[tuple[str, str]]:
        """Return the spans of the block that ends, without the labels that stand behind links and are shown already."""
        spans, self._spans = self._spans, []
        self._styles = []
        self._links = []
        spans = _drop_labels(spans)
        for at, (_, style) in enumerate(spans):
            if is_link_style(style):
                _drop_brackets(spans, at)
        return spans


def _drop_brackets(spans: list[tuple[str, str]], at: int) -> None:
    """Remove the brackets right around the link at `at`, as in `[[[ID]]]`."""
    while 0 < at < len(spans) - 1 and spans[at - 1][0].endswith("[") and spans[at + 1][0].startswith("]"):
        spans[at - 1] = (spans[at - 1][0][:-1], spans[at - 1][1])
        spans[at + 1] = (spans[at + 1][0][1:], spans[at + 1][1])


def _drop_labels(spans: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return spans without the labels that stand behind links and are shown in them already."""
    kept: list[tuple[str, str]] = []
    rest = spans[::-1]
    while rest:
        text, style = rest.pop()
        if style == BESIDE:
            _cut_label(rest, text)
        else:
            kept.append((text, style))
    return kept


def _cut_label(rest: list[tuple[str, str]], label: str) -> None:
    """Remove a label from the beginning of a text, if it begins with it. `rest` is the spans of the text in reverse."""
    begun, length = "", len(label) + MAX_SIGNS_BESIDE + 1
    for text, style in reversed(rest):
        begun += " " if style in (SOFT, HARD) else text[:length]
        if len(begun) >= length:
            break
    skipped = len(begun) - len(begun.lstrip(" :–—-()"))
    if begun[skipped : skipped + len(label)].casefold() != label.casefold() or skipped > MAX_SIGNS_BESIDE:
        return
    left = skipped + len(label)
    while left and rest:
        text, style = rest.pop()
        if text[left:]:
            rest.append((text[left:], style))
        left = max(0, left - len(text))


def _drop_start(spans: list[tuple[str, str]], length: int) -> list[tuple[str, str]]:
    """Return spans without their first `length` characters."""
    rest = list(spans)
    while length and rest:
        first, style = rest[0]
        cut = min(length, len(first))
        length -= cut
        rest[:1] = [(first[cut:], style)] if first[cut:] else []
    return rest


def _name_callout(spans: list[tuple[str, str]], kind: str, end: int) -> list[tuple[str, str]]:
    """Return the text of a callout, whose mark ends at `end`, with its kind and title in bold."""
    rest = _drop_start(spans, end)
    breaks = [number for number, (_, style) in enumerate(rest) if style in (SOFT, HARD)]
    title, below = (rest[: breaks[0]], rest[breaks[0] + 1 :]) if breaks else (rest, [])
    has_title = any(text.strip() for text, _ in title)
    name = [(kind.replace("-", " ").capitalize(), "strong"), *([(": ", "strong")] if has_title else [])]
    return [*name, *((text, style or "strong") for text, style in title), *([("\n", HARD)] if below else []), *below]


def _keep_breaks(source: str) -> bool:
    """Return whether the writer of a paragraph meant its line breaks: an editor breaks a line only where the next word does not fit."""
    lines = [line.strip(" \t>") for line in source.rstrip().split("\n")]
    widest = max(map(len, lines))
    return widest < MIN_WRAPPED_LINE or any(len(line) + 1 + len(below.partition(" ")[0]) <= widest for line, below in pairwise(lines))


def _split_lines(spans: Iterable[tuple[str, str]], *, keeps_breaks: bool) -> tuple[Line, ...]:
    """Return the lines of a paragraph, broken where a break is meant."""
    lines: list[list[tuple[str, str]]] = [[]]
    for text, style in spans:
        if style == HARD or (style == SOFT and keeps_breaks):
            lines.append([])
        else:
            lines[-1].append((" ", "") if style == SOFT else (text, style))
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return tuple(map(tuple, lines))


def _join_lines(spans: Iterable[tuple[str, str]]) -> Line:
    return tuple((" ", "") if style in (SOFT, HARD) else (text, style) for text, style in spans)
