"""Split text into words as searches, titles and mentions compare them."""

from __future__ import annotations

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.text.fold import fold_letters, to_nfc

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Character ranges of scripts without spaces between words. An ID may touch a letter of these."""

MAYBE_CJK = compile_lazily("[^\0-\u303f\ufb00-\U0010ffff]")
"""Any character from U+3040 to U+FAFF, negated so that the pattern compiles fast."""

WORD = compile_lazily(r"\w+(?:['’]\w+)*")
WORD_OR_CJK = compile_lazily(rf"[{CJK}]|[^\W{CJK}]+(?:['’][^\W{CJK}]+)*")
"""The same for text with CJK characters. This pattern takes tens of milliseconds to compile."""

COMBINING_MARKS = "\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
LETTER = compile_lazily(f"(?s).[{COMBINING_MARKS}]*")
"""A character with its combining marks, which a person sees as one letter."""

NON_ASCII_LETTER = compile_lazily(f"(?s)[^\0-\x7f][{COMBINING_MARKS}]*|.[{COMBINING_MARKS}]+")
"""The matches of `LETTER` that are not a single ASCII character."""


def choose_word_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern that finds the words of a text of folded letters."""
    return WORD if text.isascii() or not MAYBE_CJK.search(text) else WORD_OR_CJK


def tokenise(text: str) -> list[tuple[str, int, int]]:
    """Return (word, start, end) of every word, folded for searching. Every CJK character is a word of its own.

    Offsets are into `text`. Folding drops accents, case and Unicode styles, so a token is what one would type on any keyboard.
    """
    if text.isascii():
        return [(_strip_possessive(match[0]), *match.span()) for match in WORD.finditer(text.lower())]
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    for letter in LETTER.finditer(text):
        plain = _fold_letter(letter)
        parts.append(plain)
        places += [letter.span()] * len(plain)
    plain = "".join(parts)
    return [
        (_strip_possessive(match[0]), places[match.start()][0], places[match.end() - 1][1])
        for match in choose_word_pattern(plain).finditer(plain)
    ]


def split_words(text: str) -> list[str]:
    """Return the words of `tokenise` without offsets, several times as fast."""
    if text.isascii():
        found: list[str] = WORD.findall(text.lower())
    else:
        text = NON_ASCII_LETTER.sub(_fold_letter, text).encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
        found = choose_word_pattern(text).findall(text)
    return [_strip_possessive(word) for word in found] if "'" in text or "’" in text else found


def _fold_letter(letter: re.Match[str]) -> str:
    plain = _folded_letters.get(letter[0])
    if plain is None:
        plain = _folded_letters[letter[0]] = fold_letters(to_nfc(letter[0]))
    return plain


_folded_letters: dict[str, str] = {}


def _strip_possessive(text: str) -> str:
    text = text.replace("’", "'")
    return text[:-2] if text.endswith("'s") else text
