"""Build a parsed note from its text, its front matter and the output of the Markdown parser."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.base.value import NamedTuple
from zettel.model.link.link import Link
from zettel.model.link.resolve import INDEX_NAMES, is_url
from zettel.model.link.syntax import BARE, EMBED, FRONT_MATTER, REFERENCE, SIGN, SYNTAX_BY_NAME, WIKI
from zettel.model.note import frontmatter
from zettel.model.note.blocks import LINK, Definition, ParsedMarkdown, Piece
from zettel.model.note.context import (
    BLOCK_ID,
    CALLOUT,
    COMMENT,
    MAX_SENTENCE,
    PROPERTY_LINE,
    NamedSpan,
    Quotation,
    Quoter,
    find_callout_title,
    find_words_before,
    is_in_callout_title,
)
from zettel.model.note.heading import find_words_end, get_heading_words
from zettel.model.note.passage import (
    LineIndex,
    Passage,
    build_passages,
    collapse_whitespace,
    find_byte_offset,
    has_id_at_edge,
    split_plain_headings,
)
from zettel.model.note.picture import list_pictures, strip_picture_size
from zettel.model.note.questions import OpenQuestion, find_open_questions
from zettel.model.note.review_date import find_review_date
from zettel.model.note.tags import normalise_tag
from zettel.model.text.dates import parse_timestamp
from zettel.model.text.fold import decode_name, fold, split_path, strip_suffix, to_nfc
from zettel.model.text.ids import find_first_id, parse_id_time, strip_id
from zettel.model.text.prose import OPAQUE, TAG_JOINERS, find_inline_tokens, find_label_after, find_prose_ids, has_long_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.note.problem import Problem

WIKI_LINK = compile_lazily(r"!?\[\[([^\[\]\r\n]+)\]\]")
ID_AT_EDGE = compile_lazily(
    r"\A(?:[0-9]{14}|[0-9]{12}|\((?:[0-9]{14}|[0-9]{12})\)|\[(?:[0-9]{14}|[0-9]{12})\])(?![\w/.])"
    r"|(?:\A|(?<=\s))(?:[0-9]{14}|[0-9]{12}|\((?:[0-9]{14}|[0-9]{12})\)|\[(?:[0-9]{14}|[0-9]{12})\])\Z"
)
"""An ID, perhaps in brackets, at the beginning or end of a heading."""

ID_AND_TITLE = compile_lazily(r"([0-9]{14}|[0-9]{12})(?:[ \t]*[:–—-]?[ \t]+(?P<title>\S[^\r\n]*))?")
"""A line that is nothing but an ID, or an ID and a title."""

FIELD = compile_lazily(r"\s*(?:- +)*[\"']?(?P<key>\w[^:=#\[\]{}\"']*?)[\"']?[ \t]*[:=](?=\s|\Z|[\"'\[])[ \t]*(?P<rest>.*)")
"""A line of front matter that begins a field."""

FIELD_ITEM = compile_lazily(r"(?:\[\[.*?\]\]|\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^,\[\]])+")
"""An item of a list in front matter that stands on one line."""

COMMENT_AFTER = compile_lazily(r"\s#.*")

PROPERTY = compile_lazily(r"[ \t]*(?P<key>[\w-]+)::(?:[ \t]+(?P<value>[^\n]*?))?[ \t]*")
TITLE_COMMENT = compile_lazily(r"(?s)<!--.*?-->")
LINE = compile_lazily(r"[^\r\n]+")
MAX_TITLE_LINE = 200
"""Maximum characters of a first line that is taken for an ID and a title."""

WORD = re.compile(r"\w+")
WORD_SHAPE = "".join("w" if WORD.match(char) else " " for char in map(chr, range(128))).encode().ljust(256)
"""Translation table for ASCII text that turns word characters into `w` and all others into spaces, to count words."""


class ParsedNote(NamedTuple):
    """Everything that can be known of a note from its own file, without looking at other notes.

    `created` is None if neither the front matter nor the ID has a date. `text` is the body as plain text, one block per line.
    `passages` are the body's blocks with their positions in the file, and `lines` maps its bytes to lines. `questions` are the
    open ones. `review_date` is the day (`YYYY-MM-DD`) from which the note is due for a look back. `title_line_id` is the ID that only the
    title line gives, whether or not it is the note's: it is not if another note has it in its file name, folder or front matter.
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
    title_line_id: str | None = None


IsTaken = Callable[[str], bool]
"""Returns whether another note has an ID in its file name, folder or front matter."""

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
    is_taken: IsTaken | None = None,
) -> ParsedNote:
    """Build the parsed note at `path`. Its `problems` are empty.

    `text` is the whole decoded file, `front` its front matter, and `fields` the parsed front matter (empty if there is none or
    it is invalid). `markdown` is the parsed Markdown of its body. With `label_first`, `[[a|b]]` is a link to b. `is_taken` returns whether
    another note has an ID by stronger evidence than a title line; without it, none has.
    """
    blocks = build_passages(markdown.blocks, label_first)
    note_id, title_line_id = _find_id(path, front, text, blocks, is_taken)
    plain_passages, plain_headings = split_plain_headings(blocks, note_id)
    passages, headings = _add_headings(plain_passages, note_id)
    lines = LineIndex(text)
    properties = _find_properties(blocks)
    title = frontmatter.find_title(fields) or frontmatter.find_title(properties)
    if not title:
        marked = [(passage, words) for passage, words in _list_headings(passages, headings) if words not in plain_headings]
        marked = [heading for heading in marked if not _is_nameless_picture(heading[0])]
        start = lines.to_byte_offset(front.body_start) if front else 0
        title = _choose_title(path, note_id, marked, _begins_with_heading(passages, marked, lines, start))
    links = _find_body_links(path, passages, note_id, lines, label_first)
    if front:
        links += _find_front_matter_links(path, front, lines, label_first)
    links += _find_definition_links(path, markdown.definitions, lines)
    links.sort(key=lambda link: (link.start, link.end))
    tags = [*frontmatter.list_tags(fields), *_find_inline_tags(passages)]
    aliases = frontmatter.list_aliases(fields)
    if properties:
        tags += frontmatter.list_tags(properties)
        aliases = tuple(dict.fromkeys((*aliases, *frontmatter.list_aliases(properties))))
    body = _join_passages(passages)
    return ParsedNote(
        id=note_id,
        title=title,
        aliases=aliases,
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
        title_line_id=title_line_id,
    )


def build_prose(
    path: str,
    text: str,
    front: frontmatter.FrontMatter | None,
    fields: Mapping[str, object],
    markdown: ParsedMarkdown,
    *,
    label_first: bool = False,
    is_taken: IsTaken | None = None,
) -> Prose:
    """Return what can be searched in a note: headings and text are those of `build_parsed_note`, in a third of the time."""
    blocks = build_passages(markdown.blocks, label_first)
    runs, _ = split_plain_headings(blocks, _find_id(path, front, text, blocks, is_taken)[0])
    headings = [get_heading_words(passage) for passage in runs if passage.level]
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
        text = "".join([strip_picture_size(piece.text) if piece.syntax == EMBED.name else piece.text for _, piece in passage.pieces])
    if "^" in text and BLOCK_ID.search(passage.prose):
        text = BLOCK_ID.sub("", text)
    if text[:2] == "[!" and (callout := CALLOUT.match(text)):
        return [collapse_whitespace(part) for part in text[callout.end() :].split("\n", 1)]
    if ":" in text and "::" in text:
        return [line for part in PROPERTY_LINE.split(text) if (line := collapse_whitespace(part))]
    return [collapse_whitespace(text)]


def _find_id(
    path: str, front: frontmatter.FrontMatter | None, text: str, blocks: Sequence[Passage], is_taken: IsTaken | None
) -> tuple[str | None, str | None]:
    """Return the note's ID, and the one that only its title line gives.

    The ID is in the file name, else in the folder's name for an index note, else `id:`, else in the title line unless it `is_taken`.
    """
    folder, name = split_path(path)
    found = find_first_id(name)
    if not found and fold(strip_suffix(name)) in INDEX_NAMES:
        found = find_first_id(split_path(folder)[1])
    if not found and front:
        found = frontmatter.find_id(front.raw)
    if found or not blocks:
        return found, None
    start = front.body_start if front else int(text[:1] == "\ufeff")
    first = re.search(r"\S[^\r\n]*", text[start : start + 2000])
    in_title = _find_title_line_id(blocks[0]) if first else None
    if not in_title or not first or in_title not in first[0]:
        return None, None
    return None if is_taken and is_taken(in_title) else in_title, in_title


def _find_title_line_id(first: Passage) -> str | None:
    """Return the ID of a note's first block, if that is a title: a heading with the ID at its beginning or end, or a line of an ID and a title."""
    if first.level:
        edge = ID_AT_EDGE.search(first.prose[: find_words_end(first.prose)].strip())
        return find_first_id(edge[0]) if edge else None
    if first.is_item or first.is_cell or first.quote:
        return None
    line = first.prose.strip().partition("\n")[0].strip()
    line = line[: find_words_end(line)]
    found = ID_AND_TITLE.fullmatch(line) if len(line) <= MAX_TITLE_LINE else None
    if not found:
        return None
    title = found["title"] or ""
    initial = next(filter(str.isalnum, title), "")
    is_other = OPAQUE in title or title.endswith((".", ",", ";", ":", "。")) or initial.islower() or (bool(title) and not initial)
    if is_other or any(token["id"] or token["tag"] or token["url"] for token in find_inline_tokens(title)):
        return None
    return found[1]


def _find_properties(blocks: Sequence[Passage]) -> dict[str, object]:
    """Return the properties of a Logseq page, `alias:: one, two`, if the note's first block is nothing else. Keys are in lower case."""
    if not blocks or blocks[0].level or "::" not in blocks[0].text:
        return {}
    found = [PROPERTY.fullmatch(line) for line in blocks[0].text.split("\n") if line.strip()]
    if not all(found):
        return {}
    return {match["key"].lower(): match["value"] or "" for match in found if match}


def _list_headings(passages: Iterable[Passage], words: Iterable[str]) -> Iterator[tuple[Passage, str]]:
    """Yield each heading with its words."""
    return zip((passage for passage in passages if passage.level), words, strict=True)


def _begins_with_heading(passages: Sequence[Passage], headings: Sequence[tuple[Passage, str]], lines: LineIndex, start: int) -> bool:
    """Return whether the first of some headings is the first block of the text from byte `start` on, pictures and comments aside."""
    if not headings:
        return False
    for passage in passages:
        if passage is headings[0][0] and not passage.quote and not passage.is_item:
            return not any(map(str.isalnum, TITLE_COMMENT.sub("", lines.slice(start, passage.pieces[0][1].start))))
        is_aside = passage.pieces and (len(list_pictures(passage)) == len(passage.pieces) or COMMENT.fullmatch(passage.prose.strip()))
        if not is_aside or passage.level:
            return False
        start = passage.pieces[-1][1].end
    return False


def _choose_title(path: str, note_id: str | None, headings: Sequence[tuple[Passage, str]], is_first: bool) -> str:
    """Return the first heading if it `is_first` in the note, else its first level-1 heading, else the file name if it has a letter, else a heading.

    Headings in quotes and lists are not those of the note.
    """
    titles = [(0 if passage.quote or passage.is_item else passage.level, strip_id(words, note_id)) for passage, words in headings]
    if is_first and titles[0][1]:
        return titles[0][1]
    for level, words in titles:
        if level == 1 and words:
            return words
    name = decode_name(strip_suffix(split_path(path)[1]))
    words = to_nfc(strip_id(name, note_id, anywhere=True))
    if not any(map(str.isalpha, words)):
        words = next((heading for _, heading in titles if heading), words)
    return words or to_nfc(name)


def _is_nameless_picture(heading: Passage) -> bool:
    """Return whether a heading is nothing but a picture without alternative text."""
    return OPAQUE in heading.prose and all(piece.text == piece.dest for _, piece in heading.pieces) and bool(list_pictures(heading))


def _count_words(text: str) -> int:
    return (b" " + text.encode().translate(WORD_SHAPE)).count(b" w") if text.isascii() else len(WORD.findall(text))


def _find_created(fields: Mapping[str, object], note_id: str | None) -> str | None:
    for field in frontmatter.DATE_FIELDS:
        if field in fields and (when := parse_timestamp(fields[field])):
            return when
    return parse_id_time(note_id) if note_id else None


def _add_headings(passages: Iterable[Passage], note_id: str | None) -> tuple[list[Passage], list[str]]:
    """Return the passages, each with the headings above it, without the note's ID in them, and the words of all headings.

    A heading in a quote or a list stands above nothing outside of it.
    """
    found: list[Passage] = []
    headings: list[str] = []
    above: list[tuple[int, str]] = []
    inside: list[tuple[int, str]] = []  # those in the quote or list
    context: tuple[str, ...] = ()
    for passage in passages:
        if inside and not passage.quote and not passage.is_item:
            inside = []
            context = tuple([words for _, words in above])
        if passage.level:
            if passage.quote or passage.is_item:
                inside = [heading for heading in inside if heading[0] < passage.level]
            else:
                above = [heading for heading in above if heading[0] < passage.level]
            context = tuple([words for _, words in (*above, *inside)])
        found.append(Passage(*passage[:-1], context) if context else passage)
        if passage.level:
            headings.append(get_heading_words(passage))
            words = strip_id(headings[-1], note_id)
            (inside if passage.quote or passage.is_item else above).append((passage.level, words))
            context = (*context, words)
    return found, headings


def _find_inline_tags(passages: Iterable[Passage]) -> Iterator[str]:
    for passage in passages:
        if "#" in passage.prose:
            for found in find_inline_tokens(passage.prose):
                if found["tag"] and (tag := normalise_tag(found["tag"].rstrip(TAG_JOINERS))):
                    yield tag


def _find_body_links(path: str, passages: Sequence[Passage], note_id: str | None, lines: LineIndex, label_first: bool) -> list[Link]:
    """Return the links of all passages. The note's own ID is not a link where it first stands in the title line."""
    links: list[Link] = []
    callouts: dict[int, str] = {}
    rows: dict[int, list[Passage]] | None = None
    wholes: dict[int, Quotation] = {}
    may_have_ids = has_long_number("\n".join([passage.prose for passage in passages]))
    title_heading = next((passage for passage in passages if passage.level == 1), None)
    for passage in passages:
        if passage.quote and passage.quote not in callouts:
            callouts[passage.quote] = find_callout_title(passage)
        found = _find_links(passage, lines, label_first, may_have_ids)
        if not found:
            continue
        if note_id and (passage is passages[0] or passage is title_heading):
            own = next(
                (link for link in found if link.syntax == BARE.name and link.dest == note_id and has_id_at_edge(passage, note_id)), None
            )
            found = [link for link in found if link is not own]
        if passage.row and rows is None:
            rows = {row: list(cells) for row, cells in groupby(filter(_get_row, passages), _get_row)}
        names = [(link.start, link.at, link.till) for link in found if not link.label and link.syntax in (BARE.name, SIGN.name)]
        quoter = Quoter(passage, rows[passage.row] if rows and passage.row else (), names, wholes)
        title = callouts.get(passage.quote, "") if passage.quote else ""
        last = max([link.at for link in found], default=0)
        for link in found:
            quoted = quoter.quote(link.at, link.till, last)
            above = (*passage.headings, title) if title and not is_in_callout_title(passage, link.at) else passage.headings
            line = lines.find_line(link.start)
            links.append(
                Link(
                    path,
                    link.syntax,
                    link.text,
                    link.dest,
                    link.label,
                    line,
                    link.start,
                    link.end,
                    above,
                    quoted.sentence,
                    quoted.mark,
                    quoted.names,
                )
            )
    return links


def _get_row(passage: Passage) -> int:
    return passage.row


def _find_definition_links(path: str, definitions: Iterable[Definition], lines: LineIndex) -> Iterator[Link]:
    """Yield a link for each reference definition that does not lead to the web, to a heading of the note or to a footnote."""
    for item in definitions:
        if not is_url(item.dest) and item.dest.strip("#^ ") == item.dest.strip() and not item.label.startswith("^"):
            written, line = lines.slice(item.start, item.end), lines.find_line(item.start)
            yield Link(path, REFERENCE.name, written, item.dest, item.label, line, item.start, item.end, (), "", (0, 0))


class _FoundLink(NamedTuple):
    """A link in a passage: from character `at` to `till`, with its label, and from byte `start` to `end`."""

    at: int
    till: int
    syntax: str
    text: str
    dest: str
    label: str
    start: int
    end: int


def _find_links(passage: Passage, lines: LineIndex, label_first: bool, may_have_ids: bool) -> list[_FoundLink]:
    """Return the links of a passage. Most notes have no bare IDs, so that they need not be looked for in each passage."""
    found: list[_FoundLink] = []
    prose, pieces = passage.prose, passage.pieces
    if len(pieces) > 1 or (pieces and pieces[0][1].kind == LINK):  # most passages are only text
        found = [
            _FoundLink(at, at + len(piece.text), piece.syntax, lines.slice(piece.start, piece.end), *target, piece.start, piece.end)
            for at, piece in pieces
            if piece.kind == LINK and (target := _parse_target(piece, label_first))
        ]
        if found and "](" in prose:
            found = [_take_words_before(passage, link) for link in found]
    for match in find_prose_ids(prose) if may_have_ids else ():
        written, sign, digits = match.group("id", "sign", "digits")
        start = find_byte_offset(passage, match.start())
        end = start + len(written.encode())
        syntax = SIGN.name if sign else BARE.name
        if lines.slice(start, end) != written:  # there is markup inside
            start, syntax, written = find_byte_offset(passage, match.start("digits")), BARE.name, digits
            end = find_byte_offset(passage, match.end() - 1) + 1  # the digits are ASCII
            if lines.slice(start, end) != digits:
                continue
        label, till = find_label_after(prose, match.end())
        found.append(_FoundLink(match.start(), till, syntax, written, digits, label, start, end))
    return found


def _take_words_before(passage: Passage, link: _FoundLink) -> _FoundLink:
    """Return a link with the words before it as its label, if it stands as the destination of `[words]([[target]])`."""
    words = find_words_before(passage.prose, link.at, link.till) if link.syntax == WIKI.name else None
    if not words:
        return link
    return link._replace(at=words[0], till=words[1], label=collapse_whitespace(passage.text[slice(*words)]))


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
    label = collapse_whitespace(label.rstrip("\\")) if label else ""
    if dest.startswith("#") and not syntax.may_have_brackets:
        return None  # a heading in the same text, not a note
    if not dest.strip("#^ ") or (is_url(dest) and not dest.startswith("dendron://")):
        return None
    return dest, label


def _find_front_matter_links(path: str, front: frontmatter.FrontMatter, lines: LineIndex, label_first: bool) -> Iterator[Link]:
    if "[[" not in front.raw:
        return
    counted, start = 0, lines.to_byte_offset(front.raw_start)
    key = ""
    for line in LINE.finditer(front.raw):
        field = FIELD.match(line[0])
        key = field["key"].strip() if field else key
        value_start = line.start() + (field.start("rest") if field else 0)
        items = (
            [item.span() for item in FIELD_ITEM.finditer(front.raw, value_start, line.end())]
            if front.raw[value_start : value_start + 1] == "["
            else []
        )
        for found in WIKI_LINK.finditer(front.raw, *line.span()):
            if "{{" in found[1]:
                continue  # a template's placeholder
            piece = Piece(LINK, 0, 0, "", found[1].replace('\\"', '"'), FRONT_MATTER.name)
            target = _parse_target(piece, label_first)
            if target:
                start += len(front.raw[counted : found.start()].encode("utf-8", "surrogatepass"))
                counted = found.start()
                end = start + len(found[0].encode())
                item = items[bisect_right(items, (found.start(), 1 << 62)) - 1] if items else (value_start, line.end())
                sentence, mark = _quote_field(key, front.raw, item, found.span(), target[1] or target[0])
                names: tuple[NamedSpan, ...] = () if target[1] else ((start, *mark),)
                yield Link(path, FRONT_MATTER.name, found[0], *target, lines.find_line(start), start, end, (), sentence, mark, names)


def _quote_field(key: str, raw: str, item: tuple[int, int], link: tuple[int, int], shown: str) -> tuple[str, tuple[int, int]]:
    """Return `key: value` for a link in front matter, and the (start, end) of the link in it, which is shown as `shown`.

    The value stands in `raw` from `item[0]` to `item[1]`, and the link from `link[0]` to `link[1]`.
    """
    before = _show_links(raw[max(item[0], link[0] - MAX_SENTENCE // 2) : link[0]].lstrip(" \t->|")).lstrip("\"'[ ")
    after = COMMENT_AFTER.sub("", _show_links(raw[link[1] : min(item[1], link[1] + MAX_SENTENCE // 2)])).rstrip(" \t,\"']")
    before, after = collapse_whitespace(before + "\0")[:-1], collapse_whitespace("\0" + after)[1:]
    lead = f"{key}: {before}" if key else before
    return f"{lead}{shown}{after}", (len(lead), len(lead) + len(shown))


def _show_links(raw: str) -> str:
    """Return a part of front matter with the words of its links in place of them."""
    return WIKI_LINK.sub(lambda found: found[1].rpartition("|")[2].strip(), raw) if "]]" in raw else raw
