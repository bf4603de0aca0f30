"""Find title, author, day and address of an article in the tree of its page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from zettel.adapters.html.furniture import find_furniture_reason
from zettel.adapters.html.json_ld import StructuredData, find_article_data, list_authors, read_text
from zettel.adapters.html.tree import Element, find_saved_address, read_names, read_start
from zettel.model.articles.byline import parse_byline, parse_day
from zettel.model.articles.page_blocks import COMMENTS
from zettel.model.text.dates import parse_timestamp

TITLE_KEYS = ("citation_title", "og:title", "dc.title", "dcterms.title", "parsely-title", "twitter:title")
AUTHOR_KEYS = (
    "author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "article:author",
    "article:author_name",
    "og:article:author",
)
CITATION_AUTHOR = "citation_author"
"""Name under which scholarly journals give an author, as `Last, First`."""

DAY_KEYS = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
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
    "publication_date",
    "citation_online_date",
    "citation_publication_date",
    "citation_date",
    "dc.date.created",
    "dcterms.date",
    "dcterms.issued",
)
ORIGIN_KEYS = ("canonical", "og:url")
"""Names under which pages give title, author, day and address of an article, the most reliable first."""

NOT_NAMES = frozenset(
    ["admin", "administrator", "anonymous", "author", "editor", "guest", "none", "null", "root", "unknown", "user", "webmaster"]
)
BYLINE_NAMES = re.compile(r"(?:^|[\s_-])(?:byline|author|writtenby|p-author|fn)(?:$|[\s_-])|byline|author-?name", re.IGNORECASE)
NOT_A_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:bio|avatar|image|photo|comments?|box|social|links?|reply|twitter|follow|description|about|role|date)(?:$|[\s_-])",
    re.IGNORECASE,
)
UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f]+")
TITLE_SEPARATOR = re.compile(r"\s+[|\-–—\\/>»·:]\s+|(?<=\w)[:|]\s+")
EDITED_BY = re.compile(r"\s+(?:edited|reviewed|translated|photographs?|illustrations?|illustrated) by\b.*", re.IGNORECASE)
BY = re.compile(r"^(?:written by|posted by|words by|by|par|von|por|di)[:\s]+", re.IGNORECASE)
DAY_CLASSES = frozenset(("published", "dt-published", "entry-date", "post-date"))
MAX_BYLINE = 100
MAX_HEADINGS = 200
MAX_AUTHORS = 5
MAX_TIMES = 20
"""Maximum number of `time` elements that are searched for the day."""


Metadata = Mapping[str, Sequence[str]]
"""What the head of a page says, by its names in lower case."""


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
    data = find_article_data(tree)
    saved = find_saved_address(tree) or _check_address(_first(meta, "savepage-url"))
    named = (address for key in ORIGIN_KEYS if (address := _first(meta, key)))
    origin = next((url for address in named if (url := _check_address(_join(saved, address)))), "") or saved
    base = _join(saved or origin, _first(meta, "base"))
    return PageMetadata(_find_title(tree, meta, data), _find_author(tree, meta, data), _find_day(tree, meta, data), origin, base)


def _join(base: str, address: str) -> str:
    try:
        joined = urljoin(base, address)
        urlsplit(joined)
        return joined
    except ValueError:  # brackets that are not around an IPv6 address
        return base


def _first(meta: Metadata, key: str) -> str:
    return next(iter(meta.get(key, ())), "")


def _check_address(url: str) -> str:
    return url if url.startswith(("http://", "https://")) and not UNSAFE.search(url) else ""


def _collect_meta(tree: Element) -> Metadata:
    """Return the metadata in `meta`, `link` and `base`."""
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta", "link", "base"):
        if element.tag == "meta":
            for name in ("property", "name", "itemprop"):
                if (key := element.get(name, "").strip().lower()) and (content := " ".join(element.get("content", "").split())):
                    meta.setdefault(key, []).append(content)
        elif element.tag == "base":
            meta.setdefault("base", []).append(element.get("href", "").strip())
        elif "canonical" in element.get("rel", "").lower().split():
            meta.setdefault("canonical", []).append(element.get("href", "").strip())
    return meta


# Title


def _find_title(tree: Element, meta: Metadata, data: StructuredData) -> str:
    """Return the title that a page names, else that in its head without the name of the site, else its only top heading."""
    site = _first(meta, "og:site_name")
    named = next((title for key in TITLE_KEYS if (title := _first(meta, key)) and title != site), "") or read_text(data, "headline")
    headings = [words for heading in islice(tree.iter("h1"), MAX_HEADINGS) if (words := " ".join(read_start(heading).split()))]
    if named:
        return _cut_site(named, site)
    element = next(tree.iter("title"), None)
    title = " ".join((element.text or "").split()) if element is not None else ""
    if not title:
        return _find_styled_title(tree) or (headings[0] if headings else "")
    for heading in [*headings, *(" ".join(read_start(one).split()) for one in islice(tree.iter("h2", "h3"), MAX_HEADINGS))]:
        if heading and heading != title and heading in title and _is_part(heading, title):
            return heading
    return title


def _find_styled_title(tree: Element) -> str:
    """Return the first paragraph of the style "Title", as Google Docs exports it."""
    title = next((one for one in islice(tree.iter("p"), MAX_HEADINGS) if "title" in (one.get("class") or "")[:200].split()), None)
    return "" if title is None else " ".join(read_start(title).split())


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


def _find_author(tree: Element, meta: Metadata, data: StructuredData) -> str:
    """Return the people whom the page names, else those of a byline, else the organization that it names."""
    site = _first(meta, "og:site_name")
    named = [name for key in AUTHOR_KEYS if (name := _join_names(meta.get(key, ()), site))]
    people = (
        _join_names(list_authors(data, people=True), site)
        or next(iter(named), "")
        or _join_names(map(_turn_name, meta.get(CITATION_AUTHOR, ())))
    )
    return people or _clean_author(_find_byline(tree)) or _join_names([*list_authors(data, people=False), *_list_all(meta)])


def _join_names(names: Iterable[str], site: str = "") -> str:
    """Return the names that may be those of authors, without that of the site."""
    kept = [name for one in names if _is_name(one) and one != site and (name := _clean_author(one))]
    return ", ".join(list(dict.fromkeys(kept))[:MAX_AUTHORS])


def _list_all(meta: Metadata) -> list[str]:
    return [name for key in AUTHOR_KEYS for name in meta.get(key, ())][:1]


def _turn_name(name: str) -> str:
    last, _, first = name.partition(", ")
    return f"{first} {last}" if first and ", " not in first else name


def _is_name(text: str) -> bool:
    return (
        text.lower() not in NOT_NAMES
        and bool(text)
        and "://" not in text
        and not text.startswith("@")
        and any(map(str.isalpha, text))
        and len(text) <= MAX_BYLINE
    )


def _clean_author(text: str) -> str:
    text = " ".join(text.split())
    while (shorter := BY.sub("", text)) != text:
        text = shorter
    text = EDITED_BY.sub("", text)
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
        names = read_names(element)
        if not ("author" in rel or "author" in prop or (BYLINE_NAMES.search(names) and not NOT_A_BYLINE.search(names))):
            continue
        inner = next(
            (
                one
                for one in islice(element.iterdescendants(), MAX_TIMES)
                if "name" in (one.get("itemprop") or "").split() or "author" in (one.get("rel") or "").split()
            ),
            None,
        )
        text = " ".join(read_start(element if inner is None else inner).split())
        if _is_name(text) and 1 < len(text):
            return text
    return ""


# Day


def _find_day(tree: Element, meta: Metadata, data: StructuredData) -> str:
    """Return the day on which the article was published, as `YYYY-MM-DD`."""
    named = [read_text(data, "datePublished") or read_text(data, "dateCreated"), *(_first(meta, key) for key in DAY_KEYS)]
    for text in named:
        if day := _parse(text):
            return day
    times = list(islice(tree.iter("time"), MAX_TIMES))
    beside = [time for time in times if _find_reason_around(time)]
    marked = [element for element in tree.iter("*") if _is_day_of_publication(element)][:MAX_TIMES]
    for element in [
        *marked,
        *(time for time in times if time not in beside),
        *(time for time in beside if _find_reason_around(time) != COMMENTS),
    ]:
        if day := _parse(element.get("datetime") or element.get("content") or element.get("title") or read_start(element)[:100]):
            return day
    return ""


def _is_day_of_publication(element: Element) -> bool:
    return (
        "datepublished" in element.get("itemprop", "").lower()
        or (element.tag == "time" and "pubdate" in element.attrib)
        or (element.tag in ("abbr", "time", "span") and not DAY_CLASSES.isdisjoint(element.get("class", "")[:500].split()))
    )


def _find_reason_around(element: Element) -> str:
    """Return why an element around this one looks like furniture, empty if none does."""
    return next((why for one in islice(element.iterancestors(), MAX_TIMES) if (why := find_furniture_reason(one))), "")


def _parse(text: str) -> str:
    text = text.strip()
    return (parse_timestamp(text) or "")[:10] or parse_day(text)
