"""Recognise page furniture by its element, its classes and its ID."""

from __future__ import annotations

import re
from itertools import islice

from zettel.adapters.html.tree import Element, read_names

FURNITURE_ELEMENTS = {
    "nav": "navigation",
    "footer": "the page's footer",
    "aside": "beside the article",
    "form": "a form",
    "button": "a button",
    "dialog": "a dialog",
}

FURNITURE_NAMES = {
    "other people's comments": ("comments", "comment-list", "comments-area", "comment-respond", "disqus_thread"),
    "a share button": (
        "share",
        "sharing",
        "social",
        "social-share",
        "share-buttons",
        "sharedaddy",
        "addtoany",
        "post-share",
        "social-links",
    ),
    "a link of the page": (
        "related",
        "related-posts",
        "related-articles",
        "breadcrumb",
        "breadcrumbs",
        "pagination",
        "sidebar",
        "menu",
        "navbar",
        "widget",
    ),
    "an invitation to subscribe": ("newsletter", "subscribe", "newsletter-signup", "signup"),
    "a cookie note": ("cookie", "cookies", "cookie-banner", "cookie-notice", "consent", "gdpr"),
    "an advertisement": ("ad", "ads", "advert", "advertisement", "promo"),
}

FURNITURE_BY_NAME = {name: why for why, names in FURNITURE_NAMES.items() for name in names}
RELATED = re.compile(
    r"related-?_?(?:posts?|articles?|stories|content|links|items)|recommended-?_?(?:posts?|articles?|stories)", re.IGNORECASE
)
ARTICLE_ELEMENTS = frozenset(("html", "body", "main", "article"))
"""Elements that contain the article, whatever their classes."""


def find_furniture_reason(element: Element) -> str:
    """Return why an element looks like page furniture, empty if it may be part of the article."""
    tag, attributes = element.tag, element.attrib
    if tag == "footer" and any(one.tag == "blockquote" for one in islice(element.iterancestors(), 2)):
        return ""  # who is quoted
    if tag in FURNITURE_ELEMENTS or tag in ARTICLE_ELEMENTS:
        return FURNITURE_ELEMENTS.get(tag, "")
    style = attributes.get("style", "")[:500].replace(" ", "")
    if "hidden" in attributes or "display:none" in style or "visibility:hidden" in style:
        return "hidden on the page"
    names = read_names(element).lower()
    why = next((FURNITURE_BY_NAME[name] for name in names.split() if name in FURNITURE_BY_NAME), "")
    return why or ("a link of the page" if RELATED.search(names) else "")
