"""Rewrite one link: keep its syntax, change its destination, and update its label if it was the old title."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape, unescape
from typing import NamedTuple

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.edit.destinations import Destination, NoteNames, list_specific_names
from zettel.model.edit.retitle import list_escape_variants
from zettel.model.link.link import Link
from zettel.model.link.syntax import BRACKETS, DEFINITION, INLINE, MARKDOWN, TAG, WIKI
from zettel.model.note.passage import collapse_whitespace
from zettel.model.text.fold import split_path, strip_suffix, to_nfc

DEFINED_DESTINATION = compile_lazily(r"\[(?:[^\[\]\\]|\\.)*\]:[ \t]*(?:\r\n|\n|\r)?[ \t]*(<[^<>\r\n]*>|\S+)")
HREF = compile_lazily(r"""(?i)href\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
TAG_TITLE = compile_lazily(r"""(?i)\stitle\s*=\s*(?P<quote>["'])(?P<words>.*?)(?P=quote)""", re.S)
TAG_LABEL = compile_lazily(r"(?is)(?P<before>(?:\s*<(?!/)[^<>]*>)*)(?P<words>[^<]+)(?:</(?!a\b)[^<>]*>\s*)*</a\b")
"""The words that an HTML link shows, up to its end, with other tags around them."""

QUOTED = r"""(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|\((?P<round>(?:[^()\\]|\\.)*)\))"""
TOOLTIP = compile_lazily(rf"(?s)[ \t\r\n]{QUOTED}[ \t\r\n]*\)?\s*\Z")
"""The words that a Markdown link shows when one points at it."""

INLINE_END = compile_lazily(rf"(?s)\]\([ \t\r\n]*(<[^<>\r\n]*>|[^\s<]\S*?|)(?:[ \t\r\n]+{QUOTED})?[ \t\r\n]*\)\Z")

WORD_GAP = r"(?:[ \t\u00a0]+|[ \t]*(?:\r\n|\n|\r)[ \t]*)"
"""White space that may separate two words of a title in prose, or a title from an ID: blanks, or one line break."""

JOINT = r"(?:[ \t]?:|[ \t]+[-–—](?=\s))?"
"""A colon or a dash that may stand between an ID and a title."""

OPENING, CLOSING = r"[*_=~\"'“„‘«(]{0,4}", r"[*_=~\"'”“’»)]{0,4}"
"""Marks that may surround a title beside an ID."""

LABEL_MARKS = (
    compile_lazily(r"(?P<marks>[*_=~`]+)(?P<words>[^*_=~`].*?)[*_=~`]+", re.S),
    compile_lazily(r"(?P<marks>[*_=~`\"'“„‘«‹(]+)(?P<words>[^*_=~`\"'“„‘«‹(].*?)[*_=~`\"'”“’»›)]+", re.S),
)
"""A label that is emphasised or in code as a whole, and one that is also in quotation marks or parentheses."""


class LinkRewrite(NamedTuple):
    """A way to rewrite a link: `replacement` replaces the bytes from `start` to `end`. `new_label` is the updated label, or None if it stays.

    `label_place` says where the label is if it stands beside the link (see `ExpectedLink`).
    """

    start: int
    end: int
    replacement: bytes
    new_label: str | None = None
    label_place: tuple[int, int] | None = None


LinkText = tuple[str, str | None]
"""A link's text, and its label if that was updated."""


def update_label(label: str, old_names: NoteNames, new_names: NoteNames) -> str | None:
    """Return the label for the renamed note if it was the old title (with or without ID) or the old file name, else None.

    A first letter in lower case stays in lower case.
    """
    renames = [(old_names.title, new_names.title), (old_names.stem, new_names.stem)]
    if old_names.id:
        renames.append((f"{old_names.id} {old_names.title}", f"{new_names.id or ''} {new_names.title}".strip()))
        renames.append((f"{old_names.title} {old_names.id}", f"{new_names.title} {new_names.id or ''}".strip()))
    if old_names.title[:1].isupper() and old_names.title != new_names.title:
        renames.append(
            (
                _lower_first_letter(old_names.title),
                _lower_first_letter(new_names.title) if new_names.title[1:2].islower() else new_names.title,
            )
        )
    return next((after for before, after in renames if to_nfc(label) == to_nfc(before) and after != before), None)


def _lower_first_letter(title: str) -> str:
    return title[:1].lower() + title[1:]


def list_rewrites(
    data: bytes,
    link: Link,
    old_names: NoteNames | None,
    new_names: NoteNames | None,
    destination: Destination | None,
    *,
    label_first: bool,
    heading: str = "",
) -> Iterator[LinkRewrite]:
    """Yield the ways to write a link with a new destination, best first: with an updated label, then with the label it has.

    If `destination` is None, the link's ID no longer names a note, so it becomes a wiki link, to the heading `heading` of its own note if that
    is given. Yields nothing if the link does not change.
    """
    if link.syntax_row.names_only_id:
        yield from _rewrite_id_link(data, link, destination, old_names, new_names, heading)
    elif destination is not None:
        rewrite = REWRITERS[BRACKETS if link.is_in_brackets else link.syntax_row.form]
        texts = list(rewrite(link, destination, old_names, new_names, label_first))
        yield from _rewrite_title_beside(data, link, texts, old_names, new_names)
        if link.syntax_row.form == TAG:
            yield from _rewrite_tag_label(data, link, texts, old_names, new_names)
        for text, label in texts:
            if text != link.text:
                is_in_row = "|" not in link.text and is_in_table_row(data, link.start)
                yield LinkRewrite(link.start, link.end, (BAR.sub(r"\\|", text) if is_in_row else text).encode(), label)


BAR = compile_lazily(r"(?<!\\)\|")
LINK_IN_BRACKETS = compile_lazily(rb"\[\[[^\[\]\r\n]*\]\]")


def is_in_table_row(data: bytes, at: int) -> bool:
    """Return whether a line has bars outside of links, as the rows of tables have. There, the bar of a link is to be escaped."""
    start = max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1
    end = min((found for found in (data.find(b"\n", at), data.find(b"\r", at)) if found >= 0), default=len(data))
    return b"|" in LINK_IN_BRACKETS.sub(b"", data[start:end])


def shows_only_id(link: Link, note_id: str | None) -> bool:
    """Return whether a link in brackets shows the ID of its note and nothing else, so that the note's title may stand beside it."""
    if not note_id or link.syntax not in (WIKI.name, MARKDOWN.name):
        return False
    if link.is_in_brackets:
        shown = link.text.rpartition("|")[2].strip("![] ") if "|" in link.text else link.dest.partition("#")[0].strip()
        return note_id in shown and (shown == note_id or strip_suffix(split_path(shown)[1]) == note_id)
    return link.label.strip("[]§ ") == note_id


def _rewrite_title_beside(
    data: bytes, link: Link, texts: Sequence[LinkText], old_names: NoteNames | None, new_names: NoteNames | None
) -> Iterator[LinkRewrite]:
    """Yield rewrites of a link that shows only an ID, and of the old title beside it. A link that shows a title itself afterwards replaces that one."""
    if old_names is None or new_names is None or not shows_only_id(link, old_names.id):
        return
    after = data[link.end : link.end + 1000].decode("utf-8", "ignore")
    before = data[max(0, link.start - 1000) : link.start].decode("utf-8", "ignore")
    behind = find_title_span(after, old_names.title)
    ahead = None if behind else find_title_before(before, old_names.title)
    if not behind and not ahead:
        return
    around, (start, end) = (after, behind) if behind else (before, ahead or (0, 0))
    old_title = around[start:end]
    title = update_label(collapse_whitespace(old_title), old_names, new_names)
    far_end = link.end + len(after[:end].encode()) if behind else link.end
    far_start = link.start if behind else link.start - len(before[start:].encode())
    between = after[:start] if behind else before[end:]
    ids = [note_id for note_id in (old_names.id, new_names.id) if note_id]
    for text, label in texts:
        if not any(note_id in text for note_id in ids):
            if not between.strip():
                yield LinkRewrite(far_start, far_end, text.encode(), label)
        elif label is None:
            for words in list_escape_variants(title) if title else ():
                written = keep_spacing(old_title, words)
                near, far = len(between.encode()), len((between + written).encode())
                whole, place = (text + between + written, (near, far)) if behind else (written + between + text, (-far, -near))
                yield LinkRewrite(far_start, far_end, whole.encode(), title, place)


def _rewrite_id_link(
    data: bytes, link: Link, destination: Destination | None, old_names: NoteNames | None, new_names: NoteNames | None, heading: str
) -> Iterator[LinkRewrite]:
    """Rewrite a link that names only an ID, and the title after it."""
    if old_names is None or new_names is None:
        return
    opening, _, closing = link.text.partition(link.dest)
    after = data[link.end : link.end + 1000].decode("utf-8", "ignore") if link.syntax_row.label_follows else ""
    title_start, title_end = find_title_span(after, old_names.title, link.label) or (0, 0)
    end = link.end + len(after[:title_end].encode())
    words = collapse_whitespace(after[title_start:title_end])
    title = update_label(words, old_names, new_names) if words else None
    if destination is None:
        for name in [f"#{heading}"] if heading else list_specific_names(WIKI, link.source, new_names):
            shown = title or words or new_names.title
            yield LinkRewrite(link.start, end, (f"[[{name}]]" if shown == name else f"[[{name}|{shown}]]").encode())
        return
    for escaped in list_escape_variants(title) if title else ():
        written = keep_spacing(after[title_start:title_end], escaped)
        yield LinkRewrite(
            link.start,
            end,
            f"{opening}{destination.text}{closing}{after[:title_start]}{written}".encode(),
            title,
            (len(after[:title_start].encode()), len((after[:title_start] + written).encode())),
        )
    if destination.text != link.dest:
        yield LinkRewrite(link.start, link.end, f"{opening}{destination.text}{closing}".encode())


def find_title_span(after: str, title: str, label: str | None = None) -> tuple[int, int] | None:
    """Find the title at the start of `after`, the text that follows an ID, and return its span.

    A colon, a dash, a quotation mark or marks of emphasis may stand before it, or it may be the next cell of a table. The title may contain line breaks, and its first letter may be in
    lower case. A title that continues as part of a longer word does not count, unless it is all of `label`. `label` is None for an ID in brackets,
    which the title may touch.
    """
    for words in _list_spellings(title, after[: 2 * len(title) + 100], is_bare=label is not None):
        gap = r"[ \t]*" if not words[0].isascii() else WORD_GAP if label is not None else f"{WORD_GAP}?"
        found = re.compile(JOINT + gap + OPENING + "(" + _build_title_pattern(words) + ")").match(after)
        if found and (label == collapse_whitespace(found[1]) or not re.compile(r"-?[^\W_]").match(after, found.end())):
            return found.span(1)
        cell = re.compile(rf"[ \t]*\|[ \t]*{OPENING}({_build_title_pattern(words)}){CLOSING}[ \t]*(?=[|\r\n]|\Z)").match(after)
        if cell:
            return cell.span(1)
    return None


def find_title_before(before: str, title: str) -> tuple[int, int] | None:
    """Find the title at the end of `before`, the text before an ID in brackets, and return its span. See `find_title_span`."""
    for words in _list_spellings(title, before[-2 * len(title) - 100 :], is_bare=False):
        found = re.compile(rf"(?<![^\W_])(?<!-)({_build_title_pattern(words)}){CLOSING}{JOINT}(?:{WORD_GAP})?\(?\Z").search(before)
        cell = rf"(?:\A|[|\r\n])[ \t]*{OPENING}({_build_title_pattern(words)}){CLOSING}[ \t]*\|[ \t]*\Z"
        if found := found or re.compile(cell).search(before):
            return found.span(1)
    return None


def _list_spellings(title: str, text: str, *, is_bare: bool) -> Iterator[str]:
    """Yield the title, and the title with its first letter in lower case, if its words are in `text`.

    Beside an ID in brackets a single word in lower case may be any word.
    """
    words = title.split()
    if words and all(word in text for word in words[1:]):
        if words[0] in text:
            yield title
        if (is_bare or len(words) > 1) and _lower_first_letter(words[0]) in text:
            yield _lower_first_letter(title)


def _build_title_pattern(title: str) -> str:
    return WORD_GAP.join(map(re.escape, title.split()))


def keep_spacing(raw: str, words: str) -> str:
    """Return `words` with the white space, line breaks included, that surrounds and separates the words of `raw`."""
    if not raw.strip():
        return words
    gaps = re.findall(r"\s+", raw.strip())
    parts = words.split()
    new_gaps = (gaps + [" "] * len(parts))[: len(parts) - 1]
    line_break = next((gap for gap in gaps[len(new_gaps) :] if gap.strip(" \t")), None)
    if line_break and new_gaps:
        new_gaps[-1] = line_break
    lead, tail = raw[: len(raw) - len(raw.lstrip())], raw[len(raw.rstrip()) :]
    return lead + "".join(part + gap for part, gap in zip(parts, [*new_gaps, ""], strict=True)) + tail


class WikiLinkText(NamedTuple):
    r"""A wiki link as written: all up to `[[`, its target, and its label with the bar between them, `|` or `\|`, which is empty if there is no label."""

    opening: str
    target: str
    bar: str
    label: str
    label_first: bool

    def __str__(self) -> str:
        """Return the link as text."""
        parts = (self.label, self.bar, self.target) if self.label_first else (self.target, self.bar, self.label)
        return f"{self.opening}{''.join(parts)}]]"


def parse_wiki_link(text: str, *, label_first: bool) -> WikiLinkText:
    """Split a link in `[[...]]` into its parts. With `label_first`, the label stands before the bar."""
    opening = text[: text.index("[[") + 2]
    inside = text[len(opening) : -2]
    if "|" not in inside:
        return WikiLinkText(opening, inside, "", "", label_first)
    first, bar, last = inside.rpartition("|") if label_first else inside.partition("|")
    if first.endswith("\\"):
        first, bar = first[:-1], "\\|"
    target, label = (last, first) if label_first else (first, last)
    return WikiLinkText(opening, target, bar, label, label_first)


def _rewrite_wiki_link(
    link: Link, destination: Destination, old_names: NoteNames | None, new_names: NoteNames | None, label_first: bool
) -> Iterator[LinkText]:
    """Rewrite `[[target]]` or `[[target|label]]`, in the text or in front matter, where quotes may have to be escaped."""
    written = parse_wiki_link(link.text, label_first=label_first)
    core = written.target.strip()
    lead, _, tail, words = _update_marked_label(written.label if written.bar else core, old_names, new_names)
    new_label = words or (new_names.title if new_names and core.isdigit() else core)
    needs_label = not destination.reads_the_same and link.syntax_row.shows_destination and new_label != destination.text
    labels = list(_list_wiki_labels(written, lead + words + tail if words else None, new_label if needs_label else None))
    for quote in (str, _escape_double_quoted) if link.syntax_row.is_in_front_matter else (str,):
        target = written.target
        if core and destination.text != link.dest:
            target = target.replace(core, quote(destination.text))
        for bar, label in labels:
            is_updated = written.bar and label != written.label
            yield str(written._replace(target=target, bar=bar, label=label)), f"{lead}{words}{tail}" if is_updated else None


def _list_wiki_labels(written: WikiLinkText, updated_label: str | None, added_label: str | None) -> Iterator[tuple[str, str]]:
    """Yield the bars and labels with which to write a link, best first: `updated_label` in place of its label, `added_label` if it has none, and as it is."""
    if written.bar and updated_label and not set(updated_label) & set("[]|"):
        yield written.bar, keep_spacing(written.label, updated_label)
    if not written.bar and added_label is not None:
        yield "|", added_label
        yield "\\|", added_label
    yield written.bar, written.label


def _escape_double_quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _rewrite_inline_link(
    link: Link, destination: Destination, old_names: NoteNames | None, new_names: NoteNames | None, _: bool
) -> Iterator[LinkText]:
    """Rewrite `[text](destination)`. In `[text][label]` only the text changes, since the definition holds the destination."""
    raw, dest = link.text, destination.text
    at = _find_inline_end(raw, link)
    if at is None:
        yield from _rewrite_reference(raw, link, old_names, new_names)
        return
    end = raw[at:]
    found = INLINE_END.match(end)
    if found and dest != link.dest:
        end = end[: found.start(1)] + _delimit_destination(dest, found[1]) + end[found.end(1) :]
    end = _retitle_tooltip(end, old_names, new_names)
    yield from ((start + end, words) for start, words in _rewrite_link_text(raw[:at], link, old_names, new_names))


def _rewrite_reference(raw: str, link: Link, old_names: NoteNames | None, new_names: NoteNames | None) -> Iterator[LinkText]:
    """Rewrite `[text][label]`, `[label][]` or `[label]`: with an updated label, as the definition gets it, too, then with the label it has."""
    at = raw.rfind("][")
    is_full = at > 0 and raw[at:] != "][]"
    start = raw.rfind("[") + 1 if is_full else raw.find("[") + 1
    label = raw[start : raw.rfind("]") if is_full else raw.find("]", start)]
    new_label = _update_reference_label(label, old_names, new_names)
    if is_full:
        for end in (f"][{new_label}]", raw[at:]) if new_label else (raw[at:],):
            yield from ((text + end, words) for text, words in _rewrite_link_text(raw[:at], link, old_names, new_names))
    elif new_label:
        yield raw[:start] + new_label + raw[start + len(label) :], new_label
        yield f"{raw[:start]}{new_label}][{label}]", new_label


def _update_reference_label(label: str, old_names: NoteNames | None, new_names: NoteNames | None) -> str | None:
    """Return the label of a definition for the renamed note if it is one of the note's old names and can be one of its new ones, else None."""
    words = update_label(label, old_names, new_names) if old_names and new_names else None
    return words if words and not set(words) & set("[]\\`<>") else None


def _find_inline_end(raw: str, link: Link) -> int | None:
    """Return the offset of the `](` of an inline link, or None."""
    at = raw.rfind("](")
    while at >= 0:
        found = INLINE_END.match(raw, at)
        if found and link.dest in (_unescape_destination(found[1]), found[1].strip("<>")):
            return at
        at = raw.rfind("](", 0, at)
    return None


def _unescape_destination(dest: str) -> str:
    inside = dest[1:-1] if dest.startswith("<") else dest
    return unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", inside)).strip()


def _delimit_destination(dest: str, before: str) -> str:
    return f"<{dest}>" if before.startswith("<") or " " in dest or not dest else dest


def _rewrite_link_text(start: str, link: Link, old_names: NoteNames | None, new_names: NoteNames | None) -> Iterator[LinkText]:
    """Yield the beginning of a Markdown link, up to its `]`: with an updated label, then unchanged."""
    opening = start[: start.index("[") + 1]
    raw = start[len(opening) :]
    lead, shown, tail, words = _update_marked_label(raw, old_names, new_names)
    if words is None and old_names and new_names:  # it shows other words than are written: those within HTML tags, or with escapes
        words = update_label(link.label, old_names, new_names)
        lead, shown, tail = next(_list_marked_words(raw), ("", raw, ""))
        if not lead and shown.count(link.label) == 1:
            lead, shown, tail = shown.partition(link.label)
    words = None if "[" in raw else words
    for written in () if words is None else (words,) if "`" in lead else list_escape_variants(words):
        yield opening + lead + keep_spacing(shown, written) + tail, words
    yield start, None


def _update_marked_label(label: str, old_names: NoteNames | None, new_names: NoteNames | None) -> tuple[str, str, str, str | None]:
    """Split a label into the marks at its start, a name of the note, and the marks at its end. Also returns the updated name, or None if it has none."""
    for lead, shown, tail in (("", label, ""), *_list_marked_words(label)) if old_names and new_names else ():
        words = update_label(collapse_whitespace(shown), old_names, new_names) if old_names and new_names else None
        if words is not None:
            return lead, shown, tail, words
    return "", label, "", None


def _list_marked_words(label: str) -> Iterator[tuple[str, str, str]]:
    """Yield the ways to split a label into marks at its start, words, and marks at its end: first those of emphasis and code."""
    for pattern in LABEL_MARKS:
        if found := pattern.fullmatch(label.strip()):
            at = label.index(found["marks"]) + len(found["marks"])
            end = at + len(found["words"])
            yield label[:at], label[at:end], label[end:]


def _retitle_tooltip(text: str, old_names: NoteNames | None, new_names: NoteNames | None) -> str:
    """Return the end of a Markdown link, or a link definition, with the new title as its tooltip if that was the old one."""
    found = TOOLTIP.search(text)
    kind = found.lastgroup if found else None
    words = update_label(_unescape_destination(found[kind]), old_names, new_names) if found and kind and old_names and new_names else None
    if not found or not kind or words is None:
        return text
    escaped = re.sub({"double": r'(["\\])', "single": r"(['\\])"}.get(kind, r"([()\\])"), r"\\\1", words)
    return text[: found.start(kind)] + escaped + text[found.end(kind) :]


def _rewrite_definition(
    link: Link, destination: Destination, old_names: NoteNames | None, new_names: NoteNames | None, _: bool
) -> Iterator[LinkText]:
    found = DEFINED_DESTINATION.search(link.text)
    if found:
        end = _retitle_tooltip(link.text[found.end(1) :], old_names, new_names)
        dest = found[1] if destination.text == link.dest else _delimit_destination(destination.text, found[1])
        rest = link.text[: found.start(1)] + dest + end
        label = rest[rest.index("[") + 1 : rest.index("]:")]
        new_label = _update_reference_label(label, old_names, new_names)
        if new_label:
            yield rest.replace(label, new_label, 1), None
        yield rest, None


def _rewrite_tag(
    link: Link, destination: Destination, old_names: NoteNames | None, new_names: NoteNames | None, _: bool
) -> Iterator[LinkText]:
    """Rewrite an HTML tag: its destination, and its tooltip if that was the old title."""
    text = link.text
    found = HREF.search(text)
    if found and destination.text != link.dest:
        quote = found[1][0] if found[1][0] in "\"'" else '"'
        text = text[: found.start(1)] + quote + escape(destination.text, quote=True) + quote + text[found.end(1) :]
    tooltip = TAG_TITLE.search(text)
    words = update_label(unescape(tooltip["words"]), old_names, new_names) if tooltip and old_names and new_names else None
    if tooltip and words:
        text = text[: tooltip.start("words")] + escape(words, quote=True) + text[tooltip.end("words") :]
    yield text, None


def _rewrite_tag_label(
    data: bytes, link: Link, texts: Sequence[LinkText], old_names: NoteNames | None, new_names: NoteNames | None
) -> Iterator[LinkRewrite]:
    """Yield rewrites of an HTML link together with the text up to its closing tag, if that is the old title."""
    found = TAG_LABEL.match(data[link.end : link.end + 1000].decode("utf-8", "ignore"))
    if not found or not old_names or not new_names:
        return
    lead, shown, tail = next(_list_marked_words(found["words"]), ("", found["words"], ""))
    words = update_label(collapse_whitespace(unescape(shown)), old_names, new_names)
    if words is None:
        return
    before, plain = found["before"] + lead, escape(words, quote=False)
    end = link.end + len((found["before"] + found["words"]).encode())
    for text, _ in texts:
        for escaped in dict.fromkeys((plain, re.sub(r"[*_\[\]`~\\#!|]", lambda mark: f"&#{ord(mark[0])};", plain))):
            written = keep_spacing(shown, escaped)
            place = (len(before.encode()), len((before + written).encode()))
            yield LinkRewrite(link.start, end, (text + before + written + tail).encode(), words, place)


Rewriter = Callable[[Link, Destination, NoteNames | None, NoteNames | None, bool], Iterator[LinkText]]
"""Yields the ways to write a link with a new destination, given the target's old and new names, and whether `[[a|b]]` links to b."""

REWRITERS: dict[str, Rewriter] = {
    BRACKETS: _rewrite_wiki_link,
    INLINE: _rewrite_inline_link,
    DEFINITION: _rewrite_definition,
    TAG: _rewrite_tag,
}
"""How a link in each form is rewritten. Links that name only an ID have none, because the words after them change, too."""
