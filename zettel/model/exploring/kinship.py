"""What two notes have in common as far as the catalogue alone knows: words of their titles, tags, and neighbours.

Cheap enough to hold some dozen notes against all others; `zettel.model.exploring.missing` looks closer. Each thing in common counts by
how rare it is, log(N / number of notes that have it).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from math import log
from typing import NamedTuple

from zettel.model.exploring.commonwords import COMMON, NAMELESS
from zettel.model.exploring.reasons import BETWEEN, Reason, listed
from zettel.model.tags import UNSORTED
from zettel.model.value import value

SILENT = COMMON | NAMELESS
"""Words that tie no two titles together."""

MARKS = str.maketrans(dict.fromkeys(".,;:!?…\"'“”‘’«»()[]{}<>*_/#&–—-", " "))
"""What stands around and between the words of a title."""


@value
class Kin:
    """What best ties the note at `path` to one of several others, `other`: `reasons` and the `score` they add up to."""

    path: str
    other: str
    score: float
    reasons: tuple[Reason, ...]

    @property
    def why(self) -> str:
        """The reasons on one line."""
        return "; ".join(reason.text for reason in self.reasons)


class Known(NamedTuple):
    """What the catalogue knows: titles, folded and as they are; who shares a note's tags; its neighbours, each with its own."""

    folded: Mapping[str, str]
    title: Callable[[str], str]
    sharing_tags: Callable[[str], Iterable[tuple[str, list[str]]]]
    beyond: Callable[[str], Mapping[str, list[str]]]


def nearest_kin(asked: Iterable[tuple[Iterable[str], Collection[str]]], known: Known) -> dict[str, Kin]:
    """For every note of (notes, candidates) its nearest kin among these candidates; none for one that has nothing in common with them."""
    wanted = {path: candidates for paths, candidates in asked for path in paths if path in known.folded}
    sought = {path: _words(known.folded[path]) for path in wanted}
    having = _having({word for words in sought.values() for word in words}, known.folded)
    found = {}
    for path, words in sought.items():
        common: dict[str, Mapping[str, list[str]]] = {
            "words": {word: having[word] for word in words},
            "tags": {tag: [path, *others] for tag, others in known.sharing_tags(path) if tag.casefold() not in UNSORTED},
            BETWEEN: known.beyond(path),
        }
        best = _best(path, wanted[path], common, len(known.folded))
        if best:
            found[path] = _kin(path, best, words, common, known)
    return found


def _words(title: str) -> dict[str, str]:
    """The words of a folded title that say something, without a plural's s, and as they are written."""
    return {_singular(word): word for word in title.translate(MARKS).split() if len(word) > 2 and word not in SILENT}


def _singular(word: str) -> str:
    return word[:-1] if word[-1] == "s" and len(word) > 3 else word


def _having(words: set[str], titles: Mapping[str, str]) -> dict[str, list[str]]:
    """The notes in whose titles each of `words` stands."""
    found: dict[str, list[str]] = {word: [] for word in words}
    either = words | {word + "s" for word in words}
    for path, title in zip(titles, "\n".join(titles.values()).translate(MARKS).split("\n"), strict=True):
        parts = title.split()
        if not either.isdisjoint(parts):
            for word in {_singular(part) for part in parts} & words:
                found[word].append(path)
    return found


def _best(path: str, wanted: Collection[str], common: Mapping[str, Mapping[str, list[str]]], notes: int) -> str | None:
    """The candidate with which the note has most in common, the first by path of those as good."""
    scores: dict[str, float] = {}
    for things in common.values():
        for others in things.values():
            weight = _rarity(len(others), notes)
            for other in others:
                if other != path and other in wanted:
                    scores[other] = scores.get(other, 0.0) + weight
    most = max(scores.values(), default=0.0) - 1e-9
    return min((other for other, score in scores.items() if score >= most), default=None)


def _rarity(having: int, notes: int) -> float:
    return max(0.0, log(notes / having))


def _kin(path: str, other: str, words: Mapping[str, str], common: Mapping[str, Mapping[str, list[str]]], known: Known) -> Kin:
    reasons = []
    for kind, things in common.items():
        shared = {thing: _rarity(len(others), len(known.folded)) for thing, others in things.items() if other in others}
        if shared:
            chosen = sorted(shared, key=lambda thing: (-round(shared[thing], 9), thing))
            through = tuple(chosen) if kind == BETWEEN else ()
            reasons.append(Reason(kind, _text(kind, chosen, words, known), sum(shared[thing] for thing in chosen), through))
    reasons.sort(key=lambda reason: (-round(reason.weight, 9), reason.kind))
    return Kin(path, other, round(sum(reason.weight for reason in reasons), 9), tuple(reasons))


def _text(kind: str, chosen: list[str], words: Mapping[str, str], known: Known) -> str:
    if kind == BETWEEN:
        titles = [known.title(path) for path in chosen]
        return f"{listed(titles)} {'lies' if len(titles) == 1 else 'lie'} between them"
    if kind == "tags":
        return f"both have {listed(['#' + tag for tag in chosen])}"
    return f"both titles have {listed([words[word] for word in chosen])}"
