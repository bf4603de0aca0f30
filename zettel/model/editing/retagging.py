"""Rename a tag, and the tags nested below it, in a note.

Every edit is verified by parsing the result: only the tags have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from zettel.model import frontmatter
from zettel.model.editing.tagitems import find_removal_span, list_tag_items
from zettel.model.frontmatter import TAG_FIELDS, Scalar
from zettel.model.passage import find_byte_end, find_byte_offset
from zettel.model.prose import INLINE_TOKEN
from zettel.model.reading import ParsedNote
from zettel.model.tags import normalise_tag
from zettel.model.text import fold, to_nfc
from zettel.model.value import value

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
        for start, end, tag in reversed(list(_find_prose_tags(text))):
            if self.apply_to(tag) != tag:
                text = text[:start] + self.new + text[start + self.measure_old_part(text[start:end]) :]
        return text


class TagUse(NamedTuple):
    """An occurrence of a tag in a note, and what it `new_tag`: None if it is removed because its list already has the new tag.

    `replacement` replaces the bytes from `raw_start` to `end`. In prose, `passage_number` is the number of the passage and `passage_span` the span of characters
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
    after = _apply_replacements(data, chosen)
    if all(use.is_located for use in chosen) and _is_correct(before, parse(after), uses, chosen, rename):
        return RetaggedNote(after)

    def is_wrong(use: TagUse) -> bool:
        alone = frozenset([use])
        return not use.is_located or not _is_correct(before, parse(_apply_replacements(data, alone)), uses, alone, rename)

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
        for start, tag_end, tag in _find_prose_tags(passage.prose):
            end = start + rename.measure_old_part(passage.prose[start:tag_end])
            span = find_byte_offset(passage, start), find_byte_end(passage, end - 1)
            yield TagUse(*span, rename.new.encode(), tag, rename.apply_to(tag), number, (start, end))


def _find_prose_tags(prose: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, tag) of the tags in prose, without their `#`."""
    for found in INLINE_TOKEN.finditer(prose) if "#" in prose else ():
        written = (found["tag"] or "").rstrip("-/")
        if tag := normalise_tag(written):
            start = found.start("tag")
            yield start, start + len(written), to_nfc(tag)


def _list_new_tags(uses: Iterable[TagUse], chosen: frozenset[TagUse]) -> tuple[str, ...]:
    """Return the tags of a note after the `chosen` occurrences are renamed."""
    tags = (_get_new_tag(use, chosen) for use in uses)
    return tuple(dict.fromkeys(to_nfc(tag) for tag in tags if tag is not None))


def _get_new_tag(use: TagUse, chosen: frozenset[TagUse]) -> str | None:
    return use.new_tag if use in chosen else use.tag


def _list_replacements(chosen: Iterable[TagUse]) -> Iterator[tuple[int, int, bytes]]:
    """Yield (start, end, new bytes) of the replacements, in order and without overlaps."""
    at = 0
    for start, end, written in sorted({(use.start, use.end, use.replacement) for use in chosen}):
        yield max(at, start), max(at, end), written
        at = max(at, end)


def _apply_replacements(data: bytes, chosen: Iterable[TagUse]) -> bytes:
    parts = []
    at = 0
    for start, end, written in _list_replacements(chosen):
        parts += [data[at:start], written]
        at = end
    return b"".join([*parts, data[at:]])


def _is_correct(before: TaggedNote, after: TaggedNote, uses: list[TagUse], chosen: frozenset[TagUse], rename: TagRename) -> bool:
    """Return whether the edit changed nothing in the note except the renamed tags."""
    old, new = before.parsed, after.parsed
    return (
        new.tags == _list_new_tags(uses, chosen)
        and all(getattr(old, field) == getattr(new, field) for field in ("id", "aliases", "created", "problems"))
        and new.title in (old.title, rename.apply_to_text(old.title))
        and _drop_tag_fields(before.fields) == _drop_tag_fields(after.fields)
        and _collect_passages(old, chosen, rename.new) == _collect_passages(new)
        and [_get_new_tag(use, chosen) for use in uses if use.passage_number >= 0]
        == [tag for passage in new.passages for _, _, tag in _find_prose_tags(passage.prose)]
        and _collect_links(old, chosen) == _collect_links(new)
    )


def _drop_tag_fields(fields: Mapping[str, object]) -> dict[str, object]:
    return {field: item for field, item in fields.items() if field not in TAG_FIELDS}


def _collect_passages(parsed: ParsedNote, chosen: Iterable[TagUse] = (), new: str = "") -> list[tuple[int, bool, str, str]]:
    """Return the level and text of each passage, with the chosen tags renamed."""
    content = [(passage.level, passage.is_cell, passage.text, passage.prose) for passage in parsed.passages]
    for use in sorted((use for use in chosen if use.passage_number >= 0), key=lambda use: use.passage_span, reverse=True):
        (start, end), (level, is_cell, text, prose) = use.passage_span, content[use.passage_number]
        content[use.passage_number] = level, is_cell, text[:start] + new + text[end:], prose[:start] + new + prose[end:]
    return content


def _collect_links(parsed: ParsedNote, chosen: Iterable[TagUse] = ()) -> list[tuple[str, str, str, int]]:
    """Return the links of a note, with the offsets that they have after the chosen tags are renamed."""
    edits = list(_list_replacements(chosen))
    found = []
    growth = at = 0
    for link in parsed.links:
        while at < len(edits) and edits[at][0] < link.start:
            start, end, written = edits[at]
            growth += len(written) - (end - start)
            at += 1
        found.append((link.syntax, link.text, link.dest, link.start + growth))
    return found
