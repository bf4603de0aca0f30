"""Find the front matter of a note, and extract the fields that zettel uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.base.value import NamedTuple
from zettel.model.note.tags import normalise_tag
from zettel.model.text.fold import fold, to_nfc

FRONT_MATTER = re.compile(
    r"\A\ufeff?(?:(?P<yaml>---)(?:[ \t]*(?P<named>toml|ya?ml))?|\+\+\+)[ \t]*(?:\r\n|\n|\r)"
    r"(?![ \t]*(?:\r|\n))"  # a horizontal rule above a blank line is not front matter
    r"(?P<inside>(?:(?!(?:---|\+\+\+|\.\.\.)[ \t]*(?:\r|\n|\Z))[^\r\n]*(?>\r\n|\n|\r))*)"
    r"(?P<end>---|\+\+\+|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)"
)
ID_LINE = compile_lazily(
    r"(?:^|[\r\n])(?P<quote>[\"']?)(?P<key>[iI][dD])(?P=quote)[ \t]*[:=][ \t]*[\"']?(?P<id>[0-9]{12}|[0-9]{14})[\"']?[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|$)"
)
SEPARATORS = compile_lazily(r"[,;]")
WHITESPACE = compile_lazily(r"\s+")
ALIAS_PARTS = compile_lazily(r"[,\n\r]")
NULLS = ("null", "Null", "NULL", "~")
"""The ways in which YAML writes that a field has no value."""

TAG_FIELDS = ("tags", "keywords", "tag")
DATE_FIELDS = (
    "date",
    "created",
    "created_at",
    "date created",
    "created-at",
    "created at",
    "createdat",
    "date-created",
    "date_created",
    "datecreated",
    "creation date",
    "creation-date",
    "creation_date",
)
"""The fields that may say when a note was created, best first."""


OTHER_FIELD_EXCLUSIONS = frozenset((*TAG_FIELDS, *DATE_FIELDS, "title", "alias", "aliases", "id", "modified", "updated", "review"))
"""Fields whose values are searched as something else, or are dates."""

MAX_FIELD_VALUE = 1000
"""Maximum number of characters of a value that is searched."""


class FrontMatter(NamedTuple):
    """The raw text between the fences, its language (`yaml` or `toml`), and where the body begins.

    `raw_start` is the character offset of the text between the fences, and `body_start` that of the body.
    """

    language: str
    raw: str
    raw_start: int
    body_start: int


class Scalar(NamedTuple):
    """A string value in the front matter, or an item of a list of strings (`is_item`).

    `start` and `end` are character offsets in the text between the fences and include the quotes. `text` is the parsed value.
    """

    field: str
    start: int
    end: int
    text: str
    is_item: bool


class FieldValue(NamedTuple):
    """Where the value of a field stands in the text between the fences: from `start` to `end`, in characters, without a comment behind it.

    `key_end` is the offset behind the `:` or `=` of its key, and `items` are the spans of the items of a list, or None if it is not one.
    `is_flow`: the list is in brackets.
    """

    field: str
    key_end: int
    start: int
    end: int
    items: tuple[tuple[int, int], ...] | None = None
    is_flow: bool = True


def find_front_matter(text: str) -> FrontMatter | None:
    """Return the front matter of a note's text, or None if there is none or it is never closed."""
    if text[:1] not in "-+\ufeff":
        return None
    found = FRONT_MATTER.match(text)
    if not found or (found["end"] == "+++") == bool(found["yaml"]) or (found["end"] == "..." and not found["yaml"]):
        return None
    is_yaml = found["yaml"] and found["named"] != "toml"
    return FrontMatter("yaml" if is_yaml else "toml", found["inside"], found.start("inside"), found.end())


def fold_keys(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields with their keys in lower case. Of keys that differ only in letter case, the one in lower case counts, else the first."""
    if all(map(str.islower, fields)):
        return dict(fields)
    found: dict[str, object] = {}
    for key, given in fields.items():
        lower = key.lower()
        if key == lower or lower not in fields:
            found.setdefault(lower, given)
    return found


def find_body_start(text: str) -> int:
    """Return the offset at which the body of a text begins, behind its front matter or byte order mark."""
    front = find_front_matter(text)
    return front.body_start if front else int(text.startswith("\ufeff"))


def find_first_body_byte(data: bytes) -> int:
    """Return the same offset in bytes."""
    text = data.decode("utf-8", "surrogateescape")
    return len(text[: find_body_start(text)].encode("utf-8", "surrogateescape"))


def find_id(raw: str) -> str | None:
    """Return the note's `id:` from the raw text, or None. A YAML parser would turn it into an integer, or read it as octal."""
    span = find_id_span(raw)
    return raw[span[0] : span[1]] if span else None


def find_id_span(raw: str) -> tuple[int, int] | None:
    """Return where the note's `id:` stands in the raw text, or None. Of two whose keys differ in letter case, the one in lower case counts."""
    found = list(ID_LINE.finditer(raw))
    chosen = next((line for line in found if line["key"] == "id"), found[0] if found else None)
    return chosen.span("id") if chosen else None


def find_title(fields: Mapping[str, object]) -> str | None:
    """Return the `title` on one line, or None unless it is a non-empty string."""
    title = fields.get("title")
    return " ".join(to_nfc(title).split()) or None if isinstance(title, str) else None


def list_aliases(fields: Mapping[str, object]) -> tuple[str, ...]:
    """Return the values of `aliases` and `alias`, each a list, or one string whose parts are separated by commas or lines."""
    given = [fields[key] for key in ("aliases", "alias") if key in fields and fields[key] not in NULLS]
    texts = [text for value in given for text in (ALIAS_PARTS.split(value) if isinstance(value, str) else _list_texts(value))]
    found = [" ".join(to_nfc(text).split()) for text in texts]
    return tuple(dict.fromkeys(filter(None, found)))


def list_tags(fields: Mapping[str, object]) -> tuple[str, ...]:
    """Return the tags of all `TAG_FIELDS`: each a list, or one string separated by commas, semicolons or whitespace."""
    found: list[str] = []
    for field in TAG_FIELDS:
        if field not in fields or fields[field] in NULLS:
            continue
        given = fields[field]
        words = [text[start:end] for text in _list_texts(given) for start, end in find_tag_spans(text, is_item=not isinstance(given, str))]
        found.extend(clean for word in words if (clean := normalise_tag(word)))
    return tuple(dict.fromkeys(found))


def list_other_fields(fields: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the texts and numbers of all fields that zettel does not read itself, such as `author` and `url`, each with its folded key.

    A list yields one pair for each item. Anything nested deeper is left out.
    """
    found = []
    for key, given in fields.items():
        name = fold(str(key))
        if name not in OTHER_FIELD_EXCLUSIONS and "=" not in name:
            values = given if isinstance(given, list) else [given]
            found += [
                (name.replace(" ", "-"), str(value)[:MAX_FIELD_VALUE])
                for value in values
                if isinstance(value, str | int | float) and value != ""
            ]
    return found


def find_tag_spans(text: str, *, is_item: bool) -> list[tuple[int, int]]:
    """Return (start, end) of each tag in a string: separated by commas or semicolons, or by whitespace unless it is a list item."""
    if is_item and "," not in text and ";" not in text:
        return [(0, len(text))] if text.strip() else []
    separator = SEPARATORS if is_item or SEPARATORS.search(text) else WHITESPACE
    ends = [(0, 0), *(found.span() for found in separator.finditer(text)), (len(text), len(text))]
    return [(start, end) for (_, start), (end, _) in pairwise(ends) if text[start:end].strip()]


def _list_texts(given: object) -> list[str]:
    if isinstance(given, str):
        return [given]
    return [item for item in given if isinstance(item, str)] if isinstance(given, list) else []
