"""Split text into words as searches, titles and mentions compare them."""

from __future__ import annotations

from zettel.model.lazily import lazily
from zettel.model.text import nfc, plain_letters

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Character ranges of scripts without spaces between words. An ID may touch a letter of these."""

MAYBE_CJK = lazily("[^\0-\u303f\ufb00-\U0010ffff]")
"""Any character from U+3040 to U+FAFF, negated so that the pattern compiles fast."""

WORD = lazily(r"\w+(?:['’]\w+)*")
WORD_OR_CJK = lazily(rf"[{CJK}]|[^\W{CJK}]+(?:['’][^\W{CJK}]+)*")
"""The same for text with CJK characters. This pattern takes tens of milliseconds to compile."""

SET_UPON = "\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
LETTER = lazily(f"(?s).[{SET_UPON}]*")
"""A character with its combining marks, which a person sees as one letter."""

NOT_ASCII = lazily(f"(?s)[^\0-\x7f][{SET_UPON}]*|.[{SET_UPON}]+")
"""The matches of `LETTER` that are not a single ASCII character."""


def word_of(text: str) -> re.Pattern[str]:
    """Return the pattern that finds the words of a text of folded letters."""
    return WORD if text.isascii() or not MAYBE_CJK.search(text) else WORD_OR_CJK


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Return (word, start, end) of every word, folded for searching. Every CJK character is a word of its own.

    Offsets are into `text`. Folding drops accents, case and Unicode styles, so a token is what one would type on any keyboard.
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
    """Return the words of `tokens` without offsets, several times as fast."""
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
