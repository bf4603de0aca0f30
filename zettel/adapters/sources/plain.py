"""Read a source that is one text: plain text, Markdown or HTML."""

from __future__ import annotations

import re

from zettel.adapters import encoding as text_encoding
from zettel.adapters.charset import DecodedBytes
from zettel.adapters.sources.attachments import Attachments, extract_embedded_pictures
from zettel.adapters.sources.encoding_guess import find_unnamed_encoding, list_likely_encodings, reads_as_words
from zettel.model.articles.imported import MARKDOWN_SUFFIXES, Source, SourceDocument
from zettel.model.base.errors import Unreadable

HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*){0,3}<(?:!doctype html|html|head|body|meta|title)\b", re.IGNORECASE | re.DOTALL
)
HTML_FRAGMENT = re.compile(r"\s*<(div|p|h[1-6]|ul|ol|table|article|section|blockquote)\b[^<>]*>", re.IGNORECASE)


def looks_like_html(text: str) -> bool:
    """Return whether a text begins like an HTML page."""
    return bool(HTML_START.match(text[:3000]))


def is_html_fragment(text: str) -> bool:
    """Return whether a text is HTML without a head, as programs export notes: it begins and ends with an element, which is closed."""
    found = HTML_FRAGMENT.match(text[:3000])
    return bool(found) and text[-100:].rstrip().endswith(">") and f"</{found[1].lower()}>" in text.lower()  # type: ignore[index]


def note_saved_address(page: str, address: str) -> str:
    """Return a page with the web address that it was saved from, as browsers write it into the page."""
    is_safe = address.startswith(("http://", "https://")) and not re.search(r"[\s<>]|--", address)
    return f"<!-- saved from url=({len(address):04}){address} -->\n{page}" if is_safe else page


def decode_part(data: bytes, encoding: str, *, is_html: bool) -> DecodedBytes | None:
    """Decode a part of a source in the encoding that it names, unless that is UTF-8, which shows itself, or does not exist."""
    try:
        return text_encoding.decode_source(data, encoding if encoding.lower() != "utf-8" else "", is_html=is_html)
    except LookupError:
        return text_encoding.decode_source(data, is_html=is_html)


def read_text(data: bytes, source: Source, encoding: str) -> list[SourceDocument]:
    """Return the text of a source as a document.

    Raises `Unreadable` if the bytes are not text, or in an encoding that nothing names, and `LookupError` if there is no such encoding.
    """
    decoded = text_encoding.decode_source(data, encoding, is_html=source.is_page or looks_like_html(data[:4096].decode("latin-1")))
    unnamed = "" if encoding else find_unnamed_encoding(data)
    if decoded is None and not unnamed:
        raise Unreadable(f"{source.display_name} is not text", "only text, Markdown and HTML can be imported")
    is_guess = decoded is not None and "1252" in decoded.encoding and not encoding
    if decoded is None or unnamed or (is_guess and not reads_as_words(decoded.text)):
        likely = [unnamed] if unnamed else list_likely_encodings(data)
        raise Unreadable(
            f"{source.display_name} is in an encoding that it does not name",
            f"name it: zettel import --encoding {likely[0]} {source.name or '-'}"
            + (f" (or {', '.join(likely[1:])})" if likely[1:] else ""),
        )
    is_page = not source.name.lower().endswith(MARKDOWN_SUFFIXES) and (
        source.is_page or looks_like_html(decoded.text) or is_html_fragment(decoded.text)
    )
    attachments = Attachments()
    text = extract_embedded_pictures(decoded.text, attachments) if is_page else decoded.text
    remarks = (
        (f"{source.display_name}: read as {decoded.encoding}; if letters are wrong, name another one with --encoding",) if is_guess else ()
    )
    return [SourceDocument(source.name, source.stem, text, is_page, attachments=attachments.list_all(), remarks=remarks)]
