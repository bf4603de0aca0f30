"""Find the gap between two topics: which notes of each lead to the other within a few hops, and which do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zettel.model.base.answer import BLANK_LINE, Branch, Line
from zettel.model.graph import paths
from zettel.model.graph.link_path import LinkPath
from zettel.model.graph.topic import NAMED_REASONS, Topic
from zettel.model.note.note import Note, note_to_record
from zettel.model.suggest.bridge import BridgeSuggestion
from zettel.model.text.phrases import format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.services.paths import NoteGraph, find_best_bridges
from zettel.views.notes import build_note_branch, build_offer_branch, format_plain_note
from zettel.views.paths import format_steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import BridgeRecord, GapRecord, GapShare


def find_gap(notebook: OpenNotebook, one: Topic, other: Topic, max_hops: int, *, directed: bool = False) -> list[TopicSide]:
    """Return both sides of the gap between two topics, with the paths of at most `max_hops` hops from one to the other, and the links that could bridge it."""
    web = NoteGraph(notebook)
    sides = [TopicSide(web, one, other, max_hops, directed=directed), TopicSide(web, other, one, max_hops, directed=directed)]
    asked = [(side.unreached, side.targets) for side in sides if side.unreached]
    kin = find_best_bridges(web.notebook, *asked) if asked else {}
    others = web.notebook.catalogue.find_notes_by_path(found.other for found in kin.values())
    for side in sides:
        side.set_bridges(kin, others)
    return sides


def build_gap_branches(sides: Sequence[TopicSide], meanings: tuple[Branch, ...]) -> tuple[Branch, ...]:
    """Build what people see: the verdict on both topics, then the notes with a path, then those without one."""
    branches = [*meanings, *(Branch(side.format_coverage()) for side in sides)]
    for side in sides:
        if reached := side.build_reached_branches():
            branches += [BLANK_LINE, Branch(side.format_heading(), reached)]
    if unreached := [branch for side in sides for branch in side.build_unreached_branches()]:
        branches += [BLANK_LINE, Branch(((f"Not within {format_count(sides[0].max_hops, 'hop')}", "heading"),), tuple(unreached))]
    return tuple(branches)


class TopicSide:
    """One of the two topics, and the paths from its notes to the other one."""

    def __init__(self, web: NoteGraph, topic: Topic, goal: Topic, max_hops: int, *, directed: bool) -> None:
        self._topic, self._goal, self.max_hops, self._directed = topic, goal, max_hops, directed
        ends = web.find_numbers(goal.notes)
        avoided = web.find_saved_paths(ends, web.find_numbers(topic.notes))
        left, _ = paths.measure_distances(web.link_graph, paths.PathConstraints([frozenset(), ends], directed, avoided, max_hops))
        self._paths: list[tuple[Note, LinkPath | None]] = []
        for note in topic.notes:
            terms = paths.PathConstraints([web.find_numbers([note]), ends], directed, avoided, max_hops)
            found = paths.find_ranked_paths(web.link_graph, terms, left, 1)
            self._paths.append((note, web.build_path(found[0]) if found else None))
        self.unreached = [note.path for note, chain in self._paths if chain is None]
        near = {number for number, hops in left[0].items() if hops < max_hops} - web.link_graph.structure_notes
        self.targets = [web.link_graph.rows[number] for number in sorted(near | ends)]
        self._bridges: Mapping[str, BridgeSuggestion] = {}
        self._others: Mapping[str, Note] = {}

    def set_bridges(self, bridges: Mapping[str, BridgeSuggestion], others: Mapping[str, Note]) -> None:
        """Set the suggested links for notes without a path, and the notes that these links would lead to, by path."""
        self._bridges, self._others = bridges, others

    @property
    def coverage(self) -> GapShare:
        """The number of notes, how many of them reach the other topic, and their ratio."""
        count, reached = len(self._paths), sum(chain is not None for _, chain in self._paths)
        return {"notes": count, "reached": reached, "share": round(reached / count, 4)}

    def build_rows(self) -> list[GapRecord]:
        """Return a row for each note. Notes that reach the other topic come first."""
        return [
            {
                **note_to_record(note),
                "topic": self._topic.query,
                "reached": chain is not None,
                "hops": len(chain.hops) if chain else None,
                "by": " ".join("".join(text for text, _ in line) for line in _format_path(chain)) if chain else "",
                "by_path": chain.record if chain else None,
                "suggestion": self._suggestion_to_record(note),
            }
            for note, chain in sorted(self._paths, key=lambda entry: entry[1] is None)
        ]

    def _suggestion_to_record(self, note: Note) -> BridgeRecord | None:
        """Return the JSON record of the suggested link for a note, or None."""
        kin = self._bridges.get(note.path)
        return {"note": note_to_record(self._others[kin.other]), "score": round(kin.score, 4), "why": kin.why} if kin else None

    def build_reached_branches(self) -> tuple[Branch, ...]:
        """Build a branch of each note that reaches the other topic, with its path."""
        return tuple(build_note_branch(note, tuple(map(Branch, _format_path(chain)))) for note, chain in self._paths if chain)

    def build_unreached_branches(self) -> tuple[Branch, ...]:
        """Build a branch of each note that does not, with the note that it could be linked with, the reason, and what to type for that."""
        return tuple(self._build_unreached_branch(note) for note, chain in self._paths if chain is None)

    def _build_unreached_branch(self, note: Note) -> Branch:
        kin = self._bridges.get(note.path)
        other = self._others[kin.other] if kin else None
        below = (
            (Branch((("perhaps link it with ", "dim"), *format_plain_note(other))), Branch(((kin.why, "dim"),))) if kin and other else ()
        )
        return build_note_branch(note, (*below, build_offer_branch(note, other)), before=(("✗ ", "warning"),))

    def format_heading(self) -> Line:
        """Say what the paths of this topic's notes show."""
        notes = "reaches" if len(self._paths) == 1 else "notes reach"
        return ((f"How {_quote_name(self._topic)} {notes} {_quote_name(self._goal)}", "heading"),)

    def format_coverage(self) -> Line:
        """Say how many of the notes reach the other topic: "3 of 5 strategy notes are within 2 hops of execution (60%)"."""
        count, reached = self.coverage["notes"], self.coverage["reached"]
        hops, name, goal = format_count(self.max_hops, "hop"), (_quote_name(self._topic), ""), (_quote_name(self._goal), "")
        if count == 1:
            is_named = self._topic.reason in NAMED_REASONS
            subject: Line = (("" if is_named else "the one ", ""), (name[0], "strong"), ("" if is_named else " note", ""))
            verbs, share = ("leads to", "is") if reached else ("does not lead to", "is not"), ""
        else:
            subject = ((f"{reached} of {count}", "strong"), (" ", ""), name, (" notes", ""))
            verbs, share = ("leads to", "is") if reached == 1 else ("lead to", "are"), f" ({100 * reached / count:.0f}%)"
        if self._directed:
            return (*subject, (f" {verbs[0]} ", ""), goal, (f" within {hops}, following links forwards{share}", ""))
        return (*subject, (f" {verbs[1]} within {hops} of ", ""), goal, (share, ""))


def _quote_name(topic: Topic) -> str:
    """Return the name of a topic, in quotes if it is the title of a note."""
    return f'"{topic.name}"' if len(topic.notes) == 1 and topic.reason in NAMED_REASONS else topic.name


def _format_path(chain: LinkPath) -> list[Line]:
    """Format the hops of a path, or say that its only note belongs to both topics."""
    return format_steps(chain) or [(("belongs to both", "dim"),)]
