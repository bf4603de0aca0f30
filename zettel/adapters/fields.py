"""Define the fields of the full-text index."""

from __future__ import annotations

from typing import Any

from zettel.adapters.engine import ID, KEYWORD, STORED, TEXT, Schema

QUALIFIED_FIELDS = ("title", "alias", "heading", "label")
"""Fields whose words are also stored in `word` with the field's name, as `=title=strategy`, for prefix searches in one field."""


class StemField(TEXT):  # type: ignore[misc]
    """A field of stems whose postings zettel computes itself: Whoosh stores them as they are."""

    def index(self, value: list[tuple[bytes, int, float, bytes]], **_: Any) -> list[tuple[bytes, int, float, bytes]]:
        """Return `value` unchanged: (stem, frequency, weight, encoded positions) for every stem."""
        return value


def build_schema() -> Schema:
    """Return the schema: stems of every part of a note, `word` as written (for prefixes and typing errors), and exact-match fields."""
    return Schema(
        path=ID(unique=True, stored=True),
        id=ID(),
        created=ID(),
        tag=KEYWORD(commas=True),
        word=KEYWORD(scorable=False),
        key=STORED,
        **{name: StemField() for name in (*QUALIFIED_FIELDS, "body")},
    )
