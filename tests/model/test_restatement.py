"""Test how notes are found that say the same as another in their own words."""

from __future__ import annotations

import pytest

from zettel.model.note.note import Note
from zettel.model.search.score import WordMatches
from zettel.model.suggest.restatement import (
    hide_titles,
    is_quotable,
    list_question_words,
    says_the_same,
    score_restatements,
    select_restatements,
    show_titles,
)
from zettel.model.suggest.shared_words import SharedWord, WordUse

ONCE = WordUse(1, is_in_title=False, is_in_heading=False)
TITLE = WordUse(1, is_in_title=True, is_in_heading=False)


def test_question_has_the_words_that_can_be_telling() -> None:
    """The words of the title and sentences are listed once each, in order, without stop words and vague words."""
    assert ["fear", "hides", "faults"] == list_question_words(["Fear hides faults", "The fear of nine people."])


def test_scores_are_shares_of_the_notes_own() -> None:
    """A note that has all words scores as much as the note itself, and one with half of them half. The note itself is left out."""
    words = [WordMatches("fear", 2.0, {0: 1.0, 1: 1.0, 2: 1.0}, {}), WordMatches("fault", 2.0, {0: 1.0, 1: 1.0}, {})]
    assert {1: 1.0, 2: pytest.approx(0.5)} == score_restatements(words, _get_length, 0)
    assert {} == score_restatements(words, _get_length, 9)


def test_names_like_the_question_score_more() -> None:
    """A note that has a word of the question in its title scores more than one that has it in its text."""
    words = [WordMatches("fear", 2.0, {0: 1.0, 1: 1.0, 2: 1.0}, {"title": [2]})]
    found = score_restatements(words, _get_length, 0)
    assert found[2] > found[1] == 1.0


def test_only_the_best_notes_may_say_the_same() -> None:
    """The best three notes are chosen. Those that are excluded do not count, and those that score less than the minimum are left out."""
    scores = {"a": 0.9, "b": 0.8, "c": 0.7, "d": 0.6, "e": 0.5}
    assert {"a", "b", "c"} == select_restatements(scores, ())
    assert {"a", "c", "d"} == select_restatements(scores, {"b"})
    assert {"a"} == select_restatements({"a": 0.31, "b": 0.29}, ())


def test_two_telling_words_in_a_sentence_are_a_reason() -> None:
    """A sentence is a reason if it has two words of the question, if one of them is in a title, and if they are rare."""
    fear, fault = _build_shared_word("fear", TITLE), _build_shared_word("fault", ONCE)
    assert says_the_same([fear, fault], 100)
    assert not says_the_same([fear], 100)
    assert not says_the_same([fault, _build_shared_word("dread", ONCE)], 100)
    assert not says_the_same([fear, _build_shared_word("work", ONCE, 11)], 100)
    assert says_the_same([fear, _build_shared_word("work", ONCE, 10)], 100)


def test_headings_and_rows_of_tables_are_not_quoted() -> None:
    """Only a text that may be a sentence is quoted, not a few words or a row of a table."""
    assert is_quotable("People who are afraid hide their faults.")
    assert not is_quotable("Fear hides faults")
    assert not is_quotable("fear | hides | the | faults | of | people")


def test_titles_of_links_are_hidden_and_shown_again() -> None:
    """Titles are hidden with their IDs and shown without. A title of one word is an ordinary word and stays."""
    notes = [_build_note("202401010000", "Fear hides faults"), _build_note("202401010001", "Fear")]
    text = "Fear, and 202401010000 Fear hides faults, or Fear hides faults."
    hidden = hide_titles(text, notes)
    assert "Fear hides" not in hidden
    assert hidden.startswith("Fear, and ")
    assert "Fear, and Fear hides faults, or Fear hides faults." == show_titles(hidden, notes)


def _build_note(note_id: str, title: str) -> Note:
    return Note(f"{note_id}.md", note_id, title, (), (), "2024-01-01T00:00:00", "2024-01-01T00:00:00", 1, 0, 0)


def _build_shared_word(word: str, own: WordUse, count: int = 2) -> SharedWord:
    return SharedWord(word, word, count, own, ONCE)


def _get_length(_field: str, _number: int) -> int:
    return 1
