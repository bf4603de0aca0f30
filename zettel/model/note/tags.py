"""Normalise tags, which may be nested with slashes, and know those with a meaning of their own."""

from __future__ import annotations

from zettel.model.text.fold import to_nfc
from zettel.model.text.ids import is_id

UNSORTED_TAGS = frozenset(("inbox", "todo", "draft", "fleeting", "unsorted", "seedling"))
"""Tags for the state of a note, which say nothing about its subject."""


def normalise_tag(word: str) -> str:
    """Return a tag without `#`, stray slashes and whitespace, or an empty string if only a number is left."""
    tag = "-".join(to_nfc(word).strip().lstrip("#").strip("/").split())
    return "" if not tag or tag.replace("/", "").isdigit() or is_id(tag) else tag


STRUCTURE_TAGS = frozenset(("structure", "structure-note", "moc", "map", "index", "hub"))
"""Tags by which people mark structure notes, alone or as the last part of a nested tag."""
