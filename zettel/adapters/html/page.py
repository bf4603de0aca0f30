"""Parse a web page: the metadata of its article, and its text as Markdown, in which page furniture is marked, not dropped."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from zettel.adapters.html.article import find_article_elements
from zettel.adapters.html.metadata import read_metadata
from zettel.adapters.html.structure import prepare_tree
from zettel.adapters.html.to_markdown import MarkdownConverter
from zettel.adapters.html.tree import number_elements, parse_tree
from zettel.model.articles.article import ArticleBlock
from zettel.model.articles.page_blocks import mark_furniture


class WebPage(NamedTuple):
    """The metadata of an article, and its text as Markdown.

    `embedded_pictures` is the number of pictures left out because they are embedded in the page.
    """

    title: str
    author: str
    published: str
    origin: str
    blocks: tuple[ArticleBlock, ...]
    embedded_pictures: int

    @property
    def spared(self) -> int:
        """The number of blocks that look like furniture, but hold too much of the page's prose to be removed."""
        return sum(bool(block.spared) for block in self.blocks)


def parse_page(html: str, attachments: Collection[str] = (), *, is_clean: bool = False) -> WebPage:
    """Parse a page. Nothing is fetched, and links that could run code are reduced to their text.

    `attachments` are addresses of files that come with the page, which are kept as they are. If it `is_clean`, nothing in it is furniture.
    """
    tree = parse_tree(html)
    meta = read_metadata(tree)
    number_elements(tree)
    article = frozenset[int]() if is_clean else find_article_elements(tree)
    prepare_tree(tree)
    converter = MarkdownConverter(meta.base, article, attachments)
    found = converter.convert(tree)
    blocks = [ArticleBlock(tuple(block.lines)) for block in found] if is_clean else mark_furniture(found)
    return WebPage(meta.title, meta.author, meta.published, meta.origin, tuple(blocks), converter.embedded_pictures)
