"""Collect the evidence for links that one note lacks, from the full-text index, the catalogue and the note itself."""

from __future__ import annotations

from math import log

from zettel.adapters.fulltext import FullTextIndex
from zettel.adapters.stemming import stem
from zettel.model.errors import Unreadable
from zettel.model.exploring.commonwords import STOP_WORDS
from zettel.model.exploring.likeness import (
    build_term_bag,
    choose_query_terms,
    keep_top_with_ties,
    normalise_top_scores,
    score_shared_terms,
    score_similarities,
)
from zettel.model.exploring.mentions import NameIndex, is_likely_mention, is_searchable_name
from zettel.model.exploring.missing import LinkEvidence, NoteLinks, Tie, find_ties
from zettel.model.exploring.places import Mention
from zettel.model.note import Note
from zettel.model.prose import blank_links
from zettel.model.reading import ParsedNote
from zettel.model.tokens import tokenise
from zettel.notebook import OpenNotebook

MAX_CANDIDATES = 500
"""Most similar notes that are considered."""

MAX_SIMILAR_NOTES = 20
"""Most similar notes that count as a note's neighbours."""

MAX_NEIGHBOURS = 5
"""Linked notes, those with the fewest links, whose similar notes count as evidence."""

MAX_NEIGHBOUR_STEMS = 30
"""Stems of a neighbour that are used to compare it with other notes."""

MAX_NOTES_READ = 20
"""Maximum number of notes that are parsed to look for a note's names."""

MAX_RARE_WORDS = 3
"""Words of a name, the rarest ones, that a note must contain to be parsed."""

COMMON_MIN_NOTES, COMMON_SHARE = 4, 0.05
"""A word is common if more notes than both this number and this share of all notes contain it."""

MentionsByPath = dict[str, list[Mention]]
"""Mentions by the path of a note."""


class EvidenceCollector:
    """The evidence for links of `note` to other notes, by their paths.

    Raises `Unreadable` if the note cannot be read.
    """

    def __init__(self, notebook: OpenNotebook, index: FullTextIndex, note: Note, names: NameIndex) -> None:
        self.notebook, self.note, self.names = notebook, note, names
        self._index = index.read_term_stats()
        self._links: dict[str, NoteLinks] = {}
        self._numbers: dict[str, int | None] = {}
        self.statistics = self._index.weights
        self.parsed = notebook.parse_file(note.path)
        self.bag = build_term_bag((note.title, *note.aliases), self.parsed.text, stem)
        self.query = choose_query_terms(self.bag, self.statistics)
        self.mentions: MentionsByPath = {}
        for mention in self._find_mentions(note.path, self.parsed):
            self.mentions.setdefault(mention.target, []).append(mention)
        self.mentioned_in: MentionsByPath = {}
        self.shared_tags = self._score_shared_tags()
        self._similarities = self._score_similar(self.query, MAX_CANDIDATES)
        self._ties = self._find_ties()

    @property
    def linked_paths(self) -> frozenset[str]:
        """The notes that are already linked with the note, in either direction."""
        return self._find_links(self.note.path).neighbours

    def build_evidence(self) -> LinkEvidence:
        """Combine all evidence collected so far, to be scored."""
        return LinkEvidence(
            self._similarities, self._ties, self._score_rarity(self.mentions), self._score_rarity(self.mentioned_in), self._sum_tag_rarity()
        )

    def find_shared_stems(self, path: str) -> dict[str, float]:
        """Return the stems that the note shares with another and their weights, the heaviest first."""
        return score_shared_terms(self.query, self.statistics, self._find_number(path))

    def find_mentions_in(self, paths: list[str]) -> None:
        """Look for mentions of the note in the first `MAX_NOTES_READ` of these notes that contain the rarest words of one of its names.

        Adds them to `mentioned_in`. Skips notes that cannot be read.
        """
        phrases = [[word for word, _, _ in tokenise(name)] for name in (self.note.title, *self.note.aliases)]
        stems = [
            sorted(set(map(stem, phrase)), key=lambda word: (self.statistics.document_frequency(word), word))
            for phrase in phrases
            if is_searchable_name(phrase)
        ]
        postings = [list(map(self.statistics.postings, phrase[:MAX_RARE_WORDS])) for phrase in stems]
        candidates = [path for path in paths if any(all(self._find_number(path) in numbers for numbers in phrase) for phrase in postings)]
        for path in candidates[:MAX_NOTES_READ]:
            try:
                parsed = self.notebook.parse_file(path)
            except Unreadable:
                continue
            mentions = [mention for mention in self._find_mentions(path, parsed) if mention.target == self.note.path]
            if mentions:
                self.mentioned_in[path] = mentions

    def find_own_stems(self) -> frozenset[str]:
        """Return the stems of the note's words that also occur outside of links, without stop words and numbers."""
        texts = [*(blank_links(passage.prose) for passage in self.parsed.passages), self.note.title, *self.note.aliases]
        return frozenset(word_stem for text in texts for word_stem in find_subject_stems(text))

    def _find_mentions(self, path: str, parsed: ParsedNote) -> list[Mention]:
        """Return the mentions in a note that probably refer to the note they name."""
        return [mention for mention in self.names.find_mentions(path, parsed) if is_likely_mention(mention, self._is_common)]

    def _is_common(self, word: str) -> bool:
        """Return whether so many notes contain a word that in lower case it is probably not a name."""
        return self.statistics.document_frequency(stem(word)) > max(COMMON_MIN_NOTES, self.statistics.note_count * COMMON_SHARE)

    def _find_number(self, path: str) -> int | None:
        if path not in self._numbers:
            self._numbers[path] = self._index.find_number(path)
        return self._numbers[path]

    def _find_links(self, path: str) -> NoteLinks:
        if path not in self._links:
            out, back = self.notebook.list_neighbours(path, back=False), self.notebook.list_neighbours(path, out=False)
            self._links[path] = NoteLinks(frozenset(out), frozenset(back))
        return self._links[path]

    def _score_similar(self, query: dict[str, float], limit: int) -> dict[str, float]:
        """Return the `limit` notes most similar to the query by path, with their scores."""
        scores = keep_top_with_ties(score_similarities(query, self.statistics), limit)
        paths = self._index.find_paths(scores)
        self._numbers.update((path, number) for number, path in paths.items())
        return {paths[number]: score for number, score in scores.items()}

    def _find_ties(self) -> dict[str, list[Tie]]:
        similar = normalise_top_scores(
            {path: score for path, score in self._similarities.items() if path != self.note.path}, MAX_SIMILAR_NOTES
        )
        beyond = self.notebook.list_neighbour_links(self.note.path)
        self._links.update((path, NoteLinks(frozenset(out), frozenset(back))) for path, (out, back) in beyond.items())
        links = {path: self._find_links(path) for path in (self.note.path, *similar, *sorted(self.linked_paths))}
        closest = sorted(self.linked_paths, key=lambda path: (len(links[path].neighbours), path))[:MAX_NEIGHBOURS]
        like_neighbours = {}
        for path, other in self.notebook.find_notes_by_path(closest).items():
            query = choose_query_terms(
                build_term_bag((other.title, *other.aliases), self.notebook.read_plain_text(path), stem),
                self.statistics,
                MAX_NEIGHBOUR_STEMS,
            )
            scores = self._score_similar(query, MAX_SIMILAR_NOTES + 1)
            like_neighbours[path] = normalise_top_scores(
                {other: score for other, score in scores.items() if other != path}, MAX_SIMILAR_NOTES
            )
        return find_ties(self.note.path, links, similar, like_neighbours)

    def _score_rarity(self, mentions: MentionsByPath) -> dict[str, float]:
        """Return how rare the name is by which each note is mentioned. A name counts for something even if most notes contain its words."""
        return {
            path: max(log(2), sum(self.statistics.compute_idf(stem(word)) for word, _, _ in tokenise(found[0].name)))
            for path, found in mentions.items()
        }

    def _score_shared_tags(self) -> dict[str, dict[str, float]]:
        """Return the rare tags that each other note shares with the note, and how rare each tag is."""
        shared: dict[str, dict[str, float]] = {}
        for tag, paths in self.notebook.find_notes_by_shared_tag(self.note.path):
            for path in paths:
                shared.setdefault(path, {})[tag] = log(self.statistics.note_count / (len(paths) + 1))
        return shared

    def _sum_tag_rarity(self) -> dict[str, float]:
        return {path: sum(tags.values()) for path, tags in self.shared_tags.items()}


def find_subject_stems(text: str) -> set[str]:
    """Return the stems of a text's words, without stop words and numbers."""
    return {stem(word) for word, _, _ in tokenise(text) if word not in STOP_WORDS and not word.isdigit()}
