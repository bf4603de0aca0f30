"""Find links that could bridge a gap, from what two notes share in the catalogue: title words, tags and neighbours.

This is cheap enough to compare a few dozen notes with all others; `zettel.model.suggest.score` reads the texts as well.
Each shared item is weighted by its rarity, log(N / number of notes that have it).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from math import log
from typing import NamedTuple

from zettel.model.base.value import value
from zettel.model.note.tags import UNSORTED_TAGS
from zettel.model.suggest.score import BETWEEN, Reason
from zettel.model.text.phrases import join_names
from zettel.model.text.stopwords import GENERIC_WORDS, STOP_WORDS

_IGNORED_WORDS = STOP_WORDS | GENERIC_WORDS
"""Words that do not connect two titles."""

_PUNCTUATION_TO_SPACES = str.maketrans(dict.fromkeys(".,;:!?…\"'“”‘’«»()[]{}<>*_/#&–—-", " "))
"""Translates the punctuation of a title to blanks."""


@value
class BridgeSuggestion:
    """The candidate that has most in common with the note at `path`: `other`, the `reasons`, and the `score` they add up to."""

    path: str
    other: str
    score: float
    reasons: tuple[Reason, ...]

    @property
    def why(self) -> str:
        """The reasons on one line, for people."""
        return "; ".join(reason.text for reason in self.reasons)


class BridgeEvidence(NamedTuple):
    """Lookups in the catalogue: folded titles, the title of a note, the notes that share its tags, and its neighbours with theirs."""

    folded_titles: Mapping[str, str]
    get_title: Callable[[str], str]
    find_notes_sharing_tags: Callable[[str], Iterable[tuple[str, list[str]]]]
    find_second_neighbours: Callable[[str], Mapping[str, list[str]]]


def find_best_bridges(queries: Iterable[tuple[Iterable[str], Collection[str]]], evidence: BridgeEvidence) -> dict[str, BridgeSuggestion]:
    """Return the best candidate for every note in the (notes, candidates) pairs. Notes that share nothing with their candidates are left out."""
    wanted = {path: candidates for paths, candidates in queries for path in paths if path in evidence.folded_titles}
    sought = {path: _parse_title_words(evidence.folded_titles[path]) for path in wanted}
    having = _index_titles_by_word({word for words in sought.values() for word in words}, evidence.folded_titles)
    found = {}
    for path, words in sought.items():
        common: dict[str, Mapping[str, list[str]]] = {
            "words": {word: having[word] for word in words},
            "tags": {tag: [path, *others] for tag, others in evidence.find_notes_sharing_tags(path) if tag.casefold() not in UNSORTED_TAGS},
            BETWEEN: evidence.find_second_neighbours(path),
        }
        best = _choose_best_candidate(path, wanted[path], common, len(evidence.folded_titles))
        if best:
            found[path] = _build_suggestion(path, best, words, common, evidence)
    return found


def _parse_title_words(title: str) -> dict[str, str]:
    """Return the significant words of a folded title: each without a plural s, mapped to the word as written."""
    return {
        _strip_plural_s(word): word
        for word in title.translate(_PUNCTUATION_TO_SPACES).split()
        if len(word) > 2 and word not in _IGNORED_WORDS
    }


def _strip_plural_s(word: str) -> str:
    return word[:-1] if word[-1] == "s" and len(word) > 3 else word


def _index_titles_by_word(words: set[str], titles: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for each of `words` the notes whose titles contain it."""
    found: dict[str, list[str]] = {word: [] for word in words}
    either = words | {word + "s" for word in words}
    for path, title in zip(titles, "\n".join(titles.values()).translate(_PUNCTUATION_TO_SPACES).split("\n"), strict=True):
        parts = title.split()
        if not either.isdisjoint(parts):
            for word in {_strip_plural_s(part) for part in parts} & words:
                found[word].append(path)
    return found


def _choose_best_candidate(
    path: str, candidates: Collection[str], common: Mapping[str, Mapping[str, list[str]]], note_count: int
) -> str | None:
    """Return the candidate that shares most with the note, the first by path if several are equally good, or None."""
    scores: dict[str, float] = {}
    for things in common.values():
        for others in things.values():
            weight = _compute_idf(len(others), note_count)
            for other in others:
                if other != path and other in candidates:
                    scores[other] = scores.get(other, 0.0) + weight
    most = max(scores.values(), default=0.0) - 1e-9
    return min((other for other, score in scores.items() if score >= most), default=None)


def _compute_idf(count: int, total: int) -> float:
    return max(0.0, log(total / count))


def _build_suggestion(
    path: str, other: str, words: Mapping[str, str], common: Mapping[str, Mapping[str, list[str]]], evidence: BridgeEvidence
) -> BridgeSuggestion:
    reasons = []
    for kind, things in common.items():
        shared = {thing: _compute_idf(len(others), len(evidence.folded_titles)) for thing, others in things.items() if other in others}
        if shared:
            chosen = sorted(shared, key=lambda thing: (-round(shared[thing], 9), thing))
            through = tuple(chosen) if kind == BETWEEN else ()
            reasons.append(Reason(kind, _format_reason(kind, chosen, words, evidence), sum(shared[thing] for thing in chosen), through))
    reasons.sort(key=lambda reason: (-round(reason.weight, 9), reason.kind))
    return BridgeSuggestion(path, other, round(sum(reason.weight for reason in reasons), 9), tuple(reasons))


def _format_reason(kind: str, shared: list[str], words: Mapping[str, str], evidence: BridgeEvidence) -> str:
    if kind == BETWEEN:
        titles = [evidence.get_title(path) for path in shared]
        return f"{join_names(titles)} {'lies' if len(titles) == 1 else 'lie'} between them"
    if kind == "tags":
        return f"both have {join_names(['#' + tag for tag in shared])}"
    return f"both titles have {join_names([words[word] for word in shared])}"
