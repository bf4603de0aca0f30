"""Define what is known of two topics without a path between them, and the limits within which it was looked for."""

from __future__ import annotations

from zettel.model.base.value import value
from zettel.model.graph.topic import Topic
from zettel.model.link.link import ResolvedLink
from zettel.model.note.note import Note


@value
class PathLimits:
    """What paths may be: only links forwards, at most so many hops (0: any number), through no structure note, and through none of the `avoided` notes."""

    directed: bool = False
    max_hops: int = 0
    no_structure: bool = False
    avoided: tuple[Note, ...] = ()

    @property
    def options(self) -> list[str]:
        """The options that could be left out to find more paths."""
        return ["--directed"] * self.directed + ["--max-hops"] * bool(self.max_hops) + ["--no-structure"] * self.no_structure


NO_LIMITS = PathLimits()
"""Any path."""


@value
class NearestNotes:
    """The two notes of different topics that are most worth linking, and why."""

    one: Note
    other: Note
    why: str


@value
class NoPath:
    """There is no path through topics within limits.

    One of the others may be known: the number of hops of a path that only avoids the notes to avoid, an ambiguous link that lies in
    between, or the notes that are nearest to each other.
    """

    stages: tuple[Topic, ...]
    limits: PathLimits
    hops_without_limits: int = 0
    ambiguous: ResolvedLink | None = None
    nearest: NearestNotes | None = None
