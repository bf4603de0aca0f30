"""Convert HTML to Markdown: blocks, tables and inline marks, with page furniture recognised by tag, classes and ID."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from zettel.model.articles.article import ArticleBlock

FURNITURE_ELEMENTS = {
    "nav": "navigation",
    "footer": "the page's footer",
    "aside": "beside the article",
    "form": "a form",
    "button": "a button",
    "dialog": "a dialog",
}

FURNITURE_NAMES = {
    "other people's comments": ("comments", "comment-list", "comments-area", "comment-respond", "disqus_thread"),
    "a share button": (
        "share",
        "sharing",
        "social",
        "social-share",
        "share-buttons",
        "sharedaddy",
        "addtoany",
        "post-share",
        "social-links",
    ),
    "a link of the page": (
        "related",
        "related-posts",
        "related-articles",
        "breadcrumb",
        "breadcrumbs",
        "pagination",
        "sidebar",
        "menu",
        "navbar",
        "widget",
    ),
    "an invitation to subscribe": ("newsletter", "subscribe", "newsletter-signup", "signup"),
    "a cookie note": ("cookie", "cookies", "cookie-banner", "cookie-notice", "consent", "gdpr"),
    "an advertisement": ("ad", "ads", "advert", "advertisement", "promo"),
}

FURNITURE_BY_NAME = {name: why for why, names in FURNITURE_NAMES.items() for name in names}
ARTICLE_ELEMENTS = frozenset(("html", "body", "main", "article"))
"""Elements that contain the article, whatever their classes."""


def find_furniture_reason(tag: str, attributes: Mapping[str, str]) -> str:
    """Return why an element is page furniture, empty if it may be part of the article."""
    if tag in FURNITURE_ELEMENTS or tag in ARTICLE_ELEMENTS:
        return FURNITURE_ELEMENTS.get(tag, "")
    if "hidden" in attributes or "display:none" in attributes.get("style", "")[:500].replace(" ", ""):
        return "hidden on the page"
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}"[:500].lower().split()
    return next((FURNITURE_BY_NAME[name] for name in names if name in FURNITURE_BY_NAME), "")


LINE_START_MARK = re.compile(r"(#{1,6}(?=\s)|[>+-](?=\s|$)|\d{1,9}(?=[.)]\s))")
LINE_BREAK, BLOCK_BREAK = "\x01", "\x02"
"""Placeholders in text for `<br>`, and for the boundaries of blocks inside a table."""

MAX_CELL_LENGTH = 300
"""Maximum length of a table's cell in characters. A table with a longer one serves the layout."""


class PageTable:
    """A table under construction."""

    def __init__(self) -> None:
        self._rows: list[list[str]] = []
        self._has_heading = False

    def start_cell(self, tag: str, text: str) -> None:
        """Add text to the current cell, then start the cell or row that `tag` opens."""
        if text.strip(f" {BLOCK_BREAK}{LINE_BREAK}"):
            if not self._rows:
                self._rows.append([])
            if self._rows[-1]:
                self._rows[-1][-1] += text
            else:
                self._rows[-1].append(text)
        self._has_heading = self._has_heading or tag in ("thead", "th")
        if tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            if not self._rows:
                self._rows.append([])
            self._rows[-1].append("")

    def format_blocks(self) -> Iterator[list[str]]:
        """Yield the table as one Markdown block, with an empty heading if it has none, or as paragraphs if it serves only the layout."""
        rows = [row for row in self._rows if any(cell.strip(f" {BLOCK_BREAK}{LINE_BREAK}") for cell in row)]
        width = max(map(len, rows), default=0)
        cells = [cell for row in rows for cell in row]
        has_blocks = any(BLOCK_BREAK in cell.strip(f" {BLOCK_BREAK}{LINE_BREAK}") for cell in cells)
        is_layout = len(rows) < 2 and (has_blocks or self._has_heading)
        if width < 2 or is_layout or any(len(cell) > MAX_CELL_LENGTH for cell in cells):
            for cell in cells:
                for part in cell.split(BLOCK_BREAK):
                    if words := " ".join(part.replace(LINE_BREAK, " ").split()):
                        yield [escape_line_start(words)]
            return
        cells_by_row = [
            [" ".join(re.sub(f"[{LINE_BREAK}{BLOCK_BREAK}]", " ", cell).split()).replace("|", "\\|") for cell in row] for row in rows
        ]
        if not self._has_heading:
            cells_by_row.insert(0, [])
        lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in cells_by_row]
        yield [lines[0], "| " + " | ".join(["---"] * width) + " |", *lines[1:]]


def escape_line_start(line: str) -> str:
    """Escape the start of a paragraph's line if Markdown would take it for a block mark."""
    return (
        LINE_START_MARK.sub(lambda mark: mark[0] + "\\" if mark[0].isdigit() else "\\" + mark[0], line, count=1)
        if LINE_START_MARK.match(line)
        else line
    )


BLOCK_TAGS = (
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " header hgroup hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)

BLOCK_ELEMENTS = frozenset(BLOCK_TAGS.split())
VOID_ELEMENTS = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"))
INVISIBLE_ELEMENTS = frozenset(("script", "style", "template", "noscript", "svg", "iframe"))
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

MAX_DEPTH = 8
"""Maximum depth of nested lists, quotes, marks and links. Deeper ones are flattened."""

AROUND_ARTICLE = "around the article"
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
    """A converter that is fed tags and texts in order.

    It counts open elements instead of recursing into them, so that no nesting is too deep and missing end tags do no harm.
    """

    def __init__(self) -> None:
        self.meta: dict[str, str] = {}
        self.embedded_pictures = 0
        """Number of pictures that are embedded in the page or have no address that can be used."""
        self._blocks: list[tuple[list[str], str, bool]] = []  # lines, why they are page furniture, and whether inside the article's element
        self._elements: list[tuple[str, str]] = []  # elements, each with the reason why it is page furniture
        self._open_counts: dict[str, int] = {}
        self._furniture: list[str] = []
        self._invisible = 0
        self._inline: list[tuple[str, str, int]] = []  # tag, address, and index in `_text` at which its text starts
        self._text: list[str] = []
        self._lists: list[_OpenList] = []
        self._last_is_list = False  # whether the last block belongs to the open list
        self._table: PageTable | None = None

    def finish(self) -> Iterator[ArticleBlock]:
        """Close all elements and yield the blocks. If the page has an article element, the blocks outside it are marked as such."""
        while self._elements:
            self.handle_end(self._elements[-1][0])
        self._flush()
        has_article = any(is_inside and not why for _, why, is_inside in self._blocks)
        for lines, why, is_inside in self._blocks:
            yield ArticleBlock(tuple(lines), why or (AROUND_ARTICLE if has_article and not is_inside else ""))

    # Tags and text

    def handle_start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle a start tag."""
        if tag in ("meta", "link", "base", "time"):
            self._record_metadata(tag, attributes)
        if tag in BLOCK_ELEMENTS and self._open_counts.get("p"):
            self.handle_end("p")  # a paragraph cannot contain blocks
        if tag in BLOCK_ELEMENTS and not self._invisible:
            self._flush()
        if tag not in VOID_ELEMENTS:
            self._open_element(tag, attributes)
        if self._invisible:
            return
        if self._table is not None and self._open_counts.get("table") == 1 and tag in ("thead", "tr", "td", "th"):
            self._table.start_cell(tag, self._take_text())
        elif tag in BLOCK_ELEMENTS:
            self._start_block(tag, attributes)
        elif tag == "br":
            self._text.append("\n" if self._open_counts.get("pre") else LINE_BREAK)
        elif tag == "img":
            self._add_image(attributes)
        elif tag in INLINE_MARKS and len(self._inline) < MAX_DEPTH and not (tag == "code" and self._open_counts.get("pre")):
            self._inline.append((tag, self._resolve_address(attributes.get("href", "")) if tag == "a" else "", len(self._text)))

    def handle_end(self, tag: str) -> None:
        """Handle an end tag, closing the elements inside that are still open. Ignores it if its element is not open."""
        if not self._open_counts.get(tag):
            return
        while True:
            name, why = self._elements[-1]
            if not self._invisible:
                self._close_element(name)
            self._elements.pop()
            self._open_counts[name] -= 1
            self._invisible -= name in INVISIBLE_ELEMENTS
            if why:
                self._furniture.pop()
            if name == tag:
                return

    def handle_text(self, data: str) -> None:
        """Handle a text."""
        if self._invisible:
            return
        if self._open_counts.get("title"):
            self.meta.setdefault("title", " ".join(data.split()))
        elif self._open_counts.get("pre"):
            self._text.append(data)
        else:
            words = re.sub(r"[\s\x01\x02]+", " ", data)
            self._text.append(words if self._open_counts.get("code") else SPECIAL_CHARACTERS.sub(r"\\\g<0>", words))

    # Elements

    def _record_metadata(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Record metadata of the article. The first value of each key counts."""
        if tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
            self.meta.setdefault(name, attributes.get("content", "").strip())
        elif tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
            self.meta.setdefault("canonical", attributes.get("href", "").strip())
        elif tag == "base":
            self.meta.setdefault("base", attributes.get("href", "").strip())
        elif tag == "time":
            self.meta.setdefault("time", attributes.get("datetime", "").strip())

    def _open_element(self, tag: str, attributes: Mapping[str, str]) -> None:
        why = find_furniture_reason(tag, attributes)
        if why:
            self._flush()
            self._furniture.append(why)
        self._elements.append((tag, why))
        self._open_counts[tag] = self._open_counts.get(tag, 0) + 1
        self._invisible += tag in INVISIBLE_ELEMENTS

    def _start_block(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._table is not None:
            self._text.append(BLOCK_BREAK)
        elif tag in ("ul", "ol"):
            start = attributes.get("start", "1")
            self._lists.append(_OpenList(0 if tag == "ul" else int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1))
        elif tag == "li" and self._lists:
            self._lists[-1].start_item()
        elif tag == "hr":
            self._add_block(["---"])
        elif tag == "table":
            self._table = PageTable()

    def _close_element(self, tag: str) -> None:
        """Convert the text of the innermost open element, which ends here."""
        if self._table is not None and tag in ("td", "th", "tr", "table") and self._open_counts["table"] == 1:
            self._table.start_cell("", self._take_text())
            if tag == "table":
                table, self._table = self._table, None
                for lines in table.format_blocks():
                    self._add_block(lines)
        elif tag in BLOCK_ELEMENTS:
            self._flush(int(tag[1]) if tag[0] == "h" and tag[1:].isdigit() else 0)
            if tag in ("ul", "ol") and self._lists and self._table is None:
                self._lists.pop()
                self._last_is_list = self._last_is_list and bool(self._lists)
        elif self._inline and self._inline[-1][0] == tag:
            self._wrap_inline(*self._inline.pop())
        elif self._furniture and self._elements[-1][1]:
            self._flush()

    # Text

    def _resolve_address(self, href: str) -> str:
        """Return a link's address, made absolute if the page gives its own. Empty if it points into the page or could run code."""
        href = UNSAFE.sub("", href.strip().replace(" ", "%20"))
        try:
            base = self.meta.get("base") or self.meta.get("canonical") or self.meta.get("og:url") or ""
            address = urljoin(base, href)
            if href[:1] in ("", "#") or urlsplit(address).scheme.lower() not in SCHEMES:
                return ""
        except ValueError:
            return ""
        return f"<{address}>" if "(" in address or ")" in address else address.replace("<", "%3C").replace(">", "%3E")

    def _add_image(self, attributes: Mapping[str, str]) -> None:
        """Add a picture with its description, or only the description if the picture has no address that can be used."""
        address = self._resolve_address(attributes.get("src", "")) or self._resolve_address(
            attributes.get("data-src", "")
        )  # set by pages that load pictures later
        words = " ".join(attributes.get("alt", "").split())
        if address:
            words = SPECIAL_IN_BRACKETS.sub(r"\\\g<0>", words)
            self._text.append(f"![{words}]({address})")
        else:
            self.embedded_pictures += bool(attributes.get("src"))
            self._text.append(SPECIAL_CHARACTERS.sub(r"\\\g<0>", words))

    def _wrap_inline(self, tag: str, address: str, start: int) -> None:
        """Put the marks of an element around its text, which begins at index `start` of `_text`."""
        text = "".join(self._text[start:])
        inside = text.strip(f" {LINE_BREAK}{BLOCK_BREAK}")
        if not inside or any(name == tag for name, _, _ in self._inline if (name, start) != (tag, start)):
            return
        before, after = text[: text.index(inside)], text[text.index(inside) + len(inside) :]
        if tag == "a":
            inside = f"[{inside.replace(']', chr(92) + ']') if '](' not in inside else inside}]({address})" if address else inside
        elif tag == "code":
            ticks = "`" * (1 + max((len(ticks) for ticks in re.findall("`+", inside)), default=0))
            gap = " " if "`" in (inside[0], inside[-1]) else ""
            inside = f"{ticks}{gap}{inside}{gap}{ticks}"
        else:
            inside = f"{INLINE_MARKS[tag]}{inside}{INLINE_MARKS[tag].replace('<', '</')}"
        self._text[start:] = [before, inside, after]

    def _take_text(self) -> str:
        """Return and clear the pending text, with marks and links applied. Marks that are still open continue after it."""
        for number in range(len(self._inline) - 1, -1, -1):
            tag, address, start = self._inline[number]
            self._wrap_inline(tag, address, start)
        self._inline = [(tag, address, 0) for tag, address, _ in self._inline]
        text, self._text = "".join(self._text), []
        return text

    def _flush(self, heading: int = 0) -> None:
        """Turn the pending text into blocks, headings of level `heading` if that is not 0."""
        if self._table is not None:
            if self._text:
                self._text.append(BLOCK_BREAK)
            return
        if not self._text:
            return
        text = self._take_text()
        if self._open_counts.get("pre"):
            if text.strip():
                fence = "`" * max(3, 1 + max((len(ticks) for ticks in re.findall("`+", text)), default=0))
                self._add_block([fence, *text.strip("\n").split("\n"), fence])
        elif heading:
            words = " ".join(text.replace(LINE_BREAK, " ").replace("**", "").split())
            self._add_block([f"{'#' * heading} {words}"] if words else [])
        else:
            for part in re.split(f"{LINE_BREAK}\\s*{LINE_BREAK}[\\s{LINE_BREAK}]*", text):
                lines = [" ".join(line.split()) for line in part.strip(f" {LINE_BREAK}").split(LINE_BREAK)]
                self._add_block([f"{escape_line_start(line)}{chr(92) * (number < len(lines))}" for number, line in enumerate(lines, 1)])

    def _add_block(self, lines: list[str]) -> None:
        """Add a block, indented and marked for the lists and quotes around it."""
        if not any(lines):
            return
        why = self._furniture[-1] if self._furniture else ""
        lists = [one for one in self._lists[-MAX_DEPTH:] if one.width]
        continues = self._last_is_list and bool(self._blocks) and self._blocks[-1][1] == why
        if lists:
            gap = [""] if continues and not lists[-1].mark else []
            lines = [*gap, *_indent_item(lines, lists)]
        if quotes := min(self._open_counts.get("blockquote", 0), MAX_DEPTH):
            lines = [("> " * quotes + line).rstrip() for line in lines]
        if lists and continues:
            self._blocks[-1][0].extend(lines)
        else:
            self._blocks.append((lines, why, bool(self._open_counts.get("article") or self._open_counts.get("main"))))
        self._last_is_list = bool(lists)
