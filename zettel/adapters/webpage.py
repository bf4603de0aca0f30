"""Web pages: from HTML to Markdown, block by block, with what stands around the article marked, not dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from zettel.adapters.markup import tokens
from zettel.model.article import Block
from zettel.model.dates import parse_moment

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])
UNSEEN = frozenset(("script", "style", "template", "noscript", "svg", "iframe"))
MARKS = {
    "b": "**",
    "strong": "**",
    "i": "*",
    "em": "*",
    "cite": "*",
    "del": "~~",
    "s": "~~",
    "sup": "<sup>",
    "sub": "<sub>",
    "code": "`",
    "a": "",
}
OUTSIDE = {
    "nav": "navigation",
    "footer": "the page's footer",
    "aside": "beside the article",
    "form": "a form",
    "button": "a button",
    "dialog": "a window of the page",
}
NAMED = {
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
CLASSES = {name: why for why, names in NAMED.items() for name in names}
CONTENT = frozenset(("article", "main"))
DEEPEST = 8
"""Levels of lists and quotes that are told apart, and marks and links that are kept within one another."""

SCHEMES = ("http", "https", "mailto", "ftp", "tel", "")
UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f]+")
SPECIAL = re.compile(r"[\\`*<]|\[(?=\[)|(?<!\w)_|_(?!\w)")
AT_START = re.compile(r"(#{1,6}(?=\s)|[>+-](?=\s|$)|\d{1,9}(?=[.)]\s))")
BREAK, APART = "\x01", "\x02"
"""What stands in text for `<br>`, and for the bounds of blocks within a table."""

BEGINNING = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
LONGEST_CELL = 300
"""Characters of a table's cell; with more, the table is there for the layout."""


class Page(NamedTuple):
    """What a page says of its article, and its text as Markdown."""

    title: str
    author: str
    published: str
    origin: str
    blocks: tuple[Block, ...]


def looks_like_page(text: str) -> bool:
    """Whether a text begins as HTML does."""
    return bool(BEGINNING.match(text[:2000]))


def page(html: str) -> Page:
    """Read a page. Nothing is fetched; links that could run something become their text."""
    reader = _Reader()
    for token in tokens(html):
        if not token.name:
            reader.take(token.text)
        elif token.is_end:
            reader.end(token.name)
        else:
            reader.begin(token.name, token.attributes)
    meta, blocks = reader.meta, tuple(reader.found())
    headings = [block.lines[0][2:] for block in blocks if block.lines[0].startswith("# ") and block.why in ("", AROUND)]
    title = meta.get("og:title") or (headings[0] if len(headings) == 1 else "") or meta.get("title") or "".join(headings[:1])
    author = next((name for key in AUTHOR if (name := meta.get(key, "")) and "://" not in name), "")
    published = next((moment[:10] for key in PUBLISHED if (moment := parse_moment(meta.get(key, "")))), "")
    origin = next((url for key in ORIGIN if (url := meta.get(key, "")).startswith(("http://", "https://")) and not UNSAFE.search(url)), "")
    return Page(" ".join(title.split()), " ".join(author.split()), published, origin, blocks)


AUTHOR = ("author", "article:author", "dc.creator", "parsely-author", "twitter:creator")
PUBLISHED = ("article:published_time", "datepublished", "date", "dc.date", "pubdate", "parsely-pub-date", "time")
ORIGIN = ("canonical", "og:url")
AROUND = "around the article"


class _List:
    """A list that is open: the number of its next item (0: bullets), the mark of an item whose text has not begun, and its width."""

    def __init__(self, number: int) -> None:
        self.number, self.mark, self.width = number, "", 0

    def next(self) -> None:
        """Begin an item."""
        self.mark = f"{self.number}. " if self.number else "- "
        self.number += self.number > 0
        self.width = len(self.mark)


class _Reader:
    """Takes tags and text as they come. Elements are counted, never descended into, so that none is too deep and no end tag is needed."""

    def __init__(self) -> None:
        self.meta: dict[str, str] = {}
        self._blocks: list[tuple[list[str], str, bool]] = []  # lines, why outside the article, and whether within its element
        self._open: list[tuple[str, str]] = []  # elements, each with why it is outside the article
        self._count: dict[str, int] = {}
        self._outside: list[str] = []
        self._unseen = 0
        self._inline: list[tuple[str, str, int]] = []  # tag, address, and where its text begins
        self._text: list[str] = []
        self._lists: list[_List] = []
        self._list_block = False  # whether the last block is of the list that is open
        self._table: _Table | None = None

    def found(self) -> Iterator[Block]:
        """The blocks, when all is read; where a page has an article, what is not of it is marked."""
        while self._open:
            self.end(self._open[-1][0])
        self._flush()
        has_article = any(within and not why for _, why, within in self._blocks)
        for lines, why, within in self._blocks:
            yield Block(tuple(lines), why or (AROUND if has_article and not within else ""))

    # Tags and text

    def begin(self, tag: str, given: Mapping[str, str]) -> None:
        """Begin an element."""
        if tag in ("meta", "link", "base", "time"):
            self._tells(tag, given)
        if tag in BLOCKS and self._count.get("p"):
            self.end("p")  # which holds no blocks
        if tag in BLOCKS and not self._unseen:
            self._flush()
        if tag not in VOID:
            self._begin(tag, given)
        if self._unseen:
            return
        if self._table is not None and self._count.get("table") == 1 and tag in ("tr", "td", "th"):
            self._table.begin(tag, self._taken())
        elif tag in BLOCKS:
            self._block(tag, given)
        elif tag == "br":
            self._text.append("\n" if self._count.get("pre") else BREAK)
        elif tag == "img":
            self._image(given)
        elif tag in MARKS and len(self._inline) < DEEPEST and not (tag == "code" and self._count.get("pre")):
            self._inline.append((tag, self._address(given.get("href", "")) if tag == "a" else "", len(self._text)))

    def end(self, tag: str) -> None:
        """End an element, and those within it that were not ended."""
        if not self._count.get(tag):
            return
        while True:
            name, why = self._open[-1]
            if not self._unseen:
                self._end(name)
            self._open.pop()
            self._count[name] -= 1
            self._unseen -= name in UNSEEN
            if why:
                self._outside.pop()
            if name == tag:
                return

    def take(self, data: str) -> None:
        """Take text."""
        if self._unseen:
            return
        if self._count.get("title"):
            self.meta.setdefault("title", " ".join(data.split()))
        elif self._count.get("pre"):
            self._text.append(data)
        else:
            words = re.sub(r"[\s\x01\x02]+", " ", data)
            self._text.append(words if self._count.get("code") else SPECIAL.sub(r"\\\g<0>", words))

    # Elements

    def _tells(self, tag: str, given: Mapping[str, str]) -> None:
        """Keep what the head of a page says of its article."""
        if tag == "meta":
            name = (given.get("property") or given.get("name") or given.get("itemprop") or "").lower()
            self.meta.setdefault(name, given.get("content", "").strip())
        elif tag == "link" and "canonical" in given.get("rel", "").lower().split():
            self.meta.setdefault("canonical", given.get("href", "").strip())
        elif tag == "base":
            self.meta.setdefault("base", given.get("href", "").strip())
        elif tag == "time":
            self.meta.setdefault("time", given.get("datetime", "").strip())

    def _begin(self, tag: str, given: Mapping[str, str]) -> None:
        why = OUTSIDE.get(tag, "")
        if not why and tag not in ("html", "body", "main", "article"):
            names = f"{given.get('class', '')} {given.get('id', '')}"[:500].lower().split()
            why = next((CLASSES[name] for name in names if name in CLASSES), "")
            if "hidden" in given or "display:none" in given.get("style", "")[:500].replace(" ", ""):
                why = "hidden on the page"
        if why:
            self._flush()
            self._outside.append(why)
        self._open.append((tag, why))
        self._count[tag] = self._count.get(tag, 0) + 1
        self._unseen += tag in UNSEEN

    def _block(self, tag: str, given: Mapping[str, str]) -> None:
        if self._table is not None:
            self._text.append(APART)
        elif tag in ("ul", "ol"):
            start = given.get("start", "1")
            self._lists.append(_List(0 if tag == "ul" else int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1))
        elif tag == "li" and self._lists:
            self._lists[-1].next()
        elif tag == "hr":
            self._add(["---"])
        elif tag == "table":
            self._table = _Table()

    def _end(self, tag: str) -> None:
        """What the end of an element that is the innermost now makes of its text."""
        if self._table is not None and tag in ("td", "th", "tr", "table") and self._count["table"] == 1:
            self._table.begin("", self._taken())
            if tag == "table":
                table, self._table = self._table, None
                for lines in table.written():
                    self._add(lines)
        elif tag in BLOCKS:
            self._flush(int(tag[1]) if tag[0] == "h" and tag[1:].isdigit() else 0)
            if tag in ("ul", "ol") and self._lists and self._table is None:
                self._lists.pop()
                self._list_block = self._list_block and bool(self._lists)
        elif self._inline and self._inline[-1][0] == tag:
            self._wrap(*self._inline.pop())
        elif self._outside and self._open[-1][1]:
            self._flush()

    # Text

    def _address(self, href: str) -> str:
        """A link's address, whole if the page says where it is from; empty where it leads within the page, or could run something."""
        href = UNSAFE.sub("", href)
        try:
            base = self.meta.get("base") or self.meta.get("canonical") or self.meta.get("og:url") or ""
            address = urljoin(base, href)
            if href[:1] in ("", "#") or urlsplit(address).scheme.lower() not in SCHEMES:
                return ""
        except ValueError:
            return ""
        return f"<{address}>" if "(" in address or ")" in address else address.replace("<", "%3C").replace(">", "%3E")

    def _image(self, given: Mapping[str, str]) -> None:
        """An image becomes a link to it, named by what the page says it shows."""
        address = self._address(given.get("src", ""))
        words = SPECIAL.sub(r"\\\g<0>", " ".join(given.get("alt", "").split()))
        if any(tag == "a" for tag, _, _ in self._inline) or not address:
            self._text.append(words)
        elif words:
            self._text.append(f"[{words}]({address})")

    def _wrap(self, tag: str, address: str, start: int) -> None:
        """Put marks around the text since an element began."""
        text = "".join(self._text[start:])
        inside = text.strip(f" {BREAK}{APART}")
        if not inside or any(name == tag for name, _, _ in self._inline if (name, start) != (tag, start)):
            return
        before, after = text[: text.index(inside)], text[text.index(inside) + len(inside) :]
        if tag == "a":
            inside = f"[{inside.replace(']', chr(92) + ']') if '](' not in inside else inside}]({address})" if address else inside
        elif tag == "code":
            ticks = "`" * (1 + max((len(run) for run in re.findall("`+", inside)), default=0))
            gap = " " if "`" in (inside[0], inside[-1]) else ""
            inside = f"{ticks}{gap}{inside}{gap}{ticks}"
        else:
            inside = f"{MARKS[tag]}{inside}{MARKS[tag].replace('<', '</')}"
        self._text[start:] = [before, inside, after]

    def _taken(self) -> str:
        """The text so far, with marks and links around what stands within them; those that are open go on after it."""
        for number in range(len(self._inline) - 1, -1, -1):
            tag, address, start = self._inline[number]
            self._wrap(tag, address, start)
        self._inline = [(tag, address, 0) for tag, address, _ in self._inline]
        text, self._text = "".join(self._text), []
        return text

    def _flush(self, heading: int = 0) -> None:
        """Make blocks of the text so far."""
        if self._table is not None:
            if self._text:
                self._text.append(APART)
            return
        if not self._text:
            return
        text = self._taken()
        if self._count.get("pre"):
            if text.strip():
                fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
                self._add([fence, *text.strip("\n").split("\n"), fence])
        elif heading:
            words = " ".join(text.replace(BREAK, " ").replace("**", "").split())
            self._add([f"{'#' * heading} {words}"] if words else [])
        else:
            for part in re.split(f"{BREAK}\\s*{BREAK}[\\s{BREAK}]*", text):
                lines = [" ".join(line.split()) for line in part.strip(f" {BREAK}").split(BREAK)]
                self._add([f"{_started(line)}{chr(92) * (number < len(lines))}" for number, line in enumerate(lines, 1)])

    def _add(self, lines: list[str]) -> None:
        """Add a block, as a part of the list and quote that it stands in."""
        if not any(lines):
            return
        why = self._outside[-1] if self._outside else ""
        lists = [one for one in self._lists[-DEEPEST:] if one.width]
        goes_on = self._list_block and bool(self._blocks) and self._blocks[-1][1] == why
        if lists:
            indent = " " * sum(one.width for one in lists)
            mark, gap = lists[-1].mark, goes_on and not lists[-1].mark
            lines = [line and indent + line for line in lines]
            if mark:
                lines[0] = indent[len(mark) :] + mark + lines[0].lstrip(" ") if lines[0] else mark
            for one in lists:
                one.mark = ""
            lines = ["", *lines] if gap else lines
        if quotes := min(self._count.get("blockquote", 0), DEEPEST):
            lines = [("> " * quotes + line).rstrip() for line in lines]
        if lists and goes_on:
            self._blocks[-1][0].extend(lines)
        else:
            self._blocks.append((lines, why, bool(self._count.get("article") or self._count.get("main"))))
        self._list_block = bool(lists)


class _Table:
    """A table that is being read."""

    def __init__(self) -> None:
        self._rows: list[list[str]] = []

    def begin(self, tag: str, text: str) -> None:
        """Take the text of the cell that has ended, and begin another, or a row."""
        if text.strip(f" {APART}{BREAK}"):
            if not self._rows:
                self._rows.append([])
            if self._rows[-1]:
                self._rows[-1][-1] += text
            else:
                self._rows[-1].append(text)
        if tag == "tr":
            self._rows.append([])
        elif tag:
            if not self._rows:
                self._rows.append([])
            self._rows[-1].append("")

    def written(self) -> Iterator[list[str]]:
        """The table in Markdown; one that is there for the layout only as paragraphs."""
        rows = [row for row in self._rows if any(cell.strip(f" {APART}{BREAK}") for cell in row)]
        width = max(map(len, rows), default=0)
        if width < 2 or len(rows) < 2 or any(len(cell) > LONGEST_CELL for row in rows for cell in row):
            for cell in (cell for row in rows for cell in row):
                for part in cell.split(APART):
                    if words := " ".join(part.replace(BREAK, " ").split()):
                        yield [_started(words)]
            return
        cells = [[" ".join(re.sub(f"[{BREAK}{APART}]", " ", cell).split()).replace("|", "\\|") for cell in row] for row in rows]
        lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in cells]
        yield [lines[0], "| " + " | ".join(["---"] * width) + " |", *lines[1:]]


def _started(line: str) -> str:
    """A line of a paragraph that begins with nothing that Markdown takes for a mark."""
    return (
        AT_START.sub(lambda mark: mark[0] + "\\" if mark[0].isdigit() else "\\" + mark[0], line, count=1) if AT_START.match(line) else line
    )
