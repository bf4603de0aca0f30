"""Two notes that surprisingly belong together, others each day. Used by review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from zettel.adapters import dismissed, finding
from zettel.adapters.adjacency import adjacency
from zettel.adapters.fulltext import FullText
from zettel.adapters.stemming import stem
from zettel.model.exploring.commonwords import COMMON
from zettel.model.exploring.likeness import alike, bag, foremost, in_common, itself, telling
from zettel.model.exploring.reasons import listed
from zettel.model.exploring.surprise import Found, drawn, hops_from, surprising
from zettel.model.note import Note
from zettel.model.review import SURPRISE, Item
from zettel.notebook import Notebook
from zettel.session import Session

DRAWN, LARGE = 8, 3000
"""Notes drawn for each pair, half as many in a notebook of more notes than this: each is held against all others."""

STEMS, ALIKE = 30, 50
"""Stems of a note that others are compared by, and the notes most like it that are looked at."""

FEWEST, TOLD = 2, 3
"""Words that two notes have in common at least, and that are told at most."""


def surprises(session: Session, notes: Sequence[Note], day: date, most: int) -> list[Item]:
    """At most so many pairs of notes that are much alike and far apart, no note twice; the same for all of a day."""
    chosen = drawn(notes, day, most * DRAWN // (1 + (len(notes) > LARGE)))
    if len(notes) < 2 or not chosen:
        return []
    notebook = session.notebook()
    return notebook.ask_fulltext(lambda index: list(_Pairs(notebook, index, notes).of(chosen, most)), session.progress())


class _Pairs:
    """What is asked of the full-text index and the link graph for pairs."""

    def __init__(self, notebook: Notebook, index: FullText, notes: Sequence[Note]) -> None:
        self._notebook, self._index = notebook, index.stems()
        self._graph = adjacency(notebook.connection)
        self._by_path = {note.path: note for note in notes}
        self._dismissed = dismissed.read(notebook.root)

    def of(self, chosen: Sequence[Note], most: int) -> Iterator[Item]:
        """The pairs of `chosen` notes with others, the most surprising first."""
        found = [pair for note in chosen for pair in self._pairs(note)]
        taken: set[str] = set()
        for _, note, other, why in sorted(found, key=lambda pair: (pair[0], pair[1].handle, pair[1].path, pair[2].path)):
            if len(taken) < 2 * most and taken.isdisjoint((note.path, other.path)):
                taken |= {note.path, other.path}
                yield Item(SURPRISE, note, why, other=other)

    def _pairs(self, note: Note) -> Iterator[tuple[float, Note, Note, str]]:
        """The pairs of one note, with what they are ranked by, the best least, and why they belong together."""
        words = self._index.words
        own = bag((note.title, *note.aliases), self._notebook.text(note.path), stem)
        query = {found: weight for found, weight in telling(own, words, STEMS).items() if own.written[found] not in COMMON}
        scores = foremost(alike(query, words), ALIKE)
        number = self._index.number(note.path)
        whole = itself(own, words, number) if number is not None else 0.0
        if not whole:
            return
        paths = self._index.paths(scores)
        others = {number: path for number, path in paths.items() if path in self._by_path and self._is_open(note, path)}
        rows = finding.rows_of(self._notebook.connection, [note.path, *others.values()])
        start, *ends = self._graph.numbers(rows)
        numbers = dict(zip(ends, others, strict=True))
        likenesses = {end: scores[number] / whole for end, number in numbers.items()}
        hops = hops_from(start, self._graph.both.of_all)
        for pair in surprising(start, likenesses, hops):
            number = numbers[pair.other]
            shared = [own.written[found] for found in in_common(query, words, number)]
            if len(shared) >= FEWEST:
                yield -round(pair.surprise, 9), note, self._by_path[others[number]], _why(shared[:TOLD], pair)

    def _is_open(self, note: Note, path: str) -> bool:
        other = self._by_path[path]
        return path != note.path and other.title != note.title and dismissed.pair(note.handle, other.handle) not in self._dismissed


def _why(words: list[str], pair: Found) -> str:
    apart = f"{pair.hops} links apart" if pair.hops else "no path between them"
    return f"share the words {listed(words)}; {apart}"
