"""Test which blocks of a web page are furniture, and that its prose is not."""

from __future__ import annotations

from zettel.model.articles.page_blocks import AROUND_ARTICLE, COMMENTS, MOSTLY_LINKS, PageBlock, mark_furniture


def build_prose(length: int = 300, *, is_found: bool = True, mark: str = "") -> PageBlock:
    """Return a paragraph of `length` characters."""
    return PageBlock(["Prose."], ((length, mark),) if mark else (), length, 0, length if is_found else 0, prose=length)


def build_links(length: int = 100) -> PageBlock:
    """Return a block that is nothing but links."""
    return PageBlock(["[a](b)"], (), length, length)


def list_reasons(*blocks: PageBlock) -> list[str]:
    """Return the reasons of blocks."""
    return [block.reason for block in mark_furniture(blocks)]


def test_what_stands_around_the_article_is_furniture() -> None:
    """Blocks before and behind the article are offered, and so are lists of links within it."""
    blocks = build_links(), build_prose(), build_links(), build_prose(), build_links()
    assert [AROUND_ARTICLE, "", MOSTLY_LINKS, "", AROUND_ARTICLE] == list_reasons(*blocks)


def test_prose_next_to_the_article_belongs_to_it() -> None:
    """Paragraphs that the extractor missed are kept, even past a caption, but not past a gap of links."""
    blocks = (
        build_prose(is_found=False),
        PageBlock(["Caption"], (), 7),
        build_prose(),
        *[build_links()] * 3,
        build_prose(100, is_found=False),
    )
    assert ["", "", "", *[AROUND_ARTICLE] * 4] == list_reasons(*blocks)


def test_an_element_with_the_article_is_not_furniture() -> None:
    """A class does not make furniture of what the extractor found."""
    assert ["", "the rest"] == list_reasons(build_prose(mark="a link of the page"), build_prose(60, mark="the rest"))


def test_no_removal_takes_most_of_the_prose() -> None:
    """At least half of the prose stays, whatever the page calls it. Only comments may be longer than the article."""
    assert ["", ""] == list_reasons(build_prose(250), build_prose(900, is_found=False, mark="beside the article"))
    assert ["", COMMENTS] == list_reasons(build_prose(250), build_prose(900, is_found=False, mark=COMMENTS))
    assert [""] == list_reasons(build_prose(900, is_found=False, mark=COMMENTS))
    assert ["", "beside the article"] == [
        block.spared for block in mark_furniture([build_prose(250), build_prose(900, is_found=False, mark="beside the article")])
    ]


def test_short_lines_are_prose_where_there_is_nothing_else() -> None:
    """A poem in an element that is called furniture is kept, too."""
    assert [""] * 3 == list_reasons(*(PageBlock(["the river bends"], ((1, "a link of the page"),), 45) for _ in range(3)))


def test_a_page_without_an_article_is_kept() -> None:
    """Where nothing is found, nothing stands around it."""
    assert ["", ""] == list_reasons(build_prose(is_found=False), build_prose(is_found=False))


def test_a_page_of_links_is_kept() -> None:
    """Where links are all there is, they are what was saved. In a short text they are offered."""
    assert ["", "", ""] == list_reasons(build_links(), PageBlock(["# Contents"], (), 8, 0, 8), build_links())
    assert ["", MOSTLY_LINKS] == list_reasons(build_prose(150), build_links())
