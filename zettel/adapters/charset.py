"""Decode bytes that are Unicode, and recognise those that are not text, without a library."""

from __future__ import annotations

from zettel.model.base.value import NamedTuple

UTF8_MARK = b"\xef\xbb\xbf"
WIDE_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""The byte order marks of encodings with wide characters. That of UTF-32 begins like that of UTF-16, so it comes first."""

BINARY_SIGNATURES = (
    b"%PDF",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"BZh91AY",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf\x27\x1c",
    b"\xd0\xcf\x11\xe0",
    b"\x7fELF",
)
"""First bytes of binary formats that may look like text further on, such as PDF and zip with the formats based on it (DOCX, EPUB)."""

CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\n\v\f\r\x1b\x1c\x1d\x1e\x1f\x08")
"""Control characters that no text has."""


class DecodedBytes(NamedTuple):
    """A text, and the name of the encoding that it was decoded from."""

    text: str
    encoding: str


def decode_unicode(data: bytes) -> DecodedBytes | None:
    """Decode bytes as their byte order mark says, else as UTF-8. Returns None for other encodings and for what is not text."""
    if data.startswith(BINARY_SIGNATURES):
        return None
    wide = find_wide_encoding(data)
    try:
        text = data.decode(wide or "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else DecodedBytes(text.removeprefix("\ufeff"), wide or "utf-8")


def find_wide_encoding(data: bytes) -> str:
    """Return the encoding with wide characters that a byte order mark names, or an empty string."""
    return next((name for mark, name in WIDE_MARKS if data.startswith(mark)), "")
