"""Parse a note's text into a tree of plain lists, from which a page builds its elements.

A tree is a list of nodes: a string is text, a list is an element. Its first item names it (a key of `ELEMENTS`, "a", "img" or "lost"), the
others are its nodes. `[7, "label"]` is a link to note 7, and `["a", "https://…", …]` one that leads out of the notebook; only addresses of web pages
are kept. Nothing in a tree is markup: an HTML tag is left out, and what stands between tags is text. Comments are left out, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from zettel.adapters.fs.files import decode_bytes
from zettel.adapters.parse.comments import COMMENT_MARK
from zettel.adapters.parse.markdown import HTML_NOISE, parse_note_events
from zettel.model.link.link import NOT_A_LINK, ResolvedLink
from zettel.model.link.shown_link import name_picture, show_link
from zettel.model.link.syntax import EMBED
from zettel.model.note.frontmatter import find_front_matter
from zettel.model.note.note import Note
from zettel.model.text.fold import fold
from zettel.model.text.inert import clip, escape_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TextTree = list["str | int | TextTree"]
"""The nodes of a text or of an element."""

MAX_BYTES = 20_000
"""How much of a text is kept. A note is rarely longer, and a page holds many."""

MAX_DEPTH = 12
"""How deep elements are nested; what is deeper is added to the deepest element."""

OPEN, CLOSE = "\ue000", "\ue001"
"""What stands around a link's number while the text around it is parsed."""

LINK_MARK = re.compile(f"{OPEN}([0-9]+){CLOSE}")
WEB_ADDRESS = re.compile(r"https?://[^\s]+", re.I)

ELEMENTS = {
    "Paragraph": "p",
    "BlockQuote": "blockquote",
    "CodeBlock": "pre",
    "HtmlBlock": "p",
    "Item": "li",
    "FootnoteDefinition": "footnote",
    "Table": "table",
    "TableHead": "tr",
    "TableRow": "tr",
    "TableCell": "td",
    "Emphasis": "em",
    "Strong": "strong",
    "Strikethrough": "del",
}
"""The element of each event that begins one. Headings, lists, links and images depend on what the event says."""


def parse_text_tree(data: bytes, links: Sequence[ResolvedLink], titles: Mapping[str, str], numbers: Mapping[str, int]) -> TextTree:
    """Return the tree of the note whose file holds `data`.

    `links` are its links, `titles` the titles of all notes by path, and `numbers` says which of them can be linked to, and by which number.
    """
    found = [one for one in links if _is_in_text(one)]
    body, labels = _mark_links(data, found, titles, numbers)
    dests = {one.link.dest: numbers[str(one.resolution.target)] for one in links if one.resolution.target in numbers}
    builder = _TreeBuilder(labels, dests)
    for name, said, _, _ in parse_note_events(body):
        builder.add(name, said)
    return builder.tree


def drop_title(tree: TextTree, note: Note) -> TextTree:
    """Return a tree without the heading at its beginning that repeats the note's title."""
    match tree[:1]:
        case [["h1", str(words)]] if fold(note.title) in (fold(words), fold(words.partition(" ")[2])):
            return tree[1:]
    return tree


def _mark_links(
    data: bytes, links: Sequence[ResolvedLink], titles: Mapping[str, str], numbers: Mapping[str, int]
) -> tuple[str, list[TextTree]]:
    """Return the text below the front matter with a mark in place of each link, and what to show for the links."""
    text, wrong = decode_bytes(data)
    front = find_front_matter(text)
    start = len(text[: front.body_start].encode()) if front else 0
    parts: list[str] = []
    shown: list[TextTree] = []
    end = min(len(data), start + MAX_BYTES)
    at = start
    for one in sorted(links, key=lambda one: one.link.start) if not wrong else ():
        link = one.link
        if at <= link.start and link.end <= end:
            parts += [_decode(data[at : link.start]), f"{OPEN}{len(shown)}{CLOSE}"]
            words, beside = _choose_words(one, titles.get(str(one.resolution.target), ""))
            at = _find_end_of_words(data, link.end, beside)
            shown.append(_build_link(one, words, numbers))
    rest = text[front.body_start if front else 0 :] if wrong else _decode(data[at:end])
    return "".join(parts) + rest + ("…" if end < len(data) else ""), shown


def _is_in_text(resolved: ResolvedLink) -> bool:
    """Return whether a link stands in the text of its note, where it has words."""
    syntax = resolved.link.syntax_row
    return not syntax.is_in_front_matter and not syntax.is_definition and resolved.resolution.status != NOT_A_LINK


def _decode(data: bytes) -> str:
    return data.decode(errors="replace").replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd").lstrip("\ufeff")


def _choose_words(resolved: ResolvedLink, title: str) -> tuple[str, str]:
    """Return the words that a link shows, and those of them that stand behind it in the text."""
    shown = show_link(resolved, title)
    if shown.beside and title and fold(shown.beside[: len(title)]) == fold(title):
        return shown.beside[: len(title)], shown.beside[: len(title)]
    return shown.words or resolved.link.label or resolved.link.dest, shown.beside


def _find_end_of_words(data: bytes, end: int, words: str) -> int:
    """Return where these words end if they stand behind a link that ends at `end`, else `end`."""
    looked_for, behind = words.encode(), data[end:]
    gap = len(behind) - len(behind.lstrip())
    return end + gap + len(looked_for) if words and behind[gap : gap + len(looked_for)] == looked_for else end


def _build_link(resolved: ResolvedLink, shown: str, numbers: Mapping[str, int]) -> TextTree:
    link, target = resolved.link, str(resolved.resolution.target)
    words = escape_unsafe(clip(shown, 200)) or "—"
    if target in numbers:
        return [numbers[target], words]
    if WEB_ADDRESS.fullmatch(link.dest):
        return ["a", link.dest, words]
    return ["img", words] if link.syntax == EMBED.name else ["lost", words]


class _TreeBuilder:
    """Builds the tree of a text from the events of the Markdown parser. `labels` is what to show for the marks of links."""

    def __init__(self, labels: Sequence[TextTree], dests: Mapping[str, int]) -> None:
        self.tree: TextTree = []
        self._labels, self._dests = labels, dests
        self._open: list[TextTree] = [self.tree]
        self._html = self._picture = ""
        self._in_comment = False

    def add(self, name: str, said: Any) -> None:
        """Add what an event says to the innermost open element."""
        if name == "Start":
            kind = said if isinstance(said, str) else next(iter(said))
            self._begin(kind, None if isinstance(said, str) else said[kind])
        elif name == "End":
            self._end(said if isinstance(said, str) else next(iter(said)))
        elif name == "Html":
            self._html += said
        elif name == "Text":
            self._add_text(said)
        elif self._in_comment:
            return
        elif name == "Code":
            self._open[-1].append(["code", escape_unsafe(said)])
        elif name == "InlineHtml":
            if said[:3].lower() == "<br":
                self._open[-1].append(["br"])
        elif name == "SoftBreak":
            self._add_text("\n")
        elif name in ("HardBreak", "Rule"):
            self._open[-1].append(["br" if name == "HardBreak" else "hr"])
        elif name == "FootnoteReference":
            self._open[-1].append(["sup", escape_unsafe(said)])
        elif name == "TaskListMarker":
            self._add_text("☑ " if said else "☐ ")

    def _begin(self, kind: str, said: Any) -> None:
        element: TextTree
        if self._in_comment:
            element = ["span"]
        elif kind == "Heading":
            element = [said["level"].lower()]
        elif kind == "List":
            element = ["ul" if said is None else "ol"]
        elif kind == "Image":
            element = ["img"]
            self._picture = said["dest_url"]
        elif kind == "Link":
            dest = said["dest_url"]
            number = self._dests.get(dest)
            element = [number] if number is not None else ["a", dest] if WEB_ADDRESS.fullmatch(dest) else ["span"]
        else:
            element = [ELEMENTS.get(kind, "span")]
        if len(self._open) < MAX_DEPTH:
            self._open[-1].append(element)
        else:
            element = self._open[-1]
        self._open.append(element)

    def _end(self, kind: str) -> None:
        if kind == "Image" and self._open[-1][0] == "img":
            alt = "".join(part for part in self._open[-1][1:] if isinstance(part, str))
            self._open[-1][1:] = [escape_unsafe(name_picture(alt, self._picture))]
        if kind == "HtmlBlock" and self._html:
            self._add_text(HTML_NOISE.sub(b" ", self._html.encode()).decode().strip())
            self._html = ""
        self._open.pop()

    def _add_text(self, text: str) -> None:
        """Add text without what stands between two `%%`: a comment, which may go on in later blocks and is not for the readers of a page."""
        if self._open[-1][:1] == ["pre"]:
            self._add_shown_text(text)
            return
        for at, part in enumerate(text.split(COMMENT_MARK)):
            self._in_comment ^= at > 0
            if not self._in_comment:
                self._add_shown_text(part)

    def _add_shown_text(self, text: str) -> None:
        place = self._open[-1]
        parts = LINK_MARK.split(text)  # text, number of a link, text …
        for at, part in enumerate(parts):
            if at % 2:
                label: TextTree = self._labels[int(part)] if int(part) < len(self._labels) else ["span"]
                place.append(label)
            elif part and len(place) > 1 and isinstance(place[-1], str) and place[0] != "a":
                place[-1] += escape_unsafe(part, "\n")
            elif part:
                place.append(escape_unsafe(part, "\n"))
