"""Recognise page furniture by an element's tag, classes and ID."""

from __future__ import annotations

from collections.abc import Mapping

OUTSIDE = {
    "nav": "navigation",
    "footer": "the page's footer",
    "aside": "beside the article",
    "form": "a form",
    "button": "a button",
    "dialog": "a dialog",
}
NAMED = {
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
CLASSES = {name: why for why, names in NAMED.items() for name in names}
WHOLE = frozenset(("html", "body", "main", "article"))
"""Elements that contain the article, whatever their classes."""


def why_outside(tag: str, given: Mapping[str, str]) -> str:
    """Return why an element is page furniture, empty if it may be part of the article."""
    if tag in OUTSIDE or tag in WHOLE:
        return OUTSIDE.get(tag, "")
    if "hidden" in given or "display:none" in given.get("style", "")[:500].replace(" ", ""):
        return "hidden on the page"
    names = f"{given.get('class', '')} {given.get('id', '')}"[:500].lower().split()
    return next((CLASSES[name] for name in names if name in CLASSES), "")
