"""One link rewritten: the same way of writing it, with another destination, and other words where they were the old title."""

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
"""What may stand between two words of a title in prose."""


class Way(NamedTuple):
    """A way to rewrite a link: `written` in place of the bytes from `start` to `end`; `label` are the words that follow, if they do."""

    start: int
    end: int
    written: bytes
    label: str | None = None


Text = tuple[str, str | None]
"""A link's text, and the words in it that follow."""


def followed(words: str, old: Called, new: Called) -> str | None:
    """What a label says once its note is renamed, where it said the old title, with or without ID, or file name; else None.

    The first letter stays small where it was.
    """
    now = [(old.title, new.title), (old.stem, new.stem)]
    if old.id:
        now.append((f"{old.id} {old.title}", f"{new.id or ''} {new.title}".strip()))
        now.append((f"{old.title} {old.id}", f"{new.title} {new.id or ''}".strip()))
    if old.title[:1].isupper():
        now.append((_small(old.title), _small(new.title) if new.title[1:2].islower() else new.title))
    return next((other for one, other in now if nfc(words) == nfc(one) and other != one), None)


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]


def ways(
    data: bytes, link: Link, old: Called | None, new: Called | None, dest: Destination | None, *, label_first: bool, part: str = ""
) -> Iterator[Way]:
    """The ways to write a link with another destination, the best first: with words that follow, then with those that stand there.

    `dest` None: its ID names nothing any more, so it becomes a wiki link, to the heading `part` of its own note if that is given.
    Nothing where it stays as it is.
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
    """A bare ID or sign, and the title after it."""
    if old is None or new is None:
        return
    mark = data[link.start : link.end].decode()[: -len(link.dest)]
    after = data[link.end : link.end + 1000].decode("utf-8", "ignore")
    at, till = title_at(after, old.title, link.label) or (0, 0)
    end = link.end + len(after[:till].encode())
    words = one_line(after[at:till])
    title = followed(words, old, new) if words else None
    if dest is None:
        for name in [f"#{part}"] if part else specific("wiki", link.source, new):
            shown = title or words or new.title
            yield Way(link.start, end, (f"[[{name}]]" if shown == name else f"[[{name}|{shown}]]").encode())
        return
    for written in ways_to_write(title) if title else ():
        yield Way(link.start, end, f"{mark}{dest.text}{after[:at]}{respaced(after[at:till], written)}".encode(), title)
    if dest.text != link.dest:
        yield Way(link.start, link.end, f"{mark}{dest.text}".encode())


def title_at(after: str, title: str, label: str) -> tuple[int, int] | None:
    """Where a title stands at the beginning of what follows a bare ID, over line breaks, too; its first letter may be small.

    `label` are the words that look like one: a title that goes on without a break is none, unless it is all of them.
    """
    for words in (title, _small(title)):
        if words.split():
            lead = GAP if words[0].isascii() else r"[ \t]*"
            found = re.compile(lead + "(" + GAP.join(map(re.escape, words.split())) + ")").match(after)
            if found and (label == one_line(found[1]) or not re.compile(r"-?\w").match(after, found.end())):
                return found.span(1)
    return None


def respaced(raw: str, words: str) -> str:
    """Words with the blanks, or the line break, that stand around and between those of `raw`."""
    if not raw.strip():
        return words
    gaps = re.findall(r"\s+", raw.strip())
    parts = words.split()
    given = (gaps + [" "] * len(parts))[: len(parts) - 1]
    broken = next((gap for gap in gaps[len(given) :] if gap.strip(" \t")), None)
    if broken and given:
        given[-1] = broken
    lead, tail = raw[: len(raw) - len(raw.lstrip())], raw[len(raw.rstrip()) :]
    return lead + "".join(part + gap for part, gap in zip(parts, [*given, ""], strict=True)) + tail


def _wiki(raw: str, link: Link, dest: Destination, old: Called | None, new: Called | None, *, label_first: bool) -> Iterator[Text]:
    """`[[target]]`, with or without `|label`, of the note's text or its front matter, where quotes may have to be escaped."""
    opening = raw[: raw.index("[[") + 2]
    inside = raw[len(opening) : -2]
    first, bar, last = inside.rpartition("|") if label_first and "|" in inside else inside.partition("|")
    if bar and first.endswith("\\"):
        first, bar = first[:-1], "\\|"
    target, label = (last, first) if label_first and bar else (first, last)
    core = target.strip()
    words = followed(one_line(label if bar else core), old, new) if old and new else None
    said: list[str | None] = [respaced(label, words)] if bar and words and not set(words) & set("[]|") else []
    said += [label] if bar else [None]
    bars = [bar] if bar else ["|"]
    if not bar and not dest.is_alike and link.syntax != "embed":
        shown = words or (new.title if new and core.isdigit() else core)
        said, bars = [*([shown] if shown != dest.text else []), None], ["|", "\\|"]
    for quoted in (str, _in_double_quotes) if link.syntax == "frontmatter" else (str,):
        now = target if dest.text == link.dest else target.replace(core, quoted(dest.text)) if core else target
        for one in said:
            for mark in bars if one is not None else bars[:1]:
                parts = [now] if one is None else [one, mark, now] if label_first else [now, mark, one]
                yield opening + "".join(parts) + "]]", words if bar and one != label else None


def _in_double_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _markdown(raw: str, link: Link, dest: str, old: Called | None, new: Called | None) -> Iterator[Text]:
    """`[text](destination)`; of `[text][label]` only the text, since the destination is the definition's."""
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
    """Where the `](` of an inline link stands."""
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
    """The beginning of a Markdown link, up to its `]`: with words that follow, then as it is."""
    opening = start[: start.index("[") + 1]
    raw = start[len(opening) :]
    words = followed(one_line(raw), old, new) or followed(link.label, old, new) if old and new and "[" not in raw else None
    for written in ways_to_write(words) if words else ():
        yield opening + respaced(raw, written), words
    yield start, None


def _elsewhere(raw: str, link: Link, dest: str) -> Iterator[Text]:
    """A reference definition, or an HTML tag."""
    found = (DEFINITION if link.syntax == "reference" else HREF).search(raw)
    if not found or dest == link.dest:
        return
    quote = found[1][0] if found[1][0] in "\"'" else '"'
    now = _delimited(dest, found[1]) if link.syntax == "reference" else quote + escape(dest, quote=True) + quote
    yield raw[: found.start(1)] + now + raw[found.end(1) :], None
