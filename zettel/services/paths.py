"""Find paths between topics, with the notes on them and the link and sentence at every hop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from zettel.model.graph.link_path import Hop, LinkPath
from zettel.model.graph.paths import PathConstraints, count_hops, find_best_paths
from zettel.model.graph.topic import SAVED_PATH_TAG
from zettel.model.note.note import Note
from zettel.notebook.notebook import OpenNotebook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.suggest.bridge import BridgeSuggestion


class NoteGraph:
    """The link graph of a notebook, addressed by notes instead of node numbers."""

    def __init__(self, notebook: OpenNotebook) -> None:
        self.notebook = notebook
        self._catalogue = notebook.catalogue
        self.link_graph = self._catalogue.load_graph()

    def find_numbers(self, notes: Iterable[Note]) -> frozenset[int]:
        """Return the node numbers of notes."""
        return frozenset(self.link_graph.find_numbers(self._catalogue.find_rows([note.path for note in notes])))

    def find_saved_paths(self, *named: frozenset[int]) -> frozenset[int]:
        """Return the nodes of saved paths, except those in `named`.

        A saved path links to every note on it, so it would be a short cut between any two of them.
        """
        return frozenset(self.link_graph.find_numbers(self._catalogue.find_tagged_rows(SAVED_PATH_TAG))).difference(*named)

    def load_notes(self, numbers: Iterable[int]) -> list[Note]:
        """Load the notes with these node numbers, in the same order."""
        return self._catalogue.load_notes_by_row([self.link_graph.rows[number] for number in numbers])

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
    sides = [count_hops(graph.link_graph, notes, excluded) for notes in (starts, ends)]
    if starts & sides[1].keys():
        return None
    near, far = sorted(sides, key=len)
    nearest = sorted(near, key=lambda number: (near[number], number))[:MAX_NEAREST]
    return [note.path for note in graph.load_notes(nearest)], [graph.link_graph.rows[number] for number in far]


MAX_TAG_SHARE = 0.02
"""Share of all notes up to which a shared tag counts as evidence that two notes belong together."""


def find_best_bridges(notebook: OpenNotebook, *asked: tuple[Iterable[str], Iterable[int]]) -> dict[str, BridgeSuggestion]:
    """Return, keyed by path, the best candidate for a link from each note in (paths, rows) to one of the notes in these catalogue rows.

    Uses only what is in the catalogue. Notes that share nothing with the candidates are left out.
    """
    from zettel.model.suggest import bridge

    catalogue = notebook.catalogue
    titles = catalogue.list_titles()
    paths_of = {row: path for row, path, _ in titles}

    def find_two_hop_paths(path: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        (row,) = catalogue.find_rows([path])
        for through, other in catalogue.list_two_hop_pairs(row):
            found.setdefault(paths_of[through], []).append(paths_of[other])
        return found

    known = bridge.BridgeEvidence(
        {path: key for _, path, key in titles},
        lambda path: catalogue.find_notes_by_path([path])[path].title,
        lambda path: catalogue.find_notes_by_shared_tag(path, MAX_TAG_SHARE),
        find_two_hop_paths,
    )
    return bridge.find_best_bridges([(paths, {paths_of[row] for row in rows}) for paths, rows in asked], known)


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
    return [graph.build_path(numbers, directed=directed) for numbers in find_best_paths(graph.link_graph, terms, count)]


def _find_hop(notebook: OpenNotebook, one: Note, other: Note, *, directed: bool) -> Hop:
    """Choose the link between two notes that says most. Links with a sentence come first, then forward links, then reading order."""
    forward = list(notebook.catalogue.find_links(source=one.path, target=other.path))
    back = [] if directed else list(notebook.catalogue.find_links(source=other.path, target=one.path))
    return Hop(one, other, min([*forward, *back], key=lambda link: (not link.link.sentence, link.link.source != one.path)))
