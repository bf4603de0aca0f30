"""Decode bytes in an unknown encoding, and fix mojibake with ftfy."""

from __future__ import annotations

import codecs
import re

import ftfy
import ftfy.bad_codecs.sloppy  # registers Windows-1252 extended by the five bytes that it lacks

from zettel.adapters.charset import BINARY_SIGNATURES, UTF8_MARK, WIDE_MARKS, DecodedBytes
from zettel.model.articles import mojibake

FTFY_CONFIG = ftfy.TextFixerConfig(
    unescape_html=False,  # &lt; and < differ in Markdown
    uncurl_quotes=False,
    fix_character_width=False,
    fix_latin_ligatures=False,  # zettel.model.articles.styled does
    fix_line_breaks=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)
"""ftfy fixes only what is broken. Quotes, line breaks and the like are left as the author wrote them."""

BYTE_ORDER_MARKS = ((UTF8_MARK, "utf-8"), *WIDE_MARKS)

DECLARED_CHARSET = re.compile(
    rb"<(?:meta[^>]{0,300}?charset\s*=|\?xml[^>]{0,200}?encoding\s*=)\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
FALLBACK_CODEC = "sloppy-windows-1252"
BROWSER_CODECS = {
    "ascii": FALLBACK_CODEC,
    "iso8859-1": FALLBACK_CODEC,
    "cp1252": FALLBACK_CODEC,
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""The codec that browsers use for a declared encoding (Encoding Standard of the WHATWG)."""

NOT_FOR_FILES = frozenset(("punycode", "idna", "undefined", "unicode-escape", "raw-unicode-escape"))
"""Codecs of names and of source code, which no file is in. Punycode takes time by the square of a text."""


def decode_source(data: bytes, encoding: str = "", *, is_html: bool = False) -> DecodedBytes | None:
    """Decode bytes as `encoding` if that is given, else by their byte order mark, as UTF-8, as a page declares, or as Windows-1252.

    UTF-8 with a few bytes of Windows-1252 in it is decoded as a mix of both. Returns None if the bytes are not text: a known binary
    format, or with NUL characters. Raises `LookupError` if there is no such encoding.
    """
    result = None if data.startswith(BINARY_SIGNATURES) else _decode(data, encoding, is_html=is_html)
    return None if result is None or "\0" in result.text else result


def _decode(data: bytes, encoding: str, *, is_html: bool) -> DecodedBytes | None:
    if encoding:
        return DecodedBytes(_decode_with(data, _find_codec(encoding)).lstrip("\ufeff"), encoding)
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return DecodedBytes(data.decode(name, "replace").lstrip("\ufeff"), name)
    if b"\0" in data:
        return None
    try:
        return DecodedBytes(data.decode(), "utf-8")
    except UnicodeDecodeError:
        pass
    declared = DECLARED_CHARSET.search(data[:4096]) if is_html else None
    if declared:
        try:
            codec = _find_codec(declared[1].decode())
            if codec != "utf-8":
                return DecodedBytes(_decode_with(data, codec), declared[1].decode().lower())
        except LookupError:
            pass
    return decode_fallback(data)


def decode_fallback(data: bytes) -> DecodedBytes:
    """Decode bytes that are not UTF-8 as Windows-1252, or if most of them are UTF-8, as a mix of both."""
    text = data.decode("utf-8", "surrogateescape")
    strays = sum("\udc80" <= char <= "\udcff" for char in text)
    if strays * 2 > sum(not char.isascii() for char in text):
        return DecodedBytes(data.decode(FALLBACK_CODEC), "windows-1252")
    return DecodedBytes(
        _STRAY_BYTES.sub(lambda found: found[0].encode("utf-8", "surrogateescape").decode(FALLBACK_CODEC), text), "utf-8 and windows-1252"
    )


_STRAY_BYTES = re.compile("[\udc80-\udcff]+")


def _find_codec(name: str) -> str:
    """Return the codec for an encoding that a person or a page named. Raises `LookupError`."""
    try:
        info = codecs.lookup(name)
    except ValueError:  # a NUL character
        raise LookupError(name) from None
    if not info._is_text_encoding or info.name in NOT_FOR_FILES:
        raise LookupError(name)
    return BROWSER_CODECS.get(info.name, info.name)


def _decode_with(data: bytes, codec: str) -> str:
    """Decode bytes, replacing invalid ones. Raises `LookupError` for a codec that cannot decode text in general, such as idna."""
    try:
        return data.decode(codec, "replace")
    except UnicodeError:
        raise LookupError(codec) from None


def fix_text(text: str) -> mojibake.DecodedText:
    """Fix the mojibake in `text`, line by line, where the original characters can be determined."""
    first = mojibake.fix_mojibake(text)
    if text.isascii():
        return first
    pairs = list(first.fixes)
    fixed: list[str] = []
    ambiguous = re.compile("(" + "|".join(map(re.escape, first.undecided)) + ")" if first.undecided else r"(?!)")
    for line in first.text.splitlines(keepends=True):
        for number, part in enumerate(ambiguous.split(line)):  # the odd parts are sequences that ftfy could only guess at
            after = part if part.isascii() or number % 2 else ftfy.fix_text(part, FTFY_CONFIG)
            fixed.append(after)
            pairs += _list_changed_words(part, after)
    return mojibake.DecodedText("".join(fixed), tuple(pairs), first.undecided)


def _list_changed_words(before: str, after: str) -> list[tuple[str, str]]:
    """Return the words that differ as (before, after), or the whole texts if their numbers of words differ."""
    if before == after:
        return []
    old, new = before.split(), after.split()
    if len(old) != len(new):
        return [(before.strip(), after.strip())]
    return [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
