"""Front matter: where it stands in a note, and what zettel takes from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from zettel.model.lazily import lazily
from zettel.model.tags import clean_tag
from zettel.model.text import nfc
from zettel.model.value import NamedTuple

FENCED = re.compile(
    r"\A\ufeff?(?:(?P<yaml>---)|\+\+\+)[ \t]*(?:\r\n|\n|\r)"
    r"(?![ \t]*(?:\r|\n))"  # a rule above a blank line is no front matter
    r"(?P<inside>(?:(?!(?:---|\+\+\+|\.\.\.)[ \t]*(?:\r|\n|\Z))[^\r\n]*(?>\r\n|\n|\r))*)"
    r"(?P<end>---|\+\+\+|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)"
)
ID_LINE = lazily(r"(?:^|[\r\n])id[ \t]*[:=][ \t]*[\"']?([0-9]{12}|[0-9]{14})[\"']?[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|$)")
SEPARATORS = lazily(r"[,;]")
BLANKS = lazily(r"\s+")
TAG_FIELDS = ("tags", "keywords", "tag")


class FrontMatter(NamedTuple):
    """The raw text between the fences, the language it is in, and where the body begins.

    `start` and `end` are character offsets: of the text between the fences, and of the body.
    """

    language: str
    raw: str
    start: int
    end: int


class Scalar(NamedTuple):
    """A text in one of the front matter's fields.

    `start` and `end` are character offsets in the text between the fences, quotes and all; `text` is what it says;
    `is_item` tells whether it is one of a list.
    """

    field: str
    start: int
    end: int
    text: str
    is_item: bool


def split(text: str) -> FrontMatter | None:
    """The front matter of a note's text, or None where it has none (or it is never closed)."""
    if text[:1] not in "-+\ufeff":
        return None
    found = FENCED.match(text)
    if not found or (found["end"] == "+++") == bool(found["yaml"]) or (found["end"] == "..." and not found["yaml"]):
        return None
    return FrontMatter("yaml" if found["yaml"] else "toml", found["inside"], found.start("inside"), found.end())


def id_of(raw: str) -> str | None:
    """The note's `id:`, from the raw text: a YAML reader would make it an integer, or an octal one."""
    found = ID_LINE.search(raw)
    return found[1] if found else None


def title_of(fields: Mapping[str, object]) -> str | None:
    """The `title`, if it is text."""
    title = fields.get("title")
    return " ".join(nfc(title).split()) or None if isinstance(title, str) else None


def aliases_of(fields: Mapping[str, object]) -> tuple[str, ...]:
    """`aliases` and `alias`, a list or one text."""
    found = [" ".join(nfc(text).split()) for key in ("aliases", "alias") if key in fields for text in _texts(fields[key])]
    return tuple(dict.fromkeys(filter(None, found)))


def tags_of(fields: Mapping[str, object]) -> tuple[str, ...]:
    """`tags` and `keywords`: a list, or one text with commas, else with blanks."""
    found: list[str] = []
    for field in TAG_FIELDS:
        if field not in fields:
            continue
        given = fields[field]
        words = [text[start:end] for text in _texts(given) for start, end in tag_words(text, is_item=not isinstance(given, str))]
        found.extend(clean for word in words if (clean := clean_tag(word)))
    return tuple(dict.fromkeys(found))


def tag_words(text: str, *, is_item: bool) -> list[tuple[int, int]]:
    """Where the tags stand in a text of front matter: between commas or semicolons, else (but for an item of a list) between blanks."""
    if is_item and "," not in text and ";" not in text:
        return [(0, len(text))] if text.strip() else []
    apart = SEPARATORS if is_item or SEPARATORS.search(text) else BLANKS
    ends = [(0, 0), *(found.span() for found in apart.finditer(text)), (len(text), len(text))]
    return [(start, end) for (_, start), (end, _) in pairwise(ends) if text[start:end].strip()]


def _texts(given: object) -> list[str]:
    if isinstance(given, str):
        return [given]
    return [item for item in given if isinstance(item, str)] if isinstance(given, list) else []
