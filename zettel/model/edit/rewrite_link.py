"""Rewrite one link: keep its syntax, change its destination, and update its label if it was the old title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple

from zettel.model.edit.destinations import Destination, NoteNames, list_specific_names
from zettel.model.edit.retitle import list_escape_variants
from zettel.model.link.link import Link
from zettel.model.note.passage import collapse_whitespace
from zettel.model.text.fold import to_nfc

INLINE_END = re.compile(r"\]\([ \t\r\n]*(<[^<>\r\n]*>|[^\s<]\S*?|)(?:[ \t\r\n]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t\r\n]*\)\Z")
DEFINITION = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]:[ \t]*(?:\r\n|\n|\r)?[ \t]*(<[^<>\r\n]*>|\S+)")
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
    raw = data[link.start : link.end].decode()
    if link.syntax in ("bare", "sign"):
        yield from _rewrite_bare_link(data, link, destination, old_names, new_names, heading)
        return
    if destination is None:
        return
    if raw.startswith(("[[", "![[")) and raw.endswith("]]"):
        texts = _rewrite_wiki_link(raw, link, destination, old_names, new_names, label_first=label_first)
    elif link.syntax in ("markdown", "embed"):
        texts = _rewrite_markdown_link(raw, link, destination.text, old_names, new_names)
    else:
        texts = _rewrite_other_link(raw, link, destination.text)
    for text, label in texts:
        if text != raw:
            yield LinkRewrite(link.start, link.end, text.encode(), label)


def _rewrite_bare_link(
    data: bytes, link: Link, destination: Destination | None, old_names: NoteNames | None, new_names: NoteNames | None, heading: str
) -> Iterator[LinkRewrite]:
    """Rewrite a bare ID or sign, and the title after it."""
    if old_names is None or new_names is None:
        return
    mark = data[link.start : link.end].decode()[: -len(link.dest)]
    after = data[link.end : link.end + 1000].decode("utf-8", "ignore")
    title_start, title_end = find_title_after(after, old_names.title, link.label) or (0, 0)
    end = link.end + len(after[:title_end].encode())
    words = collapse_whitespace(after[title_start:title_end])
    title = update_label(words, old_names, new_names) if words else None
    if destination is None:
        for name in [f"#{heading}"] if heading else list_specific_names("wiki", link.source, new_names):
            shown = title or words or new_names.title
            yield LinkRewrite(link.start, end, (f"[[{name}]]" if shown == name else f"[[{name}|{shown}]]").encode())
        return
    for written in list_escape_variants(title) if title else ():
        yield LinkRewrite(
            link.start,
            end,
            f"{mark}{destination.text}{after[:title_start]}{keep_spacing(after[title_start:title_end], written)}".encode(),
            title,
        )
    if destination.text != link.dest:
        yield LinkRewrite(link.start, link.end, f"{mark}{destination.text}".encode())


def find_title_after(after: str, title: str, label: str) -> tuple[int, int] | None:
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


def _rewrite_wiki_link(
    raw: str, link: Link, destination: Destination, old_names: NoteNames | None, new_names: NoteNames | None, *, label_first: bool
) -> Iterator[LinkText]:
    """Rewrite `[[target]]` or `[[target|label]]`, in the text or in front matter, where quotes may have to be escaped."""
    opening = raw[: raw.index("[[") + 2]
    inside = raw[len(opening) : -2]
    first, bar, last = inside.rpartition("|") if label_first and "|" in inside else inside.partition("|")
    if bar and first.endswith("\\"):
        first, bar = first[:-1], "\\|"
    target, label = (last, first) if label_first and bar else (first, last)
    core = target.strip()
    words = update_label(collapse_whitespace(label if bar else core), old_names, new_names) if old_names and new_names else None
    labels: list[str | None] = [keep_spacing(label, words)] if bar and words and not set(words) & set("[]|") else []
    labels += [label] if bar else [None]
    bars = [bar] if bar else ["|"]
    if not bar and not destination.reads_the_same and link.syntax != "embed":
        shown = words or (new_names.title if new_names and core.isdigit() else core)
        labels, bars = [*([shown] if shown != destination.text else []), None], ["|", "\\|"]
    for quote in (str, _escape_double_quoted) if link.syntax == "frontmatter" else (str,):
        new_target = target if destination.text == link.dest else target.replace(core, quote(destination.text)) if core else target
        for new_label in labels:
            for mark in bars if new_label is not None else bars[:1]:
                parts = (
                    [new_target] if new_label is None else [new_label, mark, new_target] if label_first else [new_target, mark, new_label]
                )
                yield opening + "".join(parts) + "]]", words if bar and new_label != label else None


def _escape_double_quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _rewrite_markdown_link(raw: str, link: Link, dest: str, old_names: NoteNames | None, new_names: NoteNames | None) -> Iterator[LinkText]:
    """Rewrite `[text](destination)`. In `[text][label]` only the text changes, since the definition holds the destination."""
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


def _rewrite_other_link(raw: str, link: Link, dest: str) -> Iterator[LinkText]:
    """Rewrite the destination of a reference definition or of an HTML tag."""
    found = (DEFINITION if link.syntax == "reference" else HREF).search(raw)
    if not found or dest == link.dest:
        return
    quote = found[1][0] if found[1][0] in "\"'" else '"'
    delimited = _delimit_destination(dest, found[1]) if link.syntax == "reference" else quote + escape(dest, quote=True) + quote
    yield raw[: found.start(1)] + delimited + raw[found.end(1) :], None
