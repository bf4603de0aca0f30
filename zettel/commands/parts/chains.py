"""Paths as commands show them: chains of notes, with the link and its sentence at every hop."""

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
    """One step of a path: two notes, and the link between them in which the one speaks of the other."""

    one: Note
    other: Note
    link: Resolved

    @property
    def is_forward(self) -> bool:
        """Whether the link points the way the path goes."""
        return self.link.link.source == self.one.path

    @property
    def speaker(self) -> Note:
        """The note in which the link stands."""
        return self.one if self.is_forward else self.other

    @property
    def record(self) -> dict[str, object]:
        """The hop as JSON shows it."""
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
    """A path: its notes, and a hop between each two."""

    notes: list[Note]
    hops: list[Hop]

    @property
    def record(self) -> dict[str, object]:
        """The path as JSON shows it."""
        return {"notes": [record(note) for note in self.notes], "hops": [hop.record for hop in self.hops]}


class Web:
    """The link graph of a notebook, for notes."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self.graph = adjacency(notebook.connection)

    def numbers(self, notes: Iterable[Note]) -> frozenset[int]:
        """The numbers of notes."""
        return frozenset(self.graph.numbers(rows_of(self.notebook.connection, [note.path for note in notes])))

    def saved_paths(self, *named: frozenset[int]) -> frozenset[int]:
        """The notes that are saved paths, but for those named: they link every step, so each would be a way by itself."""
        return frozenset(self.graph.numbers(rows_tagged(self.notebook.connection, SAVED))).difference(*named)

    def notes(self, numbers: Iterable[int]) -> list[Note]:
        """The notes of numbers, in their order."""
        return by_rows(self.notebook.connection, [self.graph.rows[number] for number in numbers])

    def chain(self, numbers: Sequence[int], *, directed: bool) -> Chain:
        """The path along these notes."""
        notes = self.notes(numbers)
        return Chain(notes, [_hop(self.notebook, one, other, directed=directed) for one, other in pairwise(notes)])


NEAR = 10
"""Notes on the smaller side of a gap that are held against all on the larger."""


def sides_of(
    notebook: Notebook, ones: Iterable[Note], others: Iterable[Note], avoided: Iterable[Note]
) -> tuple[list[str], list[int]] | None:
    """The two sides of a gap: paths of the nearest notes on the smaller one, and the rows of all on the larger; None if there is a path across.

    Links count whichever way they point.
    """
    web = Web(notebook)
    starts, ends = web.numbers(ones), web.numbers(others)
    without = web.numbers(avoided) | web.saved_paths(starts, ends)
    sides = [
        {**remaining(web.graph, Terms([frozenset(), notes], avoided=without))[0][0], **dict.fromkeys(notes, 0)} for notes in (starts, ends)
    ]
    if starts & sides[1].keys():
        return None
    near, far = sorted(sides, key=len)
    nearest = sorted(near, key=lambda number: (near[number], number))[:NEAR]
    return [note.path for note in web.notes(nearest)], [web.graph.rows[number] for number in far]


def chains_through(
    notebook: Notebook,
    stages: Sequence[Iterable[Note]],
    count: int,
    *,
    directed: bool = False,
    max_hops: int = 0,
    avoided: Iterable[Note] = (),
) -> list[Chain]:
    """The `count` best paths from a note of the first stage through one of each in order, by none of those avoided; at most `max_hops` long (0: any)."""
    web = Web(notebook)
    named = [web.numbers(notes) for notes in stages]
    terms = Terms(named, directed, web.numbers(avoided) | web.saved_paths(*named), max_hops)
    return [web.chain(found, directed=directed) for found in best_paths(web.graph, terms, count)]


def _hop(notebook: Notebook, one: Note, other: Note, *, directed: bool) -> Hop:
    """The link between two notes that says most: the first forward one with a sentence, else a backward one."""
    forward = list(notebook.links(source=one.path, target=other.path))
    back = [] if directed else list(notebook.links(source=other.path, target=one.path))
    return Hop(one, other, min([*forward, *back], key=lambda link: (not link.link.sentence, link.link.source != one.path)))


def chain_lines(chain: Chain, rank: int) -> list[dict[str, object]]:
    """A path as rows, a note each, with the link that leads there."""
    rows: list[dict[str, object]] = []
    for step, note in enumerate(chain.notes):
        hop = chain.hops[step - 1].record if step else {}
        rows.append(
            {"rank": rank, "step": step, **{key: hop.get(key, "") for key in ("direction", "headings", "sentence")}, **record(note)}
        )
    return rows


def chain_branches(chain: Chain) -> list[Branch]:
    """A path, top to bottom: each note, and below it the sentence that leads on, with an arrow the way the link points."""
    branches = []
    for note, hop in zip(chain.notes, [*chain.hops, None], strict=True):
        below: tuple[Branch, ...] = ()
        if hop:
            says = () if hop.is_forward else ((f"{hop.speaker.title}: ", "dim"),)
            below = (Branch((("↓ " if hop.is_forward else "↑ ", "arrow"), *says, *place_line(hop.link, hop.speaker.title))),)
        branches.append(Branch(note_line(note), below))
    return branches
