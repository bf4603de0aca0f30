"""Rewrite one link: keep its syntax, change its destination, and update its label if it was the old title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple

from zettel.model.editing.destinations import Destination
from zettel.model.editing.forms import Called, specific
from zettel.model.editing.retitling import ways_to_write
from zettel.model.link import Link
from zettel.model.passage import one_line
from zettel.model.text import nfc

INLINE_END = re.compile(r"\]\([ \t\r\n]*(<[^<>\r\n]*>|[^\s<]\S*?|)(?:[ \t\r\n]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t\r\n]*\)\Z")
DEFINITION = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]:[ \t]*(?:\r\n|\n|\r)?[ \t]*(<[^<>\r\n]*>|\S+)")
HREF = re.compile(r"""(?i)href\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
GAP = r"(?:[ \t]+|[ \t]*(?:\r\n|\n|\r)[ \t]*)"
"""White space that may separate two words of a title in prose: blanks, or one line break."""


class Way(NamedTuple):
    """A way to rewrite a link: `written` replaces the bytes from `start` to `end`. `label` is the updated label, or None if it stays."""

    start: int
    end: int
    written: bytes
    label: str | None = None


Text = tuple[str, str | None]
"""A link's text, and its label if that was updated."""


def followed(words: str, old: Called, new: Called) -> str | None:
    """Return the label for the renamed note if it was the old title (with or without ID) or the old file name, else None.

    A first letter in lower case stays in lower case.
    """
    renames = [(old.title, new.title), (old.stem, new.stem)]
    if old.id:
        renames.append((f"{old.id} {old.title}", f"{new.id or ''} {new.title}".strip()))
        renames.append((f"{old.title} {old.id}", f"{new.title} {new.id or ''}".strip()))
    if old.title[:1].isupper():
        renames.append((_small(old.title), _small(new.title) if new.title[1:2].islower() else new.title))
    return next((after for before, after in renames if nfc(words) == nfc(before) and after != before), None)


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]


def ways(
    data: bytes, link: Link, old: Called | None, new: Called | None, dest: Destination | None, *, label_first: bool, part: str = ""
) -> Iterator[Way]:
    """Yield the ways to write a link with a new destination, best first: with an updated label, then with the label it has.

    If `dest` is None, the link's ID no longer names a note, so it becomes a wiki link, to the heading `part` of its own note if that
    is given. Yields nothing if the link does not change.
    """
    raw = data[link.start : link.end].decode()
    if link.syntax in ("bare", "sign"):
        yield from _in_prose(data, link, dest, old, new, part)
        return
    if dest is None:
        return
    if raw.startswith(("[[", "![[")) and raw.endswith("]]"):
        texts = _wiki(raw, link, dest, old, new, label_first=label_first)
    elif link.syntax in ("markdown", "embed"):
        texts = _markdown(raw, link, dest.text, old, new)
    else:
        texts = _elsewhere(raw, link, dest.text)
    for text, label in texts:
        if text != raw:
            yield Way(link.start, link.end, text.encode(), label)


def _in_prose(data: bytes, link: Link, dest: Destination | None, old: Called | None, new: Called | None, part: str) -> Iterator[Way]:
    """Rewrite a bare ID or sign, and the title after it."""
    if old is None or new is None:
        return
    mark = data[link.start : link.end].decode()[: -len(link.dest)]
    after = data[link.end : link.end + 1000].decode("utf-8", "ignore")
    title_start, title_end = title_at(after, old.title, link.label) or (0, 0)
    end = link.end + len(after[:title_end].encode())
    words = one_line(after[title_start:title_end])
    title = followed(words, old, new) if words else None
    if dest is None:
        for name in [f"#{part}"] if part else specific("wiki", link.source, new):
            shown = title or words or new.title
            yield Way(link.start, end, (f"[[{name}]]" if shown == name else f"[[{name}|{shown}]]").encode())
        return
    for written in ways_to_write(title) if title else ():
        yield Way(
            link.start, end, f"{mark}{dest.text}{after[:title_start]}{respaced(after[title_start:title_end], written)}".encode(), title
        )
    if dest.text != link.dest:
        yield Way(link.start, link.end, f"{mark}{dest.text}".encode())


def title_at(after: str, title: str, label: str) -> tuple[int, int] | None:
    """Find the title at the start of `after`, the text that follows a bare ID, and return its span.

    The title may contain line breaks, and its first letter may be in lower case. A title that continues as part of a longer word does not
    count, unless it is all of `label`.
    """
    for words in (title, _small(title)):
        if words.split():
            lead = GAP if words[0].isascii() else r"[ \t]*"
            found = re.compile(lead + "(" + GAP.join(map(re.escape, words.split())) + ")").match(after)
            if found and (label == one_line(found[1]) or not re.compile(r"-?\w").match(after, found.end())):
                return found.span(1)
    return None


def respaced(raw: str, words: str) -> str:
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


def _wiki(raw: str, link: Link, dest: Destination, old: Called | None, new: Called | None, *, label_first: bool) -> Iterator[Text]:
    """Rewrite `[[target]]` or `[[target|label]]`, in the text or in front matter, where quotes may have to be escaped."""
    opening = raw[: raw.index("[[") + 2]
    inside = raw[len(opening) : -2]
    first, bar, last = inside.rpartition("|") if label_first and "|" in inside else inside.partition("|")
    if bar and first.endswith("\\"):
        first, bar = first[:-1], "\\|"
    target, label = (last, first) if label_first and bar else (first, last)
    core = target.strip()
    words = followed(one_line(label if bar else core), old, new) if old and new else None
    labels: list[str | None] = [respaced(label, words)] if bar and words and not set(words) & set("[]|") else []
    labels += [label] if bar else [None]
    bars = [bar] if bar else ["|"]
    if not bar and not dest.is_alike and link.syntax != "embed":
        shown = words or (new.title if new and core.isdigit() else core)
        labels, bars = [*([shown] if shown != dest.text else []), None], ["|", "\\|"]
    for quote in (str, _in_double_quotes) if link.syntax == "frontmatter" else (str,):
        new_target = target if dest.text == link.dest else target.replace(core, quote(dest.text)) if core else target
        for new_label in labels:
            for mark in bars if new_label is not None else bars[:1]:
                parts = (
                    [new_target] if new_label is None else [new_label, mark, new_target] if label_first else [new_target, mark, new_label]
                )
                yield opening + "".join(parts) + "]]", words if bar and new_label != label else None


def _in_double_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _markdown(raw: str, link: Link, dest: str, old: Called | None, new: Called | None) -> Iterator[Text]:
    """Rewrite `[text](destination)`. In `[text][label]` only the text changes, since the definition holds the destination."""
    at = _inline_end(raw, link)
    if at is None:
        at = raw.rfind("][")
        if at > 0 and raw[at:] != "][]":
            yield from ((start + raw[at:], words) for start, words in _texts(raw[:at], link, old, new))
        return
    end = raw[at:]
    found = INLINE_END.match(end)
    if found and dest != link.dest:
        end = end[: found.start(1)] + _delimited(dest, found[1]) + end[found.end(1) :]
    yield from ((start + end, words) for start, words in _texts(raw[:at], link, old, new))


def _inline_end(raw: str, link: Link) -> int | None:
    """Return the offset of the `](` of an inline link, or None."""
    at = raw.rfind("](")
    while at >= 0:
        found = INLINE_END.match(raw, at)
        if found and link.dest in (_unescaped(found[1]), found[1].strip("<>")):
            return at
        at = raw.rfind("](", 0, at)
    return None


def _unescaped(dest: str) -> str:
    inside = dest[1:-1] if dest.startswith("<") else dest
    return unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", inside)).strip()


def _delimited(dest: str, before: str) -> str:
    return f"<{dest}>" if before.startswith("<") or " " in dest or not dest else dest


def _texts(start: str, link: Link, old: Called | None, new: Called | None) -> Iterator[Text]:
    """Yield the beginning of a Markdown link, up to its `]`: with an updated label, then unchanged."""
    opening = start[: start.index("[") + 1]
    raw = start[len(opening) :]
    words = followed(one_line(raw), old, new) or followed(link.label, old, new) if old and new and "[" not in raw else None
    for written in ways_to_write(words) if words else ():
        yield opening + respaced(raw, written), words
    yield start, None


def _elsewhere(raw: str, link: Link, dest: str) -> Iterator[Text]:
    """Rewrite the destination of a reference definition or of an HTML tag."""
    found = (DEFINITION if link.syntax == "reference" else HREF).search(raw)
    if not found or dest == link.dest:
        return
    quote = found[1][0] if found[1][0] in "\"'" else '"'
    delimited = _delimited(dest, found[1]) if link.syntax == "reference" else quote + escape(dest, quote=True) + quote
    yield raw[: found.start(1)] + delimited + raw[found.end(1) :], None
