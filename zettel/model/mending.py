"""Mending a link: from a note's bytes to its bytes with the link changed, proved by reading the result."""

from __future__ import annotations

from zettel.model.link import Link
from zettel.model.value import value


@value
class Mend:
    """What a link should have been: `forms` are ways to write it, best first, and `target` is the note that it then leads to."""

    link: Link
    forms: tuple[str, ...]
    target: str
