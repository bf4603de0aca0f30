"""Test which words a text has, and which of them are also found written together."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT
from zettel.model.text.tokens import find_joined_words, is_unspaced, split_words, tokenise


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["make", "the", "hard", "decisions"], "Make the hard decisions."),
        (["resume"], "Résumé"),
        (["resume"], "Re\u0301sume\u0301"),
        (["lead"], "𝗟𝗲𝗮𝗱"),
        (["lead"], "ｌｅａｄ"),
        (["lead"], "Ⓛⓔⓐⓓ"),
        (["finance"], "ﬁnance"),
        (
            ["ostrow", "smorrebrod", "dakovo", "mdina", "thingvellir", "caesar", "boeuf"],
            "Ostrów smørrebrød Đakovo Mdina Þingvellir Cæsar bœuf",
        ),
        (["202104291526"], "202104291526"),
        ([], "... — !? → ∑"),
        ([], ""),
    ],
)
def test_words_are_folded_to_plain_letters(expected: list[str], text: str) -> None:
    """Words are folded to plain letters, without accents, strokes, ligatures, case and styles."""
    assert expected == split_words(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["self", "organising"], "self-organising"),
        (["self", "organising", "self", "organising"], "self‐organising self‑organising"),
        (["max", "retries"], "max_retries"),
        (["vue", "js"], "Vue.js"),
        (["25", "000", "50"], "25,000.50"),
        (["q", "a"], "Q&A"),
        (["rfc", "2119"], "RFC-2119"),
        (["d", "accord", "dell", "arte", "o", "connor"], "d’accord dell'arte O'Connor"),
        (["об", "єкт", "об", "єкт"], "об'єкт обʼєкт"),
        (["col", "legi"], "col·legi"),
        (["don't", "we'll", "i'm", "they've", "you're", "he'd", "shouldn't've"], "don't we'll I’m they've you're he'd shouldn't've"),
        (["leader", "leader", "node", "js"], "leader's leader’s node.js’s"),
        (["s", "nachts", "quoted"], "'s nachts 'quoted'"),
        (["d", "thing"], "'d'thing"),
    ],
)
def test_the_parts_of_a_compound_are_words(expected: list[str], text: str) -> None:
    """Hyphens, underscores, full stops, commas, ampersands and apostrophes part words, except those of English contractions and possessives."""
    assert expected == split_words(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["知", "識", "管", "理"], "知識管理"),
        (["it", "知", "識"], "IT知識"),
        (["人", "々", "𠮷"], "人々𠮷"),
        (["ハ", "ソ", "コ", "ン"], "ハソコン"),
        (["パ", "ソ", "コ", "ン"], "パソコン"),
        (["が", "か"], "か\u3099か"),
        (["コ", "ー", "ト", "ラ", "ー"], "コート・ラー"),
        (["한", "글"], "한글"),
        (["पानी", "पान"], "पानी, पान।"),
        (["বাংলা", "தமிழ்", "മലയാളം"], "বাংলা தமிழ் മലയാളം"),
        (["ภ", "า", "ษ", "า", "ที่", "2"], "ภาษาที่2"),
        (["ພ", "າ", "ສ", "າ"], "ພາສາ"),
        (["ភា", "សា"], "ភាសា"),
        (["မြ", "န်", "မာ"], "မြန်မာ"),
        (["שלום", "سلام", "ελλαδα", "еж"], "שָׁלוֹם سَلَام Ελλάδα ёж"),
    ],
)
def test_marks_of_other_scripts_are_letters(expected: list[str], text: str) -> None:
    """Accents and points are dropped, other marks belong to their word, and each character of a script without blanks is a word."""
    assert expected == split_words(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["🎯", "goal"], "🎯goal"),
        (["👍", "👍"], "👍🏿👍"),
        (["👩", "🚒"], "👩🏽\u200d🚒"),
        (["🇫", "🇷"], "🇫🇷"),
        (["☑", "★", "⚠", "✗"], "☑\ufe0f ★ ⚠\ufe0f ✗"),
        (["2"], "2\ufe0f\u20e3"),
        ([], "→ ≤ ∞ • ■ “” ©"),
    ],
)
def test_pictures_are_words(expected: list[str], text: str) -> None:
    """Each emoji and each symbol that people mark notes with is a word, and arrows, bullets and mathematical signs are not."""
    assert expected == split_words(text)


@pytest.mark.parametrize("char", ["\u00ad", "\u200b", "\u200d", "\u200e", "\u2060", "\ufeff", "\u202a", "\u2066"])
def test_invisible_characters_are_not_there(char: str) -> None:
    """A word with an invisible character in it or around it is that word, and its end is before one that follows it."""
    assert [("delay", 2, 8)] == tokenise(f"{char} de{char}lay{char}")
    assert ["delay"] == split_words(f"{char} de{char}lay{char}")


@pytest.mark.parametrize(
    "text",
    [
        "Make the “hard” decisions",
        "知識 管理 𝗟𝗲𝗮𝗱 Re\u0301sume\u0301",
        "a-b c'd leader's",
        "ﬁne  x\ty",
        "ภาษาที่ पानी 🎯👩🏽\u200d🚒",
        "co\u00adop ｶﾞｽ half\u200b",
    ],
)
def test_the_offsets_of_a_word_slice_the_text(text: str) -> None:
    """The offsets of each word slice the text to what folds to that word."""
    for word, start, end in tokenise(text):
        assert [word] == split_words(text[start:end])


@pytest.mark.parametrize(
    "one, other",
    [
        ("パソコン", "ﾊﾟｿｺﾝ"),
        ("カタカナ", "ｶﾀｶﾅ"),
        ("ガス", "ｶﾞｽ"),
        ("résumé", "re\u0301sume\u0301"),
        ("가나", "\u1100\u1161\u1102\u1161"),
        ("কো", "ক\u09c7\u09be"),
        ("क़", "क\u093c"),
    ],
)
def test_two_forms_of_a_text_have_the_same_words(one: str, other: str) -> None:
    """Composed and decomposed, full-width and half-width forms of a text have the same words."""
    assert split_words(one) == split_words(other) == [word for word, _, _ in tokenise(other)]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ([(1, "selforganising")], "A self-organising team"),
        ([(0, "selforganising"), (3, "followup")], "self‑organising the follow‐up"),
        ([(0, "maxretries"), (2, "vuejs"), (4, "rfc2119"), (6, "qa")], "max_retries Vue.js RFC-2119 Q&A"),
        ([(0, "25000"), (3, "25000")], "25,000 or 25.000"),
        ([], "red,green"),
        ([(1, "bc"), (3, "de")], "a,b-c,d-e"),
        ([(0, "daccord"), (2, "lecole"), (4, "oconnor")], "d’accord l'école O'Connor"),
        ([(0, "dont"), (1, "im"), (2, "theyve")], "don't I’m they've"),
        ([], "we'll we're he'd it's leader's"),
        ([(0, "cofounder"), (2, "nodejs")], "co-founder's, node.js's"),
        ([(0, "oneonone")], "one-on-one"),
        ([(0, "abcd")], "a-b-c-d"),
        ([], "a-b-c-d-e"),
        ([], f"{'x' * 20}-{'y' * 21}"),
        ([(0, "x" * 20 + "y" * 20)], f"{'x' * 20}-{'y' * 20}"),
        ([], "self-\norganising"),
        ([], "one - two -three four-"),
        ([], "and/or one–two a+b"),
        ([(0, "पानीपुरी")], "पानी-पुरी"),
        ([], "知-識 IT-知 🎯-goal"),
        ([(3, "followup")], "知識 x follow-up"),
        ([(2, "followup")], "it's a.' follow-up"),
    ],
)
def test_compounds_are_also_one_word(expected: list[tuple[int, str]], text: str) -> None:
    """Two to four parts that one character joins are also one word, at the position of the first part."""
    assert expected == find_joined_words(text)


@pytest.mark.parametrize(
    ("expected", "word"), [(True, "知"), (True, "ที่"), (True, "한"), (True, "𠮷"), (False, "lead"), (False, "पानी"), (False, "🎯")]
)
def test_scripts_without_blanks_are_known(expected: bool, word: str) -> None:
    """Chinese, Japanese, Korean and Thai characters are words of their own, and those of Hindi and emoji are not of such a script."""
    assert expected == is_unspaced(word)


def test_ascii_text_needs_no_tables_of_letters() -> None:
    """Words of ASCII text are found without `unicodedata`, and without the modules that parse queries."""
    code = """
import sys
from zettel.model.text.tokens import find_joined_words, split_words
assert split_words("Make the hard decisions.") and not find_joined_words("Make the hard decisions.")
print([name for name in ("unicodedata", "zettel.model.search.query") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()
