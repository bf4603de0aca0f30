"""HTML as tags and text, one after the other, as browsers take it apart. In one pass: html.parser takes minutes for a page of unclosed tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)")
SPACE = re.compile(r"[\s/]*")
ATTRIBUTE = re.compile(r"(?P<name>=?[^\s/>=]*)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s>]+)))?")
RAW = frozenset(("script", "style", "xmp", "noembed"))
"""Elements in which nothing is a tag but their own end."""


class Token(NamedTuple):
    """A tag, or (without a name) a text. Of attributes with one name the first counts."""

    name: str
    text: str = ""
    attributes: dict[str, str] = {}  # noqa: RUF012 - never changed
    is_end: bool = False


def tokens(html: str) -> Iterator[Token]:
    """The tags and texts of a page. What is never closed is taken for text."""
    page = _Page(html)
    at = text = 0
    while (at := html.find("<", at)) >= 0:
        found = page.tag(at) or page.skipped(at)
        if not found:
            at += 1
            continue
        if text < at:
            yield Token("", unescape(html[text:at]))
        token, at = found
        text = at
        if token:
            yield token
            if token.name in RAW and not token.is_end:
                end = page.raw_end(token.name, at)
                at = text = end if end >= 0 else at
    if text < len(html):
        yield Token("", unescape(html[text:]))


class _Page:
    """A page, and what is known not to stand in it any more, so that it is never looked for twice."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._absent: set[str] = set()

    def tag(self, at: int) -> tuple[Token, int] | None:
        """The tag that begins here, and where it ends."""
        found = TAG.match(self._html, at)
        if not found or ">" in self._absent or self._find(">", at) < 0:
            return None
        attributes: dict[str, str] = {}
        end = found.end()
        while True:
            end = SPACE.match(self._html, end).end()  # type: ignore[union-attr]
            if end >= len(self._html):
                self._absent.add(">")  # within quotes that are never closed
                return None
            if self._html[end] == ">":
                return Token(found["name"].lower(), "", attributes, bool(found["end"])), end + 1
            one = ATTRIBUTE.match(self._html, end)
            if not one or one.end() == end:
                end += 1
                continue
            given = one["double"] or one["single"] or one["bare"] or ""
            attributes.setdefault(one["name"].lower(), unescape(given))
            end = one.end()

    def skipped(self, at: int) -> tuple[None, int] | None:
        """Where a comment or declaration that begins here ends."""
        if self._html.startswith("<!--", at):
            end = self._find("-->", at + 2)
            return (None, end + 3) if end >= 0 else None
        if self._html.startswith(("<!", "<?", "</"), at):
            end = self._find(">", at)
            return (None, end + 1) if end >= 0 else None
        return None

    def raw_end(self, name: str, at: int) -> int:
        """Where an element without tags in it ends; less than 0: nowhere."""
        if name in self._absent:
            return -1
        found = re.compile(rf"</{name}\b", re.IGNORECASE).search(self._html, at)
        if not found:
            self._absent.add(name)
        return found.start() if found else -1

    def _find(self, what: str, at: int) -> int:
        if what in self._absent:
            return -1
        end = self._html.find(what, at)
        if end < 0:
            self._absent.add(what)
        return end
