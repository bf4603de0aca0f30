"""Decide what a reader sees of a link in a note: words instead of IDs, paths and brackets."""

from __future__ import annotations

from zettel.model.base.value import NamedTuple
from zettel.model.link.link import AMBIGUOUS, DANGLING, EXTERNAL, ResolvedLink
from zettel.model.link.resolve import is_url
from zettel.model.link.syntax import TAG
from zettel.model.text.fold import split_path, strip_suffix
from zettel.model.text.ids import is_id

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".heic", ".tif", ".tiff")
"""Suffixes of the files that are called pictures; others that are embedded are called files."""


STYLES_OF_LINKS = ("link", "warning")
"""The styles of links: of one that a note answers to, and of one that is broken."""

NUMBER_SIGN = ":"
"""It parts the style of a link from its number, where links are numbered."""


class ShownSpan(NamedTuple):
    """What is shown of a link that ends at the byte `end`: `words` in a style, or the words that it has of its own if they are empty.

    `beside` are words that follow the link in the text, and that are not shown again behind it.
    """

    end: int
    words: str
    style: str
    beside: str = ""


def number_link(span: ShownSpan, number: int) -> ShownSpan:
    """Return what is shown of a link, with a style such as `link:3` by which the link can be found among the lines of its note."""
    return span._replace(style=f"{span.style}{NUMBER_SIGN}{number}") if span.style in STYLES_OF_LINKS else span


def is_link_style(style: str) -> bool:
    """Return whether a style is that of a link, numbered or not."""
    return style.partition(NUMBER_SIGN)[0] in STYLES_OF_LINKS


def show_link(resolved: ResolvedLink, title: str) -> ShownSpan:
    """Return what is shown of a link in the text of its note. `title` is that of its target, empty if it has none."""
    link, status = resolved.link, resolved.resolution.status
    style = "warning" if status in (DANGLING, AMBIGUOUS) else "link"
    syntax = link.syntax_row
    if link.text.startswith("!") and status == EXTERNAL:
        return ShownSpan(link.end, name_picture(link.label, link.dest), "dim")
    if link.is_in_brackets or syntax.names_only_id:
        words, beside = _choose_words(resolved, title)
        return ShownSpan(link.end, words, style, beside)
    if link.text.startswith("!"):
        return ShownSpan(link.end, link.label or title or link.dest, style)
    return ShownSpan(link.end, "" if link.label or syntax.form == TAG else title or link.dest, style)


def _choose_words(resolved: ResolvedLink, title: str) -> tuple[str, str]:
    """Return the words of a link that stands in brackets or is an ID, and those of them that stand behind it in the text."""
    link = resolved.link
    written, label = link.text.strip("![]§ "), link.label
    has_own = bool(label) and label in link.text and label != link.dest
    if has_own:
        return label, ""
    if label and label != link.dest:
        words = label if title else f"{link.text} {label}"
        return words, label
    start, end = link.mark
    shown = _strip_any_id(link.sentence[start:end]) if not link.text.startswith("!") else ""
    if not shown:
        name, _, anchor = link.dest.partition("#")
        shown = f"{title or name}{' › ' if anchor and (title or name) else ''}{anchor.lstrip('^')}" if anchor else title
    elif is_id(shown.strip("§ ")) and title and link.sentence[:start].rstrip(" (:–—-").casefold().endswith(title.casefold()):
        return shown, ""
    elif is_id(shown.strip("§ ")) and title:
        shown = title
    return shown or written or link.text, ""


def _strip_any_id(text: str) -> str:
    """Return a name without the ID that it begins or ends with, if anything else is left."""
    words = text.split(" ")
    if len(words) > 1 and is_id(words[0].lstrip("§")):
        return " ".join(words[1:]).lstrip(" :–—-") or text
    if len(words) > 1 and is_id(words[-1].lstrip("§")):
        return " ".join(words[:-1]).rstrip(" :–—-") or text
    return text


def name_picture(alt: str, destination: str) -> str:
    """Return what stands for a picture or another file that is embedded in a note: its alt text, if that is words, else the file's name."""
    name = split_path(destination)[1]
    is_words = any(char.isalpha() for char in alt) and alt not in (destination, name)
    kind = "picture" if destination.lower().partition("?")[0].endswith(PICTURE_SUFFIXES) or is_url(destination) else "file"
    return f"[{kind}: {alt if is_words else strip_suffix(name)}]"
