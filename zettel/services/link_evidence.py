"""Collect the evidence for links that a note lacks, from its own text, the full-text index and the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice, pairwise
from math import log

from zettel.adapters.fulltext.index import FullTextIndex
from zettel.adapters.fulltext.segment import StoredText
from zettel.adapters.fulltext.stem import stem
from zettel.adapters.fulltext.term_stats import NAME_SHARE
from zettel.model.base.errors import Unreadable
from zettel.model.graph.graph import is_structure_text
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.search.filter import Filter
from zettel.model.search.score import WordMatches
from zettel.model.suggest.insertion_points import Mention
from zettel.model.suggest.mentions import NameIndex, is_likely_mention, is_searchable_name
from zettel.model.suggest.restatement import MAX_SENTENCES, is_quotable, list_question_words, says_the_same, score_restatements
from zettel.model.suggest.score import LinkEvidence, NoteLinks, Tie, find_ties, score_title
from zettel.model.suggest.shared_words import SharedWord
from zettel.model.suggest.similarity import (
    build_term_bag,
    choose_query_terms,
    keep_top_with_ties,
    normalise_top_scores,
    score_similarities,
)
from zettel.model.text.prose import blank_links, find_sentence_starts
from zettel.model.text.stopwords import GENERIC_WORDS, STOP_WORDS
from zettel.model.text.tokens import split_words
from zettel.notebook.notebook import OpenNotebook
from zettel.services.shared_words import SharedWordFinder, list_own_words

MAX_CANDIDATES = 500
"""Most similar notes that are considered."""

MAX_SIMILAR_NOTES = 20
"""Most similar notes that count as a note's neighbours."""

MAX_NEIGHBOURS = 3
"""Linked notes, those with the fewest links, whose similar notes count as evidence."""

MAX_NEIGHBOUR_WORDS, MAX_NEIGHBOUR_STEMS = 40, 20
"""Words of a neighbour that are looked up, the most frequent ones, and stems that are used to compare it with other notes."""

MAX_NOTES_READ = 20
"""Maximum number of notes that are parsed to look for a note's names."""

MAX_LIST = 40
"""Number of links up to which a structure note is a reason to link two notes in it."""

MIN_COMMON_COUNT, MAX_TERM_SHARE = 50, 0.25
"""Notes are not compared by stems that are in more notes than both this number and this share of all notes."""

COMMON_MIN_NOTES, COMMON_SHARE = 4, 0.05
"""A word is common if more notes than both this number and this share of all notes contain it."""

MAX_DAY_SHARE, MAX_TAG_SHARE = 0.1, 0.02
"""A day or a tag says nothing if more than this share of all notes have it. Notes of one day may have been copied together."""

MentionsByPath = dict[str, list[Mention]]
"""Mentions by the path of a note."""


class EvidenceCollector:
    """The evidence for links of `note` to other notes, by their paths.

    Raises `Unreadable` if the note cannot be read.
    """

    def __init__(self, notebook: OpenNotebook, index: FullTextIndex, note: Note) -> None:
        self.notebook, self.note = notebook, note
        self._index = index.read_term_stats()
        self._links: dict[str, NoteLinks] = {}
        self._long_lists: dict[str, bool] = {}
        self.statistics = self._index.weights
        self.parsed = notebook.parse_file(note.path)
        self.bag = build_term_bag((note.title, *note.aliases), self.parsed.text, stem)
        self.query = {
            word_stem: weight for word_stem, weight in choose_query_terms(self.bag, self.statistics).items() if self._is_rare(word_stem)
        }
        self.own_words = list_own_words(note, self.parsed)
        self._finder: SharedWordFinder | None = None
        self.mentions: MentionsByPath = {}
        self.mentioned_in: MentionsByPath = {}
        self.shared_tags = self._score_shared_tags()
        self._similarities = self._score_similar(self.query, MAX_CANDIDATES)
        self._named = self._index.match_titles(self._weigh_own_words())
        self._titles = self._score_titles()
        self.question = self._build_question()
        self._restatements = self._score_restatements()
        self._ties = self._find_ties()
        self._same_day = self._score_same_day()
        self._folders = self._score_folders()

    @property
    def linked_paths(self) -> frozenset[str]:
        """The notes that are already linked with the note, in either direction."""
        return self._find_links(self.note.path).neighbours

    def build_evidence(self) -> LinkEvidence:
        """Combine all evidence collected so far, to be scored."""
        return LinkEvidence(
            self._similarities,
            self._ties,
            self._score_rarity(self.mentions),
            self._score_rarity(self.mentioned_in),
            {path: sum(tags.values()) for path, tags in self.shared_tags.items()},
            self._titles,
            self._restatements,
            self._same_day,
            self._folders,
        )

    def read_text(self, path: str) -> StoredText:
        """Return the plain text and the headings of another note, empty if it is not indexed."""
        number = self._index.find_number(path)
        return self._index.reader.read_text(number) if number is not None else StoredText("", [])

    def find_telling_words(self, path: str) -> list[SharedWord]:
        """Return the telling words that the note shares with another outside of links, the heaviest first, those in titles before others."""
        if self._finder is None:
            self._finder = SharedWordFinder(
                self._index, self._index.find_number(self.note.path), self.note, self.parsed, self.query, self.own_words
            )
        return self._finder.find(self._index.find_number(path))

    # Mentions

    def find_mentions(self, paths: Iterable[str]) -> None:
        """Look for mentions of other notes in this one, and of this one in others: in the first `MAX_NOTES_READ` of `paths` that have a name of it.

        Sets `mentions` and `mentioned_in`. Skips notes that cannot be read.
        """
        for mention in self._find_mentions_in(self.note.path, self.parsed):
            self.mentions.setdefault(mention.target, []).append(mention)
        own, having = self._index.find_number(self.note.path), set[int]()
        for name in (self.note.title, *self.note.aliases):
            words = split_words(name)
            if is_searchable_name(words):
                having |= self._index.find_notes_with_phrase([stem(word) for word in words], own)
        having_paths = set(self._index.find_paths(having).values())
        for path in islice((path for path in paths if path in having_paths) if having_paths else (), MAX_NOTES_READ):
            try:
                parsed = self.notebook.parse_file(path)
            except Unreadable:
                continue
            mentions = [mention for mention in self._find_mentions_in(path, parsed) if mention.target == self.note.path]
            if mentions:
                self.mentioned_in[path] = mentions

    def _find_mentions_in(self, path: str, parsed: ParsedNote) -> list[Mention]:
        """Return the mentions in a note that probably refer to the note they name. Only the names that consist of its words are looked for."""
        words = {stem(word): word for line in parsed.text.split("\n") for word in split_words(line)}
        named = self._named if path == self.note.path else self._index.match_titles(dict.fromkeys(words, 0.0))
        numbers = {number for number, (_, share) in named.items() if share >= NAME_SHARE}
        numbers |= self._index.find_notes_with_alias(word_stem for word_stem, word in words.items() if word not in GENERIC_WORDS)
        notes = self.notebook.catalogue.find_notes_by_path(self._index.find_paths(numbers).values())
        names = NameIndex(((other.path, other.title, other.aliases) for _, other in sorted(notes.items())), stem)
        return [mention for mention in names.find_mentions(path, parsed) if is_likely_mention(mention, self._is_common)]

    def _is_rare(self, word_stem: str) -> bool:
        """Return whether a stem is rare enough to tell notes apart. Looking up a common one takes longer than all others together."""
        return self.statistics.document_frequency(word_stem) <= max(MIN_COMMON_COUNT, MAX_TERM_SHARE * self.statistics.note_count)

    def _is_common(self, word: str) -> bool:
        """Return whether so many notes contain a word that in lower case it is probably not a name."""
        return self.statistics.document_frequency(stem(word)) > max(COMMON_MIN_NOTES, self.statistics.note_count * COMMON_SHARE)

    def _score_rarity(self, mentions: MentionsByPath) -> dict[str, float]:
        """Return how rare the name is by which each note is mentioned. A name counts for something even if most notes contain its words."""
        return {
            path: max(log(2), sum(self.statistics.compute_idf(stem(word)) for word in split_words(found[0].name)))
            for path, found in mentions.items()
        }

    # Texts

    def _score_similar(self, query: dict[str, float], limit: int) -> dict[str, float]:
        """Return the `limit` notes most similar to the query by path, with their scores."""
        scores = keep_top_with_ties(score_similarities(query, self.statistics), limit)
        paths = self._index.find_paths(scores)
        return {paths[number]: score for number, score in scores.items()}

    def _weigh_own_words(self) -> dict[str, float]:
        """Return the stems of the note with their weights in a title: 0 for stop words, and for words that only stand in links."""
        weights = dict.fromkeys(self.bag.counts, 0.0)
        for word_stem, word in self.own_words.items():
            weights[word_stem] = 0.0 if word in GENERIC_WORDS or word in STOP_WORDS else self.statistics.compute_idf(word_stem)
        return weights

    def _score_titles(self) -> dict[str, float]:
        """Return the scores of the titles that have telling words of the note."""
        best = keep_top_with_ties({number: score_title(*match) for number, match in self._named.items() if match[0]}, MAX_CANDIDATES)
        paths = self._index.find_paths(best)
        return {paths[number]: score for number, score in best.items()}

    def _build_question(self) -> dict[str, WordMatches]:
        """Return the words of the note's title and first sentences by their stems, with where they are."""
        texts = [self.note.title, *islice(_list_sentences(self.parsed), MAX_SENTENCES)]
        words = {stem(word): word for word in reversed(list_question_words(texts))}
        return {word_stem: self._index.find_word(word, word_stem) for word_stem, word in words.items() if self._is_rare(word_stem)}

    def _score_restatements(self) -> dict[str, float]:
        """Return the scores of other notes in a search for the note's title and first sentences, as shares of its own."""
        own = self._index.find_number(self.note.path)
        if own is None:
            return {}
        scores = keep_top_with_ties(score_restatements(list(self.question.values()), self._index.reader.get_length, own), MAX_CANDIDATES)
        paths = self._index.find_paths(scores)
        return {paths[number]: score for number, score in scores.items()}

    def says_the_same(self, path: str, sentence: str) -> bool:
        """Return whether a sentence of another note says enough of this note's title and first sentences to be a reason for a link."""
        own, other = self._index.find_number(self.note.path), self._index.find_number(path)
        if own is None or other is None or not is_quotable(sentence):
            return False
        stems = self.question.keys() & set(map(stem, split_words(sentence)))
        shared = [self._index.describe_shared_word(word_stem, self.question[word_stem].typed, own, other) for word_stem in stems]
        return says_the_same(shared, self.statistics.note_count)

    def list_linked_notes(self, path: str) -> list[Note]:
        """Return the notes that another note links to, those with longer titles first."""
        notes = self.notebook.catalogue.find_notes_by_path(self.notebook.catalogue.list_neighbours(path, back=False))
        return sorted(notes.values(), key=lambda note: (-len(note.title), note.path))

    # Links, tags and days

    def _find_links(self, path: str) -> NoteLinks:
        if path not in self._links:
            out, back = self.notebook.catalogue.list_neighbours(path, back=False), self.notebook.catalogue.list_neighbours(path, out=False)
            self._links[path] = NoteLinks(frozenset(out), frozenset(back))
        return self._links[path]

    def _find_ties(self) -> dict[str, list[Tie]]:
        similar = normalise_top_scores(
            {path: score for path, score in self._similarities.items() if path != self.note.path}, MAX_SIMILAR_NOTES
        )
        beyond = self.notebook.catalogue.list_neighbour_links(self.note.path)
        self._links.update((path, NoteLinks(frozenset(out), frozenset(back))) for path, (out, back) in beyond.items())
        links = {path: self._find_links(path) for path in (self.note.path, *similar, *sorted(self.linked_paths))}
        closest = sorted(self.linked_paths, key=lambda path: (len(links[path].neighbours), path))[:MAX_NEIGHBOURS]
        like_neighbours = {}
        for path, other in self.notebook.catalogue.find_notes_by_path(closest).items():
            bag = build_term_bag((other.title, *other.aliases), _keep_frequent_words(self.read_text(path).text), stem)
            scores = self._score_similar(choose_query_terms(bag, self.statistics, MAX_NEIGHBOUR_STEMS), MAX_SIMILAR_NOTES + 1)
            like_neighbours[path] = normalise_top_scores(
                {other: score for other, score in scores.items() if other != path}, MAX_SIMILAR_NOTES
            )
        return find_ties(self.note.path, links, similar, like_neighbours)

    def _score_shared_tags(self) -> dict[str, dict[str, float]]:
        """Return the rare tags that each other note shares with the note, and how rare each tag is."""
        shared: dict[str, dict[str, float]] = {}
        for tag, paths in self.notebook.catalogue.find_notes_by_shared_tag(
            self.note.path, MAX_TAG_SHARE, self.notebook.list_unsorted_tags()
        ):
            for path in paths:
                shared.setdefault(path, {})[tag] = log(self.statistics.note_count / (len(paths) + 1))
        return shared

    def _score_same_day(self) -> dict[str, float]:
        """Return the notes that were written on the same day, with the rarity of that day."""
        from zettel.model.text.fast_datetime import date, timedelta

        try:
            day = date.fromisoformat(self.note.created[:10])
        except ValueError:
            return {}
        following = day + timedelta(days=1) if day < date.max else day
        paths = self.notebook.catalogue.list_paths(Filter(after=str(day), before=str(following)))
        if not 1 < len(paths) <= MAX_DAY_SHARE * self.statistics.note_count:
            return {}
        return dict.fromkeys(paths, log(self.statistics.note_count / len(paths)))

    def _score_folders(self) -> dict[str, float]:
        """Return the folder of the note and those above it, with the rarity of the notes in them."""
        found: dict[str, float] = {}
        folder = self.note.path.rpartition("/")[0]
        while folder:
            count = sum(path.startswith(folder + "/") for path in self._index.reader.paths)
            found[folder] = log(self.statistics.note_count / count) if 0 < count < self.statistics.note_count else 0.0
            folder = folder.rpartition("/")[0]
        return found

    def is_long_list(self, path: str) -> bool:
        """Return whether a note mostly lists links to many others. That two notes are in one long list is not a reason to link them."""
        if path not in self._long_lists:
            links = self._find_links(path)
            note = self.notebook.catalogue.find_notes_by_path([path]).get(path) if len(links.targets) > MAX_LIST else None
            self._long_lists[path] = note is not None and is_structure_text(note.words, note.tags, len(links.targets))
        return self._long_lists[path]


def _keep_frequent_words(text: str) -> str:
    """Return the words that a text has most often, as often as it has them, without stop words. Stemming all words would take longer."""
    counts = Counter(word for line in text.split("\n") for word in split_words(line) if word not in STOP_WORDS)
    return " ".join(f"{word} " * count for word, count in counts.most_common(MAX_NEIGHBOUR_WORDS))


def find_subject_stems(text: str) -> set[str]:
    """Return the stems of a text's words, without stop words and numbers."""
    return {stem(word) for word in split_words(text) if word not in STOP_WORDS and not word.isdigit()}


def _list_sentences(parsed: ParsedNote) -> Iterable[str]:
    """Yield the sentences of a note's text, without headings and the words of links."""
    for passage in parsed.passages:
        if not passage.level:
            prose = blank_links(passage.prose)
            for start, end in pairwise([*find_sentence_starts(prose), len(prose)]):
                yield prose[start:end]
