"""Parse a text or a web page into an article: find its title, author, day and origin, and mark page furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zettel.model import frontmatter
from zettel.model.articles import furniture
from zettel.model.articles.article import Article, Block
from zettel.model.articles.byline import byline, is_labelled
from zettel.model.articles.layout import paragraphs, shaped
from zettel.model.articles.styled import marked, plain
from zettel.model.prose import ends_sentence
from zettel.model.text import fold

LONGEST_TITLE = 120
"""Characters that a title has at most. A longer line is taken for a sentence."""

SHORTENED = 60
"""Characters of a title that is made of the first words of a text, at most."""

NEAR = 6
"""Blocks below the title, and blocks above the end, that are searched for a byline."""

ZETTEL = re.compile(r"\s*(?P<id>[0-9]{14}|[0-9]{12})(?![\w/.])[ \t:–—-]*(?P<title>\S.*)")
"""The first line of a text that is a note already: its ID and title."""

ATX = re.compile(r"#{1,6}[ \t]+(?P<text>.*?)[ \t]*#*")
FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})")
PICTURE = re.compile(r"!\[((?:[^\[\]\\]|\\.)*)\]\((?:<[^>]*>|[^)]*)\)")
STRAY = re.compile(r"(?<=[.,;:])\s?\?+(?=\s|$)|(?<=\w)\?{3,}(?=\s|$)")
STRAYS = "a question mark that stands for a lost character"
ONCE_MORE = "the title again"


def from_text(text: str) -> Article:
    """Parse a text into an article. Markdown is kept as it is except for styled letters; plain text is laid out as Markdown."""
    text = marked(text)
    return _from_markdown(text) if is_markdown(text) else _from_plain(text)


def is_markdown(text: str) -> bool:
    """Return whether a text is Markdown: it has front matter, a heading with `#` or a fence."""
    return bool(frontmatter.split(text)) or any(ATX.fullmatch(line) or FENCE.match(line) for line in text.split("\n"))


def _from_plain(text: str) -> Article:
    groups = paragraphs(text)
    if groups and (first_line := ZETTEL.fullmatch(groups[0][0])):
        rest = [groups[0][1:], *groups[1:]] if len(groups[0]) > 1 else groups[1:]
        return Article(
            first_line["title"].strip(),
            note_id=first_line["id"],
            heading=groups[0][0].strip(),
            blocks=_shaped([lines for lines in rest if lines], [""] * len(rest)),
        )
    reasons = furniture.marks([" ".join(" ".join(lines).split()) for lines in groups])
    return _bylined(_titled(_shaped(groups, reasons)))


def _shaped(found: Sequence[list[str]], whys: Sequence[str]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    after = ""
    for lines, reason in zip(
        reversed(found), reversed(whys), strict=True
    ):  # backwards, because the text that follows decides what is a heading
        blocks.append(_without_strays(Block(tuple(lines if reason else shaped(lines, after)), reason)))
        after = after if reason else " ".join(lines)
    return tuple(reversed(blocks))


def _from_markdown(text: str) -> Article:
    front = frontmatter.split(text)
    body = text[front.end :] if front else text
    head = text[: len(text) - len(body.lstrip("\n"))] if front else ""
    blocks = _markdown_blocks(body)
    reasons = furniture.marks([block.text for block in blocks])
    marked_blocks = tuple(_without_strays(block._replace(why=reason)) for block, reason in zip(blocks, reasons, strict=True))
    article = _titled(marked_blocks, only_headings=True)
    if first_line := ZETTEL.fullmatch(article.title):
        article = article._replace(title=first_line["title"], note_id=first_line["id"], heading=article.title)
    if head:  # the front matter holds title and author, or gets them, so the text stays complete
        return article._replace(front=head, blocks=marked_blocks, author=_bylined(article).author, published=_bylined(article).published)
    return _bylined(article)


def _markdown_blocks(text: str) -> list[Block]:
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
    return [Block(tuple(lines)) for lines in blocks]


def from_page(title: str, author: str, published: str, origin: str, blocks: Sequence[Block]) -> Article:
    """Build the article of a web page. Furniture that the page itself reveals is already marked in `blocks`."""
    blocks = [block._replace(lines=tuple(map(marked, block.lines))) for block in blocks]
    content = [number for number, block in enumerate(blocks) if not block.why]
    found_reasons = furniture.marks([blocks[number].text for number in content])
    reasons = dict(zip(content, found_reasons, strict=True))
    marked_blocks = tuple(_without_strays(block._replace(why=block.why or reasons.get(number, ""))) for number, block in enumerate(blocks))
    article = _titled(marked_blocks, plain(title), only_headings=True)
    return _bylined(article._replace(author=plain(author), published=published, origin=origin))


def _without_strays(block: Block) -> Block:
    """Offer the stray question marks of a block for removal, unless the block is code or offered as a whole."""
    if block.why or any(FENCE.match(line) for line in block.lines) or not any(STRAY.search(line) for line in block.lines):
        return block
    return block._replace(why=STRAYS, rest=tuple(STRAY.sub("", line) for line in block.lines))


def _titled(blocks: tuple[Block, ...], given: str = "", *, only_headings: bool = False) -> Article:
    """Find the title of an article, and cut it from the start of the text. If it is repeated there, the repetition is offered for removal."""
    own = [number for number, block in enumerate(blocks) if not block.why or block.rest]
    first = blocks[own[0]] if own else None
    heading = _heading(first) if first else ""
    title = given or heading
    if not title and first and not only_headings and _is_title(first):
        title = first.text
    if not title and only_headings:
        title = next((found for number in own if (found := _heading(blocks[number]))), "")
    title = " ".join(_unmarked(without_pictures(title)).split())
    if not title:
        return Article(_first_words(first.text) if first else "", is_named=False, blocks=blocks)
    remaining = list(blocks)
    title_at = next((number for number in own[:3] if _same(blocks[number], title)), None)
    if title_at is not None:
        for number in own:
            if title_at < number <= title_at + 3 and _same(remaining[number], title):
                remaining[number] = remaining[number]._replace(why=ONCE_MORE, rest=())
        del remaining[title_at]
    return Article(title, heading=title if title_at is not None else "", blocks=tuple(remaining))


def without_pictures(text: str) -> str:
    """Replace the images in a line with their alternative texts."""
    return PICTURE.sub(r"\1", text)


def _heading(block: Block) -> str:
    """Return the heading without its marks if the block is a Markdown heading, else an empty string."""
    lines = [line for line in block.lines if line.strip()]
    found = ATX.fullmatch(lines[0]) if len(lines) == 1 else None
    if len(lines) == 2 and set(lines[1].strip()) in ({"="}, {"-"}):
        return lines[0].strip()
    return found["text"].strip() if found else ""


def _same(block: Block, title: str) -> bool:
    return fold(_unmarked(_heading(block) or block.text)) == fold(title)


def _unmarked(text: str) -> str:
    return re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", text)


def _is_title(block: Block) -> bool:
    """Return whether the first block of a plain text may be its title."""
    text = _unmarked(block.text)
    if len(block.lines) > 1 or len(text) > LONGEST_TITLE or text[:2] in ("- ", "1.") or "://" in text or not any(map(str.isalpha, text)):
        return False
    return not ends_sentence(text) or text[-1] in "?!"


def _first_words(text: str) -> str:
    words = " ".join(_unmarked(text).lstrip("#-> ").split())
    if len(words) <= SHORTENED:
        return words
    return words[:SHORTENED].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _bylined(article: Article) -> Article:
    """Take author and day from bylines, and remove these from the article."""
    own = [number for number, block in enumerate(article.blocks) if not block.why]
    near = [*own[:NEAR], *(number for number in own[-NEAR:] if is_labelled(article.blocks[number].text))]
    author, published = article.author, article.published
    bylines = set()
    for number in dict.fromkeys(near):
        found = byline(article.blocks[number].text)
        if not found or (found[0] and author and fold(found[0]) != fold(author)) or (found[1] and published and found[1] != published):
            continue
        author, published = author or found[0], published or found[1]
        bylines.add(number)
    blocks = tuple(block for number, block in enumerate(article.blocks) if number not in bylines)
    return article._replace(author=author, published=published, blocks=blocks)
