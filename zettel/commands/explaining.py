"""Why a link is suggested, in words, and where it would go."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.adapters.stems import stem
from zettel.commands.clues import Clues
from zettel.model.commonwords import STOP
from zettel.model.missing import Evidence, Reason, best_sentence, listed, said
from zettel.model.places import Place, sentences
from zettel.model.searching import tokens

SHARED = 4
"""Words in common that are told at most, of those that tell at least a quarter of what the first does."""


class Explanation:
    """The reasons and places of the links that a note misses."""

    def __init__(self, clues: Clues, evidence: Evidence) -> None:
        self._clues, self._evidence = clues, evidence
        places = sentences(clues.note.path, clues.reading)
        self._sentences = [(place, frozenset(stem(word) for word, _, _ in tokens(place.sentence))) for place in places]

    def reasons(self, path: str, parts: Mapping[str, float]) -> tuple[Reason, ...]:
        """The reasons for a link with the note at `path`, the heaviest first; `parts` says what each kind of reason is worth."""
        reasons = [self._reason(path, kind, weight) for kind, weight in parts.items()]
        return tuple(sorted(reasons, key=lambda reason: (-round(reason.weight, 9), reason.kind)))

    def place(self, path: str) -> Place | None:
        """Where the link would go: a mention in either of the notes, else the sentence that has most in common with the other note."""
        mentions = [*self._clues.mentions.get(path, []), *self._clues.mentioned.get(path, [])]
        return mentions[0] if mentions else best_sentence(self._sentences, self._clues.shared(path))

    def _reason(self, path: str, kind: str, weight: float) -> Reason:
        clues = self._clues
        if kind == "mention":
            return Reason(kind, f'mentions "{clues.mentions[path][0].words}"', weight)
        if kind == "mentioned":
            return Reason(kind, f'is mentioned there as "{clues.mentioned[path][0].words}"', weight)
        if kind == "tags":
            return Reason(kind, f"both have {listed(['#' + tag for tag in clues.tags[path]])}", weight)
        if kind == "words":
            return Reason(kind, self._words(path), weight)
        tied = [tie for tie in self._evidence.ties[path] if tie.kind == kind]
        through = [tie.through for tie in sorted(tied, key=lambda tie: (-round(tie.weight, 9), tie.through))]
        titles = [other.title for other in clues.notebook.by_paths(through).values()]
        return Reason(kind, said(kind, titles), weight, tuple(through))

    def _words(self, path: str) -> str:
        shared = self._clues.shared(path)
        least = max(shared.values(), default=0.0) / 4
        words = [self._clues.bag.written[found] for found, weight in shared.items() if weight >= least]
        told = [word for word in words if word not in STOP][:SHARED] or words[:1]
        return f"share the word{'s' if len(told) > 1 else ''} {', '.join(told)}"
