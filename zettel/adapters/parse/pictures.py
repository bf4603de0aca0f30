"""Find where a note names files: its pictures, also those that are the words of a link, and the addresses in HTML tags."""

from __future__ import annotations

import re
from html import unescape

from zettel.adapters.parse.markdown import parse_note_events
from zettel.adapters.parse.note import blank_front_matter
from zettel.model.articles.import_links import TagAddress
from zettel.model.link.link import Link
from zettel.model.link.resolve import is_url
from zettel.model.link.syntax import EMBED
from zettel.model.note.frontmatter import find_front_matter

MEDIA_TAG = re.compile(rb"(?i)<(?:img|video|audio|source|embed|object|iframe|track)\b[^<>]*>")
ADDRESS = re.compile(rb"""(?i)(?<=[\s"'])(?:src|data|poster)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))""")
HIDDEN = re.compile(rb"(?is)<!--.*?(?:-->|\Z)|<(script|style|textarea)\b.*?(?:</\1\s*>|\Z)")


def find_pictures(path: str, text: str) -> tuple[list[Link], list[TagAddress]]:
    """Return the pictures in Markdown of the note at `path`, as links, and the addresses of the files that its HTML tags show.

    Addresses on the web are left out, and so is what stands in code or in comments.
    """
    data = text.encode()
    links: list[Link] = []
    spans: list[tuple[int, int]] = []
    for name, said, start, end in parse_note_events(blank_front_matter(text, find_front_matter(text))):
        if (name == "Start" and said == "HtmlBlock") or name == "InlineHtml":
            spans.append((start, end))
        elif name == "Start" and isinstance(said, dict) and "Image" in said:
            dest = str(said["Image"]["dest_url"])
            if dest.strip("#^ ") and not is_url(dest) and said["Image"]["link_type"] == "Inline":
                links.append(Link(path, EMBED.name, data[start:end].decode(), dest.strip(), "", 0, start, end, (), "", (0, 0)))
    return links, [found for start, end in spans for found in _find_addresses(data[start:end], start)]


def _find_addresses(html: bytes, offset: int) -> list[TagAddress]:
    shown = HIDDEN.sub(lambda found: b" " * len(found[0]), html) if b"<!--" in html or b"</" in html else html
    found = []
    for tag in MEDIA_TAG.finditer(shown):
        for address in ADDRESS.finditer(shown, *tag.span()):
            start, end = address.span(address.lastgroup or 0)
            words = unescape(html[start:end].decode("utf-8", "replace")).strip()
            if words and not is_url(words):
                found.append(TagAddress(offset + start, offset + end, words))
    return found
