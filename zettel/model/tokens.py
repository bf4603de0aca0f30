"""Words of a text, as they are compared in searches, titles and mentions."""

from __future__ import annotations

from zettel.model.lazily import lazily
from zettel.model.text import nfc, plain_letters

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Scripts that are written without blanks, in which an ID may touch a letter and words have no bounds."""

MAYBE_CJK = lazily("[^\0-\u303f\ufb00-\U0010ffff]")
"""From U+3040 to U+FAFF, put so that it takes no time to be compiled."""

WORD = lazily(r"\w+(?:['’]\w+)*")
WORD_OR_CJK = lazily(rf"[{CJK}]|[^\W{CJK}]+(?:['’][^\W{CJK}]+)*")
"""The same where there are scripts without blanks, which takes tens of milliseconds to be compiled."""

SET_UPON = "\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
LETTER = lazily(f"(?s).[{SET_UPON}]*")
"""A character and what is set upon it, one letter to a person."""

NOT_ASCII = lazily(f"(?s)[^\0-\x7f][{SET_UPON}]*|.[{SET_UPON}]+")
"""The letters of LETTER that are more than an ASCII character."""


def word_of(text: str) -> re.Pattern[str]:
    """What finds the words of a text whose letters are plain."""
    return WORD if text.isascii() or not MAYBE_CJK.search(text) else WORD_OR_CJK


def tokens(text: str) -> list[tuple[str, int, int]]:
    """(word, start, end) of every word, folded for searching; every CJK character is a word of its own.

    Offsets are into `text`. Letters are made plain first (accents, case, styled Unicode), so a token is what
    a person would type on any keyboard.
    """
    if text.isascii():
        return [(_word(match[0]), *match.span()) for match in WORD.finditer(text.lower())]
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    for letter in LETTER.finditer(text):
        plain = _plain_letter(letter)
        parts.append(plain)
        places += [letter.span()] * len(plain)
    plain = "".join(parts)
    return [(_word(match[0]), places[match.start()][0], places[match.end() - 1][1]) for match in word_of(plain).finditer(plain)]


def words(text: str) -> list[str]:
    """The words of `tokens`, several times as fast, without their places."""
    if text.isascii():
        found: list[str] = WORD.findall(text.lower())
    else:
        text = NOT_ASCII.sub(_plain_letter, text).encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
        found = word_of(text).findall(text)
    return [_word(word) for word in found] if "'" in text or "’" in text else found


def _plain_letter(letter: re.Match[str]) -> str:
    plain = _plain.get(letter[0])
    if plain is None:
        plain = _plain[letter[0]] = plain_letters(nfc(letter[0]))
    return plain


_plain: dict[str, str] = {}


def _word(text: str) -> str:
    text = text.replace("’", "'")
    return text[:-2] if text.endswith("'s") else text
