"""Text: how names are compared, and how they are made safe to show."""

from __future__ import annotations

import pytest

from zettel.model.text.fold import fold, fold_letters, to_nfc
from zettel.model.text.inert import clip, escape_unsafe, is_unsafe
from zettel.model.text.paths import is_note_name, split_path, strip_suffix


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
def test_names_that_are_the_same(one: str, other: str) -> None:
    """Names are compared in NFC, without letter case, and with one blank for any space."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Übung", "Ubung"), ("résumé", "resume"), ("ab", "a b"), ("１", "1")])
def test_names_that_differ(one: str, other: str) -> None:
    """Accents, blanks and compatibility letters count in a name."""
    assert fold(one) != fold(other)


def test_nfc() -> None:
    """Letters with combining marks become one character, all else stays."""
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
    ],
)
def test_plain_letters(expected: str, text: str) -> None:
    """Case, accents and styled letters fall away for searching; scripts of their own stay."""
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
def test_what_a_note_is_called(expected: bool, name: str) -> None:
    """Notes are `*.md` and `*.markdown`, in any letter case."""
    assert expected == is_note_name(name)


@pytest.mark.parametrize(
    ("expected", "name"),
    [("a", "a.md"), ("a", "a.MARKDOWN"), ("dir/a.b", "dir/a.b.md"), ("Vue.js", "Vue.js"), (".md", ".md"), ("a.md", "a.md.md")],
)
def test_without_suffix(expected: str, name: str) -> None:
    """A note's suffix falls away once, any other one stays."""
    assert expected == strip_suffix(name)


@pytest.mark.parametrize(("expected", "path"), [(("", "a.md"), "a.md"), (("d/e", "a.md"), "d/e/a.md"), (("", ""), "")])
def test_split_path(expected: tuple[str, str], path: str) -> None:
    """A path is split at its last slash; a top-level file lies in no folder."""
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
def test_inert(expected: str, text: str) -> None:
    """Whatever could steer a terminal or turn a line round is made visible; letters stay."""
    assert expected == escape_unsafe(text)


def test_nothing_that_steers_is_printable() -> None:
    """Text that Python calls printable needs not be looked at letter by letter."""
    assert [] == [code for code in range(0x110000) if chr(code).isprintable() and is_unsafe(chr(code))]


def test_inert_keeps_line_breaks_when_told() -> None:
    """Line breaks stay where they are asked for, and nothing else with them."""
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
def test_clipped(expected: str, text: str, width: int) -> None:
    """A text is cut to one line of at most so many characters, with an ellipsis where something is left out."""
    assert expected == clip(text, width)
