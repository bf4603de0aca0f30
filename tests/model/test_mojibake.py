"""Mojibake that has lost bytes is mended where it is certain, and prose in every script stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.model.articles.mojibake import CODE_PAGES, EMOJI_RANGES, HOLES, fix_mojibake


def damaged(text: str, page: str, *, dropping: bool) -> str:
    """What UTF-8 becomes when it is read as a code page whose gaps are filled from Windows-1252, and the rest `dropping` or left."""
    found = []
    for byte in text.encode():
        data = bytes([byte])
        char = data.decode(page, "ignore") or (data.decode("cp1252", "ignore") if byte < 0xA0 else "") or ("" if dropping else chr(byte))
        found.append("" if dropping and byte in HOLES and not char.isprintable() else char)
    return "".join(found)


@pytest.mark.parametrize("page", ["cp1253", "cp1250", "cp1251", "cp1254"])
def test_whole_emoji_come_back(page: str) -> None:
    """An emoji of which no byte is lost is mended whatever code page it was read as, and said."""
    broken = damaged("Plans 🔄 and 🚀", page, dropping=True)
    found = fix_mojibake(broken)
    assert "Plans 🔄 and 🚀" == found.text
    assert 2 == len(found.fixes)
    assert () == found.undecided


def test_a_lost_byte_is_put_in_where_the_text_tells_which() -> None:
    """The selector behind one emoji tells that 8F is lost, which settles what another emoji was, be it before or after."""
    text = "A prize 🏆, a crane 🏗️, a prize 🏆"
    assert text == fix_mojibake(damaged(text, "cp1253", dropping=True)).text


def test_a_lost_byte_that_may_be_several_is_left_and_said() -> None:
    """Without such a hint, what may be 🏆 or 🍆 stays as it is and is named."""
    broken = damaged("A prize 🏆", "cp1253", dropping=True)
    found = fix_mojibake(broken)
    assert broken == found.text
    assert (broken.removeprefix("A prize "),) == found.undecided


def test_an_apostrophe_that_lost_two_bytes() -> None:
    """A beta within an English contraction is an apostrophe; one in the name of a protein is not."""
    found = fix_mojibake("Itβs what theyβre doing. TGFβs and PPARβ stay; so does βs.")
    assert "It’s what they’re doing. TGFβs and PPARβ stay; so does βs." == found.text
    assert (("Itβs", "It’s"), ("theyβre", "they’re")) == found.fixes


def test_a_closing_quote_that_lost_its_last_byte() -> None:
    """Behind an opening quotation mark and before no letter, what lacks its last byte is a closing one."""
    assert "He said “yes”, then “no”." == fix_mojibake(damaged("He said “yes”, then “no”.", "cp1253", dropping=True)).text
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
def test_prose_stays(prose: str) -> None:
    """Real text in whatever script is left alone."""
    assert (prose, (), ()) == fix_mojibake(prose)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_nothing_is_lost_and_nothing_raises(text: str) -> None:
    """Whatever the text, what was not said to be mended is still there, and mending a second time changes nothing that is plain."""
    found = fix_mojibake(text)
    if not found.fixes:
        assert text == found.text


def test_tables_have_every_page() -> None:
    """Every code page is one that Python knows, and the ranges of emoji are in order."""
    assert all(b"a".decode(page) == "a" for page in CODE_PAGES)
    starts = [int(span.partition("-")[0], 16) for span in EMOJI_RANGES.split()]
    assert sorted(starts) == starts
