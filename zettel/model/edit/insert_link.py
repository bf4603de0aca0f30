"""Insert a link into a note at an insertion point.

Every edit is verified by parsing the result: it has exactly one more link, to the right note, and nothing else has changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

from zettel.model.base.errors import Refused
from zettel.model.edit.destinations import build_relative_note_path
from zettel.model.edit.proof import ExpectedLink, find_difference, has_one_text_changed, keep_links
from zettel.model.edit.rewrite_link import is_in_table_row
from zettel.model.link.link import Link
from zettel.model.link.resolve import ResolveLink
from zettel.model.link.syntax import BARE_STYLE, LINK_STYLES, MARKDOWN_STYLE, SYNTAX_BY_NAME
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote, ParseNote
from zettel.model.note.passage import BLANK, collapse_whitespace
from zettel.model.suggest.insertion_points import InsertionPoint, Mention, NoteEnd
from zettel.model.text.fold import fold, split_path, strip_suffix

SEE_ALSO_LIST = re.compile(
    rb"(?i)(?:\A|[\r\n])(?:#+ )?see also:?[ \t]*(?:\r\n|\n|\r)\s*?(?P<mark>[-*+][ \t]+)[^\r\n]+(?:[\r\n]+(?P=mark)[^\r\n]+)*\Z"
)
"""A list of links at the end of a note."""

LINE_END = re.compile(rb"\r\n|\n|\r")


class LinkInsertion(NamedTuple):
    """A replacement of the bytes from `start` to `end` by `replacement`.

    `added_text` is the plain text that it adds to one passage. `added_passages` are the passages that it adds at the end of the note.
    """

    start: int
    end: int
    replacement: bytes
    added_text: str
    added_passages: tuple[str, ...] = ()


class InsertedLink(NamedTuple):
    """A note's bytes with one more link, and that link."""

    data: bytes
    link: Link


def choose_link_style(own_syntaxes: Iterable[str], count_other_syntaxes: Callable[[], Iterable[tuple[str, int]]] = lambda: ()) -> str:
    """Choose the link style for a note: that of most of its `own_syntaxes` links (given by syntax), else of most links in the notebook, else bare.

    `count_other_syntaxes` returns (syntax, number of links) for the notebook. It is only called if the note has no links.
    """
    counts = Counter(style for syntax in own_syntaxes if (style := SYNTAX_BY_NAME[syntax].link_style))
    if not counts:
        for syntax, count in count_other_syntaxes():
            counts[SYNTAX_BY_NAME[syntax].link_style] += count
    return max(LINK_STYLES, key=lambda style: counts[style])


def insert_link(data: bytes, point: InsertionPoint, target: Note, style: str, parse: ParseNote, resolve: ResolveLink) -> InsertedLink:
    """Insert a link to `target` at `point` into the note's bytes, and return the new bytes and the link.

    Bare style: a mention of the title gets the ID before it. Other words become `[[ID|words]]`, since only brackets show where such
    a link ends. At the end of a sentence the link is `(ID Title)`. Wiki style: `[[ID|words]]`, or `[[file name|words]]` without
    an ID, and `([[ID|Title]])` at the end of a sentence. Markdown style: `[words](path)`. At the end of the note the link becomes
    an item of the list "See also:", which is added if it is missing. If a variant does not parse as a link there, the next best
    one is tried. Raises `Refused` if none does, or if the note is not UTF-8.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        raise Refused(f"{point.source} is not UTF-8, so no link can be inserted into it", "convert it to UTF-8 first") from None
    before = parse(data)
    for edit in _list_insertions(data, point, target, style):
        after = data[: edit.start] + edit.replacement + data[edit.end :]
        link = _verify_insertion(before, parse(after), edit, target, resolve)
        if link:
            return InsertedLink(after, link)
    where = f"{point.source}:{point.line}"
    raise Refused(f"a link to {target.name} cannot be inserted at {where}", "insert it by hand: zettel edit NOTE")


def _list_insertions(data: bytes, point: InsertionPoint, target: Note, style: str) -> Iterator[LinkInsertion]:
    """Yield the ways to insert the link, best first."""
    start, end = point.start, point.end
    if isinstance(point, NoteEnd):
        yield from _list_item_insertions(data, point, target, style)
        return
    if isinstance(point, Mention):
        words = data[start:end].decode()
        if style == BARE_STYLE and target.id and fold(collapse_whitespace(words)) == fold(target.title):
            yield LinkInsertion(start, start, f"{target.id} ".encode(), f"{target.id} ")
        is_in_row = is_in_table_row(data, start)
        for link in _list_labelled_variants(
            point.source, target, collapse_whitespace(words), "" if style == BARE_STYLE else style, is_in_row=is_in_row
        ):
            yield LinkInsertion(start, end, link.encode(), "")
        if target.id:
            yield LinkInsertion(start, start, f"{target.id} ".encode(), f"{target.id} ")
        return
    if style == BARE_STYLE and target.id:
        for label in dict.fromkeys((f"{target.id} {target.title}", target.id)):
            yield LinkInsertion(start, end, f" ({label})".encode(), f" ({label})")
    for link in _list_labelled_variants(point.source, target, target.title, "" if style == BARE_STYLE else style):
        yield LinkInsertion(start, end, f" ({link})".encode(), f" ({target.title})")
    for dest in _list_wiki_targets(target):
        yield LinkInsertion(start, end, f" ([[{dest}]])".encode(), f" ({dest})")


def _list_item_insertions(data: bytes, point: NoteEnd, target: Note, style: str) -> Iterator[LinkInsertion]:
    """Yield the ways to add the link to the list at the note's end. The list is searched in `data`, since an earlier insertion may have added it."""
    at = len(data.rstrip(BLANK))
    found = SEE_ALSO_LIST.search(data, 0, at)
    eol = (LINE_END.search(data) or LINE_END.match(b"\n"))[0]  # type: ignore[index]
    lead, heading = (eol + found["mark"], ()) if found else (eol * 2 * bool(at) + b"See also:" + eol + b"- ", ("See also:",))
    for written, shown in list_link_variants(point.source, target, style):
        yield LinkInsertion(at, at, lead + written.encode(), "", (*heading, shown))


def list_link_variants(source: str, target: Note, style: str) -> Iterator[tuple[str, str]]:
    """Yield (link, text it shows) for each way to write a link to `target` on its own in the note `source`, best first."""
    if style == BARE_STYLE and target.id:
        yield from ((label, label) for label in (f"{target.id} {target.title}", target.id))
    yield from (
        (link, target.title) for link in _list_labelled_variants(source, target, target.title, "" if style == BARE_STYLE else style)
    )
    yield from ((f"[[{dest}]]", dest) for dest in _list_wiki_targets(target))


def _list_labelled_variants(source: str, target: Note, label: str, style: str, *, is_in_row: bool = False) -> Iterator[str]:
    """Yield links that show `label`, as wiki and as Markdown links, best first. In the row of a table, the `|` is escaped if possible."""
    bars = ("\\|", "|") if is_in_row else ("|", "\\|")
    folder, name = split_path(target.path)
    wiki = [f"[[{dest}]]" if dest == label else f"[[{dest}{bar}{label}]]" for bar in bars for dest in _list_wiki_targets(target)]
    path = build_relative_note_path(split_path(source)[0], folder, name)
    markdown = [f"[{label}]({quote(path, safe='/._-~')})"]
    yield from markdown + wiki if style == MARKDOWN_STYLE else wiki + markdown


def _list_wiki_targets(target: Note) -> list[str]:
    """Return what a wiki link can name the note by: its ID, else its file name, and its path in case the file name is ambiguous."""
    return [target.id] if target.id else [strip_suffix(split_path(target.path)[1]), strip_suffix(target.path)]


def _verify_insertion(before: ParsedNote, after: ParsedNote, insertion: LinkInsertion, target: Note, resolve: ResolveLink) -> Link | None:
    """Return the new link if the edit changed nothing else in the note, or None."""
    start, end, written = insertion[:3]
    links = keep_links(before.links, [(start, end, written)])
    at = sum(link.start < start for link in before.links)
    links.insert(at, ExpectedLink(starts=range(start, start + len(written)), resolution=target.path))
    texts = [("", insertion.added_text)] if insertion.added_text else []
    words = partial(has_one_text_changed, texts=texts, added=insertion.added_passages)
    return None if find_difference(before, after, links=links, words=words, resolve=resolve) else after.links[at]
