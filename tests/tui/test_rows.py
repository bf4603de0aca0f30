"""Test how rows of notes are laid out: the words that are looked for are marked in titles, and sentences are cut around what is marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.model.base.answer import Line
from zettel.model.text.wrap import measure_line
from zettel.views.browse_rows import cut_around, mark_words


@pytest.mark.parametrize(
    ("text", "words", "hits"),
    [
        ("Execution is a string of kept promises", ("kept", "promis"), ["kept", "promis"]),
        ("Kept, KEPT and unkempt", ("kept",), ["Kept", "KEPT"]),
        ("Äpfel und A\u0308pfel", ("apf",), ["Äpf", "A\u0308pf"]),
        ("The ﬁrst", ("fir",), ["ﬁr"]),
        ("aaaa", ("aa",), ["aaaa"]),
        ("kept", ("", "absent"), []),
        ("", ("kept",), []),
    ],
)
def test_words_are_marked_in_titles(text: str, words: tuple[str, ...], hits: list[str]) -> None:
    """What is typed is marked wherever it stands, whatever its letter case and accents, and nothing else is."""
    assert hits == [part for part, style in mark_words(text, words, "title") if style == "hit"]


@given(st.text(max_size=20), st.lists(st.text(max_size=4), max_size=3))
def test_marks_change_no_text(text: str, words: list[str]) -> None:
    """Whatever is typed, a title that is marked reads as before."""
    assert text == "".join(part for part, _ in mark_words(text, words, "title"))


@pytest.mark.parametrize("columns", range(16, 90))
def test_a_sentence_is_cut_so_that_its_mark_is_seen(columns: int) -> None:
    """Of a long sentence, the beginning of what is marked is seen, and as many of the words before it as there is room for."""
    mark = ("Trust is repaid in small instalments", "link")
    sentence: Line = (("It was to be expected, as everybody knew by then, since ", ""), mark, (", as I have learnt.", ""))
    shown = cut_around(sentence, columns)
    assert measure_line(shown) <= columns
    marked = "".join(text for text, style in shown if style == "link")
    assert marked[:3] == "Tru"
    if columns >= 40:
        assert "since " in "".join(text for text, _ in shown)
