"""Split text into words as searches, titles and mentions compare them: folded, and one word for each part of a compound.

Text is brought into a plain form first, in which words are separated by blanks: ASCII characters by a table of 256 bytes, all others
by a table that grows with the characters that occur. So no pattern needs a character class beyond ASCII, which would compile slowly.
"""

from __future__ import annotations

from itertools import chain, pairwise, repeat

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.text.fold import fold_letters

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Character ranges of Chinese, Japanese and Korean. An ID may touch a letter of these."""

UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
"""Scripts without blanks between words (and Korean, whose words end in particles): each character with its marks is a word."""

PICTURES = ((0x231A, 0x231B), (0x23CF, 0x23CF), (0x23E9, 0x23FA), (0x2600, 0x275A), (0x2761, 0x2793), (0x2B50, 0x2B55), (0x1F000, 0x1FAFF))
"""Where emoji are, and symbols that people mark notes with, such as ✓ and ★. Each is a word. Arrows and mathematical signs are not."""

NON_ASCII = compile_lazily("[^\0-\x7f]+")
TOKEN = compile_lazily("[^ ']+(?:'(?:t|m|ll|ve|re|d)(?![^ ']))*(?:'s(?![^ ']))?")
"""A word in plain text. English contractions are one word, and the 's of the possessive is dropped from it later."""

_WORD_CHARACTERS = bytes(code if chr(code).isalnum() or code > 127 else 32 for code in bytes(range(256)).lower())
_WORD_CHARACTERS_AND_APOSTROPHES = _WORD_CHARACTERS[:39] + b"'" + _WORD_CHARACTERS[40:]
"""Translation tables for text in UTF-8: ASCII letters in lower case, blanks for other ASCII characters."""

_ATTACHED = "\uffff"
"""Stands before a mark that belongs to the character before it, until both are joined. In text it would become a blank."""

_JOINT_SIGNS = "-_.,&'"
"""Characters that may join the parts of a compound in folded text. A comma joins only digits."""

_STAND_INS = {"’": "'", "‐": "-", "·": "-"}
"""ASCII characters that stand in folded text for others that may join the parts of a compound."""

_HIDDEN = "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""Invisible characters that a word does not end with."""

_ASCII_JOINT = compile_lazily(r"[-_.,&'](?<=[A-Za-z0-9].)[A-Za-z0-9]")
_JOINT = compile_lazily(r"[-_.,&'’·‐‑ʼʻ](?<=\S.)\S")
_FOLDED_JOINT = compile_lazily("[-_.,&'](?<=[^\0-/:-@\\[-`{-\x7f].)[^\0-/:-@\\[-`{-\x7f]")

MAX_JOINED_PARTS, MAX_JOINED_LETTERS = 4, 40
"""Maximum parts and letters of a compound that is also found as one word."""


def tokenise(text: str) -> list[tuple[str, int, int]]:
    """Return (word, start, end) of every word, folded for searching. Every character of a script without blanks is a word of its own.

    Offsets are into `text`. Folding drops accents, case and Unicode styles, so a token is what one would type on any keyboard.
    """
    if text.isascii():
        return [(_strip_possessive(match[0]), *match.span()) for match in TOKEN.finditer(_blank_separators(text))]
    if all(map(_is_single.__getitem__, set(text))):  # folding keeps the places of all characters
        plain = _blank_separators(NON_ASCII.sub(_fold_run, text))
        return [(_strip_possessive(match[0]), *match.span()) for match in TOKEN.finditer(plain)]
    starts = [0, *[at for at, char in enumerate(text) if at and not _is_attached[char]], len(text)]
    letters = [text[start:end] for start, end in pairwise(starts)]  # a letter is a character with all that is attached to it
    parts = [_folded_letters[letter] for letter in letters]
    numbers = list(chain.from_iterable(map(repeat, range(len(parts)), map(len, parts))))
    found: list[tuple[str, int, int]] = []
    for match in TOKEN.finditer(_blank_separators("".join(parts))):
        first, last = numbers[match.start()], numbers[match.end() - 1]
        found.append((_strip_possessive(match[0]), starts[first], starts[last] + len(letters[last].rstrip(_HIDDEN))))
    return found


def split_words(text: str) -> list[str]:
    """Return the words of `tokenise` without offsets, several times as fast."""
    plain = _blank_separators(text if text.isascii() else _fold_text(text))
    if "'" not in plain:
        return plain.split()
    found: list[str] = TOKEN.findall(plain)
    return [_strip_possessive(word) for word in found]


def find_joined_words(text: str) -> list[tuple[int, str]]:
    """Return (position, joined form) of every compound, such as (3, "wellbeing") for "well-being".

    A compound is two to four parts with a single character between them, of at most 40 letters. The position is that of its first
    part in `split_words(text)`. A contraction is returned if people often write it without its apostrophe: "dont", but not "well".
    """
    if not (_ASCII_JOINT if text.isascii() else _JOINT).search(text):
        return []
    folded = text if text.isascii() else _fold_text(text)
    found: list[tuple[int, str]] = []
    count = done = 0
    for joint in _FOLDED_JOINT.finditer(folded):
        if joint.start() < done:
            continue
        start, end = folded.rfind(" ", 0, joint.start()) + 1, folded.find(" ", joint.start())
        count += len(folded[done:start].encode().translate(_WORD_CHARACTERS).split())
        done = end if end >= 0 else len(folded)
        size, compounds = _find_compounds(folded[start:done])
        found += [(count + place, joined) for place, joined in compounds]
        count += size
    return found


def is_unspaced(word: str) -> bool:
    """Return whether a word is in a script without blanks between words."""
    code = ord(word[0])
    return code >= UNSPACED[0][0] and _is_in(code, UNSPACED)


def _blank_separators(text: str) -> str:
    """Return folded text with blanks for all ASCII characters that are neither letters nor digits nor apostrophes."""
    return text.encode().translate(_WORD_CHARACTERS_AND_APOSTROPHES).decode()


def _fold_text(text: str) -> str:
    """Return text with the letters of `fold_letters`, and blanks around the words that are a single character."""
    from unicodedata import normalize

    folded = NON_ASCII.sub(_fold_run, normalize("NFKC", text))
    return folded.replace(" " + _ATTACHED, "").replace(_ATTACHED, "") if _ATTACHED in folded else folded


def _fold_run(run: re.Match[str]) -> str:
    return run[0].translate(_folded_characters)


class _FoldedCharacters(dict[int, str]):
    """What becomes of each character in folded text. Filled on first use."""

    def __missing__(self, code: int) -> str:
        folded = "".join(map(_fold_character, fold_letters(chr(code))))
        if folded and not any(char.isalnum() or char > "\x7f" or char in _JOINT_SIGNS for char in folded):
            folded = " "
        self[code] = folded
        return folded


_folded_characters = _FoldedCharacters()


def _fold_character(char: str) -> str:
    """Return what becomes of a character that `fold_letters` returned."""
    from unicodedata import category

    code = ord(char)
    if code < 128:
        return char
    if char in _STAND_INS:
        return _STAND_INS[char]
    if category(char) in ("Mn", "Mc"):
        return f"{_ATTACHED}{char} " if _is_in(code, UNSPACED) else char
    if category(char) == "So":
        return f" {char} " if _is_in(code, PICTURES) else " "
    if not char.isalnum():
        return " "
    return f" {char} " if _is_in(code, UNSPACED) else char


def _is_in(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


class _IsAttached(dict[str, bool]):
    """Whether each character belongs to the letter before it: marks, what composes with it, and what is dropped. Filled on first use."""

    def __missing__(self, char: str) -> bool:
        from unicodedata import category, normalize

        first = normalize("NFKD", char)[0]
        found = self[char] = category(first)[0] == "M" or "\u1160" <= first <= "\u11ff" or not _folded_characters[ord(char)]
        return found


class _IsSingle(dict[str, bool]):
    """Whether each character becomes exactly one in folded text, whatever stands before it. Filled on first use."""

    def __missing__(self, char: str) -> bool:
        found = self[char] = char < "\x80" or (len(_folded_characters[ord(char)]) == 1 and not _is_attached[char])
        return found


_is_attached, _is_single = _IsAttached(), _IsSingle()


class _FoldedLetters(dict[str, str]):
    """What becomes of each letter in folded text. Filled on first use, except with letters that have many marks."""

    def __missing__(self, letter: str) -> str:
        folded = letter if letter.isascii() else _fold_text(letter)
        if len(letter) <= 4:
            self[letter] = folded
        return folded


_folded_letters = _FoldedLetters()


def _strip_possessive(word: str) -> str:
    return word[:-2] if word.endswith("'s") else word


def _is_joined(text: str, end: int, start: int) -> bool:
    """Return whether the parts before `end` and from `start` on are joined by a single character."""
    sign = text[end]
    return start == end + 1 and sign in _JOINT_SIGNS and (sign != "," or (text[end - 1].isdecimal() and text[start].isdecimal()))


def _find_compounds(chunk: str) -> tuple[int, list[tuple[int, str]]]:
    """Return the number of words in a stretch of folded text without blanks, and its compounds as `find_joined_words` does."""
    known = _known_compounds.get(chunk)
    if known:
        return known
    tokens = list(TOKEN.finditer(_blank_separators(chunk)))
    compounds: list[tuple[int, str]] = []
    first = 0
    for last, token in enumerate(tokens):
        if last + 1 == len(tokens) or not _is_joined(chunk, token.end(), tokens[last + 1].start()):
            if joined := _join_parts([_strip_possessive(part[0]) for part in tokens[first : last + 1]]):
                compounds.append((first, joined))
            first = last + 1
    if len(chunk) <= MAX_JOINED_LETTERS:
        _known_compounds[chunk] = len(tokens), compounds
    return len(tokens), compounds


_known_compounds: dict[str, tuple[int, list[tuple[int, str]]]] = {}


def _join_parts(words: list[str]) -> str:
    """Return the words of a compound written together, or an empty string if they are not a compound."""
    joined = "".join(words)
    count = len(words) + joined.count("'")
    if not 2 <= count <= MAX_JOINED_PARTS or (len(words) == 1 and not joined.endswith(("'t", "'m", "'ve"))):
        return ""
    joined = joined.replace("'", "")
    return joined if len(joined) <= MAX_JOINED_LETTERS else ""
