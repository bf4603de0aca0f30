"""Anchors: links to a heading or a block of a note, and leading them to another note once it has moved there."""

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
"""A Markdown link to a place in the same text, which is none to a note."""


def slug(words: str) -> str:
    """A heading as web pages name it in an anchor."""
    return "".join(char for char in fold(words) if char.isalnum() or char in " -_").replace(" ", "-")


class Home(NamedTuple):
    """Where an anchor leads: into the part of this number, and whether to the heading at its start."""

    number: int
    is_whole: bool


class Spans:
    """Parts of a text that stand apart from each other, in their order, by where they begin and end."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._starts, self._ends = [start for start, _ in spans], [end for _, end in spans]

    def number(self, at: int) -> int | None:
        """The number of the one in which an offset lies, from 0."""
        number = bisect_right(self._starts, at) - 1
        return number if number >= 0 and at < self._ends[number] else None

    def home(self, at: int) -> Home | None:
        """The one in which an offset lies."""
        number = self.number(at)
        return None if number is None else Home(number, at == self._starts[number])


def homes(found: Iterable[Section], data: bytes, spans: Spans) -> dict[str, Home]:
    """The anchors, folded, that lead into one of some spans.

    Of several headings with the same words, an anchor means the first.
    """
    known: dict[str, Home | None] = {}
    for one in found:
        for key in (fold(one.words), slug(one.words)):
            known.setdefault(key, spans.home(one.start))
    for block in BLOCK.finditer(data):
        number = spans.number(block.start())
        known.setdefault("^" + block["name"].decode().lower(), None if number is None else Home(number, is_whole=False))
    return {key: home for key, home in known.items() if home is not None}


def anchor_of(link: Link) -> str:
    """What stands behind the last # of a link, as `anchors` has it; empty if there is none."""
    anchor = link.dest.rpartition("#")[2] if "#" in link.dest else ""
    return fold(anchor if BRACKETS.fullmatch(link.text) else unquote(anchor))


def places_here(found: Iterable[Section], data: bytes) -> Iterator[tuple[int, int]]:
    """(where it stands, where the heading is that it means) for every Markdown link to a heading of the same text, `[..](#slug)`."""
    known: dict[str, int] = {}
    for one in found:
        known.setdefault(slug(one.words), one.start)
    for link in HERE.finditer(data):
        anchor = fold(unquote(link["anchor"].decode()))
        if anchor in known:
            yield link.start(), known[anchor]


def redirected(link: Link, to: Note, *, whole: bool, label_first: bool) -> str | None:
    """A link's text, leading to its anchor in another note, or (`whole`) to that note itself; None where that cannot be written."""
    anchor = "" if whole else "#" + link.dest.rpartition("#")[2]
    folder, name = split_path(to.path)
    found = BRACKETS.fullmatch(link.text)
    if not found:
        place = link.text.rfind(link.dest)
        path = quote(relative(split_path(link.source)[0], folder, name), safe="/._-~") + anchor
        return link.text[:place] + path + link.text[place + len(link.dest) :] if place >= 0 else None
    opening, inside, closing = found.groups()
    first, bar, second = inside.rpartition("|") if label_first else inside.partition("|")
    bar = "\\|" if first.endswith("\\") else bar
    first = first.removesuffix("\\")
    if not bar:
        return f"{opening}{without_suffix(name)}{anchor}{closing}"
    dest = (to.id or without_suffix(name)) + anchor
    return opening + (first + bar + dest if label_first else dest + bar + second) + closing
