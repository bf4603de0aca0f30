"""Test how names are compared, and how text is made safe to show."""

from __future__ import annotations

import pytest

from zettel.model.text.fold import fold, fold_letters, is_note_name, split_path, strip_suffix, to_nfc
from zettel.model.text.inert import clip, escape_unsafe, is_unsafe


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Übung", "U\u0308bung"),
        ("Übung", "ÜBUNG"),
        ("Übung", "u\u0308bung"),
        ("straße", "STRASSE"),
        ("Make the hard decisions", "make  the\thard decisions "),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("a\u00a0b", "a b"),
    ],
)
def test_names_are_compared_without_case_and_spacing(one: str, other: str) -> None:
    """Names are compared in NFC, without letter case, and with one space for any white space."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Übung", "Ubung"), ("résumé", "resume"), ("ab", "a b"), ("１", "1")])
def test_accents_and_spaces_count_in_names(one: str, other: str) -> None:
    """Accents, spaces and compatibility letters count in a name."""
    assert fold(one) != fold(other)


def test_nfc_composes_letters() -> None:
    """Letters with combining marks become one character, and everything else stays."""
    assert "Zoë ﬁ ２" == to_nfc("Zoe\u0308 ﬁ ２")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("lead", "LEAD"),
        ("lead", "𝗟𝗲𝗮𝗱"),
        ("lead", "𝓛𝓮𝓪𝓭"),
        ("lead", "ｌｅａｄ"),
        ("lead", "ⓛⓔⓐⓓ"),
        ("uber", "Über"),
        ("uber", "U\u0308ber"),
        ("strasse", "Straße"),
        ("finance", "ﬁnance"),
        ("istanbul", "İstanbul"),
        ("한국", "한국"),
        ("知識", "知識"),
        ("resume", "résumé"),
        ("lodz, tromso, cevap", "ŁÓDŹ, Tromsø, Ćevap"),
        ("thor aethelred oeil kizilirmak", "Þór Æthelred Œil Kızılırmak"),
        ("ghan bida tat", "Għan ɓiɗa Ŧaŧ"),
        ("ελλασ еж שלום سلام", "Ἑλλάς ёж שָׁלוֹם سَلَام"),
        ("ばか はか", "は\u3099か はか"),
        ("पानी ที่ தமிழ்", "पानी ที่ தமிழ்"),
        ("cooperate", "co\u00adope\u200brate\ufeff"),
        ("👍👩💻", "👍🏿👩\u200d💻\ufe0f"),
        ("об'єкт", "обʼєкт"),
    ],
)
def test_letters_are_folded_for_searching(expected: str, text: str) -> None:
    """Case, accents, strokes, styles and what is invisible are dropped for searching, and marks of other scripts stay."""
    assert expected == fold_letters(text)


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        (True, "a.md"),
        (True, "a.MD"),
        (True, "a.Markdown"),
        (True, "a.b.markdown"),
        (False, "a.md.bak"),
        (False, "a.md~"),
        (False, "a.txt"),
        (False, "md"),
        (False, "a.mdx"),
        (False, "a.md "),
    ],
)
def test_notes_are_md_and_markdown_files(expected: bool, name: str) -> None:
    """Notes are `*.md` and `*.markdown`, in any letter case."""
    assert expected == is_note_name(name)


@pytest.mark.parametrize(
    ("expected", "name"),
    [("a", "a.md"), ("a", "a.MARKDOWN"), ("dir/a.b", "dir/a.b.md"), ("Vue.js", "Vue.js"), (".md", ".md"), ("a.md", "a.md.md")],
)
def test_the_suffix_of_a_note_is_stripped_once(expected: str, name: str) -> None:
    """A note's suffix is stripped once, and any other suffix stays."""
    assert expected == strip_suffix(name)


@pytest.mark.parametrize(("expected", "path"), [(("", "a.md"), "a.md"), (("d/e", "a.md"), "d/e/a.md"), (("", ""), "")])
def test_a_path_is_split_at_its_last_slash(expected: tuple[str, str], path: str) -> None:
    """A path is split at its last slash, and a top-level file has no folder."""
    assert expected == split_path(path)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("plain [bold]x[/]", "plain [bold]x[/]"),
        ("Übung 知識 🚀", "Übung 知識 🚀"),
        ("␛[31mred", "\x1b[31mred"),
        ("␛]0;title␇", "\x1b]0;title\x07"),
        ("a␊b␍c␉d", "a\nb\rc\td"),
        ("␡", "\x7f"),
        ("\\x9b31m", "\x9b31m"),
        ("\\u202eabc\\u2066", "\u202eabc\u2066"),
        ("\\ud800", "\ud800"),
        ("a\\u2028b", "a\u2028b"),
        ("\\x85", "\x85"),
        ("a\\U000e0062", "a\U000e0062"),
        ("\\u206a\\ufff9\\uffff", "\u206a\ufff9\uffff"),
        ("👩\u200d💻 نامه\u200cها co\u00adop", "👩\u200d💻 نامه\u200cها co\u00adop"),
    ],
)
def test_unsafe_characters_are_made_visible(expected: str, text: str) -> None:
    """What could control a terminal or reverse a line is made visible, and letters stay."""
    assert expected == escape_unsafe(text)


def test_no_unsafe_character_is_printable() -> None:
    """Text that Python calls printable is safe as a whole."""
    assert [] == [code for code in range(0x110000) if chr(code).isprintable() and is_unsafe(chr(code))]


def test_line_breaks_are_kept_on_request() -> None:
    """Line breaks stay if the caller asks for them, and nothing else does."""
    assert "a\nb␛" == escape_unsafe("a\nb\x1b", keep="\n")


@pytest.mark.parametrize(
    ("expected", "text", "width"),
    [
        ("short", "short", 5),
        ("long…", "longer", 5),
        ("a b", " a \n b ", 5),
        ("one…", "one two three", 5),
        ("x" * 9 + "…", "x" * 100_000, 10),
    ],
)
def test_text_is_clipped_to_one_line(expected: str, text: str, width: int) -> None:
    """A text is cut to one line of a maximum width, with an ellipsis if something is left out."""
    assert expected == clip(text, width)
