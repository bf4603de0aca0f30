"""Convert the tree of a page to Markdown: blocks, tables and inline marks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import parse_qs, urljoin, urlsplit

import lxml.etree

from zettel.adapters.html.article import NUMBER
from zettel.adapters.html.furniture import find_furniture_reason
from zettel.adapters.html.structure import TABLE_ELEMENTS
from zettel.adapters.html.tree import Element
from zettel.model.articles.page_blocks import PageBlock

LINE_START_MARK = re.compile(r"(#{1,6}(?=\s)|[>+-](?=\s|$)|\d{1,9}(?=[.)]\s))")
LINE_BREAK, BLOCK_BREAK = "\x01", "\x02"
"""Placeholders in text for `<br>`, and for the boundaries of blocks inside a table."""

NO_BREAKS = {ord(LINE_BREAK): " ", ord(BLOCK_BREAK): " "}
MAX_SPAN = 100
"""Maximum number of columns or rows that a cell spans."""


class PageTable:
    """A table under construction: rows of cells, each with the columns and rows that it spans."""

    def __init__(self) -> None:
        self._rows: list[list[tuple[str, int, int]]] = []
        self._has_heading = False
        self._caption = ""

    def start_row(self) -> None:
        """Start a row."""
        self._rows.append([])

    def add_cell(self, element: Element, text: str) -> None:
        """Add a cell with its text."""
        if not self._rows:
            self._rows.append([])
        self._has_heading |= element.tag == "th" or element.getparent().getparent().tag == "thead"
        self._rows[-1].append((_join_cell(text), _parse_span(element.get("colspan")), _parse_span(element.get("rowspan"))))

    def add_text(self, text: str) -> None:
        """Add text outside the cells: the caption, or what a broken page has between them."""
        self._caption = f"{self._caption} {' '.join(text.translate(NO_BREAKS).split())}".strip()

    def format_blocks(self) -> Iterator[list[str]]:
        """Yield the caption as a paragraph, and the table, with an empty heading if it has none."""
        if self._caption:
            yield [escape_line_start(self._caption)]
        rows = [row for row in self._place_cells() if any(row)]
        width = max(map(len, rows), default=0)
        if not self._has_heading and rows:
            rows.insert(0, [])
        lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
        if lines:
            yield [lines[0], "| " + " | ".join(["---"] * width) + " |", *lines[1:]]

    def _place_cells(self) -> Iterator[list[str]]:
        """Yield the rows with empty cells where one that spans several columns or rows leaves no room."""
        below: dict[int, int] = {}  # columns, and the number of rows in which a cell of an upper row still fills them
        for row in self._rows:
            placed: list[str] = []
            spans: dict[int, int] = {}
            for text, columns, rows in row:
                while below.get(len(placed)):
                    placed.append("")
                for at in range(len(placed), len(placed) + columns):
                    spans[at] = rows - 1
                placed += [text, *[""] * (columns - 1)]
            below = {at: left for at in {*below, *spans} if (left := max(below.get(at, 0) - 1, spans.get(at, 0))) > 0}
            yield placed


def _parse_span(given: str | None) -> int:
    return min(int(given), MAX_SPAN) if given and given.isascii() and given.isdigit() and 0 < len(given) < 6 and int(given) else 1


def _join_cell(text: str) -> str:
    """Return the text of a cell on one line, with `<br>` between its lines."""
    parts = [" ".join(part.split()) for part in re.split(f"[{LINE_BREAK}{BLOCK_BREAK}]+", text)]
    return "<br>".join(part for part in parts if part).replace("|", "\\|")


def escape_line_start(line: str) -> str:
    """Escape the start of a paragraph's line if Markdown would take it for a block mark."""
    return (
        LINE_START_MARK.sub(lambda mark: mark[0] + "\\" if mark[0].isdigit() else "\\" + mark[0], line, count=1)
        if LINE_START_MARK.match(line)
        else line
    )


BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " header hgroup hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)

BLOCK_ELEMENTS = frozenset(BLOCK_TAGS.split())
INVISIBLE_ELEMENTS = frozenset(
    ("script", "style", "template", "noscript", "svg", "select", "datalist", "textarea", "object", "canvas", "math")
)
STRONG, ITALIC, STRUCK = "**", "*", "~~"

INLINE_MARKS = {
    "b": STRONG,
    "strong": STRONG,
    "i": ITALIC,
    "em": ITALIC,
    "cite": ITALIC,
    "del": STRUCK,
    "s": STRUCK,
    "sup": "<sup>",
    "sub": "<sub>",
    "code": "`",
    "a": "",
}

MARKED = "zettel-marked"
LAZY_ADDRESSES = ("data-src", "data-original", "data-lazy-src", "src")
"""Where a picture's address is, in pages that load it when it is scrolled to, too."""

SRCSET_SEPARATOR = re.compile(r",\s+|,(?=https?:)")
NUMBER_WITH_UNIT = re.compile(r"\d{1,6}(?:\.\d{1,3})?[wx]")
REDIRECTS = ("https://www.google.com/url?", "http://www.google.com/url?")
SENTENCE = re.compile(r"[^\W\d_]{2}[^.!?。！？]{15,}[.!?…][\"”’»)\]*_]*(?:\s|$)|[。！？]")
LINE_START = 1000
"""Length of the start of a line in characters that is searched for the end of a sentence."""

MAX_DEPTH = 8
"""Maximum depth of nested lists, quotes, marks and links. Deeper ones are flattened."""

SCHEMES = ("http", "https", "mailto", "ftp", "tel", "")
UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f]+")
SPECIAL_CHARACTERS = re.compile(r"[\\`*<]|\[(?=\[)|(?<!\w)_|_(?!\w)")
SPECIAL_IN_BRACKETS = re.compile(r"[\\`*<\[\]]|(?<!\w)_|_(?!\w)")


class _OpenList:
    """An open list: the number of its next item (0: bullets), the mark of an item whose text has not begun, and the mark's width."""

    def __init__(self, number: int) -> None:
        self.number, self.mark, self.width = number, "", 0

    def start_item(self) -> None:
        """Start an item."""
        self.mark = f"{self.number}. " if self.number else "- "
        self.number += self.number > 0
        self.width = len(self.mark)


def _indent_item(lines: list[str], lists: list[_OpenList]) -> list[str]:
    """Indent the lines of a block for the lists around it, after the mark if it begins an item. Clears the marks of `lists`."""
    indent, mark = " " * sum(one.width for one in lists), lists[-1].mark
    indented = [line and indent + line for line in lines]
    if mark:
        indented[0] = indent[len(mark) :] + mark + indented[0].lstrip(" ") if indented[0] else mark
    for one in lists:
        one.mark = ""
    return indented


class MarkdownConverter:
    """A converter that walks the tree of a page.

    It keeps a list of open elements instead of recursing into them, so that no nesting is too deep.
    """

    def __init__(self, base: str, article: Collection[int]) -> None:
        self.embedded_pictures = 0
        """Number of pictures that are embedded in the page or have no address that can be used."""
        self._base, self._article = base, article
        self._blocks: list[PageBlock] = []
        self._open_counts: dict[str, int] = {}
        self._marks: list[tuple[int, str]] = []
        self._invisible = 0
        self._inline: list[tuple[str, str, int]] = []  # tag, address, and index in `_text` at which its text starts
        self._text: list[str] = []
        self._length = self._linked = self._found = 0
        self._lists: list[_OpenList] = []
        self._quotes: list[Element] = []
        self._block_quote: Element | None = None  # the innermost quote around the last block
        self._last_is_list = False  # whether the last block belongs to the open list
        self._table: PageTable | None = None

    def convert(self, tree: Element) -> list[PageBlock]:
        """Return the blocks of a page."""
        for event, element in lxml.etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
            if event == "start":
                self._start_element(element)
                self._add_text(element.text, element)
                continue
            if event == "end":
                self._end_element(element)
            if (parent := element.getparent()) is not None:
                self._add_text(element.tail, parent)
        self._flush()
        return self._blocks

    # Elements and text

    def _start_element(self, element: Element) -> None:
        tag = element.tag
        self._open_counts[tag] = self._open_counts.get(tag, 0) + 1
        if tag in BLOCK_ELEMENTS and not self._invisible:
            self._flush()
        if why := find_furniture_reason(element):
            self._flush()
            self._marks.append((int(element.get(NUMBER, "0")), why))
            element.set(MARKED, "1")
        if tag == "math" and not self._invisible:
            self._text.append(_format_formula(element))
        self._invisible += tag in INVISIBLE_ELEMENTS
        if self._invisible:
            return
        if tag in BLOCK_ELEMENTS:
            self._start_block(element)
        elif tag == "br":
            self._text.append("\n" if self._is_code else LINE_BREAK)
        elif tag == "img":
            self._add_image(element)
        elif tag in ("iframe", "video", "audio", "embed"):
            self._add_frame(element)
        elif tag == "input" and element.get("type", "").lower() == "checkbox" and self._open_counts.get("li"):
            self._text.append("[x] " if "checked" in element.attrib else "[ ] ")
        elif tag == "q":
            self._text.append("“")
        elif tag in INLINE_MARKS and len(self._inline) < MAX_DEPTH and not (tag != "a" and self._is_code):
            self._inline.append(
                (tag, self._resolve_address(element.get("href", "")) if tag == "a" and not self._is_code else "", len(self._text))
            )

    def _end_element(self, element: Element) -> None:
        tag = element.tag
        if not self._invisible:
            if tag in BLOCK_ELEMENTS:
                self._end_block(element)
            elif tag == "q":
                self._text.append("”")
            elif self._inline and self._inline[-1][0] == tag:
                self._wrap_inline(*self._inline.pop())
        if element.get(MARKED):
            self._flush()
            self._marks.pop()
        self._open_counts[tag] -= 1
        self._invisible -= tag in INVISIBLE_ELEMENTS

    @property
    def _is_code(self) -> bool:
        return bool(self._open_counts.get("pre"))

    def _add_text(self, data: str | None, element: Element) -> None:
        if not data or self._invisible or self._open_counts.get("title"):
            return
        if self._is_code:
            self._text.append(data.replace("\r\n", "\n"))
        else:
            words = re.sub(r"\s+", " ", data)
            self._text.append(words if self._open_counts.get("code") else SPECIAL_CHARACTERS.sub(r"\\\g<0>", words))
        length = len(data.strip())
        self._length += length
        if self._open_counts.get("a"):
            self._linked += length
        if length and int(element.get(NUMBER, "0")) in self._article:
            self._found += length

    def _start_block(self, element: Element) -> None:
        tag = element.tag
        if self._table is not None:
            if tag == "tr":
                self._table.start_row()
            elif tag not in TABLE_ELEMENTS:
                self._text.append(BLOCK_BREAK)
                if tag == "li":
                    self._text.append("• ")
        elif tag in ("ul", "ol"):
            start = element.get("start", "1")
            self._lists.append(_OpenList(0 if tag == "ul" else int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1))
        elif tag == "li" and self._lists:
            self._lists[-1].start_item()
        elif tag == "hr":
            self._add_block(["---"])
        elif tag == "blockquote":
            self._quotes.append(element)
        elif tag == "table":
            self._table = PageTable()

    def _end_block(self, element: Element) -> None:
        tag = element.tag
        if self._table is not None:
            if tag in ("td", "th"):
                self._table.add_cell(element, self._take_text())
            elif tag in TABLE_ELEMENTS:
                self._table.add_text(self._take_text())
                if tag == "table":
                    table, self._table = self._table, None
                    for lines in table.format_blocks():
                        self._add_block(lines)
                    self._start_counts()
            else:
                self._text.append(BLOCK_BREAK)
            return
        if tag == "pre":
            self._flush(code=element)
            return
        self._flush(int(tag[1]) if tag[0] == "h" and tag[1:].isdigit() else 0)
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self._last_is_list = self._last_is_list and bool(self._lists)
        elif tag == "blockquote" and self._quotes:
            self._quotes.pop()

    # Inline text

    def _resolve_address(self, href: str) -> str:
        """Return a link's address, made absolute if the page gives its own. Empty if it points into the page or could run code."""
        href = UNSAFE.sub("", href.strip().replace(" ", "%20"))
        try:
            address = urljoin(self._base, href)
            if href[:1] in ("", "#") or urlsplit(address).scheme.lower() not in SCHEMES:
                return ""
            if address.startswith(REDIRECTS):
                query = parse_qs(urlsplit(address).query)
                address = next((found for key in ("q", "url") for found in query.get(key, ()) if found.startswith("http")), address)
        except ValueError:
            return ""
        return f"<{address}>" if "(" in address or ")" in address else address.replace("<", "%3C").replace(">", "%3E")

    def _add_image(self, element: Element) -> None:
        """Add a picture with its description, or only the description if the picture has no address that can be used."""
        candidates = [element.get(name, "") for name in LAZY_ADDRESSES]
        candidates += [_choose_largest(element.get(name, "")) for name in ("data-srcset", "srcset")]
        address = next((found for given in candidates if given and (found := self._resolve_address(given))), "")
        words = " ".join(element.get("alt", "").split())
        if address:
            words = SPECIAL_IN_BRACKETS.sub(r"\\\g<0>", words)
            self._text.append(f"{self._find_gap(len(self._text))}![{words}]({address})")
        else:
            self.embedded_pictures += bool(element.get("src"))
            self._text.append(SPECIAL_CHARACTERS.sub(r"\\\g<0>", words))

    def _add_frame(self, element: Element) -> None:
        """Add a link to a video, a sound or a page within the page, unless it is too small to be seen."""
        source = element if element.get("src") else element.find("source")
        given = source.get("src", "") if source is not None else ""
        address = self._resolve_address(given) if given and "0" not in (element.get("width"), element.get("height")) else ""
        if address.startswith(("http", "<http")):
            name = " ".join(element.get("title", "").split()) or urlsplit(address.strip("<>")).netloc
            words = SPECIAL_IN_BRACKETS.sub(r"\\\g<0>", name)
            self._text.append(f"{self._find_gap(len(self._text))}[{words}]({address})")

    def _wrap_inline(self, tag: str, address: str, start: int) -> None:
        """Put the marks of an element around its text, which begins at index `start` of `_text`."""
        text = "".join(self._text[start:])
        inside = text.strip(f" {LINE_BREAK}{BLOCK_BREAK}")
        if not inside or self._is_code or any(name == tag for name, _, _ in self._inline if (name, start) != (tag, start)):
            return
        before, after = text[: text.index(inside)], text[text.index(inside) + len(inside) :]
        if tag == "a":
            inside = f"[{inside.replace(']', chr(92) + ']') if '](' not in inside else inside}]({address})" if address else inside
            before = before or (self._find_gap(start) if address else "")
        elif tag == "code":
            ticks = "`" * (1 + max((len(ticks) for ticks in re.findall("`+", inside)), default=0))
            gap = " " if "`" in (inside[0], inside[-1]) else ""
            inside = f"{ticks}{gap}{inside}{gap}{ticks}"
        else:
            inside = f"{INLINE_MARKS[tag]}{inside}{INLINE_MARKS[tag].replace('<', '</')}"
        self._text[start:] = [before, inside, after]

    def _find_gap(self, start: int) -> str:
        """Return a blank if a link ends right before index `start` of the text: only the style of the page keeps the two apart."""
        before = next((text for text in reversed(self._text[max(0, start - 4) : start]) if text), "")
        return " " if before.endswith(")") else ""

    def _take_text(self) -> str:
        """Return and clear the pending text, with marks and links applied. Marks that are still open continue after it."""
        for number in range(len(self._inline) - 1, -1, -1):
            tag, address, start = self._inline[number]
            self._wrap_inline(tag, address, start)
        self._inline = [(tag, address, 0) for tag, address, _ in self._inline]
        text, self._text = "".join(self._text), []
        return text

    # Blocks

    def _start_counts(self) -> None:
        self._length = self._linked = self._found = 0

    def _flush(self, heading: int = 0, code: Element | None = None) -> None:
        """Turn the pending text into blocks: headings of level `heading` if that is not 0, code of the element `code`."""
        if self._table is not None or not self._text:
            return
        if self._is_code and code is None:
            if not "".join(self._text[-1:]).endswith("\n"):
                self._text.append("\n")
            return
        text = self._take_text()
        if code is not None:
            lines = [line.rstrip() for line in text.replace("\xa0", " ").strip("\n").split("\n")]
            if any(lines):
                fence = "`" * max(3, 1 + max((len(ticks) for ticks in re.findall("`+", text)), default=0))
                self._add_block([fence + code.get("lang", ""), *lines, fence])
        elif heading:
            words = " ".join(text.replace(LINE_BREAK, " ").replace("**", "").split())
            self._add_block([f"{'#' * heading} {words}"] if words else [])
        else:
            parts = re.split(f"{LINE_BREAK}\\s*{LINE_BREAK}[\\s{LINE_BREAK}]*", text)
            counts = self._length, self._linked, self._found
            for part in parts:
                self._length, self._linked, self._found = (count * len(part) // max(len(text), 1) for count in counts)
                lines = [" ".join(line.split()) for line in part.strip(f" {LINE_BREAK}").split(LINE_BREAK)]
                self._add_block([f"{escape_line_start(line)}{chr(92) * (number < len(lines))}" for number, line in enumerate(lines, 1)])
        self._start_counts()

    def _add_block(self, lines: list[str]) -> None:
        """Add a block, indented and marked for the lists and quotes around it."""
        if not any(lines):
            return
        marks, last = tuple(self._marks), self._blocks[-1] if self._blocks else None
        lists = [one for one in self._lists[-MAX_DEPTH:] if one.width]
        quote = self._quotes[-1] if self._quotes else None
        continues = last is not None and last.marks == marks and self._last_is_list
        if lists:
            gap = [""] if continues and not lists[-1].mark else []
            lines = [*gap, *_indent_item(lines, lists)]
        if quotes := min(len(self._quotes), MAX_DEPTH):
            lines = [("> " * quotes + line).rstrip() for line in lines]
        unlinked = 1 - self._linked / self._length if self._length else 0.0
        prose = int(unlinked * sum(len(line) for line in lines if SENTENCE.search(line, 0, LINE_START)))
        if last is not None and continues and lists:
            last.lines += lines
        elif last is not None and quote is not None and quote is self._block_quote and last.marks == marks and not lists:
            last.lines += [">", *lines]
        else:
            is_inside = bool(self._open_counts.get("article") or self._open_counts.get("main"))
            last = PageBlock(lines, marks, is_inside=is_inside)
            self._blocks.append(last)
        last.length += self._length
        last.linked += self._linked
        last.found += self._found
        last.prose += prose
        self._start_counts()
        self._last_is_list, self._block_quote = bool(lists), quote


def _format_formula(element: Element) -> str:
    """Return a formula as it is written in TeX, between dollar signs, else as plain text."""
    source = next((one.text for one in element.iter("annotation") if "tex" in one.get("encoding", "") and one.text), "") or element.get(
        "alttext", ""
    )
    tex = (
        " ".join(source.split()).removeprefix("{\\displaystyle ").removesuffix("}")
        if source.startswith("{\\displaystyle")
        else " ".join(source.split())
    )
    return f"${tex.strip()}$" if tex else " ".join("".join(element.itertext()).split())


def _choose_largest(srcset: str) -> str:
    """Return the address of the largest picture in a `srcset`."""
    candidates = [part.split() for part in SRCSET_SEPARATOR.split(srcset) if part.strip()]
    sized = [(float(part[1][:-1]) if len(part) > 1 and NUMBER_WITH_UNIT.fullmatch(part[1]) else 0.0, part[0]) for part in candidates[:50]]
    return max(sized, default=(0.0, ""))[1]
