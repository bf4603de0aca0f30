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


STEERING = "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\ufff9\ufffa\ufffb\ufffe\uffff" + "".join(
    map(chr, range(0x2066, 0x2070))
)
"""Characters that turn the rest of a line round, end it, or set it apart, or are none; control characters, surrogates and tags come to them."""


def is_steering(char: str) -> bool:
    """Whether a character could steer a terminal, turn or end a line, or carry words that nobody sees (the tags, U+E0000 to U+E007F).

    Invisible characters that scripts and emoji need stay what they are: joiners, soft hyphens, variation selectors, spaces of no width.
    """
    return char < " " or "\x7f" <= char < "\xa0" or "\ud800" <= char < "\ue000" or "\U000e0000" <= char < "\U000e0080" or char in STEERING


def inert(text: str, keep: str = "") -> str:
    r"""`text` with every character that is steering (but for those in `keep`) made visible: as its Unicode picture, or as `\\xNN` or `\\uNNNN`."""
    if text.isprintable():  # nothing that is steering counts as printable
        return text
    return "".join(_visible(char) if char not in keep and is_steering(char) else char for char in text)


def _visible(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\\x{code:02x}" if code < 0xA0 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def clipped(text: str, width: int) -> str:
    """`text` on one line, cut with an ellipsis to at most `width` characters."""
    text = " ".join(text.split()) if len(text) < 4 * width else " ".join(text[: 4 * width].split())
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
