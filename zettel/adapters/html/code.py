"""Recognise code in a page, whatever elements it is made of, and find its language."""

from __future__ import annotations

import re
from itertools import islice

from zettel.adapters.html.style import MONOSPACE
from zettel.adapters.html.tree import Element, read_names, read_start

LINE_NUMBERS = re.compile(
    r"(?:^|[\s_-])(?:gutter|line-?_?numbers?|lineno?s?|blob-num|line-numbers-rows|hljs-ln-numbers|lnt?)(?:$|[\s_-])", re.IGNORECASE
)
ONLY_NUMBERS = re.compile(r"[\s\d.:]*\d[\s\d.:]*")
LANGUAGE = re.compile(
    r"(?:^|\s)(?:lang(?:uage)?-|brush:\s*|highlight-source-|highlight-text-|sourceCode\s+)([\w+#.-]{1,20})",
    re.IGNORECASE,
)
LANGUAGE_BEHIND = re.compile(r"(?:^|\s)(?:hljs|highlight)\s+([a-z][\w+#]{0,15})(?:\s|$)", re.IGNORECASE)
NOT_CODE = "none text plain plaintext nohighlight txt default source code hljs highlight wrap notranslate"
PEOPLES_LANGUAGES = "en de fr es it pt nl pl sv ja zh ko"
NO_LANGUAGE = frozenset(f"{NOT_CODE} {PEOPLES_LANGUAGES}".split())
KNOWN = (
    "bash c cpp csharp css diff elixir erlang go haskell html ini java javascript js json kotlin latex lisp lua makefile perl php powershell python"
    " r ruby rust scala scheme sh shell sql swift toml ts typescript xml yaml"
)
LANGUAGES = frozenset(KNOWN.split())
"""Languages that are recognised if a class is called so and nothing else."""

LANGUAGE_NAME = re.compile(r"[\w+#.-]{1,20}")
TABLE_PARTS = ("td", "tr", "tbody", "table", "code", "pre")
MAX_PARTS = 8
"""Maximum number of elements of tables that are looked through for what is around code."""

LINE_ELEMENTS = ("br", "div", "p", "li")
PROSE_ELEMENTS = ("p", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote", "img")
"""Elements that code does not have, in a page that is set in a font for code."""

MAX_LINES = 50
"""Maximum number of elements within code that are searched for one that begins a line."""


def is_code_block(element: Element, style: str) -> bool:
    """Return whether an element that is not within code holds lines of code."""
    tag = element.tag
    if tag == "code":
        return any(child.tag in LINE_ELEMENTS for child in islice(element.iterdescendants(), MAX_LINES))
    if tag == "div" and MONOSPACE.search(style):
        return not any(child.tag in PROSE_ELEMENTS for child in islice(element.iterdescendants(), MAX_LINES))
    return bool(tag == "pre")


def is_line_number(element: Element) -> bool:
    """Return whether an element within code, or beside it, holds line numbers and nothing else."""
    if not LINE_NUMBERS.search(read_names(element)):
        return False
    text = read_start(element)
    return not text.strip() or bool(ONLY_NUMBERS.fullmatch(text))


def find_language(code: Element) -> str:
    """Return the language that a page gives for code, in the element, in the `code` in it, or in the elements around it."""
    inner = next((child for child in code if child.tag == "code"), None)
    around = list(islice(code.iterancestors(), MAX_PARTS))
    skipped = next((at for at, one in enumerate(around) if one.tag not in TABLE_PARTS), 0)
    for at, element in enumerate([inner, code, *around[: skipped + 2]]):
        if element is None:
            continue
        names = element.get("class", "")[:500]
        if data := element.get("data-lang") or element.get("data-language"):
            name = data
        elif found := LANGUAGE.search(names) or LANGUAGE_BEHIND.search(names):
            name = found[1]
        else:
            name = next((one for one in names.split() if at < 2 and one.lower() in LANGUAGES), "")
        name = str(name).strip().lower()
        if name and name not in NO_LANGUAGE and LANGUAGE_NAME.fullmatch(name):
            return name
    return ""
