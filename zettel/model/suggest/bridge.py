"""Find links that could bridge a gap: from mentions, and from what two notes share in the catalogue, which is neighbours, title words and tags.

This is cheap enough to compare a few dozen notes with all others; `zettel.model.suggest.score` compares the texts as well.
Each shared item is weighted by its rarity, log(N / number of notes that have it).

A mention or a shared neighbour is a reason for a link. A title word or tag is not a reason by itself, but two different ones are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from math import log
from typing import NamedTuple

from zettel.model.base.value import value
from zettel.model.suggest.score import BETWEEN, Reason
from zettel.model.text.fold import fold
from zettel.model.text.phrases import join_names
from zettel.model.text.stopwords import GENERIC_WORDS, STOP_WORDS

_IGNORED_WORDS = STOP_WORDS | GENERIC_WORDS
"""Words that do not connect two titles."""

_TELLING_COUNT, _TELLING_SHARE = 3, 0.1
"""A title word says something about a note if at most this number of notes, or this share of them, have it in their titles."""

SharedItems = dict[str, dict[str, float]]
"""What two notes have in common: for each kind of reason, the words, tags or paths of notes, with their weights."""

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
    """Lookups: folded titles, the title of a note, the notes that share its tags, its neighbours with theirs, and what it mentions.

    `find_mentions` returns the words by which a note mentions others, with the paths of these.
    """

    folded_titles: Mapping[str, str]
    get_title: Callable[[str], str]
    find_notes_sharing_tags: Callable[[str], Iterable[tuple[str, list[str]]]]
    find_second_neighbours: Callable[[str], Mapping[str, list[str]]]
    find_mentions: Callable[[str], Mapping[str, list[str]]]


def find_best_bridges(queries: Iterable[tuple[Iterable[str], Collection[str]]], evidence: BridgeEvidence) -> dict[str, BridgeSuggestion]:
    """Return the best candidate for every note in the (notes, candidates) pairs. Notes without a reason to link one of their candidates are left out."""
    wanted = {path: candidates for paths, candidates in queries for path in paths if path in evidence.folded_titles}
    sought = {path: _parse_title_words(evidence.folded_titles[path]) for path in wanted}
    having = _index_titles_by_word({word for words in sought.values() for word in words}, evidence.folded_titles)
    total = len(evidence.folded_titles)
    most = max(_TELLING_COUNT, total * _TELLING_SHARE)
    found = {}
    for path, words in sought.items():
        common: dict[str, Mapping[str, list[str]]] = {
            "mention": evidence.find_mentions(path),
            BETWEEN: evidence.find_second_neighbours(path),
            "words": {word: having[word] for word in words if len(having[word]) <= most},
            "tags": {tag: [path, *others] for tag, others in evidence.find_notes_sharing_tags(path)},
        }
        shared = _find_shared_items(path, wanted[path], common, total)
        best = _choose_best_candidate(shared)
        if best:
            found[path] = _build_suggestion(path, best, shared[best], words, evidence)
    return found


def index_names_by_first_word(names: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """Index (folded name, path) pairs by the first word of the name."""
    listed = list(names)
    found: dict[str, list[tuple[str, str]]] = {}
    for name, plain in zip(listed, "\n".join(name for name, _ in listed).translate(_PUNCTUATION_TO_SPACES).split("\n"), strict=True):
        if first := plain.split(None, 1):
            found.setdefault(first[0], []).append(name)
    return found


def find_mentioned_names(text: str, names: Mapping[str, list[tuple[str, str]]]) -> dict[str, list[str]]:
    """Return the names in a text that were indexed by their first word, with the paths of their notes.

    Names with less than two telling words are left out, because a text has them by chance.
    """
    plain = " ".join(fold(text).split())
    found: dict[str, list[str]] = {}
    for word in names.keys() & set(plain.translate(_PUNCTUATION_TO_SPACES).split()):
        for name, path in names[word]:
            if _has_phrase(plain, name) and len(_parse_title_words(name)) > 1:
                found.setdefault(name, []).append(path)
    return found


def _has_phrase(text: str, phrase: str) -> bool:
    """Return whether a text has a phrase that is not a part of longer words."""
    at = text.find(phrase)
    while at >= 0:
        if not text[at - 1 : at].isalnum() and not text[at + len(phrase) : at + len(phrase) + 1].isalnum():
            return True
        at = text.find(phrase, at + 1)
    return False


def _parse_title_words(title: str) -> dict[str, str]:
    """Return the telling words of a folded title, so no adverbs or numbers: each without a plural s, mapped to the word as written."""
    return {
        _strip_plural_s(word): word
        for word in title.translate(_PUNCTUATION_TO_SPACES).split()
        if len(word) > 2 and word not in _IGNORED_WORDS and not word.endswith("ly") and not word.isdigit()
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


def _find_shared_items(
    path: str, candidates: Collection[str], common: Mapping[str, Mapping[str, list[str]]], total: int
) -> dict[str, SharedItems]:
    """Return for each candidate that there is a reason to link what it shares with the note."""
    found: dict[str, SharedItems] = {}
    for kind, items in common.items():
        for item, others in items.items():
            weight = max(0.0, log(total / len(others))) if others else 0.0
            for other in others:
                if other != path and other in candidates:
                    found.setdefault(other, {}).setdefault(kind, {})[item] = weight
    for other, shared in list(found.items()):
        tag_words = {_strip_plural_s(fold(tag).rpartition("/")[2]) for tag in shared.get("tags", ())}
        if len(tag_words.union(shared.get("words", ()))) < 2:
            shared.pop("words", None)
            if shared.keys() <= {"tags"}:
                del found[other]
    return found


def _choose_best_candidate(shared: Mapping[str, SharedItems]) -> str | None:
    """Return the candidate that shares most with the note, the first by path if several are equally good, or None."""
    scores = {other: sum(weight for items in kinds.values() for weight in items.values()) for other, kinds in shared.items()}
    most = max(scores.values(), default=0.0) - 1e-9
    return min((other for other, score in scores.items() if score >= most), default=None)


def _build_suggestion(path: str, other: str, shared: SharedItems, words: Mapping[str, str], evidence: BridgeEvidence) -> BridgeSuggestion:
    reasons = []
    for kind, items in shared.items():
        chosen = sorted(items, key=lambda item: (-round(items[item], 9), item))
        through = tuple(chosen) if kind == BETWEEN else ()
        reasons.append(Reason(kind, _format_reason(kind, other, chosen, words, evidence), sum(items[item] for item in chosen), through))
    reasons.sort(key=lambda reason: (-round(reason.weight, 9), reason.kind))
    return BridgeSuggestion(path, other, round(sum(reason.weight for reason in reasons), 9), tuple(reasons))


def _format_reason(kind: str, other: str, shared: list[str], words: Mapping[str, str], evidence: BridgeEvidence) -> str:
    if kind == "mention":
        title = evidence.get_title(other)
        return f'mentions "{title if fold(title) == shared[0] else shared[0]}"'
    if kind == BETWEEN:
        titles = [f'"{evidence.get_title(path)}"' for path in shared]
        return f"both are linked with {join_names(titles)}"
    if kind == "tags":
        return f"both have {join_names(['#' + tag for tag in shared])}"
    return f"both titles have {join_names([words[word] for word in shared])}"
