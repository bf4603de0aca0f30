"""Test that styled lines are broken between words, and fit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zettel.model.text.wrap import measure_columns, wrap_line

lines = st.lists(st.tuples(st.text(alphabet="ab c語é\u0301", max_size=20), st.sampled_from(["", "hit"])), max_size=5).map(tuple)


def test_wrap_line_breaks_between_words() -> None:
    """A line is broken at blanks, and each word keeps its style."""
    assert [(("a lone ", ""), ("tree", "hit")), (("by the", ""),), (("river", ""),)] == wrap_line(
        (("a lone ", ""), ("tree", "hit"), (" by the river", "")), 11
    )


def test_wrap_line_keeps_a_comma_with_its_word() -> None:
    """A line is not broken where only the style changes."""
    assert [(("see ", ""), ("the", "link")), (("tree", "link"), (",", "")), (("and", ""),)] == wrap_line(
        (("see ", ""), ("the tree", "link"), (", and", "")), 8
    )


def test_wide_letters_take_two_columns() -> None:
    """An East Asian letter takes two columns, a combining mark none, whatever its script, nor does a joiner."""
    assert 5 == measure_columns("語e\u0301語")
    assert 2 == measure_columns("\u0e01\u0e31\u0e01")
    assert 2 == measure_columns("a\u200db\u2060")


@given(lines, st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_no_letter(line: tuple[tuple[str, str], ...], width: int) -> None:
    """No line is wider than asked for, not counting blanks at its end, and all letters are there in order."""
    found = wrap_line(line, width)
    texts = ["".join(text for text, _ in each) for each in found]
    assert all(measure_columns(text.rstrip(" ")) <= width for text in texts)
    assert "".join(text for text, _ in line).replace(" ", "") == "".join(texts).replace(" ", "")


def test_a_long_word_fills_lines_in_any_script() -> None:
    """A word that is wider than a line is broken where the line is full, and a mark stays with its letter."""
    assert [(("ждежде", ""),), (("жде", ""),)] == wrap_line((("ждеждежде", ""),), 6)
    assert [(("語語", ""),), (("語", ""),)] == wrap_line((("語語語", ""),), 5)
    assert [(("ae\u0301", ""),), (("a", ""),)] == wrap_line((("ae\u0301a", ""),), 2)


def test_a_dash_begins_a_line() -> None:
    """A dash between blanks is not left at the end of a line, but a line is never too wide for it."""
    assert [(("one two", ""),), (("— three", ""),)] == wrap_line((("one two — three", ""),), 9)
    assert [(("one —", ""),), (("threefour", ""),)] == wrap_line((("one — threefour", ""),), 9)
