"""Recognise files that are not imported by their content, and say what to do with them."""

from __future__ import annotations

import csv
import json
import re
from typing import NamedTuple

SAVE_WORD = "save it as .docx or HTML in its program, and import that"
UNPACK = "unpack it, and import what is in it"


class Refusal(NamedTuple):
    """What a file is, with its article, and what a person can type or do to import its text."""

    what: str
    advice: str


SIGNATURES = (
    (b"%PDF", Refusal("a PDF file", "take its text: pdftotext FILE.pdf - | zettel import -")),
    (b"%!PS", Refusal("a PostScript file", "take its text: ps2ascii FILE.ps | zettel import -")),
    (b"{\\rtf", Refusal("an RTF file", "save it as .docx or HTML, or convert it: pandoc -f rtf -t markdown FILE.rtf | zettel import -")),
    (b"\x89PNG", Refusal("a picture (PNG)", "import the text that shows it")),
    (b"\xff\xd8\xff", Refusal("a picture (JPEG)", "import the text that shows it")),
    (b"GIF8", Refusal("a picture (GIF)", "import the text that shows it")),
    (b"SQLite format 3\0", Refusal("a SQLite database", "export notes from the program that it belongs to")),
    (b"\x1f\x8b", Refusal("packed with gzip", UNPACK)),
    (b"BZh91AY", Refusal("packed with bzip2", UNPACK)),
    (b"\xfd7zXZ", Refusal("packed with xz", UNPACK)),
    (b"\x28\xb5\x2f\xfd", Refusal("packed with zstd", UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", Refusal("a 7-Zip archive", UNPACK)),
    (b"Rar!\x1a\x07", Refusal("a RAR archive", UNPACK)),
    (b"\xd0\xcf\x11\xe0", Refusal("a file of an old Office program", SAVE_WORD)),
    (b"bplist00", Refusal("a binary property list", "export notes from the program that it belongs to")),
    (b"-----BEGIN PGP MESSAGE", Refusal("encrypted", "decrypt it first: gpg -d FILE | zettel import -")),
    (b"BEGIN:VCARD", Refusal("an address book (vCard)", "copy what you want to keep into a note")),
    (b"BEGIN:VCALENDAR", Refusal("a calendar (iCalendar)", "copy what you want to keep into a note")),
)

PARTS_OF_ZIP = (
    (b"mimetypeapplication/epub+zip", Refusal("an e-book (EPUB)", "convert it: pandoc -f epub -t markdown FILE.epub | zettel import -")),
    (b"mimetypeapplication/vnd.oasis.opendocument", Refusal("an OpenDocument file", SAVE_WORD)),
    (b"xl/workbook", Refusal("an Excel file", "copy what you want to keep into a note")),
    (b"ppt/presentation", Refusal("a PowerPoint file", "save its outline as text, and import that")),
    (b"Index/Document.iwa", Refusal("a file of Pages, Numbers or Keynote", SAVE_WORD)),
)
"""Bytes that zip files hold which are files of other programs."""

XML_START = re.compile(
    r"\s*(?:<\?xml\b[^<>]*>|<!DOCTYPE\s+(?!html)[\w:-]+[^<>]*>?|<(?:opml|svg|rss|feed|plist|FictionBook|kml|gpx|wpd?|mediawiki)\b[^<>]*>)\s*",
    re.IGNORECASE,
)
XML_ROOT = re.compile(r"<(?:[\w-]+:)?([\w-]+)")
XML_KINDS = {
    "opml": Refusal("an outline (OPML)", "convert it: pandoc -f opml -t markdown FILE.opml | zettel import -"),
    "svg": Refusal("a picture (SVG)", "import the text that shows it"),
    "rss": Refusal("a web feed", "save its articles as pages, and import these"),
    "feed": Refusal("a web feed", "save its articles as pages, and import these"),
    "plist": Refusal("a property list", "export notes from the program that it belongs to"),
    "fictionbook": Refusal("an e-book (FB2)", "convert it: pandoc -f fb2 -t markdown FILE.fb2 | zettel import -"),
    "article": Refusal("a DocBook file", "convert it: pandoc -f docbook -t markdown FILE | zettel import -"),
    "book": Refusal("a DocBook file", "convert it: pandoc -f docbook -t markdown FILE | zettel import -"),
}
ORG_START = re.compile(
    r"\s*(?::PROPERTIES:\n(?::[^\n]*\n){0,50}:END:\n\s*)?#\+(?:title|author|date|startup|options|filetags|roam_\w+|category):",
    re.IGNORECASE,
)
ORG_OUTLINE = re.compile(
    r"\s*\*+ \S.*\n(?:.*\n){0,20}?(?:\*\*+ (?:TODO|DONE) |[ \t]*:PROPERTIES:[ \t]*$|[ \t]*(?:SCHEDULED|DEADLINE): <\d{4}-)", re.MULTILINE
)
"""An outline whose first line would be an item of a list in Markdown, and which soon has what only Org has."""

SUBTITLES = re.compile(r"\s*(?:WEBVTT\b.*\n|(?:\d+\s*\n)?\d\d:\d\d:\d\d[,.]\d{3} --> )")
BIBLIOGRAPHY = re.compile(
    r"\s*(?:%.*\n\s*){0,50}@(?:article|book|misc|inproceedings|incollection|online|(?:tech)?report|phdthesis)\s?\{\s?[^\s,{}]{1,100},",
    re.IGNORECASE,
)
LATEX_START = re.compile(r"\s*(?:%[^\n]*\n\s*){0,50}\\documentclass\b")
MIN_COLUMNS, MIN_ROWS, MAX_ROWS = 3, 3, 200
"""Columns and rows that a table of values has at least, and the number of rows that are looked at."""


def find_binary_refusal(data: bytes) -> Refusal | None:
    """Return why a file is not imported, by its first bytes, or by what a zip file holds."""
    if data.startswith(b"PK\x03\x04"):
        return next((refusal for part, refusal in PARTS_OF_ZIP if part in data), None)
    if data[4:8] == b"ftyp":
        return Refusal("a video, a sound or a picture", "")
    if data[8:12] in (b"WEBP", b"WAVE", b"AVI ") and data.startswith(b"RIFF"):
        return Refusal("a picture, a sound or a video", "")
    return next((refusal for start, refusal in SIGNATURES if data.startswith(start)), None)


def find_text_refusal(text: str) -> Refusal | None:
    """Return why a text is not imported: it is the source of data or of a document in another language than Markdown."""
    if found := XML_START.match(text[:5000]):
        root = XML_ROOT.search(text, found.end() if found[0].lstrip()[1] in "?!" else 0, found.end() + 5000)
        kind = root[1].lower() if root else ""
        return XML_KINDS.get(kind, Refusal("an XML file", "export its text as Markdown or HTML, and import that"))
    start = text[:1000].lstrip()
    if start[:1] in ("{", "[") and (kind_of_json := _find_json(text)):
        return kind_of_json
    if ORG_START.match(text[:10_000]) or ORG_OUTLINE.match(text[:10_000]):
        return Refusal("an Org file", "convert it: pandoc -f org -t markdown FILE.org | zettel import -")
    if LATEX_START.match(text[:10_000]):
        return Refusal("a LaTeX file", "convert it: pandoc -f latex -t markdown FILE.tex | zettel import -")
    if SUBTITLES.match(text[:1000]):
        return Refusal("subtitles", "take out the times, and import the text")
    if BIBLIOGRAPHY.match(text[:10_000]):
        return Refusal("a bibliography (BibTeX)", "convert it: pandoc -f bibtex -t markdown --citeproc FILE.bib | zettel import -")
    if re.match(r"#! ?/\S", start):
        return Refusal("a script", "")
    if _is_table_of_values(text):
        return Refusal(
            "a table of values (CSV)", "make a table of Markdown or a page of it: pandoc -f csv -t markdown FILE.csv | zettel import -"
        )
    return None


def _find_json(text: str) -> Refusal | None:
    """Return the refusal of a text that is JSON, whole or line by line, and None for prose that begins with a bracket."""
    try:
        found = json.loads(text)
    except RecursionError:  # nested too deep to be prose, if it is closed at all
        found = {"": None} if text.rstrip()[-1:] in "]}" else {}
    except ValueError:
        lines = [line for line in text.split("\n", 20)[:20] if line.strip()]
        if len(lines) < 2 or not all(_is_json_object(line) for line in lines[:10]):
            return None
        found = {"": None}
    if isinstance(found, dict) and "nbformat" in found:
        return Refusal("a Jupyter notebook", "convert it: jupyter nbconvert --to markdown FILE.ipynb, and import that")
    is_data = (
        bool(found)
        if isinstance(found, dict)
        else any(isinstance(item, dict) for item in found) or [type(item) for item in found[:2]] == [str, str]
    )
    return Refusal("data (JSON)", "export notes as Markdown from the program that it is of") if is_data else None


def _is_json_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _is_table_of_values(text: str) -> bool:
    """Return whether a text is a table of values with the same number of columns in each row. A list of words in prose has blanks after its commas."""
    lines = text[:100_000].split("\n")
    lines = [line.rstrip("\r") for line in (lines[:-1] if len(text) > 100_000 else lines)][:MAX_ROWS]
    for mark in (",", ";", "\t"):
        first = next((line for line in lines if line.strip()), "")
        if first.count(mark) < MIN_COLUMNS - 1:
            continue
        try:
            rows = [row for row in csv.reader(lines, delimiter=mark, strict=True) if row]
        except csv.Error:
            continue
        if len(rows) < MIN_ROWS or len({len(row) for row in rows}) != 1 or len(rows[0]) < MIN_COLUMNS:
            continue
        cells = [cell for row in rows for cell in row[1:]]
        if mark == "\t" or sum(cell.startswith(" ") for cell in cells) * 10 < len(cells):
            return True
    return False
