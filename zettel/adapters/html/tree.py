"""Parse a web page into a tree of elements. lxml is used only here and in the modules that walk its trees."""

from __future__ import annotations

import re
from typing import Any

import lxml.etree
import lxml.html

Element = Any
"""An element of lxml, which has no types of its own."""

SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)|^\s*Page saved with SingleFile\s+url:\s*(\S+)", re.MULTILINE)
"""Comments in which browsers write down the address that they saved a page from."""

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
ANY_TAG = re.compile(r"<(?!/?(?:p|br|li|h[1-6]|title)\b)[^<>]*>", re.IGNORECASE)
BLOCK_START = re.compile(r"(?=<(?:p|li|h[1-6])\b)", re.IGNORECASE)

LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}>")
MAX_ATTRIBUTES = 1000
"""Maximum number of attributes of an element. The parser takes time by the square of it."""


def parse_tree(html: str) -> Element:
    """Parse a page, and return its root element.

    Elements may be nested 2,000 deep. The parser would drop the rest of a deeper page, so such a page is parsed as paragraphs without other tags.
    """
    html = LONG_TAG.sub(_limit_attributes, CONTROL_CHARACTERS.sub("", html))
    tree, is_complete = _parse(html)
    if not is_complete:
        tree, is_complete = _parse("</p>".join(BLOCK_START.split(ANY_TAG.sub(" ", html))))
    return tree


def _limit_attributes(tag: re.Match[str]) -> str:
    words = tag[0].split(maxsplit=MAX_ATTRIBUTES)
    return tag[0] if len(words) <= MAX_ATTRIBUTES else " ".join(words[:MAX_ATTRIBUTES]) + ">"


def _parse(html: str) -> tuple[Element, bool]:
    """Return the root element, and whether the parser read the whole page."""
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
    try:
        tree = lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except lxml.etree.ParserError:  # no element at all
        tree = lxml.html.document_fromstring("<html><body></body></html>")
    return tree, not any(error.level_name == "FATAL" for error in parser.error_log)


def find_saved_address(tree: Element) -> str:
    """Return the web address that a browser says it saved the page from, empty if it does not."""
    comments = [*tree.itersiblings(lxml.etree.Comment, preceding=True), *tree.iterchildren(lxml.etree.Comment)]
    found = next((match for comment in comments if (match := SAVED_FROM.search((comment.text or "")[:2000]))), None)
    address = (found[1] or found[2]) if found else ""
    return address if address.startswith(("http://", "https://")) else ""
