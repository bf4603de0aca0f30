"""Suggest the links that a note lacks: collect the evidence, score it, give reasons, and choose where each link would go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from math import fsum, log

from zettel.adapters.fulltext.index import FullTextIndex
from zettel.adapters.fulltext.stem import stem
from zettel.adapters.zettel_dir import lists
from zettel.model.base.errors import Unreadable
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.search.filter import Filter
from zettel.model.suggest.insertion_points import InsertionPoint, Mention, find_note_end, list_sentence_ends
from zettel.model.suggest.mentions import NameIndex, is_likely_mention, is_searchable_name
from zettel.model.suggest.score import (
    LinkEvidence,
    NoteLinks,
    Reason,
    Suggestion,
    Tie,
    choose_sentence,
    describe_tie,
    find_ties,
    rank_candidates,
)
from zettel.model.suggest.similarity import (
    build_term_bag,
    choose_query_terms,
    keep_top_with_ties,
    normalise_top_scores,
    score_shared_terms,
    score_similarities,
)
from zettel.model.text.phrases import join_names
from zettel.model.text.prose import blank_links
from zettel.model.text.stopwords import STOP_WORDS
from zettel.model.text.tokens import tokenise
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session

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
            out, back = self.notebook.catalogue.list_neighbours(path, back=False), self.notebook.catalogue.list_neighbours(path, out=False)
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
        beyond = self.notebook.catalogue.list_neighbour_links(self.note.path)
        self._links.update((path, NoteLinks(frozenset(out), frozenset(back))) for path, (out, back) in beyond.items())
        links = {path: self._find_links(path) for path in (self.note.path, *similar, *sorted(self.linked_paths))}
        closest = sorted(self.linked_paths, key=lambda path: (len(links[path].neighbours), path))[:MAX_NEIGHBOURS]
        like_neighbours = {}
        for path, other in self.notebook.catalogue.find_notes_by_path(closest).items():
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
        for tag, paths in self.notebook.catalogue.find_notes_by_shared_tag(self.note.path):
            for path in paths:
                shared.setdefault(path, {})[tag] = log(self.statistics.note_count / (len(paths) + 1))
        return shared

    def _sum_tag_rarity(self) -> dict[str, float]:
        return {path: sum(tags.values()) for path, tags in self.shared_tags.items()}


def find_subject_stems(text: str) -> set[str]:
    """Return the stems of a text's words, without stop words and numbers."""
    return {stem(word) for word, _, _ in tokenise(text) if word not in STOP_WORDS and not word.isdigit()}


MAX_SHARED_WORDS = 3
"""Maximum number of shared words that a reason lists."""

MIN_SHARED_WEIGHT = 0.25
"""Minimum weight of a shared word that a reason lists, as a share of the heaviest one's. Twice as much is needed to choose a sentence."""


class Explainer:
    """The reasons and insertion points of the links that a note lacks."""

    def __init__(self, collector: EvidenceCollector, evidence: LinkEvidence) -> None:
        self._collector, self._evidence = collector, evidence
        points = list_sentence_ends(collector.note.path, collector.parsed)
        self._sentences = [(point, find_subject_stems(point.own_text)) for point in points]
        self._own_stems = collector.find_own_stems()

    def list_reasons(self, other: Note, scores: Mapping[str, float]) -> tuple[Reason, ...]:
        """Return the reasons for a link with another note, the heaviest first. `scores` holds the score of each kind of reason."""
        reasons = [self._build_reason(other, kind, weight) for kind, weight in scores.items()]
        return tuple(sorted(reasons, key=lambda reason: (-round(reason.weight, 9), reason.kind)))

    def choose_insertion_point(self, other: Note) -> InsertionPoint:
        """Choose where the link would be inserted: a mention in either note, else a sentence on the same subject, else the note's end.

        Each sentence is used for one link only, so call this in the order of the suggestions.
        """
        mentions = [*self._collector.mentions.get(other.path, []), *self._collector.mentioned_in.get(other.path, [])]
        if mentions:
            return mentions[0]
        shared = self._collector.find_shared_stems(other.path)
        minimum = max(shared.values(), default=0.0) * 2 * MIN_SHARED_WEIGHT
        heavy = {word_stem: weight for word_stem, weight in shared.items() if weight >= minimum}
        chosen = choose_sentence(self._sentences, heavy, _find_name_stems(other))
        if not chosen:
            return find_note_end(self._collector.note.path, self._collector.parsed)
        self._sentences = [item for item in self._sentences if item[0] is not chosen]
        return chosen

    def _build_reason(self, other: Note, kind: str, weight: float) -> Reason:
        clues, path = self._collector, other.path
        if kind == "mention":
            return Reason(kind, f'mentions "{clues.mentions[path][0].text}"', weight)
        if kind == "mentioned":
            return Reason(kind, f'is mentioned there as "{clues.mentioned_in[path][0].text}"', weight)
        if kind == "tags":
            return Reason(kind, f"both have {join_names(['#' + tag for tag in clues.shared_tags[path]])}", weight)
        if kind == "words":
            return Reason(kind, self._describe_shared_words(other), weight)
        ties = [tie for tie in self._evidence.ties[path] if tie.kind == kind]
        through = [tie.through for tie in sorted(ties, key=lambda tie: (-round(tie.weight, 9), tie.through))]
        notes = clues.notebook.catalogue.find_notes_by_path(through)
        titles = [notes[path].title for path in through]
        return Reason(kind, describe_tie(kind, titles), weight, tuple(through))

    def _describe_shared_words(self, other: Note) -> str:
        """Name the heaviest words that both notes share, those in titles first, without words that the note has only in links."""
        shared = self._collector.find_shared_stems(other.path)
        minimum = max(shared.values(), default=0.0) * MIN_SHARED_WEIGHT
        titles = self._collector.bag.title_stems | _find_name_stems(other)
        chosen = sorted(
            (word_stem for word_stem, weight in shared.items() if weight >= minimum), key=lambda word_stem: word_stem not in titles
        )
        words = [self._collector.bag.spellings[word_stem] for word_stem in chosen if word_stem in self._own_stems][:MAX_SHARED_WORDS]
        words = words or [self._collector.bag.spellings[word_stem] for word_stem in shared if word_stem in self._own_stems][:1]
        return (
            f"share the word{'s' if len(words) > 1 else ''} {', '.join(words)}" if words else "share only common words, or words of links"
        )


def _find_name_stems(note: Note) -> set[str]:
    """Return the stems of a note's title and aliases."""
    return {word_stem for name in (note.title, *note.aliases) for word_stem in find_subject_stems(name)}


MAX_NOTES_SCANNED = 100
"""Maximum number of notes, the best candidates, that are searched for mentions of a note."""


def suggest_links(session: Session, note: Note, limit: int) -> list[Suggestion]:
    """Return suggestions of notes to link with `note`, best first. Notes that are linked or dismissed are left out."""
    return build_suggester(session)(note, limit)


def build_suggester(session: Session) -> Callable[[Note, int], list[Suggestion]]:
    """Return a function that suggests links for one note after another. What all notes share is looked up only once."""
    notebook = session.open_notebook()
    names, pairs = notebook.load_names(), lists.read_dismissed(notebook.root)

    def suggest(note: Note, limit: int) -> list[Suggestion]:
        excluded = {note.path, *_find_dismissed(notebook, note, pairs)}
        return notebook.query_fulltext(
            lambda index: _rank_suggestions(notebook, index, note, names, excluded, limit), session.console.choose_progress()
        )

    return suggest


def suggest_link_between(session: Session, note: Note, other: Note) -> Suggestion | None:
    """Return the suggestion to link two notes, or None if they are linked or have nothing in common."""
    notebook = session.open_notebook()
    names = notebook.load_names()
    return notebook.query_fulltext(
        lambda index: _suggest_link(EvidenceCollector(notebook, index, note, names), other), session.console.choose_progress()
    )


def _suggest_link(collector: EvidenceCollector, other: Note) -> Suggestion | None:
    collector.find_mentions_in([other.path])
    evidence = collector.build_evidence()
    scores = evidence.score_notes(collector.linked_paths).get(other.path)
    if not scores:
        return None
    explanation = Explainer(collector, evidence)
    return Suggestion(other, fsum(scores.values()), explanation.list_reasons(other, scores), explanation.choose_insertion_point(other))


def suggest_for_least_linked(session: Session, limit: int) -> Iterator[tuple[Note, list[Suggestion]]]:
    """Yield every note that has suggestions, with at most `limit` of them.

    Isolated notes come first, then orphans, then the others by number of links. Newer notes come first among equals. Suggestions are
    computed lazily, note by note. Notes that cannot be read are skipped.
    """
    notebook, suggestions_of = session.open_notebook(), build_suggester(session)
    isolated, orphans = set(notebook.catalogue.list_orphans(isolated=True)), set(notebook.catalogue.list_orphans())
    newest = notebook.catalogue.list_notes(Filter(sort="created", descending=True))
    for note in sorted(newest, key=lambda note: (note.path not in isolated, note.path not in orphans, note.links + note.backlinks)):
        try:
            found = suggestions_of(note, limit)
        except Unreadable:
            continue
        if found:
            yield note, found


def _rank_suggestions(
    notebook: OpenNotebook, index: FullTextIndex, note: Note, names: NameIndex, excluded_paths: Collection[str], limit: int
) -> list[Suggestion]:
    clues = EvidenceCollector(notebook, index, note, names)
    excluded = {*excluded_paths, *clues.linked_paths}
    clues.find_mentions_in([path for path, _ in rank_candidates(clues.build_evidence().score_notes(excluded), MAX_NOTES_SCANNED)])
    evidence = clues.build_evidence()
    scores = evidence.score_notes(excluded)
    ranked = rank_candidates(scores, limit)
    others = notebook.catalogue.find_notes_by_path(path for path, _ in ranked)
    explanation = Explainer(clues, evidence)
    return [
        Suggestion(
            others[path], score, explanation.list_reasons(others[path], scores[path]), explanation.choose_insertion_point(others[path])
        )
        for path, score in ranked
        if path in others
    ]


def _find_dismissed(notebook: OpenNotebook, note: Note, pairs: Iterable[lists.DismissedPair]) -> set[str]:
    """Return the paths of the notes whose suggestion for `note` was dismissed."""
    handles = {handle for pair in pairs if note.handle in pair for handle in pair}
    return {other.path for handle in handles for other in notebook.catalogue.find_notes_by_handle(handle)}


MAX_EACH = 3
"""How many suggestions to show for each note if none is named."""


WALK_LIMIT = 100
"""How many suggestions for one note a walk shows."""
