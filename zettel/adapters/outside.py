"""Recognise page furniture by an element's tag, classes and ID."""

from __future__ import annotations

from collections.abc import Mapping

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
ARTICLE_ELEMENTS = frozenset(("html", "body", "main", "article"))
"""Elements that contain the article, whatever their classes."""


def find_furniture_reason(tag: str, attributes: Mapping[str, str]) -> str:
    """Return why an element is page furniture, empty if it may be part of the article."""
    if tag in FURNITURE_ELEMENTS or tag in ARTICLE_ELEMENTS:
        return FURNITURE_ELEMENTS.get(tag, "")
    if "hidden" in attributes or "display:none" in attributes.get("style", "")[:500].replace(" ", ""):
        return "hidden on the page"
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}"[:500].lower().split()
    return next((FURNITURE_BY_NAME[name] for name in names if name in FURNITURE_BY_NAME), "")
