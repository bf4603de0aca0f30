"""Define what is known of topics without a path between them, and the limits within which paths are looked for."""

from __future__ import annotations

from zettel.model.base.value import value
from zettel.model.graph.topic import Topic
from zettel.model.link.link import ResolvedLink
from zettel.model.note.note import Note


@value
class PathLimits:
    """The limits within which paths are looked for.

    If they are `directed`, they follow links forwards only. They have at most `max_hops` hops (0: any number), with `no_structure` no structure
    notes between their ends, and never one of the `avoided` notes.
    """

    directed: bool = False
    max_hops: int = 0
    no_structure: bool = False
    avoided: tuple[Note, ...] = ()

    @property
    def options(self) -> list[str]:
        """The options that could be left out to find more paths."""
        return ["--directed"] * self.directed + ["--max-hops"] * bool(self.max_hops) + ["--no-structure"] * self.no_structure


NO_LIMITS = PathLimits()
"""The limits that allow any path."""


@value
class NearestNotes:
    """The two notes of different topics that are most worth linking, and why."""

    one: Note
    other: Note
    why: str


@value
class NoPath:
    """What is known of topics (`stages`) without a path within `limits` that visits them in order.

    At most one of the other fields is set: the number of hops of a path that keeps no limit except the `avoided` notes, an ambiguous link
    that lies in between, or the notes that are most worth linking.
    """

    stages: tuple[Topic, ...]
    limits: PathLimits
    hops_without_limits: int = 0
    ambiguous: ResolvedLink | None = None
    nearest: NearestNotes | None = None
