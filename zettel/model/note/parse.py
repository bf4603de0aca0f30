"""Build a parsed note from its text, its front matter and the output of the Markdown parser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.base.value import NamedTuple
from zettel.model.link.link import Link
from zettel.model.link.resolve import INDEX_NAMES, is_url
from zettel.model.link.syntax import BARE, EMBED, FRONT_MATTER, REFERENCE, SIGN, SYNTAX_BY_NAME
from zettel.model.note import frontmatter
from zettel.model.note.blocks import LINK, Definition, ParsedMarkdown, Piece
from zettel.model.note.passage import (
    MAX_SENTENCE,
    LineIndex,
    Passage,
    build_passage,
    collapse_whitespace,
    find_byte_offset,
    find_sentence,
    has_id_at_edge,
    split_plain_headings,
)
from zettel.model.note.questions import OpenQuestion, find_open_questions
from zettel.model.note.review_date import find_review_date
from zettel.model.note.tags import normalise_tag
from zettel.model.text.dates import parse_timestamp
from zettel.model.text.fold import fold, split_path, strip_suffix, to_nfc
from zettel.model.text.ids import find_first_id, parse_id_time, strip_id
from zettel.model.text.prose import find_inline_tokens, find_label_after, find_prose_ids, find_sentence_starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.note.problem import Problem

WIKI_LINK = compile_lazily(r"!?\[\[([^\[\]\r\n]+)\]\]")
ID_AT_EDGE = compile_lazily(r"\A(?:[0-9]{14}|[0-9]{12})(?![\w/.])|(?:\A|(?<=[\s(\[]))(?:[0-9]{14}|[0-9]{12})(?=[)\]]?\Z)")
PICTURE_SIZE = compile_lazily(r"(?:\A|\|)\s*[0-9]{1,5}(?:x[0-9]{1,5})?\Z")
BLOCK_ID = compile_lazily(r"(?:\A|\s)\^[A-Za-z0-9-]+\s*\Z")
CALLOUT = compile_lazily(r"\[![\w-]+(?:\|[^\]\n]*)?\][+-]?[ \t]*")
PROPERTY_LINE = compile_lazily(r"(?m)^([ \t]*[\w-]+(?: [\w-]+){0,5}::(?![A-Za-z0-9_:]).*)$")
LINE = compile_lazily(r"[^\r\n]+")
WORD = re.compile(r"\w+")
WORD_SHAPE = "".join("w" if WORD.match(char) else " " for char in map(chr, range(128))).encode().ljust(256)
"""Translation table for ASCII text that turns word characters into `w` and all others into spaces, to count words."""


class ParsedNote(NamedTuple):
    """Everything that can be known of a note from its own file, without looking at other notes.

    `created` is None if neither the front matter nor the ID has a date. `text` is the body as plain text, one block per line.
    `passages` are the body's blocks with their positions in the file, and `lines` maps its bytes to lines. `questions` are the
    open ones. `review_date` is the day (`YYYY-MM-DD`) from which the note is due for a look back.
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
    lines: LineIndex
    questions: list[OpenQuestion]
    review_date: str | None


ParseNote = Callable[[bytes], ParsedNote]
"""Parses a note as if it had these bytes."""

ParseNoteAt = Callable[[str, bytes], ParsedNote]
"""Parses a note as if it had this path and these bytes."""


class Prose(NamedTuple):
    """What can be searched in a note: its headings, and its body as plain text, one block per line.

    `code` is the text of its code blocks, `addresses` are those that its links lead to outside the notebook, and `fields` the values of its
    front matter that have no other meaning, each with its key.
    """

    headings: list[str]
    text: str
    code: str = ""
    addresses: Sequence[str] = ()
    fields: Sequence[tuple[str, str]] = ()


def build_parsed_note(
    path: str,
    text: str,
    front: frontmatter.FrontMatter | None,
    fields: Mapping[str, object],
    markdown: ParsedMarkdown,
    *,
    label_first: bool = False,
) -> ParsedNote:
    """Build the parsed note at `path`. Its `problems` are empty.

    `text` is the whole decoded file, `front` its front matter, and `fields` the parsed front matter (empty if there is none or
    it is invalid). `markdown` is the parsed Markdown of its body. With `label_first`, `[[a|b]]` is a link to b.
    """
    note_id = _find_id(path, front, text)
    plain_passages, plain_headings = split_plain_headings([build_passage(block, label_first) for block in markdown.blocks], note_id)
    passages = _add_headings(plain_passages, note_id)
    headings = [collapse_whitespace(passage.text) for passage in passages if passage.level]
    title = frontmatter.find_title(fields) or _choose_title(path, note_id, [words for words in headings if words not in plain_headings])
    lines = LineIndex(text)
    links = _find_body_links(path, passages, note_id, lines, label_first)
    if front:
        links += _find_front_matter_links(path, front, lines, label_first)
    links += _find_definition_links(path, markdown.definitions, lines)
    links.sort(key=lambda link: (link.start, link.end))
    tags = [*frontmatter.list_tags(fields), *_find_inline_tags(passages)]
    body = _join_passages(passages)
    return ParsedNote(
        id=note_id,
        title=title,
        aliases=frontmatter.list_aliases(fields),
        tags=tuple(dict.fromkeys(to_nfc(tag) for tag in tags)),
        created=_find_created(fields, note_id),
        words=_count_words(body),
        links=links,
        problems=[],
        headings=headings,
        text=body,
        passages=passages,
        lines=lines,
        questions=find_open_questions(title, tags, passages, lines, lines.to_byte_offset(front.body_start) if front else 0),
        review_date=find_review_date(fields, tags, passages),
    )


def build_prose(
    path: str,
    text: str,
    front: frontmatter.FrontMatter | None,
    fields: Mapping[str, object],
    markdown: ParsedMarkdown,
    *,
    label_first: bool = False,
) -> Prose:
    """Return what can be searched in a note: headings and text are those of `build_parsed_note`, in a third of the time."""
    note_id = _find_id(path, front, text)
    runs, _ = split_plain_headings([build_passage(block, label_first) for block in markdown.blocks], note_id)
    headings = [collapse_whitespace(passage.text) for passage in runs if passage.level]
    destinations = [piece.dest for block in markdown.blocks for piece in block.pieces if piece.kind == LINK]
    addresses = [
        dest.partition("://")[2] or dest for dest in (*destinations, *(item.dest for item in markdown.definitions)) if is_url(dest)
    ]
    return Prose(
        headings, _join_passages(runs), "\n".join(markdown.code), list(dict.fromkeys(addresses)), frontmatter.list_other_fields(fields)
    )


def _join_passages(passages: Iterable[Passage]) -> str:
    return to_nfc("\n".join([line for passage in passages for line in _list_plain_lines(passage)]))


def _list_plain_lines(passage: Passage) -> list[str]:
    """Return the text of a passage without what is not words: sizes of pictures, block IDs and marks of callouts.

    It is one line, except that a property and the title of a callout are lines of their own.
    """
    text = passage.text
    if passage.prose is not passage.text and any(piece.syntax == EMBED.name for _, piece in passage.pieces):
        text = "".join([PICTURE_SIZE.sub("", piece.text) if piece.syntax == EMBED.name else piece.text for _, piece in passage.pieces])
    if "^" in text:
        text = BLOCK_ID.sub("", text)
    if text.startswith("[!") and (callout := CALLOUT.match(text)):
        return [collapse_whitespace(part) for part in text[callout.end() :].split("\n", 1)]
    if "::" in text:
        return [line for part in PROPERTY_LINE.split(text) if (line := collapse_whitespace(part))]
    return [collapse_whitespace(text)]


def _find_id(path: str, front: frontmatter.FrontMatter | None, text: str) -> str | None:
    """Return the ID: in the file name, else in the folder's name for an index note, else `id:`, else at an edge of the first line."""
    folder, name = split_path(path)
    found = find_first_id(name)
    if not found and fold(strip_suffix(name)) in INDEX_NAMES:
        found = find_first_id(split_path(folder)[1])
    if not found and front:
        found = frontmatter.find_id(front.raw)
    if not found:
        start = front.body_start if front else int(text[:1] == "\ufeff")
        first = re.search(r"\S[^\r\n]*", text[start : start + 2000])
        edge = ID_AT_EDGE.search(first[0].strip("\ufeff# \t")) if first else None
        found = edge[0] if edge else None
    return found


def _choose_title(path: str, note_id: str | None, headings: list[str]) -> str:
    for heading in headings:
        if words := strip_id(heading, note_id):
            return words
    name = strip_suffix(split_path(path)[1])
    return to_nfc(strip_id(name, note_id, anywhere=True)) or to_nfc(name)


def _count_words(text: str) -> int:
    return (b" " + text.encode().translate(WORD_SHAPE)).count(b" w") if text.isascii() else len(WORD.findall(text))


def _find_created(fields: Mapping[str, object], note_id: str | None) -> str | None:
    return parse_timestamp(fields.get("date")) or parse_timestamp(fields.get("created")) or (parse_id_time(note_id) if note_id else None)


def _add_headings(passages: Iterable[Passage], note_id: str | None) -> list[Passage]:
    """Return the passages, each with the headings above it, without the note's ID in them."""
    found: list[Passage] = []
    above: list[tuple[int, str]] = []
    context: tuple[str, ...] = ()
    for passage in passages:
        if passage.level:
            above = [heading for heading in above if heading[0] < passage.level]
            context = tuple([words for _, words in above])
        found.append(Passage(*passage[:-1], context) if context else passage)
        if passage.level:
            words = strip_id(collapse_whitespace(passage.text), note_id)
            above.append((passage.level, words))
            context = (*context, words)
    return found


def _find_inline_tags(passages: Iterable[Passage]) -> Iterator[str]:
    for passage in passages:
        if "#" in passage.prose:
            for found in find_inline_tokens(passage.prose):
                if found["tag"] and (tag := normalise_tag(found["tag"].rstrip("-/"))):
                    yield tag


def _find_body_links(path: str, passages: Sequence[Passage], note_id: str | None, lines: LineIndex, label_first: bool) -> list[Link]:
    """Return the links of all passages. The note's own ID is not a link where it first stands in the title line."""
    links: list[Link] = []
    for passage in passages:
        found = _find_links(path, passage, lines, label_first)
        if found and passage is passages[0]:
            own = next(
                (link for link in found if link.syntax == BARE.name and link.dest == note_id and has_id_at_edge(passage, note_id)), None
            )
            found = [link for link in found if link is not own]
        links += found
    return links


def _find_definition_links(path: str, definitions: Iterable[Definition], lines: LineIndex) -> Iterator[Link]:
    """Yield a link for each reference definition that does not lead to the web, to a heading of the note or to a footnote."""
    for item in definitions:
        if not is_url(item.dest) and item.dest.strip("#^ ") == item.dest.strip() and not item.label.startswith("^"):
            written, line = lines.slice(item.start, item.end), lines.find_line(item.start)
            yield Link(path, REFERENCE.name, written, item.dest, item.label, line, item.start, item.end, (), "", (0, 0))


def _find_links(path: str, passage: Passage, lines: LineIndex, label_first: bool) -> Sequence[Link]:
    """Return the links of a passage, each with its context."""
    found = [
        (at, at + len(piece.text), piece.syntax, lines.slice(piece.start, piece.end), *target, piece.start, piece.end)
        for at, piece in passage.pieces
        if piece.kind == LINK and (target := _parse_target(piece, label_first))
    ]
    for match in find_prose_ids(passage.prose):
        written, sign, digits = match.group("id", "sign", "digits")
        start = find_byte_offset(passage, match.start())
        end = start + len(written.encode())
        syntax = SIGN.name if sign else BARE.name
        if lines.slice(start, end) != written:  # there is markup inside
            start, syntax, written = find_byte_offset(passage, match.start("digits")), BARE.name, digits
            end = find_byte_offset(passage, match.end() - 1) + 1  # the digits are ASCII
            if lines.slice(start, end) != digits:
                continue
        label, till = find_label_after(passage.prose, match.end())
        found.append((match.start(), till, syntax, written, digits, label, start, end))
    if not found:
        return ()
    starts = find_sentence_starts(passage.text, max([one[0] for one in found]))
    links = []
    for at, till, syntax, written, dest, label, start, end in found:
        sentence, mark = find_sentence(passage.text, starts, at, till)
        links.append(Link(path, syntax, written, dest, label, lines.find_line(start), start, end, passage.headings, sentence, mark))
    return links


def _parse_target(piece: Piece, label_first: bool) -> tuple[str, str] | None:
    """Return (destination, label) of a parsed link, or None if it has no destination, or one on the web."""
    dest, label = piece.dest, piece.text
    syntax = SYNTAX_BY_NAME[piece.syntax]
    if syntax.may_have_brackets and "|" in dest:
        first, _, second = dest.rpartition("|") if label_first else dest.partition("|")
        dest, label = (second, first) if label_first else (first, second)
    elif syntax.shows_destination:
        label = ""
    dest = dest.strip().rstrip("\\").strip()
    label = collapse_whitespace(label.rstrip("\\"))
    if dest.startswith("#") and not syntax.may_have_brackets:
        return None  # a heading in the same text, not a note
    if not dest.strip("#^ ") or (is_url(dest) and not dest.startswith("dendron://")):
        return None
    return dest, label


def _find_front_matter_links(path: str, front: frontmatter.FrontMatter, lines: LineIndex, label_first: bool) -> Iterator[Link]:
    if "[[" not in front.raw:
        return
    counted, start = 0, lines.to_byte_offset(front.raw_start)
    for line in LINE.finditer(front.raw):
        field = line[0].strip()
        indent = line.start() + len(line[0]) - len(line[0].lstrip())
        for found in WIKI_LINK.finditer(front.raw, *line.span()):
            if "{{" in found[1]:
                continue  # a template's placeholder
            piece = Piece(LINK, 0, 0, "", found[1].replace('\\"', '"'), FRONT_MATTER.name)
            target = _parse_target(piece, label_first)
            if target:
                start += len(front.raw[counted : found.start()].encode("utf-8", "surrogatepass"))
                counted = found.start()
                mark = found.start() - indent, found.end() - indent
                sentence, mark = (field, mark) if len(field) <= MAX_SENTENCE else find_sentence(field, [0], *mark)
                end = start + len(found[0].encode())
                yield Link(path, FRONT_MATTER.name, found[0], *target, lines.find_line(start), start, end, (), sentence, mark)
