"""Fix mojibake that has lost bytes: UTF-8 decoded as another code page, with undefined bytes decoded as Windows-1252 or dropped.

`πŸ”„` was 🔄: its bytes are F0 9F 94 84. Windows-1253 decodes them except for 9F, which is undefined there and is Ÿ in Windows-1252. Five
bytes are undefined in both, and programs drop them, so `πŸ†` may be 🏆 or 🍆. A sequence is fixed only if the result is an emoji, a
symbol or a punctuation mark, never a letter, so prose in any script stays as it is. A sequence that lacks a byte is fixed only if
exactly one of the bytes that the text has evidently lost fits: `οΈ` after an emoji shows that 8F was lost.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple
from unicodedata import category

CODE_PAGES = ("cp1253", "cp1251", "cp1250", "cp1254", "cp1257", "cp1255", "cp1256", "cp1258", "cp1252")
HOLES = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
"""Bytes that are undefined in Windows-1252."""

SYMBOL_SECOND_BYTES = b"\x80\x82\x84\x86\x88\x89\x8a\x98\x99\x9a\x9c\x9e\xac"
"""Second bytes of symbols and punctuation that never follow E2, as decoded, in prose: `β’` and `β»` occur in Greek, `β€` does not."""

EMOJI_RANGES = (
    "1f1e6-1f1ff 1f300-1f321 1f324-1f393 1f396-1f397 1f399-1f39b 1f39e-1f3f0 1f3f3-1f3f5 1f3f7-1f4fd 1f4ff-1f53d 1f549-1f54e 1f550-1f567 1f56f-1f570 "
    "1f573-1f57a 1f587 1f58a-1f58d 1f590 1f595-1f596 1f5a4-1f5a5 1f5a8 1f5b1-1f5b2 1f5bc 1f5c2-1f5c4 1f5d1-1f5d3 1f5dc-1f5de "
    "1f5e1 1f5e3 1f5e8 1f5ef 1f5f3 1f5fa-1f64f 1f680-1f6c5 1f6cb-1f6d2 1f6d5-1f6e5 1f6e9 1f6eb-1f6f0 1f6f3-1f6fc "
    "1f7e0-1f7eb 1f90c-1f93a 1f93c-1f945 1f947-1f9ff 1fa70-1faff"
)
"""Ranges of emoji whose UTF-8 begins with F0 9F, from Unicode's emoji-data.txt."""

GAME_TILES = re.compile("[\U0001f000-\U0001f003\U0001f005-\U0001f03f]")
"""Mahjong and domino tiles: in ISO-8859-7, A4 is €, which was then encoded as 80, so that 🤝 became a tile."""

CONTRACTION = re.compile(r"(\b[A-Za-z]*[a-z])[βв]((?:s|t|re|ve|ll|d|m)\b)")
APOSTROPHE = r"\1’\2"
"""Replacement for a Greek or Cyrillic letter within a Latin word, which is an apostrophe that lost two bytes. `TGFβs` is a real word."""

EMOJI_SELECTOR = "\ufe0f"
"""Variation selector after a symbol that is shown as an emoji."""


class DecodedText(NamedTuple):
    """A text after the fix, the fixes as (before, after), and the sequences that were left because their meaning is uncertain."""

    text: str
    fixes: tuple[tuple[str, str], ...] = ()
    undecided: tuple[str, ...] = ()


def fix_mojibake(text: str) -> DecodedText:
    """Fix the damaged sequences in `text` whose meaning is certain."""
    if text.isascii():
        return DecodedText(text)
    pairs: list[tuple[str, str]] = []
    left: list[str] = []
    lost: set[int] = set()
    for page in CODE_PAGES:
        damage = _CodePageDamage(page, lost)
        text = damage.fix_text(text)
        if lost:
            text = damage.fix_text(text)  # lost bytes found in one sequence help to fix those before it
        pairs += damage.fixes
        left += damage.undecided
        if damage.fixes and page == "cp1253":
            pairs += [(tile, _tile_to_symbol(tile)) for tile in GAME_TILES.findall(text)]
            text = GAME_TILES.sub(lambda tile: _tile_to_symbol(tile[0]), text)
    pairs += [(found[0], found.expand(APOSTROPHE)) for found in CONTRACTION.finditer(text)]
    text = CONTRACTION.sub(APOSTROPHE, text)
    return DecodedText(text, tuple(pairs), tuple(item for item in dict.fromkeys(left) if item in text))


def _tile_to_symbol(tile: str) -> str:
    return chr(ord(tile) + 0x900)


class _CodePageDamage:
    """The damage that one code page did to a text. `lost` holds the bytes that the text is known to have lost; `fix_text` adds to it."""

    def __init__(self, page: str, lost_bytes: set[int]) -> None:
        self.fixes: list[tuple[str, str]] = []
        self.undecided: list[str] = []
        self._bytes, self._sequence = _build_table(page)
        self._opening_quote = "".join(
            char for byte in "“".encode() for char, found in self._bytes.items() if found == byte and char > "\u009f"
        )
        self._lost_bytes = lost_bytes

    def fix_text(self, text: str) -> str:
        """Fix the sequences in `text` whose meaning is certain. Appends to `fixes` and `undecided`."""
        return self._sequence.sub(self._fix_sequence, text)

    def _fix_sequence(self, found: re.Match[str]) -> str:
        data = bytes(self._bytes[char] for char in found["symbol"])
        after = _decode_symbol(data) or self._guess_symbol(data, found)
        if selector := found["selector"] or "":
            is_emoji = len(data) > 2 and (data[0] == 0xF0 or category(after or " ") == "So")
            if is_emoji and len(selector) == 2:
                self._lost_bytes.add(0x8F)
            after += (EMOJI_SELECTOR if is_emoji else selector) if after else ""
        if after:
            self.fixes.append((found[0], after))
        elif data[:2] in (b"\xf0\x9f", b"\xe2\x80"):
            self.undecided.append(found[0])
        return after or found[0]

    def _guess_symbol(self, data: bytes, found: re.Match[str]) -> str:
        """Return the symbol of a sequence that lacks a byte, or an empty string if it is uncertain."""
        if data == b"\xe2\x80":
            before, after = found.string[: found.start()], found.string[found.end() : found.end() + 1]
            opened = "“" in before or self._opening_quote in before
            return "”" if opened and not before[-1:].isspace() and not (after.isalnum() or found["selector"]) else ""
        if data[:2] != b"\xf0\x9f" or len(data) != 3:
            return ""
        guesses = {_decode_symbol(data[:at] + bytes([byte]) + data[at:]) for byte in self._lost_bytes for at in (2, 3)} - {""}
        return guesses.pop() if len(guesses) == 1 else ""


def _decode_symbol(data: bytes) -> str:
    """Decode bytes as UTF-8. Return an empty string unless they are an emoji, a symbol or a punctuation mark."""
    try:
        char = data.decode()
    except UnicodeDecodeError:
        return ""
    return char if _is_emoji(char) or (len(data) == 3 and category(char)[0] in "PS") else ""


def _is_emoji(char: str) -> bool:
    spans = (span.partition("-") for span in EMOJI_RANGES.split())
    return any(int(first, 16) <= ord(char) <= int(last or first, 16) for first, _, last in spans)


@cache
def _build_table(page: str) -> tuple[dict[str, int], re.Pattern[str]]:
    """Return a map from each character of a damaged text to its byte, and the pattern of a damaged sequence."""
    bytes_of = {chr(byte): byte for byte in range(0x80, 0xA0)}  # control characters
    for name in ("cp1252", page):
        for byte in range(0x80, 0x100):
            char = bytes([byte]).decode(name, "ignore")
            if char and (name == page or byte < 0xA0):
                bytes_of[char] = byte
    bytes_of["\u00a0"] = 0xA0

    def build_class(wanted: bytes | range) -> str:
        return "[" + re.escape("".join(char for char, byte in bytes_of.items() if byte in wanted)) + "]"

    continuation = build_class(range(0x80, 0xC0))
    emoji, sign, selector = (
        build_class(first) + build_class(second)
        for first, second in ((b"\xf0", b"\x9f"), (b"\xe2", SYMBOL_SECOND_BYTES), (b"\xef", b"\xb8"))
    )
    last = build_class(b"\x8f")
    return bytes_of, re.compile(f"(?P<symbol>{emoji}{continuation}{{1,2}}|{sign}{continuation}?)(?P<selector>{selector}{last}?)?")
