"""Web pages: what a page says of its article, and its text as Markdown, with what stands around the article marked, not dropped."""

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
"""What pages call these in their heads, the most reliable first."""

BEGINNING = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


class Page(NamedTuple):
    """What a page says of its article, its text as Markdown, and how many pictures are left out because they are in the page itself."""

    title: str
    author: str
    published: str
    origin: str
    blocks: tuple[Block, ...]
    embedded: int


def looks_like_page(text: str) -> bool:
    """Whether a text begins as HTML does."""
    return bool(BEGINNING.match(text[:2000]))


def page(html: str) -> Page:
    """Read a page. Nothing is fetched; links that could run something become their text."""
    reader = Reader()
    for token in tokens(html):
        if not token.name:
            reader.take(token.text)
        elif token.is_end:
            reader.end(token.name)
        else:
            reader.begin(token.name, token.attributes)
    meta, blocks = reader.meta, tuple(reader.found())
    own = [block.lines[0][2:] for block in blocks if block.lines[0].startswith("# ") and block.why in ("", AROUND)]
    headings = [words for heading in own if (words := without_pictures(heading).strip())]
    title = meta.get("og:title") or (headings[0] if len(headings) == 1 else "") or meta.get("title") or "".join(headings[:1])
    author = next((name for key in AUTHOR if (name := meta.get(key, "")) and "://" not in name), "")
    published = next((moment[:10] for key in PUBLISHED if (moment := parse_moment(meta.get(key, "")))), "")
    origin = next((url for key in ORIGIN if (url := meta.get(key, "")).startswith(("http://", "https://")) and not UNSAFE.search(url)), "")
    return Page(" ".join(title.split()), " ".join(author.split()), published, origin, blocks, reader.embedded)
