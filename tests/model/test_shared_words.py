"""Test which words that two notes share are a reason to link them."""

from __future__ import annotations

import pytest

from zettel.model.suggest.shared_words import SharedWord, WordUse, are_enough, can_be_telling, find_verbs, list_pairs, select_telling_words

ONCE, OFTEN = WordUse(1, is_in_title=False, is_in_heading=False), WordUse(2, is_in_title=False, is_in_heading=False)
TITLE, HEADING = WordUse(1, is_in_title=True, is_in_heading=False), WordUse(1, is_in_title=False, is_in_heading=True)


def _share(word: str, own: WordUse = ONCE, other: WordUse = ONCE, note_count: int = 3) -> SharedWord:
    return SharedWord(word, word, note_count, own, other)


def _select(*words: SharedWord, verbs: tuple[str, ...] = ()) -> list[str]:
    return [word.stem for word in select_telling_words(words, 100, verbs)]


@pytest.mark.parametrize("word", ["beacon", "flow", "family", "信頼"])
def test_words_with_a_meaning_can_be_telling(word: str) -> None:
    """A noun can be telling, even if it ends as adverbs do, and so can two characters of a script without blanks."""
    assert can_be_telling(word)


@pytest.mark.parametrize("word", ["the", "noon", "said", "business", "quickly", "seven", "40", "2024", "monday", "page", "q3", "ox", "信"])
def test_words_without_a_meaning_are_never_telling(word: str) -> None:
    """Stop words, vague words, adverbs, numbers, dates, very short words and single characters are never telling."""
    assert not can_be_telling(word)


@pytest.mark.parametrize("use", [OFTEN, TITLE, HEADING])
def test_a_telling_word_is_a_subject_of_one_note(use: WordUse) -> None:
    """A word is telling if it recurs in one of the two notes, or is in a title or heading, not if both have it in passing."""
    assert ["beacon"] == _select(_share("beacon", use))
    assert ["beacon"] == _select(_share("beacon", ONCE, use))
    assert [] == _select(_share("beacon"))


def test_a_telling_word_is_rare() -> None:
    """A word of more than five notes and a tenth of all notes is not telling."""
    assert ["beacon"] == _select(_share("beacon", OFTEN, note_count=10))
    assert [] == _select(_share("beacon", OFTEN, note_count=11))
    assert ["beacon"] == [word.stem for word in select_telling_words([_share("beacon", OFTEN, note_count=5)], 6)]


def test_verbs_are_telling_only_if_both_notes_are_about_them() -> None:
    """A word that the note only uses as a verb is left out, unless it is a subject of both notes and in a title."""
    assert [] == _select(_share("sail", OFTEN), verbs=("sail",))
    assert ["sail"] == _select(_share("sail", TITLE, OFTEN), verbs=("sail",))


def test_words_of_titles_come_first() -> None:
    """Words in titles come before the others, which keep their order."""
    assert ["oil", "beacon", "harbour"] == _select(_share("beacon", OFTEN), _share("harbour", OFTEN), _share("oil", TITLE))


def test_words_behind_pronouns_and_auxiliaries_are_verbs() -> None:
    """A stem that always follows a pronoun, an auxiliary or "to" is a verb. One that also stands elsewhere is not."""
    assert {"trim", "plan"} == find_verbs("They trim it.\nWe plan to trim the oil.\nOil is poured.", str)
    assert frozenset() == find_verbs("We plan. A plan.", str)


def test_neighbouring_characters_stand_for_words() -> None:
    """In scripts without blanks, two neighbouring characters stand for a word, and pairs that overlap for one. Particles are left out."""
    assert {"信頼": 2} == list_pairs(["信頼の", "a 信頼 信"])
    assert ["信頼", "記録"] == _select(_share("信頼", OFTEN), _share("頼記", OFTEN), _share("記録", OFTEN))


def test_two_telling_words_are_enough() -> None:
    """Two words are a reason, one in passing is not."""
    assert are_enough([_share("beacon", OFTEN), _share("oil", OFTEN)], 4, 4)
    assert not are_enough([_share("beacon", OFTEN)], 4, 4)
    assert not are_enough([], 1, 1)


def test_one_word_is_enough_if_it_is_the_subject() -> None:
    """A single word is a reason if both notes are about it and one is called by it, or if it is most of what one of them is called."""
    assert are_enough([_share("beacon", TITLE, OFTEN)], 4, 4)
    assert are_enough([_share("beacon", TITLE)], 1, 4)
    assert are_enough([_share("beacon", ONCE, TITLE)], 4, 1)
    assert not are_enough([_share("beacon", ONCE, TITLE)], 1, 2)


def test_a_single_participle_is_not_enough() -> None:
    """A participle says too little by itself, even if both titles have it."""
    assert not are_enough([_share("borrowed", TITLE, TITLE)], 4, 4)
