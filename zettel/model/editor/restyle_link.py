"""Write a link in another style, or as plain words, and prove by parsing the result that nothing else has changed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.edit.proof import ExpectedLink, find_difference, has_same_words_outside, keep_links
from zettel.model.edit.rewrite_link import is_in_table_row
from zettel.model.editor.link_manner import ID_WITH_LABEL, LinkManners, format_bare_link, format_label, format_path, format_wiki_link
from zettel.model.editor.places import ByteSpan, find_link_span
from zettel.model.link.link import Link
from zettel.model.link.resolve import ResolveLink
from zettel.model.link.syntax import BARE, BARE_STYLE, MARKDOWN, MARKDOWN_STYLE, SIGN, WIKI, WIKI_STYLE
from zettel.model.note.parse import ParsedNote, ParseNote
from zettel.model.note.passage import collapse_whitespace
from zettel.model.note.picker_item import PickerItem
from zettel.model.text.fold import split_path, strip_suffix
from zettel.model.text.ids import find_first_id, is_id, strip_id

STYLED = frozenset((WIKI.name, MARKDOWN.name, BARE.name, SIGN.name))
"""The syntaxes of links in prose, which can be written in another style."""

MARKDOWN_WORDS = compile_lazily(r"(?s)\[(?P<words>.*)\]\(")


def restyle_link(
    data: bytes, link: Link, target: PickerItem, style: str, manners: LinkManners, parse: ParseNote, resolve: ResolveLink
) -> bytes | None:
    """Return a note's bytes with a link written in another style, or None if that would lose words, lead elsewhere or change anything else.

    Nor is a title written that cannot be shown. `manners` say how other links are written.
    """
    if link.syntax not in STYLED or link.syntax_row.link_style == style or not collapse_whitespace(target.title).isprintable():
        return None
    before = parse(data)
    for span, text, shown in _list_forms(data, link, target, style, manners):
        written = text.encode()
        after = data[: span.start] + written + data[span.end :]
        links = keep_links(before.links, [(*span, written)])
        at = _find_index(before, link)
        links[at] = ExpectedLink(starts=range(span.start, span.start + len(written)), label=shown, resolution=target.path)
        if not _find_difference(before, parse(after), (*span, written), links, resolve):
            return after
    return None


def take_link_out(data: bytes, link: Link, title: str, parse: ParseNote, resolve: ResolveLink) -> bytes | None:
    """Return a note's bytes with the words of a link in its place, without the ID, or None if that would change anything else.

    `title` is that of the link's target, or empty. It stands for a link that has no words.
    """
    if link.syntax not in STYLED:
        return None
    before = parse(data)
    start, end = link.start, link.end
    words = _find_own_words(link) or ("" if link.label and not is_id(link.label) else title)
    if not words:  # one of the blanks around the link goes with it
        if data[end : end + 1] == b" ":
            end += 1
        elif data[start - 1 : start] == b" ":
            start -= 1
    written = words.encode()
    after = data[:start] + written + data[end:]
    links = keep_links(before.links, [(start, end, written)])
    del links[_find_index(before, link)]
    return None if _find_difference(before, parse(after), (start, end, written), links, resolve) else after


def _find_index(parsed: ParsedNote, link: Link) -> int:
    return next(number for number, one in enumerate(parsed.links) if (one.start, one.end) == (link.start, link.end))


def _find_difference(
    before: ParsedNote, after: ParsedNote, replacement: tuple[int, int, bytes], links: list[ExpectedLink], resolve: ResolveLink
) -> object:
    words = partial(has_same_words_outside, replacements=[replacement])
    return find_difference(before, after, may_differ=("headings",), links=links, words=words, resolve=resolve)


def _find_own_words(link: Link) -> str:
    """Return the words that a link stands for, as the note writes them, without an ID. Those that stand behind a link are not among them."""
    if link.syntax_row.label_follows:
        return ""
    found = MARKDOWN_WORDS.match(link.text)
    if found:
        return found["words"]
    name, _, part = link.dest.partition("#")
    words = link.label if "|" in link.text else name.strip() or part
    note_id = find_first_id(words)
    return strip_id(words, note_id, anywhere=True) if note_id else words


def _list_forms(
    data: bytes, link: Link, target: PickerItem, style: str, manners: LinkManners
) -> Iterator[tuple[ByteSpan, str, str | None]]:
    """Yield the ways to write a link in a style, each with the bytes that it replaces, and with the words that it must show, best first."""
    span = _find_whole_span(data, link, target)
    name, hash_sign, part = link.dest.partition("#")
    anchor = hash_sign + part
    words = (
        _choose_words(link, name, target) if span.end == link.end or not link.syntax_row.label_follows else _read_words(data, link, span)
    )
    title = collapse_whitespace(target.title)
    if style == BARE_STYLE:
        if target.id and not anchor and words in ("", title):
            yield span, format_bare_link(target), None
            yield span, target.id, None
    elif style == WIKI_STYLE:
        label = words or title
        if label == title and not anchor:
            manner = ID_WITH_LABEL if is_in_table_row(data, link.start) else manners.wiki
            yield span, _escape_bar(format_wiki_link(target, manner), data, link), None
            yield span, format_wiki_link(target, manner, is_ambiguous=True), None
        for dest in [target.id] if target.id else [strip_suffix(split_path(target.path)[1]), strip_suffix(target.path)]:
            yield span, _escape_bar(f"[[{dest}{anchor}|{label}]]", data, link), label
    elif style == MARKDOWN_STYLE:
        has_marks = link.is_in_brackets and "|" in link.text
        label = _find_own_words(link) if has_marks else format_label(words or title)
        path = format_path(target, link.source, manners.path, with_suffix=manners.with_suffix)
        close = ">)" if path.endswith(">)") else ")"
        for end in dict.fromkeys((anchor, anchor.replace(" ", "%20"))):
            yield span, f"[{label}]{path.removesuffix(close)}{end}{close}", None if has_marks else words or title


def _escape_bar(text: str, data: bytes, link: Link) -> str:
    return text.replace("|", "\\|", 1) if is_in_table_row(data, link.start) else text


def _find_whole_span(data: bytes, link: Link, target: PickerItem) -> ByteSpan:
    """Return the span of a link with the title that stands behind it, if it shows only an ID."""
    if link.syntax_row.label_follows:
        title = f" {target.title}".encode()
        whole = find_link_span(data, link)
        return ByteSpan(link.start, link.end + len(title)) if data.startswith(title, link.end) else whole
    beside = f" {target.title}".encode()
    shows_id = is_id(link.dest) and "|" not in link.text
    return ByteSpan(link.start, link.end + len(beside) if shows_id and data.startswith(beside, link.end) else link.end)


def _read_words(data: bytes, link: Link, span: ByteSpan) -> str:
    """Return the words that stand behind a bare link, up to the end of its span."""
    return collapse_whitespace(data[link.end : span.end].decode()).lstrip(" :-\u2013\u2014")


def _choose_words(link: Link, name: str, target: PickerItem) -> str:
    """Return the words that a link shows, empty if it shows only an ID or the name of the file."""
    if link.syntax_row.label_follows:
        return collapse_whitespace(link.label)
    words = collapse_whitespace(link.label if "|" in link.text or not link.is_in_brackets else name)
    note_id = find_first_id(words)
    plain = strip_id(words, note_id, anywhere=True) if note_id else words
    return "" if plain == strip_suffix(split_path(target.path)[1]) else plain
