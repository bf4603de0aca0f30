"""Read the pages and journals of a Logseq graph, a folder of Markdown with properties of its own."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote

from zettel.adapters.sources.properties import apply_properties
from zettel.model.articles.imported import SourceDocument

PAGE_FOLDERS, OWN_FOLDER, CONFIG = ("pages", "journals"), "logseq", "config.edn"
PROPERTY = re.compile(r"\s*(?:- )?([A-Za-z][\w.-]*):: (.*)")
OWN_PROPERTIES = ("id", "collapsed", "heading", "icon", "public", "filters")
"""Properties that tell Logseq how to show a page or block."""

JOURNAL_NAME = re.compile(r"(\d{4})[_-](\d{2})[_-](\d{2})")


def find_graph(path: str) -> str | None:
    """Return the folder of the graph (empty if it is the top) whose page a path may be, or None if pages are never there."""
    folder = posixpath.dirname(path)
    return posixpath.dirname(folder) if posixpath.basename(folder) in PAGE_FOLDERS else None


def is_config(path: str) -> bool:
    """Return whether a file holds settings of Logseq."""
    return posixpath.basename(posixpath.dirname(path)) == OWN_FOLDER and path.endswith((".edn", ".css", ".js"))


def adapt_page(document: SourceDocument) -> SourceDocument:
    """Return a page with the properties of its beginning as fields, and without those that only Logseq needs."""
    lines = document.text.replace("\r\n", "\n").split("\n")
    at = 0
    properties: list[tuple[str, str]] = []
    while at < len(lines) and ((found := PROPERTY.fullmatch(lines[at])) or lines[at].strip() in ("", "-")):
        if found:
            properties.append((found[1], found[2]))
        at += 1
    names = {name.casefold(): value for name, value in properties}
    title = names.get("title", "")
    journal = JOURNAL_NAME.fullmatch(document.stem)
    stem = "-".join(journal.groups()) if journal else unquote(document.stem).replace("___", "/")
    document = document._replace(stem=stem, title=title or stem, is_clean=True, created=f"{stem} 00:00" if journal else "")
    document, kept = apply_properties(
        document,
        [(name, value.replace("[[", "").replace("]]", "")) for name, value in properties if name not in (*OWN_PROPERTIES, "title")],
    )
    body = [line for line in lines[at:] if not ((found := PROPERTY.fullmatch(line)) and found[1] in OWN_PROPERTIES)]
    listed = [f"{name}: {value}  " for name, value in kept]
    return document._replace(text="\n".join([*listed, *([""] if listed else []), *body]))
