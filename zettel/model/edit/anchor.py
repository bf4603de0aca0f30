"""Spell the anchor of a heading as a link spells it: with its words, without some marks, or as a slug."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

from zettel.model.link.link import Link
from zettel.model.note.heading import build_heading_key
from zettel.model.note.passage import collapse_whitespace
from zettel.model.text.fold import fold, to_nfc

WIKI_MARKS = "[]|#^"
"""Characters that cannot stand in the anchor of a wiki link."""

OBSIDIAN_MARKS = '!"#$%&()*+,.:;<=>?@^`{|}~/[]\\'
"""Characters that Obsidian leaves out of the anchor of a heading."""


def rename_anchor(anchor: str, old: str, new: str, *, is_wiki: bool) -> str:
    """Return the anchor for the heading `new` in the spelling in which `anchor` names the heading `old`: its words, without some marks, or a slug."""
    words = to_nfc(unquote(anchor))
    if is_wiki:
        left_out = WIKI_MARKS if fold(words) == fold(old) else OBSIDIAN_MARKS
        return collapse_whitespace("".join(" " if char in left_out else char for char in new))
    if any(map(str.isspace, words)) or (words != words.lower() and " " not in old):
        kept = new if fold(words) == fold(old) else "".join(" " if char in OBSIDIAN_MARKS else char for char in new)
        kept = collapse_whitespace(kept)
        return kept if " " in anchor and not set(kept) & set("<>\\%") else quote(kept, safe="-._~")
    slug, old_slug = slugify_heading(new), slugify_heading(old)
    if "--" in old_slug and "--" not in words:  # other programs than GitHub's join hyphens
        slug = "-".join(filter(None, slug.split("-")))
    elif old_slug != words == old_slug.strip("-"):  # and some leave out those that stand for an emoji at either end
        slug = slug.strip("-")
    slug = slug or new  # there is not a letter in it
    return quote(slug, safe="-._~") if "%" in anchor or not all(char.isalnum() or char in "-_" for char in slug) else slug


def slugify_heading(heading: str) -> str:
    """Return the anchor that GitHub and most programs for web pages generate for a heading."""
    from unicodedata import category

    kept = (char for char in to_nfc(heading).strip().lower() if char.isalnum() or char in " -_" or category(char)[0] == "M")
    return "".join(kept).replace(" ", "-")


def map_title_anchor(link: Link, suffix: str, *, old: str, new: str) -> str:
    """Return what follows the name in a link's destination, with the new title if that is an anchor to the heading with the old one."""
    anchor = suffix[1:]
    if not suffix.startswith("#") or _build_key(link, anchor) != build_heading_key(old):
        return suffix
    return "#" + rename_anchor(anchor, old, new, is_wiki=link.is_in_brackets)


class AnchorNumber(NamedTuple):
    """The number at the end of an anchor, by which it tells a heading from those above with the same words: before and after a change. 0 means none."""

    before: int
    after: int


def map_merged_anchor(link: Link, suffix: str, *, title: str, twins: Mapping[str, AnchorNumber]) -> str:
    """Return what follows the name in the destination of a link to a note that is merged into another.

    `twins` are the keys of the anchors to headings and blocks that both have. These anchors get the heading of the merged text before them, or a
    number behind them, as GitHub writes it.
    """
    anchor = suffix[1:]
    if not suffix.startswith("#") or "#" in anchor:
        return suffix
    is_block = anchor.startswith("^")
    number = twins.get(anchor.strip().lower() if is_block else _build_key(link, anchor))
    if not number:
        return suffix
    if link.is_in_brackets and not number.before and not is_block:
        return f"#{collapse_whitespace(''.join(' ' if char in WIKI_MARKS else char for char in title))}#{anchor}"
    return suffix if " " in unquote(anchor) else f"#{number_anchor(anchor, number)}"


def number_anchor(anchor: str, number: AnchorNumber) -> str:
    """Return an anchor with another number at its end, or unchanged if it does not have the number that it had before."""
    end = f"-{number.before}" if number.before else ""
    if not anchor.endswith(end):
        return anchor
    return anchor.removesuffix(end) + (f"-{number.after}" if number.after else "")


def strip_headings_above(anchor: str, heading: str) -> str:
    """Return an anchor such as `Heading#Subheading` without `heading` and what is before it."""
    parts, key = anchor.split("#"), build_heading_key(heading)
    at = next((at for at, part in enumerate(parts[:-1]) if build_heading_key(part) == key), -1)
    return "#".join(parts[at + 1 :])


def _build_key(link: Link, anchor: str) -> str:
    return build_heading_key(anchor if link.is_in_brackets else unquote(anchor))
