"""Reading a note: from its text and the parser's outline to a note, its links and its problems."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from zettel.model import frontmatter
from zettel.model.dates import parse_moment
from zettel.model.ids import first_id, moment, without_id
from zettel.model.link import Link
from zettel.model.note import Problem
from zettel.model.outline import BREAK, LINK, TEXT, Block, Outline, Piece
from zettel.model.prose import IN_PROSE, is_plain_heading, sentence_starts, title_after
from zettel.model.resolving import INDEX_NAMES, is_web
from zettel.model.tags import clean_tag
from zettel.model.text import fold, nfc, split_path, without_suffix

OPAQUE = "\ufffc"
WIKI = re.compile(r"!?\[\[([^\[\]\r\n]+)\]\]")
ID_AT_EDGE = re.compile(r"\A(?:[0-9]{14}|[0-9]{12})(?![\w/.])|(?:\A|(?<=[\s(\[]))(?:[0-9]{14}|[0-9]{12})(?=[)\]]?\Z)")
TWELVE_DIGITS = re.compile(r"[0-9]{12}")
WORD = re.compile(r"\w+")
LONGEST_SENTENCE = 600
"""Sentences are remembered up to this many characters around their link."""


class Reading(NamedTuple):
    """All that a note's own text says: no other note has been looked at.

    `created` is None where neither the front matter nor the ID tell it. `text` is the body in plain
    words, a block a line; `headings` are its headings.
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


class _Run(NamedTuple):
    """A block as plain words: `text` is shown, `prose` is the same with links and code made opaque."""

    level: int
    text: str
    prose: str
    pieces: list[tuple[int, Piece]]


def read(path: str, text: str, outline: Outline, fields: Mapping[str, object], *, label_first: bool = False) -> Reading:
    """Read the note at `path`.

    `text` is the whole file, decoded; `outline` its body's; `fields` its front matter (empty if there
    is none or it cannot be parsed). `label_first` takes `[[a|b]]` for a link to b.
    """
    front = frontmatter.split(text)
    runs = [_run(block, label_first) for block in outline.blocks]
    note_id = _id(path, front, text)
    runs, plain = _with_plain_headings(runs, note_id)
    headings = [(run.level, _words(run.text)) for run in runs if run.level]
    named = [heading for number, (_, heading) in enumerate(headings) if heading not in plain or (number == 0 and runs[0].level)]
    title = frontmatter.title_of(fields) or _title(path, note_id, named)
    lines = _Lines(text)
    links: list[Link] = []
    tags = list(frontmatter.tags_of(fields))
    above: list[tuple[int, str]] = []
    declared = False
    for number, run in enumerate(runs):
        if run.level:
            above = [heading for heading in above if heading[0] < run.level]
        context = tuple(heading for _, heading in above)
        for link in _links(path, run, context, lines, label_first):
            own_title = number == 0 and link.syntax == "bare" and link.dest == note_id and not declared and _is_at_edge(run, link.dest)
            declared = declared or own_title
            if not own_title:
                links.append(link)
        if "#" in run.prose:
            tags += [clean for found in IN_PROSE.finditer(run.prose) if found["tag"] and (clean := clean_tag(found["tag"].rstrip("-/")))]
        if run.level:
            above.append((run.level, without_id(_words(run.text), note_id)))
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
    body = nfc("\n".join(_words(run.text) for run in runs))
    return Reading(
        note_id,
        title,
        frontmatter.aliases_of(fields),
        tuple(dict.fromkeys(nfc(tag) for tag in tags)),
        parse_moment(fields.get("date")) or parse_moment(fields.get("created")) or (moment(note_id) if note_id else None),
        len(WORD.findall(body)),
        links,
        [],
        [heading for _, heading in headings],
        body,
    )


def _id(path: str, front: frontmatter.FrontMatter | None, text: str) -> str | None:
    """The ID: in the file name, else the folder's name for an index note, else `id:`, else at an edge of the first line."""
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


def _is_at_edge(run: _Run, note_id: str) -> bool:
    """Whether an ID is the first or last thing in a run's first line: the note's own, in its title line."""
    first = run.prose.strip().partition("\n")[0].strip()
    return first.startswith(note_id) or first.endswith(note_id)


def _words(text: str) -> str:
    return " ".join(text.split())


def _run(block: Block, label_first: bool) -> _Run:
    """A block's pieces as text, with each piece's place in it."""
    parts: list[str] = []
    prose: list[str] = []
    places: list[tuple[int, Piece]] = []
    at = 0
    for piece in block.pieces:
        shown = piece.text
        if piece.kind == LINK and piece.syntax in ("wiki", "embed"):
            shown = piece.dest.rpartition("|")[0] if label_first and "|" in piece.dest else shown or piece.dest
        parts.append(shown)
        prose.append(shown if piece.kind in (TEXT, BREAK) else OPAQUE * len(shown))
        places.append((at, piece._replace(text=shown)))
        at += len(shown)
    return _Run(block.level, "".join(parts), "".join(prose), places)


def _with_plain_headings(runs: list[_Run], note_id: str | None) -> tuple[list[_Run], set[str]]:
    """The runs, with lines that are headings without marks split off; and those headings.

    Looked for only in notes without any Markdown heading: text pasted from the web, and notes whose
    first line is their ID and title.
    """
    if any(run.level for run in runs):
        return runs, set()
    lines = [line for run in runs for line in _lines_of(run)]
    found: list[_Run] = []
    for number, line in enumerate(lines):
        after = lines[number + 1].text if number + 1 < len(lines) else ""
        is_title = number == 0 and note_id is not None and _is_at_edge(line, note_id) and len(line.text) <= 200
        if is_title or is_plain_heading(line.text, after):
            found.append(line._replace(level=1 if is_title else 2))
    if not found:
        return runs, set()
    heads = {(id(line.pieces), line.text) for line in found}
    split: list[_Run] = []
    for line in lines:
        is_head = (id(line.pieces), line.text) in heads
        level = next((head.level for head in found if head.pieces is line.pieces), 0) if is_head else 0
        split.append(line._replace(level=level))
    return split, {_words(head.text) for head in found if head.level == 2}


def _lines_of(run: _Run) -> Iterator[_Run]:
    """A run as one run a line."""
    start = 0
    bounds = [at for at, piece in run.pieces if piece.kind == BREAK]
    for end in (*bounds, len(run.text)):
        pieces = [(at - start, piece) for at, piece in run.pieces if start <= at < end or (at == end and not piece.text)]
        if run.text[start:end].strip() or pieces:
            yield _Run(run.level, run.text[start:end], run.prose[start:end], pieces)
        start = end


def _links(path: str, run: _Run, headings: tuple[str, ...], lines: _Lines, label_first: bool) -> Iterator[Link]:
    """The links of a run, each with its context."""
    found: list[tuple[int, int, str, str, str, int, int]] = []
    for at, piece in run.pieces:
        if piece.kind == LINK and (target := _target(piece, label_first)) is not None:
            dest, label = target
            found.append((at, at + len(piece.text), piece.syntax, dest, label, piece.start, piece.end))
    if TWELVE_DIGITS.search(run.prose):
        for match in IN_PROSE.finditer(run.prose):
            if match["id"]:
                start, end = _byte(run, match.start()), _byte(run, match.end() - 1) + 1  # the digits are ASCII
                label = title_after(run.prose, match.end())
                blank = len(run.prose) - match.end() - len(run.prose[match.end() :].lstrip(" \t"))
                till = match.end() + (blank + len(label) if run.prose.startswith(label, match.end() + blank) and label else 0)
                found.append((match.start(), till, "sign" if match["sign"] else "bare", match["digits"], label, start, end))
    if not found:
        return
    starts = sentence_starts(run.text)
    for at, till, syntax, dest, label, start, end in found:
        sentence, mark = _sentence(run.text, starts, at, till)
        yield Link(path, syntax, lines.slice(start, end), dest, label, lines.at(start), start, end, headings, sentence, mark)


def _target(piece: Piece, label_first: bool) -> tuple[str, str] | None:
    """(destination, label) of a parsed link, or None where it points to nothing or out into the web."""
    dest, label = piece.dest, _words(piece.text)
    if piece.syntax in ("wiki", "embed") and "|" in dest:
        first, _, second = dest.rpartition("|") if label_first else dest.partition("|")
        dest, label = (second, first) if label_first else (first, second)
    elif piece.syntax == "wiki":
        label = ""
    dest = dest.strip().rstrip("\\").strip()
    label = _words(label.rstrip("\\"))
    if dest.startswith("#") and piece.syntax in ("markdown", "html"):
        return None  # a place in the same text, not a note
    if not dest.strip("#^ ") or (is_web(dest) and not dest.startswith("dendron://")):
        return None
    return dest, label


def _byte(run: _Run, at: int) -> int:
    """The byte offset in the file of a character of a run."""
    place, piece = run.pieces[bisect_right(run.pieces, at, key=lambda item: item[0]) - 1]
    if piece.kind != TEXT or at - place >= len(piece.text):
        return piece.end
    return piece.start + len(piece.text[: at - place].encode())


def _sentence(text: str, starts: list[int], at: int, till: int) -> tuple[str, tuple[int, int]]:
    """The sentence around text[at:till] on one line, and where that stands in it."""
    number = bisect_right(starts, at) - 1
    start = starts[number]
    end = starts[number + 1] if number + 1 < len(starts) else len(text)
    end = max(end, till)
    cut_before, cut_after = max(start, at - LONGEST_SENTENCE // 2), min(end, till + LONGEST_SENTENCE // 2)
    before, inside, after = text[cut_before:at], text[at : min(till, at + LONGEST_SENTENCE)], text[till:cut_after]
    lead = ("…" if cut_before > start else "") + before.lstrip()
    whole = lead + inside + after.rstrip() + ("…" if cut_after < end else "")
    folded_lead, folded_upto = " ".join((lead + "\0").split())[:-1], " ".join((lead + inside + "\0").split())[:-1]
    return _words(whole), (len(folded_lead), len(folded_upto))


def _in_front_matter(path: str, front: frontmatter.FrontMatter, lines: _Lines, label_first: bool) -> Iterator[Link]:
    for found in WIKI.finditer(front.raw):
        if "{{" in found[1]:
            continue  # a template's placeholder
        piece = Piece(LINK, 0, 0, "", found[1].replace('\\"', '"'), "wiki")
        target = _target(piece, label_first)
        if target:
            start = lines.byte(front.start + found.start())
            end = start + len(found[0].encode())
            field = front.raw[front.raw.rfind("\n", 0, found.start()) + 1 :].splitlines()[0].strip()
            at = max(0, field.find(found[0]))
            yield Link(path, "frontmatter", found[0], *target, lines.at(start), start, end, (), field, (at, at + len(found[0])))


class _Lines:
    """Lines and bytes of a text: LF, CRLF and CR each end a line."""

    def __init__(self, text: str) -> None:
        self._data = text.encode("utf-8", "surrogatepass")
        self._text = text
        self._starts = [end.end() for end in re.finditer(rb"\r\n|\n|\r", self._data)]

    def at(self, offset: int) -> int:
        """The number of the line in which a byte stands, from 1."""
        return bisect_right(self._starts, offset) + 1

    def slice(self, start: int, end: int) -> str:
        """The text between two byte offsets."""
        return self._data[start:end].decode("utf-8", "replace")

    def byte(self, offset: int) -> int:
        """The byte offset of a character."""
        return len(self._text[:offset].encode("utf-8", "surrogatepass"))
