"""Report the gap between two topics: which notes of each lead to the other within a few hops, and which do not."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.model.base.answer import Answer, Branch, Column, StyledText, Tree
from zettel.model.base.errors import UsageError, ensure_positive
from zettel.model.graph import paths
from zettel.model.graph.link_path import LinkPath
from zettel.model.graph.topic import Topic, separate_topics, split_topics
from zettel.model.note.note import Note, note_to_record
from zettel.model.suggest.bridge import BridgeSuggestion
from zettel.model.text.phrases import format_count
from zettel.services.paths import NoteGraph, find_best_bridges
from zettel.services.topics import resolve_topic, topic_to_record
from zettel.session import Session
from zettel.views.notes import format_note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import BridgeRecord, GapRecord, GapShare

COLUMNS = (
    Column("Topic", "topic", "strong", may_wrap=True),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Reached", "reached", "dim"),
    Column("Hops", "hops", "dim"),
    Column("By", "by", "", may_wrap=True),
)


def run(session: Session, *, topics: list[str], max_hops: int = 2, directed: bool = False) -> Answer:
    """List the notes of each topic with a shortest path of at most `max_hops` hops to the other topic, or else a link that could bridge the gap."""
    ensure_positive("--max-hops", max_hops, "zettel gap A B --max-hops 3")
    names = split_topics(topics)
    if len(names) != 2 or not all(names):
        raise UsageError("a gap lies between two topics", 'zettel gap A B, or zettel gap "A vs B"')
    one, other = separate_topics(*(resolve_topic(session, name) for name in names))
    web = NoteGraph(session.open_notebook())
    sides = [_TopicSide(web, one, other, max_hops, directed=directed), _TopicSide(web, other, one, max_hops, directed=directed)]
    asked = [(side.unreached, side.targets) for side in sides if side.unreached]
    kin = find_best_bridges(web.notebook, *asked) if asked else {}
    others = web.notebook.catalogue.find_notes_by_path(found.other for found in kin.values())
    for side in sides:
        side.set_bridges(kin, others)
    facts = {
        "from": topic_to_record(one),
        "to": topic_to_record(other),
        "max_hops": max_hops,
        "directed": directed,
        "shares": {name: side.coverage for name, side in zip(("from", "to"), sides, strict=True)},
    }
    return Tree(
        name="notes",
        rows=[row for side in sides for row in side.build_rows()],
        columns=COLUMNS,
        facts=facts,
        branches=(
            *(Branch(((topic.query, "strong"), (f": {topic.why}", "dim"))) for topic in (one, other)),
            *(side.build_branch() for side in sides),
        ),
    )


class _TopicSide:
    """One of the two topics, and the paths from its notes to the other one."""

    def __init__(self, web: NoteGraph, topic: Topic, goal: Topic, max_hops: int, *, directed: bool) -> None:
        self._topic, self._goal, self._max_hops = topic, goal, max_hops
        ends = web.find_numbers(goal.notes)
        avoided = web.find_saved_paths(ends, web.find_numbers(topic.notes))
        left, _ = paths.count_remaining_hops(web.link_graph, paths.PathConstraints([frozenset(), ends], directed, avoided, max_hops))
        self._paths: list[tuple[Note, LinkPath | None]] = []
        for note in topic.notes:
            terms = paths.PathConstraints([web.find_numbers([note]), ends], directed, avoided, max_hops)
            found, _ = paths.find_ranked_paths(web.link_graph, terms, left, 1, 0)
            self._paths.append((note, web.build_path(found[0], directed=directed) if found else None))
        self.unreached = [note.path for note, chain in self._paths if chain is None]
        self.targets = [web.link_graph.rows[number] for number in (*ends, *(number for number, hops in left[0].items() if hops < max_hops))]
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
                "by": "".join(text for text, _ in self._format_path(chain)).strip() if chain else "",
                "by_path": chain.record if chain else None,
                "suggestion": self._suggestion_to_record(note),
            }
            for note, chain in sorted(self._paths, key=lambda entry: entry[1] is None)
        ]

    def _format_path(self, chain: LinkPath) -> tuple[StyledText, ...]:
        """Format a path on one line, with arrows in the direction of the links."""
        spans: list[StyledText] = []
        for hop in chain.hops:
            spans += [(" → " if hop.is_forward else " ← ", "arrow"), *format_note(hop.other)]
        return tuple(spans) or ((" belongs to both", "dim"),)

    def _suggestion_to_record(self, note: Note) -> BridgeRecord | None:
        """Return the JSON record of the suggested link for a note, or None."""
        kin = self._bridges.get(note.path)
        return {"note": note_to_record(self._others[kin.other]), "score": round(kin.score, 4), "why": kin.why} if kin else None

    def _build_unreached_branch(self, note: Note) -> Branch:
        kin = self._bridges.get(note.path)
        line = (("perhaps link it with ", "dim"), *format_note(self._others[kin.other]), (f" ({kin.why})", "dim")) if kin else ()
        return Branch((("✗ ", "warning"), *format_note(note)), (Branch(line),) if line else ())

    def build_branch(self) -> Branch:
        """Build the branch of the topic: first the notes that reach the other topic, then those that do not."""
        reached = [(note, chain) for note, chain in self._paths if chain]
        missed = [note for note, chain in self._paths if chain is None]
        share = self.coverage
        hops = format_count(self._max_hops, "hop")
        line = (
            (self._topic.query, "strong"),
            (" → ", "arrow"),
            (self._goal.query, "strong"),
            (f": {share['reached']} of {share['notes']} notes reach it within {hops} ({100 * len(reached) / len(self._paths):.0f} %)", ""),
        )
        branches = [Branch((*format_note(note), *self._format_path(chain))) for note, chain in reached]
        branches += [self._build_unreached_branch(note) for note in missed]
        return Branch(line, tuple(branches))
