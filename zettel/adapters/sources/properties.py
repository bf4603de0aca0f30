"""Turn the properties that a tool keeps of a note into the fields of a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from zettel.model.articles.imported import SourceDocument
from zettel.model.note.frontmatter import DATE_FIELDS, TAG_FIELDS
from zettel.model.text.dates import parse_timestamp

CREATED_NAMES = ("created", "created time", "created at", "date created", "date")
"""Names of the property that says when a note was made. The first that a note has counts."""

TAG_NAMES = (*TAG_FIELDS, "labels")
AUTHOR_NAMES = ("author", "authors", "created by")
ORIGIN_NAMES = ("url", "source url", "source", "link")
RESERVED_NAMES = frozenset((*DATE_FIELDS, *TAG_FIELDS, "title", "id", "author", "source", "published", "review"))
"""Names of fields that mean something to zettel, so that a property which means something else cannot have them."""

FIELD_NAME = re.compile(r"[^\W\d_][\w -]*")
MAX_TIME = 100
"""Maximum characters of a time."""

YAML_WORDS = ("yes", "no", "true", "false", "null", "on", "off", "y", "n")


def apply_properties(document: SourceDocument, properties: Iterable[tuple[str, str]]) -> tuple[SourceDocument, list[tuple[str, str]]]:
    """Return a document with its properties as fields, and the properties that cannot be fields, so that its text must keep them.

    The day it was made, its tags, author and web address go where a document has them. What is already there counts more.
    """
    rest = [(name.strip(), " ".join(value.split())) for name, value in properties if value.strip()]
    created, rest = _take(rest, CREATED_NAMES, parse_time)
    origin, rest = _take(rest, ORIGIN_NAMES, _parse_address)
    author, rest = _take(rest, AUTHOR_NAMES, str)
    tags = [value for name, value in rest if name.casefold() in TAG_NAMES]
    rest = [(name, value) for name, value in rest if name.casefold() not in TAG_NAMES]
    fields = dict(document.fields)
    kept: list[tuple[str, str]] = []
    taken = {name.casefold() for name in fields}
    for name, value in rest:
        lower = name.casefold()
        if FIELD_NAME.fullmatch(name) and lower not in RESERVED_NAMES and lower not in YAML_WORDS and lower not in taken:
            fields[name] = value
            taken.add(lower)
        else:
            kept.append((name, value))
    return (
        document._replace(
            author=document.author or author,
            created=document.created or created,
            origin=document.origin or origin,
            tags=(*document.tags, *split_list(",".join(tags))),
            fields=tuple(fields.items()),
        ),
        kept,
    )


def split_list(text: str) -> tuple[str, ...]:
    """Return the parts of a text that are separated by commas."""
    return tuple(part for item in text.split(",") if (part := item.strip().removeprefix("#")))


def _take(properties: list[tuple[str, str]], names: tuple[str, ...], parse: Callable[[str], str]) -> tuple[str, list[tuple[str, str]]]:
    """Return the parsed value of the first property with one of the names that can be parsed, and all other properties."""
    for wanted in names:
        for number, (name, value) in enumerate(properties):
            if name.casefold() == wanted and (parsed := parse(value)):
                return parsed, properties[:number] + properties[number + 1 :]
    return "", properties


def parse_time(value: str) -> str:
    """Return a time that a tool shows, such as `@May 3, 2024 9:14 AM`, as `YYYY-MM-DD HH:MM`. Empty if it is not one."""
    found = parse_timestamp(value.removeprefix("@")) if len(value) <= MAX_TIME else None
    return found[:16].replace("T", " ") if found else ""


def _parse_address(value: str) -> str:
    return value if value.lower().startswith(("http://", "https://")) and " " not in value else ""
