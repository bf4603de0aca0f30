"""Replace styled letters (Unicode characters that look bold, italic, wide or circled) with plain ones, so that search finds them."""

from __future__ import annotations

import re
from itertools import groupby
from unicodedata import name, normalize

MATHEMATICAL = "\U0001d400-\U0001d7ff"
LETTERLIKE = "ℂℊℋℌℍℎℐℑℒℕℙℚℛℜℝℤℨℬℭℯℰℱℳℴ"
"""Letters that fill gaps in the mathematical alphabets. On their own they are symbols, such as ℝ."""

CIRCLED, IN_BOXES = "Ⓐ-ⓩ", "\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189"
"""Letters in circles and boxes. They are text only in a row: 🅰 alone is a blood group."""

MATHEMATICAL_WORDS = re.compile(
    rf"[{MATHEMATICAL}{LETTERLIKE}]*[{MATHEMATICAL}][{MATHEMATICAL}{LETTERLIKE}]*"
    rf"(?:[ \u00a0'’\-–&/,]{{1,3}}[{MATHEMATICAL}{LETTERLIKE}]*[{MATHEMATICAL}][{MATHEMATICAL}{LETTERLIKE}]*)*"
)
OTHER_LETTERS = re.compile(rf"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\ufb00-\ufb06]+|[{CIRCLED}]{{2,}}|[{IN_BOXES}]{{2,}}")
SPACES = dict.fromkeys((160, 8199, 8239), " ")
INVISIBLE = dict.fromkeys((173, 8203, 8288, 65279, *range(8234, 8239), *range(8294, 8298)))
CONTROLS = {char: None for char in (*range(0x20), *range(0x7F, 0xA0)) if char not in (0x09, 0x0A)}
TRANSLATION = SPACES | INVISIBLE | CONTROLS | {0x0B: "\n", 0x0C: "\n", 0x2028: "\n", 0x2029: "\n", 0x85: "\n"}
"""Replacements for unusual spaces, invisible characters and control characters. Joiners stay, because emoji and Persian need them."""


def strip_styles(text: str) -> str:
    """Replace styled letters, ligatures and unusual spaces with plain ones. What is not a letter (², ½, ™, …, ，) stays."""
    return OTHER_LETTERS.sub(_strip_match, MATHEMATICAL_WORDS.sub(_strip_match, normalise_whitespace(text)))


def convert_styles(text: str) -> str:
    """Do the same as `strip_styles`, and put `**` or `*` around words that looked bold or italic, unless such marks are there already."""
    return OTHER_LETTERS.sub(_strip_match, MATHEMATICAL_WORDS.sub(_convert_match, normalise_whitespace(text)))


def normalise_whitespace(text: str) -> str:
    """Turn line endings into line feeds and unusual spaces into plain ones, and remove control characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(TRANSLATION)


def _strip_match(found: re.Match[str]) -> str:
    return "".join(map(_normalise_letter, found[0]))


def _normalise_letter(char: str) -> str:
    code = ord(char)
    if code >= 0x1F130:  # letters in boxes, most of which Unicode does not map
        return chr(ord("A") + (code - 0x1F130) % 0x20) if char.isprintable() else char
    return normalize("NFKC", char)


def _convert_match(found: re.Match[str]) -> str:
    around = found.string[max(0, found.start() - 1) : found.start()] + found.string[found.end() : found.end() + 1]
    if len(found[0]) < 2 or "*" in around or "_" in around:
        return _strip_match(found)
    parts = []
    for mark, words in groupby(found[0].split(" "), _find_style_mark):
        parts.append(mark + "".join(map(_normalise_letter, " ".join(words))) + mark)
    return " ".join(parts)


def _find_style_mark(word: str) -> str:
    """Return the Markdown mark for the style that all styled letters of a word have in common, or an empty string."""
    names = [name(char, "") for char in word if ord(char) >= 0x1D400]
    return "*" * (2 * all("BOLD" in style for style in names) + all("ITALIC" in style for style in names)) if names else ""
