"""Why a link is suggested, in words, and where it would go."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.commands.parts.clues import Clues, subject_stems
from zettel.model.exploring.missing import Evidence, best_sentence, said
from zettel.model.exploring.places import Place, end_of, sentences
from zettel.model.exploring.reasons import Reason, listed
from zettel.model.note import Note

SHARED = 3
"""Words in common that are told at most."""

TELLING = 0.25
"""What a word in common must weigh to be told, as a part of what the weightiest does; twice that to say where the link goes."""


class Explanation:
    """The reasons and places of the links that a note misses."""

    def __init__(self, clues: Clues, evidence: Evidence) -> None:
        self._clues, self._evidence = clues, evidence
        places = sentences(clues.note.path, clues.reading)
        self._sentences = [(place, subject_stems(place.own)) for place in places]
        self._own = clues.own_words()

    def reasons(self, other: Note, parts: Mapping[str, float]) -> tuple[Reason, ...]:
        """The reasons for a link with another note, the heaviest first; `parts` says what each kind of reason is worth."""
        reasons = [self._reason(other, kind, weight) for kind, weight in parts.items()]
        return tuple(sorted(reasons, key=lambda reason: (-round(reason.weight, 9), reason.kind)))

    def place(self, other: Note) -> Place:
        """Where the link would go: a mention in either of the notes, else a sentence that is about the same, else the note's end.

        A sentence takes one link only, so the places are to be asked for in the order of the suggestions.
        """
        mentions = [*self._clues.mentions.get(other.path, []), *self._clues.mentioned.get(other.path, [])]
        if mentions:
            return mentions[0]
        shared = self._clues.shared(other.path)
        least = max(shared.values(), default=0.0) * 2 * TELLING
        telling = {found: weight for found, weight in shared.items() if weight >= least}
        chosen = best_sentence(self._sentences, telling, _named(other))
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
        tied = [tie for tie in self._evidence.ties[path] if tie.kind == kind]
        through = [tie.through for tie in sorted(tied, key=lambda tie: (-round(tie.weight, 9), tie.through))]
        found = clues.notebook.by_paths(through)
        titles = [found[path].title for path in through]
        return Reason(kind, said(kind, titles), weight, tuple(through))

    def _words(self, other: Note) -> str:
        """The most telling words that both have, those of titles first; none that stand in the note only as a link's."""
        shared = self._clues.shared(other.path)
        least = max(shared.values(), default=0.0) * TELLING
        titles = self._clues.bag.named | _named(other)
        chosen = sorted((found for found, weight in shared.items() if weight >= least), key=lambda found: found not in titles)
        told = [self._clues.bag.written[found] for found in chosen if found in self._own][:SHARED]
        told = told or [self._clues.bag.written[found] for found in shared if found in self._own][:1]
        return f"share the word{'s' if len(told) > 1 else ''} {', '.join(told)}" if told else "share words of links or common ones only"


def _named(note: Note) -> set[str]:
    """The stems of a note's title and aliases."""
    return {found for name in (note.title, *note.aliases) for found in subject_stems(name)}
