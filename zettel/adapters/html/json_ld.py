"""Read what a page says of its article as structured data in JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape

from zettel.adapters.html.tree import Element

ARTICLE_TYPES = re.compile(r"Article|Posting|Report|Recipe|Review|Chapter|Thesis")
PAGE_TYPES = re.compile(r"WebPage|CreativeWork|Book|VideoObject|Episode")
ORGANIZATION = re.compile(r"Organization|Corporation")
KEYS = ("headline", "author", "creator", "datePublished", "dateCreated")
NESTED = ("@graph", "mainEntity", "mainEntityOfPage")
WRAPPERS = re.compile(r"\A\s*(?:<!--|//|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?|(?://|/\*)?\s*\]\]>(?:\s*\*/|\s*-->)?\s*\Z|\A\s*<!--|-->\s*\Z")
"""What old pages put around data, so that older browsers do not read it."""

MAX_DATA = 500_000
"""Maximum length of a page's structured data in characters."""

MAX_SCRIPTS = 50
MAX_ITEMS = 1000

StructuredData = Mapping[str, object]


def find_article_data(tree: Element) -> StructuredData:
    """Return what a page's JSON-LD says of its article under `KEYS`. What an article says counts before what its page says. Empty if there is nothing."""
    items = [item for found in _load_scripts(tree) for item in _list_items(found)][:MAX_ITEMS]
    by_id: dict[str, object] = {name: item for item in items if isinstance(name := item.get("@id"), str) and "name" in item}
    candidates = [item for kinds in (ARTICLE_TYPES, PAGE_TYPES) for item in items if _has_type(item, kinds)]
    data: dict[str, object] = {}
    for item in candidates:
        for key in KEYS:
            if (given := item.get(key)) and key not in data:
                data[key] = [by_id.get(_read_id(one), one) for one in (given if isinstance(given, list) else [given])]
    return data


def read_text(data: StructuredData, key: str) -> str:
    """Return the first text under a key."""
    given = data.get(key)
    return next((_clean(one) for one in (given if isinstance(given, list) else []) if isinstance(one, str)), "")


def list_authors(data: StructuredData, *, people: bool) -> list[str]:
    """Return the names of the authors: of the people among them, or of the organizations."""
    given = data.get("author") or data.get("creator")
    names: list[str] = []
    for one in given if isinstance(given, list) else []:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, list):
            name = next(iter(name), None)
        is_person = not (isinstance(one, dict) and _has_type(one, ORGANIZATION))
        if isinstance(name, str) and is_person == people and (name := _clean(name)) and name not in names:
            names.append(name)
    return names


def _load_scripts(tree: Element) -> Iterator[object]:
    scripts = (script for script in tree.iter("script") if "ld+json" in script.get("type", "").lower())
    for _, script in zip(range(MAX_SCRIPTS), scripts, strict=False):
        if not script.text or len(script.text) > MAX_DATA:
            continue
        try:
            yield json.loads(WRAPPERS.sub("", script.text), strict=False)
        except (ValueError, RecursionError):
            continue


def _list_items(found: object) -> Iterator[StructuredData]:
    """Yield the items of structured data, and those that they hold under `NESTED`."""
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, dict):
            yield item
            for key in NESTED:
                inner = item.get(key)
                yield from (one for one in (inner if isinstance(inner, list) else [inner]) if isinstance(one, dict))


def _has_type(item: StructuredData, kinds: re.Pattern[str]) -> bool:
    given = item.get("@type")
    return any(isinstance(kind, str) and kinds.search(kind) for kind in (given if isinstance(given, list) else [given]))


def _read_id(given: object) -> str:
    found = given.get("@id") if isinstance(given, dict) and "name" not in given else None
    return found if isinstance(found, str) else ""


def _clean(text: str) -> str:
    return " ".join(unescape(text[:1000]).split())
