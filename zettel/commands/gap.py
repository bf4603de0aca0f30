"""Report the gap between two topics: which notes of each lead to the other within a few hops, and which do not."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.commands.parts.chains import Chain, Web
from zettel.commands.parts.meaning import meaning, topic_record
from zettel.commands.parts.shared import note_line
from zettel.model.answer import Answer, Branch, Column, Span
from zettel.model.errors import UsageError
from zettel.model.exploring import paths
from zettel.model.exploring.kinship import Kin
from zettel.model.exploring.topic import Topic, apart, split_topics
from zettel.model.note import Note, record
from zettel.session import Session

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
    if max_hops < 1:
        raise UsageError(f"--max-hops must be 1 or more, not {max_hops}", "zettel gap A B --max-hops 3")
    names = split_topics(topics)
    if len(names) != 2 or not all(names):
        raise UsageError("a gap lies between two topics", 'zettel gap A B, or zettel gap "A vs B"')
    one, other = apart(*(meaning(session, name) for name in names))
    web = Web(session.notebook())
    sides = [_Side(web, one, other, max_hops, directed=directed), _Side(web, other, one, max_hops, directed=directed)]
    kin = web.notebook.kin(*((side.missed, side.near) for side in sides)) if any(side.missed for side in sides) else {}
    others = web.notebook.by_paths(found.other for found in kin.values())
    for side in sides:
        side.bridge(kin, others)
    facts = {
        "from": topic_record(one),
        "to": topic_record(other),
        "max_hops": max_hops,
        "directed": directed,
        "shares": {name: side.share for name, side in zip(("from", "to"), sides, strict=True)},
    }
    return Answer(
        "notes",
        [row for side in sides for row in side.rows()],
        COLUMNS,
        facts=facts,
        tree=(
            *(Branch(((topic.query, "strong"), (f": {topic.why}", "dim"))) for topic in (one, other)),
            *(side.branch() for side in sides),
        ),
    )


class _Side:
    """One of the two topics, and the paths from its notes to the other one."""

    def __init__(self, web: Web, topic: Topic, goal: Topic, longest: int, *, directed: bool) -> None:
        self._topic, self._goal, self._longest = topic, goal, longest
        ends = web.numbers(goal.notes)
        avoided = web.saved_paths(ends, web.numbers(topic.notes))
        left, _ = paths.remaining(web.graph, paths.Terms([frozenset(), ends], directed, avoided, longest))
        self._chains: list[tuple[Note, Chain | None]] = []
        for note in topic.notes:
            terms = paths.Terms([web.numbers([note]), ends], directed, avoided, longest)
            found, _ = paths.ranked(web.graph, terms, left, 1, 0)
            self._chains.append((note, web.chain(found[0], directed=directed) if found else None))
        self.missed = [note.path for note, chain in self._chains if chain is None]
        self.near = [web.graph.rows[number] for number in (*ends, *(number for number, hops in left[0].items() if hops < longest))]
        self._kin: Mapping[str, Kin] = {}
        self._others: Mapping[str, Note] = {}

    def bridge(self, kin: Mapping[str, Kin], others: Mapping[str, Note]) -> None:
        """Set the suggested links for notes without a path, and the notes that these links would lead to, by path."""
        self._kin, self._others = kin, others

    @property
    def share(self) -> dict[str, object]:
        """The number of notes, how many of them reach the other topic, and their ratio."""
        count, reached = len(self._chains), sum(chain is not None for _, chain in self._chains)
        return {"notes": count, "reached": reached, "share": round(reached / count, 4)}

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each note. Notes that reach the other topic come first."""
        return [
            {
                **record(note),
                "topic": self._topic.query,
                "reached": chain is not None,
                "hops": len(chain.hops) if chain else None,
                "by": "".join(text for text, _ in self._line(chain)).strip() if chain else "",
                "by_path": chain.record if chain else None,
                "suggestion": self._suggestion(note),
            }
            for note, chain in sorted(self._chains, key=lambda entry: entry[1] is None)
        ]

    def _line(self, chain: Chain) -> tuple[Span, ...]:
        """Format a path on one line, with arrows in the direction of the links."""
        spans: list[Span] = []
        for hop in chain.hops:
            spans += [(" → " if hop.is_forward else " ← ", "arrow"), *note_line(hop.other)]
        return tuple(spans) or ((" belongs to both", "dim"),)

    def _suggestion(self, note: Note) -> dict[str, object] | None:
        """Return the JSON record of the suggested link for a note, or None."""
        kin = self._kin.get(note.path)
        return {"note": record(self._others[kin.other]), "score": round(kin.score, 4), "why": kin.why} if kin else None

    def _missed(self, note: Note) -> Branch:
        kin = self._kin.get(note.path)
        line = (("perhaps link it with ", "dim"), *note_line(self._others[kin.other]), (f" ({kin.why})", "dim")) if kin else ()
        return Branch((("✗ ", "warning"), *note_line(note)), (Branch(line),) if line else ())

    def branch(self) -> Branch:
        """Build the branch of the topic: first the notes that reach the other topic, then those that do not."""
        reached = [(note, chain) for note, chain in self._chains if chain]
        missed = [note for note, chain in self._chains if chain is None]
        share = self.share
        hops = f"{self._longest} hop" + "s" * (self._longest != 1)
        line = (
            (self._topic.query, "strong"),
            (" → ", "arrow"),
            (self._goal.query, "strong"),
            (f": {share['reached']} of {share['notes']} notes reach it within {hops} ({100 * len(reached) / len(self._chains):.0f} %)", ""),
        )
        branches = [Branch((*note_line(note), *self._line(chain))) for note, chain in reached]
        branches += [self._missed(note) for note in missed]
        return Branch(line, tuple(branches))
