"""Find paths between topics, with the notes on them and the link and sentence at every hop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from zettel.adapters.adjacency import adjacency
from zettel.adapters.finding import by_rows, rows_of, rows_tagged
from zettel.commands.parts.shared import note_line, place_line
from zettel.model.answer import Branch, Column
from zettel.model.exploring.paths import Terms, best_paths, remaining
from zettel.model.exploring.topic import SAVED
from zettel.model.link import Resolved
from zettel.model.note import Note, record
from zettel.model.value import value
from zettel.notebook import Notebook

PATH_COLUMNS = (
    Column("Path", "rank", "dim"),
    Column("Step", "step", "dim"),
    Column("Way", "direction", "arrow"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Headings", "headings", "heading", may_wrap=True),
    Column("Sentence", "sentence", "", may_wrap=True),
)


@value
class Hop:
    """One step of a path: two neighbouring notes and the link between them."""

    one: Note
    other: Note
    link: Resolved

    @property
    def is_forward(self) -> bool:
        """Whether the link points in the direction of the path."""
        return self.link.link.source == self.one.path

    @property
    def speaker(self) -> Note:
        """The note that contains the link."""
        return self.one if self.is_forward else self.other

    @property
    def record(self) -> dict[str, object]:
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
class Chain:
    """A path: its notes, and a hop between each note and the next."""

    notes: list[Note]
    hops: list[Hop]

    @property
    def record(self) -> dict[str, object]:
        """The path as JSON."""
        return {"notes": [record(note) for note in self.notes], "hops": [hop.record for hop in self.hops]}


class Web:
    """The link graph of a notebook, addressed by notes instead of node numbers."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self.graph = adjacency(notebook.connection)

    def numbers(self, notes: Iterable[Note]) -> frozenset[int]:
        """Return the node numbers of notes."""
        return frozenset(self.graph.numbers(rows_of(self.notebook.connection, [note.path for note in notes])))

    def saved_paths(self, *named: frozenset[int]) -> frozenset[int]:
        """Return the nodes of saved paths, except those in `named`.

        A saved path links to every note on it, so it would be a short cut between any two of them.
        """
        return frozenset(self.graph.numbers(rows_tagged(self.notebook.connection, SAVED))).difference(*named)

    def notes(self, numbers: Iterable[int]) -> list[Note]:
        """Load the notes with these node numbers, in the same order."""
        return by_rows(self.notebook.connection, [self.graph.rows[number] for number in numbers])

    def chain(self, numbers: Sequence[int], *, directed: bool) -> Chain:
        """Build the path along these nodes."""
        notes = self.notes(numbers)
        return Chain(notes, [_hop(self.notebook, one, other, directed=directed) for one, other in pairwise(notes)])


NEAR = 10
"""Notes on the smaller side of a gap that are compared with all on the larger side."""


def sides_of(
    notebook: Notebook, ones: Iterable[Note], others: Iterable[Note], avoided: Iterable[Note]
) -> tuple[list[str], list[int]] | None:
    """Return the two sides of a gap, or None if a path crosses it.

    The sides are the paths of the nearest notes on the smaller side, and the rows of all notes on the larger side. Links count in
    either direction.
    """
    graph = Web(notebook)
    starts, ends = graph.numbers(ones), graph.numbers(others)
    excluded = graph.numbers(avoided) | graph.saved_paths(starts, ends)
    sides = [
        {**remaining(graph.graph, Terms([frozenset(), notes], avoided=excluded))[0][0], **dict.fromkeys(notes, 0)}
        for notes in (starts, ends)
    ]
    if starts & sides[1].keys():
        return None
    near, far = sorted(sides, key=len)
    nearest = sorted(near, key=lambda number: (near[number], number))[:NEAR]
    return [note.path for note in graph.notes(nearest)], [graph.graph.rows[number] for number in far]


def chains_through(
    notebook: Notebook,
    stages: Sequence[Iterable[Note]],
    count: int,
    *,
    directed: bool = False,
    max_hops: int = 0,
    avoided: Iterable[Note] = (),
) -> list[Chain]:
    """Return the `count` best paths that visit one note of each stage in order and none of `avoided`.

    Paths are at most `max_hops` long (0: any length).
    """
    graph = Web(notebook)
    named = [graph.numbers(notes) for notes in stages]
    terms = Terms(named, directed, graph.numbers(avoided) | graph.saved_paths(*named), max_hops)
    return [graph.chain(numbers, directed=directed) for numbers in best_paths(graph.graph, terms, count)]


def _hop(notebook: Notebook, one: Note, other: Note, *, directed: bool) -> Hop:
    """Choose the link between two notes that says most. Links with a sentence come first, then forward links, then reading order."""
    forward = list(notebook.links(source=one.path, target=other.path))
    back = [] if directed else list(notebook.links(source=other.path, target=one.path))
    return Hop(one, other, min([*forward, *back], key=lambda link: (not link.link.sentence, link.link.source != one.path)))


def chain_lines(chain: Chain, rank: int) -> list[dict[str, object]]:
    """Return a path as rows: one per note, with the link that leads to it."""
    rows: list[dict[str, object]] = []
    for step, note in enumerate(chain.notes):
        hop = chain.hops[step - 1].record if step else {}
        rows.append(
            {"rank": rank, "step": step, **{key: hop.get(key, "") for key in ("direction", "headings", "sentence")}, **record(note)}
        )
    return rows


def chain_branches(chain: Chain) -> list[Branch]:
    """Build the tree of a path, top to bottom: each note, and below it the sentence of the next hop with an arrow that shows the link's direction."""
    branches = []
    for note, hop in zip(chain.notes, [*chain.hops, None], strict=True):
        below: tuple[Branch, ...] = ()
        if hop:
            speaker = () if hop.is_forward else ((f"{hop.speaker.title}: ", "dim"),)
            below = (Branch((("↓ " if hop.is_forward else "↑ ", "arrow"), *speaker, *place_line(hop.link, hop.speaker.title))),)
        branches.append(Branch(note_line(note), below))
    return branches
