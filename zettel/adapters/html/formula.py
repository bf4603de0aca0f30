"""Recognise formulas, of which many pages hold several forms, and write them in TeX."""

from __future__ import annotations

import re

from zettel.adapters.html.tree import Element

AGAIN = re.compile(
    r"\b(?:katex-html|MathJax_Preview|MathJax_Display|MathJax_CHTML|MathJax_SVG|MathJax|mwe-math-fallback-image-\w+)(?:\s|$)"
)
"""Classes of the forms of a formula that are for the eye. The source of the formula is beside them."""

PICTURE = re.compile(r"(?:^|\s)(?:latex|tex|math|mwe-math-fallback-image-\w+|ql-img-\w+-formula)(?:\s|$)")
SIBLINGS = 3
"""Number of elements behind a formula for the eye among which its source is looked for."""


def is_tex(script: Element) -> bool:
    """Return whether a `script` holds a formula."""
    return str(script.get("type", "")).lower().startswith("math/tex")


def has_source_beside(element: Element) -> bool:
    """Return whether an element shows a formula whose source is right beside it."""
    if not AGAIN.search(element.get("class", "")[:500]):
        return False
    before = element.getprevious()
    if before is not None and isinstance(before.tag, str) and _find_math(before) is not None:
        return True
    after = element.getnext()
    for _ in range(SIBLINGS):
        if after is None:
            return False
        if after.tag == "script" and is_tex(after):
            return True
        after = after.getnext()
    return False


def _find_math(element: Element) -> Element | None:
    return element if element.tag == "math" else next((child for child in element.iterchildren("math")), None)


def format_formula(element: Element) -> str:
    """Return a formula as it is written in TeX, between dollar signs, two of them if it stands on a line of its own. Without TeX, return its text."""
    if element.tag == "script":
        source, is_block = element.text or "", "mode=display" in element.get("type", "").replace(" ", "")
    elif element.tag == "img":
        source, is_block = element.get("alt", ""), False
    else:
        source = next((one.text for one in element.iter("annotation") if "tex" in one.get("encoding", "") and one.text), "")
        source, is_block = source or element.get("alttext", ""), element.get("display") == "block"
    tex = " ".join(source.replace("$", "").split())
    if tex.startswith("{\\displaystyle") and tex.endswith("}"):
        tex = tex.removeprefix("{\\displaystyle").removesuffix("}").strip()
    if not tex:
        return " ".join("".join(element.itertext()).split())
    return f"$${tex}$$" if is_block else f"${tex}$"


def is_formula_picture(picture: Element) -> bool:
    """Return whether a picture shows a formula that its description gives in TeX."""
    return bool(picture.get("alt", "").strip() and PICTURE.search(picture.get("class", "")[:500]))
