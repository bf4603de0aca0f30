"""Parse a web page: the metadata of its article, and its text as Markdown, in which page furniture is marked, not dropped."""

from __future__ import annotations

import re
from typing import NamedTuple

from zettel.adapters.markup import tokens
from zettel.adapters.pagereader import AROUND, UNSAFE, Reader
from zettel.model.articles.article import Block
from zettel.model.articles.importing import without_pictures
from zettel.model.dates import parse_moment

AUTHOR = ("author", "article:author", "dc.creator", "parsely-author", "twitter:creator")
PUBLISHED = ("article:published_time", "datepublished", "date", "dc.date", "pubdate", "parsely-pub-date", "time")
ORIGIN = ("canonical", "og:url")
"""Names under which pages give the author, date and address of an article, the most reliable first."""

BEGINNING = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


class Page(NamedTuple):
    """The metadata of an article, its text as Markdown, and the number of pictures left out because they are embedded in the page."""

    title: str
    author: str
    published: str
    origin: str
    blocks: tuple[Block, ...]
    embedded: int


def looks_like_page(text: str) -> bool:
    """Return whether a text begins like an HTML page."""
    return bool(BEGINNING.match(text[:2000]))


def page(html: str) -> Page:
    """Parse a page. Nothing is fetched, and links that could run code are reduced to their text."""
    reader = Reader()
    for token in tokens(html):
        if not token.name:
            reader.take(token.text)
        elif token.is_end:
            reader.end(token.name)
        else:
            reader.begin(token.name, token.attributes)
    meta, blocks = reader.meta, tuple(reader.found())
    first_level = [block.lines[0][2:] for block in blocks if block.lines[0].startswith("# ") and block.why in ("", AROUND)]
    headings = [words for heading in first_level if (words := without_pictures(heading).strip())]
    title = meta.get("og:title") or (headings[0] if len(headings) == 1 else "") or meta.get("title") or "".join(headings[:1])
    author = next((name for key in AUTHOR if (name := meta.get(key, "")) and "://" not in name), "")
    published = next((moment[:10] for key in PUBLISHED if (moment := parse_moment(meta.get(key, "")))), "")
    origin = next((url for key in ORIGIN if (url := meta.get(key, "")).startswith(("http://", "https://")) and not UNSAFE.search(url)), "")
    return Page(" ".join(title.split()), " ".join(author.split()), published, origin, blocks, reader.embedded)
