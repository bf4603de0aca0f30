"""Collect the evidence for links that one note lacks, from the full-text index, the catalogue and the note itself."""

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
"""Most similar notes that are considered."""

SIMILAR = 20
"""Most similar notes that count as a note's neighbours."""

NEIGHBOURS = 5
"""Linked notes, those with the fewest links, whose similar notes count as evidence."""

NEIGHBOUR_STEMS = 30
"""Stems of a neighbour that are used to compare it with other notes."""

READ = 20
"""Maximum number of notes that are parsed to look for a note's names."""

RAREST = 3
"""Words of a name, the rarest ones, that a note must contain to be parsed."""

COMMON_AT_LEAST, COMMON_PART = 4, 0.05
"""A word is common if more notes than both this number and this share of all notes contain it."""

Places = dict[str, list[Mention]]
"""Mentions by the path of a note."""


class Clues:
    """The evidence for links of `note` to other notes, by their paths.

    Raises `Unreadable` if the note cannot be read.
    """

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
        for mention in self._mentions(note.path, self.reading):
            self.mentions.setdefault(mention.target, []).append(mention)
        self.mentioned: Places = {}
        self.tags = self._tags()
        self._like = self._alike(self.query, ALIKE)
        self._ties = self._tied()

    @property
    def linked(self) -> frozenset[str]:
        """The notes that are already linked with the note, in either direction."""
        return self._links_of(self.note.path).all

    def evidence(self) -> Evidence:
        """Combine all evidence collected so far, to be scored."""
        return Evidence(self._like, self._ties, self._rarities(self.mentions), self._rarities(self.mentioned), self._tag_rarities())

    def shared(self, path: str) -> dict[str, float]:
        """Return the stems that the note shares with another and their weights, the heaviest first."""
        return in_common(self.query, self.words, self._number(path))

    def look_into(self, likeliest: list[str]) -> None:
        """Look for mentions of the note in the first `READ` of these notes that contain the rarest words of one of its names.

        Adds them to `mentioned`. Skips notes that cannot be read.
        """
        phrases = [[word for word, _, _ in tokens(name)] for name in (self.note.title, *self.note.aliases)]
        stems = [
            sorted(set(map(stem, phrase)), key=lambda word: (self.words.frequency(word), word)) for phrase in phrases if is_name(phrase)
        ]
        postings = [list(map(self.words.postings, phrase[:RAREST])) for phrase in stems]
        candidates = [path for path in likeliest if any(all(self._number(path) in numbers for numbers in phrase) for phrase in postings)]
        for path in candidates[:READ]:
            try:
                parsed = self.notebook.reading(path)
            except Unreadable:
                continue
            mentions = [mention for mention in self._mentions(path, parsed) if mention.target == self.note.path]
            if mentions:
                self.mentioned[path] = mentions

    def own_words(self) -> frozenset[str]:
        """Return the stems of the note's words that also occur outside of links, without stop words and numbers."""
        texts = [*(without_links(passage.prose) for passage in self.reading.passages), self.note.title, *self.note.aliases]
        return frozenset(word_stem for text in texts for word_stem in subject_stems(text))

    def _mentions(self, path: str, reading: Reading) -> list[Mention]:
        """Return the mentions in a note that probably refer to the note they name."""
        return [mention for mention in self.names.mentions(path, reading) if is_telling(mention, self._is_common)]

    def _is_common(self, word: str) -> bool:
        """Return whether so many notes contain a word that in lower case it is probably not a name."""
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
        """Return the `most` notes most similar to the query by path, with their scores."""
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
        """Return how rare the name is by which each note is mentioned. A name counts for something even if most notes contain its words."""
        return {
            path: max(log(2), sum(self.words.rarity(stem(word)) for word, _, _ in tokens(found[0].name))) for path, found in places.items()
        }

    def _tags(self) -> dict[str, dict[str, float]]:
        """Return the rare tags that each other note shares with the note, and how rare each tag is."""
        shared: dict[str, dict[str, float]] = {}
        for tag, paths in self.notebook.sharing_tags(self.note.path):
            for path in paths:
                shared.setdefault(path, {})[tag] = log(self.words.notes / (len(paths) + 1))
        return shared

    def _tag_rarities(self) -> dict[str, float]:
        return {path: sum(tags.values()) for path, tags in self.tags.items()}


def subject_stems(text: str) -> set[str]:
    """Return the stems of a text's words, without stop words and numbers."""
    return {stem(word) for word, _, _ in tokens(text) if word not in COMMON and not word.isdigit()}
