"""Parse a web page into a tree of elements. lxml is used only here and in the modules that walk its trees."""

from __future__ import annotations

import re
from html import unescape
from itertools import islice
from typing import Any

import lxml.etree
import lxml.html

Element = Any
"""An element of lxml, which has no types of its own."""

SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)|^\s*Page saved with SingleFile\s+url:\s*(\S+)", re.MULTILINE)
"""Comments in which browsers write down the address that they saved a page from."""

CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
NUMERIC_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}))(?![0-9a-fA-F]);?")
ANY_TAG = re.compile(r"<(?!/?(?:p|br|li|h[1-6]|title)\b)[^<>]*>", re.IGNORECASE)
BLOCK_START = re.compile(r"(?=<(?:p|li|h[1-6])\b)", re.IGNORECASE)

TAG = re.compile(
    r"<!--(?:.*?-->|.*)|<(script|style)\b(?:.*?</\1|.*)|<[a-zA-Z](?:[^<>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+", re.IGNORECASE | re.DOTALL
)
"""A tag with its attributes, but not its end. Comments and scripts, which may hold what looks like a tag, are matched as a whole."""

ATTRIBUTE = re.compile(r"[^\s\"'<>/=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'<>]*+))?+")
MIN_LONG_TAG = 500
"""Length of a tag in characters from which its attributes are counted."""

ELEMENT_NUMBER = "data-zettel"
"""Attribute for the number of an element in document order, from 0."""

MAX_STEPS = 2000
"""Maximum number of starts and ends of elements that are read to tell what an element is."""

MAX_ATTRIBUTES = 100
"""Maximum number of attributes of an element. The parser takes time by the square of it."""


def parse_tree(html: str) -> Element:
    """Parse a page, and return its root element.

    Elements may be nested 2,000 deep. The parser would drop the rest of a deeper page, so such a page is parsed as paragraphs without other tags.
    """
    html = _limit_attributes(CONTROL_CHARACTERS.sub("", NUMERIC_REFERENCE.sub(_read_reference, html)).replace("\x0c", " "))
    tree, is_complete = _parse(html)
    if not is_complete:
        tree, is_complete = _parse("</p>".join(BLOCK_START.split(ANY_TAG.sub(" ", html))))
    return tree


def _read_reference(reference: re.Match[str]) -> str:
    """Return the character of a reference as browsers read it, if the parser would make a control character of it."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    is_control = number < 32 or 127 <= number < 160 or number & 0xFFFE == 0xFFFE
    return unescape(f"&#{number};") if is_control and number not in (9, 10) else reference[0]


def number_elements(tree: Element) -> None:
    """Number the elements of a page in document order, from 0."""
    for number, element in enumerate(tree.iter("*")):
        element.set(ELEMENT_NUMBER, str(number))


def read_names(element: Element) -> str:
    """Return the classes and the ID of an element."""
    return f"{element.get('class', '')} {element.get('id', '')}"[:500]


def read_start(element: Element) -> str:
    """Return the start of an element's text, which is enough to tell what it is. Looks at a few elements only, also where they have no text."""
    pieces: list[str] = []
    for event, one in islice(lxml.etree.iterwalk(element, events=("start", "end", "comment", "pi")), MAX_STEPS):
        if event == "start":
            pieces.append(one.text or "")
        elif one is not element:
            pieces.append(one.tail or "")
    return "".join(pieces)


def _limit_attributes(html: str) -> str:
    """Return a page without the attributes of elements that have too many, beyond the first ones."""
    parts: list[str] = []
    start = 0
    for tag in TAG.finditer(html):
        if tag.end() - tag.start() < MIN_LONG_TAG or tag[0].startswith("<!") or tag[1]:
            continue
        last = next(islice(ATTRIBUTE.finditer(html, tag.start() + 1, tag.end()), MAX_ATTRIBUTES, None), None)
        if last is not None:
            parts.append(html[start : last.end()])
            start = tag.end()
    return "".join([*parts, html[start:]]) if parts else html


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
