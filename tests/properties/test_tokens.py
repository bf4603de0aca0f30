"""Test that the faster ways to find words agree with the slower ones."""

from __future__ import annotations

from itertools import pairwise
from unicodedata import normalize

from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.model.text.fold import fold_letters
from zettel.model.text.tokens import MAX_JOINED_LETTERS, MAX_JOINED_PARTS, find_joined_words, split_words, tokenise

PARTS = [
    *("team", "’s", "'t", "'ve", "n't", "10", "000", "R", "é", "e\u0301", "Ł", "æ", "ﬁ", "Ⓐ", "½", "…", "“", "’", "ʼ", "‐", "·"),
    *("知", "か\u3099", "ﾊﾟ", "ゝ", "한", "\u1112\u1161\u11ab", "मे", "ल", "की", "க", "ொ", "\u09c7\u09be", "ก", "ำ", "ที่", "ມ", "ខ្មែ", "မြ"),
    *(
        "\u00ad",
        "\u200b",
        "\u200d",
        "\ufe0f",
        "\u202e",
        "\ufeff",
        "🚀",
        "👩🏽\u200d💻",
        "🇩🇪",
        "✅",
        "→",
        "\u0301",
        "\u0e34",
        "\u094d",
        "\u0338",
    ),
    *" \n'-_.,&/<a1",
]
TEXT = st.one_of(st.lists(st.sampled_from(PARTS), max_size=12).map("".join), st.text(max_size=12))


@settings(max_examples=1500, deadline=None)
@given(TEXT)
@example("a's't''s 's''t d'd'd'")
@example("ก \u0e34 a\u0e34 \u0e34")
@example("\U00011935\U00011930")
def test_both_ways_to_split_text_find_the_same_words(text: str) -> None:
    """`split_words` returns the words of `tokenise`, whose offsets grow."""
    tokens = tokenise(text)
    assert [word for word, _, _ in tokens] == split_words(text)
    assert all(0 <= start < end <= len(text) for _, start, end in tokens)
    assert all(one[1] <= other[1] and one[2] <= other[2] for one, other in pairwise(tokens))


@settings(max_examples=500, deadline=None)
@given(TEXT)
def test_words_do_not_depend_on_the_form_of_their_letters(text: str) -> None:
    """Composed and decomposed forms of a text have the same words."""
    assert split_words(normalize("NFC", text)) == split_words(normalize("NFD", text)) == split_words(text)


@settings(max_examples=1000, deadline=None)
@given(TEXT)
def test_folded_letters_stay_when_they_are_folded_again(text: str) -> None:
    """Folding what is folded changes nothing."""
    assert fold_letters(text) == fold_letters(fold_letters(text))


@settings(max_examples=1500, deadline=None)
@given(TEXT)
@example("'a-b's c''t d-e")
@example("知-a-b 知a-b")
def test_joined_words_are_words_written_together(text: str) -> None:
    """A joined word is the words from its position on, written together, and no two of them overlap."""
    words = split_words(text)
    end = 0
    for position, joined in find_joined_words(text):
        assert position >= end
        end = position + 1
        while len(together := "".join(words[position:end]).replace("'", "")) < len(joined):
            end += 1
        assert joined == together
        assert 2 <= end - position + "".join(words[position:end]).count("'") <= MAX_JOINED_PARTS
        assert len(joined) <= MAX_JOINED_LETTERS


@settings(max_examples=500, deadline=None)
@given(st.lists(TEXT, max_size=4))
def test_joined_words_of_lines_are_those_of_the_text(texts: list[str]) -> None:
    """The joined words of several lines are those of each line, because a compound ends with its line."""
    lines = "\n".join(texts).split("\n")
    expected: list[tuple[int, str]] = []
    count = 0
    for line in lines:
        expected += [(count + position, joined) for position, joined in find_joined_words(line)]
        count += len(split_words(line))
    assert expected == find_joined_words("\n".join(lines))
