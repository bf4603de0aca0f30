"""Describe the reasons for a link between two notes."""

from __future__ import annotations

from zettel.model.value import value

CITED_TOGETHER, CITES_THE_SAME, BETWEEN = "cited-together", "cites-the-same", "between"
LIKE_A_CITER, LIKE_A_NEIGHBOUR = "linked-with-alike", "like-a-neighbour"
TIE_KINDS = (CITED_TOGETHER, CITES_THE_SAME, BETWEEN, LIKE_A_CITER, LIKE_A_NEIGHBOUR)
"""How a third note connects two others: it links to both; both link to it; it lies between them; it is similar to the first
and linked with the second; it is linked with the first and similar to the second."""


@value
class Reason:
    """A reason for a link between two notes.

    `kind` is stable: `mention`, `mentioned`, `words`, `tags`, or one of `TIE_KINDS`. `text` is for people. `weight` is its share of
    the score, and `notes` are the paths of third notes that it refers to.
    """

    kind: str
    text: str
    weight: float
    notes: tuple[str, ...] = ()


def join_names(names: list[str], limit: int = 3) -> str:
    """Join names for people: "A, B and C", or "A, B, C and 2 more" after `limit` names."""
    shown = names[:limit]
    if len(names) > limit:
        return f"{', '.join(shown)} and {len(names) - limit} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
