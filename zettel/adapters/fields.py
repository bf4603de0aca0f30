"""The fields of the full-text index."""

from __future__ import annotations

from typing import Any

from zettel.adapters.engine import ID, KEYWORD, STORED, TEXT, Schema

NAMES = ("title", "alias", "heading", "label")
"""Fields whose words are also kept apart in `word`, as `=title=strategy`, for beginnings that are looked for in one of them."""


class Stems(TEXT):  # type: ignore[misc]
    """A field whose postings are found here, not by Whoosh: it is handed what `postings` gives."""

    def index(self, value: list[tuple[bytes, int, float, bytes]], **_: Any) -> list[tuple[bytes, int, float, bytes]]:
        """(stem, how often, weight, positions) of every stem."""
        return value


def schema() -> Schema:
    """The fields: stems of every part of a note, `word` as written (for beginnings and typing errors), and the exact ones."""
    return Schema(
        path=ID(unique=True, stored=True),
        id=ID(),
        created=ID(),
        tag=KEYWORD(commas=True),
        word=KEYWORD(scorable=False),
        key=STORED,
        **{name: Stems() for name in (*NAMES, "body")},
    )
