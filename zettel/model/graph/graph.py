"""Hold the link graph of a notebook as sets of note numbers, and find its hubs and structure notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from zettel.model.note.note import Note
from zettel.model.note.tags import STRUCTURE_TAGS

_STRUCTURE_MIN_LINKS = 5
"""A structure note links to at least this many notes ..."""

_STRUCTURE_MAX_WORDS_PER_LINK = 20
"""... and has at most this many words for each: a title, and half a sentence that says why it is listed."""


class LinkGraph:
    """The link graph: notes numbered from 0 (by ID, or by path), and the numbers of each note's targets, sources and neighbours.

    Several links between two notes count once, and a note's links to itself are left out.
    """

    def __init__(self, notes: Sequence[Note], links: Iterable[tuple[int, int]]) -> None:
        """`links` are (source, target)."""
        self.notes = notes
        self.targets: list[set[int]] = [set() for _ in notes]
        self.sources: list[set[int]] = [set() for _ in notes]
        self.neighbours: list[set[int]] = [set() for _ in notes]
        for source, target in links:
            if source != target:
                self.targets[source].add(target)
                self.sources[target].add(source)
                self.neighbours[source].add(target)
                self.neighbours[target].add(source)

    @property
    def edges(self) -> Iterator[tuple[int, int]]:
        """All pairs of linked notes, each pair once, in order."""
        return ((one, other) for one, near in enumerate(self.neighbours) for other in sorted(near) if one < other)

    def rank_by_centrality(self, members: Iterable[int]) -> list[int]:
        """Return `members` by the number of links to other members, then by the number of backlinks, most first, then by ID."""
        inside = set(members)
        links = {node: len(self.neighbours[node] & inside) for node in inside}
        return sorted(inside, key=lambda node: (-links[node], -len(self.sources[node]), node))

    def is_structure_note(self, node: int) -> bool:
        """Return whether a note mostly orders links to others: it has many links and few words, or a tag says so.

        The term is Sascha Fast's ("A Tale of Complexity", zettelkasten.de/posts/three-layers-structure-zettelkasten), for notes
        that order others as a table of contents does. Others call them maps of content. A note counts as one if it links to
        at least `_STRUCTURE_MIN_LINKS` notes and has at most `_STRUCTURE_MAX_WORDS_PER_LINK` words for each, or if it has one of the `STRUCTURE_TAGS` and
        any link.
        """
        note, targets = self.notes[node], len(self.targets[node])
        if targets >= _STRUCTURE_MIN_LINKS and note.words <= _STRUCTURE_MAX_WORDS_PER_LINK * targets:
            return True
        return targets > 0 and any(tag.rpartition("/")[2].casefold() in STRUCTURE_TAGS for tag in note.tags)

    def list_structure_notes(self) -> list[int]:
        """Return the structure notes by the number of notes they link to, most first, then by ID."""
        found = [node for node in range(len(self.notes)) if self.is_structure_note(node)]
        return sorted(found, key=lambda node: (-len(self.targets[node]), node))

    def rank_by_backlinks(self) -> list[int]:
        """Return the notes with backlinks by the number of notes that link to them, then by the number they link to, most first, then by ID."""
        found = [node for node in range(len(self.notes)) if self.sources[node]]
        return sorted(found, key=lambda node: (-len(self.sources[node]), -len(self.targets[node]), node))

    def list_hubs(self) -> list[int]:
        """Return the notes with the most backlinks: the h notes that at least h others link to (Hirsch's index), and at least two."""
        ranked = self.rank_by_backlinks()
        return [node for rank, node in enumerate(ranked, 1) if len(self.sources[node]) >= max(rank, 2)]
