"""Find the mentions of other notes in a note, and of the note in others: whole titles and aliases, and telling parts of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from zettel.adapters.fulltext.index import FullTextIndex
from zettel.adapters.fulltext.stem import stem
from zettel.model.base.errors import Unreadable
from zettel.model.base.progress import SilentProgress
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.suggest.insertion_points import Mention
from zettel.model.suggest.mentions import NameIndex, NamePart, is_searchable_name
from zettel.model.suggest.title_parts import NameParts, choose_names
from zettel.model.text.tokens import split_words
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session

MAX_NOTES_WITH_PART = 5
"""A part of a name means its note only if at most this many notes have it, besides that note and those that link to it."""

COMMON_WORD_SHARE = 0.1
"""A part needs a word that at most this share of all notes have, or `MAX_NOTES_WITH_PART` notes."""

MentionHit = tuple[str, str, list[Mention]]
"""(direction, the other note's path, its mentions: whole names first, each kind in reading order)."""


def find_mentions(session: Session, note: Note, *, out: bool, back: bool) -> list[MentionHit]:
    """Return the mentions of other notes in `note` (`out`), in reading order, and those of `note` in others (`back`), the likeliest first."""
    notebook = session.open_notebook()
    names = notebook.load_names()
    progress = session.console.choose_progress()

    def query(index: FullTextIndex) -> list[MentionHit]:
        rarity = PartRarity(notebook, index)
        found = _find_mentions_in(notebook, note, names, rarity) if out else []
        if back:
            paths = _find_candidates(index, note, rarity)
            with (progress or SilentProgress)("Reading notes", len(paths)) as step:
                for path in paths:
                    step(path)
                    if mentions := _find_mentions_of(notebook, note, path, names, rarity):
                        found.append(("back", path, mentions))
        return found

    return notebook.query_fulltext(query, progress)


class PartRarity:
    """Tells whether parts of names are rare enough to mean their notes. Looks up each phrase once."""

    def __init__(self, notebook: OpenNotebook, index: FullTextIndex) -> None:
        self._notebook, self._reader = notebook, index.reader
        self._in_texts: dict[tuple[str, ...], set[str]] = {}
        self._in_names: dict[tuple[str, ...], set[str]] = {}
        self._linking: dict[str, set[str]] = {}

    def find_notes_with(self, part: NamePart) -> set[str]:
        """Return the paths of the notes whose text has all phrases of a part."""
        return reduce(set.__and__, (self._find(phrase, self._in_texts, ("body",)) for phrase in part.phrases))

    def is_telling(self, part: NamePart) -> bool:
        """Return whether the part means its note: no other note's title or alias has it, few other notes do, and one of its words is rare.

        Notes that link to the note are not counted: they have the part in the words of their links.
        """
        named = reduce(set.__and__, (self._find(phrase, self._in_names, ("title", "alias")) for phrase in part.phrases))
        if named - {part.path}:
            return False
        if part.path not in self._linking:
            self._linking[part.path] = {part.path, *self._notebook.catalogue.list_neighbours(part.path, out=False)}
        own = self._linking[part.path]
        if len(self.find_notes_with(part) - own) > MAX_NOTES_WITH_PART:
            return False
        most = max(MAX_NOTES_WITH_PART, COMMON_WORD_SHARE * self._reader.note_count)
        words = {word for phrase in part.phrases for word in (phrase[0], phrase[-1])}
        counts = sorted((self._reader.count_notes_with("body", stem(word)), word) for word in words)
        return counts[0][0] <= most or any(len(self._find((word,), self._in_texts, ("body",)) - own) <= most for _, word in counts)

    def _find(self, phrase: tuple[str, ...], known: dict[tuple[str, ...], set[str]], fields: Sequence[str]) -> set[str]:
        if phrase not in known:
            stems, paths = [stem(word) for word in phrase], self._reader.paths
            known[phrase] = {paths[number] for field in fields for number in self._reader.read_phrase_matches(field, stems)}
        return known[phrase]


def _find_mentions_in(notebook: OpenNotebook, note: Note, names: NameIndex, rarity: PartRarity) -> list[MentionHit]:
    """Find the notes that `note` mentions, in reading order, those of which it has only parts of names last."""
    parsed = notebook.parse_file(note.path)
    likely = choose_names(names.list_names(), (passage.prose for passage in parsed.passages if not passage.level))
    by_target: dict[str, list[Mention]] = {}
    for mention in _list_mentions(note.path, parsed, names, NameParts(likely, stem, rarity.is_telling)):
        by_target.setdefault(mention.target, []).append(mention)
    return [("out", path, places) for path, places in by_target.items()]


def _find_mentions_of(notebook: OpenNotebook, note: Note, path: str, names: NameIndex, rarity: PartRarity) -> list[Mention]:
    """Return the mentions of `note` in the note at `path`. Returns none if it cannot be read."""
    try:
        parsed = notebook.parse_file(path)
    except Unreadable:
        return []
    own = NameParts(((note.path, name) for name in (note.title, *note.aliases)), stem, rarity.is_telling)
    return [mention for mention in _list_mentions(path, parsed, names, own) if mention.target == note.path]


def _list_mentions(path: str, parsed: ParsedNote, names: NameIndex, parts: NameParts) -> list[Mention]:
    return [*names.find_mentions(path, parsed), *names.find_part_mentions(path, parsed, parts.match)]


def _find_candidates(index: FullTextIndex, note: Note, rarity: PartRarity) -> list[str]:
    """Return the paths of the notes that have a name of `note`, those with most of it first, and then of those that have a telling part."""
    reader = index.reader
    scores: dict[int, float] = {}
    for phrase in _list_phrases((note.title, *note.aliases)):
        matches = reader.read_phrase_matches("body", [stem(word) for word in phrase])
        for number, score in reader.sum_frequencies([("body", matches)]).items():
            scores[number] = max(score, scores.get(number, 0.0))
    whole = sorted((-round(score, 6), reader.paths[number]) for number, score in scores.items())
    parts = NameParts(((note.path, name) for name in (note.title, *note.aliases)), stem, rarity.is_telling).list_parts()
    partly = {path for part in parts if rarity.find_notes_with(part) and rarity.is_telling(part) for path in rarity.find_notes_with(part)}
    ranked = [path for _, path in whole]
    return [path for path in (*ranked, *sorted(partly.difference(ranked))) if path != note.path]


def _list_phrases(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the words of the names that are worth looking for, without duplicates."""
    phrases = (tuple(split_words(name)) for name in names)
    return [words for words in dict.fromkeys(phrases) if is_searchable_name(list(words))]
