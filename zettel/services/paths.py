"""Find paths between topics, with the notes on them and the link and sentence at every hop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from zettel.adapters.catalogue.graph_cache import load_graph
from zettel.adapters.catalogue.queries import find_rows, find_tagged_rows, load_notes_by_row
from zettel.model.base.answer import Branch, Column
from zettel.model.base.value import value
from zettel.model.graph.paths import PathConstraints, count_remaining_hops, find_best_paths
from zettel.model.graph.topic import SAVED_PATH_TAG
from zettel.model.link.link import ResolvedLink
from zettel.model.note.note import Note, note_to_record
from zettel.notebook.notebook import OpenNotebook
from zettel.views.notes import format_context, format_note

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
class LinkPath:
    """A path: its notes, and a hop between each note and the next."""

    notes: list[Note]
    hops: list[Hop]

    @property
    def record(self) -> dict[str, object]:
        """The path as JSON."""
        return {"notes": [note_to_record(note) for note in self.notes], "hops": [hop.record for hop in self.hops]}


class NoteGraph:
    """The link graph of a notebook, addressed by notes instead of node numbers."""

    def __init__(self, notebook: OpenNotebook) -> None:
        self.notebook = notebook
        self.arrays = load_graph(notebook.connection)

    def find_numbers(self, notes: Iterable[Note]) -> frozenset[int]:
        """Return the node numbers of notes."""
        return frozenset(self.arrays.find_numbers(find_rows(self.notebook.connection, [note.path for note in notes])))

    def find_saved_paths(self, *named: frozenset[int]) -> frozenset[int]:
        """Return the nodes of saved paths, except those in `named`.

        A saved path links to every note on it, so it would be a short cut between any two of them.
        """
        return frozenset(self.arrays.find_numbers(find_tagged_rows(self.notebook.connection, SAVED_PATH_TAG))).difference(*named)

    def load_notes(self, numbers: Iterable[int]) -> list[Note]:
        """Load the notes with these node numbers, in the same order."""
        return load_notes_by_row(self.notebook.connection, [self.arrays.rows[number] for number in numbers])

    def build_path(self, numbers: Sequence[int], *, directed: bool) -> LinkPath:
        """Build the path along these nodes."""
        notes = self.load_notes(numbers)
        return LinkPath(notes, [_find_hop(self.notebook, one, other, directed=directed) for one, other in pairwise(notes)])


MAX_NEAREST = 10
"""Notes on the smaller side of a gap that are compared with all on the larger side."""


def find_gap_sides(
    notebook: OpenNotebook, from_notes: Iterable[Note], to_notes: Iterable[Note], avoided: Iterable[Note]
) -> tuple[list[str], list[int]] | None:
    """Return the two sides of a gap, or None if a path crosses it.

    The sides are the paths of the nearest notes on the smaller side, and the rows of all notes on the larger side. Links count in
    either direction.
    """
    graph = NoteGraph(notebook)
    starts, ends = graph.find_numbers(from_notes), graph.find_numbers(to_notes)
    excluded = graph.find_numbers(avoided) | graph.find_saved_paths(starts, ends)
    sides = [
        {**count_remaining_hops(graph.arrays, PathConstraints([frozenset(), notes], avoided=excluded))[0][0], **dict.fromkeys(notes, 0)}
        for notes in (starts, ends)
    ]
    if starts & sides[1].keys():
        return None
    near, far = sorted(sides, key=len)
    nearest = sorted(near, key=lambda number: (near[number], number))[:MAX_NEAREST]
    return [note.path for note in graph.load_notes(nearest)], [graph.arrays.rows[number] for number in far]


def find_link_paths(
    notebook: OpenNotebook,
    stages: Sequence[Iterable[Note]],
    count: int,
    *,
    directed: bool = False,
    max_hops: int = 0,
    avoided: Iterable[Note] = (),
) -> list[LinkPath]:
    """Return the `count` best paths that visit one note of each stage in order and none of `avoided`.

    Paths are at most `max_hops` long (0: any length).
    """
    graph = NoteGraph(notebook)
    named = [graph.find_numbers(notes) for notes in stages]
    terms = PathConstraints(named, directed, graph.find_numbers(avoided) | graph.find_saved_paths(*named), max_hops)
    return [graph.build_path(numbers, directed=directed) for numbers in find_best_paths(graph.arrays, terms, count)]


def _find_hop(notebook: OpenNotebook, one: Note, other: Note, *, directed: bool) -> Hop:
    """Choose the link between two notes that says most. Links with a sentence come first, then forward links, then reading order."""
    forward = list(notebook.find_links(source=one.path, target=other.path))
    back = [] if directed else list(notebook.find_links(source=other.path, target=one.path))
    return Hop(one, other, min([*forward, *back], key=lambda link: (not link.link.sentence, link.link.source != one.path)))


def link_path_to_rows(link_path: LinkPath, rank: int) -> list[dict[str, object]]:
    """Return a path as rows: one per note, with the link that leads to it."""
    rows: list[dict[str, object]] = []
    for step, note in enumerate(link_path.notes):
        hop = link_path.hops[step - 1].record if step else {}
        rows.append(
            {"rank": rank, "step": step, **{key: hop.get(key, "") for key in ("direction", "headings", "sentence")}, **note_to_record(note)}
        )
    return rows


def build_path_branches(link_path: LinkPath) -> list[Branch]:
    """Build the tree of a path, top to bottom: each note, and below it the sentence of the next hop with an arrow that shows the link's direction."""
    branches = []
    for note, hop in zip(link_path.notes, [*link_path.hops, None], strict=True):
        below: tuple[Branch, ...] = ()
        if hop:
            speaker = () if hop.is_forward else ((f"{hop.speaker.title}: ", "dim"),)
            below = (Branch((("↓ " if hop.is_forward else "↑ ", "arrow"), *speaker, *format_context(hop.link, hop.speaker.title))),)
        branches.append(Branch(format_note(note), below))
    return branches
