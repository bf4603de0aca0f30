"""Rank notes for a question: how much each note says of the words that were asked for.

The score of a note is the sum of three parts (docs/search.md explains them with figures):

1. BM25F (Robertson, Zaragoza & Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004). For a word in `n` of `N` notes

       idf = log(1 + (N - n + 0.5) / (n + 0.5))        (N and n with `BACKGROUND_NOTES` imaginary notes)
       x   = sum over fields of  weight * frequency / (1 - b + b * length / mean length)
       BM25F = sum over words of  idf * x / (x + K1)

   `n` counts whole notes and the fields are summed before they saturate, so a word in a title and a heading cannot outweigh two words.
   The form of idf is that of Lucene, which is never negative.

2. Name likeness: `NAME_LIKENESS` times the weight of the question, times the share of the question that a title, alias or file name
   contains, times the share of that name that was asked for.

3. Vouching: what a well-ranked note writes around a link speaks for the note that it links to (see `score_vouchers`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log

from zettel.model.base.value import NamedTuple


class FieldParameters(NamedTuple):
    """How much one occurrence in a field counts, and how much the length of the field counts against it (`b`, from 0 to 1)."""

    weight: float
    b: float


FIELDS = {
    "title": FieldParameters(3.0, 0.4),
    "alias": FieldParameters(3.0, 0.4),
    "name": FieldParameters(3.0, 0.4),
    "heading": FieldParameters(1.0, 0.4),
    "tag": FieldParameters(1.0, 0.2),
    "body": FieldParameters(1.0, 0.65),
    "source": FieldParameters(0.5, 0.6),
    "code": FieldParameters(0.3, 0.6),
    "address": FieldParameters(0.3, 0.6),
}
"""The fields of a note that rank it: title, aliases, file name, headings, tags, body, front matter, code blocks and addresses of links."""

FOLDER_FIELD = "folder"
"""The field for the folders above a note. It does not rank: the notes of one folder are about different things, or the folder would say nothing."""

FOLDER_PARAMETERS = FieldParameters(0.5, 0.4)
"""What a folder counts for if a word of the question is in nothing but the names of folders."""

NAME_FIELDS = ("title", "alias", "name")
"""Fields by which a note is called."""

K1 = 1.2
"""How slowly the frequency of a word saturates: a word with frequency `K1` counts half of its idf."""

NAME_LIKENESS = 0.5
"""Weight of name likeness."""

MIN_SHARE = 0.15
"""A note must have words that make up this share of the question's weight."""

VOUCHER_WEIGHT = 1.0
"""Weight of what other notes say of a note."""

OUTRIGHT = 0.8
"""Share of the greatest possible likeness from which on a name was named outright, so that nobody has to vouch for the note."""

MAX_VOUCHERS = 30
"""How many of the best notes may vouch for others."""


BACKGROUND_NOTES, COMMON_SHARE = 50, 0.6
"""Besides the notes there are, this many imaginary ones count, in a share of which each stop word occurs. In a notebook of ten notes
nothing else tells that *how* says less than *expenses*; among a thousand notes it makes no difference."""


def compute_idf(note_count: int, found_in: int, *, is_stop_word: bool = False) -> float:
    """Return the inverse document frequency of a word that is in `found_in` of `note_count` notes."""
    note_count += BACKGROUND_NOTES
    found = found_in + (BACKGROUND_NOTES * COMMON_SHARE if is_stop_word else 0.0)
    return log(1 + (note_count - found + 0.5) / (found + 0.5))


def compute_norms(field: str, mean_length: float, lengths: Sequence[int]) -> list[float]:
    """Return, for each of some lengths of a field, what one occurrence counts in a field of that length."""
    weight, b = FIELDS.get(field, FOLDER_PARAMETERS)
    mean_length = mean_length or 1.0
    return [weight / (1 - b + b * length / mean_length) for length in lengths]


class WordMatches(NamedTuple):
    """A word of the question and where it was found.

    `weight` is its idf. `frequencies` maps the number of a note to the word's frequency in it, weighted and normalised by field.
    `names` maps a field of `NAME_FIELDS` to the notes that have the word in it.
    """

    typed: str
    weight: float
    frequencies: Mapping[int, float]
    names: Mapping[str, Iterable[int]]


def score_words(words: Sequence[WordMatches], min_share: float = MIN_SHARE) -> dict[int, float]:
    """Return the BM25F score of every note that has words of at least `min_share` of the question's weight."""
    least = min_share * sum(word.weight for word in words) - 1e-9
    passing = _find_passing(words, least)
    scores = dict.fromkeys(passing, 0.0)
    for word in words:
        weight, frequencies = word.weight, word.frequencies
        if len(frequencies) <= 4 * len(passing):
            for number, frequency in frequencies.items():
                if number in scores:
                    scores[number] += weight * frequency / (frequency + K1)
        else:
            for number in passing:
                if number in frequencies:
                    frequency = frequencies[number]
                    scores[number] += weight * frequency / (frequency + K1)
    return scores


def _find_passing(words: Sequence[WordMatches], least: float) -> set[int]:
    """Return the notes that have words of a weight of at least `least`.

    A word that is heavy enough alone lets all of its notes pass. For the others, most notes are decided by the number of words that they
    have, which is fast to count.
    """
    passing: set[int] = set().union(*(word.frequencies for word in words if word.weight >= least))
    light = sorted((word for word in words if word.weight < least), key=lambda word: word.weight)
    weights = [word.weight for word in light]
    if not light or sum(weights) < least:
        return passing
    from collections import Counter

    enough = next(count for count in range(1, len(light) + 1) if sum(weights[:count]) >= least)
    too_few = next(count for count in range(len(light) + 1) if sum(weights[-count - 1 :]) >= least)
    counts: Counter[int] = Counter()
    for word in light:
        counts.update(word.frequencies.keys())
    for number, count in counts.items():
        if count >= enough or (
            count > too_few and number not in passing and sum(word.weight for word in light if number in word.frequencies) >= least
        ):
            passing.add(number)
    return passing


def score_name_likeness(words: Sequence[WordMatches], get_length: Callable[[str, int], int]) -> dict[int, float]:
    """Return the likeness of notes' names to the question. `get_length` returns the number of words of a field of `NAME_FIELDS` in a note."""
    best: dict[int, float] = {}
    for field in NAME_FIELDS:
        asked: dict[int, tuple[float, int]] = {}
        for word in words:
            for number in word.names.get(field, ()):
                weight, count = asked.get(number, (0.0, 0))
                asked[number] = weight + word.weight, count + 1
        for number, (weight, count) in asked.items():
            likeness = NAME_LIKENESS * weight * min(1.0, count / max(1, get_length(field, number)))
            if likeness > best.get(number, 0.0):
                best[number] = likeness
    return best


class Voucher(NamedTuple):
    """A sentence in which the note `source` cites another note: the words of the question in it, by their position in the question."""

    source: int
    target: int
    words: frozenset[int]
    sentence: str


def score_vouchers(weights: Sequence[float], vouchers: Iterable[Voucher]) -> dict[int, tuple[float, Voucher]]:
    """Return for each cited note the score of the sentence that says most of the question, and that sentence.

    The score is the weight of the words in it, times their share of the question, times `VOUCHER_WEIGHT`.
    """
    total = sum(weights)
    best: dict[int, tuple[float, Voucher]] = {}
    for voucher in vouchers:
        weight = sum(weights[word] for word in voucher.words)
        score = VOUCHER_WEIGHT * weight * weight / total
        if score > best.get(voucher.target, (0.0,))[0]:
            best[voucher.target] = score, voucher
    return best
