"""Score missing links: collect the evidence for a link between two notes, weigh it, and describe it.

The kinds of evidence, each worth about 1 at its best:

- words: the similarity of the two texts (see `zettel.model.suggest.similarity`), divided by that of the most similar note
  that is not linked, plus 1.2 w / (w + 5) times the share of the other's title that stands in this note, where w is the sum of log(N / df)
  over the words of the title;
- restatement: 0.3 times the score of the other note in a search for the title and the first sentences of this one, as a share of this
  one's own score (see `zettel.model.suggest.restatement`);
- shared neighbours: the Adamic-Adar index (2003), the sum of 1 / log(2 + degree) over the notes that both are linked with,
  which covers co-citation (Small 1973) and bibliographic coupling (Kessler 1963). A note that is similar to one of the two
  counts as its neighbour, weighted by the similarity. The sum is divided by the best of all candidates, and what neighbours that both
  notes are linked with contribute counts 1.2 times;
- names: a mention of the other note in this one counts 1.5 r / (r + 3), where r is the sum of log(N / df) over the words of
  the name. A mention of this note in the other one counts a third of that;
- the day and the folder: that both were written on the same day counts up to 0.9, on the same curve, the more the fewer notes are of that
  day, and that both are in the same folder, or below it, up to 0.8.

Shared tags add at most 0.2, on the same curve. Tags, days and folders count only beside other evidence. The exact constants matter little: see `tests/bench/missing_links.py`. Evidence ranks
suggestions, but only some of it is a reason that a person accepts (`Reason.is_sufficient`). A note without one is not suggested.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from zettel.model.base.value import value
from zettel.model.note import note as notes
from zettel.model.note.note import Note
from zettel.model.suggest.insertion_points import InsertionPoint, SentenceEnd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import ReasonRecord, RelatedRecord

_MENTION_WEIGHT, _MENTIONED_WEIGHT, _TAGS_WEIGHT, _DAY_WEIGHT, _FOLDER_WEIGHT = 1.5, 0.5, 0.2, 0.9, 0.8
"""Maximum scores of a mention in the note, of a mention in the other note, of shared tags, and of the same day and folder."""

_TITLE_WEIGHT, _RESTATEMENT_WEIGHT = 1.2, 0.3
"""Maximum score of a title whose words the note has, and score of a note that says the same as well as the note itself."""

_DIRECT_WEIGHT = 1.2
"""Weight of a tie through a note that both are linked with, compared with one through a similar note."""

_HALF_SCORE_RARITY, _HALF_SCORE_TITLE = 3.0, 5.0
"""The rarity at which names, tags, days and folders reach half of their maximum score, and the same for the words of a title."""


@value
class Suggestion:
    """A note that might well be linked with another: the `reasons`, heaviest first, and the `score` they add up to.

    `insertion_point` is where the link would be inserted, in either of the two notes.
    """

    note: Note
    score: float
    reasons: tuple[Reason, ...]
    insertion_point: InsertionPoint

    @property
    def main_reasons(self) -> tuple[Reason, ...]:
        """The reasons to show to people: the two heaviest of those that are sufficient. A quoted sentence shows shared words by itself."""
        sufficient = [reason for reason in self.reasons if reason.is_sufficient]
        has_quote = any(reason.kind == "restatement" for reason in sufficient)
        return tuple(reason for reason in sufficient if not (has_quote and reason.kind == "words"))[:2]

    @property
    def why(self) -> str:
        """The main reasons on one line, for people."""
        return "; ".join(reason.text for reason in self.main_reasons)


def suggestion_to_record(suggestion: Suggestion) -> RelatedRecord:
    """Return the JSON record of a suggestion: the note, the score and the reasons."""
    reasons: list[ReasonRecord] = [
        {"kind": reason.kind, "text": reason.text, "weight": round(reason.weight, 4), "notes": list(reason.notes)}
        for reason in suggestion.reasons
    ]
    return {**notes.note_to_record(suggestion.note), "score": round(suggestion.score, 4), "reasons": reasons}


class Tie(NamedTuple):
    """An indirect connection of two notes by way of a third one, `through`: its kind (one of `TIES`) and its weight."""

    kind: str
    through: str
    weight: float


class NoteLinks(NamedTuple):
    """The notes that a note links to, and those that link to it."""

    targets: frozenset[str]
    sources: frozenset[str]

    @property
    def neighbours(self) -> frozenset[str]:
        """Its neighbours in either direction."""
        return self.targets | self.sources


def saturate_rarity(maximum: float, rarity: float) -> float:
    """Return the score of a name, tag or day of this rarity. It approaches `maximum`, and is half of it at `_HALF_SCORE_RARITY`."""
    return maximum * rarity / (rarity + _HALF_SCORE_RARITY)


def score_title(weight: float, share: float) -> float:
    """Return the score of a title: `weight` is that of its words that the note has, and `share` is how much of the title they are."""
    return _TITLE_WEIGHT * share * weight / (weight + _HALF_SCORE_TITLE)


def find_ties(
    note: str,
    links: Mapping[str, NoteLinks],
    similar_to_note: Mapping[str, float],
    similar_to_neighbours: Mapping[str, Mapping[str, float]],
) -> dict[str, list[Tie]]:
    """Return the ties of a note to others, by their paths. The note itself and its neighbours are among them.

    `links` must hold the links of the note, of its neighbours and of the notes in `similar_to_note`. `similar_to_note` maps similar
    notes to their similarity (1 for the most similar); `similar_to_neighbours` does the same for some of the neighbours.
    """
    own = links[note]
    found: dict[str, list[Tie]] = {}
    for through in sorted(own.neighbours):
        its, weight = links[through], _score_adamic_adar(links[through])
        for other in its.neighbours:
            if through in own.sources and other in its.targets:
                kind = CITED_TOGETHER
            elif through in own.targets and other in its.sources:
                kind = CITES_THE_SAME
            else:
                kind = BETWEEN
            found.setdefault(other, []).append(Tie(kind, through, weight))
        for other, similarity in similar_to_neighbours.get(through, {}).items():
            if other not in its.neighbours:
                found.setdefault(other, []).append(Tie(LIKE_A_NEIGHBOUR, through, weight * similarity))
    for through, similarity in similar_to_note.items():
        weight = similarity * _score_adamic_adar(links[through])
        for other in links[through].neighbours if through not in own.neighbours else ():
            found.setdefault(other, []).append(Tie(LIKE_A_CITER, through, weight))
    return found


def _score_adamic_adar(links: NoteLinks) -> float:
    return 1 / math.log(2 + len(links.neighbours))


class LinkEvidence(NamedTuple):
    """The evidence for links of one note, by the paths of the others.

    `similarities` are similarities, `titles` the scores of titles, `restatements` scores as shares of the note's own, and `mentions`,
    `mentioned`, `tags` and `same_day` rarities. `folders` are the rarities of the note's folder and those above it, by their paths.
    """

    similarities: Mapping[str, float]
    ties: Mapping[str, list[Tie]]
    mentions: Mapping[str, float]
    mentioned: Mapping[str, float]
    tags: Mapping[str, float]
    titles: Mapping[str, float] = MappingProxyType({})
    restatements: Mapping[str, float] = MappingProxyType({})
    same_day: Mapping[str, float] = MappingProxyType({})
    folders: Mapping[str, float] = MappingProxyType({})

    def score_notes(self, excluded: Iterable[str]) -> dict[str, dict[str, float]]:
        """Return the score of each kind of reason for every note that is not `excluded`."""
        out = set(excluded)
        company = {path: math.fsum(tie.weight for tie in found) for path, found in self.ties.items() if path not in out}
        words = {path: score for path, score in self.similarities.items() if path not in out}
        most_company, most_words = max(company.values(), default=1.0), max(words.values(), default=1.0)
        found: dict[str, dict[str, float]] = {}
        for path, score in words.items():
            found.setdefault(path, {})["words"] = score / most_words
        for path, score in self.titles.items():
            if path not in out:
                parts = found.setdefault(path, {})
                parts["words"] = parts.get("words", 0.0) + score
        for path in company:
            parts = found.setdefault(path, {})
            for tie in self.ties[path]:
                weight = tie.weight * (_DIRECT_WEIGHT if tie.kind in DIRECT_TIES else 1.0)
                parts[tie.kind] = parts.get(tie.kind, 0.0) + weight / most_company
        for kind, most, rarities in (("mention", _MENTION_WEIGHT, self.mentions), ("mentioned", _MENTIONED_WEIGHT, self.mentioned)):
            for path, rarity in rarities.items():
                if path not in out and rarity > 0:
                    found.setdefault(path, {})[kind] = saturate_rarity(most, rarity)
        for path, score in self.restatements.items():
            if path not in out:
                found.setdefault(path, {})["restatement"] = _RESTATEMENT_WEIGHT * score
        for kind, most, rarities in (("tags", _TAGS_WEIGHT, self.tags), ("same-day", _DAY_WEIGHT, self.same_day)):
            for path in rarities.keys() & found.keys():  # by themselves they say too little
                if rarities[path] > 0:
                    found[path][kind] = saturate_rarity(most, rarities[path])
        for path, parts in found.items() if self.folders else ():
            rarity = self._find_folder_rarity(path)
            if rarity > 0:
                parts["same-folder"] = saturate_rarity(_FOLDER_WEIGHT, rarity)
        return found

    def _find_folder_rarity(self, path: str) -> float:
        """Return the rarity of the deepest folder that the note shares with another, 0 if it shares none."""
        folder = path.rpartition("/")[0]
        while folder and folder not in self.folders:
            folder = folder.rpartition("/")[0]
        return self.folders.get(folder, 0.0)


def rank_candidates(scores: Mapping[str, Mapping[str, float]], limit: int) -> list[tuple[str, float]]:
    """Return (path, score) of the `limit` best notes, best first. Ties are ordered by path."""
    totals = [(-round(math.fsum(parts.values()), 9), path) for path, parts in scores.items()]
    return [(path, -total) for total, path in sorted(totals)[:limit] if total < 0]


def choose_sentence(
    sentences: Iterable[tuple[SentenceEnd, Collection[str]]], weights: Mapping[str, float], names: Collection[str]
) -> SentenceEnd | None:
    """Return the sentence with the greatest total weight of stems, the first of several equally good ones.

    `sentences` come with their stems. Returns None unless a sentence has one of the stems in `names`, or any two.
    """
    chosen, most = None, 0.0
    for sentence, stems in sentences:
        found = weights.keys() & stems
        weight = math.fsum(weights[stem] for stem in found)
        if weight > most + 1e-9 and (len(found) > 1 or not found.isdisjoint(names)):
            chosen, most = sentence, weight
    return chosen


def describe_tie(kind: str, titles: list[str]) -> str:
    """Describe ties of one kind for people. `titles` are those of the third notes, the heaviest first."""
    is_one = len(titles) == 1
    them = f'"{titles[0]}"' + ("" if is_one else f" and {len(titles) - 1} other{'' if len(titles) == 2 else 's'}")
    if kind == CITED_TOGETHER:
        return f"{them} link{'s' if is_one else ''} to both"
    if kind == CITES_THE_SAME:
        return f"both link to {them}"
    if kind == BETWEEN:
        return f"connected through {them}"
    if kind == LIKE_A_CITER:
        return f"linked with {them}, which {'is' if is_one else 'are'} similar to this note"
    return f"similar to {them}, which {'is' if is_one else 'are'} linked with this note"


CITED_TOGETHER, CITES_THE_SAME, BETWEEN = "cited-together", "cites-the-same", "between"
LIKE_A_CITER, LIKE_A_NEIGHBOUR = "linked-with-alike", "like-a-neighbour"
DIRECT_TIES = (CITED_TOGETHER, CITES_THE_SAME, BETWEEN)
TIE_KINDS = (CITED_TOGETHER, CITES_THE_SAME, BETWEEN, LIKE_A_CITER, LIKE_A_NEIGHBOUR)
"""How a third note connects two others: it links to both; both link to it; it lies between them; it is similar to the first
and linked with the second; it is linked with the first and similar to the second."""


@value
class Reason:
    """A reason for a link between two notes.

    `kind` is stable: `mention`, `mentioned`, `restatement`, `words`, `tags`, `same-day`, `same-folder`, or one of `TIE_KINDS`. `text` is for people.
    `weight` is its share of the score, and `notes` are the paths of third notes that it refers to. A person accepts the reason by itself
    if it `is_sufficient`.
    """

    kind: str
    text: str
    weight: float
    notes: tuple[str, ...] = ()
    is_sufficient: bool = True
