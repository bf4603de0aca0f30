"""Prepare the tree of a page for Markdown: name what its elements mean, whatever they are called there.

Elements are only renamed, or given an attribute, and never moved, so that any page takes linear time.
"""

from __future__ import annotations

import re
from itertools import islice

import lxml.etree

from zettel.adapters.html.tree import Element

LINES, LAYOUT, HIDDEN = "pre", "div", "template"
"""What elements are renamed to: code, a part of the page without a meaning of its own, and what nobody is shown."""

TABLE_ELEMENTS = frozenset(("table", "caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th"))
CODE_OR_TABLE = frozenset(("pre", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table"))
"""Elements that a cell of Markdown cannot hold at all."""

CELL_BREAKS = frozenset(("ul", "ol", "dl", "figure", "article", "section"))
"""Elements that make a table without headings a layout table."""

MAX_CELL_LENGTH = 300
"""Maximum length of a cell in characters in a table without headings. One with a longer cell serves the layout."""

LINE_NUMBERS = re.compile(r"(?:^|[\s_-])(?:gutter|line-?numbers?|lineno?s?|blob-num|line-numbers-rows)(?:$|[\s_-])", re.IGNORECASE)
ONLY_NUMBERS = re.compile(r"[\s\d.:]*\d[\s\d.:]*")
LANGUAGE = re.compile(
    r"(?:^|\s)(?:lang(?:uage)?-|brush:\s*|highlight-source-|highlight-text-|sourceCode\s+)([\w+#.-]{1,20})|\bhighlight\s+([\w+#.-]{1,20})(?:\s|$)",
    re.IGNORECASE,
)
NO_LANGUAGE = frozenset(("none", "text", "plain", "plaintext", "nohighlight", "txt", "default", "source"))
MONOSPACE = re.compile(r"font-family:[^;]*\b(?:monospace|monaco|menlo|consolas|courier)\b|-en-codeblock:\s*true", re.IGNORECASE)
BOLD = re.compile(r"font-weight:\s*(?:bold|bolder|[6-9]00)\b", re.IGNORECASE)
NOT_BOLD = re.compile(r"font-weight:\s*(?:normal|[1-4]00)\b", re.IGNORECASE)
SLANTED = re.compile(r"font-style:\s*(?:italic|oblique)\b", re.IGNORECASE)


class _OpenTable:
    """A table whose end has not come: its elements, and what was seen in its cells."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.parts: list[Element] = [element]
        self.rows = self.columns = self.cells_in_row = self.longest = 0
        self.has_heading = self.has_code_or_table = self.has_breaks = False
        self.gutters: list[Element] = []

    @property
    def is_layout(self) -> bool:
        """Whether the table serves the layout: a cell of Markdown cannot hold what its cells do, or nothing says that it is a table."""
        if self.has_code_or_table or self.columns < 2 or self.element.get("role") in ("presentation", "none"):
            return True
        if self.has_heading:
            return False
        return self.has_breaks or self.longest > MAX_CELL_LENGTH


def prepare_tree(tree: Element) -> None:
    """Rename the elements of layout tables, of code in other elements than `pre`, and of text that is bold or slanted by style.

    Changes `tree`. Line numbers beside code are hidden, and each `pre` gets an attribute `lang` if the page names its language.
    """
    tables: list[_OpenTable] = []
    code = 0
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if event == "start":
            if tag == "noscript":
                _show_late_picture(element)
            elif tag not in TABLE_ELEMENTS:
                code += _name_by_style(element, is_code=code > 0)
            elif tag == "table":
                tables.append(_OpenTable(element))
            elif tables:
                _note_part(tables[-1], element)
            if tables and tag != "table":
                tables[-1].has_code_or_table |= element.tag in CODE_OR_TABLE
                tables[-1].has_breaks |= tag in CELL_BREAKS
            continue
        if element.get("zettel-code"):
            code -= 1
        if tag == "table" and tables and tables[-1].element is element:
            _close_table(tables)


def _show_late_picture(noscript: Element) -> None:
    """Show the picture that a page loads with a script, as it is for browsers without scripts, unless it is a pixel that counts visits."""
    picture = noscript.find(".//img")
    if (
        picture is None
        or not picture.get("src")
        or "1" in (picture.get("width"), picture.get("height"))
        or "display:none" in picture.get("style", "").replace(" ", "")
    ):
        return
    before = noscript.getprevious()
    placeholder = next(before.iter("img"), None) if before is not None else None
    if placeholder is None:
        noscript.tag = LAYOUT
    elif not any(
        placeholder.get(name) for name in ("data-src", "data-original", "data-lazy-src", "srcset", "data-srcset")
    ) and not placeholder.get("src", "").startswith("http"):
        placeholder.set("data-src", picture.get("src"))


def _note_part(table: _OpenTable, element: Element) -> None:
    table.parts.append(element)
    tag = element.tag
    if tag == "tr":
        table.rows, table.cells_in_row = table.rows + 1, 0
    elif tag in ("td", "th"):
        table.cells_in_row += 1
        table.columns = max(table.columns, table.cells_in_row)
        table.has_heading |= tag == "th"
        if LINE_NUMBERS.search(_list_names(element)):
            table.gutters.append(element)
        table.longest = max(table.longest, len(_read_start(element).strip()))
    elif tag in ("thead", "caption"):
        table.has_heading = True


def _close_table(tables: list[_OpenTable]) -> None:
    table = tables.pop()
    if tables:
        tables[-1].has_code_or_table = True
    if not table.is_layout:
        return
    for cell in table.gutters or [
        part for part in table.parts if table.has_code_or_table and part.tag in ("td", "th") and _is_gutter(part)
    ]:
        cell.tag = HIDDEN
    for part in table.parts:
        if part.tag != HIDDEN:
            part.tag = LAYOUT


def _is_gutter(cell: Element) -> bool:
    """Return whether a cell of a table with code holds nothing but line numbers."""
    return len(cell) > 0 and bool(ONLY_NUMBERS.fullmatch(_read_start(cell)))


def _read_start(element: Element) -> str:
    """Return the text of an element, of which the first 1,000 pieces are enough to tell what it is."""
    return "".join(islice(element.itertext(), 1000))


def _list_names(element: Element) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"[:500]


def _name_by_style(element: Element, *, is_code: bool) -> bool:
    """Rename an element by its style, and return whether code begins in it."""
    tag, style = element.tag, (element.get("style") or "")[:500]
    if is_code:
        if tag in ("span", "div", "a", "td") and LINE_NUMBERS.search(_list_names(element)) and ONLY_NUMBERS.fullmatch(_read_start(element)):
            element.tag = HIDDEN
        return False
    if tag == "pre" or (tag == "div" and style and MONOSPACE.search(style)):
        if language := _find_language(element):
            element.set("lang", language)
        elif "lang" in element.attrib:
            del element.attrib["lang"]
        element.tag = LINES
        element.set("zettel-code", "1")
        return True
    if style and tag == "span":
        element.tag = "strong" if BOLD.search(style) else "em" if SLANTED.search(style) else tag
    elif style and tag in ("b", "strong") and NOT_BOLD.search(style):
        element.tag = "span"  # an editor's wrapper around a whole document
    return False


def _find_language(pre: Element) -> str:
    """Return the language that a page gives for code, in a class of the element, of the `code` in it, or of the elements around it."""
    inner = next((child for child in pre if child.tag == "code"), None)
    around = [
        one
        for one in (pre.getparent(), pre.getparent() is not None and pre.getparent().getparent())
        if one is not None and one is not False
    ]
    for element in (inner, pre, *around):
        if element is None:
            continue
        if data := element.get("data-lang") or element.get("data-language"):
            name = data
        elif found := LANGUAGE.search(element.get("class") or ""):
            name = found[1] or found[2]
        else:
            continue
        name = name.strip().lower()
        return "" if name in NO_LANGUAGE or not re.fullmatch(r"[\w+#.-]{1,20}", name) else name
    return ""
