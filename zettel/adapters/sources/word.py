"""Read Word documents (`.docx`) with mammoth, which is used only here."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any
from xml.parsers.expat import ExpatError

from zettel.adapters.sources.attachments import Attachments, format_address
from zettel.adapters.sources.times import format_local_time
from zettel.model.articles.imported import Source, SourceDocument
from zettel.model.base.errors import Unreadable
from zettel.model.text.phrases import format_count

MAX_TEXT_BYTES = 10_000_000
"""Maximum size of the XML of a document, unpacked: some 1,000 pages. mammoth needs 70 times as much memory."""

MAX_UNPACKED_BYTES = 300_000_000
MAX_PARTS = 10_000
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p > em
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
p[style-name='Code'] => pre:separator('\\n')
r[style-name='Code'] => code
comment-reference => sup
"""
"""What becomes of the styles of Word that mammoth does not know."""

DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
FORMULA = re.compile(rb"<m:oMath[ >]")
BACK_LINK = re.compile(r' ?<a href="#(?:footnote|endnote|comment)-ref-[^"]*">↑</a>')
CORE = {"title": "{http://purl.org/dc/elements/1.1/}title", "author": "{http://purl.org/dc/elements/1.1/}creator"}
CREATED = "{http://purl.org/dc/terms/}created"
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,  # also what is encrypted, packed in a way that is not known, or nested too deep
    TypeError,
    ValueError,
)


def is_word(data: bytes) -> bool:
    """Return whether a file is a Word document: a zip file with its text."""
    return data.startswith(b"PK\x03\x04") and b"word/document" in data and b"[Content_Types].xml" in data


def read_word(data: bytes, source: Source) -> list[SourceDocument]:
    """Return a Word document. Raises `Unreadable` if it is damaged, or larger than its limits."""
    import mammoth

    attachments = Attachments()
    names: dict[str, str] = {}  # the pictures that were read, by their paths in the file: a document may show one often

    def save_picture(image: Any) -> dict[str, str]:
        with image.open() as file:
            if file.name not in names:
                names[file.name] = attachments.add(file.read(), "", image.content_type or "")
            return {"src": format_address(names[file.name])}

    try:
        fields, formulas = _examine_parts(data, source.display_name)
        html = mammoth.convert_to_html(
            io.BytesIO(data), style_map=STYLES, convert_image=mammoth.images.img_element(save_picture), external_file_access=False
        ).value
    except DAMAGED:
        raise Unreadable(
            f"{source.display_name} is a damaged Word document, or one with a password", "open it in Word and save it again"
        ) from None
    remarks = (f"{source.display_name}: {format_count(formulas, 'formula')} left out; add them by hand",) if formulas else ()
    return [
        SourceDocument(
            source.name,
            source.stem,
            BACK_LINK.sub("", html),
            is_page=True,
            title=fields.get("title", ""),
            author=fields.get("author", ""),
            created=fields.get("created", ""),
            attachments=attachments.list_all(),
            is_clean=True,
            remarks=remarks,
        )
    ]


def _examine_parts(data: bytes, called: str) -> tuple[dict[str, str], int]:
    """Return the fields that the document's own properties give, and the number of its formulas.

    Raises `Unreadable` if the document is too large, or if its XML defines entities.
    """
    fields: dict[str, str] = {}
    formulas = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        is_text = [part.filename.lower().endswith((".xml", ".rels")) for part in parts]
        text_bytes = sum(part.file_size for part, is_xml in zip(parts, is_text, strict=True) if is_xml)
        if len(parts) > MAX_PARTS or text_bytes > MAX_TEXT_BYTES or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise Unreadable(f"{called} is too large for a note", f"a document may have {MAX_TEXT_BYTES // 1_000_000} MB of text; split it")
        for part, is_xml in zip(parts, is_text, strict=True):
            if not is_xml:
                continue
            text = archive.read(part)
            if DOCTYPE.search(text.replace(b"\0", b"")):
                raise Unreadable(f"{called} defines XML entities, which no Word document does", "open it in Word and save it again")
            if part.filename == "docProps/core.xml":
                fields = _read_properties(text)
            elif part.filename.startswith("word/"):
                formulas += len(FORMULA.findall(text))
    return fields, formulas


def _read_properties(text: bytes) -> dict[str, str]:
    from lxml import etree

    try:
        root = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        return {}
    fields = {name: " ".join((root.findtext(path) or "").split()) for name, path in CORE.items()}
    return {**fields, "created": format_local_time(root.findtext(CREATED) or "")}
