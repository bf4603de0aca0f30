"""Build a parsed note from its text, its front matter and the output of the Markdown parser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from zettel.model import frontmatter
from zettel.model.dates import parse_moment
from zettel.model.ids import first_id, moment, without_id
from zettel.model.lazily import lazily
from zettel.model.link import Link
from zettel.model.lookback import lookback
from zettel.model.note import Problem
from zettel.model.outline import LINK, Outline, Piece
from zettel.model.passage import (
    LONGEST_SENTENCE,
    Lines,
    Passage,
    byte_at,
    is_at_edge,
    one_line,
    passage,
    sentence_around,
    with_plain_headings,
)
from zettel.model.prose import found_in, ids_in_prose, label_after, sentence_starts
from zettel.model.questions import Question, open_questions
from zettel.model.resolving import INDEX_NAMES, is_web
from zettel.model.tags import clean_tag
from zettel.model.text import fold, nfc, split_path, without_suffix
from zettel.model.value import NamedTuple

WIKI = lazily(r"!?\[\[([^\[\]\r\n]+)\]\]")
ID_AT_EDGE = lazily(r"\A(?:[0-9]{14}|[0-9]{12})(?![\w/.])|(?:\A|(?<=[\s(\[]))(?:[0-9]{14}|[0-9]{12})(?=[)\]]?\Z)")
LINE = lazily(r"[^\r\n]+")
WORD = re.compile(r"\w+")
SHAPE = "".join("w" if WORD.match(char) else " " for char in map(chr, range(128))).encode().ljust(256)
"""Translation table for ASCII text that turns word characters into `w` and all others into spaces, to count words."""


class Reading(NamedTuple):
    """Everything that can be known of a note from its own file, without looking at other notes.

    `created` is None if neither the front matter nor the ID has a date. `text` is the body as plain text, one block per line.
    `passages` are the body's blocks with their positions in the file, and `lines` maps its bytes to lines. `questions` are the
    open ones. `review` is the day (`YYYY-MM-DD`) from which the note is due for a look back.
    """

    id: str | None
    title: str
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    created: str | None
    words: int
    links: list[Link]
    problems: list[Problem]
    headings: list[str]
    text: str
    passages: list[Passage]
    lines: Lines
    questions: list[Question]
    review: str | None


class Prose(NamedTuple):
    """The headings of a note, and its body as plain text, one block per line."""

    headings: list[str]
    text: str


def read(
    path: str,
    text: str,
    front: frontmatter.FrontMatter | None,
    fields: Mapping[str, object],
    outline: Outline,
    *,
    label_first: bool = False,
) -> Reading:
    """Build the parsed note at `path`. Its `problems` are empty.

    `text` is the whole decoded file, `front` its front matter, and `fields` the parsed front matter (empty if there is none or
    it is invalid). `outline` is the parsed Markdown of its body. With `label_first`, `[[a|b]]` is a link to b.
    """
    note_id = _id(path, front, text)
    runs, plain = with_plain_headings([passage(block, label_first) for block in outline.blocks], note_id)
    headings = [(passage.level, one_line(passage.text)) for passage in runs if passage.level]
    named = [heading for _, heading in headings if heading not in plain]
    title = frontmatter.title_of(fields) or _title(path, note_id, named)
    lines = Lines(text)
    links: list[Link] = []
    tags = list(frontmatter.tags_of(fields))
    above: list[tuple[int, str]] = []
    context: tuple[str, ...] = ()
    declared = False
    passages: list[Passage] = []
    for number, run in enumerate(runs):
        if run.level:
            above = [heading for heading in above if heading[0] < run.level]
            context = tuple(heading for _, heading in above)
        passages.append(Passage(*run[:-1], context) if context else run)
        for link in _links(path, run, context, lines, label_first):
            own_title = number == 0 and link.syntax == "bare" and link.dest == note_id and not declared and is_at_edge(run, link.dest)
            declared = declared or own_title
            if not own_title:
                links.append(link)
        if "#" in run.prose:
            tags += [clean for found in found_in(run.prose) if found["tag"] and (clean := clean_tag(found["tag"].rstrip("-/")))]
        if run.level:
            above.append((run.level, without_id(one_line(run.text), note_id)))
            context = tuple(heading for _, heading in above)
    if front:
        links += _in_front_matter(path, front, lines, label_first)
    links += [
        Link(
            path,
            "reference",
            lines.slice(item.start, item.end),
            item.dest,
            item.label,
            lines.at(item.start),
            item.start,
            item.end,
            (),
            "",
            (0, 0),
        )
        for item in outline.definitions
        if not is_web(item.dest) and item.dest.strip("#^ ") == item.dest.strip() and not item.label.startswith("^")
    ]
    links.sort(key=lambda link: (link.start, link.end))
    body = _text(runs)
    return Reading(
        note_id,
        title,
        frontmatter.aliases_of(fields),
        tuple(dict.fromkeys(nfc(tag) for tag in tags)),
        parse_moment(fields.get("date")) or parse_moment(fields.get("created")) or (moment(note_id) if note_id else None),
        _count_words(body),
        links,
        [],
        [heading for _, heading in headings],
        body,
        passages,
        lines,
        open_questions(title, tags, passages, lines, lines.byte(front.end) if front else 0),
        lookback(fields, tags, passages),
    )


def prose(path: str, text: str, front: frontmatter.FrontMatter | None, outline: Outline, *, label_first: bool = False) -> Prose:
    """Return only the headings and the text that `read` would, in a third of the time."""
    note_id = _id(path, front, text)
    runs, _ = with_plain_headings([passage(block, label_first) for block in outline.blocks], note_id)
    return Prose([one_line(passage.text) for passage in runs if passage.level], _text(runs))


def _text(runs: Iterable[Passage]) -> str:
    return nfc("\n".join(one_line(passage.text) for passage in runs))


def _id(path: str, front: frontmatter.FrontMatter | None, text: str) -> str | None:
    """Return the ID: in the file name, else in the folder's name for an index note, else `id:`, else at an edge of the first line."""
    folder, name = split_path(path)
    found = first_id(name)
    if not found and fold(without_suffix(name)) in INDEX_NAMES:
        found = first_id(split_path(folder)[1])
    if not found and front:
        found = frontmatter.id_of(front.raw)
    if not found:
        start = front.end if front else int(text[:1] == "\ufeff")
        first = re.search(r"\S[^\r\n]*", text[start : start + 2000])
        edge = ID_AT_EDGE.search(first[0].strip("\ufeff# \t")) if first else None
        found = edge[0] if edge else None
    return found


def _title(path: str, note_id: str | None, headings: list[str]) -> str:
    for heading in headings:
        if words := without_id(heading, note_id):
            return words
    name = without_suffix(split_path(path)[1])
    return nfc(without_id(name, note_id, anywhere=True)) or nfc(name)


def _count_words(text: str) -> int:
    return (b" " + text.encode().translate(SHAPE)).count(b" w") if text.isascii() else len(WORD.findall(text))


def _links(path: str, run: Passage, headings: tuple[str, ...], lines: Lines, label_first: bool) -> Sequence[Link]:
    """Return the links of a passage, each with its context."""
    found = [
        (at, at + len(piece.text), piece.syntax, lines.slice(piece.start, piece.end), *target, piece.start, piece.end)
        for at, piece in run.pieces
        if piece.kind == LINK and (target := _target(piece, label_first))
    ]
    for match in ids_in_prose(run.prose):
        written, sign, digits = match.group("id", "sign", "digits")
        start = byte_at(run, match.start())
        end = start + len(written.encode())
        syntax = "sign" if sign else "bare"
        if lines.slice(start, end) != written:  # there is markup inside
            start, syntax, written = byte_at(run, match.start("digits")), "bare", digits
            end = byte_at(run, match.end() - 1) + 1  # the digits are ASCII
            if lines.slice(start, end) != digits:
                continue
        label, till = label_after(run.prose, match.end())
        found.append((match.start(), till, syntax, written, digits, label, start, end))
    if not found:
        return ()
    starts = sentence_starts(run.text, max([one[0] for one in found]))
    links = []
    for at, till, syntax, written, dest, label, start, end in found:
        sentence, mark = sentence_around(run.text, starts, at, till)
        links.append(Link(path, syntax, written, dest, label, lines.at(start), start, end, headings, sentence, mark))
    return links


def _target(piece: Piece, label_first: bool) -> tuple[str, str] | None:
    """Return (destination, label) of a parsed link, or None if it has no destination, or one on the web."""
    dest, label = piece.dest, piece.text
    if piece.syntax in ("wiki", "embed") and "|" in dest:
        first, _, second = dest.rpartition("|") if label_first else dest.partition("|")
        dest, label = (second, first) if label_first else (first, second)
    elif piece.syntax == "wiki":
        label = ""
    dest = dest.strip().rstrip("\\").strip()
    label = one_line(label.rstrip("\\"))
    if dest.startswith("#") and piece.syntax in ("markdown", "html"):
        return None  # a heading in the same text, not a note
    if not dest.strip("#^ ") or (is_web(dest) and not dest.startswith("dendron://")):
        return None
    return dest, label


def _in_front_matter(path: str, front: frontmatter.FrontMatter, lines: Lines, label_first: bool) -> Iterator[Link]:
    if "[[" not in front.raw:
        return
    counted, start = 0, lines.byte(front.start)
    for line in LINE.finditer(front.raw):
        field = line[0].strip()
        indent = line.start() + len(line[0]) - len(line[0].lstrip())
        for found in WIKI.finditer(front.raw, *line.span()):
            if "{{" in found[1]:
                continue  # a template's placeholder
            piece = Piece(LINK, 0, 0, "", found[1].replace('\\"', '"'), "wiki")
            target = _target(piece, label_first)
            if target:
                start += len(front.raw[counted : found.start()].encode("utf-8", "surrogatepass"))
                counted = found.start()
                mark = found.start() - indent, found.end() - indent
                sentence, mark = (field, mark) if len(field) <= LONGEST_SENTENCE else sentence_around(field, [0], *mark)
                end = start + len(found[0].encode())
                yield Link(path, "frontmatter", found[0], *target, lines.at(start), start, end, (), sentence, mark)
