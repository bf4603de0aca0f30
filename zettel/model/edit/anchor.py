"""Spell the anchor of a heading as a link spells it: with its words, without some marks, or as a slug."""

from __future__ import annotations

from collections.abc import Mapping
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
    slug = slugify_heading(new)
    if "--" in slugify_heading(old) and "--" not in words:  # other programs than GitHub's join hyphens
        slug = "-".join(filter(None, slug.split("-")))
    return quote(slug, safe="-._~") if "%" in anchor or not all(char.isalnum() or char in "-_" for char in slug) else slug


def slugify_heading(heading: str) -> str:
    """Return the anchor that GitHub and most programs for web pages generate for a heading."""
    from unicodedata import category

    kept = (char for char in to_nfc(heading).lower() if char.isalnum() or char in " -_" or category(char)[0] == "M")
    return "".join(kept).strip().replace(" ", "-")


def map_title_anchor(link: Link, suffix: str, *, old: str, new: str) -> str:
    """Return what follows the name in a link's destination, with the new title if that is an anchor to the heading with the old one."""
    anchor = suffix[1:]
    if not suffix.startswith("#") or _build_key(link, anchor) != build_heading_key(old):
        return suffix
    return "#" + rename_anchor(anchor, old, new, is_wiki=link.is_in_brackets)


def map_merged_anchor(link: Link, suffix: str, *, title: str, twins: Mapping[str, int]) -> str:
    """Return what follows the name in the destination of a link to a note that is merged into another.

    `twins` are the keys of the headings that both have, each with their number in the other note. Their anchors get the heading of the merged text
    before them, or a number behind them, as GitHub writes it.
    """
    anchor = suffix[1:]
    if not suffix.startswith("#") or "#" in anchor or anchor.startswith("^"):
        return suffix
    count = twins.get(_build_key(link, anchor), 0)
    if not count:
        return suffix
    if link.is_in_brackets:
        return f"#{collapse_whitespace(''.join(' ' if char in WIKI_MARKS else char for char in title))}#{anchor}"
    return suffix if " " in unquote(anchor) else f"#{number_anchor(anchor, count)}"


def number_anchor(anchor: str, count: int) -> str:
    """Return the anchor of a heading that has `count` headings with the same words above it."""
    return f"{anchor}-{count}"


def _build_key(link: Link, anchor: str) -> str:
    return build_heading_key(anchor if link.is_in_brackets else unquote(anchor))
