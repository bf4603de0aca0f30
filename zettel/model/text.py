"""Folding text for comparison, and making it safe to show. No regular expressions: this is start-up path."""

from __future__ import annotations

SUFFIXES = (".md", ".markdown")
"""What a note's file name ends with, in any letter case."""

MINUS = "\u2212"
"""What stands for the hyphen of `search -word` from the front door to the search, so that it is no option on the way."""


def nfc(text: str) -> str:
    """`text` in Unicode Normalization Form C, in which names and links are compared."""
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFC", text)


def fold(text: str) -> str:
    """`text` as it is compared where letter case and spacing do not count."""
    return " ".join(nfc(text).casefold().split())


def plain_letters(text: str) -> str:
    """`text` for searching: styled and compatibility letters made plain (NFKC), accents and case dropped."""
    if text.isascii():
        return text.lower()
    from unicodedata import category, normalize

    decomposed = normalize("NFKD", normalize("NFKC", text).casefold())
    return normalize("NFC", "".join(char for char in decomposed if category(char) != "Mn"))


def is_note_name(name: str) -> bool:
    """Whether a file name is that of a note: `*.md` or `*.markdown`."""
    return name[-3:].lower() == ".md" or name[-9:].lower() == ".markdown"


def without_suffix(name: str) -> str:
    """A file name or path without `.md` or `.markdown`."""
    for suffix in SUFFIXES:
        if len(name) > len(suffix) and name[-len(suffix) :].lower() == suffix:
            return name[: -len(suffix)]
    return name


def split_path(path: str) -> tuple[str, str]:
    """(folder, file name) of a path with `/`; the folder of a top-level file is the empty string."""
    folder, _, name = path.rpartition("/")
    return folder, name


BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def inert(text: str, keep: str = "") -> str:
    r"""`text` with every character that could steer a terminal or turn a line round made visible.

    Control characters (C0, C1, DEL) become their Unicode pictures or `\\xNN`, bidirectional controls
    and lone surrogates become `\\uNNNN`; line breaks too, unless they are in `keep`.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_inert_char(char, keep) for char in text)


def _inert_char(char: str, keep: str) -> str:
    code = ord(char)
    if char in keep or (code >= 0x20 and code < 0x7F) or (code >= 0xA0 and char not in BIDI and not 0xD800 <= code < 0xE000):
        return f"\\u{code:04x}" if code in (0x2028, 0x2029) and char not in keep else char
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\\x{code:02x}" if code < 0xA0 else f"\\u{code:04x}"


def clipped(text: str, width: int) -> str:
    """`text` on one line, cut with an ellipsis to at most `width` characters."""
    text = " ".join(text.split()) if len(text) < 4 * width else " ".join(text[: 4 * width].split())
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
