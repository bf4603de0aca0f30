"""Find the footnotes of a page, and the places that refer to them."""

from __future__ import annotations

import re
from itertools import islice

from zettel.adapters.html.tree import ELEMENT_NUMBER, Element, read_names, read_start

REFERENCE, FOOTNOTE = "{zettel}reference", "{zettel}footnote"
"""Attributes for the label of a footnote, on the link that refers to it and on the element that holds it."""

SIGN = re.compile(r"[\[(]?\s*((?:note |nb |n )?[0-9]{1,4}|[a-z]{1,2}|[ivx]{1,6}|[*†‡§¶]{1,3})\s*[\])]?", re.IGNORECASE)
REFERENCE_NAMES = re.compile(r"footnote|noteref|(?:^|[\s#_-])(?:fn|ftn|fnref|reference|ref)(?:$|[\s_-]|\d)", re.IGNORECASE)
BACK_LINK = re.compile(r"[\W\d_]*|[a-z]|(?:back|return|jump up|note|ref)\b.{0,30}", re.IGNORECASE)
NOT_IN_LABEL = re.compile(r"[^\w-]+")
HOLDERS = frozenset(("li", "p", "div", "dd", "aside"))
MAX_STEPS = 5
"""Number of elements between the place that a reference names and the element that holds the footnote, at most."""

MAX_REFERENCES = 5000
MAX_ELEMENTS = 200
"""Maximum number of elements of a footnote that are searched for links that lead back."""


def mark_footnotes(tree: Element, hidden: str) -> None:
    """Give each footnote, and each link that refers to it, an attribute with the label. Links back to the text are renamed to `hidden`.

    A footnote stands behind the text that refers to it, so a link to something above it is not a reference.
    """
    references = list(islice((link for link in tree.iter("a") if _is_reference(link)), MAX_REFERENCES))
    if not references:
        return
    wanted = {link.get("href")[1:] for link in references}
    targets: dict[str, Element] = {}
    for element in tree.iter("*"):
        for name in (element.get("id"), element.get("name")):
            if name in wanted:
                targets.setdefault(name, element)
    labels: set[str] = set()
    for link in references:
        target = targets.get(link.get("href")[1:])
        holder = _find_holder(target) if target is not None else None
        if holder is None or not _is_short(holder) or _read_number(holder) <= _read_number(link) or link.get(FOOTNOTE):
            continue
        if not holder.get(FOOTNOTE):
            label = _choose_label(link, labels)
            labels.add(label)
            holder.set(FOOTNOTE, label)
            _hide_back_links(holder, hidden)
        link.set(REFERENCE, holder.get(FOOTNOTE))


def _is_reference(link: Element) -> bool:
    if not link.get("href", "").startswith("#") or not SIGN.fullmatch(read_start(link).strip()):
        return False
    parent = link.getparent()
    return (
        parent.tag == "sup"
        or link.find("sup") is not None
        or "noteref" in link.get("role", "")
        or bool(REFERENCE_NAMES.search(f"{read_names(link)} {read_names(parent)} {link.get('href')[:80]}"))
    )


def _find_holder(target: Element) -> Element | None:
    """Return the element around a target that holds the footnote."""
    for element in (target, *islice(target.iterancestors(), MAX_STEPS)):
        if element.tag in HOLDERS:
            return element
    return None


def _is_short(holder: Element) -> bool:
    """Return whether an element is as short as a footnote, and not a section of the page."""
    elements = list(islice(holder.iter(), MAX_ELEMENTS))
    return len(elements) < MAX_ELEMENTS and not any(element.tag in ("h1", "h2", "h3", "h4", "table") for element in elements)


def _read_number(element: Element) -> int:
    return int(element.get(ELEMENT_NUMBER, "0"))


def _choose_label(link: Element, labels: set[str]) -> str:
    found = SIGN.fullmatch(read_start(link).strip())
    label = NOT_IN_LABEL.sub("-", found[1] if found else "").strip("-") or str(len(labels) + 1)
    return label if label not in labels else f"{label}-{len(labels) + 1}"


def _hide_back_links(holder: Element, hidden: str) -> None:
    for link in list(islice(holder.iter(), MAX_ELEMENTS)):
        is_back = link.tag == "a" and link.get("href", "").startswith("#") and BACK_LINK.fullmatch(read_start(link).strip())
        if is_back or (link.tag == "span" and "mw-cite-backlink" in link.get("class", "")):
            link.tag = hidden
