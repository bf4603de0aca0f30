"""Write a link to a note in the manner in which the notebook's links are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote

from zettel.model.base.value import NamedTuple
from zettel.model.edit.destinations import build_relative_note_path
from zettel.model.link.link import ResolvedLink
from zettel.model.link.syntax import MARKDOWN, WIKI
from zettel.model.text.fold import split_path, strip_suffix
from zettel.model.text.ids import find_first_id, is_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.note.picker_item import PickerItem

ID_ALONE, ID_BESIDE_TITLE, ID_AND_TITLE, ID_WITH_LABEL, FILE_NAME = (
    "[[ID]]",
    "[[ID]] Title",
    "[[ID Title]]",
    "[[ID|Title]]",
    "[[file name]]",
)
"""The manners of wiki links."""

ANGLE, ENCODED = "<path>", "encoded path"
"""The manners of Markdown destinations."""

NOT_IN_BRACKETS = frozenset("[]|\r\n")
"""What a title cannot have between the brackets of a wiki link."""


class LinkManners(NamedTuple):
    """How links are written: the manner of wiki links, that of the paths of Markdown links, and whether these have the suffix of the file."""

    wiki: str
    path: str
    with_suffix: bool


def choose_wiki_manner(own: Iterable[ResolvedLink], others: Iterable[ResolvedLink]) -> str:
    """Return the manner of most of a note's `own` wiki links, else of most of the `others`, else `[[ID|Title]]`."""
    for links in (own, others):
        counts = Counter(manner for resolved in links if (manner := _find_wiki_manner(resolved)))
        if counts:
            return counts.most_common(1)[0][0]
    return ID_WITH_LABEL


def _find_wiki_manner(resolved: ResolvedLink) -> str:
    link = resolved.link
    if link.syntax != WIKI.name or not resolved.resolution.target:
        return ""
    dest = link.dest.partition("#")[0].strip()
    if not is_id(dest):
        stem = strip_suffix(split_path(resolved.resolution.target)[1])
        return ID_AND_TITLE if find_first_id(dest) == dest[: len(find_first_id(dest) or "-")] and dest != stem else FILE_NAME
    return ID_WITH_LABEL if "|" in link.text else ID_BESIDE_TITLE if link.label else ID_ALONE


def format_wiki_link(note: PickerItem, manner: str, opening: str = "[[", *, is_ambiguous: bool = False) -> str:
    """Return a wiki link to a note. `is_ambiguous`: other notes have the same file name, so that the path is written if there is no ID.

    A title that cannot stand in brackets is left out.
    """
    name = strip_suffix(note.path if is_ambiguous else split_path(note.path)[1])
    title = " ".join(note.title.split())
    if not title.isprintable():
        title = ""
    has_no_marks = bool(title) and NOT_IN_BRACKETS.isdisjoint(title) and "#" not in title and "^" not in title
    if manner == FILE_NAME or not note.id:
        return f"{opening}{name}]]"
    if manner == ID_BESIDE_TITLE and title:
        return f"{opening}{note.id}]] {title}"
    if manner == ID_AND_TITLE and has_no_marks:
        return f"{opening}{note.id} {title}]]"
    if manner == ID_WITH_LABEL and title and NOT_IN_BRACKETS.isdisjoint(title):
        return f"{opening}{note.id}|{title}]]"
    return f"{opening}{note.id}]]"


def format_bare_link(note: PickerItem) -> str:
    """Return a bare link to a note that has an ID: `ID Title`."""
    title = " ".join(note.title.split())
    return f"{note.id} {title}" if title.isprintable() else f"{note.id}"


def choose_path_manner(links: Iterable[ResolvedLink]) -> tuple[str, bool]:
    """Return how most Markdown destinations among `links` are written, `<path>` or percent-encoded, and whether with the suffix of the file."""
    counts: Counter[str] = Counter()
    suffixes: Counter[bool] = Counter()
    for resolved in links:
        link = resolved.link
        if link.syntax == MARKDOWN.name and resolved.resolution.target:
            path = link.dest.partition("#")[0]
            suffixes[strip_suffix(path) != path] += 1
            if "<" + link.dest in link.text:
                counts[ANGLE] += 1
            elif "%" in path:
                counts[ENCODED] += 1
    return (counts.most_common(1)[0][0] if counts else ENCODED), suffixes[True] >= suffixes[False]


def format_path(note: PickerItem, source: str, manner: str, *, with_suffix: bool, opening: str = "(") -> str:
    """Return the destination of a Markdown link in `source` to a note, in brackets: `(<ID Title.md>)` or `(ID%20Title.md)`."""
    path = build_relative_note_path(split_path(source)[0], *split_path(note.path))
    path = path if with_suffix else strip_suffix(path)
    is_plain = path == quote(path, safe="/._-~")
    if (opening == "(<" or (manner == ANGLE and not is_plain)) and not set(path) & set("<>\\%?#\r\n"):
        return f"(<{path}>)"
    return f"({quote(path, safe='/._-~')})"


def format_label(title: str) -> str:
    """Return a title as the words of a Markdown link, with its brackets escaped."""
    words = " ".join(title.split())
    return words.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
