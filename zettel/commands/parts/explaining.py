"""Explain suggested links: the reasons in words, and where each link would be inserted."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.commands.parts.clues import EvidenceCollector, find_subject_stems
from zettel.model.exploring.missing import LinkEvidence, choose_sentence, describe_tie
from zettel.model.exploring.places import InsertionPoint, find_note_end, list_sentence_ends
from zettel.model.exploring.reasons import Reason, join_names
from zettel.model.note import Note

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
        notes = clues.notebook.find_notes_by_path(through)
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
