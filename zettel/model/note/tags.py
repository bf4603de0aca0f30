"""Normalise tags, which may be nested with slashes, and know those with a meaning of their own."""

from __future__ import annotations

from zettel.model.text.fold import fold, to_nfc
from zettel.model.text.ids import is_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable


def normalise_tag(word: str) -> str:
    """Return a tag without `#`, stray slashes and whitespace, or an empty string if only a number is left."""
    tag = "-".join(to_nfc(word).strip().lstrip("#").strip("/").split())
    return "" if not tag or tag.replace("/", "").isdigit() or is_id(tag) else tag


STRUCTURE_TAGS = frozenset(("structure", "structure-note", "moc", "map", "index", "hub"))
"""Tags by which people mark structure notes, alone or as the last part of a nested tag."""


def fold_tags(tags: Iterable[str]) -> frozenset[str]:
    """Return tags, written with or without `#`, in the form in which they are compared."""
    return frozenset(key for tag in tags if (key := fold(tag).strip("#/ ")))


def list_tag_levels(tag: str) -> list[str]:
    """Return the tags that a tag is nested in, outermost first, then the tag itself."""
    return [tag[:at] for at in range(1, len(tag) + 1) if at == len(tag) or tag[at] == "/"]


def is_unsorted_tag(tag: str, unsorted: Container[str]) -> bool:
    """Return whether a tag says only that a note is yet to be sorted or finished: itself, a tag above it, or its last part is in `unsorted`.

    `unsorted` holds the folded tags of the setting `tags.unsorted`.
    """
    key = fold(tag)
    return key.rpartition("/")[2] in unsorted or any(level in unsorted for level in list_tag_levels(key))
