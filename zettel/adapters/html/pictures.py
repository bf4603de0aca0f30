"""Find the addresses of pictures, many of which a page only loads when they are seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from zettel.adapters.html.tree import Element

MAX_ADDRESSES = 50
"""Maximum number of attributes and elements that are searched for the address of a picture."""

LATE_ADDRESSES = ("data-src", "data-original", "data-lazy-src", "srcset", "data-srcset")
SRCSET_SEPARATOR = re.compile(r",\s+|,(?=https?:)")
NUMBER_WITH_UNIT = re.compile(r"\d{1,6}(?:\.\d{1,3})?[wx]")
MAX_ELEMENTS = 100
"""Maximum number of elements that are searched for a picture."""


def list_addresses(picture: Element) -> Iterator[str]:
    """Yield the addresses that a picture may have: first those that its page loads when it is scrolled to, the largest of several last."""
    items = picture.items()[:MAX_ADDRESSES]
    yield from (given for name, given in items if name.startswith("data-") and (name.endswith("src") or name == "data-original"))
    yield picture.get("src", "")
    yield from (_choose_largest(given) for name, given in items if name.endswith("srcset"))
    for around in islice(picture.iterancestors(), MAX_ADDRESSES):  # the parser puts a picture into the sources before it
        if around.tag != "source":
            break
        yield from (_choose_largest(given) for name, given in around.items()[:MAX_ADDRESSES] if name.endswith("srcset"))


def _choose_largest(srcset: str) -> str:
    """Return the address of the largest picture in a `srcset`."""
    candidates = [part.split() for part in SRCSET_SEPARATOR.split(srcset) if part.strip()]
    sized = [(float(part[1][:-1]) if len(part) > 1 and NUMBER_WITH_UNIT.fullmatch(part[1]) else 0.0, part[0]) for part in candidates[:50]]
    return max(sized, default=(0.0, ""))[1]


def show_late_picture(noscript: Element, layout: str) -> None:
    """Show the picture that a page loads with a script, as it is for browsers without scripts, unless it is a pixel that counts visits.

    Either the placeholder before it gets its address, or `noscript`, which is not shown otherwise, is renamed to `layout`.
    """
    picture = _find_picture(noscript)
    if (
        picture is None
        or not picture.get("src")
        or "1" in (picture.get("width"), picture.get("height"))
        or "display:none" in picture.get("style", "").replace(" ", "")
    ):
        return
    before = noscript.getprevious()
    placeholder = _find_picture(before) if before is not None else None
    if placeholder is None:
        noscript.tag = layout
    elif not any(map(placeholder.get, LATE_ADDRESSES)) and not placeholder.get("src", "").startswith("http"):
        placeholder.set("data-src", picture.get("src"))


def _find_picture(element: Element) -> Element | None:
    return next((one for one in islice(element.iter(), MAX_ELEMENTS) if one.tag == "img"), None)
