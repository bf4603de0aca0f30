"""Parse a web page: the metadata of its article, and its text as Markdown, in which page furniture is marked, not dropped."""

from __future__ import annotations

from typing import NamedTuple

from zettel.adapters.html.article import find_article_elements
from zettel.adapters.html.metadata import read_metadata
from zettel.adapters.html.structure import prepare_tree
from zettel.adapters.html.to_markdown import MarkdownConverter
from zettel.adapters.html.tree import parse_tree
from zettel.model.articles.article import ArticleBlock
from zettel.model.articles.page_blocks import mark_furniture


class WebPage(NamedTuple):
    """The metadata of an article, its text as Markdown, and the number of pictures left out because they are embedded in the page."""

    title: str
    author: str
    published: str
    origin: str
    blocks: tuple[ArticleBlock, ...]
    embedded_pictures: int


def parse_page(html: str) -> WebPage:
    """Parse a page. Nothing is fetched, and links that could run code are reduced to their text."""
    tree = parse_tree(html)
    meta = read_metadata(tree)
    article = find_article_elements(tree)
    prepare_tree(tree)
    converter = MarkdownConverter(meta.base, article)
    blocks = mark_furniture(converter.convert(tree))
    return WebPage(meta.title, meta.author, meta.published, meta.origin, tuple(blocks), converter.embedded_pictures)
