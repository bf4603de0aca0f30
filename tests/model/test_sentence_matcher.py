"""Test which words of a question a sentence has, against stemming all of its words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.adapters.fulltext.stem import stem
from zettel.model.search.query import TextTerm
from zettel.model.search.sentence_matcher import SentenceMatcher
from zettel.model.text.tokens import split_words

WORDS = ["happy", "happiness", "die", "dying", "dies", "tie", "ties", "sky", "skies", "sail", "sailing", "Sailor", "is", "Été", "𝘀𝗮𝗶𝗹", "l'eau", "港", "港口"]  # fmt: skip

terms = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(lambda words: TextTerm(tuple(split_words(" ".join(words))))),
    st.sampled_from(["sai*", "sk*", "happ*"]).map(lambda pattern: TextTerm((), pattern=pattern)),
)
sentences = st.lists(st.sampled_from([*WORDS, "and", "-", "..."]), max_size=6).map(" ".join)


def find_naively(terms: Sequence[TextTerm], sentence: str) -> set[int]:
    """Return the places of the terms all of whose words are in a sentence, in any inflection."""
    words = split_words(sentence)
    stems = set(map(stem, words))
    return {
        place
        for place, term in enumerate(terms)
        if (set(map(stem, term.tokens)) <= stems if term.tokens else any(word.startswith(term.prefix) for word in words))
    }


@settings(max_examples=600, deadline=None)
@given(st.lists(terms, max_size=4, unique=True), sentences)
@example([TextTerm(("dying",))], "They die.")
@example([TextTerm(("happiness",))], "Be happy!")
@example([TextTerm(("ties",))], "A tie")
def test_the_words_of_a_sentence_are_found(terms: list[TextTerm], sentence: str) -> None:
    """A word is found in any inflection and any letters, a phrase if the sentence has all of its words."""
    assert find_naively(terms, sentence) == SentenceMatcher(terms, stem).find_words(sentence)


@pytest.mark.parametrize("sentence", ["", "...", "Nothing of that."])
def test_a_sentence_without_the_words_has_none(sentence: str) -> None:
    """No word is found where there is none, and none by a matcher without words."""
    assert frozenset() == SentenceMatcher([TextTerm(("sail",)), TextTerm((), pattern="sky*")], stem).find_words(sentence)
    assert frozenset() == SentenceMatcher([], stem).find_words(sentence)
