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
    """The metadata of an article, and its text as Markdown.

    `embedded_pictures` is the number of pictures left out because they are embedded in the page, `spared` that of paragraphs that look like
    furniture, but hold too much of the page's prose to be removed.
    """

    title: str
    author: str
    published: str
    origin: str
    blocks: tuple[ArticleBlock, ...]
    embedded_pictures: int
    spared: int


def parse_page(html: str) -> WebPage:
    """Parse a page. Nothing is fetched, and links that could run code are reduced to their text."""
    tree = parse_tree(html)
    meta = read_metadata(tree)
    article = find_article_elements(tree)
    prepare_tree(tree)
    converter = MarkdownConverter(meta.base, article)
    blocks, spared = mark_furniture(converter.convert(tree))
    return WebPage(meta.title, meta.author, meta.published, meta.origin, tuple(blocks), converter.embedded_pictures, spared)
