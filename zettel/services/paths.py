"""Find paths between topics, with the notes on them and the link and sentence at every hop."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from zettel.model.base.errors import Unreadable
from zettel.model.base.value import value
from zettel.model.graph.link_path import Hop, LinkPath
from zettel.model.graph.paths import PathConstraints, count_hops, find_best_paths
from zettel.model.graph.topic import SAVED_PATH_TAG, Topic
from zettel.model.link.link import AMBIGUOUS, ResolvedLink
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

    def build_path(self, numbers: Sequence[int]) -> LinkPath:
        """Build the path along these nodes."""
        notes = self.load_notes(numbers)
        return LinkPath(notes, [_find_hop(self.notebook, one, other) for one, other in pairwise(notes)])


MAX_NEAREST = 10
"""Notes on each side of a gap that are compared with all on the other side."""


def find_gap_sides(
    notebook: OpenNotebook, from_notes: Iterable[Note], to_notes: Iterable[Note], avoided: Iterable[Note]
) -> list[tuple[list[str], list[int]]]:
    """Return the two sides of a gap, the smaller one first, or nothing if a path crosses it.

    For each side, returns the paths of its nearest notes, and the rows of all notes on the other side. Links count in either direction.
    """
    graph = NoteGraph(notebook)
    starts, ends = graph.find_numbers(from_notes), graph.find_numbers(to_notes)
    excluded = graph.find_numbers(avoided) | graph.find_saved_paths(starts, ends)
    sides = [count_hops(graph.link_graph, notes, excluded) for notes in (starts, ends)]
    if starts & sides[1].keys():
        return []
    found = []
    near, far = sorted(sides, key=len)
    for side, other in ((near, far), (far, near)):
        nearest = sorted(side, key=lambda number: (side[number], number))[:MAX_NEAREST]
        found.append(([note.path for note in graph.load_notes(nearest)], [graph.link_graph.rows[number] for number in other]))
    return found


def find_ambiguous_link_between(
    notebook: OpenNotebook, from_notes: Iterable[Note], to_notes: Iterable[Note], avoided: Iterable[Note]
) -> ResolvedLink | None:
    """Return the first ambiguous link that would close a gap if it led to the right one of its candidates, or None if there is none."""
    links = notebook.catalogue.find_links(status=AMBIGUOUS)
    if not links:
        return None
    graph = NoteGraph(notebook)
    starts, ends = graph.find_numbers(from_notes), graph.find_numbers(to_notes)
    excluded = graph.find_numbers(avoided) | graph.find_saved_paths(starts, ends)
    near, far = ({note.path for note in graph.load_notes(count_hops(graph.link_graph, notes, excluded))} for notes in (starts, ends))
    for resolved in links:
        source, candidates = resolved.link.source, resolved.resolution.candidates
        if (source in near and not far.isdisjoint(candidates)) or (source in far and not near.isdisjoint(candidates)):
            return resolved
    return None


MAX_TAG_SHARE = 0.02
"""Share of all notes up to which a shared tag counts as evidence that two notes belong together."""


def find_best_bridges(notebook: OpenNotebook, *asked: tuple[Iterable[str], Collection[int]]) -> dict[str, BridgeSuggestion]:
    """Return, keyed by path, the best candidate for a link from each note in (paths, rows) to one of the notes in these catalogue rows.

    Reads the notes in `asked` for mentions; the rest is in the catalogue. Notes without a reason to link one of their candidates are
    left out. That two notes are in one structure note is not a reason.
    """
    from zettel.adapters.fs.files import decode_bytes
    from zettel.model.suggest import bridge

    catalogue = notebook.catalogue
    unsorted = notebook.list_unsorted_tags()
    titles = catalogue.list_titles()
    paths_of = {row: path for row, path, _ in titles}
    graph = catalogue.load_graph()
    structure_notes = {graph.rows[number] for number in graph.structure_notes}
    candidates = {row for _, rows in asked for row in rows}
    names = bridge.index_names_by_first_word((name, paths_of[row]) for name, row in catalogue.list_folded_names() if row in candidates)

    def find_two_hop_paths(path: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        (row,) = catalogue.find_rows([path])
        for through, other in catalogue.list_two_hop_pairs(row):
            if through not in structure_notes:
                found.setdefault(paths_of[through], []).append(paths_of[other])
        return found

    def find_mentions(path: str) -> dict[str, list[str]]:
        try:
            return bridge.find_mentioned_names(decode_bytes(notebook.read_bytes(path))[0], names)
        except Unreadable:
            return {}

    known = bridge.BridgeEvidence(
        {path: key for _, path, key in titles},
        lambda path: catalogue.find_notes_by_path([path])[path].title,
        lambda path: catalogue.find_notes_by_shared_tag(path, MAX_TAG_SHARE, unsorted),
        find_two_hop_paths,
        find_mentions,
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
    no_structure: bool = False,
) -> list[LinkPath]:
    """Return the `count` best paths that visit one note of each stage in order and none of `avoided`.

    Paths have at most `max_hops` hops (0: any number). With `no_structure`, they pass through no structure note except those in `stages`.
    """
    graph = NoteGraph(notebook)
    named = [graph.find_numbers(notes) for notes in stages]
    excluded = graph.find_numbers(avoided) | graph.find_saved_paths(*named)
    if no_structure:
        excluded |= graph.link_graph.structure_notes.difference(*named)
    terms = PathConstraints(named, directed, excluded, max_hops)
    return [graph.build_path(numbers) for numbers in find_best_paths(graph.link_graph, terms, count)]


@value
class PathLimits:
    """What the options allow: only links forwards, a number of hops (0: any), no structure note, none of the `avoided` notes."""

    directed: bool
    max_hops: int
    no_structure: bool
    avoided: list[Note]

    @property
    def options(self) -> list[str]:
        """The options that could be left out to find more paths."""
        return ["--directed"] * self.directed + ["--max-hops"] * bool(self.max_hops) + ["--no-structure"] * self.no_structure

    def find_paths(self, notebook: OpenNotebook, stages: Sequence[Topic], count: int) -> list[LinkPath]:
        """Return the best paths within these limits."""
        return find_link_paths(
            notebook,
            [topic.notes for topic in stages],
            count,
            directed=self.directed,
            max_hops=self.max_hops,
            avoided=self.avoided,
            no_structure=self.no_structure,
        )


def _find_hop(notebook: OpenNotebook, one: Note, other: Note) -> Hop:
    """Choose the link between two notes that says most: a forward link if there is one, and with a sentence if there is one, the first of those."""
    links = notebook.catalogue.find_links(source=one.path, target=other.path) or notebook.catalogue.find_links(
        source=other.path, target=one.path
    )
    return Hop(one, other, min(links, key=lambda link: not link.link.sentence))
