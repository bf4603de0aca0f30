"""Merge one note into another: as a section under its title, with its headings demoted, and with its tags and aliases added."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from typing import NamedTuple

from zettel.model.base.errors import Refused
from zettel.model.edit.anchor import AnchorNumber, number_anchor
from zettel.model.edit.labels import FreedLabels, LabelledText, free_labels, normalise_label
from zettel.model.edit.proof import (
    ExpectedLink,
    Replacement,
    apply_replacements,
    find_difference,
    has_one_text_changed,
    has_same_words_outside,
    keep_links,
)
from zettel.model.edit.retitle import add_field, list_escape_variants
from zettel.model.edit.sections import FOOTNOTE_MARK, find_heading_links, list_sections, rewrite_heading_link
from zettel.model.link.link import Link
from zettel.model.note import frontmatter
from zettel.model.note.heading import build_heading_key, find_words_end, get_heading_words, list_block_ids
from zettel.model.note.new_note import format_yaml
from zettel.model.note.parse import ParsedNote, ParseNote
from zettel.model.note.passage import BLANK, collapse_whitespace
from zettel.model.text.ids import strip_id

LINE_END = re.compile(rb"\r\n|\n|\r")
SECTION_LEVEL = 2
"""Level of the heading under which the merged note stands."""

ATX_MARKS = re.compile(rb"(?P<lead>[ \t>]*(?:[-+*][ \t]+|[0-9]+[.)][ \t]+)?)(?P<marks>#{1,6})(?=[ \t]|$)")
SETEXT_HEADING = re.compile(rb"(?P<text>[^\r\n]*)(?P<end>\r\n|\n|\r)[ ]{0,3}(?:=+|-+)[ \t]*(?=\r|\n|\Z)")
FIELD_KEYS = {"aliases": ("aliases", "alias"), "tags": ("tags", "keywords", "tag")}
"""The names that a list of aliases or tags may have in front matter, the usual one first."""

PLAIN_LIST = re.compile(r"[^\s\[{\"'|>&*!%@`#][^#\r\n]*")
"""A list that is written as one string, with commas or blanks between its items."""

PROBE = b"Qprobeq"


def build_section(data: bytes, parsed: ParsedNote, eol: bytes) -> bytes:
    """Return a note's text as a section: without front matter and title line, under a heading with its title and what hangs on it, with `eol` as line ending."""
    text = data.decode()
    front = frontmatter.find_front_matter(text)
    start = len(text[: front.body_start].encode()) if front else 3 * text.startswith("\ufeff")
    heading = next((passage for passage in parsed.passages if passage.pieces), None)
    levels = [passage.level for passage in parsed.passages if passage.level]
    hanging, marks = "", list[bytes]()
    if (
        heading
        and heading.level
        and strip_id(get_heading_words(heading), parsed.id) == parsed.title
        and "link" not in {piece.kind for _, piece in heading.pieces}
    ):
        end = _find_heading_end(data, heading.pieces[-1][1].end)
        hanging = collapse_whitespace(heading.text[find_words_end(heading.prose) :])
        marks = FOOTNOTE_MARK.findall(data, heading.pieces[0][1].start, _find_heading_end(data, heading.pieces[-1][1].end))
        levels.remove(heading.level)
        body = _demote_headings(data, parsed, end, SECTION_LEVEL + 1 - min(levels, default=SECTION_LEVEL + 1))
    else:
        body = _demote_headings(data, parsed, start, SECTION_LEVEL + 1 - min(levels, default=SECTION_LEVEL + 1))
    *_, title = list_escape_variants(parsed.title)
    line = f"{'#' * SECTION_LEVEL} {title}{b''.join(marks).decode()} {hanging}".rstrip()
    return eol.join([line.encode(), b"", LINE_END.sub(eol, body.strip(b"\r\n").rstrip(BLANK))]).rstrip(BLANK)


def _find_heading_end(data: bytes, offset: int) -> int:
    line = LINE_END.search(data, offset)
    if not line:
        return len(data)
    below = re.compile(rb"[ ]{0,3}(?:=+|-+)[ \t]*(?=\r|\n|\Z)").match(data, line.end())
    return below.end() if below else line.end()


def _demote_headings(data: bytes, parsed: ParsedNote, start: int, levels: int) -> bytes:
    """Return the bytes from `start` on with every heading `levels` levels lower, down to six. An underlined heading is rewritten with `#` marks."""
    if levels <= 0:
        return data[start:]
    starts = [
        passage.pieces[0][1].start
        for passage in parsed.passages
        if passage.level and passage.pieces and passage.pieces[0][1].start >= start
    ]
    for at in reversed(starts):
        line = max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1
        marks = ATX_MARKS.match(data, line)
        under = SETEXT_HEADING.match(data, line)
        if marks:
            demoted = marks["lead"] + b"#" * min(6, len(marks["marks"]) + levels)
            data = data[:line] + demoted + data[marks.end() :]
        elif under:
            level = 1 if b"=" in data[under.end("end") : under.end()] else 2
            data = data[:line] + b"#" * min(6, level + levels) + b" " + under["text"].lstrip() + data[under.end() :]
    return data[start:]


class JoinedNote(NamedTuple):
    """A note's bytes with a section at its end, and the labels that were renamed in the section, before and after."""

    data: bytes
    renamed_labels: Mapping[str, str]


def join_section(path: str, data: bytes, section: bytes, eol: bytes, parse: ParseNote) -> JoinedNote:
    """Return the note at `path` with a section at its end, which gets other labels for its link definitions and footnotes where the note has the same.

    Raises `Refused` if one of the two would not be read as before.
    """
    first, second = parse(data), parse(section)
    freed = free_labels(LabelledText(section, second), LabelledText(data, first))
    joined = data.rstrip(BLANK) + eol * 2 + freed.data.rstrip(BLANK) + eol
    whole = parse(joined)
    kept = [link for link in second.links if not (link.syntax_row.is_definition and normalise_label(link.label.encode()) in freed.dropped)]
    links = [*keep_links(first.links, may_move=True), *(_build_expected_link(link, freed) for link in kept)]
    expected = first._replace(
        tags=tuple(sorted({*first.tags, *second.tags})),
        passages=[*first.passages, *second.passages],
    )
    difference = find_difference(
        expected,
        whole._replace(tags=tuple(sorted(whole.tags))),
        may_differ=("problems", "problem codes", "headings", "table cells"),
        links=links,
        words=has_same_words_outside,
    )
    if difference and not has_one_text_changed(first, parse(data.rstrip(BLANK) + eol * 2 + PROBE + eol), added=(PROBE.decode(),)):
        raise Refused(
            f"{path} ends in open code or an open comment, which would swallow the merged text", "close it first: zettel edit NOTE"
        )
    if difference:
        at = difference.link
        where = (
            f": its link {[*first.links, *kept][at].text} would lead elsewhere"
            if at is not None
            else f": its {difference.facet} would change"
        )
        raise Refused(f"at the end of {path} the merged text would be read differently{where}", "merge the two by hand: zettel edit NOTE")
    return JoinedNote(joined, freed.renamed)


def _build_expected_link(link: Link, freed: FreedLabels) -> ExpectedLink:
    """Return what a link of the section must be: the same, except for its label if that was renamed."""
    number = bisect_left(freed.replacements, (link.start,))
    is_renamed = any(start <= link.end and link.start <= end for start, end, _ in freed.replacements[max(0, number - 1) : number + 4])
    return ExpectedLink(link.syntax, None if is_renamed else link.text, (link.dest,))


def count_twin_headings(one: ParsedNote, data: bytes, other: ParsedNote, section: bytes) -> dict[str, AnchorNumber]:
    """Return the keys of the anchors to headings in `section` that a note has, too, each with the number that the anchor has and needs below the note.

    The heading of the section does not count.
    """
    counts = Counter(build_heading_key(found.heading) for found in list_sections(one, data))
    keys = [build_heading_key(found.heading) for found in list_sections(other, section)]
    above: Counter[str] = Counter(keys[:1])
    found = {key: AnchorNumber(0, counts[key]) for key in keys[1:] if counts[key]}
    for key in keys[1:]:
        if counts[key] and above[key]:
            found.setdefault(f"{key}{above[key]}", AnchorNumber(above[key], above[key] + counts[key]))
        above[key] += 1
    return found


def number_block_ids(one: ParsedNote, other: ParsedNote, section: bytes) -> tuple[bytes, dict[str, AnchorNumber]]:
    """Return `section`, which `other` is parsed from, with a number behind the block IDs that the note `one` has, too, and the keys of these IDs."""
    taken, own = ({name.lower() for name, _ in list_block_ids(parsed.passages)} for parsed in (one, other))
    numbers: dict[str, AnchorNumber] = {}
    for key in sorted(taken & own):
        free = next(number for number in count(2) if f"{key}-{number}" not in taken | own)
        numbers[key] = AnchorNumber(0, free)
    replacements = [
        (at, at + len(name), number_anchor(name, numbers[name.lower()]).encode())
        for name, at in list_block_ids(other.passages)
        if name.lower() in numbers
    ]
    return apply_replacements(section, sorted(replacements)), numbers


def number_heading_links(data: bytes, parsed: ParsedNote, twins: Mapping[str, AnchorNumber]) -> bytes:
    """Return a text with the new numbers behind the anchors of its Markdown links to its own headings."""
    replacements: list[Replacement] = []
    for link in find_heading_links(parsed):
        written = rewrite_heading_link(data, link, f"#{number_anchor(link.anchor, twins[link.key])}") if link.key in twins else None
        if written:
            replacements.append(written)
    return apply_replacements(data, replacements)


def extend_field(data: bytes, field: str, items: Sequence[str], parse: ParseNote) -> bytes | None:
    """Add items to the note's aliases or tags in its front matter, and return the new bytes.

    Returns None if they cannot be added there, or if that would change more of the note.
    """
    after = _add_to_list_field(data, FIELD_KEYS[field], items)
    if after is None:
        return None
    old, new = parse(data), parse(after)
    difference = find_difference(old, new, may_differ=(field, "problems"), links=keep_links(old.links, may_move=True))
    is_added = sorted(getattr(new, field)) == sorted((*getattr(old, field), *items))
    return after if is_added and difference is None else None


def _add_to_list_field(data: bytes, keys: tuple[str, ...], items: Sequence[str]) -> bytes | None:
    """Add items to the list in the note's front matter that has one of the names in `keys`, and return the new bytes.

    The list is added as `keys[0]` if it is missing, and so is the front matter. Returns None if the field is not a list.
    """
    text = data.decode()
    front = frontmatter.find_front_matter(text)
    language = front.language if front else "yaml"
    shown = ", ".join(_format_scalar(item, language) for item in items)
    sign = " = " if language == "toml" else ": "
    raw = front.raw if front else ""
    field = re.search(rf"(?:\A|(?<=[\r\n]))(?i:{'|'.join(keys)})[ \t]*[:=][ \t]*(?P<rest>[^\r\n]*)", raw)
    if not front or not field:
        return add_field(data, f"{keys[0]}{sign}[{shown}]")
    start = front.raw_start
    flow = re.compile(r"\[(?P<inside>[^\[\]\r\n]*)\][ \t]*(?:#[^\r\n]*)?\Z").match(field["rest"])
    if flow:
        at = start + field.start("rest") + flow.end("inside")
        inside = flow["inside"].rstrip()
        at -= len(flow["inside"]) - len(inside)
        written = shown if not inside else (" " if inside.endswith(",") else ", ") + shown
        return (text[:at] + written + text[at:]).encode()
    if PLAIN_LIST.fullmatch(field["rest"]) and language == "yaml":
        at = start + field.start("rest") + len(field["rest"].rstrip())
        comma = ", " if keys[0] == "aliases" or "," in field["rest"] else " "
        return (text[:at] + "".join(comma + item for item in items) + text[at:]).encode()
    block = (
        re.compile(r"(?:[ \t]*(?:\r\n|\n|\r)(?P<indent>[ \t]*)-[ \t]+[^\r\n]*)+").match(raw, field.end())
        if not field["rest"].strip()
        else None
    )
    if block and language == "yaml":
        end = LINE_END.search(data)
        eol = end[0].decode() if end else "\n"
        at = start + block.end()
        return (text[:at] + "".join(f"{eol}{block['indent']}- {_format_scalar(item, language)}" for item in items) + text[at:]).encode()
    return None


def _format_scalar(item: str, language: str) -> str:
    return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' if language == "toml" or "," in item else format_yaml(item)
