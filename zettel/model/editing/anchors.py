"""Resolve anchors (links to a heading or a block of a note), and retarget them when that heading or block moves to another note."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from zettel.model.editing.linking import relative
from zettel.model.editing.sections import Section
from zettel.model.link import Link
from zettel.model.note import Note
from zettel.model.text import fold, split_path, without_suffix

BLOCK = re.compile(rb"[ \t]\^(?P<name>[A-Za-z0-9-]+)[ \t]*(?=[\r\n]|\Z)")
BRACKETS = re.compile(r"(!?\[\[)(.*)(\]\])", re.S)
HERE = re.compile(rb"\]\(#(?P<anchor>[^()\s]+)\)")
"""A Markdown link to an anchor in the same text, which is not a link to a note."""


def slug(words: str) -> str:
    """Return the anchor that web pages generate for a heading."""
    return "".join(char for char in fold(words) if char.isalnum() or char in " -_").replace(" ", "-")


class Home(NamedTuple):
    """The target of an anchor: the index of the part it lies in, and whether it is the heading at the start of that part."""

    number: int
    is_whole: bool


class Spans:
    """Parts of a text that do not overlap, in order, given as (start, end) in bytes."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._starts, self._ends = [start for start, _ in spans], [end for _, end in spans]

    def number(self, at: int) -> int | None:
        """Return the index of the part that contains an offset, or None if no part does."""
        number = bisect_right(self._starts, at) - 1
        return number if number >= 0 and at < self._ends[number] else None

    def home(self, at: int) -> Home | None:
        """Return the part that contains an offset, as the target of an anchor, or None."""
        number = self.number(at)
        return None if number is None else Home(number, at == self._starts[number])


def homes(found: Iterable[Section], data: bytes, spans: Spans) -> dict[str, Home]:
    """Map each folded anchor that leads into one of the spans to its target.

    If several headings have the same words, an anchor means the first.
    """
    targets: dict[str, Home | None] = {}
    for section in found:
        for key in (fold(section.words), slug(section.words)):
            targets.setdefault(key, spans.home(section.start))
    for block in BLOCK.finditer(data):
        number = spans.number(block.start())
        targets.setdefault("^" + block["name"].decode().lower(), None if number is None else Home(number, is_whole=False))
    return {key: target for key, target in targets.items() if target is not None}


def anchor_of(link: Link) -> str:
    """Return the text after the last `#` of a link, folded as in the keys of `homes`. Empty if the link has no anchor."""
    anchor = link.dest.rpartition("#")[2] if "#" in link.dest else ""
    return fold(anchor if BRACKETS.fullmatch(link.text) else unquote(anchor))


def places_here(found: Iterable[Section], data: bytes) -> Iterator[tuple[int, int]]:
    """Yield (offset of the link, offset of the heading) for every Markdown link to a heading of the same text, `[..](#slug)`."""
    starts: dict[str, int] = {}
    for section in found:
        starts.setdefault(slug(section.words), section.start)
    for link in HERE.finditer(data):
        anchor = fold(unquote(link["anchor"].decode()))
        if anchor in starts:
            yield link.start(), starts[anchor]


def redirected(link: Link, to: Note, *, whole: bool, label_first: bool) -> str | None:
    """Return the text of a link that leads to the same anchor in another note, or with `whole` to that note itself.

    Returns None if the link's text does not contain its destination.
    """
    anchor = "" if whole else "#" + link.dest.rpartition("#")[2]
    folder, name = split_path(to.path)
    found = BRACKETS.fullmatch(link.text)
    if not found:
        at = link.text.rfind(link.dest)
        path = quote(relative(split_path(link.source)[0], folder, name), safe="/._-~") + anchor
        return link.text[:at] + path + link.text[at + len(link.dest) :] if at >= 0 else None
    opening, inside, closing = found.groups()
    first, bar, second = inside.rpartition("|") if label_first else inside.partition("|")
    bar = "\\|" if first.endswith("\\") else bar
    first = first.removesuffix("\\")
    if not bar:
        return f"{opening}{without_suffix(name)}{anchor}{closing}"
    dest = (to.id or without_suffix(name)) + anchor
    return opening + (first + bar + dest if label_first else dest + bar + second) + closing
