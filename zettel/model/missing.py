"""Links that are missing: what speaks for one, how much, and why in words."""

from __future__ import annotations

from zettel.model.note import Note
from zettel.model.places import Place
from zettel.model.value import value


@value
class Reason:
    """Something that speaks for a link between two notes.

    `kind` is stable (`mention`, `cited-together`, `cites-the-same`, `neighbours`, `words`, `tags` ...), `text` is for people,
    `weight` is its part of the score, and `notes` are the paths of the notes it speaks of, besides the two.
    """

    kind: str
    text: str
    weight: float
    notes: tuple[str, ...] = ()


@value
class Suggestion:
    """A note that another is not linked with but might well be: `reasons` and the `score` they add up to, the heaviest first.

    `place` is where the link would go, in either of the two notes; None where there is none.
    """

    note: Note
    score: float
    reasons: tuple[Reason, ...]
    place: Place | None = None
