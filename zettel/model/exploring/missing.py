"""Links that are missing: what speaks for one, how much, and why in words.

Three things speak for a link from one note to another, each worth about 1 at its best:

- words: how alike the two texts are (see `zettel.model.exploring.likeness`), as a part of the most alike note that is not linked;
- company: the Adamic-Adar index (2003), the sum of 1 / log(2 + degree) over the notes both are linked with, which counts
  co-citation (Small 1973) and bibliographic coupling (Kessler 1963). A note that is only much like one of the two
  counts among its neighbours as far as it is like it. As a part of the best company that a note has;
- names: a mention of the one in the other counts 1.5 r / (r + 3), r being the sum of log(N / df) over the name's words,
  and a third of that where it stands in the other note.

Tags in common add at most 0.2, by the same curve. The constants matter little: `tests/bench/missing_links.py`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from zettel.model import note as notes
from zettel.model.exploring.places import Place, Sentence
from zettel.model.exploring.reasons import BETWEEN, CITED_TOGETHER, CITES_THE_SAME, LIKE_A_CITER, LIKE_A_NEIGHBOUR, Reason
from zettel.model.note import Note
from zettel.model.value import value

MENTION, MENTIONED, TAGS = 1.5, 0.5, 0.2
"""What a mention in the note, one in the other note, and tags in common count at most."""

HALFWAY = 3.0
"""The rarity from which on names and tags count for more than half."""


@value
class Suggestion:
    """A note that another is not linked with but might well be: `reasons` and the `score` they add up to, the heaviest first.

    `place` is where the link would go, in either of the two notes.
    """

    note: Note
    score: float
    reasons: tuple[Reason, ...]
    place: Place

    @property
    def main_reasons(self) -> tuple[Reason, ...]:
        """The two heaviest reasons that make up at least a tenth of the score: what people are shown."""
        return tuple(reason for reason in self.reasons if reason.weight >= self.score / 10)[:2]

    @property
    def why(self) -> str:
        """The main reasons on one line."""
        return "; ".join(reason.text for reason in self.main_reasons)


def record(suggestion: Suggestion) -> dict[str, object]:
    """The suggestion as JSON shows it: the note, the score and the reasons."""
    reasons = [
        {"kind": reason.kind, "text": reason.text, "weight": round(reason.weight, 4), "notes": list(reason.notes)}
        for reason in suggestion.reasons
    ]
    return {**notes.record(suggestion.note), "score": round(suggestion.score, 4), "reasons": reasons}


class Tie(NamedTuple):
    """A third note that ties two others together: how (one of `TIES`), which, and what it counts."""

    kind: str
    through: str
    weight: float


class Links(NamedTuple):
    """The notes that a note links to, and those that link to it."""

    out: frozenset[str]
    back: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Its neighbours either way."""
        return self.out | self.back


def rarely(most: float, rarity: float) -> float:
    """What a name or tag counts that is this rare: `most` for one that no other note has, half at `HALFWAY`."""
    return most * rarity / (rarity + HALFWAY)


def ties(
    note: str, links: Mapping[str, Links], like_note: Mapping[str, float], like_neighbours: Mapping[str, Mapping[str, float]]
) -> dict[str, list[Tie]]:
    """What ties a note to others, by their paths.

    `links` holds those of the note, of its neighbours and of the notes in `like_note`, which says how much notes are
    like it (1: the most); `like_neighbours` says the same of some of its neighbours.
    """
    own = links[note]
    found: dict[str, list[Tie]] = {}
    for through in sorted(own.all):
        its, weight = links[through], _weight(links[through])
        for other in its.all:
            if through in own.back and other in its.out:
                kind = CITED_TOGETHER
            elif through in own.out and other in its.back:
                kind = CITES_THE_SAME
            else:
                kind = BETWEEN
            found.setdefault(other, []).append(Tie(kind, through, weight))
        for other, likeness in like_neighbours.get(through, {}).items():
            if other not in its.all:
                found.setdefault(other, []).append(Tie(LIKE_A_NEIGHBOUR, through, weight * likeness))
    for through, likeness in like_note.items():
        weight = likeness * _weight(links[through])
        for other in links[through].all if through not in own.all else ():
            found.setdefault(other, []).append(Tie(LIKE_A_CITER, through, weight))
    return found


def _weight(links: Links) -> float:
    return 1 / math.log(2 + len(links.all))


class Evidence(NamedTuple):
    """All that speaks for links of one note, by the paths of the others: each in a measure of its own."""

    words: Mapping[str, float]
    ties: Mapping[str, list[Tie]]
    mentions: Mapping[str, float]
    mentioned: Mapping[str, float]
    tags: Mapping[str, float]

    def scores(self, excluded: Iterable[str]) -> dict[str, dict[str, float]]:
        """What each reason is worth, by kind, for every note that is not `excluded`."""
        out = set(excluded)
        company = {path: math.fsum(tie.weight for tie in found) for path, found in self.ties.items() if path not in out}
        words = {path: score for path, score in self.words.items() if path not in out}
        most_company, most_words = max(company.values(), default=1.0), max(words.values(), default=1.0)
        found: dict[str, dict[str, float]] = {}
        for path, score in words.items():
            found.setdefault(path, {})["words"] = score / most_words
        for path in company:
            parts = found.setdefault(path, {})
            for tie in self.ties[path]:
                parts[tie.kind] = parts.get(tie.kind, 0.0) + tie.weight / most_company
        named = (("mention", MENTION, self.mentions), ("mentioned", MENTIONED, self.mentioned), ("tags", TAGS, self.tags))
        for kind, most, rarities in named:
            for path, rarity in rarities.items():
                if path not in out and rarity > 0:
                    found.setdefault(path, {})[kind] = rarely(most, rarity)
        return found


def best(scores: Mapping[str, Mapping[str, float]], most: int) -> list[tuple[str, float]]:
    """(path, score) of the best notes, best first, and by path where they are as good."""
    totals = {path: round(math.fsum(parts.values()), 9) for path, parts in scores.items()}
    return sorted(((path, total) for path, total in totals.items() if total > 0), key=lambda item: (-item[1], item[0]))[:most]


def best_sentence(
    sentences: Iterable[tuple[Sentence, Collection[str]]], weights: Mapping[str, float], names: Collection[str]
) -> Sentence | None:
    """The sentence (given with its stems) in which the weightiest stems stand, the first of those as good; None if none has enough.

    Enough is one of the stems in `names`, or any two.
    """
    chosen, most = None, 0.0
    for sentence, stems in sentences:
        found = weights.keys() & stems
        weight = math.fsum(weights[stem] for stem in found)
        if weight > most + 1e-9 and (len(found) > 1 or not found.isdisjoint(names)):
            chosen, most = sentence, weight
    return chosen


def said(kind: str, titles: list[str]) -> str:
    """A tie in words: what third notes have to do with two others. `titles` are theirs, the weightiest first."""
    is_one = len(titles) == 1
    them = f'"{titles[0]}"' + ("" if is_one else f" and {len(titles) - 1} other{'' if len(titles) == 2 else 's'}")
    if kind == CITED_TOGETHER:
        return f"{them} link{'s' if is_one else ''} to both"
    if kind == CITES_THE_SAME:
        return f"both link to {them}"
    if kind == BETWEEN:
        return f"{them} lie{'s' if is_one else ''} between them"
    if kind == LIKE_A_CITER:
        return f"linked with {them}, which {'is' if is_one else 'are'} like this note"
    return f"like {them}, which {'is' if is_one else 'are'} linked with this note"
