"""Find the article of a page with readability-lxml, which is used only here."""

from __future__ import annotations

import copy
import logging

import lxml.html
from readability import Document
from readability.readability import Unparseable

from zettel.adapters.html.tree import Element

NUMBER = "data-zettel"
MAX_ELEMENTS = 100_000
"""Maximum number of elements in a page that is searched. A larger one is a book, or hostile."""


def find_article_elements(tree: Element) -> frozenset[int]:
    """Return the numbers of the elements that readability takes for the article, in document order from 0. Empty if it finds none.

    Sets the attribute `data-zettel` of each element to its number.
    """
    count = 0
    for element in tree.iter("*"):
        element.set(NUMBER, str(count))
        count += 1
    if count > MAX_ELEMENTS:
        return frozenset()
    logging.getLogger("readability").disabled = True
    logging.getLogger("readability.readability").disabled = True
    try:
        found = Document(copy.deepcopy(tree)).summary(html_partial=True, keep_all_images=True)
    except Unparseable:
        return frozenset()
    if not found:
        return frozenset()
    elements = lxml.html.fragment_fromstring(found, create_parent=True).iter("*")
    return frozenset(int(number) for element in elements if (number := element.get(NUMBER, "")).isdigit())
