"""Test the ranking of notes against the formula written out for every note."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log
from statistics import mean

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.model.search.score import (
    BACKGROUND_NOTES,
    FIELDS,
    FOLDER_PARAMETERS,
    K1,
    MIN_SHARE,
    NAME_FIELDS,
    NAME_LIKENESS,
    VOUCHER_WEIGHT,
    Voucher,
    WordMatches,
    compute_idf,
    compute_norms,
    score_name_likeness,
    score_vouchers,
    score_words,
)

WORDS = ["harbour", "lamp", "tide", "rope"]

Fields = Mapping[str, Sequence[str]]
"""The words of a note in each field."""

names = st.lists(st.sampled_from(WORDS), max_size=4)
fields = st.dictionaries(st.sampled_from(sorted(FIELDS)), st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), max_size=4)
notebooks = st.lists(fields, min_size=1, max_size=6)
questions = st.lists(st.sampled_from(WORDS), max_size=4, unique=True)
weights = st.sampled_from([0.1, 0.5, 1.0, 2.0, 5.0])


def find_word(notes: Sequence[Fields], word: str) -> WordMatches:
    """Return where a word is found, as the search works it out: field by field."""
    frequencies: dict[int, float] = {}
    for field in FIELDS:
        lengths = [len(note.get(field, ())) for note in notes]
        having = [length for length in lengths if length]
        norms = compute_norms(field, mean(having) if having else 0.0, lengths)
        for number, note in enumerate(notes):
            if count := list(note.get(field, ())).count(word):
                frequencies[number] = frequencies.get(number, 0.0) + count * norms[number]
    return WordMatches(word, compute_idf(len(notes), len(frequencies)), frequencies, find_in_names(notes, word))


def find_in_names(notes: Sequence[Fields], word: str) -> dict[str, list[int]]:
    """Return the notes that have a word in a name, by the kind of name."""
    return {field: [number for number, note in enumerate(notes) if word in note.get(field, ())] for field in NAME_FIELDS}


def read_lengths(notes: Sequence[Fields]) -> Callable[[str, int], int]:
    """Return a function that returns the number of words of a field in a note."""
    return lambda field, number: len(notes[number].get(field, ()))


def compute_bm25f(notes: Sequence[Fields], note: Fields, question: Sequence[str]) -> float:
    """Return the BM25F score of one of the notes by the formula of the paper."""
    score = 0.0
    for word in question:
        found_in = sum(any(word in words for words in other.values()) for other in notes)
        idf = log(1 + (len(notes) + BACKGROUND_NOTES - found_in + 0.5) / (found_in + 0.5))
        x = 0.0
        for field, words in note.items():
            weight, b = FIELDS[field]
            mean_length = mean(len(other[field]) for other in notes if field in other)
            x += weight * list(words).count(word) / (1 - b + b * len(words) / mean_length)
        score += idf * x / (x + K1)
    return score


@settings(max_examples=300, deadline=None)
@given(notebooks, questions)
def test_scores_are_those_of_the_formula(notes: list[Fields], question: list[str]) -> None:
    """Every note with a word of the question has the score of BM25F, with its fields summed before they saturate."""
    found = score_words([find_word(notes, word) for word in question], 0.0)
    expected = {number: compute_bm25f(notes, note, question) for number, note in enumerate(notes)}
    assert {number: pytest.approx(score) for number, score in expected.items() if score} == found


@st.composite
def draw_words(draw: st.DrawFn) -> list[WordMatches]:
    """Draw a question of words with any weights, and which of ten notes have each of them how often."""
    matches = st.dictionaries(st.integers(0, 9), st.sampled_from([0.2, 1.0, 7.5]), max_size=6)
    return [WordMatches(str(number), draw(weights), draw(matches), {}) for number in range(draw(st.integers(0, 12)))]


def place_word(weight: float, *numbers: int) -> WordMatches:
    """Return a word that these notes have once."""
    return WordMatches("word", weight, dict.fromkeys(numbers, 1.0), {})


@settings(max_examples=400, deadline=None)
@given(draw_words(), st.sampled_from([0.0, MIN_SHARE, 0.5, 1.0]))
@example([place_word(5.0, 1), *[place_word(0.5, 2)] * 3], 0.2)
@example([place_word(5.0, 1), *[place_word(0.1, 2)] * 3], 0.2)
@example([place_word(0.5, 1)] * 10, 0.15)
def test_notes_with_little_of_the_question_are_left_out(words: list[WordMatches], min_share: float) -> None:
    """Exactly the notes with words of at least that share of the question's weight are scored, and each for all its words."""
    expected = {}
    for number in range(10):
        in_note = [word for word in words if number in word.frequencies]
        if in_note and sum(word.weight for word in in_note) >= min_share * sum(word.weight for word in words) - 1e-9:
            saturated = [word.weight * word.frequencies[number] / (word.frequencies[number] + K1) for word in in_note]
            expected[number] = pytest.approx(sum(saturated))
    assert expected == score_words(words, min_share)


def test_small_words_alone_do_not_find_a_note() -> None:
    """A note that has only the small words of a question is left out, and one with the telling word is not."""
    small = [place_word(compute_idf(10, 8, is_stop_word=True), 1, 2) for _ in range(3)]
    assert {2} == score_words([*small, place_word(compute_idf(10, 1), 2)], 0.5).keys()


def test_the_fields_of_a_word_saturate_together() -> None:
    """A word in every field of a note weighs less than two words, one in the title and one in the body."""
    notes: list[Fields] = [
        {field: ["harbour"] for field in FIELDS},
        {"title": ["harbour"], "body": ["lamp"]},
        {"body": ["tide"]},
        {"body": ["lamp"]},
    ]
    scores = score_words([find_word(notes, "harbour"), find_word(notes, "lamp")], 0.0)
    assert scores[1] > scores[0]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(NAME_FIELDS, names)), min_size=1, max_size=4), questions)
def test_likeness_is_the_share_asked_for_of_the_likest_name(notes: list[Fields], question: list[str]) -> None:
    """The likeness is the share of the question in a name, times the share of that name in the question; the likest name counts."""
    words = [find_word(notes, word) for word in question]
    total = sum(word.weight for word in words)
    expected = {}
    for number, note in enumerate(notes):
        likenesses = [0.0]
        for name in filter(None, note.values()):
            in_question = sum(word.weight for word in words if word.typed in name) / total if total else 0.0
            in_name = min(1.0, sum(word.typed in name for word in words) / len(name))
            likenesses.append(NAME_LIKENESS * total * in_question * in_name)
        expected[number] = max(likenesses)
    assert {number: pytest.approx(likeness) for number, likeness in expected.items() if likeness} == score_name_likeness(
        words, read_lengths(notes)
    )


def test_the_likest_name_is_the_question_itself() -> None:
    """A title that is the question is likest, before a longer one, one that has a part of it, and two names that share it."""
    titles = ["harbour lamp", "harbour lamp rope tide", "harbour", "lamp"]
    notes: list[Fields] = [{"title": title.split()} for title in titles]
    notes[3] = {"title": ["lamp"], "alias": ["harbour"]}
    words = [find_word(notes, word) for word in ("harbour", "lamp")]
    found = score_name_likeness(words, read_lengths(notes))
    assert pytest.approx(NAME_LIKENESS * sum(word.weight for word in words)) == found[0]
    assert all(found[0] > found[number] for number in (1, 2, 3))


vouchers = st.lists(
    st.builds(Voucher, st.integers(0, 3), st.integers(0, 3), st.frozensets(st.integers(0, 3)), st.sampled_from("abc")), max_size=8
)


@settings(max_examples=200, deadline=None)
@given(st.lists(weights, min_size=4, max_size=4), vouchers)
def test_the_sentence_that_says_most_vouches(weights: list[float], vouchers: list[Voucher]) -> None:
    """A cited note has the score of the sentence with most of the question: the weight of its words times their share."""

    def score_naively(voucher: Voucher) -> float:
        weight = sum(weights[word] for word in voucher.words)
        return VOUCHER_WEIGHT * weight * (weight / sum(weights))

    expected: dict[int, float] = {}
    for voucher in vouchers:
        if voucher.words:
            expected[voucher.target] = max(expected.get(voucher.target, 0.0), score_naively(voucher))
    found = score_vouchers(weights, vouchers)
    assert {target: pytest.approx(score) for target, score in expected.items()} == {target: score for target, (score, _) in found.items()}
    assert all(score == pytest.approx(score_naively(best)) and best.target == target for target, (score, best) in found.items())


def test_the_first_of_equal_sentences_vouches() -> None:
    """Of two sentences that say as much, the first is shown; one that says less or nothing never is."""
    first, second = Voucher(1, 9, frozenset([0, 1]), "first"), Voucher(2, 9, frozenset([0, 1]), "second")
    less, nothing = Voucher(3, 9, frozenset([0]), "less"), Voucher(4, 8, frozenset(), "nothing")
    assert {9: (VOUCHER_WEIGHT * 9 / 4, first)} == score_vouchers([1.0, 2.0, 1.0], [less, first, second, nothing])


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 20_000), st.data(), st.booleans())
def test_rarer_words_weigh_more(count: int, data: st.DataObject, is_stop_word: bool) -> None:
    """A word weighs more the fewer notes have it and the more do not, and always something."""
    found_in = data.draw(st.integers(1, count))
    weight = compute_idf(count, found_in, is_stop_word=is_stop_word)
    assert 0 < weight < compute_idf(count, found_in - 1, is_stop_word=is_stop_word)
    assert weight < compute_idf(count + 1, found_in, is_stop_word=is_stop_word)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 20_000), st.data())
def test_stop_words_weigh_less_until_notes_tell(count: int, data: st.DataObject) -> None:
    """A stop word weighs less than another word of as many notes: a lot less in a small notebook, hardly less in a large one."""
    found_in = data.draw(st.integers(1, count))
    small, other = compute_idf(count, found_in, is_stop_word=True), compute_idf(count, found_in)
    assert small < other
    if count <= 10 and found_in <= 2:
        assert small < other / 2
    if count >= 5000 and found_in >= count // 2:
        assert small > other - 0.05


@pytest.mark.parametrize("field", [*FIELDS, "folder"])
def test_an_occurrence_counts_less_in_a_longer_field(field: str) -> None:
    """In a field of mean length an occurrence counts the field's weight, in a shorter one more, in a longer one less."""
    weight, _ = FIELDS.get(field, FOLDER_PARAMETERS)
    short, average, long = compute_norms(field, 10.0, [1, 10, 1000])
    assert average == pytest.approx(weight)
    assert short > average > long > 0
    assert all(norm > 0 for norm in compute_norms(field, 0.0, [0, 1]))
