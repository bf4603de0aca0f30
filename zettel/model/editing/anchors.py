"""Resolve anchors (links to a heading or a block of a note), and retarget them when that heading or block moves to another note."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from zettel.model.editing.linking import build_relative_path
from zettel.model.editing.sections import Section
from zettel.model.link import Link
from zettel.model.note import Note
from zettel.model.text import fold, split_path, strip_suffix

BLOCK_ANCHOR = re.compile(rb"[ \t]\^(?P<name>[A-Za-z0-9-]+)[ \t]*(?=[\r\n]|\Z)")
WIKI_LINK = re.compile(r"(!?\[\[)(.*)(\]\])", re.S)
ANCHOR_LINK = re.compile(rb"\]\(#(?P<anchor>[^()\s]+)\)")
"""A Markdown link to an anchor in the same text, which is not a link to a note."""


def slugify_heading(heading: str) -> str:
    """Return the anchor that web pages generate for a heading."""
    return "".join(char for char in fold(heading) if char.isalnum() or char in " -_").replace(" ", "-")


class AnchorTarget(NamedTuple):
    """The target of an anchor: the index of the part it lies in, and whether it is the heading at the start of that part."""

    position: int
    is_at_start: bool


class SectionSpans:
    """Parts of a text that do not overlap, in order, given as (start, end) in bytes."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._starts, self._ends = [start for start, _ in spans], [end for _, end in spans]

    def find_index(self, offset: int) -> int | None:
        """Return the index of the part that contains an offset, or None if no part does."""
        number = bisect_right(self._starts, offset) - 1
        return number if number >= 0 and offset < self._ends[number] else None

    def find_target(self, offset: int) -> AnchorTarget | None:
        """Return the part that contains an offset, as the target of an anchor, or None."""
        number = self.find_index(offset)
        return None if number is None else AnchorTarget(number, offset == self._starts[number])


def map_anchors(sections: Iterable[Section], data: bytes, spans: SectionSpans) -> dict[str, AnchorTarget]:
    """Map each folded anchor that leads into one of the spans to its target.

    If several headings have the same words, an anchor means the first.
    """
    targets: dict[str, AnchorTarget | None] = {}
    for section in sections:
        for key in (fold(section.heading), slugify_heading(section.heading)):
            targets.setdefault(key, spans.find_target(section.start))
    for block in BLOCK_ANCHOR.finditer(data):
        number = spans.find_index(block.start())
        targets.setdefault("^" + block["name"].decode().lower(), None if number is None else AnchorTarget(number, is_at_start=False))
    return {key: target for key, target in targets.items() if target is not None}


def parse_anchor(link: Link) -> str:
    """Return the text after the last `#` of a link, folded as in the keys of `map_anchors`. Empty if the link has no anchor."""
    anchor = link.dest.rpartition("#")[2] if "#" in link.dest else ""
    return fold(anchor if WIKI_LINK.fullmatch(link.text) else unquote(anchor))


def find_heading_links(sections: Iterable[Section], data: bytes) -> Iterator[tuple[int, int]]:
    """Yield (offset of the link, offset of the heading) for every Markdown link to a heading of the same text, `[..](#slug)`."""
    starts: dict[str, int] = {}
    for section in sections:
        starts.setdefault(slugify_heading(section.heading), section.start)
    for link in ANCHOR_LINK.finditer(data):
        anchor = fold(unquote(link["anchor"].decode()))
        if anchor in starts:
            yield link.start(), starts[anchor]


def retarget_link(link: Link, target: Note, *, to_whole_note: bool, label_first: bool) -> str | None:
    """Return the text of a link that leads to the same anchor in another note, or with `to_whole_note` to that note itself.

    Returns None if the link's text does not contain its destination.
    """
    anchor = "" if to_whole_note else "#" + link.dest.rpartition("#")[2]
    folder, name = split_path(target.path)
    found = WIKI_LINK.fullmatch(link.text)
    if not found:
        at = link.text.rfind(link.dest)
        path = quote(build_relative_path(split_path(link.source)[0], folder, name), safe="/._-~") + anchor
        return link.text[:at] + path + link.text[at + len(link.dest) :] if at >= 0 else None
    opening, inside, closing = found.groups()
    first, bar, second = inside.rpartition("|") if label_first else inside.partition("|")
    bar = "\\|" if first.endswith("\\") else bar
    first = first.removesuffix("\\")
    if not bar:
        return f"{opening}{strip_suffix(name)}{anchor}{closing}"
    dest = (target.id or strip_suffix(name)) + anchor
    return opening + (first + bar + dest if label_first else dest + bar + second) + closing
