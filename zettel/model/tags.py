"""Normalise tags, which may be nested with slashes."""

from __future__ import annotations

from zettel.model.ids import is_id
from zettel.model.text import nfc

UNSORTED = frozenset(("inbox", "todo", "draft", "fleeting", "unsorted", "seedling"))
"""Tags for the state of a note, which say nothing about its subject."""


def clean_tag(word: str) -> str:
    """Return a tag without `#`, stray slashes and whitespace, or an empty string if only a number is left."""
    tag = "-".join(nfc(word).strip().lstrip("#").strip("/").split())
    return "" if not tag or tag.replace("/", "").isdigit() or is_id(tag) else tag
