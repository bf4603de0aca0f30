"""Rewrite one link: keep its syntax, change its destination, and update its label if it was the old title."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import NamedTuple

from zettel.model.edit.destinations import Destination, NoteNames, list_specific_names
from zettel.model.edit.retitle import list_escape_variants
from zettel.model.link.link import Link
from zettel.model.link.syntax import BRACKETS, DEFINITION, INLINE, TAG, WIKI
from zettel.model.note.passage import collapse_whitespace
from zettel.model.text.fold import to_nfc

INLINE_END = re.compile(r"\]\([ \t\r\n]*(<[^<>\r\n]*>|[^\s<]\S*?|)(?:[ \t\r\n]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t\r\n]*\)\Z")
DEFINED_DESTINATION = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]:[ \t]*(?:\r\n|\n|\r)?[ \t]*(<[^<>\r\n]*>|\S+)")
HREF = re.compile(r"""(?i)href\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
WORD_GAP = r"(?:[ \t]+|[ \t]*(?:\r\n|\n|\r)[ \t]*)"
"""White space that may separate two words of a title in prose: blanks, or one line break."""


class LinkRewrite(NamedTuple):
    """A way to rewrite a link: `replacement` replaces the bytes from `start` to `end`. `new_label` is the updated label, or None if it stays."""

    start: int
    end: int
    replacement: bytes
    new_label: str | None = None


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
    if old_names.title[:1].isupper():
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
        for text, label in rewrite(link, destination, old_names, new_names, label_first):
            if text != link.text:
                yield LinkRewrite(link.start, link.end, text.encode(), label)


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
    for written in list_escape_variants(title) if title else ():
        yield LinkRewrite(
            link.start,
            end,
            f"{opening}{destination.text}{closing}{after[:title_start]}{keep_spacing(after[title_start:title_end], written)}".encode(),
            title,
        )
    if destination.text != link.dest:
        yield LinkRewrite(link.start, link.end, f"{opening}{destination.text}{closing}".encode())


def find_title_span(after: str, title: str, label: str) -> tuple[int, int] | None:
    """Find the title at the start of `after`, the text that follows a bare ID, and return its span.

    The title may contain line breaks, and its first letter may be in lower case. A title that continues as part of a longer word does not
    count, unless it is all of `label`.
    """
    for words in (title, _lower_first_letter(title)):
        if words.split():
            lead = WORD_GAP if words[0].isascii() else r"[ \t]*"
            found = re.compile(lead + "(" + WORD_GAP.join(map(re.escape, words.split())) + ")").match(after)
            if found and (label == collapse_whitespace(found[1]) or not re.compile(r"-?\w").match(after, found.end())):
                return found.span(1)
    return None


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


class _WikiLinkText(NamedTuple):
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


def _parse_wiki_link(text: str, *, label_first: bool) -> _WikiLinkText:
    opening = text[: text.index("[[") + 2]
    inside = text[len(opening) : -2]
    if "|" not in inside:
        return _WikiLinkText(opening, inside, "", "", label_first)
    first, bar, last = inside.rpartition("|") if label_first else inside.partition("|")
    if first.endswith("\\"):
        first, bar = first[:-1], "\\|"
    target, label = (last, first) if label_first else (first, last)
    return _WikiLinkText(opening, target, bar, label, label_first)


def _rewrite_wiki_link(
    link: Link, destination: Destination, old_names: NoteNames | None, new_names: NoteNames | None, label_first: bool
) -> Iterator[LinkText]:
    """Rewrite `[[target]]` or `[[target|label]]`, in the text or in front matter, where quotes may have to be escaped."""
    written = _parse_wiki_link(link.text, label_first=label_first)
    core = written.target.strip()
    shown = collapse_whitespace(written.label if written.bar else core)
    words = update_label(shown, old_names, new_names) if old_names and new_names else None
    new_label = words or (new_names.title if new_names and core.isdigit() else core)
    needs_label = not destination.reads_the_same and link.syntax_row.shows_destination and new_label != destination.text
    labels = list(_list_wiki_labels(written, words, new_label if needs_label else None))
    for quote in (str, _escape_double_quoted) if link.syntax_row.is_in_front_matter else (str,):
        target = written.target
        if core and destination.text != link.dest:
            target = target.replace(core, quote(destination.text))
        for bar, label in labels:
            yield str(written._replace(target=target, bar=bar, label=label)), words if written.bar and label != written.label else None


def _list_wiki_labels(written: _WikiLinkText, updated_label: str | None, added_label: str | None) -> Iterator[tuple[str, str]]:
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
        at = raw.rfind("][")
        if at > 0 and raw[at:] != "][]":
            yield from ((start + raw[at:], words) for start, words in _rewrite_link_text(raw[:at], link, old_names, new_names))
        return
    end = raw[at:]
    found = INLINE_END.match(end)
    if found and dest != link.dest:
        end = end[: found.start(1)] + _delimit_destination(dest, found[1]) + end[found.end(1) :]
    yield from ((start + end, words) for start, words in _rewrite_link_text(raw[:at], link, old_names, new_names))


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
    words = (
        update_label(collapse_whitespace(raw), old_names, new_names) or update_label(link.label, old_names, new_names)
        if old_names and new_names and "[" not in raw
        else None
    )
    for written in list_escape_variants(words) if words else ():
        yield opening + keep_spacing(raw, written), words
    yield start, None


def _rewrite_definition(link: Link, destination: Destination, *_: object) -> Iterator[LinkText]:
    found = DEFINED_DESTINATION.search(link.text)
    if found and destination.text != link.dest:
        yield link.text[: found.start(1)] + _delimit_destination(destination.text, found[1]) + link.text[found.end(1) :], None


def _rewrite_tag(link: Link, destination: Destination, *_: object) -> Iterator[LinkText]:
    found = HREF.search(link.text)
    if found and destination.text != link.dest:
        quote = found[1][0] if found[1][0] in "\"'" else '"'
        yield link.text[: found.start(1)] + quote + escape(destination.text, quote=True) + quote + link.text[found.end(1) :], None


Rewriter = Callable[[Link, Destination, NoteNames | None, NoteNames | None, bool], Iterator[LinkText]]
"""Yields the ways to write a link with a new destination, given the target's old and new names, and whether `[[a|b]]` links to b."""

REWRITERS: dict[str, Rewriter] = {
    BRACKETS: _rewrite_wiki_link,
    INLINE: _rewrite_inline_link,
    DEFINITION: _rewrite_definition,
    TAG: _rewrite_tag,
}
"""How a link in each form is rewritten. Links that name only an ID have none, because the words after them change, too."""
