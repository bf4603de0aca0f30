"""Words of a text, as they are compared in searches, titles and mentions."""

from __future__ import annotations

import re

from zettel.model.text import nfc, plain_letters

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Scripts that are written without blanks, in which an ID may touch a letter and words have no bounds."""

TOKEN = re.compile(rf"[{CJK}]|[^\W{CJK}]+(?:['’][^\W{CJK}]+)*")
SET_UPON = "\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
LETTER = re.compile(f"(?s).[{SET_UPON}]*")
"""A character and what is set upon it, one letter to a person."""
ASCII_TOKEN = re.compile(r"\w+(?:'\w+)*", re.ASCII)
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
    return [(_word(match[0]), places[match.start()][0], places[match.end() - 1][1]) for match in TOKEN.finditer("".join(parts))]


def words(text: str) -> list[str]:
    """The words of `tokens`, several times as fast, without their places."""
    if text.isascii():
        found: list[str] = ASCII_TOKEN.findall(text.lower())
    else:
        plain = NOT_ASCII.sub(_plain_letter, text).encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
        found = TOKEN.findall(plain)
        text = plain
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
