"""Explain suggested links: the reasons in words, and where each link would be inserted."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.commands.parts.clues import Clues, subject_stems
from zettel.model.exploring.missing import Evidence, best_sentence, said
from zettel.model.exploring.places import Place, end_of, sentences
from zettel.model.exploring.reasons import Reason, listed
from zettel.model.note import Note

SHARED = 3
"""Maximum number of shared words that a reason lists."""

TELLING = 0.25
"""Minimum weight of a shared word that a reason lists, as a share of the heaviest one's. Twice as much is needed to choose a sentence."""


class Explanation:
    """The reasons and insertion points of the links that a note lacks."""

    def __init__(self, clues: Clues, evidence: Evidence) -> None:
        self._clues, self._evidence = clues, evidence
        points = sentences(clues.note.path, clues.reading)
        self._sentences = [(point, subject_stems(point.own)) for point in points]
        self._own = clues.own_words()

    def reasons(self, other: Note, parts: Mapping[str, float]) -> tuple[Reason, ...]:
        """Return the reasons for a link with another note, the heaviest first. `parts` holds the score of each kind of reason."""
        reasons = [self._reason(other, kind, weight) for kind, weight in parts.items()]
        return tuple(sorted(reasons, key=lambda reason: (-round(reason.weight, 9), reason.kind)))

    def place(self, other: Note) -> Place:
        """Choose where the link would be inserted: a mention in either note, else a sentence on the same subject, else the note's end.

        Each sentence is used for one link only, so call this in the order of the suggestions.
        """
        mentions = [*self._clues.mentions.get(other.path, []), *self._clues.mentioned.get(other.path, [])]
        if mentions:
            return mentions[0]
        shared = self._clues.shared(other.path)
        minimum = max(shared.values(), default=0.0) * 2 * TELLING
        heavy = {word_stem: weight for word_stem, weight in shared.items() if weight >= minimum}
        chosen = best_sentence(self._sentences, heavy, _named(other))
        if not chosen:
            return end_of(self._clues.note.path, self._clues.reading)
        self._sentences = [item for item in self._sentences if item[0] is not chosen]
        return chosen

    def _reason(self, other: Note, kind: str, weight: float) -> Reason:
        clues, path = self._clues, other.path
        if kind == "mention":
            return Reason(kind, f'mentions "{clues.mentions[path][0].words}"', weight)
        if kind == "mentioned":
            return Reason(kind, f'is mentioned there as "{clues.mentioned[path][0].words}"', weight)
        if kind == "tags":
            return Reason(kind, f"both have {listed(['#' + tag for tag in clues.tags[path]])}", weight)
        if kind == "words":
            return Reason(kind, self._words(other), weight)
        ties = [tie for tie in self._evidence.ties[path] if tie.kind == kind]
        through = [tie.through for tie in sorted(ties, key=lambda tie: (-round(tie.weight, 9), tie.through))]
        notes = clues.notebook.by_paths(through)
        titles = [notes[path].title for path in through]
        return Reason(kind, said(kind, titles), weight, tuple(through))

    def _words(self, other: Note) -> str:
        """Name the heaviest words that both notes share, those in titles first, without words that the note has only in links."""
        shared = self._clues.shared(other.path)
        minimum = max(shared.values(), default=0.0) * TELLING
        titles = self._clues.bag.named | _named(other)
        chosen = sorted(
            (word_stem for word_stem, weight in shared.items() if weight >= minimum), key=lambda word_stem: word_stem not in titles
        )
        words = [self._clues.bag.written[word_stem] for word_stem in chosen if word_stem in self._own][:SHARED]
        words = words or [self._clues.bag.written[word_stem] for word_stem in shared if word_stem in self._own][:1]
        return (
            f"share the word{'s' if len(words) > 1 else ''} {', '.join(words)}" if words else "share only common words, or words of links"
        )


def _named(note: Note) -> set[str]:
    """Return the stems of a note's title and aliases."""
    return {word_stem for name in (note.title, *note.aliases) for word_stem in subject_stems(name)}
