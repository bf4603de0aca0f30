"""Find title, author, day and address of an article in the tree of its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urljoin

from zettel.adapters.html.tree import Element, find_saved_address
from zettel.model.articles.byline import parse_byline, parse_day
from zettel.model.text.dates import parse_timestamp

TITLE_KEYS = ("og:title", "dc.title", "dcterms.title", "parsely-title", "twitter:title")
AUTHOR_KEYS = (
    "author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "article:author",
    "article:author_name",
)
DAY_KEYS = (
    "article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "pubdate",
    "publish-date",
    "date",
    "displaydate",
)
ORIGIN_KEYS = ("canonical", "og:url")
"""Names under which pages give title, author, day and address of an article, the most reliable first."""

ARTICLE_TYPES = re.compile(r"Article|BlogPosting|Posting|Report|WebPage|CreativeWork|Recipe|Review")
BYLINE_NAMES = re.compile(r"(?:^|[\s_-])(?:byline|author|writtenby|p-author|fn)(?:$|[\s_-])|byline|author-?name", re.IGNORECASE)
NOT_A_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:bio|avatar|image|photo|comments?|box|social|links?|reply|twitter|follow|description|about|role|date)(?:$|[\s_-])",
    re.IGNORECASE,
)
UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f]+")
TITLE_SEPARATOR = re.compile(r"\s+[|\-–—\\/>»·:]\s+|(?<=\w)[:|]\s+")
BY = re.compile(r"^(?:written by|posted by|words by|by|par|von|por|di)[:\s]+", re.IGNORECASE)
WRAPPERS = re.compile(r"\A\s*(?:<!--|//|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?|(?://|/\*)?\s*\]\]>(?:\s*\*/|\s*-->)?\s*\Z|\A\s*<!--|-->\s*\Z")
"""What old pages put around data, so that older browsers do not read it."""

MAX_BYLINE = 100
MAX_DATA = 500_000
"""Maximum length of a page's structured data in characters."""


class PageMetadata(NamedTuple):
    """What a page says of its article. What it does not say is empty. `base` is the address to which its links are relative."""

    title: str
    author: str
    published: str
    origin: str
    base: str


def read_metadata(tree: Element) -> PageMetadata:
    """Read the metadata of a page: from its structured data, else from its head, else from the elements that are called a byline."""
    meta = _collect_meta(tree)
    data = _find_article_data(tree)
    origin = next((url for key in ORIGIN_KEYS if (url := _check_address(meta.get(key, "")))), "") or find_saved_address(tree)
    saved = find_saved_address(tree) or origin
    base = urljoin(saved, meta.get("base", "")) if meta.get("base") else saved
    return PageMetadata(_find_title(tree, meta, data), _find_author(tree, meta, data), _find_day(tree, meta, data), origin, base)


def _check_address(url: str) -> str:
    return url if url.startswith(("http://", "https://")) and not UNSAFE.search(url) else ""


def _collect_meta(tree: Element) -> dict[str, str]:
    """Return the metadata in `meta`, `link` and `base`. The first value of each key counts."""
    meta: dict[str, str] = {}
    for element in tree.iter("meta", "link", "base"):
        if element.tag == "meta":
            for name in ("property", "name", "itemprop"):
                if (key := element.get(name, "").strip().lower()) and (content := " ".join(element.get("content", "").split())):
                    meta.setdefault(key, content)
        elif element.tag == "base":
            meta.setdefault("base", element.get("href", "").strip())
        elif "canonical" in element.get("rel", "").lower().split():
            meta.setdefault("canonical", element.get("href", "").strip())
    return meta


# Structured data


def _find_article_data(tree: Element) -> Mapping[str, object]:
    """Return the article in the page's JSON-LD, empty if there is none."""
    for script in tree.iter("script"):
        if "ld+json" not in script.get("type", "").lower() or not script.text or len(script.text) > MAX_DATA:
            continue
        try:
            found = json.loads(WRAPPERS.sub("", script.text), strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _list_items(found):
            kinds = item.get("@type")
            is_article = any(
                isinstance(kind, str) and ARTICLE_TYPES.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
            )
            if is_article and any(item.get(key) for key in ("author", "datePublished", "headline")):
                return item
    return {}


def _list_items(found: object) -> Iterator[Mapping[str, object]]:
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (one for one in (graph if isinstance(graph, list) else []) if isinstance(one, dict))


def _list_names(given: object) -> list[str]:
    """Return the names of people in structured data: a text, a person, or several."""
    names: list[str] = []
    for one in given if isinstance(given, list) else [given]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, list):
            name = next(iter(name), None)
        if isinstance(name, str) and (name := " ".join(name.split())) and name not in names:
            names.append(name)
    return names


# Title


def _find_title(tree: Element, meta: Mapping[str, str], data: Mapping[str, object]) -> str:
    """Return the title that a page names, else that in its head without the name of the site, else its only top heading."""
    headline = data.get("headline")
    named = next((title for key in TITLE_KEYS if (title := meta.get(key))), "") or (headline if isinstance(headline, str) else "")
    headings = [words for heading in tree.iter("h1") if (words := " ".join("".join(heading.itertext()).split()))]
    if named:
        return _cut_site(" ".join(named.split()), meta.get("og:site_name", ""))
    element = next(tree.iter("title"), None)
    title = " ".join((element.text or "").split()) if element is not None else ""
    if not title:
        return headings[0] if headings else ""
    for heading in [*headings, *(" ".join("".join(one.itertext()).split()) for one in tree.iter("h2", "h3"))]:
        if heading and heading != title and heading in title and _is_part(heading, title):
            return heading
    return title


def _cut_site(title: str, site: str) -> str:
    """Return a title without the name of its site at the end."""
    shorter = title.removesuffix(site) if site else title
    separator = TITLE_SEPARATOR.search(shorter + "x") if shorter != title else None
    return shorter[: separator.start()] if separator and separator.end() >= len(shorter) and separator.start() else title


def _is_part(heading: str, title: str) -> bool:
    """Return whether a heading is a whole part of a title: what is left is a site's name behind a separator."""
    before, _, after = title.partition(heading)
    return (
        not (before and not TITLE_SEPARATOR.search(before + "x"))
        and not (after and not TITLE_SEPARATOR.match("x" + after, 1))
        and len(heading) > 8
    )


# Author


def _find_author(tree: Element, meta: Mapping[str, str], data: Mapping[str, object]) -> str:
    names = [name for name in _list_names(data.get("author") or data.get("creator")) if _is_name(name)]
    if names:
        return _clean_author(", ".join(names[:5]))
    named = next((name for key in AUTHOR_KEYS if _is_name(name := meta.get(key, ""))), "")
    return _clean_author(named) if named else _clean_author(_find_byline(tree))


def _is_name(text: str) -> bool:
    return bool(text) and "://" not in text and not text.startswith("@") and any(map(str.isalpha, text)) and len(text) <= MAX_BYLINE


def _clean_author(text: str) -> str:
    text = " ".join(text.split())
    while (shorter := BY.sub("", text)) != text:
        text = shorter
    if found := parse_byline(f"by {text}"):
        text = found[0] or text
    return text.strip(" ,|·•-–—")


def _find_byline(tree: Element) -> str:
    """Return the text of the first element that the page calls an author or a byline, if it is as short as one."""
    for element in tree.iter("*"):
        tag = element.tag
        if tag in ("html", "body", "script", "style", "meta", "link", "img", "input", "article", "main"):
            continue
        rel, prop = element.get("rel", "").lower().split(), element.get("itemprop", "").lower().split()
        names = f"{element.get('class', '')} {element.get('id', '')}"[:500]
        if not ("author" in rel or "author" in prop or (BYLINE_NAMES.search(names) and not NOT_A_BYLINE.search(names))):
            continue
        inner = next(
            (
                one
                for one in element.iterdescendants()
                if "name" in (one.get("itemprop") or "").split() or "author" in (one.get("rel") or "").split()
            ),
            None,
        )
        text = " ".join("".join((element if inner is None else inner).itertext()).split())
        if _is_name(text) and 1 < len(text):
            return text
    return ""


# Day


def _find_day(tree: Element, meta: Mapping[str, str], data: Mapping[str, object]) -> str:
    """Return the day on which the article was published, as `YYYY-MM-DD`."""
    given = data.get("datePublished") or data.get("dateCreated")
    named = [given if isinstance(given, str) else "", *(meta.get(key, "") for key in DAY_KEYS)]
    for text in named:
        if day := _parse(text):
            return day
    marked = [
        one
        for one in tree.iter("*")
        if "datepublished" in one.get("itemprop", "").lower() or (one.tag == "time" and "pubdate" in one.attrib)
    ]
    for element in [*marked, *tree.iter("time")][:20]:
        if day := _parse(element.get("datetime") or element.get("content") or "".join(element.itertext())[:100]):
            return day
    return ""


def _parse(text: str) -> str:
    text = text.strip()
    return (parse_timestamp(text) or "")[:10] or parse_day(text)
