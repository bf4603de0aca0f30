"""Broken text, by ftfy: from bytes in whatever encoding to text, and from mojibake to what it was."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

import ftfy
import ftfy.bad_codecs.sloppy  # Windows-1252 with the five bytes that it does not have

from zettel.model.articles import mojibake

CAREFUL = ftfy.TextFixerConfig(
    unescape_html=False,  # &lt; is no < in Markdown
    uncurl_quotes=False,
    fix_character_width=False,
    fix_latin_ligatures=False,  # zettel.model.articles.styled does
    fix_line_breaks=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)
"""Only what is broken is mended: how a text is written is its author's business."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NO_TEXT = (b"%PDF", b"PK\x03\x04", b"PK\x05\x06")
"""What files of other kinds begin with that may look like text further on: PDF, zip and what is packed in it, such as DOCX and EPUB."""

CHARSET = re.compile(rb"<(?:meta[^>]{0,300}?charset\s*=|\?xml[^>]{0,200}?encoding\s*=)\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
LEGACY = "sloppy-windows-1252"
ALIKE = {
    "ascii": LEGACY,
    "iso8859-1": LEGACY,
    "cp1252": LEGACY,
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""What pages that name an encoding are really in, as browsers read them (Encoding Standard of the WHATWG)."""


class Decoded(NamedTuple):
    """A text, and the name of the encoding that it was taken to be in."""

    text: str
    encoding: str


def decoded(data: bytes, encoding: str = "", *, is_html: bool = False) -> Decoded | None:
    """The text that bytes are, by their mark, by `encoding` or what a page says of itself, as UTF-8, else as Windows-1252; None: no text.

    UTF-8 with a few bytes of Windows-1252 in it is read as both; what has NUL characters is no text in any encoding. Raises
    `LookupError` if there is no such encoding.
    """
    found = None if data.startswith(NO_TEXT) else _decoded(data, encoding, is_html=is_html)
    return None if found is None or "\0" in found.text else found


def _decoded(data: bytes, encoding: str, *, is_html: bool) -> Decoded | None:
    if encoding:
        return Decoded(_read(data, _codec(encoding)).lstrip("\ufeff"), encoding)
    for mark, name in MARKS:
        if data.startswith(mark):
            return Decoded(data.decode(name, "replace").lstrip("\ufeff"), name)
    if b"\0" in data:
        return None
    try:
        return Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError:
        pass
    declared = CHARSET.search(data[:4096]) if is_html else None
    if declared:
        try:
            codec = _codec(declared[1].decode())
            if codec != "utf-8":
                return Decoded(_read(data, codec), declared[1].decode().lower())
        except LookupError:
            pass
    text = data.decode("utf-8", "surrogateescape")
    strays = sum("\udc80" <= char <= "\udcff" for char in text)
    if strays * 2 > sum(not char.isascii() for char in text):
        return Decoded(data.decode(LEGACY), "windows-1252")
    return Decoded(_STRAY.sub(lambda found: found[0].encode("utf-8", "surrogateescape").decode(LEGACY), text), "utf-8 and windows-1252")


_STRAY = re.compile("[\udc80-\udcff]+")


def _codec(name: str) -> str:
    """The codec for an encoding that a person or a page names. Raises `LookupError`."""
    found = codecs.lookup(name)
    if not found._is_text_encoding:
        raise LookupError(name)
    return ALIKE.get(found.name, found.name)


def _read(data: bytes, codec: str) -> str:
    """Bytes in an encoding, what is none in it replaced. Raises `LookupError` where that is no encoding of texts, such as idna."""
    try:
        return data.decode(codec, "replace")
    except UnicodeError:
        raise LookupError(codec) from None


def mended(text: str) -> mojibake.Mended:
    """`text` with its mojibake mended, line by line, as far as it can be told what it was."""
    first = mojibake.mended(text)
    if text.isascii():
        return first
    pairs = list(first.pairs)
    done: list[str] = []
    kept = re.compile("(" + "|".join(map(re.escape, first.left)) + ")" if first.left else r"(?!)")
    for line in first.text.splitlines(keepends=True):
        for number, part in enumerate(kept.split(line)):  # every other part is one that ftfy would guess at
            after = part if part.isascii() or number % 2 else ftfy.fix_text(part, CAREFUL)
            done.append(after)
            pairs += _pairs(part, after)
    return mojibake.Mended("".join(done), tuple(pairs), first.left)


def _pairs(before: str, after: str) -> list[tuple[str, str]]:
    """The words that differ."""
    if before == after:
        return []
    old, new = before.split(), after.split()
    if len(old) != len(new):
        return [(before.strip(), after.strip())]
    return [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
