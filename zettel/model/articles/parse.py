"""Parse a text or a web page into an article: find its title, author, day and origin, and mark page furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zettel.model.articles import furniture
from zettel.model.articles.article import Article, ArticleBlock
from zettel.model.articles.byline import is_labelled, parse_byline
from zettel.model.articles.layout import format_block, split_paragraphs
from zettel.model.articles.styled import convert_styles, strip_styles
from zettel.model.note import frontmatter
from zettel.model.text.fold import fold
from zettel.model.text.prose import ends_sentence

LONGEST_TITLE = 120
"""Characters that a title has at most. A longer line is taken for a sentence."""

MAX_SHORTENED_TITLE = 60
"""Characters of a title that is made of the first words of a text, at most."""

BYLINE_REACH = 6
"""Blocks below the title, and blocks above the end, that are searched for a byline."""

NOTE_FIRST_LINE = re.compile(r"\s*(?P<id>[0-9]{14}|[0-9]{12})(?![\w/.])[ \t:–—-]*(?P<title>\S.*)")
"""The first line of a text that is a note already: its ID and title."""

ATX_HEADING = re.compile(r"#{1,6}[ \t]+(?P<text>.*?)[ \t]*#*")
FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})")
IMAGE = re.compile(r"!\[((?:[^\[\]\\]|\\.)*)\]\((?:<[^>]*>|[^)]*)\)")
STRAY_QUESTION_MARK = re.compile(r"(?<=[.,;:])\s?\?+(?=\s|$)|(?<=\w)\?{3,}(?=\s|$)")
STRAY_REASON = "a question mark that stands for a lost character"
REPEATED_TITLE_REASON = "the title again"


def parse_text(text: str) -> Article:
    """Parse a text into an article. Markdown is kept as it is except for styled letters; plain text is laid out as Markdown."""
    text = convert_styles(text)
    return _parse_markdown(text) if is_markdown(text) else _parse_plain_text(text)


def is_markdown(text: str) -> bool:
    """Return whether a text is Markdown: it has front matter, a heading with `#` or a fence."""
    return bool(frontmatter.find_front_matter(text)) or any(ATX_HEADING.fullmatch(line) or FENCE.match(line) for line in text.split("\n"))


def _parse_plain_text(text: str) -> Article:
    groups = split_paragraphs(text)
    if groups and (first_line := NOTE_FIRST_LINE.fullmatch(groups[0][0])):
        rest = [groups[0][1:], *groups[1:]] if len(groups[0]) > 1 else groups[1:]
        return Article(
            first_line["title"].strip(),
            note_id=first_line["id"],
            heading=groups[0][0].strip(),
            blocks=_build_blocks([lines for lines in rest if lines], [""] * len(rest)),
        )
    groups = _split_head(groups)
    reasons = furniture.classify_blocks([" ".join(" ".join(lines).split()) for lines in groups])
    return _extract_byline(_extract_title(_build_blocks(groups, reasons)))


def _split_head(groups: list[list[str]]) -> list[list[str]]:
    """Split the first paragraph into title, byline and text if its second line is a byline, and return all paragraphs."""
    lines = groups[0] if groups else []
    count = 1
    while count < len(lines) and parse_byline(lines[count].strip()):
        count += 1
    if count == 1 or not _can_be_title(ArticleBlock((lines[0],))):
        return groups
    return [group for group in (*([line] for line in lines[:count]), lines[count:], *groups[1:]) if group]


def _build_blocks(paragraphs: Sequence[list[str]], reasons: Sequence[str]) -> tuple[ArticleBlock, ...]:
    blocks: list[ArticleBlock] = []
    after = ""
    for lines, reason in zip(
        reversed(paragraphs), reversed(reasons), strict=True
    ):  # backwards, because the text that follows decides what is a heading
        blocks.append(_mark_stray_characters(ArticleBlock(tuple(lines if reason else format_block(lines, after)), reason)))
        after = after if reason else " ".join(lines)
    return tuple(reversed(blocks))


def _parse_markdown(text: str) -> Article:
    front = frontmatter.find_front_matter(text)
    body = text[front.body_start :] if front else text
    head = text[: len(text) - len(body.lstrip("\n"))] if front else ""
    blocks = _split_markdown(body)
    reasons = furniture.classify_blocks([block.text for block in blocks])
    marked_blocks = tuple(_mark_stray_characters(block._replace(reason=reason)) for block, reason in zip(blocks, reasons, strict=True))
    article = _extract_title(marked_blocks, only_headings=True)
    if first_line := NOTE_FIRST_LINE.fullmatch(article.title):
        article = article._replace(title=first_line["title"], note_id=first_line["id"], heading=article.title)
    if head:  # the front matter holds title and author, or gets them, so the text stays complete
        return article._replace(
            front_matter=head, blocks=marked_blocks, author=_extract_byline(article).author, published=_extract_byline(article).published
        )
    return _extract_byline(article)


def _split_markdown(text: str) -> list[ArticleBlock]:
    """Split Markdown at blank lines outside code. Each block includes the blank lines below it."""
    blocks: list[list[str]] = []
    fence = ""
    is_over = True
    for line in text.strip("\n").split("\n"):
        if is_over and line.strip() and not fence:
            blocks.append([])
        found = FENCE.match(line)
        if found and not fence:
            fence = found["mark"]
        elif found and found["mark"].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        if blocks:
            blocks[-1].append(line)
        is_over = not line.strip() and not fence
    return [ArticleBlock(tuple(lines)) for lines in blocks]


def build_page_article(title: str, author: str, published: str, origin: str, blocks: Sequence[ArticleBlock]) -> Article:
    """Build the article of a web page. Furniture that the page itself reveals is already marked in `blocks`."""
    blocks = [block._replace(lines=tuple(map(convert_styles, block.lines))) for block in blocks]
    content = [number for number, block in enumerate(blocks) if not block.reason]
    found_reasons = furniture.classify_blocks([blocks[number].text for number in content])
    reasons = dict(zip(content, found_reasons, strict=True))
    marked_blocks = tuple(
        _mark_stray_characters(block._replace(reason=block.reason or reasons.get(number, ""))) for number, block in enumerate(blocks)
    )
    article = _extract_title(marked_blocks, strip_styles(title), only_headings=True)
    return _extract_byline(article._replace(author=strip_styles(author), published=published, origin=origin))


def _mark_stray_characters(block: ArticleBlock) -> ArticleBlock:
    """Offer the stray question marks of a block for removal, unless the block is code or offered as a whole."""
    if block.reason or any(FENCE.match(line) for line in block.lines) or not any(STRAY_QUESTION_MARK.search(line) for line in block.lines):
        return block
    return block._replace(reason=STRAY_REASON, remaining_lines=tuple(STRAY_QUESTION_MARK.sub("", line) for line in block.lines))


def _extract_title(blocks: tuple[ArticleBlock, ...], given_title: str = "", *, only_headings: bool = False) -> Article:
    """Find the title of an article, and cut it from the start of the text. If it is repeated there, the repetition is offered for removal."""
    own = [number for number, block in enumerate(blocks) if not block.reason or block.remaining_lines]
    title = given_title or _find_title([blocks[number] for number in own], only_headings=only_headings)
    title = " ".join(_strip_markup(replace_images(title)).split())
    if not title:
        return Article(_shorten_title(blocks[own[0]].text) if own else "", has_title=False, blocks=blocks)
    remaining = list(blocks)
    title_at = next((number for number in own[:3] if _is_same_title(blocks[number], title)), None)
    if title_at is not None:
        for number in own:
            if title_at < number <= title_at + 3 and _is_same_title(remaining[number], title):
                remaining[number] = remaining[number]._replace(reason=REPEATED_TITLE_REASON, remaining_lines=())
        del remaining[title_at]
    return Article(title, heading=title if title_at is not None else "", blocks=tuple(remaining))


def _find_title(blocks: list[ArticleBlock], *, only_headings: bool) -> str:
    """Return the first block if it is a heading or reads like a title. With `only_headings`, return the first heading, wherever it is."""
    if only_headings:
        return next((found for block in blocks if (found := _parse_heading(block))), "")
    if not blocks:
        return ""
    return _parse_heading(blocks[0]) or (blocks[0].text if _can_be_title(blocks[0]) else "")


def replace_images(text: str) -> str:
    """Replace the images in a line with their alternative texts."""
    return IMAGE.sub(r"\1", text)


def _parse_heading(block: ArticleBlock) -> str:
    """Return the heading without its marks if the block is a Markdown heading, else an empty string."""
    lines = [line for line in block.lines if line.strip()]
    found = ATX_HEADING.fullmatch(lines[0]) if len(lines) == 1 else None
    if len(lines) == 2 and set(lines[1].strip()) in ({"="}, {"-"}):
        return lines[0].strip()
    return found["text"].strip() if found else ""


def _is_same_title(block: ArticleBlock, title: str) -> bool:
    return fold(_strip_markup(_parse_heading(block) or block.text)) == fold(title)


def _strip_markup(text: str) -> str:
    return re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", text)


def _can_be_title(block: ArticleBlock) -> bool:
    """Return whether the first block of a plain text may be its title."""
    text = _strip_markup(block.text)
    if len(block.lines) > 1 or len(text) > LONGEST_TITLE or text[:2] in ("- ", "1.") or "://" in text or not any(map(str.isalpha, text)):
        return False
    return not ends_sentence(text) or text[-1] in "?!"


def _shorten_title(text: str) -> str:
    words = " ".join(_strip_markup(text).lstrip("#-> ").split())
    if len(words) <= MAX_SHORTENED_TITLE:
        return words
    return words[:MAX_SHORTENED_TITLE].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _extract_byline(article: Article) -> Article:
    """Take author and day from bylines, and remove these from the article."""
    own = [number for number, block in enumerate(article.blocks) if not block.reason]
    near = [*own[:BYLINE_REACH], *(number for number in own[-BYLINE_REACH:] if is_labelled(article.blocks[number].text))]
    author, published = article.author, article.published
    bylines = set()
    for number in dict.fromkeys(near):
        found = parse_byline(article.blocks[number].text)
        if not found or (found[0] and author and fold(found[0]) != fold(author)) or (found[1] and published and found[1] != published):
            continue
        author, published = author or found[0], published or found[1]
        bylines.add(number)
    blocks = tuple(block for number, block in enumerate(article.blocks) if number not in bylines)
    return article._replace(author=author, published=published, blocks=blocks)
