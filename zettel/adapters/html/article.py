"""Find the article of a page with readability-lxml, which is used only here."""

from __future__ import annotations

import copy
import logging
import re

import lxml.etree
from readability import Document
from readability.readability import Unparseable

from zettel.adapters.html.tree import ELEMENT_NUMBER, Element

NUMBERED = re.compile(rf' {ELEMENT_NUMBER}="(\d{{1,6}})"')
MAX_WORK = 1_500_000
"""Maximum sum of what the elements of a page that is searched cost: each is looked at a few times, and once more for every element around it.

A page with a larger sum is a book, or hostile.
"""


def find_article_elements(tree: Element) -> frozenset[int]:
    """Return the numbers of the elements that readability takes for the article of a page whose elements are numbered. Empty if it finds none."""
    depth = work = 0
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        work += depth + 10 + len(element.attrib) if event == "start" else 0
    if work > MAX_WORK:
        return frozenset()
    searched = copy.deepcopy(tree)
    for base in searched.iter("base"):
        base.attrib.pop("href", None)  # readability would add it to each link
    logging.getLogger("readability").disabled = True
    logging.getLogger("readability.readability").disabled = True
    try:
        found = Document(searched).summary(html_partial=True, keep_all_images=True)
    except Unparseable:
        return frozenset()
    return frozenset(int(number) for number in NUMBERED.findall(found or ""))
