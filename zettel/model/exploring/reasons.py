"""Reasons for a link between two notes, in words."""

from __future__ import annotations

from zettel.model.value import value

CITED_TOGETHER, CITES_THE_SAME, BETWEEN = "cited-together", "cites-the-same", "between"
LIKE_A_CITER, LIKE_A_NEIGHBOUR = "linked-with-alike", "like-a-neighbour"
TIES = (CITED_TOGETHER, CITES_THE_SAME, BETWEEN, LIKE_A_CITER, LIKE_A_NEIGHBOUR)
"""How a third note ties two others together: it links to both; both link to it; it lies between; it is like the one and
linked with the other; it is linked with the one and like the other."""


@value
class Reason:
    """Something that speaks for a link between two notes.

    `kind` is stable: `mention`, `mentioned`, `words`, `tags`, or one of `TIES`. `text` is for people, `weight` is its part of
    the score, and `notes` are the paths of the notes it speaks of, besides the two.
    """

    kind: str
    text: str
    weight: float
    notes: tuple[str, ...] = ()


def listed(names: list[str], most: int = 3) -> str:
    """Names in a row for people: A, B and C."""
    shown = names[:most]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
