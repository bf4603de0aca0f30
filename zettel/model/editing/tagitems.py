"""The tags of front matter, each where it stands, and what goes with one that is taken out of its list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from zettel.model.frontmatter import Scalar, tag_words
from zettel.model.tags import clean_tag

QUOTES = ('"""', "'''", '"', "'")
LEAD = re.compile(r"\s*#*/*")
BETWEEN = re.compile(r"\s*[,;]?\s*")
AFTER = re.compile(r"[ \t]*[,;]?[ \t]*")


class TagItem(NamedTuple):
    """A tag, and the characters from `start` to `end` that write it.

    Not `is_placed`: it is written so that they cannot be told, and they are those of all its text. `whole` is what goes if it is taken out: the item of a list, quotes and all, or the word in a text of several; `scalar`
    is the text in which it stands, and `is_alone` tells whether it is an item of a list by itself.
    """

    tag: str
    start: int
    end: int
    whole: tuple[int, int]
    scalar: Scalar
    is_alone: bool
    is_placed: bool = True


def tag_items(raw: str, scalars: Sequence[Scalar]) -> list[TagItem]:
    """The tags in the texts of one field of front matter, of which `raw` is the text between the fences."""
    return [item for scalar in scalars for item in _items(raw, scalar)]


def _items(raw: str, scalar: Scalar) -> list[TagItem]:
    at, till = _inside(raw, scalar)
    said = [scalar.text[start:end] for start, end in tag_words(scalar.text, is_item=scalar.is_item)]
    written = [(at + start, at + end) for start, end in tag_words(raw[at:till], is_item=scalar.is_item)]
    is_alone = scalar.is_item and len(said) == 1
    found = []
    for number, word in enumerate(said):
        tag = clean_tag(word)
        if tag and len(said) != len(written):  # escapes that write a comma or a blank
            found.append(TagItem(tag, scalar.start, scalar.end, (scalar.start, scalar.end), scalar, is_alone, False))
        elif tag:
            start, end = written[number]
            text = raw[start:end].rstrip()
            lead = LEAD.match(text)
            first = start + (lead.end() if lead else 0)
            last = start + len(text.rstrip("/"))
            blank = len(text) - len(text.lstrip())
            whole = (scalar.start, scalar.end) if is_alone else (start + blank, start + len(text))
            found.append(TagItem(tag, first, last, whole, scalar, is_alone))
    return found


def _inside(raw: str, scalar: Scalar) -> tuple[int, int]:
    """What stands in a scalar's quotes, or below the line that begins a block of text."""
    text = raw[scalar.start : scalar.end]
    if text[:1] in ("|", ">"):
        head = re.match(r"[^\r\n]*", text)
        return scalar.start + (head.end() if head else 0), scalar.end
    quotes = next((len(quote) for quote in QUOTES if text.startswith(quote)), 0)
    return scalar.start + quotes, scalar.end - quotes


def without(raw: str, items: Sequence[TagItem], at: int, gone: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
    """The characters that go with the item number `at` of a field; those of the items in `gone` are gone already.

    With it goes its comma; of a list with dashes the dash, and the line, if nothing else stands there.
    """
    item = items[at]
    start, end = item.whole
    dash = raw[:start].rstrip(" \t")
    if item.is_alone and dash.endswith("-"):
        return _with_line(raw, len(dash) - 1, end)
    beside = [number for number in range(at) if item.is_alone or items[number].scalar == item.scalar]
    if any(number not in gone for number in beside):
        before = items[at - 1].scalar.end if item.is_alone else items[at - 1].whole[1]
        if gone.get(at - 1, (0, before))[1] == before and BETWEEN.fullmatch(raw, before, start):
            return before, end
    after = AFTER.match(raw, end)
    return _with_line(raw, start, after.end() if after else end)


def _with_line(raw: str, start: int, end: int) -> tuple[int, int]:
    """Characters that are taken out, and the line in which they stand, if nothing else does."""
    first = max(raw.rfind("\n", 0, start), raw.rfind("\r", 0, start)) + 1
    rest = re.compile(r"[ \t]*(?:\r\n|\n|\r|\Z)").match(raw, end)
    return (first, rest.end()) if rest and not raw[first:start].strip() else (start, end)
