"""Prepare the tree of a page for Markdown: name what its elements mean, whatever they are called there.

Elements are only renamed, or given an attribute, and never moved, so that any page takes linear time. The attributes are in a namespace, so that no page
can set them.
"""

from __future__ import annotations

import lxml.etree

from zettel.adapters.html.code import ONLY_NUMBERS, find_language, is_code_block, is_line_number
from zettel.adapters.html.footnotes import mark_footnotes
from zettel.adapters.html.formula import has_source_beside
from zettel.adapters.html.lists import mark_item
from zettel.adapters.html.pictures import show_late_picture
from zettel.adapters.html.style import BOLD, MONOSPACE, NOT_BOLD, OWN_LINE, SLANTED, STRUCK, StyleSheet
from zettel.adapters.html.style import HIDDEN as HIDDEN_STYLE
from zettel.adapters.html.tree import Element, read_start

CODE, LAYOUT, HIDDEN = "pre", "div", "template"
"""What elements are renamed to: lines of code, a part of the page without a meaning of its own, and what nobody is shown."""

LANGUAGE = "{zettel}language"
"""Attribute for the language of code."""

TABLE_ELEMENTS = frozenset(("table", "caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th"))
CODE_OR_TABLE = frozenset(("pre", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table"))
"""Elements that a cell of Markdown cannot hold at all."""

CELL_BREAKS = frozenset(("ul", "ol", "dl", "figure", "article", "section"))
"""Elements that make a table without headings a layout table."""

SAME_AS = {"kbd": "code", "samp": "code", "tt": "code", "var": "em", "dfn": "em", "strike": "s", "menu": "ul", "dir": "ul"}
"""Elements, and those that mean the same in Markdown."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
PERMALINKS = frozenset(("", "#", "¶", "§", "🔗", "link", "[edit]", "[ edit ]"))
"""Words of links in a heading that lead to the heading itself, or edit it."""

MAX_CODE_LENGTH = 80
"""Maximum length of words in a font for code that are code, in characters. Longer ones are a page that is set in such a font."""

MAX_CELL_LENGTH = 300
"""Maximum length of a cell in characters in a table without headings. One with a longer cell serves the layout."""

MAX_GUTTER_LENGTH = 100_000
"""Maximum length of the line numbers beside code in characters."""


class _OpenTable:
    """A table whose end has not come: its elements, and what was seen in its cells."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.parts: list[Element] = [element]
        self.rows = self.columns = self.cells_in_row = self.longest = 0
        self.has_heading = self.has_code_or_table = self.has_breaks = False
        self.short_cells: list[Element] = []
        self.cell_start = 0
        self.gutters: list[Element] = []

    @property
    def is_code(self) -> bool:
        """Whether its rows are lines of code, each beside its number."""
        return bool(self.gutters) and len(self.gutters) >= self.rows and not self.has_code_or_table and not self.has_heading

    @property
    def is_layout(self) -> bool:
        """Whether the table serves the layout: a cell of Markdown cannot hold what its cells do, or nothing says that it is a table."""
        if self.has_code_or_table or self.element.get("role") in ("presentation", "none"):
            return True
        if self.has_heading:
            return False
        return self.columns < 2 or self.has_breaks or self.longest > MAX_CELL_LENGTH

    def note_part(self, element: Element, length: int) -> None:
        """Note an element of the table, before which the page has `length` characters."""
        self.parts.append(element)
        tag = element.tag
        if tag == "tr":
            self.rows, self.cells_in_row = self.rows + 1, 0
        elif tag in ("td", "th"):
            self.cells_in_row += 1
            self.columns = max(self.columns, self.cells_in_row)
            if is_line_number(element) or element.get("data-line-number"):
                self.gutters.append(element)
            else:
                self.has_heading |= tag == "th"
            self.cell_start = length
        elif tag in ("thead", "caption"):
            self.has_heading = True

    def end_cell(self, element: Element, length: int) -> None:
        """End a cell, up to which the page has `length` characters."""
        length -= self.cell_start
        self.longest = max(self.longest, length)
        if length <= MAX_GUTTER_LENGTH:
            self.short_cells.append(element)


def prepare_tree(tree: Element) -> None:
    """Rename the elements of layout tables, of code, lists and formulas in other elements than their own, and of text that is bold or slanted by style.

    Changes `tree`, whose elements are numbered. Line numbers beside code are hidden, and each `pre` gets an attribute if the page names its language.
    """
    mark_footnotes(tree, HIDDEN)
    sheet = StyleSheet(tree)
    tables: list[_OpenTable] = []
    code: list[Element] = []
    headings: list[Element] = []
    length = 0
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if event == "end":
            if tag in ("td", "th") and tables:
                tables[-1].end_cell(element, length)
            length += len((element.tail or "").strip())
            for open_elements in (code, headings):
                if open_elements and open_elements[-1] is element:
                    open_elements.pop()
            if tables and tables[-1].element is element:
                _close_table(tables)
            continue
        if tag in TABLE_ELEMENTS:
            if tag == "table":
                tables.append(_OpenTable(element))
            elif tables:
                tables[-1].note_part(element, length)
        elif code:
            _name_in_code(element, sheet)
        else:
            _name_element(element, sheet, is_in_heading=bool(headings))
            if element.tag == CODE:
                code.append(element)
            elif element.tag in HEADINGS:
                headings.append(element)
        if tables and tag != "table":
            tables[-1].has_code_or_table |= element.tag in CODE_OR_TABLE
            tables[-1].has_breaks |= tag in CELL_BREAKS
        length += len((element.text or "").strip()) if tag not in ("script", "style") else 0


def _close_table(tables: list[_OpenTable]) -> None:
    table = tables.pop()
    if tables:
        tables[-1].has_code_or_table = True
    if table.is_code:
        table.element.tag = CODE
        _set_language(table.element)
    elif not table.is_layout:
        return
    for cell in table.gutters or [cell for cell in table.short_cells if table.has_code_or_table and _is_gutter(cell)]:
        cell.tag = HIDDEN
    for part in table.parts:
        if part.tag not in (HIDDEN, CODE):
            part.tag = "span" if table.is_code and part.tag in ("td", "th") else LAYOUT


def _is_gutter(cell: Element) -> bool:
    """Return whether a cell of a table with code holds nothing but line numbers."""
    return len(cell) > 0 and bool(ONLY_NUMBERS.fullmatch(read_start(cell)))


def _set_language(code: Element) -> None:
    if language := find_language(code):
        code.set(LANGUAGE, language)


def _name_in_code(element: Element, sheet: StyleSheet) -> None:
    """Hide line numbers and buttons within code, and rename what is a line of its own."""
    if element.tag == "button" or (element.tag in ("span", "div", "a") and is_line_number(element)):
        element.tag = HIDDEN
    elif element.tag in ("span", "code") and OWN_LINE.search(sheet.find_style(element)):
        element.tag = LAYOUT


def _name_element(element: Element, sheet: StyleSheet, *, is_in_heading: bool) -> None:
    """Rename an element that is not within code."""
    tag = element.tag
    if tag == "noscript":
        show_late_picture(element, LAYOUT)
        return
    if tag == "math":
        _show_formula(element)
        return
    if tag in SAME_AS:
        tag = element.tag = SAME_AS[tag]
    style = sheet.find_style(element)
    if is_code_block(element, style):
        element.tag = CODE
        _set_language(element)
    elif has_source_beside(element) or (is_in_heading and _is_permalink(element)):
        element.tag = HIDDEN
    elif style:
        _name_by_style(element, style)
    if element.get("role") == "heading" and tag in ("div", "p", "span"):
        level = element.get("aria-level", "2")
        element.tag = f"h{level if level in '123456' and len(level) == 1 else 2}"
    mark_item(element, LAYOUT)


def _name_by_style(element: Element, style: str) -> None:
    tag = element.tag
    if tag == "span":
        is_bold, is_slanted = bool(BOLD.search(style)) and not NOT_BOLD.search(element.get("style", "")[:500]), bool(SLANTED.search(style))
        if is_bold or is_slanted:
            element.tag = "strong-em" if is_bold and is_slanted else "strong" if is_bold else "em"
        elif STRUCK.search(style):
            element.tag = "s"
        elif MONOSPACE.search(style) and not len(element) and len(element.text or "") <= MAX_CODE_LENGTH:
            element.tag = "code"
    elif tag in ("b", "strong") and NOT_BOLD.search(style):
        element.tag = "span"  # an editor's wrapper around a whole document


def _is_permalink(element: Element) -> bool:
    return (element.tag == "a" and element.get("href", "").startswith("#") and read_start(element).strip().lower() in PERMALINKS) or (
        "mw-editsection" in element.get("class", "")[:500].split()
    )


def _show_formula(formula: Element) -> None:
    """Show a formula that a page hides because a picture of it is beside it."""
    parent = formula.getparent()
    if parent is not None and parent.tag == "span" and HIDDEN_STYLE.search(parent.get("style", "")[:500]):
        del parent.attrib["style"]
