"""Read the pages of a Notion export: "Markdown & CSV" or "HTML".

The name of each file ends in the page's number of 32 hex digits. The properties of a page stand below its title, one a line, or in a table of
HTML.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import quote

from zettel.adapters.sources.properties import CREATED_NAMES, ORIGIN_NAMES, TAG_NAMES, apply_properties, parse_time
from zettel.model.articles.imported import HTML_SUFFIXES, MARKDOWN_SUFFIXES, SourceDocument

NUMBERED_STEM = re.compile(r"(.*\S)[ -](?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
"""The name of a page without suffix: its title, cut short, and its number."""

PROPERTY = re.compile(r"([^\s:#>|*\[(`-][^:]{0,60}?): (\S.*)")
"""A property of a page in Markdown. Those without a value are left out of an export."""

FILE_REFERENCE = re.compile(r" \(([^\s()]+\.(?:md|csv|html))\)")
"""The file of a page that a property refers to, which is behind the title of the page."""

PAGE_ADDRESS = re.compile(
    r"""(?P<start>\]\(|href=")https://(?:www\.)?notion\.so/(?:[\w%-]{1,300}[/-]){0,2}(?P<number>[0-9a-f]{32})(?:\?[\w=&%.-]{0,300})?(?:\#[\w-]{0,300})?(?P<end>\)|")"""
)
"""A link to a page in Notion itself, as the pages of an export have to pages that were mentioned by their address."""

TABLE_OF_CONTENTS = "index.html"
"""The list of all pages that Notion adds to an export."""

FENCE = re.compile(r"\s*(`{3,}|~{3,})")
ICON = re.compile(r'<img src="https://www\.notion\.so/icons/[^<>]{0,500}>\s*')
PAGE_BODY = '<div class="page-body">'
MAX_QUOTE_DEPTH = 10


def is_page(path: str) -> bool:
    """Return whether a path is that of a page or database in an export."""
    stem, suffix = posixpath.splitext(posixpath.basename(path))
    return suffix.lower() in (*MARKDOWN_SUFFIXES, *HTML_SUFFIXES) and is_numbered(stem)


def is_numbered(stem: str) -> bool:
    """Return whether a path without suffix ends in the number of a page."""
    return NUMBERED_STEM.fullmatch(posixpath.basename(stem)) is not None


def strip_number(stem: str) -> str:
    """Return the name of a page without its number."""
    found = NUMBERED_STEM.fullmatch(stem)
    return found[1] if found else stem


def list_numbers(paths: Iterable[str]) -> dict[str, str]:
    """Return the paths of the pages and databases among the files of an export, by their numbers."""
    stems = ((posixpath.splitext(path)[0].removesuffix("_all"), path) for path in sorted(paths, reverse=True))
    return {stem.replace("-", "")[-32:]: path for stem, path in stems if is_numbered(stem)}


def link_pages(document: SourceDocument, path: str, numbers: Mapping[str, str]) -> SourceDocument:
    """Return the page at a path with its links to pages in Notion led to the files of these, as far as the export has them."""

    def lead(link: re.Match[str]) -> str:
        target = numbers.get(link["number"])
        return f"{link['start']}{quote(posixpath.relpath(target, posixpath.dirname(path) or '.'))}{link['end']}" if target else link[0]

    return document._replace(text=PAGE_ADDRESS.sub(lead, document.text)) if "notion.so/" in document.text else document


def adapt_page(document: SourceDocument, columns: frozenset[str]) -> SourceDocument:
    """Return a page as it was in Notion: without the number in its name, and, if it is Markdown, with its properties as fields.

    `columns` are those of the database that it is a row of, if it is known.
    """
    stem = strip_number(document.stem)
    document = document._replace(stem=stem, is_clean=True, file_name=stem + posixpath.splitext(document.file_name)[1])
    return _adapt_html(document) if document.is_page else _adapt_markdown(document, columns)


def _adapt_html(document: SourceDocument) -> SourceDocument:
    """Return a page of HTML with its properties as fields. Those that cannot be are a list above its text."""
    from zettel.adapters.html.notion_page import split_page  # loads lxml, which only pages need

    found = split_page(document.text)
    if not found:
        return document
    html, properties = found
    title = next((value for name, value in properties if name == "title"), "")
    document, kept = apply_properties(document, [one for one in properties if one[0] != "title"])
    listed = "".join(f"<li>{escape(name)}: {escape(value)}</li>" for name, value in kept)
    body = html.replace(PAGE_BODY, f"{PAGE_BODY}<ul>{listed}</ul>", 1) if listed else html
    return document._replace(title=title or document.stem, text=body)


def _adapt_markdown(document: SourceDocument, columns: frozenset[str]) -> SourceDocument:
    lines = document.text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
    if not lines[0].startswith("# "):
        return document._replace(text=_quote_callouts(lines))
    title, at = lines[0].removeprefix("# ").strip(), 1
    while at < len(lines) and not lines[at].strip():
        at += 1
    end = at
    while end < len(lines) and lines[end].strip():
        end += 1
    properties = _parse_properties(lines[at:end], columns)
    kept: list[tuple[str, str]] = []
    if properties:
        document, kept = _apply(document, properties)
        at = end
    body = _quote_callouts(lines[at:]).strip("\n")
    listed = "\n".join(f"- {name}: {link_references(value)}" for name, value in kept)
    return document._replace(title=title or document.stem, text="\n\n".join(part for part in (f"# {title}", listed, body) if part.strip()))


def _parse_properties(lines: list[str], columns: frozenset[str]) -> list[tuple[str, str]]:
    """Return the properties in the lines below a title, or an empty list if they are a paragraph.

    If the columns are known, a line that does not begin with one of them belongs to the value of the line before. Else each line must be
    a property, and one of them must have a name and a value such as Notion gives them.
    """
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        start = PROPERTY.fullmatch(line.strip())
        if start and (not columns or start[1] in columns):
            found.append((start[1], [start[2]]))
        elif columns and found:
            found[-1][1].append(line.strip())
        else:
            return []
    properties = [(name, " ".join(value)) for name, value in found]
    return properties if columns or any(_is_usual(*one) for one in properties) else []


def _is_usual(name: str, value: str) -> bool:
    name = name.casefold()
    if name in (*CREATED_NAMES, "last edited", "last edited time"):
        return bool(parse_time(value))
    return name in TAG_NAMES or (name in ORIGIN_NAMES and value.startswith(("http://", "https://")))


def _apply(document: SourceDocument, properties: list[tuple[str, str]]) -> tuple[SourceDocument, list[tuple[str, str]]]:
    """Apply properties. Those that refer to other pages stay in the text, where they are links."""
    references = [one for one in properties if FILE_REFERENCE.search(one[1])]
    document, kept = apply_properties(document, [one for one in properties if not FILE_REFERENCE.search(one[1])])
    return document, [*kept, *references]


def link_references(text: str) -> str:
    """Write each `Page (Page%20number.md)` as a link. Pages are separated by commas."""
    parts: list[str] = []
    end = 0
    for found in FILE_REFERENCE.finditer(text):
        others, comma, title = text[end : found.start()].rpartition(", ")
        parts.append(f"{others}{comma}[{title.strip()}]({found[1]})" if title.strip() else text[end : found.end()])
        end = found.end()
    return "".join(parts) + text[end:]


def _quote_callouts(lines: list[str]) -> str:
    """Return a text in which callouts are block quotes. Notion writes them as `<aside>`, in which links would not count as links."""
    result: list[str] = []
    depth, fence = 0, ""
    for line in lines:
        bare = line.strip()
        if found := FENCE.match(line):
            fence = "" if fence and found[1].startswith(fence) else fence or found[1]
        if not fence and bare == "<aside>":
            depth += 1
            continue
        if not fence and bare == "</aside>" and depth:
            depth -= 1
            while result and result[-1].strip("> ") == "" and result[-1].startswith(">"):
                result.pop()
            if not depth:
                result.append("")
            continue
        quoted = ICON.sub("", line)
        if not depth:
            result.append(line)
        elif quoted.strip() or (result and result[-1].strip("> ")):
            result.append(f"{'> ' * min(depth, MAX_QUOTE_DEPTH)}{quoted}".rstrip())
    return "\n".join(result)
