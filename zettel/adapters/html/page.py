"""Parse a web page: the metadata of its article, and its text as Markdown, in which page furniture is marked, not dropped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from zettel.adapters.html.to_markdown import AROUND_ARTICLE, UNSAFE, MarkdownConverter
from zettel.adapters.html.tokens import tokenise_html
from zettel.model.articles.article import ArticleBlock
from zettel.model.articles.parse import replace_images
from zettel.model.text.dates import parse_timestamp

AUTHOR_KEYS = ("author", "article:author", "dc.creator", "parsely-author", "twitter:creator")
PUBLISHED_KEYS = ("article:published_time", "datepublished", "date", "dc.date", "pubdate", "parsely-pub-date", "time")
ORIGIN_KEYS = ("canonical", "og:url")
"""Names under which pages give the author, date and address of an article, the most reliable first."""

HTML_START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


class WebPage(NamedTuple):
    """The metadata of an article, its text as Markdown, and the number of pictures left out because they are embedded in the page."""

    title: str
    author: str
    published: str
    origin: str
    blocks: tuple[ArticleBlock, ...]
    embedded_pictures: int


def looks_like_html(text: str) -> bool:
    """Return whether a text begins like an HTML page."""
    return bool(HTML_START.match(text[:2000]))


def _choose_title(meta: Mapping[str, str], blocks: Sequence[ArticleBlock]) -> str:
    """Return the title that a page names, else its only top heading, else that in its head, else its first top heading."""
    first_level = [block.lines[0][2:] for block in blocks if block.lines[0].startswith("# ") and block.reason in ("", AROUND_ARTICLE)]
    headings = [words for heading in first_level if (words := replace_images(heading).strip())]
    return meta.get("og:title") or (headings[0] if len(headings) == 1 else "") or meta.get("title") or "".join(headings[:1])


def parse_page(html: str) -> WebPage:
    """Parse a page. Nothing is fetched, and links that could run code are reduced to their text."""
    reader = MarkdownConverter()
    for token in tokenise_html(html):
        if not token.name:
            reader.handle_text(token.text)
        elif token.is_end:
            reader.handle_end(token.name)
        else:
            reader.handle_start(token.name, token.attributes)
    meta, blocks = reader.meta, tuple(reader.finish())
    title = _choose_title(meta, blocks)
    author = next((name for key in AUTHOR_KEYS if (name := meta.get(key, "")) and "://" not in name), "")
    published = next((moment[:10] for key in PUBLISHED_KEYS if (moment := parse_timestamp(meta.get(key, "")))), "")
    origin = next(
        (url for key in ORIGIN_KEYS if (url := meta.get(key, "")).startswith(("http://", "https://")) and not UNSAFE.search(url)), ""
    )
    return WebPage(" ".join(title.split()), " ".join(author.split()), published, origin, blocks, reader.embedded_pictures)
