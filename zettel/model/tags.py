"""Tags: words that notes share, nested with slashes."""

from __future__ import annotations

from zettel.model.ids import is_id
from zettel.model.text import nfc

UNSORTED = frozenset(("inbox", "todo", "draft", "fleeting", "unsorted", "seedling"))
"""Tags that say how far a note has come, and nothing of what it is about."""


def clean_tag(word: str) -> str:
    """A tag without `#`, stray slashes and blanks; empty if nothing but a number is left."""
    tag = "-".join(nfc(word).strip().lstrip("#").strip("/").split())
    return "" if not tag or tag.replace("/", "").isdigit() or is_id(tag) else tag
