"""Words of a text, as they are compared in searches, titles and mentions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from zettel.model.text import nfc, plain_letters

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Scripts that are written without blanks, in which an ID may touch a letter and words have no bounds."""

MAYBE_CJK = re.compile("[^\0-\u303f\ufb00-\U0010ffff]")
"""From U+3040 to U+FAFF, put so that it takes no time to be compiled."""


class InScripts:
    """A pattern that differs for scripts without blanks; that one takes tens of milliseconds to be compiled, and is when the first such text comes."""

    def __init__(self, spaced: str, unspaced: str) -> None:
        self._spaced, self._unspaced = re.compile(spaced), unspaced
        self._compiled: re.Pattern[str] | None = None

    def of(self, text: str) -> re.Pattern[str]:
        """The pattern for a text."""
        if text.isascii() or not MAYBE_CJK.search(text):
            return self._spaced
        if self._compiled is None:
            self._compiled = re.compile(self._unspaced)
        return self._compiled

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches in a text."""
        return self.of(text).finditer(text)

    def sub(self, put: Callable[[re.Match[str]], str], text: str) -> str:
        """A text with all matches replaced."""
        return self.of(text).sub(put, text)


SET_UPON = "\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
LETTER = re.compile(f"(?s).[{SET_UPON}]*")
"""A character and what is set upon it, one letter to a person."""
TOKEN = InScripts(r"\w+(?:['’]\w+)*", rf"[{CJK}]|[^\W{CJK}]+(?:['’][^\W{CJK}]+)*")
NOT_ASCII = re.compile(f"(?s)[^\0-\x7f][{SET_UPON}]*|.[{SET_UPON}]+")
"""The letters of LETTER that are more than an ASCII character."""


def tokens(text: str) -> list[tuple[str, int, int]]:
    """(word, start, end) of every word, folded for searching; every CJK character is a word of its own.

    Offsets are into `text`. Letters are made plain first (accents, case, styled Unicode), so a token is what
    a person would type on any keyboard.
    """
    if text.isascii():
        return [(_word(match[0]), *match.span()) for match in TOKEN.finditer(text.lower())]
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    for letter in LETTER.finditer(text):
        plain = _plain_letter(letter)
        parts.append(plain)
        places += [letter.span()] * len(plain)
    plain = "".join(parts)
    return [(_word(match[0]), places[match.start()][0], places[match.end() - 1][1]) for match in TOKEN.finditer(plain)]


def words(text: str) -> list[str]:
    """The words of `tokens`, several times as fast, without their places."""
    if text.isascii():
        found: list[str] = TOKEN.of("").findall(text.lower())
    else:
        text = NOT_ASCII.sub(_plain_letter, text).encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
        found = TOKEN.of(text).findall(text)
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
