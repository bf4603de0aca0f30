"""Read a page that Safari saved as a web archive, which is a binary property list."""

from __future__ import annotations

import html
import plistlib
import re
import struct
from urllib.parse import urljoin

from zettel.adapters import encoding as text_encoding
from zettel.adapters.sources.attachments import Attachments, extract_embedded_pictures, format_address, is_picture
from zettel.adapters.sources.plain import note_saved_address
from zettel.model.articles.imported import Source, SourceDocument
from zettel.model.base.errors import Unreadable

PICTURE_ADDRESS = re.compile(r"""(?P<name>\ssrc\s*=\s*)(?P<quote>["'])(?P<address>[^"'<>]{1,4000})(?P=quote)""", re.IGNORECASE)


def is_webarchive(data: bytes) -> bool:
    """Return whether a binary property list is a web archive."""
    return data.startswith(b"bplist00") and b"WebMainResource" in data


def read_webarchive(data: bytes, source: Source, encoding: str) -> list[SourceDocument]:
    """Return the page of a web archive. Raises `Unreadable` if it is damaged, or its main part is not a page."""
    damaged = Unreadable(f"{source.name} is a damaged web archive", "open it in Safari and save it again")
    if len(data) < 40 or struct.unpack(">Q", data[-24:-16])[0] > len(data):  # more objects than bytes
        raise damaged
    try:
        archive = plistlib.loads(data, fmt=plistlib.FMT_BINARY)
        main = archive["WebMainResource"]
        page, address = main["WebResourceData"], str(main.get("WebResourceURL", ""))
        named = encoding or str(main.get("WebResourceTextEncodingName", ""))
        media_type = str(main.get("WebResourceMIMEType", "text/html"))
        parts = {
            str(one.get("WebResourceURL", "")): bytes(one["WebResourceData"])
            for one in archive.get("WebSubresources", ())
            if str(one.get("WebResourceMIMEType", "")).startswith("image/")
        }
    except (plistlib.InvalidFileException, ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError, OverflowError):
        raise damaged from None
    if not isinstance(page, bytes) or not media_type.startswith(("text/", "application/xhtml")):
        raise Unreadable(f"{source.name} is a web archive of {media_type}, not of a page", "save what it holds by itself")
    try:
        decoded = text_encoding.decode_source(page, "" if named.lower() == "utf-8" else named, is_html=True)
    except LookupError:
        decoded = text_encoding.decode_source(page, is_html=True)
    if decoded is None:
        raise damaged
    attachments = Attachments()
    text = _name_pictures(extract_embedded_pictures(decoded.text, attachments), parts, address, attachments)
    origin = address if address.startswith(("http://", "https://")) else ""
    return [
        SourceDocument(source.name, source.stem, note_saved_address(text, origin), True, origin=origin, attachments=attachments.list_all())
    ]


def _name_pictures(page: str, parts: dict[str, bytes], base: str, attachments: Attachments) -> str:
    """Move the pictures of an archive that its page shows to `attachments`, and return the page, which names them."""

    def replace(found: re.Match[str]) -> str:
        try:
            address = urljoin(base, html.unescape(found["address"]).strip())
        except ValueError:
            return found[0]
        data = parts.get(address)
        if not data or not is_picture(data):
            return found[0]
        name = attachments.add(data, address.partition("?")[0], "")
        return f"{found['name']}{found['quote']}{format_address(name)}{found['quote']}"

    return PICTURE_ADDRESS.sub(replace, page) if parts else page
