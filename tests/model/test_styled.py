"""Styled letters become plain ones; everything else stays."""

from __future__ import annotations

import pytest

from zettel.model.articles.styled import convert_styles, strip_styles


@pytest.mark.parametrize(
    ("styled", "expected"),
    [
        ("𝗦𝘁𝗿𝗮𝘁𝗲𝗴𝘆-𝗘𝘅𝗲𝗰𝘂𝘁𝗶𝗼𝗻 𝗚𝗮𝗽", "Strategy-Execution Gap"),
        ("𝒽ℯ𝓁𝓁ℴ", "hello"),
        ("𝟭𝟮 𝚖𝚘𝚗𝚘", "12 mono"),
        ("Ｈｅｌｌｏ　ｗｏｒｌｄ", "Hello　world"),
        ("ﬁnd the oﬃce ﬂoor", "find the office floor"),
        ("Ⓗⓔⓛⓛⓞ 🅷🅸 🄷🄸 🅗🅘", "Hello HI HI HI"),
        ("a\u00a0b\u202fc\u200bd\u00ade\ufefff", "a b cdef"),
        ("a\x07b\x1b[31mc\x0cd\r\ne\rf", "ab[31mc\nd\ne\nf"),
    ],
)
def test_styled_letters_become_plain(styled: str, expected: str) -> None:
    """Mathematical, wide and circled letters, ligatures, odd blanks and control characters."""
    assert expected == strip_styles(styled)


@pytest.mark.parametrize("text", ["x² + ½ ≤ ℝ ™ … №5", "是，的！（好）", "🅰 🅱 Ⓜ ① 1️⃣ 👩‍🚀 🇬🇷", "می‌خواهم", "Ελληνικά Å é ĳ"])
def test_what_is_no_styled_letter_stays(text: str) -> None:
    """Signs, CJK punctuation, emoji and joiners are as they were."""
    assert text == strip_styles(text)
    assert text == convert_styles(text)


@pytest.mark.parametrize(
    ("styled", "expected"),
    [
        ("the 𝗦𝘁𝗿𝗮𝘁𝗲𝗴𝘆 𝗚𝗮𝗽.", "the **Strategy Gap**."),
        ("𝘳𝘦𝘢𝘭𝘭𝘺 𝗯𝗼𝗹𝗱", "*really* **bold**"),
        ("𝙗𝙤𝙩𝙝", "***both***"),
        ("**𝗕𝗼𝗹𝗱**", "**Bold**"),
        ("𝑥 = 𝟐", "x = 2"),
        ("𝚖𝚘𝚗𝚘", "mono"),
    ],
)
def test_emphasis_is_kept_as_marks(styled: str, expected: str) -> None:
    """Words that looked bold or italic get Markdown marks, once; single letters of formulas get none."""
    assert expected == convert_styles(styled)
