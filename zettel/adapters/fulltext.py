"""The full-text index, by Whoosh, using only what Whoosh 2.7 has too. It may be deleted at any time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from whoosh import index, query
from whoosh.analysis import Analyzer, Token
from whoosh.fields import ID, KEYWORD, STORED, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.scoring import BM25F
from whoosh.searching import Searcher
from whoosh.support.levenshtein import damerau_levenshtein

from zettel.adapters import private
from zettel.adapters.sealing import status_of_all
from zettel.adapters.stemindex import StemIndex
from zettel.adapters.stemming import stem
from zettel.model.searching import Days, Question, Tagged, Term, Wanted
from zettel.model.text import fold
from zettel.model.tokens import tokens

VERSION = "4"
"""Of the schema and the analyser; an index of another version is made anew."""

WEIGHTS = {"title": 4.0, "alias": 4.0, "heading": 2.0, "label": 2.0, "body": 1.0}
"""Where a word may stand, and what it counts for there; `label` are the words of tags."""

BATCH = 2000
"""Notes between two commits, so that an interrupted first index goes on where it stopped."""

NAMES = ("title", "alias", "heading", "label")
"""Fields whose words are also kept apart in `word`, as `=title=strategy`, for beginnings that are looked for in one of them."""

APART = 100
"""Words between two lines, so that no phrase reaches from one paragraph, heading or alias into the next."""


class StemAnalyzer(Analyzer):  # type: ignore[misc]
    """Words as `zettel.model.searching.tokens` finds them, stemmed."""

    def __call__(self, value: str, positions: bool = False, start_pos: int = 0, **_: Any) -> Iterator[Token]:
        """Yield Whoosh's one reused token for every word of `value`."""
        token = Token(positions, False, removestops=True, mode="")
        token.boost = 1.0
        place = start_pos
        for line in value.split("\n"):
            for word, _start, _end in tokens(line):
                token.text = stem(word)
                token.stopped = False
                if positions:
                    token.pos = place
                yield token
                place += 1
            place += APART


def schema() -> Schema:
    """The fields: those of WEIGHTS as stems, `word` as written (for beginnings and typing errors), and the exact ones."""
    texts = {name: TEXT(analyzer=StemAnalyzer()) for name in WEIGHTS}
    return Schema(
        path=ID(unique=True, stored=True),
        id=ID(),
        created=ID(),
        tag=KEYWORD(commas=True),
        word=KEYWORD(scorable=False),
        key=STORED,
        **texts,
    )


class Entry(NamedTuple):
    """What the index holds of one note."""

    path: str
    id: str | None
    title: str
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    created: str
    headings: list[str]
    text: str


class FullText:
    """The full-text index in a folder (None: in memory)."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._index: Any = None
        self._opened: Any = None

    @property
    def _reader(self) -> Any:
        """What reads the index as it is now; opening its segments takes longer than most questions, so it is done once."""
        if self._opened is None:
            self._opened = self._index.reader()
        return self._opened

    def open(self, seal: str | None) -> bool:
        """Open the index if it is as it was when it had this seal; else say False, and `make` a new one.

        Nothing in the folder is read before: Whoosh unpickles what it finds.
        """
        if not self._folder or not seal or self.seal() != seal:
            self._index = None
        elif self._index is None:
            self._index = index.open_dir(self._folder)
            self._opened = self._index.reader()
        return self._index is not None

    def seal(self) -> str:
        """What changes when anything in the folder does (see `zettel.adapters.sealing`); empty if there is nothing."""
        found = status_of_all(self._folder) if self._folder else ""
        return found and f"{VERSION}\n{found}"

    def make(self) -> None:
        """Make an empty index."""
        self._opened = None
        if not self._folder:
            self._index = RamStorage().create_index(schema())
            return
        private.remove(self._folder)
        with private.Masked():
            os.mkdir(self._folder)
            self._index = index.create_in(self._folder, schema())

    def update(self, paths: list[str], entry: Callable[[str], Entry | None], done: Callable[[list[str]], None]) -> None:
        """Take up the notes at `paths` as they are now, and drop those that `entry` knows no more.

        `done` is called with the paths of each batch once it is on the disk.
        """
        self._opened = None
        for start in range(0, len(paths), BATCH):
            batch = paths[start : start + BATCH]
            fresh = self._index.is_empty()
            with private.Masked():
                writer = self._index.writer(timeout=60.0) if self._folder else self._index.writer()
                try:
                    for path in batch:
                        found = entry(path)
                        if not fresh:
                            writer.delete_by_term("path", path)
                        if found:
                            _add(writer, found)
                except BaseException:
                    writer.cancel()
                    raise
                writer.commit()
                done(batch)

    def search(self, question: Question, *, any_word: bool = False) -> list[tuple[str, float]]:
        """(path, score) of the notes that answer a question, best first; `any_word`: one of its words is enough."""
        searcher = Searcher(self._reader, weighting=BM25F(), fromindex=self._index)
        hits = searcher.search(_query(searcher, question, any_word=any_word), limit=None)
        return sorted(((hit["path"], hit.score) for hit in hits), key=lambda found: (-round(found[1], 6), found[0]))

    def count(self) -> int:
        """The number of notes in the index."""
        return int(self._index.doc_count())

    def stems(self) -> StemIndex:
        """What the index tells of stems, as it is now."""
        return StemIndex(self._reader)

    def unknown(self, question: Question) -> list[Term]:
        """The terms of a question of which the whole notebook has none."""
        searcher = Searcher(self._reader, fromindex=self._index)
        return [term for term in question.terms if searcher.search(_term(searcher, term), limit=1).is_empty()]

    def nearest(self, word: str, most: int = 3) -> list[str]:
        """The words of the notebook nearest to a folded word: within one edit, or two from eight letters on, if its first letter is right."""
        if len(word) < 3:
            return []
        from difflib import SequenceMatcher

        near: set[str] = set()
        tries = ((1, 1), (1, 0), (2, 1)) if len(word) >= 8 else ((1, 1), (1, 0))
        for distance, same in tries:
            near = near or self._within(word, distance, same)
        rated = sorted((-SequenceMatcher(None, word, found).ratio(), -self._notes_with(found), found) for found in near)
        return [found for _, _, found in rated[:most]]

    def _within(self, word: str, distance: int, same: int) -> set[str]:
        """The words of the notebook within so many edits of a word that begin with its first `same` letters."""
        letters = set(word)
        likely = [
            found
            for found in _beginning(self._reader, word[:same])
            if abs(len(found) - len(word)) <= distance and len(letters.symmetric_difference(found)) <= 2 * distance
        ]
        return {found for found in likely if damerau_levenshtein(word, found, limit=distance) <= distance and self._notes_with(found)}

    def _notes_with(self, word: str) -> int:
        """How many notes have a word; the index also lists words, and counts notes, that are gone until it next puts itself in order."""
        return sum(1 for _ in self._reader.postings("word", word).all_ids())


def _add(writer: Any, entry: Entry) -> None:
    aliases = " \n ".join(entry.aliases)
    headings = " \n ".join(entry.headings)
    words = {word for text in (entry.title, aliases, " ".join(entry.tags), entry.text) for word, _, _ in tokens(text)}
    parts = zip(NAMES, (entry.title, aliases, headings, " ".join(entry.tags)), strict=True)
    words |= {f"={name}={word}" for name, text in parts for word, _, _ in tokens(text)}
    writer.add_document(
        path=entry.path,
        id=entry.id or "",
        title=entry.title,
        alias=aliases,
        tag=",".join(sorted(_with_parents(entry.tags))),
        created=entry.created[:10],
        heading=headings,
        label=" \n ".join(entry.tags),
        body=entry.text,
        word=" ".join(sorted(words)),
    )


def _with_parents(tags: Iterable[str]) -> set[str]:
    keys: set[str] = set()
    for tag in tags:
        parts = fold(tag).replace(",", " ").split("/")
        keys.update("/".join(parts[: depth + 1]) for depth in range(len(parts)))
    return keys


def _query(searcher: Any, question: Question, *, any_word: bool) -> Any:
    needed = [query.Or([_clause(searcher, wanted) for wanted in either]) for either in question.all_of]
    if not needed:
        needed = [query.Every("path")]
    found = query.Or(needed) if any_word else query.And(needed)
    if question.none_of:
        return query.And([found, query.Not(query.Or([_clause(searcher, wanted) for wanted in question.none_of]))])
    return found


def _clause(searcher: Any, wanted: Wanted) -> Any:
    if isinstance(wanted, Tagged):
        return query.Term("tag", wanted.key)
    if isinstance(wanted, Days):
        return query.TermRange("created", wanted.first or None, wanted.last or None, endexcl=True)
    return _term(searcher, wanted)


def _term(searcher: Any, term: Term) -> Any:
    """A word in any of the text fields, a phrase in one of them, or every word with this beginning."""
    if term.field == "id" or (not term.field and len(term.tokens) == 1 and term.tokens[0].isdigit() and len(term.tokens[0]) >= 4):
        by_id = query.Prefix("id", "".join(term.tokens))
        return by_id if term.field else query.Or([by_id, _in_fields(searcher, term)])
    return _in_fields(searcher, term)


def _in_fields(searcher: Any, term: Term) -> Any:
    weights = {term.field: 1.0} if term.field else WEIGHTS
    if term.is_prefix and len(term.tokens) > 1:
        ends = sorted({stem(word) for word in _beginning(searcher.reader(), term.tokens[-1])})
        starts = [stem(word) for word in term.tokens[:-1]]
        return query.Or([query.Phrase(field, [*starts, end], boost=weight) for field, weight in weights.items() for end in ends])
    if term.is_prefix:
        stems = {stem(word) for word in _beginning(searcher.reader(), term.tokens[0])}
        anywhere = query.Or([query.Term(field, found, boost=weight) for found in sorted(stems) for field, weight in weights.items()])
        own = f"={term.field}=" if term.field in NAMES else ""
        return query.And([query.Prefix("word", own + term.tokens[0]), anywhere]) if stems else query.NullQuery
    stems_in_order = [stem(word) for word in term.tokens]
    if len(stems_in_order) == 1:
        return query.Or([query.Term(field, stems_in_order[0], boost=weight) for field, weight in weights.items()])
    return query.Or([query.Phrase(field, stems_in_order, boost=weight) for field, weight in weights.items()])


def _beginning(reader: Any, start: str) -> list[str]:
    """The words of the notebook that begin so."""
    return [word.decode() if isinstance(word, bytes) else word for word in reader.expand_prefix("word", start)]
