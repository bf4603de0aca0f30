"""The gap between two topics: for each of their notes the path to the other topic, or else the link that could make one."""

from __future__ import annotations

from zettel.model.base.value import value
from zettel.model.graph.link_path import LinkPath
from zettel.model.graph.topic import Topic
from zettel.model.note.note import Note
from zettel.model.suggest.bridge import BridgeSuggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import GapShare


@value
class GapNote:
    """A note of one topic: its best path to the other one, or if there is none, the suggested link and the note that this would lead to."""

    note: Note
    path: LinkPath | None
    bridge: BridgeSuggestion | None = None
    other: Note | None = None


@value
class GapSide:
    """One of the two topics: its notes, with the paths of at most `max_hops` hops to the other topic, its `goal`; forwards only if it `is_directed`."""

    topic: Topic
    goal: Topic
    notes: tuple[GapNote, ...]
    max_hops: int
    is_directed: bool

    @property
    def coverage(self) -> GapShare:
        """The number of notes, how many of them reach the other topic, and their ratio."""
        count, reached = len(self.notes), sum(found.path is not None for found in self.notes)
        return {"notes": count, "reached": reached, "share": round(reached / count, 4)}
