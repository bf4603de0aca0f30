"""Making notes of parts of another: from a note's bytes and spans of them to the bytes of several notes.

A link takes each part's place. Proved by reading all: every word, link, heading and table cell is in one of them, and nothing
besides but the link. Links of the note to its own headings follow these; link definitions and footnotes go where they are used.
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
"""A link definition or a footnote, which may go on in indented lines."""

USED = re.compile(rb"\[\^?(?:[^\[\]\\\r\n]|\\.)+\]")
"""What may be the label of a definition, where it is used."""

BLANK_LINE = re.compile(rb"[ \t]*(?:\r\n|\n|\r)")
BLANK_LINES = re.compile(rb"\A(?:[ \t]*(?:\r\n|\n|\r))+")
LONGEST_BLANK = 1000
"""Bytes that are looked at for a blank line."""


class World(NamedTuple):
    """What the notes are read and resolved by, once the new one is there: `read` a note of this path and bytes, `resolve` a link to a path."""

    read: Callable[[str, bytes], Reading]
    resolve: Callable[[Link], str | None]
    label_first: bool = False


class Known(NamedTuple):
    """A note as it would be read, and its bytes."""

    reading: Reading
    data: bytes


class Cut(NamedTuple):
    """A part that becomes the note `target`, which begins with `front`."""

    part: Part
    target: Note
    front: bytes


class Parted(NamedTuple):
    """The bytes of the note without the parts, and of each new note."""

    rest: bytes
    made: list[bytes]


def parted(source: Note, data: bytes, cuts: Sequence[Cut], manner: str, world: World) -> Parted:
    """The bytes of several notes: of `source` with links in place of the parts, and of the notes that these become.

    The parts stand apart from each other, in order. The links are written in this manner, or in the next that stands there. Raises
    `Refused` where a word, a link, a heading or a table would not be the same in the notes as in the one.
    """
    old = Known(world.read(source.path, data), data)
    eol = line_end(data)
    spans = Spans([(cut.part.start, cut.part.end) for cut in cuts])
    known = homes(sections(old.reading, data), data, spans)
    gone, copies = _definitions(data, [cut.part for cut in cuts], spans)
    changed: dict[int | None, list[Span]] = {}
    for span in (*gone, *_following(old.reading, spans, source, cuts, known, world)):
        changed.setdefault(spans.number(span[0]), []).append(span)
    made = []
    for number, (part, _, front) in enumerate(cuts):
        body = _written(data, part.text, part.end, (*part.spans, *changed.get(number, ())))
        made.append(_with_notes(front.replace(b"\n", eol) + BLANK_LINES.sub(b"", body).rstrip(BLANK), copies.get(number, ()), eol))
    new = [Known(world.read(cut.target.path, text), text) for cut, text in zip(cuts, made, strict=True)]
    for written in zip_longest(*(_links(source, cut.target, manner) for cut in cuts)):
        links = [link or _links(source, cut.target, manner)[-1] for link, cut in zip(written, cuts, strict=True)]
        places = _in_place(data, [cut.part for cut in cuts], links, eol)
        rest = _written(data, 0, len(data), (*changed.get(None, ()), *places))
        rest = _with_notes(rest, copies[None], eol) if None in copies else rest
        words = WORD.findall(b" ".join((*links, *chain.from_iterable(copies.values()))).decode())
        added = [*words, *("`" + word for word in words)]
        if _is_proved(old, Known(world.read(source.path, rest), rest), new, source, cuts, known, added, world):
            return Parted(rest, made)
    part = cuts[0].part
    raise Refused(
        f'{source.path}:{old.reading.lines.at(part.start)}: "{part.title}" cannot become a note without changing what the rest says',
        "cut where a block of text begins and ends, not within code, a quote or a table",
    )


def _links(source: Note, target: Note, manner: str) -> list[bytes]:
    return [written.encode() for written, _ in ways(source.path, target, manner)]


def _written(data: bytes, start: int, end: int, spans: Iterable[Span]) -> bytes:
    """The bytes between two offsets, with others in place of some; of spans that overlap the first counts."""
    parts, at = [], start
    for begin, till, written in sorted(spans):
        if at <= begin and till <= end:
            parts += [data[at:begin], written]
            at = till
    return b"".join([*parts, data[at:end]])


def _in_place(data: bytes, parts: Sequence[Part], links: Sequence[bytes], eol: bytes) -> Iterator[Span]:
    """Links in place of parts: list items, or paragraphs of their own."""
    first, last = len(data) - len(data.lstrip(BLANK + b"\xef\xbb\xbf")), len(data.rstrip(BLANK))
    upto = -1  # where a link that a blank line follows ends
    for part, link in zip(parts, links, strict=True):
        end = b"" if not data[part.start : part.end].endswith((b"\n", b"\r")) else eol
        gap = below = b""
        if not part.lead or part.keeps_heading:
            above = data[max(0, part.start - LONGEST_BLANK) : part.start].removesuffix(eol).rstrip(b" \t")
            gap = b"" if part.start in (upto, 0) or part.start <= first or above.endswith((b"\n", b"\r")) else eol
            below = eol if part.end < last and not BLANK_LINE.match(data, part.end) else b""
            upto = part.end if below else -1
        yield part.start, part.end, gap + part.lead + link + end + below


def _with_notes(data: bytes, notes: Iterable[bytes], eol: bytes) -> bytes:
    """A text with link definitions and footnotes below it; it ends with its line."""
    below = b"".join(note.rstrip(b"\r\n") + eol for note in notes)
    data = data if not data or data.endswith((b"\n", b"\r")) else data + eol
    return data + (b"" if not below or data.endswith(eol + eol) else eol) + below


def _definitions(data: bytes, parts: Sequence[Part], spans: Spans) -> tuple[list[Span], dict[int | None, list[bytes]]]:
    """What happens to link definitions and footnotes: those that leave where they stand, and those that each part gets (None: the rest)."""
    found = list(DEFINITION.finditer(data))
    gone: list[Span] = []
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
            gone.append((*match.span(), b""))
    return gone, copies


def _following(before: Reading, spans: Spans, source: Note, cuts: Sequence[Cut], known: Mapping[str, Home], world: World) -> Iterator[Span]:
    """The links of a note to its own headings and blocks, written anew where these are in another note now."""
    for link in before.links:
        anchor = anchor_of(link)
        home = known.get(anchor)
        here = spans.number(link.start) if link.dest.startswith("#") else None
        if not anchor or here == (home.number if home else None) or world.resolve(link) != source.path:
            continue  # it leads where it led
        to = cuts[home.number].target if home else source
        text = redirected(link, to, whole=bool(home and home.is_whole), label_first=world.label_first)
        if text is not None:
            yield link.start, link.end, text.encode()


def _keys(reading: Reading, world: World) -> tuple[Counter[str], set[str]]:
    """What the links of a note name, and what its link definitions do."""
    links = [(link.syntax, world.resolve(link) or link.dest) for link in reading.links]
    return Counter(dest for syntax, dest in links if syntax != "reference"), {dest for syntax, dest in links if syntax == "reference"}


def _said(reading: Reading, data: bytes) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """The words of a note outside of links in brackets (those of code once more as such), its headings with marks, and the cells of its tables."""
    words: Counter[str] = Counter()
    for run in reading.passages:
        shown = (" " if piece.kind == LINK and piece.syntax != "markdown" else piece.text for _, piece in run.pieces)
        words.update(WORD.findall("".join(shown)))
        words.update("`" + word for _, piece in run.pieces if piece.kind == HIDDEN for word in WORD.findall(piece.text))
    headings = Counter(one.words for one in sections(reading, data) if one.marks >= 0)
    return words, headings, Counter(one_line(run.text) for run in reading.passages if run.is_cell)


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
    """Whether the notes say what one said, and nothing besides but links and the words `added`, which need not all be read."""
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
        home = known.get(anchor_of(link))
        if home and world.resolve(link) == source.path:
            links.subtract([source.path])
            links.update([cuts[home.number].target.path])
    links.update(cut.target.path for cut in cuts)  # those in the parts' places
    keys = [_keys(new.reading, world) for new in every]
    if _sum(links for links, _ in keys) != +links or set().union(*(some for _, some in keys)) != definitions:
        return False
    words, headings, cells = _said(*old)
    now = [_sum(said) for said in zip(*(_said(*new) for new in every), strict=True)]
    titles = [part.heading for part, _, _ in cuts if part.heading]
    title = WORD.findall(" ".join(titles))
    now[0].update([*title, *("`" + word for word in title)])
    now[1].update(part.heading for part, _, _ in cuts if part.heading and part.is_marked)
    more = now[0] - words - Counter("`" + word for word in title)
    new = now[1] - headings
    return (
        not words - now[0]
        and not more - Counter(added)
        and not headings - now[1]
        and new.total() == sum(part.keeps_heading for part, _, _ in cuts)
        and not Counter(WORD.findall(" ".join(new))) - Counter(added)
        and cells == now[2]
    )


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for counter in counters:
        found.update(counter)
    return found
