"""Importing: from a text or a page to an article with title, author, day and origin, and with page furniture marked."""

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
"""Characters; a longer line is a sentence."""

SHORTENED = 60
"""Characters at most of a title that is made of the first words of a text."""

NEAR = 6
"""Blocks below the title, or above the end, in which a byline is looked for."""

ZETTEL = re.compile(r"\s*(?P<id>[0-9]{14}|[0-9]{12})(?![\w/.])[ \t:–—-]*(?P<title>\S.*)")
"""The first line of a text that is a note already: its ID and title."""

ATX = re.compile(r"#{1,6}[ \t]+(?P<text>.*?)[ \t]*#*")
FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})")
PICTURE = re.compile(r"!\[((?:[^\[\]\\]|\\.)*)\]\((?:<[^>]*>|[^)]*)\)")
STRAY = re.compile(r"(?<=[.,;:])\s?\?+(?=\s|$)|(?<=\w)\?{3,}(?=\s|$)")
STRAYS = "a question mark that stands for a lost character"
ONCE_MORE = "the title once more"


def from_text(text: str) -> Article:
    """The article that a text is: plain text, or Markdown, which is left as it is but for its letters."""
    text = marked(text)
    return _from_markdown(text) if is_markdown(text) else _from_plain(text)


def is_markdown(text: str) -> bool:
    """Whether a text is written in Markdown: it has front matter, a heading with marks or a fence."""
    return bool(frontmatter.split(text)) or any(ATX.fullmatch(line) or FENCE.match(line) for line in text.split("\n"))


def _from_plain(text: str) -> Article:
    found = paragraphs(text)
    if found and (zettel := ZETTEL.fullmatch(found[0][0])):
        rest = [found[0][1:], *found[1:]] if len(found[0]) > 1 else found[1:]
        return Article(
            zettel["title"].strip(),
            note_id=zettel["id"],
            heading=found[0][0].strip(),
            blocks=_shaped([lines for lines in rest if lines], [""] * len(rest)),
        )
    whys = furniture.marks([" ".join(" ".join(lines).split()) for lines in found])
    return _bylined(_titled(_shaped(found, whys)))


def _shaped(found: Sequence[list[str]], whys: Sequence[str]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    after = ""
    for lines, why in zip(reversed(found), reversed(whys), strict=True):  # from the end, because what follows makes a heading
        blocks.append(_without_strays(Block(tuple(lines if why else shaped(lines, after)), why)))
        after = after if why else " ".join(lines)
    return tuple(reversed(blocks))


def _from_markdown(text: str) -> Article:
    front = frontmatter.split(text)
    body = text[front.end :] if front else text
    head = text[: len(text) - len(body.lstrip("\n"))] if front else ""
    blocks = _markdown_blocks(body)
    whys = furniture.marks([block.text for block in blocks])
    marked_blocks = tuple(_without_strays(block._replace(why=why)) for block, why in zip(blocks, whys, strict=True))
    found = _titled(marked_blocks, only_headings=True)
    if zettel := ZETTEL.fullmatch(found.title):
        found = found._replace(title=zettel["title"], note_id=zettel["id"], heading=found.title)
    if head:  # what it says is said there already, or is put there; the text stays
        return found._replace(front=head, blocks=marked_blocks, author=_bylined(found).author, published=_bylined(found).published)
    return _bylined(found)


def _markdown_blocks(text: str) -> list[Block]:
    """What blank lines separate outside code, each with the blank lines below it."""
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
    """The article of a web page, whose own furniture is marked already."""
    blocks = [block._replace(lines=tuple(map(marked, block.lines))) for block in blocks]
    content = [number for number, block in enumerate(blocks) if not block.why]
    whys = furniture.marks([blocks[number].text for number in content])
    found = dict(zip(content, whys, strict=True))
    done = tuple(_without_strays(block._replace(why=block.why or found.get(number, ""))) for number, block in enumerate(blocks))
    article = _titled(done, plain(title), only_headings=True)
    return _bylined(article._replace(author=plain(author), published=published, origin=origin))


def _without_strays(block: Block) -> Block:
    """A block with its stray question marks offered for removal, unless it is code or offered as a whole."""
    if block.why or any(FENCE.match(line) for line in block.lines) or not any(STRAY.search(line) for line in block.lines):
        return block
    return block._replace(why=STRAYS, rest=tuple(STRAY.sub("", line) for line in block.lines))


def _titled(blocks: tuple[Block, ...], given: str = "", *, only_headings: bool = False) -> Article:
    """An article whose title was taken out of its text, if it stands at its beginning, and is offered for removal where it stands once more."""
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
    done = list(blocks)
    taken = next((number for number in own[:3] if _same(blocks[number], title)), None)
    if taken is not None:
        for number in own:
            if taken < number <= taken + 3 and _same(done[number], title):
                done[number] = done[number]._replace(why=ONCE_MORE, rest=())
        del done[taken]
    return Article(title, heading=title if taken is not None else "", blocks=tuple(done))


def without_pictures(text: str) -> str:
    """A line with what its pictures show in words in their place."""
    return PICTURE.sub(r"\1", text)


def _heading(block: Block) -> str:
    """The heading that a block of Markdown is, without its marks."""
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
    """Whether the first block of a plain text may be its title."""
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
    """The article with author and day taken from lines that say nothing else."""
    own = [number for number, block in enumerate(article.blocks) if not block.why]
    near = [*own[:NEAR], *(number for number in own[-NEAR:] if is_labelled(article.blocks[number].text))]
    author, published = article.author, article.published
    gone = set()
    for number in dict.fromkeys(near):
        found = byline(article.blocks[number].text)
        if not found or (found[0] and author and fold(found[0]) != fold(author)) or (found[1] and published and found[1] != published):
            continue
        author, published = author or found[0], published or found[1]
        gone.add(number)
    blocks = tuple(block for number, block in enumerate(article.blocks) if number not in gone)
    return article._replace(author=author, published=published, blocks=blocks)
