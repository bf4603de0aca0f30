"""Decide what the note of an imported document is called, who wrote it, when, and where it is from.

What the user says counts most, then the front matter of the text, then what its format knows, then what is found in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from zettel.adapters.parse import frontmatter
from zettel.model.articles.article import Article
from zettel.model.articles.imported import ParsedSource, SourceDocument
from zettel.model.articles.styled import strip_styles
from zettel.model.edit.set_fields import find_field
from zettel.model.note import frontmatter as front
from zettel.model.note.tags import normalise_tag
from zettel.model.text.dates import parse_timestamp
from zettel.model.text.fold import fold
from zettel.model.text.ids import find_first_id, strip_id

SOURCE = "source"
"""The tag of imported articles, and the front matter field that holds their origin."""

DAY = re.compile(r"(\d{4})[-_](\d\d)[-_](\d\d)(?!\d)")
"""A day, in the form in which the names of files have it."""

MEANINGLESS_NAMES = frozenset(
    [
        "article",
        "artikel",
        "clipboard",
        "document",
        "download",
        "file",
        "index",
        "note",
        "notes",
        "page",
        "paste",
        "readme",
        "scratch",
        "source",
        "text",
        "unnamed",
        "untitled",
    ]
)
"""Names of files that say nothing about their text."""

WORD_PATTERN = re.compile(r"[^\W\d_]{3,}")
GENERATED_NAME_PATTERN = re.compile(r"[^\W_]*\d[^\W_]*[^\W\d_][^\W_]*|[^\W_]*[^\W\d_]\d[^\W_]*")
LOCAL_ADDRESS = re.compile(r"\s*(?:file:|[A-Za-z]:[\\/]|[\\/~]|\.\.?[\\/])", re.IGNORECASE)
"""The beginning of an address that is a place on a machine."""


class GivenMetadata(NamedTuple):
    """What the user says of the sources of an import. Fields that they leave out are empty. `date` is `YYYY-MM-DD`, perhaps with ` HH:MM`."""

    title: str = ""
    author: str = ""
    date: str = ""
    source: str = ""


def parse_fields(text: str) -> dict[str, object] | None:
    """Return the fields of a text's front matter by their names in lower case, or None if it cannot be parsed."""
    own = front.find_front_matter(text)
    fields = frontmatter.parse_fields_or_none(own.raw, own.language) if own else {}
    return None if fields is None else front.fold_keys(fields)


def identify_article(article: Article, document: SourceDocument) -> Article:
    """Return the article with title, ID, author, dates, origin and tags, as far as its text, its format or its file's name tells them.

    The file's name is the title only if nothing else is, and if it is descriptive or a day.
    """
    own = front.find_front_matter(article.front_matter)
    fields = parse_fields(article.front_matter) or {}
    stem = strip_styles(document.stem)
    note_id = article.note_id or ("" if document.is_page else find_first_id(stem) or (own and front.find_id(own.raw)) or "")
    known = (find_source(fields), document.origin if "://" in document.origin else "", article.origin)
    origin = next((found for found in known if found and not is_local(found)), "")
    article = article._replace(
        note_id=note_id,
        author=_read_author(fields) or document.author or article.author,
        published=_read_day(fields, "published") or article.published,
        origin=origin,
        date=_read_date(fields) or document.created or ("" if document.is_page else _read_day_of_name(stem)),
        tags=tuple(filter(None, map(normalise_tag, document.tags))),
    )
    title = front.find_title(fields) or " ".join(strip_styles(document.title).split())
    if title:
        return _retitle(article, title)
    words = " ".join(strip_id(stem, note_id or None, anywhere=True).replace("_", " ").split())
    if not article.has_title and (_is_descriptive(words) or DAY.fullmatch(stem)):
        return article._replace(title=words, is_named_by_file=True)
    return article


def override_metadata(parsed: ParsedSource, given: GivenMetadata) -> ParsedSource:
    """Return the document with what the user says of it. The day of an article is that date, too.

    Front matter that cannot be parsed stays as it is, so the note will say only what its text says.
    """
    article = parsed.article
    if parsed.fields is None:
        remark = f"{parsed.display_name}: its front matter cannot be parsed, so nothing is added to it; zettel check says why"
        return parsed._replace(article=article._replace(author="", published="", origin="", date=""), remarks=(*parsed.remarks, remark))
    article = article._replace(
        author=given.author or article.author,
        origin=given.source or article.origin,
        date=given.date or article.date,
        published=given.date[:10]
        if given.date and article.published and not find_field(parsed.fields or {}, "published")
        else article.published,
    )
    return parsed._replace(article=_retitle(article, given.title) if given.title else article, found=parsed.article)


def find_source(fields: Mapping[str, object]) -> str:
    """Return where a text is from by its own front matter: its source, or the address of the page that it was clipped from."""
    source, url = fields.get(find_field(fields, SOURCE)), fields.get("url")
    texts = source if isinstance(source, list) else [source]
    found = next((" ".join(text.split()) for text in texts if isinstance(text, str) and text.strip()), "")
    return found or (url.strip() if isinstance(url, str) and "://" in url else "")


def is_local(address: str) -> bool:
    """Return whether an address is a place on a machine, which says nothing to others."""
    return bool(LOCAL_ADDRESS.match(address))


def _retitle(article: Article, title: str) -> Article:
    """Return the article with this title. A title line that was cut from the text for another one is put back."""
    if fold(article.title) != fold(title):
        article = article.put_back_heading()
    return article._replace(title=title, has_title=True, is_named_by_file=False)


def _read_author(fields: Mapping[str, object]) -> str:
    """Return the author or authors that front matter names, without the brackets of links."""
    given = fields.get(find_field(fields, "author"))
    names = [" ".join(name.split()).removeprefix("[[").removesuffix("]]") for name in _list_texts(given)]
    return ", ".join(filter(None, names))


def _list_texts(given: object) -> list[str]:
    return [given] if isinstance(given, str) else [one for one in given if isinstance(one, str)] if isinstance(given, list) else []


def _read_day(fields: Mapping[str, object], name: str) -> str:
    return (parse_timestamp(fields.get(name)) or "")[:10]


def _read_date(fields: Mapping[str, object]) -> str:
    """Return when a text was written by its own front matter: a day, or a time if it names one."""
    given = fields.get(find_field(fields, "date"))
    found = (parse_timestamp(given) or "").replace("T", " ")[:16]
    return found[:10] if found.endswith("00:00") and "00:00" not in str(given) else found


def _read_day_of_name(stem: str) -> str:
    """Return the day with which the name of a file begins, as that of a daily note or a blog post does, or an empty string."""
    found = DAY.match(stem)
    return (parse_timestamp("-".join(found.groups())) or "")[:10] if found else ""


def _is_descriptive(name: str) -> bool:
    """Return whether a file's name describes its text better than the text's first words: it has words, and no generated number."""
    return bool(WORD_PATTERN.search(name)) and not GENERATED_NAME_PATTERN.search(name) and fold(name) not in MEANINGLESS_NAMES
