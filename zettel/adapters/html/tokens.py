"""Split HTML into tags and texts as browsers do.

This takes one pass. html.parser needs minutes for a page of unclosed tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)")
SPACE = re.compile(r"[\s/]*")
ATTRIBUTE = re.compile(r"(?P<name>=?[^\s/>=]*)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s>]+)))?")
RAW_TEXT_ELEMENTS = frozenset(("script", "style", "xmp", "noembed"))
"""Elements whose content is raw text up to their own end tag."""


class HtmlToken(NamedTuple):
    """A tag, or a text if `name` is empty. Of several attributes with the same name, the first counts."""

    name: str
    text: str = ""
    attributes: dict[str, str] = {}  # noqa: RUF012 - never changed
    is_end: bool = False


def tokenise_html(html: str) -> Iterator[HtmlToken]:
    """Yield the tags and texts of a page. Tags and comments that are never closed are text."""
    scanner = _HtmlScanner(html)
    at = text = 0
    while (at := html.find("<", at)) >= 0:
        found = scanner.match_tag(at) or scanner.skip_comment(at)
        if not found:
            at += 1
            continue
        if text < at:
            yield HtmlToken("", unescape(html[text:at]))
        token, at = found
        text = at
        if token:
            yield token
            if token.name in RAW_TEXT_ELEMENTS and not token.is_end:
                end = scanner.find_raw_end(token.name, at)
                at = text = end if end >= 0 else at
    if text < len(html):
        yield HtmlToken("", unescape(html[text:]))


class _HtmlScanner:
    """A page, and the strings known not to occur in the rest of it, so that none is searched for in vain twice."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._absent: set[str] = set()

    def match_tag(self, at: int) -> tuple[HtmlToken, int] | None:
        """Return the tag that begins at `at` and the offset of its end, None if there is none."""
        found = TAG.match(self._html, at)
        if not found or ">" in self._absent or self._find(">", at) < 0:
            return None
        attributes: dict[str, str] = {}
        end = found.end()
        while True:
            end = SPACE.match(self._html, end).end()  # type: ignore[union-attr]
            if end >= len(self._html):
                self._absent.add(">")  # inside quotes that are never closed
                return None
            if self._html[end] == ">":
                return HtmlToken(found["name"].lower(), "", attributes, bool(found["end"])), end + 1
            attribute = ATTRIBUTE.match(self._html, end)
            if not attribute or attribute.end() == end:
                end += 1
                continue
            value = attribute["double"] or attribute["single"] or attribute["bare"] or ""
            attributes.setdefault(attribute["name"].lower(), unescape(value))
            end = attribute.end()

    def skip_comment(self, at: int) -> tuple[None, int] | None:
        """Return None and the offset of the end of the comment or declaration at `at`, or only None if there is none."""
        if self._html.startswith("<!--", at):
            end = self._find("-->", at + 2)
            return (None, end + 3) if end >= 0 else None
        if self._html.startswith(("<!", "<?", "</"), at):
            end = self._find(">", at)
            return (None, end + 1) if end >= 0 else None
        return None

    def find_raw_end(self, name: str, at: int) -> int:
        """Return the offset of the end tag of a raw text element, -1 if there is none."""
        if name in self._absent:
            return -1
        found = re.compile(rf"</{name}\b", re.IGNORECASE).search(self._html, at)
        if not found:
            self._absent.add(name)
        return found.start() if found else -1

    def _find(self, text: str, at: int) -> int:
        if text in self._absent:
            return -1
        end = self._html.find(text, at)
        if end < 0:
            self._absent.add(text)
        return end
