"""Read a page that Safari saved as a web archive, which is a binary property list."""

from __future__ import annotations

import plistlib
import struct

from zettel.adapters.sources.attachments import Attachments, extract_embedded_pictures, is_picture, name_files
from zettel.adapters.sources.plain import decode_part, note_saved_address
from zettel.model.articles.imported import Source, SourceDocument
from zettel.model.base.errors import Unreadable


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
    decoded = decode_part(page, named, is_html=True)
    if decoded is None:
        raise damaged
    attachments = Attachments()

    def name_picture(wanted: str) -> str | None:
        data = parts.get(wanted)
        return attachments.add(data, wanted.partition("?")[0]) if data and is_picture(data) else None

    text = note_saved_address(name_files(extract_embedded_pictures(decoded.text, attachments), address, name_picture), address)
    return [SourceDocument(source.name, source.stem, text, True, origin=address, attachments=attachments.list_all())]
