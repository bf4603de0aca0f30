"""Make text safe to display. No regular expressions: start-up loads this module."""

from __future__ import annotations

HYPHEN_STAND_IN = "\u2212"
"""The stand-in for the hyphen of `search -word` until the search runs, so that no parser takes it for an option."""

UNSAFE_CHARACTERS = "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\ufff9\ufffa\ufffb\ufffe\uffff" + "".join(
    map(chr, range(0x2066, 0x2070))
)
"""Unsafe to display: bidirectional controls, line separators, annotation marks and noncharacters. `is_unsafe` adds whole ranges."""


def is_unsafe(char: str) -> bool:
    """Return whether a character could control a terminal, reverse or end a line, or carry hidden text (tags, U+E0000 to U+E007F).

    Invisible characters that scripts and emoji need are safe: joiners, soft hyphens, variation selectors, zero-width spaces.
    """
    return (
        char < " "
        or "\x7f" <= char < "\xa0"
        or "\ud800" <= char < "\ue000"
        or "\U000e0000" <= char < "\U000e0080"
        or char in UNSAFE_CHARACTERS
    )


def escape_unsafe(text: str, keep: str = "") -> str:
    r"""Return `text` with every unsafe character that is not in `keep` made visible: as a control picture, or as `\xNN` or `\uNNNN`."""
    if text.isprintable():  # no unsafe character is printable
        return text
    return "".join(_escape_character(char) if char not in keep and is_unsafe(char) else char for char in text)


def _escape_character(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\\x{code:02x}" if code < 0xA0 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def clip(text: str, width: int) -> str:
    """Return `text` on one line, cut to at most `width` characters with an ellipsis."""
    text = " ".join(text.split()) if len(text) < 4 * width else " ".join(text[: 4 * width].split())
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
