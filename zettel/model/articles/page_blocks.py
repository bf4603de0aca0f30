"""Tell the article of a web page from the furniture around it, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zettel.model.articles.article import ArticleBlock

AROUND_ARTICLE = "around the article"
MOSTLY_LINKS = "mostly links"
MAX_LINKED = 0.8
"""Share of links in the text of a block above which it is a list of links."""

MIN_SHARE = 0.25
"""Share of the article in an element above which the element is not furniture, whatever it is called."""

MIN_PROSE = 60
"""Length of a paragraph of prose in characters, at least."""

MIN_ARTICLE = 200
"""Length of the prose of an article in characters, at least."""

COMMENTS, HIDDEN = "other people's comments", "hidden on the page"
NEVER_PROSE = (COMMENTS, HIDDEN)
"""Reasons why a block is not the page's own prose, however much of it there is."""

MAX_GAP = 2
"""Number of other blocks that may stand between the article and prose that belongs to it."""


@dataclass(slots=True)
class PageBlock:
    """A block of a page, and what the page says of it.

    `marks` are the elements around it that look like furniture: number and reason. `length` is that of its text in characters, `linked` that of
    the links in it, `found` that of the text which an extractor took for the article, `prose` that of the lines with sentences, without links.
    `is_inside`: it is in the page's own element for the article.
    """

    lines: list[str]
    marks: tuple[tuple[int, str], ...] = ()
    length: int = 0
    linked: int = 0
    found: int = 0
    is_inside: bool = False
    prose: int = 0


def mark_furniture(blocks: Sequence[PageBlock]) -> list[ArticleBlock]:
    """Return the blocks of a page, with the reason for each that does not look like the author's text.

    What the extractor found is the article, and so is the prose that adjoins it. What stands around it is furniture, as is what the page itself
    calls so. A page with less prose than an article has is not searched for one. At least half of the page's prose has no reason: where the
    marks would take more, those with the most prose are ignored, and their blocks are `spared`.
    """
    ignored = _find_wrong_marks(blocks)
    reasons = [next((why for number, why in block.marks if number not in ignored), "") for block in blocks]
    start, end = _find_article(blocks, reasons)
    is_list = False
    if sum(block.prose for block, reason in zip(blocks[start:end], reasons[start:end], strict=True) if not reason) < MIN_ARTICLE:
        start, end = 0, len(blocks)  # a few words, or no article at all: a table of contents, bookmarks
        own = [block for block, reason in zip(blocks, reasons, strict=True) if not reason]
        is_list = sum(block.linked for block in own) * 2 > sum(block.length for block in own)
    for at, block in enumerate(blocks):
        if reasons[at] or not block.length:
            continue
        if not start <= at < end and not (block.is_inside and block.linked * 2 < block.length):
            reasons[at] = AROUND_ARTICLE
        elif (
            not is_list
            and block.linked > block.length * MAX_LINKED
            and not block.prose
            and not block.found
            and not block.lines[0].startswith("#")
        ):
            reasons[at] = MOSTLY_LINKS
    spared = _keep_half(blocks, reasons)
    return [ArticleBlock(tuple(block.lines), reason, (), why) for block, reason, why in zip(blocks, reasons, spared, strict=True)]


def _find_wrong_marks(blocks: Sequence[PageBlock]) -> set[int]:
    """Return the numbers of the elements that are called furniture, but hold a good part of the article."""
    found = sum(block.found for block in blocks)
    by_mark: dict[int, int] = {}
    for block in blocks:
        for number, _ in block.marks:
            by_mark[number] = by_mark.get(number, 0) + block.found
    return {number for number, length in by_mark.items() if length > found * MIN_SHARE}


def _find_article(blocks: Sequence[PageBlock], reasons: Sequence[str]) -> tuple[int, int]:
    """Return the range of blocks in which the article is: what the extractor found, and the prose that adjoins it."""
    found = [at for at, block in enumerate(blocks) if block.found * 2 > block.length and not reasons[at]]
    if sum(block.found for block in blocks if block.is_inside) * 2 > sum(block.found for block in blocks):
        found = [at for at in found if blocks[at].is_inside or _is_prose(blocks[at])]
    if not found:
        found = [at for at, block in enumerate(blocks) if block.is_inside and not reasons[at]]
    if not found:
        return 0, len(blocks)
    start, end = found[0], found[-1] + 1
    gap = 0
    for at in range(start - 1, -1, -1):
        gap = 0 if _is_prose(blocks[at]) and not reasons[at] else gap + 1
        if gap > MAX_GAP:
            break
        start = start if gap else at
    gap = 0
    for at in range(end, len(blocks)):
        gap = 0 if _is_prose(blocks[at]) and not reasons[at] else gap + 1
        if gap > MAX_GAP:
            break
        end = end if gap else at + 1
    while start and blocks[start - 1].lines[0].startswith("#") and not reasons[start - 1] and not blocks[start - 1].linked:
        start -= 1  # a heading belongs to what it is above
    return start, end


def _is_prose(block: PageBlock) -> bool:
    return block.prose >= MIN_PROSE and block.prose * 2 > block.length and block.linked * 4 < block.length


def _keep_half(blocks: Sequence[PageBlock], reasons: list[str]) -> list[str]:
    """Clear the reason of paragraphs, that with the most prose first, until at least half of the page's prose has none.

    Return the cleared reason of each block, empty for the others.

    Comments, and what the page hides, are not the prose of the page if an article is left without them.
    """
    weights = [block.prose if block.linked * 4 < block.length else 0 for block in blocks]
    if sum(weights) < MIN_PROSE:  # a poem, or a few short lines
        weights = [max(block.length - block.linked, 0) for block in blocks]
    left = sum(weight for weight, reason in zip(weights, reasons, strict=True) if not reason)
    has_article = left >= MIN_ARTICLE and any(block.found for block, reason in zip(blocks, reasons, strict=True) if not reason)
    by_reason: dict[str, int] = {}
    for weight, reason in zip(weights, reasons, strict=True):
        if reason and weight and not (has_article and reason in NEVER_PROSE):
            by_reason[reason] = by_reason.get(reason, 0) + weight
    whole, spared = left + sum(by_reason.values()), [""] * len(blocks)
    for reason in sorted(by_reason, key=lambda one: (by_reason[one], one), reverse=True):
        if left * 2 >= whole:
            break
        left += by_reason[reason]
        for at, weight in enumerate(weights):
            if reasons[at] == reason and weight:
                reasons[at], spared[at] = "", reason
    return spared
