"""Words of a text, as they are compared in searches, titles and mentions."""

from __future__ import annotations

from zettel.model.lazily import lazily
from zettel.model.text import nfc, plain_letters

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Scripts that are written without blanks, in which an ID may touch a letter and words have no bounds."""

TOKEN = lazily(rf"[{CJK}]|(?:(?![{CJK}])\w)+(?:['’](?:(?![{CJK}])\w)+)*")
LETTER = lazily("(?s).[\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]*")
"""A character and what is set upon it, one letter to a person."""


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
        plain = _plain.get(letter[0])
        if plain is None:
            plain = _plain[letter[0]] = plain_letters(nfc(letter[0]))
        parts.append(plain)
        places += [letter.span()] * len(plain)
    return [(_word(match[0]), places[match.start()][0], places[match.end() - 1][1]) for match in TOKEN.finditer("".join(parts))]


_plain: dict[str, str] = {}


def _word(text: str) -> str:
    text = text.replace("’", "'")
    return text[:-2] if text.endswith("'s") else text
