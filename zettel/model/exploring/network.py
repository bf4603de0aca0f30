"""A notebook as a network: notes by number, and which link to which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from zettel.model.note import Note

ORDERS = 5
"""A structure note orders at least so many notes ..."""

WORDS_A_LINK = 20
"""... and has at most so many words for each: a title, and half a sentence that says why it stands there."""

STRUCTURE_TAGS = frozenset(("structure", "structure-note", "moc", "map", "index", "hub"))
"""Tags by which people mark structure notes, alone or as the last part of a nested tag."""


class Network:
    """Notes by their numbers (from 0, by ID, or path), and for each the numbers of those it links to, that link to it, and either.

    Every note counts once, however many links there are; links of a note to itself do not count.
    """

    def __init__(self, notes: Sequence[Note], pairs: Iterable[tuple[int, int]]) -> None:
        """`pairs` are (source, target)."""
        self.notes = notes
        self.targets: list[set[int]] = [set() for _ in notes]
        self.sources: list[set[int]] = [set() for _ in notes]
        self.near: list[set[int]] = [set() for _ in notes]
        for source, target in pairs:
            if source != target:
                self.targets[source].add(target)
                self.sources[target].add(source)
                self.near[source].add(target)
                self.near[target].add(source)

    @property
    def pairs(self) -> Iterator[tuple[int, int]]:
        """Every two notes with a link between them, once."""
        return ((one, other) for one, near in enumerate(self.near) for other in sorted(near) if one < other)

    def central(self, members: Iterable[int]) -> list[int]:
        """`members` by how many of the others each is linked with; then by how many notes link to it at all, then by ID."""
        inside = set(members)
        links = {node: len(self.near[node] & inside) for node in inside}
        return sorted(inside, key=lambda node: (-links[node], -len(self.sources[node]), node))

    def is_structure_note(self, node: int) -> bool:
        """Whether a note mostly orders links to others: many of them and few words, or it is tagged as such.

        The word is Sascha Fast's ("A Tale of Complexity", zettelkasten.de/posts/three-layers-structure-zettelkasten): notes that
        give others an order, as a table of contents does; others say map of content. That a note is one shows in its form:
        `ORDERS` notes or more, and `WORDS_A_LINK` words or fewer for each.
        """
        note, targets = self.notes[node], len(self.targets[node])
        if targets >= ORDERS and note.words <= WORDS_A_LINK * targets:
            return True
        return targets > 0 and any(tag.rpartition("/")[2].casefold() in STRUCTURE_TAGS for tag in note.tags)

    def structure_notes(self) -> list[int]:
        """The structure notes, by how many notes they order, then by ID."""
        found = [node for node in range(len(self.notes)) if self.is_structure_note(node)]
        return sorted(found, key=lambda node: (-len(self.targets[node]), node))

    def by_backlinks(self) -> list[int]:
        """The notes that others link to, by how many do, then by ID."""
        found = [node for node in range(len(self.notes)) if self.sources[node]]
        return sorted(found, key=lambda node: (-len(self.sources[node]), -len(self.targets[node]), node))

    def hubs(self) -> list[int]:
        """The notes that stand out by how many link to them: the h that h notes or more link to (Hirsch's index), at least two."""
        ranked = self.by_backlinks()
        return [node for rank, node in enumerate(ranked, 1) if len(self.sources[node]) >= max(rank, 2)]
