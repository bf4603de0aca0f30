"""Judge whether bytes that were decoded by guess read as words, and name the encodings that they could be in."""

from __future__ import annotations

import re

PUNCTUATION = frozenset("€‚„…†‡‰‹‘’“”•–—˜™›¡§©«®°·»¿´¨¸\u00a0\u00ad")
RUN = re.compile(r"[^\x00-\x7f\s]{3,}")
SIGN_IN_WORD = re.compile(r"(?<=[^\W\d_])[¡¢£¤¥±²³¶¹¼½¾¿×÷†‡](?=[^\W\d_])|(?<=[^\W\d_]{3})[¡¢£¤¥±³¶¹¼½¾¿†‡]")
"""A sign within or behind a word, as in Polish that was read as Windows-1252."""

MAX_TEXT = 200_000
SAMPLE = 4000
JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B][!-~]{2}")
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
MIN_SCORE = 0.75
"""Minimum share of characters that fit an encoding for it to be likely."""

MIN_CHARACTERS = 6
"""Number of characters outside ASCII from which a text says something about its encoding."""


def reads_as_words(text: str) -> bool:
    """Return whether a text that was decoded as Windows-1252 by guess reads as words of a Western language.

    Their letters outside ASCII stand alone among others. In another encoding they stand in rows, or with signs and control characters.
    """
    text = text[:MAX_TEXT]
    found = [char for char in text if char > "\x7f" and char not in PUNCTUATION]
    high = [char for char in text if char > "\x7f"]
    if len(high) < MIN_CHARACTERS:
        return True
    controls = sum("\x80" <= char <= "\x9f" for char in high)
    in_rows = sum(len(run) for run in RUN.findall(text) if not all(char in PUNCTUATION for char in run))
    signs = len(SIGN_IN_WORD.findall(text))
    return controls * 20 < len(high) and in_rows * 3 < len(high) and signs * 5 < max(len(found), 1)


CJK, KANA, HANGUL = (0x4E00, 0x9FFF), (0x3040, 0x30FF), (0xAC00, 0xD7A3)
CYRILLIC, GREEK = "оеаинтсрвлкмдпуябчйзіїєђј", "αοιετνσηςρπκμλυώίόάέήύδθ"
HEBREW, ARABIC = "יוהלאמתרשבנםעקדפןכח", "اليمونتربةعدفسكهحقشجذضأإصط"
THAI = "".join(map(chr, range(0xE01, 0xE4F)))
CENTRAL_EUROPEAN = "ąćęłńóśźżáčďéěíňřšťúůýžőűöüäôľĺŕ"

ALPHABETS = (
    ("windows-1251", CYRILLIC),
    ("koi8-r", CYRILLIC),
    ("iso-8859-5", CYRILLIC),
    ("cp866", CYRILLIC),
    ("windows-1253", GREEK),
    ("windows-1255", HEBREW),
    ("windows-1256", ARABIC),
    ("windows-874", THAI),
    ("windows-1250", CENTRAL_EUROPEAN),
    ("iso-8859-2", CENTRAL_EUROPEAN),
)
"""Encodings, and the letters outside ASCII that are frequent in the languages for which they were made."""

SCRIPTS = (
    ("shift_jis", (KANA, CJK)),
    ("euc-jp", (KANA, CJK)),
    ("euc-kr", (HANGUL,)),
    ("gb18030", (CJK,)),
    ("big5", (CJK,)),
)
"""Encodings, and the ranges of characters that a text in them has, the telling range first."""

CODECS = {"shift_jis": "cp932", "euc-kr": "cp949", "windows-874": "cp874"}


def find_unnamed_encoding(data: bytes) -> str:
    """Return the encoding of bytes that show it by their form alone: ISO-2022-JP, or UTF-16 without a byte order mark. Empty for others."""
    sample = data[:SAMPLE]
    if JAPANESE_ESCAPE.search(sample):
        return "iso-2022-jp"
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    is_wide = b"\0\0" not in sample and not sample.startswith(WIDE_MARKS) and (even + odd) * 3 > len(sample)
    return "" if not is_wide or (even and odd) else "utf-16-be" if even else "utf-16-le"


def list_likely_encodings(data: bytes) -> list[str]:
    """Return up to three encodings in which the bytes would be text of a language, the most likely first; common ones if there is none."""
    sample = data[:MAX_TEXT]
    cut = sample.rfind(b"\n")
    sample = sample[: cut + 1] if cut > 0 and len(data) > MAX_TEXT else sample
    scores = {name: _score_letters(_try_decode(sample, name), letters) for name, letters in ALPHABETS}
    scores |= {name: _score_script(_try_decode(sample, name), ranges) for name, ranges in SCRIPTS}
    found = sorted((name for name, score in scores.items() if score >= MIN_SCORE), key=lambda name: -scores[name])
    return found[:3] or ["windows-1251", "shift_jis", "gb18030"]


def _score_letters(text: str, frequent: str) -> float:
    """Return the share of a text's characters outside ASCII that are frequent letters, in lower case."""
    high = [char for char in text if char > "\x7f" and char not in PUNCTUATION]
    return sum(char in frequent for char in high) / len(high) if high else 0.0


def _score_script(text: str, ranges: tuple[tuple[int, int], ...]) -> float:
    """Return the share of a text's letters outside ASCII that are in the ranges, 0 if hardly any is in the first one."""
    letters = [ord(char) for char in text if char > "\x7f" and char.isalpha()]
    telling = sum(ranges[0][0] <= code <= ranges[0][1] for code in letters)
    if telling * 5 < len(letters) or not letters:
        return 0.0
    return sum(any(low <= code <= high for low, high in ranges) for code in letters) / len(letters)


def _try_decode(data: bytes, name: str) -> str:
    try:
        return data.decode(CODECS.get(name, name))
    except UnicodeDecodeError:
        return ""
