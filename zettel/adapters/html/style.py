"""Read what the style of an element says about its text."""

from __future__ import annotations

import re

from zettel.adapters.html.tree import Element

MAX_SHEET = 500_000
"""Maximum length of a page's own style sheets in characters. What is behind it is not read."""

MAX_STYLE = 500
"""Maximum length of a style attribute in characters, and of what a class adds to it."""

MAX_CLASSES = 20
"""Maximum number of classes of an element that are looked up."""

CLASS_SELECTOR = re.compile(r"\s*(?:[a-z]{1,10}[1-6]?)?\.([\w-]{1,80})\s*")
TELLING = re.compile(r"font-weight|font-style|font-family|text-decoration|display")
BOLD = re.compile(r"font-weight:\s*(?:bold|bolder|[6-9]00)\b", re.IGNORECASE)
NOT_BOLD = re.compile(r"font-weight:\s*(?:normal|[1-4]00)\b", re.IGNORECASE)
SLANTED = re.compile(r"font-style:\s*(?:italic|oblique)\b", re.IGNORECASE)
STRUCK = re.compile(r"text-decoration(?:-line)?:[^;]{0,50}\bline-through\b", re.IGNORECASE)
MONOSPACE = re.compile(
    r"font-family:[^;]{0,200}\b(?:monospace|monaco|menlo|consolas|courier|courier new|roboto mono|source code pro)\b|-en-codeblock:\s*true",
    re.IGNORECASE,
)
OWN_LINE = re.compile(r"display:\s*(?:block|flex|table-row|grid)\b", re.IGNORECASE)
HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)


class StyleSheet:
    """The rules of a page for single classes, which word processors use in place of elements."""

    def __init__(self, tree: Element) -> None:
        self._styles: dict[str, str] = {}
        text = "".join(style.text or "" for style in tree.iter("style"))[:MAX_SHEET]
        first, *others = text.split("/*")
        for rule in "".join([first, *(other.partition("*/")[2] for other in others)]).split("}"):
            selectors, _, declarations = rule.rpartition("{")
            if TELLING.search(declarations, 0, MAX_STYLE):
                for selector in selectors.rpartition("{")[2].split(","):
                    if found := CLASS_SELECTOR.fullmatch(selector):
                        self._styles[found[1]] = f"{self._styles.get(found[1], '')};{declarations}"[:MAX_STYLE]

    def find_style(self, element: Element) -> str:
        """Return the style of an element: its own, and then that of its classes. What it inherits is not part of it."""
        own = str(element.get("style", ""))[:MAX_STYLE]
        if not self._styles:
            return own
        names = element.get("class", "")[:MAX_STYLE].split()[:MAX_CLASSES]
        return ";".join([own, *(self._styles[name] for name in names if name in self._styles)])
