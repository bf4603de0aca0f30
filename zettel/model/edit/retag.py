"""Rename a tag, and the tags nested below it, in a note: in its front matter and in prose.

Every edit is verified by parsing the result: only the tags have changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from zettel.model.base.value import value
from zettel.model.edit.proof import Replacement, apply_replacements, find_difference, keep_links
from zettel.model.note import frontmatter
from zettel.model.note.frontmatter import TAG_FIELDS, Scalar, find_tag_spans
from zettel.model.note.parse import ParsedNote
from zettel.model.note.passage import Passage, find_byte_end, find_byte_offset
from zettel.model.note.tags import normalise_tag
from zettel.model.text.fold import fold, to_nfc
from zettel.model.text.prose import INLINE_TOKEN, TAG_JOINERS

MAX_TRIED = 30
"""Occurrences that are tried one by one to find where a rename fails."""


class TaggedNote(NamedTuple):
    """A parsed note, the fields of its front matter, and the scalars of those fields that hold tags."""

    parsed: ParsedNote
    fields: Mapping[str, object]
    tag_scalars: list[Scalar]


ParseTaggedNote = Callable[[bytes], TaggedNote]
"""Parses the note as if it had these bytes."""


@value
class TagRename:
    """A rename of the tag `old`, and of the tags nested below it, to `new`. `old` matches in any letter case."""

    old: str
    new: str

    def apply_to(self, tag: str) -> str:
        """Return the new name of a tag. If `new` is nested below `old` (a to a/b), tags that are below `new` already do not change."""
        old, new, key = fold(self.old), fold(self.new), fold(tag)
        if not _is_within(key, old) or (new != old and _is_within(new, old) and _is_within(key, new)):
            return tag
        return self.new + tag[self.measure_old_part(tag) :]

    def measure_old_part(self, tag: str) -> int:
        """Count the characters of a tag that `old` stands for, without what is nested below."""
        return len("/".join(tag.split("/")[: self.old.count("/") + 1]))

    def apply_to_text(self, text: str) -> str:
        """Return prose with its tags renamed."""
        for start, end, tag in reversed(list(find_prose_tags(text))):
            if self.apply_to(tag) != tag:
                text = text[:start] + self.new + text[start + self.measure_old_part(text[start:end]) :]
        return text


class TagUse(NamedTuple):
    """An occurrence of a tag in a note, and what it `new_tag`: None if it is removed because its list already has the new tag.

    `replacement` replaces the bytes from `start` to `end`. In prose, `passage_number` is the number of the passage and `passage_span` the span of characters
    within it. If `is_located` is false, the tag is written with escapes, so its bytes are unknown.
    """

    start: int
    end: int
    replacement: bytes
    tag: str
    new_tag: str | None
    passage_number: int = -1
    passage_span: tuple[int, int] = (0, 0)
    is_located: bool = True


class RetaggedNote(NamedTuple):
    """The bytes of a note with a tag renamed. `failures` has a message for each occurrence that cannot be renamed; the bytes are unchanged then."""

    data: bytes
    failures: tuple[str, ...] = ()


def retag_note(path: str, data: bytes, rename: TagRename, parse: ParseTaggedNote) -> RetaggedNote:
    """Rename a tag in the front matter and prose of the note at `path`."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return RetaggedNote(data, (f"{path}: it is not UTF-8",))
    before = parse(data)
    uses = [*_find_front_matter_uses(text, before, rename), *_find_passage_uses(before.parsed, rename)]
    if _list_new_tags(uses, frozenset()) != before.parsed.tags:
        return RetaggedNote(data, (f"{path}: the way its front matter writes tags cannot be edited",))
    chosen = frozenset(use for use in uses if use.new_tag != use.tag)
    after = apply_replacements(data, _list_replacements(chosen))
    if all(use.is_located for use in chosen) and _is_correct(before, parse(after), uses, chosen, rename):
        return RetaggedNote(after)

    def is_wrong(use: TagUse) -> bool:
        alone = frozenset([use])
        after = parse(apply_replacements(data, _list_replacements(alone)))
        return not use.is_located or not _is_correct(before, after, uses, alone, rename)

    in_order = sorted(chosen, key=lambda use: (use.start, use.end))
    wrong = filter(is_wrong, in_order[:MAX_TRIED])
    line = before.parsed.lines.find_line
    failures = tuple(f"{path}:{line(use.start)}: #{use.tag} cannot become #{rename.apply_to(use.tag)} there" for use in wrong)
    return RetaggedNote(data, failures or (f"{path}: #{rename.old} cannot become #{rename.new} in it",))


def _is_within(tag: str, parent: str) -> bool:
    return tag == parent or tag.startswith(parent + "/")


def _find_front_matter_uses(text: str, note: TaggedNote, rename: TagRename) -> Iterator[TagUse]:
    front = frontmatter.find_front_matter(text)
    if not front:
        return
    byte = note.parsed.lines.to_byte_offset
    for field in TAG_FIELDS:
        items = list_tag_items(front.raw, [scalar for scalar in note.tag_scalars if scalar.field == field])
        present = {fold(item.tag) for item in items if rename.apply_to(item.tag) == item.tag}
        removed: dict[int, tuple[int, int]] = {}
        for at, item in enumerate(items):
            new_tag = rename.apply_to(item.tag)
            start, end = item.start, item.start + rename.measure_old_part(front.raw[item.start : item.end])
            is_duplicate = new_tag != item.tag and fold(new_tag) in present
            if is_duplicate and item.is_located:
                start, end = removed[at] = find_removal_span(front.raw, items, at, removed)
            present.add(fold(new_tag))
            written = b"" if is_duplicate else rename.new.encode()
            span = byte(front.raw_start + start), byte(front.raw_start + end)
            yield TagUse(*span, written, item.tag, None if is_duplicate else new_tag, is_located=item.is_located)


def _find_passage_uses(parsed: ParsedNote, rename: TagRename) -> Iterator[TagUse]:
    for number, passage in enumerate(parsed.passages):
        for start, tag_end, tag in find_prose_tags(passage.prose):
            end = start + rename.measure_old_part(passage.prose[start:tag_end])
            span = find_byte_offset(passage, start), find_byte_end(passage, end - 1)
            yield TagUse(*span, rename.new.encode(), tag, rename.apply_to(tag), number, (start, end))


def find_prose_tags(prose: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, tag) of the tags in prose, without their `#`."""
    for found in INLINE_TOKEN.finditer(prose) if "#" in prose else ():
        written = (found["tag"] or "").rstrip(TAG_JOINERS)
        if tag := normalise_tag(written):
            start = found.start("tag")
            yield start, start + len(written), to_nfc(tag)


def _list_new_tags(uses: Iterable[TagUse], chosen: frozenset[TagUse]) -> tuple[str, ...]:
    """Return the tags of a note after the `chosen` occurrences are renamed."""
    tags = (_get_new_tag(use, chosen) for use in uses)
    return tuple(dict.fromkeys(to_nfc(tag) for tag in tags if tag is not None))


def _get_new_tag(use: TagUse, chosen: frozenset[TagUse]) -> str | None:
    return use.new_tag if use in chosen else use.tag


def _list_replacements(chosen: Iterable[TagUse]) -> list[Replacement]:
    """Return the replacements that rename the tags, in order and without overlaps."""
    replacements: list[Replacement] = []
    at = 0
    for start, end, written in sorted({(use.start, use.end, use.replacement) for use in chosen}):
        replacements.append((max(at, start), max(at, end), written))
        at = max(at, end)
    return replacements


def _is_correct(before: TaggedNote, after: TaggedNote, uses: list[TagUse], chosen: frozenset[TagUse], rename: TagRename) -> bool:
    """Return whether the edit changed nothing in the note except the renamed tags."""
    old, new = before.parsed, after.parsed
    expected = old._replace(
        title=new.title if new.title == rename.apply_to_text(old.title) else old.title,
        tags=_list_new_tags(uses, chosen),
        passages=_rename_in_passages(old.passages, chosen, rename.new),
    )
    links = keep_links(old.links, _list_replacements(chosen))
    prose_tags = [tag for passage in new.passages for _, _, tag in find_prose_tags(passage.prose)]
    return (
        find_difference(expected, new, may_differ=("headings",), links=links) is None
        and _drop_tag_fields(before.fields) == _drop_tag_fields(after.fields)
        and [_get_new_tag(use, chosen) for use in uses if use.passage_number >= 0] == prose_tags
    )


def _drop_tag_fields(fields: Mapping[str, object]) -> dict[str, object]:
    return {field: item for field, item in fields.items() if field not in TAG_FIELDS}


def _rename_in_passages(passages: Sequence[Passage], chosen: Iterable[TagUse], new: str) -> list[Passage]:
    """Return the passages with the chosen tags renamed."""
    renamed = list(passages)
    for use in sorted((use for use in chosen if use.passage_number >= 0), key=lambda use: use.passage_span, reverse=True):
        (start, end), passage = use.passage_span, renamed[use.passage_number]
        text, prose = (one[:start] + new + one[end:] for one in (passage.text, passage.prose))
        renamed[use.passage_number] = passage._replace(text=text, prose=prose)
    return renamed


QUOTES = ('"""', "'''", '"', "'")
TAG_PREFIX = re.compile(r"\s*#*/*")
SEPARATOR = re.compile(r"\s*[,;]?\s*")
TRAILING_SEPARATOR = re.compile(r"[ \t]*[,;]?[ \t]*")


class TagItem(NamedTuple):
    """A tag in front matter, at the characters from `start` to `end`.

    If `is_located` is false, the tag is written with escapes and cannot be located, so the span is that of its whole scalar. `removal_span` is the
    span to delete when the tag is removed: the list item with its quotes, or the word if the scalar holds several tags. `scalar`
    is the text that contains the tag, and `is_list_item` is true if that is a list item with this tag only.
    """

    tag: str
    start: int
    end: int
    removal_span: tuple[int, int]
    scalar: Scalar
    is_list_item: bool
    is_located: bool = True


def list_tag_items(raw: str, scalars: Sequence[Scalar]) -> list[TagItem]:
    """Return the tags in the scalars of one field. `raw` is the front matter between its fences."""
    return [item for scalar in scalars for item in _parse_tag_items(raw, scalar)]


def _parse_tag_items(raw: str, scalar: Scalar) -> list[TagItem]:
    content_start, content_end = _find_content_span(raw, scalar)
    words = [scalar.text[start:end] for start, end in find_tag_spans(scalar.text, is_item=scalar.is_item)]
    written = [
        (content_start + start, content_start + end)
        for start, end in find_tag_spans(raw[content_start:content_end], is_item=scalar.is_item)
    ]
    is_alone = scalar.is_item and len(words) == 1
    found = []
    for number, word in enumerate(words):
        tag = normalise_tag(word)
        if tag and len(words) != len(written):  # an escape stands for a comma or a blank
            found.append(TagItem(tag, scalar.start, scalar.end, (scalar.start, scalar.end), scalar, is_alone, False))
        elif tag:
            start, end = written[number]
            text = raw[start:end].rstrip()
            lead = TAG_PREFIX.match(text)
            first = start + (lead.end() if lead else 0)
            last = start + len(text.rstrip("/"))
            blank = len(text) - len(text.lstrip())
            whole = (scalar.start, scalar.end) if is_alone else (start + blank, start + len(text))
            found.append(TagItem(tag, first, last, whole, scalar, is_alone))
    return found


def _find_content_span(raw: str, scalar: Scalar) -> tuple[int, int]:
    """Return the span of a scalar's content: inside its quotes, or below the header line of a block scalar."""
    text = raw[scalar.start : scalar.end]
    if text[:1] in ("|", ">"):
        head = re.match(r"[^\r\n]*", text)
        return scalar.start + (head.end() if head else 0), scalar.end
    quotes = next((len(quote) for quote in QUOTES if text.startswith(quote)), 0)
    return scalar.start + quotes, scalar.end - quotes


def find_removal_span(raw: str, items: Sequence[TagItem], number: int, removed: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
    """Return the span of characters to delete to remove item number `number` of a field.

    The span includes the item's comma, or the dash in a list with dashes, and the whole line if nothing else is on it. `removed` holds the
    spans of items that are removed already.
    """
    item = items[number]
    start, end = item.removal_span
    dash = raw[:start].rstrip(" \t")
    if item.is_list_item and dash.endswith("-"):
        return _extend_to_line(raw, len(dash) - 1, end)
    previous = [other for other in range(number) if item.is_list_item or items[other].scalar == item.scalar]
    if any(other not in removed for other in previous):
        before = items[number - 1].scalar.end if item.is_list_item else items[number - 1].removal_span[1]
        if removed.get(number - 1, (0, before))[1] == before and SEPARATOR.fullmatch(raw, before, start):
            return before, end
    after = TRAILING_SEPARATOR.match(raw, end)
    return _extend_to_line(raw, start, after.end() if after else end)


def _extend_to_line(raw: str, start: int, end: int) -> tuple[int, int]:
    """Extend a span of deleted characters to the whole line if nothing else is on it."""
    first = max(raw.rfind("\n", 0, start), raw.rfind("\r", 0, start)) + 1
    rest = re.compile(r"[ \t]*(?:\r\n|\n|\r|\Z)").match(raw, end)
    return (first, rest.end()) if rest and not raw[first:start].strip() else (start, end)
