"""Choose pairs of similar but distant notes for a review, different ones each day."""

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
"""Notes drawn for each pair, and the notebook size from which only half as many are drawn, as each is compared with all others."""

STEMS, ALIKE = 30, 50
"""Stems of a note that are used to compare it with others, and most similar notes that are considered."""

FEWEST, TOLD = 2, 3
"""Minimum number of words that two notes must share, and maximum number that the reason lists."""


def surprises(session: Session, notes: Sequence[Note], day: date, most: int) -> list[Item]:
    """Choose at most `most` pairs of notes that are similar but far apart, no note twice. The choice stays the same for all of `day`."""
    chosen = drawn(notes, day, most * DRAWN // (1 + (len(notes) > LARGE)))
    if len(notes) < 2 or not chosen:
        return []
    notebook = session.notebook()
    return notebook.ask_fulltext(lambda index: list(_Pairs(notebook, index, notes).of(chosen, most)), session.progress())


class _Pairs:
    """Finds pairs with the full-text index and the link graph."""

    def __init__(self, notebook: Notebook, index: FullText, notes: Sequence[Note]) -> None:
        self._notebook, self._index = notebook, index.stems()
        self._graph = adjacency(notebook.connection)
        self._by_path = {note.path: note for note in notes}
        self._dismissed = dismissed.read(notebook.root)

    def of(self, chosen: Sequence[Note], most: int) -> Iterator[Item]:
        """Yield the pairs of `chosen` notes with others, the most surprising first."""
        pairs = [pair for note in chosen for pair in self._pairs(note)]
        used: set[str] = set()
        for _, note, other, why in sorted(pairs, key=lambda pair: (pair[0], pair[1].handle, pair[1].path, pair[2].path)):
            if len(used) < 2 * most and used.isdisjoint((note.path, other.path)):
                used |= {note.path, other.path}
                yield Item(SURPRISE, note, why, other=other)

    def _pairs(self, note: Note) -> Iterator[tuple[float, Note, Note, str]]:
        """Yield the pairs of one note as (negative surprise, note, other note, reason), so that the best one sorts first."""
        statistics = self._index.words
        own = bag((note.title, *note.aliases), self._notebook.text(note.path), stem)
        query = {word_stem: weight for word_stem, weight in telling(own, statistics, STEMS).items() if own.written[word_stem] not in COMMON}
        scores = foremost(alike(query, statistics), ALIKE)
        number = self._index.number(note.path)
        self_similarity = itself(own, statistics, number) if number is not None else 0.0
        if not self_similarity:
            return
        paths = self._index.paths(scores)
        others = {number: path for number, path in paths.items() if path in self._by_path and self._is_open(note, path)}
        rows = finding.rows_of(self._notebook.connection, [note.path, *others.values()])
        start, *ends = self._graph.numbers(rows)
        numbers = dict(zip(ends, others, strict=True))
        similarities = {end: scores[number] / self_similarity for end, number in numbers.items()}
        hops = hops_from(start, self._graph.both.of_all)
        for pair in surprising(start, similarities, hops):
            number = numbers[pair.other]
            shared = [own.written[word_stem] for word_stem in in_common(query, statistics, number)]
            if len(shared) >= FEWEST:
                yield -round(pair.surprise, 9), note, self._by_path[others[number]], _why(shared[:TOLD], pair)

    def _is_open(self, note: Note, path: str) -> bool:
        other = self._by_path[path]
        return path != note.path and other.title != note.title and dismissed.pair(note.handle, other.handle) not in self._dismissed


def _why(words: list[str], pair: Found) -> str:
    apart = f"{pair.hops} links apart" if pair.hops else "no path between them"
    return f"share the words {listed(words)}; {apart}"
