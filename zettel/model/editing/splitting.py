"""Making a note of a part of another: from a note's bytes and a span of them to the bytes of two notes.

A link takes the part's place. Proved by reading both: every word, link, heading and table cell is in one of them, and nothing
besides but the link. Links of the note to its own headings follow these; link definitions and footnotes go where they are used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from zettel.model.editing.anchors import anchor_of, anchors, redirected
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

BLANK_LINES = re.compile(rb"\A(?:[ \t]*(?:\r\n|\n|\r))+")


class World(NamedTuple):
    """What the notes are read and resolved by, once the new one is there: `read` a note of this path and bytes, `resolve` a link to a path."""

    read: Callable[[str, bytes], Reading]
    resolve: Callable[[Link], str | None]
    label_first: bool = False


class Known(NamedTuple):
    """A note as it would be read, and its bytes."""

    reading: Reading
    data: bytes


class Parted(NamedTuple):
    """The bytes of the note without the part, and of the new note."""

    rest: bytes
    made: bytes


def parted(source: Note, data: bytes, part: Part, target: Note, front: bytes, manner: str, world: World) -> Parted:
    """The bytes of two notes: of `source` with a link in place of the part, and of `target`, which begins with `front`.

    The link is written in this manner, or in the next that stands there. Raises `Refused` where a word, a link, a heading or a table
    would not be the same in the two notes as in the one.
    """
    old = Known(world.read(source.path, data), data)
    eol = line_end(data)
    known = anchors(sections(old.reading, data), data, part.start, part.end)
    follow = _following(old.reading, part, source, target, known, world)
    leaving, staying, coming, going = _definitions(data, part)
    body = _written(data, part.text, part.end, (*part.spans, *follow, *staying))
    made = _with_notes(front.replace(b"\n", eol) + BLANK_LINES.sub(b"", body).rstrip(BLANK), going, eol)
    new = Known(world.read(target.path, made), made)
    for written, _ in ways(source.path, target, manner):
        rest = _written(data, 0, len(data), (*follow, *leaving, (part.start, part.end, _in_place(data, part, written.encode(), eol))))
        rest = _with_notes(rest, coming, eol) if coming else rest
        words = WORD.findall(b" ".join((written.encode(), *coming, *going)).decode())
        added = [*words, *("`" + word for word in words)]
        if _is_proved(old, Known(world.read(source.path, rest), rest), new, part, source, target, known, added, world):
            return Parted(rest, made)
    raise Refused(
        f'{source.path}:{old.reading.lines.at(part.start)}: "{part.title}" cannot become a note without changing what the rest says',
        "cut where a block of text begins and ends, not within code, a quote or a table",
    )


def _written(data: bytes, start: int, end: int, spans: Iterable[Span]) -> bytes:
    """The bytes between two offsets, with others in place of some; of spans that overlap the first counts."""
    parts, at = [], start
    for begin, till, written in sorted(spans):
        if at <= begin and till <= end:
            parts += [data[at:begin], written]
            at = till
    return b"".join([*parts, data[at:end]])


def _in_place(data: bytes, part: Part, link: bytes, eol: bytes) -> bytes:
    """A link in place of the part: a list item, or a paragraph of its own."""
    before, after = data[: part.start], data[part.end :]
    is_last = not data[part.start : part.end].endswith((b"\n", b"\r"))
    link = part.lead + link
    if part.lead and not part.keeps_heading:
        return link + (b"" if is_last else eol)
    above = before.removesuffix(eol).rstrip(b" \t")
    gap = b"" if above.endswith((b"\n", b"\r")) or not before.strip(BLANK + b"\xef\xbb\xbf") else eol
    below = eol if after.strip(BLANK) and not BLANK_LINES.match(after) else b""
    return gap + link + (b"" if is_last else eol) + below


def _with_notes(data: bytes, notes: Iterable[bytes], eol: bytes) -> bytes:
    """A text with link definitions and footnotes below it; it ends with its line."""
    below = b"".join(note.rstrip(b"\r\n") + eol for note in notes)
    data = data if not data or data.endswith((b"\n", b"\r")) else data + eol
    return data + (b"" if not below or data.endswith(eol + eol) else eol) + below


def _definitions(data: bytes, part: Part) -> tuple[list[Span], list[Span], list[bytes], list[bytes]]:
    """What happens to link definitions and footnotes: those that leave the rest, and the part; those that the rest gets, and the part."""
    found = list(DEFINITION.finditer(data))
    if not found:
        return [], [], [], []
    none = [(*match.span(), b"") for match in found]
    inside = _written(data, part.text, part.end, none).lower()
    outside = _written(data, 0, part.start, none).lower() + _written(data, part.end, len(data), none).lower()
    leaving, staying, coming, going = [], [], [], []
    for match, span in zip(found, none, strict=True):
        label = b"[" + match["label"].lower() + b"]"
        if part.start <= match.start() < part.end:
            coming += [match[0]] * (label in outside)
            staying += [span] * (label in outside and label not in inside)
        elif label in inside:
            going.append(match[0])
            leaving += [span] * (label not in outside)
    return leaving, staying, coming, going


def _following(before: Reading, part: Part, source: Note, target: Note, known: Mapping[str, bool], world: World) -> list[Span]:
    """The links of a note to its own headings and blocks, written anew where these are in the other note now."""
    spans = []
    for link in before.links:
        anchor, is_inside = anchor_of(link), part.start <= link.start < part.end
        is_here = link.dest.startswith("#")
        if not anchor or (is_inside and is_here) == (anchor in known) or world.resolve(link) != source.path:
            continue  # it leads where it led
        to = target if anchor in known else source
        text = redirected(link, to, whole=known.get(anchor, False), label_first=world.label_first)
        if text is not None:
            spans.append((link.start, link.end, text.encode()))
    return spans


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
    made: Known,
    part: Part,
    source: Note,
    target: Note,
    anchors: Mapping[str, bool],
    added: Iterable[str],
    world: World,
) -> bool:
    """Whether two notes say what one said, and nothing besides but a link and the words `added`, which need not all be read."""
    for field in ("id", "title", "aliases", "created", "problems"):
        if getattr(old.reading, field) != getattr(rest.reading, field):
            return False
    if (made.reading.id, made.reading.title, made.reading.problems) != (target.id, target.title, []):
        return False
    if not set(rest.reading.tags) <= set(old.reading.tags) <= {*rest.reading.tags, *made.reading.tags}:
        return False
    links, definitions = _keys(old.reading, world)
    for link in old.reading.links:
        if anchor_of(link) in anchors and world.resolve(link) == source.path:
            links.subtract([source.path])
            links.update([target.path])
    links.update([target.path])  # the one in the part's place
    (links_of_rest, some), (links_of_made, others) = (_keys(one.reading, world) for one in (rest, made))
    if links_of_rest + links_of_made != +links or some | others != definitions:
        return False
    words, headings, cells = _said(*old)
    now = [one + other for one, other in zip(_said(*rest), _said(*made), strict=True)]
    title = WORD.findall(part.heading)
    now[0].update([*title, *("`" + word for word in title)])
    now[1].update([part.heading] if part.heading and part.is_marked else [])
    more = now[0] - words - Counter("`" + word for word in title)
    new = now[1] - headings
    return (
        not words - now[0]
        and not more - Counter(added)
        and not headings - now[1]
        and new.total() == part.keeps_heading
        and not Counter(WORD.findall(" ".join(new))) - Counter(added)
        and cells == now[2]
    )
