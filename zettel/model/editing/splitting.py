"""Split a note: move parts of it into notes of their own, and put a link in place of each part.

The result is verified by parsing all notes: every word, link, heading and table cell of the old note is in one of them, and only the
links are new. Links to headings of the note follow the headings. Link definitions and footnotes go to the notes that use them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from zettel.model.editing.anchors import Home, Spans, anchor_of, homes, redirected
from zettel.model.editing.appending import line_end
from zettel.model.editing.linking import ways
from zettel.model.editing.parts import Part, Span
from zettel.model.editing.sections import sections
from zettel.model.errors import Refused
from zettel.model.link import Link
from zettel.model.note import Note
from zettel.model.outline import HIDDEN, LINK
from zettel.model.passage import BLANK, one_line
from zettel.model.reading import Reading

WORD = re.compile(r"\w+")
DEFINITION = re.compile(
    rb"(?:\A|(?<=[\r\n])) {0,3}\[(?P<label>\^?(?:[^\[\]\\\r\n]|\\.)+)\]:[^\r\n]*(?:\r\n|\n|\r|\Z)"
    rb"(?:(?:[ \t]*(?:\r\n|\n|\r))*(?: {4}|\t)[^\r\n]*(?:\r\n|\n|\r|\Z))*"
)
"""A link definition or a footnote, which may continue in indented lines."""

USED = re.compile(rb"\[\^?(?:[^\[\]\\\r\n]|\\.)+\]")
"""What may be a use of a definition's label."""

BLANK_LINE = re.compile(rb"[ \t]*(?:\r\n|\n|\r)")
BLANK_LINES = re.compile(rb"\A(?:[ \t]*(?:\r\n|\n|\r))+")
LONGEST_BLANK = 1000
"""Bytes before a part that are searched for a blank line."""


class World(NamedTuple):
    """Functions that see the notebook with the new notes in it: `read` parses a note of a path and bytes, `resolve` returns the path that a link leads to."""

    read: Callable[[str, bytes], Reading]
    resolve: Callable[[Link], str | None]
    label_first: bool = False


class Known(NamedTuple):
    """A version of a note: its bytes, and what they parse to."""

    reading: Reading
    data: bytes


class Cut(NamedTuple):
    """A part that becomes the note `target`. `front` is the start of the new note's text, such as its front matter."""

    part: Part
    target: Note
    front: bytes


class Parted(NamedTuple):
    """The bytes of the note without the parts, and the bytes of each new note."""

    rest: bytes
    made: list[bytes]


def parted(source: Note, data: bytes, cuts: Sequence[Cut], manner: str, world: World) -> Parted:
    """Split `source`: return its bytes with links in place of the parts, and the bytes of the new notes.

    The parts must be in order and must not overlap. The links are written in the style `manner`, or in another one if that does not parse
    there. Raises `Refused` if a word, link, heading or table would change.
    """
    old = Known(world.read(source.path, data), data)
    eol = line_end(data)
    spans = Spans([(cut.part.start, cut.part.end) for cut in cuts])
    anchors = homes(sections(old.reading, data), data, spans)
    removed, copies = _definitions(data, [cut.part for cut in cuts], spans)
    changed: dict[int | None, list[Span]] = {}
    for span in (*removed, *_following(old.reading, spans, source, cuts, anchors, world)):
        changed.setdefault(spans.number(span[0]), []).append(span)
    texts = []
    for number, (part, _, front) in enumerate(cuts):
        body = _written(data, part.text, part.end, (*part.spans, *changed.get(number, ())))
        texts.append(_with_notes(front.replace(b"\n", eol) + BLANK_LINES.sub(b"", body).rstrip(BLANK), copies.get(number, ()), eol))
    new = [Known(world.read(cut.target.path, text), text) for cut, text in zip(cuts, texts, strict=True)]
    for variant in zip_longest(*(_links(source, cut.target, manner) for cut in cuts)):
        links = [link or _links(source, cut.target, manner)[-1] for link, cut in zip(variant, cuts, strict=True)]
        placed = _in_place(data, [cut.part for cut in cuts], links, eol)
        rest = _written(data, 0, len(data), (*changed.get(None, ()), *placed))
        rest = _with_notes(rest, copies[None], eol) if None in copies else rest
        words = WORD.findall(b" ".join((*links, *chain.from_iterable(copies.values()))).decode())
        added = [*words, *("`" + word for word in words)]
        if _is_proved(old, Known(world.read(source.path, rest), rest), new, source, cuts, anchors, added, world):
            return Parted(rest, texts)
    part = cuts[0].part
    raise Refused(
        f'{source.path}:{old.reading.lines.at(part.start)}: "{part.title}" cannot become a note without changing the text around it',
        "cut between blocks of text, not within code, a quote or a table",
    )


def _links(source: Note, target: Note, manner: str) -> list[bytes]:
    return [written.encode() for written, _ in ways(source.path, target, manner)]


def _written(data: bytes, start: int, end: int, spans: Iterable[Span]) -> bytes:
    """Return the bytes between two offsets with `spans` replaced. If spans overlap, only the first one counts."""
    parts, at = [], start
    for span_start, span_end, written in sorted(spans):
        if at <= span_start and span_end <= end:
            parts += [data[at:span_start], written]
            at = span_end
    return b"".join([*parts, data[at:end]])


def _in_place(data: bytes, parts: Sequence[Part], links: Sequence[bytes], eol: bytes) -> Iterator[Span]:
    """Yield replacements that put a link in place of each part, as a list item or a paragraph."""
    first, last = len(data) - len(data.lstrip(BLANK + b"\xef\xbb\xbf")), len(data.rstrip(BLANK))
    spaced = -1  # end of the last part whose link is followed by a blank line
    for part, link in zip(parts, links, strict=True):
        end = b"" if not data[part.start : part.end].endswith((b"\n", b"\r")) else eol
        gap = below = b""
        if not part.lead or part.keeps_heading:
            above = data[max(0, part.start - LONGEST_BLANK) : part.start].removesuffix(eol).rstrip(b" \t")
            gap = b"" if part.start in (spaced, 0) or part.start <= first or above.endswith((b"\n", b"\r")) else eol
            below = eol if part.end < last and not BLANK_LINE.match(data, part.end) else b""
            spaced = part.end if below else -1
        yield part.start, part.end, gap + part.lead + link + end + below


def _with_notes(data: bytes, notes: Iterable[bytes], eol: bytes) -> bytes:
    """Append link definitions and footnotes to a text, which ends with a line ending then."""
    below = b"".join(definition.rstrip(b"\r\n") + eol for definition in notes)
    data = data if not data or data.endswith((b"\n", b"\r")) else data + eol
    return data + (b"" if not below or data.endswith(eol + eol) else eol) + below


def _definitions(data: bytes, parts: Sequence[Part], spans: Spans) -> tuple[list[Span], dict[int | None, list[bytes]]]:
    """Assign link definitions and footnotes to the notes that use them.

    Returns the replacements that delete those no longer used where they are, and the definitions to copy to each part, by index (None: the
    old note).
    """
    found = list(DEFINITION.finditer(data))
    removed: list[Span] = []
    copies: dict[int | None, list[bytes]] = {}
    used: dict[bytes, set[int | None]] = {}
    text = _written(data, 0, len(data), [(*match.span(), b" " * len(match[0])) for match in found]) if found else b""
    for match in USED.finditer(text.lower()):
        number = spans.number(match.start())
        if number is None or match.start() >= parts[number].text:
            used.setdefault(match[0], set()).add(number)
    for match in found:
        own, users = spans.number(match.start()), used.get(b"[" + match["label"].lower() + b"]", set())
        for number in sorted(users - {own}, key=lambda number: -1 if number is None else number):
            copies.setdefault(number, []).append(match[0])
        if users and own not in users:
            removed.append((*match.span(), b""))
    return removed, copies


def _following(before: Reading, spans: Spans, source: Note, cuts: Sequence[Cut], known: Mapping[str, Home], world: World) -> Iterator[Span]:
    """Yield replacements for the note's links to its own headings and blocks, if these are in another note now."""
    for link in before.links:
        anchor = anchor_of(link)
        anchor_target = known.get(anchor)
        here = spans.number(link.start) if link.dest.startswith("#") else None
        if not anchor or here == (anchor_target.number if anchor_target else None) or world.resolve(link) != source.path:
            continue  # the link and its target are still in the same note
        target = cuts[anchor_target.number].target if anchor_target else source
        text = redirected(link, target, whole=bool(anchor_target and anchor_target.is_whole), label_first=world.label_first)
        if text is not None:
            yield link.start, link.end, text.encode()


def _keys(reading: Reading, world: World) -> tuple[Counter[str], set[str]]:
    """Return what the links of a note lead to, and what its link definitions lead to."""
    links = [(link.syntax, world.resolve(link) or link.dest) for link in reading.links]
    return Counter(dest for syntax, dest in links if syntax != "reference"), {dest for syntax, dest in links if syntax == "reference"}


def _said(reading: Reading, data: bytes) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count the words of a note, its headings with marks, and its table cells.

    Words in links count only in Markdown links, those in code count once more with a `` ` `` before them.
    """
    words: Counter[str] = Counter()
    for passage in reading.passages:
        shown = (" " if piece.kind == LINK and piece.syntax != "markdown" else piece.text for _, piece in passage.pieces)
        words.update(WORD.findall("".join(shown)))
        words.update("`" + word for _, piece in passage.pieces if piece.kind == HIDDEN for word in WORD.findall(piece.text))
    headings = Counter(section.words for section in sections(reading, data) if section.marks >= 0)
    return words, headings, Counter(one_line(passage.text) for passage in reading.passages if passage.is_cell)


def _is_proved(
    old: Known,
    rest: Known,
    made: Sequence[Known],
    source: Note,
    cuts: Sequence[Cut],
    known: Mapping[str, Home],
    added: Iterable[str],
    world: World,
) -> bool:
    """Return whether the notes have the content of the old note and nothing else, except links and any of the words in `added`."""
    for field in ("id", "title", "aliases", "created", "problems"):
        if getattr(old.reading, field) != getattr(rest.reading, field):
            return False
    if any(
        (new.reading.id, new.reading.title, new.reading.problems) != (cut.target.id, cut.target.title, [])
        for new, cut in zip(made, cuts, strict=True)
    ):
        return False
    every = [rest, *made]
    if not set(rest.reading.tags) <= set(old.reading.tags) <= {tag for new in every for tag in new.reading.tags}:
        return False
    links, definitions = _keys(old.reading, world)
    for link in old.reading.links:
        anchor_target = known.get(anchor_of(link))
        if anchor_target and world.resolve(link) == source.path:
            links.subtract([source.path])
            links.update([cuts[anchor_target.number].target.path])
    links.update(cut.target.path for cut in cuts)  # the links that replace the parts
    keys = [_keys(new.reading, world) for new in every]
    if _sum(links for links, _ in keys) != +links or set().union(*(some for _, some in keys)) != definitions:
        return False
    words, headings, cells = _said(*old)
    new_content = [_sum(counters) for counters in zip(*(_said(*new) for new in every), strict=True)]
    titles = [part.heading for part, _, _ in cuts if part.heading]
    title_words = WORD.findall(" ".join(titles))
    new_content[0].update([*title_words, *("`" + word for word in title_words)])
    new_content[1].update(part.heading for part, _, _ in cuts if part.heading and part.is_marked)
    extra_words = new_content[0] - words - Counter("`" + word for word in title_words)
    extra_headings = new_content[1] - headings
    return (
        not words - new_content[0]
        and not extra_words - Counter(added)
        and not headings - new_content[1]
        and extra_headings.total() == sum(part.keeps_heading for part, _, _ in cuts)
        and not Counter(WORD.findall(" ".join(extra_headings))) - Counter(added)
        and cells == new_content[2]
    )


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return total
