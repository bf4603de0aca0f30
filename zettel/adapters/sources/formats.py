"""Know the format of a source by its content, never by its name alone, and read the documents that it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from zettel.adapters.sources.evernote import is_evernote, read_evernote
from zettel.adapters.sources.kindle import is_kindle, read_kindle
from zettel.adapters.sources.mail import is_mail, read_mails
from zettel.adapters.sources.plain import looks_like_html, read_text
from zettel.adapters.sources.refusal import Refusal, find_binary_refusal, find_text_refusal
from zettel.adapters.sources.webarchive import is_webarchive, read_webarchive
from zettel.adapters.sources.word import is_word, read_word
from zettel.model.articles.imported import HTML_SUFFIXES, MARKDOWN_SUFFIXES, TEXT_SUFFIXES, Source, SourceDocument
from zettel.model.base.errors import Unreadable

TEXT_NAMES = (*TEXT_SUFFIXES, *MARKDOWN_SUFFIXES, *HTML_SUFFIXES)
HEAD_BYTES = 8192
"""How many bytes of a file tell its format."""


class Format(NamedTuple):
    """A format of files: what people call it, the endings that its names usually have, and how it is recognised and read.

    `recognise` is given the whole file for formats in zip files and property lists, and its first bytes for the others.
    """

    name: str
    suffixes: tuple[str, ...]
    recognise: Callable[[bytes], bool]
    read: Callable[[bytes, Source, str], list[SourceDocument]]


FORMATS = (
    Format("an Evernote export", (".enex",), is_evernote, lambda data, source, _: read_evernote(data, source)),
    Format("a mail, a mailbox, or a page saved as one file", (".eml", ".emlx", ".mbox", ".mhtml", ".mht"), is_mail, read_mails),
    Format("the clippings of a Kindle", (".txt",), is_kindle, read_kindle),
    Format("a web archive of Safari", (".webarchive",), is_webarchive, read_webarchive),
    Format("a Word document", (".docx",), is_word, lambda data, source, _: read_word(data, source)),
)
"""The formats that hold more than a text. What is none of these is plain text, Markdown or HTML, or refused."""

WHOLE = (is_webarchive, is_word)


def find_format(data: bytes) -> Format | None:
    """Return the format of a file by its content, or None if it is a text, or not known."""
    return next((row for row in FORMATS if row.recognise(data if row.recognise in WHOLE else data[:HEAD_BYTES])), None)


def read_documents(data: bytes, source: Source, encoding: str) -> list[SourceDocument]:
    """Return the documents of a source in order.

    Raises `Unreadable` if there are none that can be read, and `LookupError` if there is no encoding of this name.
    """
    if row := find_format(data):
        documents = row.read(data, source, encoding)
        if not documents:
            raise Unreadable(f"{source.display_name} is {row.name} without a text", "there is nothing to import in it")
        return documents
    if refusal := find_binary_refusal(data):
        raise _refuse(source, refusal)
    if reason := explain_unknown(data[:HEAD_BYTES], source):
        raise Unreadable(f"{source.display_name} is {reason}")
    documents = read_text(data, source, encoding)
    is_text = not documents[0].is_page and not source.name.lower().endswith(MARKDOWN_SUFFIXES)
    if is_text and (refusal := find_text_refusal(documents[0].text)):
        raise _refuse(source, refusal)
    return documents


def holds_files(head: bytes) -> bool:
    """Return whether a file is of a format that holds other files, by its first bytes. Such a file may be larger than a text."""
    return head.startswith((b"PK\x03\x04", b"bplist00")) or is_evernote(head) or is_mail(head)


def explain_unknown(head: bytes, source: Source) -> str:
    """Return why a file in a folder or archive is not imported, by its first bytes, or an empty string if it is worth reading.

    A file that was named itself always is. Others must be called like a text, or begin like a format that is known.
    """
    is_named = not source.name or bool(source.path and not source.folder)
    if is_named or source.name.lower().endswith(TEXT_NAMES):
        return ""
    if head.startswith((b"PK\x03\x04", b"bplist00")) or find_format(head) or looks_like_html(head.decode("latin-1")):
        return ""
    refusal = find_binary_refusal(head)
    return refusal.what if refusal else "not of a format that can be imported"


def _refuse(source: Source, refusal: Refusal) -> Unreadable:
    return Unreadable(f"{source.display_name} is {refusal.what}, which cannot be imported", refusal.advice)
