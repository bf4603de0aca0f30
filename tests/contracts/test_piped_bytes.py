"""Test that piped bytes are decoded as what they are, or refused, and never replaced."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from zettel.adapters.stdin import decode_piped_bytes

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=40)


@given(TEXTS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_unicode_is_read_whatever_its_encoding(text: str, encoding: str) -> None:
    """Text in an encoding of Unicode is read as it was, without its byte order mark."""
    found = decode_piped_bytes(text.encode(encoding))
    if found is None:  # it begins like a file of a binary format, such as "PK\x03\x04"
        assert encoding.startswith("utf-8")
        assert not text[:1].isalpha() or text.startswith(("PK", "GIF", "BZh"))
    else:
        assert text == found.text


@given(st.binary(max_size=60))
def test_bytes_are_never_replaced(data: bytes) -> None:
    """A text holds a replacement character only if the bytes spell one."""
    found = decode_piped_bytes(data)
    if found and "\ufffd" in found.text:
        assert "\ufffd" in data.decode(found.encoding, "ignore")


@pytest.mark.parametrize(
    ("text", "encoding", "data"),
    [
        ("Überfällig für Jörg", "windows-1252", "Überfällig für Jörg".encode("latin-1")),
        ("“smart” — quotes", "windows-1252", "“smart” — quotes".encode("cp1252")),
        ("naïve – and “odd”", "utf-8 and windows-1252", "naïve – and ".encode() + b"\x93odd\x94"),
        ("déjà", "windows-1252", b"\xef\xbb\xbfd\xe9j\xe0"),
        ("日本", "utf-16", b"\xfe\xff" + "日本".encode("utf-16-be")),
    ],
)
def test_other_encodings_are_named(text: str, encoding: str, data: bytes) -> None:
    """Bytes that are not UTF-8 are read as what they are, and the encoding is named."""
    assert (text, encoding) == decode_piped_bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n1 0 obj",
        b"PK\x03\x04\x14",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0JFIF",
        b"\x1f\x8b\x08\x08abc",
        b"text\0text",
        b"\xff\xfeodd",
        b"\xff\xfe\x00\xd8",
        b"\x01\x02\x80\x81 text",
        b"\x7fELF\x02",
    ],
)
def test_what_is_not_text_is_refused(data: bytes) -> None:
    """A binary format, NUL characters, and bytes that their own mark does not fit are not text."""
    assert decode_piped_bytes(data) is None


def test_unicode_needs_no_library() -> None:
    """Reading UTF-8 and UTF-16 loads no library for other encodings."""
    code = (
        "import sys; from zettel.adapters.stdin import decode_piped_bytes as decode; decode('ä'.encode()); decode('ä'.encode('utf-16'));"
        " print([name for name in ('ftfy', 'typing', 're') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "[]\n" == done.stdout
