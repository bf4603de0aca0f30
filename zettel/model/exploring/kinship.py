"""Find links that could bridge a gap, from what two notes share in the catalogue: title words, tags and neighbours.

This is cheap enough to compare a few dozen notes with all others; `zettel.model.exploring.missing` reads the texts as well.
Each shared item is weighted by its rarity, log(N / number of notes that have it).
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
"""Words that do not connect two titles."""

MARKS = str.maketrans(dict.fromkeys(".,;:!?…\"'“”‘’«»()[]{}<>*_/#&–—-", " "))
"""Translates the punctuation of a title to blanks."""


@value
class Kin:
    """The candidate that has most in common with the note at `path`: `other`, the `reasons`, and the `score` they add up to."""

    path: str
    other: str
    score: float
    reasons: tuple[Reason, ...]

    @property
    def why(self) -> str:
        """The reasons on one line, for people."""
        return "; ".join(reason.text for reason in self.reasons)


class Known(NamedTuple):
    """Lookups in the catalogue: folded titles, the title of a note, the notes that share its tags, and its neighbours with theirs."""

    folded: Mapping[str, str]
    title: Callable[[str], str]
    sharing_tags: Callable[[str], Iterable[tuple[str, list[str]]]]
    beyond: Callable[[str], Mapping[str, list[str]]]


def nearest_kin(asked: Iterable[tuple[Iterable[str], Collection[str]]], known: Known) -> dict[str, Kin]:
    """Return the best candidate for every note in the (notes, candidates) pairs. Notes that share nothing with their candidates are left out."""
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
    """Return the significant words of a folded title: each without a plural s, mapped to the word as written."""
    return {_singular(word): word for word in title.translate(MARKS).split() if len(word) > 2 and word not in SILENT}


def _singular(word: str) -> str:
    return word[:-1] if word[-1] == "s" and len(word) > 3 else word


def _having(words: set[str], titles: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for each of `words` the notes whose titles contain it."""
    found: dict[str, list[str]] = {word: [] for word in words}
    either = words | {word + "s" for word in words}
    for path, title in zip(titles, "\n".join(titles.values()).translate(MARKS).split("\n"), strict=True):
        parts = title.split()
        if not either.isdisjoint(parts):
            for word in {_singular(part) for part in parts} & words:
                found[word].append(path)
    return found


def _best(path: str, wanted: Collection[str], common: Mapping[str, Mapping[str, list[str]]], notes: int) -> str | None:
    """Return the candidate that shares most with the note, the first by path if several are equally good, or None."""
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
