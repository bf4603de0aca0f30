"""What `related` and `suggest` share: the links that a note misses, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import log

from zettel.adapters import dismissed
from zettel.adapters.fulltext import FullText
from zettel.adapters.stems import stem
from zettel.model.commonwords import STOP
from zettel.model.errors import Unreadable
from zettel.model.likeness import Bag, Words, alike, bag, foremost, nearest, telling
from zettel.model.mentions import Names, is_name
from zettel.model.missing import Evidence, Links, Reason, Suggestion, Tie, best, best_sentence, listed, said, ties
from zettel.model.note import Note
from zettel.model.places import Mention, Place, Sentence, sentences
from zettel.model.query import Filter
from zettel.model.searching import tokens
from zettel.notebook import Notebook
from zettel.session import Session

SIMILAR = 20
"""Notes most like one that count among its neighbours."""

ALIKE = 500
"""Notes most like one that are looked at."""

NEIGHBOURS = 5
"""Neighbours, those with the fewest links, whose likeness to other notes counts."""

NEIGHBOUR_STEMS = 40
"""Stems of a neighbour that others are compared by."""

LOOKED_INTO = 20
"""Notes at most in which the names of a note are looked for: the likeliest."""

RARE = 0.1
"""The share of all notes that may have a tag that still says something."""

SHARED = 4
"""Words in common that are told at most."""


def suggestions(session: Session, note: Note, limit: int) -> list[Suggestion]:
    """The notes that `note` is not linked with but might well be, best first; none that is linked, dismissed or `note` itself."""
    return _suggestions(session, note, limit, session.notebook().names())


def loosest(session: Session, limit: int) -> Iterator[tuple[Note, list[Suggestion]]]:
    """Every note that has suggestions, with at most `limit` of them: isolated ones first, then orphans, then by number of links, newest first.

    Each note is looked at when it is asked for, so the first comes at once.
    """
    notebook = session.notebook()
    names = notebook.names()
    isolated, orphans = set(notebook.orphans(isolated=True)), set(notebook.orphans())
    newest = notebook.notes(Filter(sort="created", descending=True))
    for note in sorted(newest, key=lambda note: (note.path not in isolated, note.path not in orphans, note.links + note.backlinks)):
        try:
            found = _suggestions(session, note, limit, names)
        except Unreadable:
            continue
        if found:
            yield note, found


def _suggestions(session: Session, note: Note, limit: int, names: Names) -> list[Suggestion]:
    return session.notebook().ask_fulltext(lambda index: _Search(session.notebook(), index, note, names).found(limit), session.progress())


class _Search:
    """The search for the links that one note misses."""

    def __init__(self, notebook: Notebook, index: FullText, note: Note, names: Names) -> None:
        self.notebook, self.index, self.note, self.names = notebook, index, note, names
        self.words: Words = index.words()
        self.reading = notebook.reading(note.path)
        self.bag = bag((note.title, *note.aliases), self.reading.text, stem)
        self.query = telling(self.bag, self.words)
        self.numbers: dict[str, int] = {}
        self.links: dict[str, Links] = {}

    def found(self, limit: int) -> list[Suggestion]:
        """The suggestions, best first."""
        note, notebook = self.note, self.notebook
        gone = dismissed.read(notebook.root)
        excluded = {note.path, *self._links(note.path).all}
        for pair in sorted(gone):
            if note.handle in pair:
                excluded.update(other.path for handle in pair for other in notebook.by_handle(handle))
        like = self._alike(self.query, ALIKE)
        mentions = self._mentions(note.path)
        evidence = Evidence(
            like, self._ties(like), {path: self._rarity(places[0].name) for path, places in mentions.items()}, {}, self._tags()
        )
        likeliest = [path for path, _ in best(evidence.scores(excluded), 5 * LOOKED_INTO)]
        mentioned = self._mentioned(likeliest)
        evidence = evidence._replace(mentioned={path: self._rarity(places[0].name) for path, places in mentioned.items()})
        scores = evidence.scores(excluded)
        ranked = best(scores, limit)
        notes = notebook.by_paths([path for path, _ in ranked])
        ends = [(place, frozenset(stem(word) for word, _, _ in tokens(place.sentence))) for place in sentences(note.path, self.reading)]
        return [
            Suggestion(
                notes[path],
                score,
                self._reasons(path, scores[path], evidence.ties.get(path, []), mentions.get(path, []), mentioned.get(path, [])),
                self._place(path, mentions.get(path, []), mentioned.get(path, []), ends),
            )
            for path, score in ranked
            if path in notes
        ]

    def _links(self, path: str) -> Links:
        if path not in self.links:
            out = frozenset(self.notebook.neighbours(path, back=False))
            self.links[path] = Links(out, frozenset(self.notebook.neighbours(path, out=False)))
        return self.links[path]

    def _alike(self, query: dict[str, float], most: int) -> dict[str, float]:
        """How much other notes are like the one that a query tells of, by path: the most alike."""
        scores = foremost(alike(query, self.words), most)
        paths = self.index.paths(scores)
        self.numbers.update((path, number) for number, path in paths.items())
        return {paths[number]: score for number, score in scores.items()}

    def _ties(self, like: dict[str, float]) -> dict[str, list[Tie]]:
        """What ties the note to others; the links of all who take part are asked for here."""
        similar = nearest({path: score for path, score in like.items() if path != self.note.path}, SIMILAR)
        own = self._links(self.note.path).all
        for path in (*similar, *own):
            self._links(path)
        closest = sorted(own, key=lambda path: (len(self.links[path].all), path))[:NEIGHBOURS]
        like_neighbours = {}
        for path, other in self.notebook.by_paths(closest).items():
            query = telling(bag((other.title, *other.aliases), self.notebook.text(path), stem), self.words, NEIGHBOUR_STEMS)
            scores = self._alike(query, SIMILAR + 1)
            scores.pop(path, None)
            like_neighbours[path] = nearest(scores, SIMILAR)
        return ties(self.note.path, self.links, similar, like_neighbours)

    def _mentions(self, path: str) -> dict[str, list[Mention]]:
        found: dict[str, list[Mention]] = {}
        for place in self.names.mentions(path, self.reading):
            found.setdefault(place.target, []).append(place)
        return found

    def _mentioned(self, likeliest: list[str]) -> dict[str, list[Mention]]:
        """Where the note is mentioned in the likeliest notes: in those looked into that have all words of one of its names."""
        phrases = [[word for word, _, _ in tokens(name)] for name in (self.note.title, *self.note.aliases)]
        having = [[self.words.postings(stem(word)) for word in phrase] for phrase in phrases if is_name(phrase)]
        fit = [path for path in likeliest if any(all(self.numbers.get(path) in there for there in postings) for postings in having)]
        found = {}
        for path in fit[:LOOKED_INTO]:
            try:
                reading = self.notebook.reading(path)
            except Unreadable:
                continue
            if places := [place for place in self.names.mentions(path, reading) if place.target == self.note.path]:
                found[path] = places
        return found

    def _rarity(self, name: str) -> float:
        return sum(self.words.rarity(stem(word)) for word, _, _ in tokens(name))

    def _tags(self) -> dict[str, float]:
        """How rare the tags are that others have in common with the note."""
        self.tags: dict[str, list[str]] = {}
        found: dict[str, float] = {}
        for tag, paths in self.notebook.sharing_tags(self.note.path):
            if paths and len(paths) < RARE * self.words.notes:
                for path in paths:
                    self.tags.setdefault(path, []).append(tag)
                    found[path] = found.get(path, 0.0) + log(self.words.notes / (len(paths) + 1))
        return found

    def _reasons(
        self, path: str, parts: dict[str, float], tied: list[Tie], mentions: list[Mention], mentioned: list[Mention]
    ) -> tuple[Reason, ...]:
        reasons = [self._reason(path, kind, weight, tied, [*mentions, *mentioned]) for kind, weight in parts.items()]
        return tuple(sorted(reasons, key=lambda reason: (-round(reason.weight, 9), reason.kind)))

    def _reason(self, path: str, kind: str, weight: float, tied: list[Tie], places: list[Mention]) -> Reason:
        if kind in ("mention", "mentioned"):
            words = next(place.words for place in places if (place.source == path) == (kind == "mentioned"))
            return Reason(kind, f'mentions "{words}"' if kind == "mention" else f'is mentioned there as "{words}"', weight)
        if kind == "words":
            told = list(self._shared(path))
            words = [word for found in told if (word := self.bag.written[found]) not in STOP][:SHARED] or [
                self.bag.written[found] for found in told[:1]
            ]
            return Reason(kind, f"share the word{'s' if len(words) > 1 else ''} {', '.join(words)}", weight)
        if kind == "tags":
            return Reason(kind, f"both have {listed(['#' + tag for tag in self.tags[path]])}", weight)
        through = sorted(
            {tie.through: tie for tie in tied if tie.kind == kind}.values(), key=lambda tie: (-round(tie.weight, 9), tie.through)
        )
        paths = tuple(tie.through for tie in through)
        titles = [other.title for other in self.notebook.by_paths(paths).values()]
        return Reason(kind, said(kind, titles), weight, paths)

    def _shared(self, path: str) -> dict[str, float]:
        """The stems that the note has in common with another, with what they tell, the most telling first."""
        number = self.numbers[path] if path in self.numbers else self.index.number(path)
        parts = {
            found: weight * self.words.rarity(found) * there
            for found, weight in self.query.items()
            if number is not None and (there := self.words.postings(found).get(number))
        }
        return dict(sorted(parts.items(), key=lambda item: (-round(item[1], 9), item[0])))

    def _place(
        self, path: str, mentions: list[Mention], mentioned: list[Mention], ends: Iterable[tuple[Sentence, frozenset[str]]]
    ) -> Place | None:
        """Where the link would go: a mention, else the sentence that shares most with the other note."""
        return next(iter([*mentions, *mentioned]), None) or best_sentence(ends, self._shared(path))
