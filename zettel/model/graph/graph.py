"""Hold the link graph of a notebook, walk it level by level, and find its hubs and structure notes."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from zettel.model.note.note import Note
from zettel.model.note.tags import STRUCTURE_TAGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    Level = TypeVar("Level", bound=Collection[object])

_STRUCTURE_MIN_LINKS = 5
"""A structure note links to at least this many notes ..."""

_STRUCTURE_MAX_WORDS_PER_LINK = 20
"""... and has at most this many words for each: a title, and half a sentence that says why it is listed."""

_LINEAR_LOOKUP_LIMIT = 8
"""Below this number of rows, a linear search is faster than building a table of all of them."""


def walk_levels(level: Level, find_next: Callable[[Level], Level], max_distance: int | None = None) -> Iterator[tuple[int, Level]]:
    """Search breadth-first: yield (distance, notes) for `level` itself, at distance 0, and for each level after it, until one is empty.

    `find_next` returns the notes that are first reached from a level. It is called only when the caller asks for the next level, so
    it may look at what the caller has recorded of the levels before.
    """
    distance = 0
    while level:
        yield distance, level
        if distance == max_distance:
            break
        distance += 1
        level = find_next(level)


class NeighbourArrays:
    """The neighbours of every note in two arrays: those of note n are `numbers[offsets[n] : offsets[n + 1]]`, ascending."""

    __slots__ = ("numbers", "offsets")

    def __init__(self, offsets: array[int], numbers: array[int]) -> None:
        self.offsets, self.numbers = offsets, numbers

    def __getitem__(self, number: int) -> array[int]:
        return self.numbers[self.offsets[number] : self.offsets[number + 1]]

    def collect(self, numbers: Iterable[int]) -> set[int]:
        """Return the notes that are a neighbour of any of `numbers`."""
        offsets, neighbours = self.offsets, self.numbers
        return set().union(*[neighbours[offsets[number] : offsets[number + 1]] for number in numbers])

    def count(self, number: int) -> int:
        """Return the number of neighbours of a note."""
        return self.offsets[number + 1] - self.offsets[number]


class LinkGraph:
    """The link graph of a notebook. Notes are numbered from 0 in the order of their IDs, or of their paths if they have no ID.

    `rows` holds each note's row in the catalogue. `targets` lists the notes that a note links to, `sources` those that link to it, and
    `neighbours` the two together. Several links between two notes count once, and a note's links to itself are left out. `notes`
    holds the notes themselves. It is empty in a graph that was loaded only to search for paths, but `structure_notes` is known even then.
    """

    __slots__ = ("_number_by_row", "neighbours", "notes", "rows", "sources", "structure_notes", "targets")

    def __init__(
        self,
        rows: array[int],
        targets: NeighbourArrays,
        sources: NeighbourArrays,
        neighbours: NeighbourArrays,
        *,
        structure_notes: Iterable[int] = (),
        notes: Sequence[Note] = (),
    ) -> None:
        self.rows, self.targets, self.sources, self.neighbours, self.notes = rows, targets, sources, neighbours, notes
        self.structure_notes = frozenset(structure_notes)
        self._number_by_row: dict[int, int] = {}

    def find_numbers(self, rows: Collection[int]) -> list[int]:
        """Return the numbers of the notes in some rows of the catalogue, in the order of `rows`. Every row must be in the graph."""
        if len(rows) < _LINEAR_LOOKUP_LIMIT and not self._number_by_row:
            return [self.rows.index(row) for row in rows]
        self._number_by_row = self._number_by_row or {row: number for number, row in enumerate(self.rows)}
        return [self._number_by_row[row] for row in rows]

    @property
    def edges(self) -> Iterator[tuple[int, int]]:
        """All pairs of linked notes, each pair once, in order."""
        return ((one, other) for one in range(len(self.rows)) for other in self.neighbours[one] if one < other)

    def rank_by_centrality(self, members: Iterable[int]) -> list[int]:
        """Return `members` by the number of links to other members, then by the number of backlinks, most first, then by ID."""
        inside = set(members)
        links = {node: len(inside.intersection(self.neighbours[node])) for node in inside}
        return sorted(inside, key=lambda node: (-links[node], -self.sources.count(node), node))

    def is_structure_note(self, node: int) -> bool:
        """Return whether a note mostly orders links to others (see `find_structure_notes`)."""
        return node in self.structure_notes

    def list_structure_notes(self) -> list[int]:
        """Return the structure notes by the number of notes they link to, most first, then by ID."""
        return sorted(self.structure_notes, key=lambda node: (-self.targets.count(node), node))

    def rank_by_backlinks(self) -> list[int]:
        """Return the notes with backlinks by the number of notes that link to them, then by the number they link to, most first, then by ID."""
        found = [node for node in range(len(self.rows)) if self.sources.count(node)]
        return sorted(found, key=lambda node: (-self.sources.count(node), -self.targets.count(node), node))

    def list_hubs(self) -> list[int]:
        """Return the notes with the most backlinks: the h notes that at least h others link to (Hirsch's index), and at least two."""
        ranked = self.rank_by_backlinks()
        return [node for rank, node in enumerate(ranked, 1) if self.sources.count(node) >= max(rank, 2)]


def find_structure_notes(targets: NeighbourArrays, texts: Iterable[tuple[int, Iterable[str]]]) -> list[int]:
    """Return the numbers of the structure notes: those that mostly order links to others. `texts` holds each note's number of words and its tags.

    The term is Sascha Fast's ("A Tale of Complexity", zettelkasten.de/posts/three-layers-structure-zettelkasten), for notes
    that order others as a table of contents does. Others call them maps of content.
    """
    return [node for node, (words, tags) in enumerate(texts) if is_structure_text(words, tags, targets.count(node))]


def is_structure_text(words: int, tags: Iterable[str], links: int) -> bool:
    """Return whether a note with these words, tags and links to other notes is a structure note.

    It is one if it links to at least `_STRUCTURE_MIN_LINKS` notes and has at most `_STRUCTURE_MAX_WORDS_PER_LINK` words for each, or if it has
    one of the `STRUCTURE_TAGS` and any link.
    """
    has_few_words = links >= _STRUCTURE_MIN_LINKS and words <= _STRUCTURE_MAX_WORDS_PER_LINK * links
    return has_few_words or (links > 0 and any(tag.rpartition("/")[2].casefold() in STRUCTURE_TAGS for tag in tags))


def build_link_graph(
    rows: Iterable[int], links: Iterable[tuple[int, int]], notes: Sequence[Note] = (), texts: Iterable[tuple[int, Iterable[str]]] = ()
) -> LinkGraph:
    """Build the graph of the notes in `rows`, which are numbered in this order, from (source, target) links between rows.

    To tell structure notes, it needs `notes`, or `texts` with each note's number of words and its tags.
    """
    numbers = {row: number for number, row in enumerate(rows)}
    targets: list[set[int]] = [set() for _ in numbers]
    sources: list[set[int]] = [set() for _ in numbers]
    for row, other in links:
        if row != other:
            source, target = numbers[row], numbers[other]
            targets[source].add(target)
            sources[target].add(source)
    out, back, either = map(_build_neighbour_arrays, (targets, sources, (one | other for one, other in zip(targets, sources, strict=True))))
    found = find_structure_notes(out, ((note.words, note.tags) for note in notes) if notes else texts)
    return LinkGraph(array("i", numbers), out, back, either, structure_notes=found, notes=notes)


def _build_neighbour_arrays(sets: Iterable[set[int]]) -> NeighbourArrays:
    offsets, numbers = array("i", [0]), array("i")
    for found in sets:
        numbers.extend(sorted(found))
        offsets.append(len(numbers))
    return NeighbourArrays(offsets, numbers)
