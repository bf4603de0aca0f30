"""Locate the tags in front matter, and find the span to delete when one is removed from its list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from zettel.model.frontmatter import Scalar, find_tag_spans
from zettel.model.tags import normalise_tag

QUOTES = ('"""', "'''", '"', "'")
TAG_PREFIX = re.compile(r"\s*#*/*")
SEPARATOR = re.compile(r"\s*[,;]?\s*")
TRAILING_SEPARATOR = re.compile(r"[ \t]*[,;]?[ \t]*")


class TagItem(NamedTuple):
    """A tag in front matter, at the characters from `start` to `end`.

    If `is_located` is false, the tag is written with escapes and cannot be located, so the span is that of its whole scalar. `removal_span` is the
    span to delete when the tag is removed: the list item with its quotes, or the word if the scalar holds several tags. `scalar`
    is the text that contains the tag, and `is_list_item` is true if that is a list item with this tag only.
    """

    tag: str
    start: int
    end: int
    removal_span: tuple[int, int]
    scalar: Scalar
    is_list_item: bool
    is_located: bool = True


def list_tag_items(raw: str, scalars: Sequence[Scalar]) -> list[TagItem]:
    """Return the tags in the scalars of one field. `raw` is the front matter between its fences."""
    return [item for scalar in scalars for item in _parse_tag_items(raw, scalar)]


def _parse_tag_items(raw: str, scalar: Scalar) -> list[TagItem]:
    content_start, content_end = _find_content_span(raw, scalar)
    words = [scalar.text[start:end] for start, end in find_tag_spans(scalar.text, is_item=scalar.is_item)]
    written = [
        (content_start + start, content_start + end)
        for start, end in find_tag_spans(raw[content_start:content_end], is_item=scalar.is_item)
    ]
    is_alone = scalar.is_item and len(words) == 1
    found = []
    for number, word in enumerate(words):
        tag = normalise_tag(word)
        if tag and len(words) != len(written):  # an escape stands for a comma or a blank
            found.append(TagItem(tag, scalar.start, scalar.end, (scalar.start, scalar.end), scalar, is_alone, False))
        elif tag:
            start, end = written[number]
            text = raw[start:end].rstrip()
            lead = TAG_PREFIX.match(text)
            first = start + (lead.end() if lead else 0)
            last = start + len(text.rstrip("/"))
            blank = len(text) - len(text.lstrip())
            whole = (scalar.start, scalar.end) if is_alone else (start + blank, start + len(text))
            found.append(TagItem(tag, first, last, whole, scalar, is_alone))
    return found


def _find_content_span(raw: str, scalar: Scalar) -> tuple[int, int]:
    """Return the span of a scalar's content: inside its quotes, or below the header line of a block scalar."""
    text = raw[scalar.start : scalar.end]
    if text[:1] in ("|", ">"):
        head = re.match(r"[^\r\n]*", text)
        return scalar.start + (head.end() if head else 0), scalar.end
    quotes = next((len(quote) for quote in QUOTES if text.startswith(quote)), 0)
    return scalar.start + quotes, scalar.end - quotes


def find_removal_span(raw: str, items: Sequence[TagItem], number: int, removed: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
    """Return the span of characters to delete to remove item number `number` of a field.

    The span includes the item's comma, or the dash in a list with dashes, and the whole line if nothing else is on it. `removed` holds the
    spans of items that are removed already.
    """
    item = items[number]
    start, end = item.removal_span
    dash = raw[:start].rstrip(" \t")
    if item.is_list_item and dash.endswith("-"):
        return _extend_to_line(raw, len(dash) - 1, end)
    previous = [other for other in range(number) if item.is_list_item or items[other].scalar == item.scalar]
    if any(other not in removed for other in previous):
        before = items[number - 1].scalar.end if item.is_list_item else items[number - 1].removal_span[1]
        if removed.get(number - 1, (0, before))[1] == before and SEPARATOR.fullmatch(raw, before, start):
            return before, end
    after = TRAILING_SEPARATOR.match(raw, end)
    return _extend_to_line(raw, start, after.end() if after else end)


def _extend_to_line(raw: str, start: int, end: int) -> tuple[int, int]:
    """Extend a span of deleted characters to the whole line if nothing else is on it."""
    first = max(raw.rfind("\n", 0, start), raw.rfind("\r", 0, start)) + 1
    rest = re.compile(r"[ \t]*(?:\r\n|\n|\r|\Z)").match(raw, end)
    return (first, rest.end()) if rest and not raw[first:start].strip() else (start, end)
