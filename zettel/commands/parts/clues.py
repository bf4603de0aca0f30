"""Gathering what speaks for links of one note: from the full-text index, the catalogue and the note itself."""

from __future__ import annotations

from math import log

from zettel.adapters.fulltext import FullText
from zettel.adapters.stemming import stem
from zettel.model.errors import Unreadable
from zettel.model.exploring.commonwords import COMMON
from zettel.model.exploring.likeness import alike, bag, foremost, in_common, nearest, telling
from zettel.model.exploring.mentions import Names, is_name, is_telling
from zettel.model.exploring.missing import Evidence, Links, Tie, ties
from zettel.model.exploring.places import Mention
from zettel.model.note import Note
from zettel.model.prose import without_links
from zettel.model.reading import Reading
from zettel.model.tokens import tokens
from zettel.notebook import Notebook

ALIKE = 500
"""Notes most like one that are looked at."""

SIMILAR = 20
"""Notes most like one that count among its neighbours."""

NEIGHBOURS = 5
"""Neighbours, those with the fewest links, whose likeness to other notes counts."""

NEIGHBOUR_STEMS = 30
"""Stems of a neighbour that others are compared by."""

READ = 20
"""Notes at most that are read to find the names of a note in them."""

RAREST = 3
"""Words of a name at most that a note must have to be read."""

COMMON_AT_LEAST, COMMON_PART = 4, 0.05
"""A word is common that more notes have than this many, and than this part of all."""

Places = dict[str, list[Mention]]


class Clues:
    """What speaks for links of `note`, by the paths of the other notes. Raises `Unreadable` if it cannot be read."""

    def __init__(self, notebook: Notebook, index: FullText, note: Note, names: Names) -> None:
        self.notebook, self.note, self.names = notebook, note, names
        self._index = index.stems()
        self._links: dict[str, Links] = {}
        self._numbers: dict[str, int | None] = {}
        self.words = self._index.words
        self.reading = notebook.reading(note.path)
        self.bag = bag((note.title, *note.aliases), self.reading.text, stem)
        self.query = telling(self.bag, self.words)
        self.mentions: Places = {}
        for place in self._mentions(note.path, self.reading):
            self.mentions.setdefault(place.target, []).append(place)
        self.mentioned: Places = {}
        self.tags = self._tags()
        self._like = self._alike(self.query, ALIKE)
        self._ties = self._tied()

    @property
    def linked(self) -> frozenset[str]:
        """The notes that are linked with the note already, either way."""
        return self._links_of(self.note.path).all

    def evidence(self) -> Evidence:
        """All of it, to be weighed."""
        return Evidence(self._like, self._ties, self._rarities(self.mentions), self._rarities(self.mentioned), self._tag_rarities())

    def shared(self, path: str) -> dict[str, float]:
        """The stems that the note has in common with another, with what they tell, the most telling first."""
        return in_common(self.query, self.words, self._number(path))

    def look_into(self, likeliest: list[str]) -> None:
        """Look for mentions of the note in the first of these notes that have the rarest words of one of its names."""
        phrases = [[word for word, _, _ in tokens(name)] for name in (self.note.title, *self.note.aliases)]
        stems = [
            sorted(set(map(stem, phrase)), key=lambda found: (self.words.frequency(found), found)) for phrase in phrases if is_name(phrase)
        ]
        having = [list(map(self.words.postings, phrase[:RAREST])) for phrase in stems]
        fit = [path for path in likeliest if any(all(self._number(path) in there for there in postings) for postings in having)]
        for path in fit[:READ]:
            try:
                reading = self.notebook.reading(path)
            except Unreadable:
                continue
            places = [place for place in self._mentions(path, reading) if place.target == self.note.path]
            if places:
                self.mentioned[path] = places

    def own_words(self) -> frozenset[str]:
        """The stems of the note's words that stand outside of links too, but for those that say nothing of a subject."""
        texts = [*(without_links(run.prose) for run in self.reading.passages), self.note.title, *self.note.aliases]
        return frozenset(found for text in texts for found in subject_stems(text))

    def _mentions(self, path: str, reading: Reading) -> list[Mention]:
        """The mentions in a note that are likely to mean the note that they name."""
        return [place for place in self.names.mentions(path, reading) if is_telling(place, self._is_common)]

    def _is_common(self, word: str) -> bool:
        """Whether a word stands in so many of the notes that in lower case it hardly is a name."""
        return self.words.frequency(stem(word)) > max(COMMON_AT_LEAST, self.words.notes * COMMON_PART)

    def _number(self, path: str) -> int | None:
        if path not in self._numbers:
            self._numbers[path] = self._index.number(path)
        return self._numbers[path]

    def _links_of(self, path: str) -> Links:
        if path not in self._links:
            out, back = self.notebook.neighbours(path, back=False), self.notebook.neighbours(path, out=False)
            self._links[path] = Links(frozenset(out), frozenset(back))
        return self._links[path]

    def _alike(self, query: dict[str, float], most: int) -> dict[str, float]:
        """How much the other notes most like the one that a query tells of are like it."""
        scores = foremost(alike(query, self.words), most)
        paths = self._index.paths(scores)
        self._numbers.update((path, number) for number, path in paths.items())
        return {paths[number]: score for number, score in scores.items()}

    def _tied(self) -> dict[str, list[Tie]]:
        similar = nearest({path: score for path, score in self._like.items() if path != self.note.path}, SIMILAR)
        beyond = self.notebook.links_beyond(self.note.path)
        self._links.update((path, Links(frozenset(out), frozenset(back))) for path, (out, back) in beyond.items())
        links = {path: self._links_of(path) for path in (self.note.path, *similar, *sorted(self.linked))}
        closest = sorted(self.linked, key=lambda path: (len(links[path].all), path))[:NEIGHBOURS]
        like_neighbours = {}
        for path, other in self.notebook.by_paths(closest).items():
            query = telling(bag((other.title, *other.aliases), self.notebook.text(path), stem), self.words, NEIGHBOUR_STEMS)
            scores = self._alike(query, SIMILAR + 1)
            like_neighbours[path] = nearest({other: score for other, score in scores.items() if other != path}, SIMILAR)
        return ties(self.note.path, links, similar, like_neighbours)

    def _rarities(self, places: Places) -> dict[str, float]:
        """How rare the names are by which notes are mentioned; a name tells something even where most notes have its words."""
        return {
            path: max(log(2), sum(self.words.rarity(stem(word)) for word, _, _ in tokens(found[0].name))) for path, found in places.items()
        }

    def _tags(self) -> dict[str, dict[str, float]]:
        """The rare tags that other notes have in common with the note, and how rare each is."""
        found: dict[str, dict[str, float]] = {}
        for tag, paths in self.notebook.sharing_tags(self.note.path):
            for path in paths:
                found.setdefault(path, {})[tag] = log(self.words.notes / (len(paths) + 1))
        return found

    def _tag_rarities(self) -> dict[str, float]:
        return {path: sum(tags.values()) for path, tags in self.tags.items()}


def subject_stems(text: str) -> set[str]:
    """The stems of a text's words, but for those that say nothing of a subject, and numbers."""
    return {stem(word) for word, _, _ in tokens(text) if word not in COMMON and not word.isdigit()}
