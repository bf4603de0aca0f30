"""Convert the tree of a page to Markdown: blocks, tables and inline marks."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice
from urllib.parse import parse_qs, urljoin, urlsplit

import lxml.etree

from zettel.adapters.html.footnotes import FOOTNOTE, REFERENCE
from zettel.adapters.html.formula import format_formula, is_formula_picture, is_tex
from zettel.adapters.html.furniture import find_furniture_reason
from zettel.adapters.html.lists import CHECKED, LEVEL, ORDERED, UNCHECKED, find_task_mark, join_bullets
from zettel.adapters.html.pictures import list_addresses
from zettel.adapters.html.structure import LANGUAGE, TABLE_ELEMENTS
from zettel.adapters.html.table import BLOCK_BREAK, LINE_BREAK, PageTable, escape_line_start
from zettel.adapters.html.tree import ELEMENT_NUMBER, Element, read_start
from zettel.model.articles.page_blocks import PageBlock

BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " header hgroup hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)

BLOCK_ELEMENTS = frozenset(BLOCK_TAGS.split())
INVISIBLE_ELEMENTS = frozenset(("script", "style", "template", "noscript", "svg", "select", "datalist", "textarea", "canvas", "math", "rp"))
STRONG, ITALIC, STRUCK = "**", "*", "~~"

INLINE_MARKS = {
    "b": STRONG,
    "strong": STRONG,
    "i": ITALIC,
    "em": ITALIC,
    "cite": ITALIC,
    "strong-em": STRONG + ITALIC,
    "mark": "==",
    "del": STRUCK,
    "s": STRUCK,
    "sup": "<sup>",
    "sub": "<sub>",
    "code": "`",
    "a": "",
}

SIGNS_AROUND = {"q": ("“", "”"), "rt": ("(", ")")}
"""Signs that browsers put around an element, or that pages for other browsers do."""

FRAMES = ("iframe", "video", "audio", "embed", "object")
PLAYERS = ("video", "audio")
MAX_FALLBACK, MAX_PARTS = 300, 20
"""Maximum characters and elements of what a player says to a browser that cannot play. More is what a page has behind a player that nobody closed."""

CITED = re.compile(r"\[?((?:\[\^[\w-]+\][ ,]*)+)\]?")
JOINED = frozenset((STRONG, ITALIC, STRONG + ITALIC, STRUCK, "=="))
"""Marks that end where the same begin again, so that both are left out."""

REDIRECTS = ("https://www.google.com/url?", "http://www.google.com/url?")
SENTENCE = re.compile(r"[^\W\d_]{2}[^.!?。！？]{15,}[.!?…][\"”’»)\]*_]*(?:\s|$)|[。！？]|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{20}")
DENSE_LETTERS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of scripts that say as much with one of them as others do with three."""

LINE_START = 1000
"""Length of the start of a line in characters that is searched for the end of a sentence."""

MAX_DEPTH = 8
"""Maximum depth of nested lists, quotes, marks and links. Deeper ones are flattened."""

MAX_BASE = 2000
"""Maximum characters of the address to which those of a page are relative. A longer one is hostile."""

MAX_ADDED = 10_000_000
"""Maximum characters that a page grows by if its addresses become absolute. Those that come after stay relative."""

SCHEMES = ("http", "https", "mailto", "ftp", "tel", "")
UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f]+")
WHITESPACE = re.compile(r"\s+")
INVISIBLE_CHARACTERS = re.compile("[\u00ad\u200b\u2060\ufeff]+")
"""Characters that only say where a line may or may not break."""

SPECIAL_CHARACTERS = re.compile(r"[\\`*<]|\[(?=\[)|(?<!\w)_|_(?!\w)|(?<![\w/&#])#(?=\d*[^\W\d]|[^\x00-\x7f])")
"""Signs that Markdown, or zettel, would take for more than they are on a page, such as that of a tag."""

EMPTY_LINE = re.compile(f"{LINE_BREAK}\\s*{LINE_BREAK}[\\s{LINE_BREAK}]*")
DESTINATION = re.compile(r"\]\([^()\s]*\)")
BRACKETS = re.compile(r"(?<!\\)[\[\]]")
SPECIAL_IN_BRACKETS = re.compile(r"[\\`*<\[\]]|(?<!\w)_|_(?!\w)|(?<![\w/&#])#(?=\d*[^\W\d]|[^\x00-\x7f])")
FOOTNOTE_INDENT = 4
"""Width by which further paragraphs of a footnote are indented."""


def _parse_number(given: str | None, default: int) -> int:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 6 else default


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


def _is_invisible(element: Element) -> bool:
    """Return whether no browser shows what is in an element."""
    if element.tag == "object":  # Apple Notes puts its tables into one that shows nothing else
        return any(name in element.attrib for name in ("data", "type", "classid"))
    if element.tag in PLAYERS:
        return len(read_start(element)) <= MAX_FALLBACK and sum(1 for _ in islice(element.iterdescendants(), MAX_PARTS + 1)) <= MAX_PARTS
    return element.tag in INVISIBLE_ELEMENTS or REFERENCE in element.attrib


class MarkdownConverter:
    """A converter that walks the tree of a page.

    It keeps a list of open elements instead of recursing into them, so that no nesting is too deep.
    """

    def __init__(self, base: str, article: Collection[int], attachments: Collection[str] = ()) -> None:
        self.embedded_pictures = 0
        """Number of pictures that are embedded in the page or have no address that can be used."""
        self._base, self._article, self._attachments = base if len(base) <= MAX_BASE else "", article, frozenset(attachments)
        self._added = 0  # characters that addresses have grown by
        self._blocks: list[PageBlock] = []
        self._open_counts: dict[str, int] = {}
        self._marks: list[tuple[int, str]] = []
        self._marked: list[Element] = []  # the elements of `_marks`
        self._invisible = 0
        self._inline: list[tuple[str, str, int]] = []  # tag, address, and index in `_text` at which its text starts
        self._text: list[str] = []
        self._length = self._linked = self._found = 0
        self._lists: list[_OpenList] = []
        self._levels = self._open_items = 0  # lists at the end of `_lists` that only the levels of items make, and open items with a level
        self._cited: set[str] = set()  # labels of footnotes to which the article refers
        self._cited_footnotes: list[Element] = []  # such footnotes that are open
        self._last_wrap = ("", -1)  # the last mark that was closed, and the index in `_text` behind it
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
        return join_bullets(self._blocks)

    # Elements and text

    def _start_element(self, element: Element) -> None:
        tag = element.tag
        if tag in BLOCK_ELEMENTS and not self._invisible:
            self._flush()
        self._open_counts[tag] = self._open_counts.get(tag, 0) + 1
        if why := find_furniture_reason(element):
            self._flush()
            self._marks.append((int(element.get(ELEMENT_NUMBER, "0")), why))
            self._marked.append(element)
        if not self._invisible:
            self._start_visible(element)
        self._invisible += _is_invisible(element)

    def _start_visible(self, element: Element) -> None:
        tag = element.tag
        if tag in BLOCK_ELEMENTS:
            self._start_block(element)
        elif tag == "br":
            self._text.append("\n" if self._is_code else LINE_BREAK)
        elif tag == "img" and not is_formula_picture(element):
            self._add_image(element)
        elif tag in ("math", "img") or (tag == "script" and is_tex(element)):
            self._add_formula(element)
        elif tag in FRAMES:
            self._add_frame(element)
        elif tag in SIGNS_AROUND:
            self._text.append(SIGNS_AROUND[tag][0])
        elif tag == "a" and REFERENCE in element.attrib:
            self._add_reference(element)
        elif tag in INLINE_MARKS and len(self._inline) < MAX_DEPTH and not (tag != "a" and self._is_code):
            self._inline.append(
                (tag, self._resolve_address(element.get("href", "")) if tag == "a" and not self._is_code else "", len(self._text))
            )
        elif (task := find_task_mark(element)) and self._open_counts.get("li"):
            self._text.append(task)

    def _end_element(self, element: Element) -> None:
        tag = element.tag
        self._invisible -= _is_invisible(element)
        if not self._invisible:
            if tag in BLOCK_ELEMENTS:
                self._end_block(element)
            elif tag in SIGNS_AROUND:
                self._text.append(SIGNS_AROUND[tag][1])
            elif self._inline and self._inline[-1][0] == tag:
                self._wrap_inline(*self._inline.pop())
        if self._marked and self._marked[-1] is element:
            self._flush()
            self._marks.pop()
            self._marked.pop()
        self._open_counts[tag] -= 1

    @property
    def _is_code(self) -> bool:
        return bool(self._open_counts.get("pre"))

    def _add_text(self, data: str | None, element: Element) -> None:
        if not data or self._invisible or self._open_counts.get("title"):
            return
        if self._is_code:
            self._text.append(data.replace("\r\n", "\n").replace("\r", "\n"))
        else:
            words = INVISIBLE_CHARACTERS.sub("", WHITESPACE.sub(" ", data))
            self._text.append(words if self._open_counts.get("code") else SPECIAL_CHARACTERS.sub(r"\\\g<0>", words))
        length = len(data.strip())
        self._length += length
        if self._open_counts.get("a"):
            self._linked += length
        if length and (self._cited_footnotes or int(element.get(ELEMENT_NUMBER, "0")) in self._article):
            self._found += length

    def _start_block(self, element: Element) -> None:
        tag = element.tag
        if self._table is not None:
            if tag == "tr":
                self._table.start_row(element)
            elif tag not in TABLE_ELEMENTS:
                self._text.append(BLOCK_BREAK)
                if tag == "li":
                    self._text.append(f"• {find_task_mark(element)}")
            return
        if self._levels and not self._open_items and LEVEL not in element.attrib:
            self._close_levels(0)
        if FOOTNOTE in element.attrib:
            self._start_footnote(element)
        elif tag in ("ul", "ol"):
            self._lists.append(_OpenList(0 if tag == "ul" else _parse_number(element.get("start"), 1)))
        elif tag == "li":
            self._start_item(element)
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
            self._flush(code=element if self._open_counts["pre"] == 1 else None)
            return
        self._flush(int(tag[1]) if tag[0] == "h" and tag[1:].isdigit() else 0)
        if FOOTNOTE in element.attrib:
            self._end_list()
            if self._cited_footnotes and self._cited_footnotes[-1] is element:
                self._cited_footnotes.pop()
        elif tag in ("ul", "ol"):
            self._end_list()
        elif tag == "li":
            self._open_items -= LEVEL in element.attrib
        elif tag == "blockquote" and self._quotes:
            self._quotes.pop()

    # Lists and footnotes

    def _start_item(self, element: Element) -> None:
        if LEVEL in element.attrib:
            self._open_items += 1
            self._close_levels(int(element.get(LEVEL)))
            while self._levels < int(element.get(LEVEL)):
                self._lists.append(_OpenList(0))
                self._levels += 1
            number = int(element.get(ORDERED, "-1"))  # 0 if the list goes on
            self._lists[-1].number = max(number, 0) or (self._lists[-1].number or 1 if number == 0 else 0)
        elif self._lists and self._lists[-1].number:
            self._lists[-1].number = _parse_number(element.get("value"), self._lists[-1].number)
        if self._lists:
            self._lists[-1].start_item()
        if task := find_task_mark(element):
            self._text.append(task)

    def _start_footnote(self, element: Element) -> None:
        footnote = _OpenList(0)
        footnote.mark, footnote.width = f"[^{element.get(FOOTNOTE)}]: ", FOOTNOTE_INDENT
        self._lists.append(footnote)
        if element.get(FOOTNOTE) in self._cited:
            self._cited_footnotes.append(element)

    def _end_list(self) -> None:
        self._close_levels(0)
        if self._lists:
            self._lists.pop()
        self._last_is_list = self._last_is_list and bool(self._lists)

    def _close_levels(self, level: int) -> None:
        """Close the lists that only the levels of their items make, down to `level` of them."""
        while self._levels > level:
            self._lists.pop()
            self._levels -= 1
        self._last_is_list = self._last_is_list and bool(self._lists)

    # Inline text

    def _resolve_address(self, href: str) -> str:
        """Return a link's address, made absolute if the page gives its own. Empty if it points into the page or could run code."""
        href = UNSAFE.sub("", href.strip().replace(" ", "%20"))
        if href in self._attachments:
            return href
        try:
            address = urljoin(self._base, href) if self._added < MAX_ADDED else href
            self._added += max(0, len(address) - len(href))
            address = f"https:{address}" if address.startswith("//") else address
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
        address = next((found for given in list_addresses(element) if (found := self._resolve_address(given))), "")
        words = " ".join(element.get("alt", "").split())
        if address:
            words = SPECIAL_IN_BRACKETS.sub(r"\\\g<0>", words)
            self._text.append(f"{self._find_gap(len(self._text))}![{words}]({address})")
        else:
            self.embedded_pictures += bool(element.get("src"))
            self._text.append(SPECIAL_CHARACTERS.sub(r"\\\g<0>", words))

    def _add_frame(self, element: Element) -> None:
        """Add a link to a video, a sound or a page within the page, unless it is too small to be seen."""
        source = element.find("source") if element.tag in ("video", "audio") and not element.get("src") else element
        given = next((found for name in ("src", "data-src", "data") if source is not None and (found := source.get(name))), "")
        is_seen = not {"0", "1", "0px", "1px"} & {element.get("width"), element.get("height")}
        address = self._resolve_address(given) if given and is_seen else ""
        if address.startswith(("http", "<http")):
            name = " ".join(element.get("title", "").split()) or urlsplit(address.strip("<>")).netloc
            words = SPECIAL_IN_BRACKETS.sub(r"\\\g<0>", name)
            self._text.append(f"{self._find_gap(len(self._text))}[{words}]({address})")

    def _add_formula(self, element: Element) -> None:
        """Add a formula, which makes a paragraph of its own if it stands on a line of its own in the page."""
        formula = format_formula(element)
        if not formula.startswith("$"):
            self._add_text(formula, element)
        elif formula.startswith("$$") and self._table is None and not self._is_code:
            self._flush()
            self._text.append(formula)
            self._flush()
        else:
            self._text.append(formula)

    def _add_reference(self, link: Element) -> None:
        self._text.append(f"[^{link.get(REFERENCE)}]")
        if int(link.get(ELEMENT_NUMBER, "0")) in self._article:
            self._cited.add(link.get(REFERENCE))

    def _wrap_inline(self, tag: str, address: str, start: int) -> None:
        """Put the marks of an element around its text, which begins at index `start` of `_text`."""
        text = "".join(self._text[start:])
        inside, mark = text.strip(f" {LINE_BREAK}{BLOCK_BREAK}"), INLINE_MARKS[tag]
        if not inside or self._is_code or any(INLINE_MARKS[name] == mark for name, _, at in self._inline if (name, at) != (tag, start)):
            return
        before, after = text[: text.index(inside)], text[text.index(inside) + len(inside) :]
        if tag == "a":
            words = inside if "](" in inside else BRACKETS.sub(r"\\\g<0>", inside)
            inside = f"[{words}]({address})" if address else inside
            before = before or (self._find_gap(start) if address else "")
        elif mark == "`":
            ticks = "`" * (1 + max((len(ticks) for ticks in re.findall("`+", inside)), default=0))
            gap = " " if "`" in (inside[0], inside[-1]) else ""
            inside = f"{ticks}{gap}{inside}{gap}{ticks}"
        elif tag == "sup" and (cited := CITED.fullmatch(inside)):
            inside = cited[1]
        elif mark in JOINED and not before and self._last_wrap == (mark, start) and not any(at == start for _, _, at in self._inline):
            self._text[start - 2] = self._text[start - 2].removesuffix(mark)
            inside += mark
        else:
            inside = f"{mark}{inside}{mark.replace('<', '</')}"
        self._text[start:] = [before, inside, after]
        self._last_wrap = (mark, len(self._text)) if not after else ("", -1)

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
        self._last_wrap = ("", -1)
        return text

    # Blocks

    def _start_counts(self) -> None:
        self._length = self._linked = self._found = 0

    def _flush(self, heading: int = 0, code: Element | None = None) -> None:
        """Turn the pending text into blocks: headings of level `heading` if that is not 0, code of the element `code`."""
        if self._table is not None or not self._text or self._text in ([CHECKED], [UNCHECKED]):
            return  # the box of a task stays with the task, in whatever element that is
        if self._is_code and code is None:
            if not "".join(self._text[-1:]).endswith("\n"):
                self._text.append("\n")
            return
        text = self._take_text()
        if code is not None:
            lines = [line.rstrip() for line in text.replace("\xa0", " ").strip("\n").split("\n")]
            if any(lines):
                fence = "`" * max(3, 1 + max((len(ticks) for ticks in re.findall("`+", text)), default=0))
                self._add_block([fence + code.get(LANGUAGE, ""), *lines, fence])
        elif heading:
            words = " ".join(text.replace(LINE_BREAK, " ").replace("**", "").split())
            self._add_block([f"{'#' * heading} {words}"] if words else [])
        else:
            parts = EMPTY_LINE.split(text) if LINE_BREAK in text else [text]
            counts, sizes = (self._length, self._linked, self._found), [len(DESTINATION.sub("", part)) for part in parts]
            whole = sum(sizes) or 1
            for part, size in zip(parts, sizes, strict=True):
                self._length, self._linked, self._found = (count * size // whole for count in counts)
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
        sentences = [line for line in lines if SENTENCE.search(line, 0, LINE_START)]
        prose = int(unlinked * sum(len(line) + 2 * len(DENSE_LETTERS.findall(line)) for line in sentences))
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
