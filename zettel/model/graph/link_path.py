"""A path between notes: its hops, each with the link that it follows."""

from __future__ import annotations

from zettel.model.base.value import value
from zettel.model.link.link import ResolvedLink
from zettel.model.note.note import Note, note_to_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import HopRecord, PathRecord


@value
class Hop:
    """One step of a path: two neighbouring notes and the link between them."""

    one: Note
    other: Note
    link: ResolvedLink

    @property
    def is_forward(self) -> bool:
        """Whether the link points in the direction of the path."""
        return self.link.link.source == self.one.path

    @property
    def speaker(self) -> Note:
        """The note that contains the link."""
        return self.one if self.is_forward else self.other

    @property
    def record(self) -> HopRecord:
        """The hop as JSON."""
        link = self.link.link
        return {
            "source": self.one.path,
            "target": self.other.path,
            "direction": "forward" if self.is_forward else "back",
            "headings": list(link.headings),
            "sentence": link.sentence,
            "line": link.line,
            "text": link.text,
            "syntax": link.syntax,
        }


@value
class LinkPath:
    """A path: its notes, and a hop between each note and the next."""

    notes: list[Note]
    hops: list[Hop]

    @property
    def record(self) -> PathRecord:
        """The path as JSON."""
        return {"notes": [note_to_record(note) for note in self.notes], "hops": [hop.record for hop in self.hops]}
