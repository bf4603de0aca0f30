"""Name the files that a document brings with it, in its HTML, too."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable
from urllib.parse import quote, unquote_to_bytes, urljoin

from zettel.model.articles.imported import Attachment

SUFFIX_BY_TYPE = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/bmp": ".bmp",
    "image/tiff": ".tiff",
    "image/heic": ".heic",
    "image/svg+xml": ".svg",
    "image/x-emf": ".emf",
    "image/x-wmf": ".wmf",
    "application/pdf": ".pdf",
    "audio/mpeg": ".mp3",
    "audio/x-m4a": ".m4a",
    "audio/wav": ".wav",
    "video/mp4": ".mp4",
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
}
"""The suffix of a file without a name, by its media type."""

NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f<>:\"/\\|?*#%^\[\]\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
MAX_NAME = 100
MIN_PICTURE = 1000
"""Minimum size of an embedded picture in bytes. A smaller one is an icon, or holds the place of a picture that loads later."""

ADDRESS = re.compile(r"""(?P<name>\b(?:src|href|background)\s*=\s*)(?P<quote>["'])(?P<address>[^"'<>]{1,4000})(?P=quote)""", re.IGNORECASE)
EMBEDDED_PICTURE = re.compile(
    r"""(?P<name>\ssrc\s*=\s*)(?P<quote>["'])data:(?P<type>image/[a-z0-9.+-]{2,20})(?P<base64>;base64)?,(?P<data>[^"'<>]*)(?P=quote)""",
    re.IGNORECASE,
)


class Attachments:
    """The attachments of one document. Equal files are kept once, and no two have the same name."""

    def __init__(self) -> None:
        self._by_name: dict[str, Attachment] = {}
        self._names: dict[bytes, str] = {}
        self._numbers: dict[str, int] = {}

    def add(self, data: bytes, name: str = "", media_type: str = "") -> str:
        """Add a file, and return the name under which the document's text names it."""
        if data in self._names:
            return self._names[data]
        name = first = clean_name(name, media_type)
        stem, dot, suffix = name.rpartition(".")
        number = self._numbers.get(first.casefold(), 1)
        while name.casefold() in self._by_name:
            number += 1
            name = f"{stem}-{number}.{suffix}" if dot else f"{suffix}-{number}"
        self._numbers[first.casefold()] = number
        self._by_name[name.casefold()] = Attachment(name, data)
        self._names[data] = name
        return name

    def list_all(self) -> tuple[Attachment, ...]:
        """Return the attachments in the order in which they were added."""
        return tuple(self._by_name.values())


def clean_name(name: str, media_type: str = "") -> str:
    """Return the last part of a file's name, without characters that a file system or a link could misread.

    A file without a name is called after its media type.
    """
    name = " ".join(NOT_IN_NAMES.sub(" ", re.split(r"[/\\]", name)[-1]).split()).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if dot and len(suffix) <= 10:
        stem = stem[: MAX_NAME - len(suffix) - 1].rstrip(" .")
        name = f"{stem}.{suffix}" if stem else suffix
    else:
        name = name[:MAX_NAME].rstrip(" .") + SUFFIX_BY_TYPE.get(media_type.lower(), "") if name else ""
    kind = media_type.partition("/")[0].lower()
    return name or ("picture" if kind == "image" else "attachment") + SUFFIX_BY_TYPE.get(media_type.lower(), "")


def format_address(name: str) -> str:
    """Return the address by which HTML names an attachment."""
    return quote(name)


def format_file(name: str, media_type: str, words: str = "") -> str:
    """Return the HTML that shows an attachment: a picture, or a link to it."""
    if media_type.startswith("image/"):
        return f'<img src="{format_address(name)}" alt="{html.escape(words)}">'
    return f'<a href="{format_address(name)}">{html.escape(name)}</a>'


def name_files(page: str, base: str, find_name: Callable[[str], str | None]) -> str:
    """Return a page in which each address that `find_name` knows is replaced by the name of an attachment.

    It is asked for an address as the page has it, then for the same relative to `base`.
    """

    def rewrite(found: re.Match[str]) -> str:
        address = html.unescape(found["address"]).strip()
        name = find_name(address) or find_name(_join_address(base, address))
        return f"{found['name']}{found['quote']}{format_address(name)}{found['quote']}" if name else found[0]

    return ADDRESS.sub(rewrite, page)


def _join_address(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # brackets that are not around an IPv6 address
        return ""


def extract_embedded_pictures(page: str, attachments: Attachments) -> str:
    """Move the pictures that are embedded in a page to `attachments`, and return the page, which names them.

    What is not a picture by its first bytes, or is as small as an icon, stays.
    """

    def extract(found: re.Match[str]) -> str:
        try:
            raw = unquote_to_bytes(found["data"])
            data = base64.b64decode(raw) if found["base64"] else raw
        except (binascii.Error, ValueError):
            return found[0]
        if len(data) < MIN_PICTURE or not is_picture(data):
            return found[0]
        return f"{found['name']}{found['quote']}{format_address(attachments.add(data, '', found['type']))}{found['quote']}"

    return EMBEDDED_PICTURE.sub(extract, page) if "data:image/" in page else page


def is_picture(data: bytes) -> bool:
    """Return whether bytes begin like a picture: PNG, JPEG, GIF, WebP, AVIF or HEIC."""
    return data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")) or data[8:12] == b"WEBP" or data[4:12] in (b"ftypavif", b"ftypheic")
