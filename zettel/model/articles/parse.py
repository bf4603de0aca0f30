"""Parse a text or a web page into an article: find its title, author, day and origin, and mark page furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zettel.model.articles import furniture
from zettel.model.articles.article import Article, ArticleBlock
from zettel.model.articles.byline import is_labelled, parse_byline, parse_day
from zettel.model.articles.layout import format_block, split_paragraphs
from zettel.model.articles.styled import convert_styles, strip_styles
from zettel.model.note import frontmatter
from zettel.model.note.heading import find_words_end
from zettel.model.text.fold import fold
from zettel.model.text.prose import OPAQUE, ends_sentence

LONGEST_TITLE = 120
"""Characters that a title without marks of a heading has at most. A longer line is taken for a sentence."""

MAX_SHORTENED_TITLE = 60
"""Characters of a title that is made of the first words of a text, at most."""

BYLINE_REACH = 6
"""Blocks below the title, and blocks above the end, that are searched for a byline."""

NOTE_FIRST_LINE = re.compile(r"\s*(?P<id>[0-9]{14}|[0-9]{12})(?![\w/.])[ \t:–—-]*(?P<title>\S.*)")
"""The first line of a text that is a note already: its ID and title."""

FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})")
STRAY_QUESTION_MARK = re.compile(r"(?<=[.,;:])\s?\?+(?=\s|$)|(?<=\w)\?{3,}(?=\s|$)")
IMAGE = re.compile(r"!\[((?:[^\[\]\\]|\\.)*)\]\((?:<[^>]*>|[^()]*(?:\([^()]*\)[^()]*)*)\)")
LINKED_IMAGE = re.compile(r"\[\s*\]\([^()]*\)")
"""A link whose picture was taken out."""

LINK = re.compile(
    r"\[\[(?P<page>[^\[\]|]*)(?:\|(?P<label>[^\[\]]*))?\]\]|(?<!!)\[(?P<words>(?:[^\[\]\\]|\\.)*)\]\((?:<[^>]*>|[^()]*(?:\([^()]*\)[^()]*)*)\)"
)
HTML = re.compile(
    r"<!--.*?-->|</?(?:a|abbr|b|br|cite|code|em|font|i|kbd|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
PROPERTY = re.compile(r"\s*(?P<name>[^\W\d_][\w-]*)::(?:\s+(?P<value>\S.*))?\s*")
"""A property at the top of a page of Logseq."""

EMPHASIS = re.compile(r"(?<!\\)(?P<mark>\*{1,3}|~~|==|`+)(?=[^\s*`])(?P<words>.*?(?<=[^\s\\]))(?P=mark)")
UNDERSCORES = re.compile(r"(?<![\w\\])(?P<mark>_{1,3})(?=[^\s_])(?P<words>.*?(?<=[^\s\\]))(?P=mark)(?!\w)")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
WORD = re.compile(r"[^\W_]+")
NOT_UNDERLINED = re.compile(r"\s{4}|\s*(?:[-*+>|#]|\d+[.)]\s)")
"""A line that is not the text of a heading, whatever stands below it: a list item, a quote, a row of a table."""

MAX_HEADING = 500
"""Characters that a heading which is a title has at most."""

STRAY_REASON = "a question mark that stands for a lost character"
REPEATED_TITLE_REASON = "the title again"


def parse_text(text: str, *, is_markdown: bool = False) -> Article:
    """Parse a text into an article. Markdown is kept as it is except for styled letters; plain text is laid out as Markdown.

    A text that does not say so itself is taken for Markdown if `is_markdown`. JSON at its top is its front matter, between the fences of YAML,
    which contains JSON.
    """
    text = fence_json(text.replace("\r\n", "\n").replace("\r", "\n"))
    front = frontmatter.find_front_matter(text)
    at = front.body_start if front else 0
    body = convert_styles(text[at:])
    return _parse_markdown(text[:at], body) if front or is_markdown or looks_like_markdown(body) else _parse_plain_text(body)


def looks_like_markdown(text: str) -> bool:
    """Return whether a text without front matter is Markdown: it has a heading with `#`, one that is underlined with `=`, or a fence."""
    lines = text.split("\n")
    return any(parse_atx_heading(line) is not None or FENCE.match(line) for line in lines) or any(
        find_underlined_heading(lines[at : at + 2]) and lines[at + 1].strip()[0] == "=" for at in range(len(lines) - 1)
    )


def fence_json(text: str) -> str:
    """Return a text that begins with a JSON object as one with front matter. Returns any other text, and JSON alone, as it is."""
    if not text.startswith("{"):
        return text
    from json import JSONDecoder

    try:
        fields, end = JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return text
    rest = text[end:]
    is_front_matter = isinstance(fields, dict) and fields and rest.strip() and not rest.split("\n", 1)[0].strip()
    return f"---\n{text[:end]}\n---{rest}" if is_front_matter else text


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


def _parse_markdown(front: str, body: str) -> Article:
    head = front + body[: len(body) - len(body.lstrip("\n"))] if front else ""
    blocks = _split_markdown(body)
    reasons = furniture.classify_blocks([block.text for block in blocks])
    marked_blocks = tuple(_mark_stray_characters(block._replace(reason=reason)) for block, reason in zip(blocks, reasons, strict=True))
    article = _extract_markdown_title(marked_blocks)
    if first_line := NOTE_FIRST_LINE.fullmatch(article.title):
        article = article._replace(title=first_line["title"], note_id=first_line["id"])
    if head:  # the front matter holds title and author, or gets them, so the text stays complete
        found = _extract_byline(article)
        return article._replace(
            front_matter=head, blocks=marked_blocks, author=found.author, published=found.published, cut_lines=(), cut_at=0
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


def _extract_markdown_title(blocks: tuple[ArticleBlock, ...]) -> Article:
    """Find the title of Markdown: a heading above which there is no prose, or a line that reads as one above a byline. It is cut from the text."""
    if title := _find_title_property(blocks):
        return Article(title, blocks=blocks)
    at = _find_first_prose(blocks)
    if at is None:
        return _name_by_first_words(blocks)
    lines, count = blocks[at].lines, 1
    title = find_heading(lines)
    if title:
        count += find_underlined_heading(lines) == title
    elif NOTE_FIRST_LINE.fullmatch(lines[0]) or (_can_be_title(ArticleBlock(lines[:1])) and _is_above_byline(blocks, at)):
        title = lines[0].strip()
    if not title:
        return _name_by_first_words(blocks)
    rest = list(lines[count:])
    while rest and not rest[0].strip():
        del rest[0]
    bylines = 0
    while bylines < len(rest) and parse_byline(rest[bylines].strip()):
        bylines += 1
    parts = [*([line] for line in rest[:bylines]), rest[bylines:]]
    below = tuple(blocks[at]._replace(lines=tuple(part), remaining_lines=()) for part in parts if part)
    return _cut_title(blocks, at, to_plain_title(title), tuple(lines[:count]), tuple(map(_mark_stray_characters, below)))


def _find_title_property(blocks: Sequence[ArticleBlock]) -> str:
    """Return the title that the properties at the top of a page of Logseq name, or an empty string."""
    lines = [line[:MAX_HEADING] for line in (blocks[0].lines if blocks else ()) if line.strip()]
    properties = [PROPERTY.fullmatch(line) for line in lines]
    return next((found["value"] or "" for found in properties if found and found["name"] == "title"), "") if all(properties) else ""


def _is_above_byline(blocks: Sequence[ArticleBlock], at: int) -> bool:
    """Return whether a byline with an author stands right below the first line of the block with this number."""
    lines = [line for line in (*blocks[at].lines[1:], *(blocks[at + 1].lines if at + 1 < len(blocks) else ())) if line.strip()]
    found = parse_byline(lines[0].strip()) if lines else None
    return bool(found and found[0])


def _find_first_prose(blocks: Sequence[ArticleBlock]) -> int | None:
    """Return the number of the first block that is neither furniture, a byline, nor a picture, a comment, a rule or tags alone."""
    return next(
        (at for at, block in enumerate(blocks) if (not block.reason or block.remaining_lines) and not _can_precede_title(block)), None
    )


def _can_precede_title(block: ArticleBlock) -> bool:
    text = block.text
    if len(text) > MAX_HEADING or find_heading(block.lines):
        return False
    return (
        bool(parse_byline(text))
        or not any(map(str.isalnum, LINKED_IMAGE.sub("", IMAGE.sub("", text))))
        or (text.startswith("<!--") and text.endswith("-->") and text.count("-->") == 1)
        or all(word[0] == "#" and word.strip("#") for word in text.split())
        or all(PROPERTY.fullmatch(line) for line in block.lines if line.strip())
    )


def _extract_title(blocks: tuple[ArticleBlock, ...], given_title: str = "", *, only_headings: bool = False) -> Article:
    """Find the title of a plain text or a page, and cut it from the start of the text.

    If it is repeated there, the repetition is offered for removal. With `only_headings`, it is the `given_title`, else the first heading.
    """
    own = [number for number, block in enumerate(blocks) if not block.reason or block.remaining_lines]
    title = " ".join(given_title.split())
    title = title or to_plain_title(_find_title([blocks[number] for number in own], only_headings=only_headings))
    if not title:
        return _name_by_first_words(blocks)
    for number in own[:3]:
        if _is_same_title(blocks[number], title):
            return _cut_title(blocks, number, title, blocks[number].lines, ())
        if ends_sentence(blocks[number].text) and not _can_precede_title(blocks[number]):
            break
    return Article(title, blocks=blocks)


def _cut_title(
    blocks: tuple[ArticleBlock, ...], at: int, title: str, cut_lines: tuple[str, ...], below: tuple[ArticleBlock, ...]
) -> Article:
    """Return the article with this title. Its line is cut, with `below` in place of its block, if the title has all of its words."""
    if _list_words(" ".join(cut_lines)) != _list_words(title):
        return Article(title, blocks=blocks)
    remaining = [*blocks[:at], *below, *blocks[at + 1 :]]
    for number in range(at, min(at + 3, len(remaining))):
        if _is_same_title(remaining[number], title) and not remaining[number].reason:
            remaining[number] = remaining[number]._replace(reason=REPEATED_TITLE_REASON, remaining_lines=())
    return Article(title, heading=title, blocks=tuple(remaining), cut_lines=cut_lines, cut_at=at)


def _list_words(text: str) -> list[str]:
    return WORD.findall(text)


def _name_by_first_words(blocks: tuple[ArticleBlock, ...]) -> Article:
    """Return the article of a text without a title, named by its first words."""
    own = [block for block in blocks if not block.reason or block.remaining_lines]
    texts = (to_plain_title(_join_first_lines(block.lines)[: 10 * MAX_SHORTENED_TITLE]) for block in own)
    return Article(_shorten_title(next((text for text in texts if any(map(str.isalpha, text))), "")), has_title=False, blocks=blocks)


def _join_first_lines(lines: Sequence[str]) -> str:
    """Return the first lines of a block that may name a note: up to the second item of a list, and without fences and rules."""
    found: list[str] = []
    for line in lines:
        if found and (NOT_UNDERLINED.match(line) or len(found) == MAX_SHORTENED_TITLE):
            break
        if any(map(str.isalnum, line)) and not FENCE.match(line):
            found.append(line)
    return " ".join(found)


def _find_title(blocks: list[ArticleBlock], *, only_headings: bool) -> str:
    """Return the first block if it is a heading or reads like a title. With `only_headings`, return the first heading, wherever it is."""
    if only_headings:
        return next((found for block in blocks if (found := find_heading(block.lines))), "")
    if not blocks:
        return ""
    return find_heading(blocks[0].lines) or (blocks[0].text if _can_be_title(blocks[0]) else "")


def parse_atx_heading(line: str) -> str | None:
    """Return the words of a line that is a heading with `#`, or None if it is not one. A row of `#` closes it behind a blank."""
    text = line.strip()
    level = len(text) - len(text.lstrip("#"))
    if not 1 <= level <= 6 or len(line) - len(line.lstrip(" ")) > 3 or text[level : level + 1] not in (" ", "\t", ""):
        return None
    words = text[level:].strip()
    bare = words.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else words


def find_underlined_heading(lines: Sequence[str]) -> str:
    """Return the first of these lines if the second one underlines it as a heading, else an empty string."""
    if len(lines) < 2 or not lines[1].strip() or len(lines[1]) - len(lines[1].lstrip(" ")) > 3:
        return ""
    mark, words = lines[1].strip(), lines[0].strip()
    is_line = len(mark) > 1 and set(mark) in ({"="}, {"-"}) and any(map(str.isalnum, words))
    return words if is_line and not NOT_UNDERLINED.match(lines[0]) else ""


def find_heading(lines: Sequence[str]) -> str:
    """Return the words of the heading with which a block begins, with their markup, or an empty string. One that is too long is not a title."""
    heading = (parse_atx_heading(lines[0]) or find_underlined_heading(lines)) if lines else ""
    return heading if len(heading) <= MAX_HEADING else ""


def to_plain_title(text: str) -> str:
    """Return a title in Markdown as plain text on one line: the words of links, pictures and emphasis, without tags and block IDs behind them."""
    text = IMAGE.sub(r"\1", text[:MAX_HEADING])
    text = LINK.sub(lambda link: link["label"] or link["page"] or link["words"], text)
    text = HTML.sub("", text)
    for _ in range(3):
        text = UNDERSCORES.sub(r"\g<words>", EMPHASIS.sub(r"\g<words>", text))
    text = " ".join(text.split())
    return ESCAPE.sub(r"\1", text)[: find_words_end(ESCAPE.sub(OPAQUE, text))]


def _is_same_title(block: ArticleBlock, title: str) -> bool:
    heading = find_heading(block.lines)
    is_heading_alone = heading and len([line for line in block.lines if line.strip()]) <= 1 + (
        heading == find_underlined_heading(block.lines)
    )
    return fold(to_plain_title(heading if is_heading_alone else block.text)) == fold(title) if len(block.text) <= 2 * MAX_HEADING else False


def _can_be_title(block: ArticleBlock) -> bool:
    """Return whether the first block of a plain text may be its title. What ends as a salutation or a label is not one."""
    if len(block.lines) > 1 or len(block.text) > 2 * LONGEST_TITLE:
        return False
    text = to_plain_title(block.text)
    if len(text) > LONGEST_TITLE or text[:2] in ("- ", "1.") or "://" in text or not any(map(str.isalpha, text)):
        return False
    return text[-1] not in ",;:" and (not ends_sentence(text) or text[-1] in "?!")


def _shorten_title(text: str) -> str:
    words = " ".join(text.lstrip("#->*+ ").split()).rstrip(" ,;:")
    if len(words) <= MAX_SHORTENED_TITLE:
        return words[:-1].rstrip() if words.endswith(".") and not words.endswith("..") else words
    return words[:MAX_SHORTENED_TITLE].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _extract_byline(article: Article) -> Article:
    """Take author and day from bylines, and remove these from the article. A day is not one if another one stands alone, too, as in a log."""
    own = [number for number, block in enumerate(article.blocks) if not block.reason]
    near = [*own[:BYLINE_REACH], *(number for number in own[-BYLINE_REACH:] if is_labelled(article.blocks[number].text))]
    short = (number for number in own if len(article.blocks[number].lines) <= 2)
    days = {number: day for number in short if (day := parse_day(article.blocks[number].text[:100]))}
    is_log = len({*days.values()}) > 1
    author, published = article.author, article.published
    bylines = set()
    for number in dict.fromkeys(near):
        found = parse_byline(article.blocks[number].text)
        if not found or (found[0] and author and fold(found[0]) != fold(author)) or (found[1] and published and found[1] != published):
            continue
        if is_log and number in days:
            continue
        author, published = author or found[0], published or found[1]
        bylines.add(number)
    blocks = tuple(block for number, block in enumerate(article.blocks) if number not in bylines)
    cut_at = article.cut_at - sum(number < article.cut_at for number in bylines)
    return article._replace(author=author, published=published, blocks=blocks, cut_at=cut_at)
