"""Read what Bear writes in Markdown of its own: tags of several words, and links to headings."""

from __future__ import annotations

import re
from collections.abc import Collection

from zettel.model.articles.imported import SourceDocument
from zettel.model.text.fold import to_nfc

LONG_TAG = re.compile(r"(?:(?<=\s)|^)#([^\s#`][^#`\n]{0,80}?[^\s#`/\\]|[^\s#`])#(?=[\s.,;:!?)]|$)", re.MULTILINE)
"""A tag that ends in `#`, which Bear needs for a tag of several words."""

MAX_LINE = 2000
TAG_LINE = re.compile(r"(?:\s*(?:#[^#\n`]*[^\s#`]#|#[^\s#`]+)(?=\s|$))+\s*")
SHOWN_SIZE = re.compile(r"""(?<=\))<!-- ?\{"(?:width|height|embed|preview)"[^{}\n]{0,200}\} ?-->""")
"""A comment behind a picture or attachment, which tells Bear how to show it."""

HEADING_LINK = re.compile(r"\[\[([^\[\]|/\n]{1,300})/([^\[\]|\n]{1,300})(?=\||\]\])")
FENCE = re.compile(r"\s*(?:`{3,}|~{3,})")


def adapt_tags(document: SourceDocument, *, is_from_bear: bool) -> SourceDocument:
    """Return a document whose tags of several words, such as `#lead time#`, are tags of the document, too. Its text keeps their words.

    In a text that may not be from Bear, only lines of nothing but tags count.
    """
    tags: list[str] = []
    document = document._replace(text=SHOWN_SIZE.sub("", document.text)) if '<!-- {"' in document.text else document
    lines = document.text.split("\n")
    is_code = False
    for number, line in enumerate(lines):
        if FENCE.match(line):
            is_code = not is_code
        if is_code or len(line) > MAX_LINE or line.count("#") < 2 or not (is_from_bear or TAG_LINE.fullmatch(line)):
            continue
        if found := [tag for tag in LONG_TAG.findall(line) if is_from_bear or " " in tag]:
            tags += found
            lines[number] = LONG_TAG.sub(lambda match: match[1] if " " in match[1] else f"#{match[1]}", line)
    return document._replace(text="\n".join(lines), tags=(*document.tags, *tags)) if tags else document


def adapt_links(document: SourceDocument, titles: Collection[str]) -> SourceDocument:
    """Return a document with `#` in its links to headings of the notes with these titles, where Bear writes `/`."""

    def rewrite(link: re.Match[str]) -> str:
        title, heading = to_nfc(link[1]), to_nfc(link[2])
        return f"[[{link[1]}#{link[2]}" if title in titles and f"{title}/{heading}" not in titles else link[0]

    return document._replace(text=HEADING_LINK.sub(rewrite, document.text))
