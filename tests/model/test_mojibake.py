"""Test that mojibake with lost bytes is fixed only if that is certain, and that prose in every script stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.model.articles.mojibake import CODE_PAGES, EMOJI_RANGES, HOLES, fix_mojibake


def damage(text: str, page: str, *, drop: bool) -> str:
    """Misread UTF-8 as a code page whose gaps are filled from Windows-1252, and drop or keep the other bytes."""
    found = []
    for byte in text.encode():
        data = bytes([byte])
        char = data.decode(page, "ignore") or (data.decode("cp1252", "ignore") if byte < 0xA0 else "") or ("" if drop else chr(byte))
        found.append("" if drop and byte in HOLES and not char.isprintable() else char)
    return "".join(found)


@pytest.mark.parametrize("page", ["cp1253", "cp1250", "cp1251", "cp1254"])
def test_complete_emoji_are_restored(page: str) -> None:
    """An emoji that has lost no byte is fixed and reported, whatever code page it was read as."""
    broken = damage("Plans 🔄 and 🚀", page, drop=True)
    found = fix_mojibake(broken)
    assert "Plans 🔄 and 🚀" == found.text
    assert 2 == len(found.fixes)
    assert () == found.undecided


def test_a_lost_byte_is_restored_if_the_text_shows_which() -> None:
    """The selector behind one emoji shows that byte 8F is lost, which decides what the emoji before and after it were."""
    text = "A prize 🏆, a crane 🏗️, a prize 🏆"
    assert text == fix_mojibake(damage(text, "cp1253", drop=True)).text


def test_an_ambiguous_lost_byte_is_left_and_reported() -> None:
    """Without such evidence, what may be 🏆 or 🍆 stays as it is and is reported."""
    broken = damage("A prize 🏆", "cp1253", drop=True)
    found = fix_mojibake(broken)
    assert broken == found.text
    assert (broken.removeprefix("A prize "),) == found.undecided


def test_an_apostrophe_that_lost_two_bytes_is_restored() -> None:
    """A beta within an English contraction becomes an apostrophe, and one in the name of a protein stays."""
    found = fix_mojibake("Itβs what theyβre doing. TGFβs and PPARβ stay; so does βs.")
    assert "It’s what they’re doing. TGFβs and PPARβ stay; so does βs." == found.text
    assert (("Itβs", "It’s"), ("theyβre", "they’re")) == found.fixes


def test_a_closing_quote_that_lost_its_last_byte_is_restored() -> None:
    """A truncated quotation mark becomes a closing one only after an opening one and not before a letter."""
    assert "He said “yes”, then “no”." == fix_mojibake(damage("He said “yes”, then “no”.", "cp1253", drop=True)).text
    assert "twoβ€way" == fix_mojibake("twoβ€way").text


@pytest.mark.parametrize(
    "prose",
    [
        "Η στρατηγική και η εκτέλεση: «τάξη Β’», στο β΄ και το β», α—«όχι», €5, “ναι” ‘όχι’… Ϊ ΐ ΰ",
        "Стратегия и исполнение: «да» — „нет“, №5, в € и ₽…",
        "Здравље, љубав и џеп; срџба, вљ, вћ, њ",
        "Strateji ile yürütme: ağaç, ığdır, “evet” – İstanbul’da %5",
        "战略与执行：《是》、“不”，３个月。",
        "عن الاستراتيجية والتنفيذ ً؟",
        "אסטרטגיה וביצוע ״כן״",
        "Chiến lược và thực thi đường",
        "Der Fluß, façade, naïve, ½ € – “quoted” ‘so’ … ™",
        "🀄 and 🤝 and ☀️ stay",
    ],
)
def test_prose_in_any_script_stays(prose: str) -> None:
    """Undamaged text in any script is left alone."""
    assert (prose, (), ()) == fix_mojibake(prose)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_text_without_fixes_is_unchanged(text: str) -> None:
    """Whatever the text, fixing it does not raise, and changes nothing without reporting a fix."""
    found = fix_mojibake(text)
    if not found.fixes:
        assert text == found.text


def test_tables_are_valid() -> None:
    """Python knows every code page, and the ranges of emoji are in order."""
    assert all(b"a".decode(page) == "a" for page in CODE_PAGES)
    starts = [int(span.partition("-")[0], 16) for span in EMOJI_RANGES.split()]
    assert sorted(starts) == starts
