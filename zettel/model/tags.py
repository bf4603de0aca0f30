"""Normalise tags, which may be nested with slashes."""

from __future__ import annotations

from zettel.model.ids import is_id
from zettel.model.text import to_nfc

UNSORTED_TAGS = frozenset(("inbox", "todo", "draft", "fleeting", "unsorted", "seedling"))
"""Tags for the state of a note, which say nothing about its subject."""


def normalise_tag(word: str) -> str:
    """Return a tag without `#`, stray slashes and whitespace, or an empty string if only a number is left."""
    tag = "-".join(to_nfc(word).strip().lstrip("#").strip("/").split())
    return "" if not tag or tag.replace("/", "").isdigit() or is_id(tag) else tag
