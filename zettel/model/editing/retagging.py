"""Rename a tag, and the tags nested below it, in a note.

Every edit is verified by parsing the result: only the tags have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from zettel.model import frontmatter
from zettel.model.editing.tagitems import tag_items, without
from zettel.model.frontmatter import TAG_FIELDS, Scalar
from zettel.model.passage import byte_after, byte_at
from zettel.model.prose import IN_PROSE
from zettel.model.reading import Reading
from zettel.model.tags import clean_tag
from zettel.model.text import fold, nfc
from zettel.model.value import value

TRIED = 30
"""Occurrences that are tried one by one to find where a rename fails."""


class Seen(NamedTuple):
    """A parsed note, the fields of its front matter, and the scalars of those fields that hold tags."""

    reading: Reading
    fields: Mapping[str, object]
    scalars: list[Scalar]


See = Callable[[bytes], Seen]
"""Parses the note as if it had these bytes."""


@value
class Renaming:
    """A rename of the tag `old`, and of the tags nested below it, to `new`. `old` matches in any letter case."""

    old: str
    new: str

    def of(self, tag: str) -> str:
        """Return the new name of a tag. If `new` is nested below `old` (a to a/b), tags that are below `new` already do not change."""
        old, new, key = fold(self.old), fold(self.new), fold(tag)
        if not _is_within(key, old) or (new != old and _is_within(new, old) and _is_within(key, new)):
            return tag
        return self.new + tag[self.head(tag) :]

    def head(self, tag: str) -> int:
        """Count the characters of a tag that `old` stands for, without what is nested below."""
        return len("/".join(tag.split("/")[: self.old.count("/") + 1]))

    def in_text(self, text: str) -> str:
        """Return prose with its tags renamed."""
        for start, end, tag in reversed(list(_in_prose(text))):
            if self.of(tag) != tag:
                text = text[:start] + self.new + text[start + self.head(text[start:end]) :]
        return text


class Use(NamedTuple):
    """An occurrence of a tag in a note, and what it `becomes`: None if it is removed because its list already has the new tag.

    `written` replaces the bytes from `start` to `end`. In prose, `passage` is the number of the passage and `chars` the span of characters
    within it. If `is_placed` is false, the tag is written with escapes, so its bytes are unknown.
    """

    start: int
    end: int
    written: bytes
    tag: str
    becomes: str | None
    passage: int = -1
    chars: tuple[int, int] = (0, 0)
    is_placed: bool = True


class Retagged(NamedTuple):
    """The bytes of a note with a tag renamed. `stuck` has a message for each occurrence that cannot be renamed; the bytes are unchanged then."""

    data: bytes
    stuck: tuple[str, ...] = ()


def retagged(path: str, data: bytes, renaming: Renaming, see: See) -> Retagged:
    """Rename a tag in the front matter and prose of the note at `path`."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return Retagged(data, (f"{path}: it is not UTF-8",))
    before = see(data)
    uses = [*_in_front_matter(text, before, renaming), *_in_passages(before.reading, renaming)]
    if _tags(uses, frozenset()) != before.reading.tags:
        return Retagged(data, (f"{path}: the way its front matter writes tags cannot be edited",))
    chosen = frozenset(use for use in uses if use.becomes != use.tag)
    after = _edited(data, chosen)
    if all(use.is_placed for use in chosen) and _proved(before, see(after), uses, chosen, renaming):
        return Retagged(after)

    def is_wrong(use: Use) -> bool:
        alone = frozenset([use])
        return not use.is_placed or not _proved(before, see(_edited(data, alone)), uses, alone, renaming)

    in_order = sorted(chosen, key=lambda use: (use.start, use.end))
    wrong = filter(is_wrong, in_order[:TRIED])
    line = before.reading.lines.at
    failures = tuple(f"{path}:{line(use.start)}: #{use.tag} cannot become #{renaming.of(use.tag)} there" for use in wrong)
    return Retagged(data, failures or (f"{path}: #{renaming.old} cannot become #{renaming.new} in it",))


def _is_within(key: str, above: str) -> bool:
    return key == above or key.startswith(above + "/")


def _in_front_matter(text: str, seen: Seen, renaming: Renaming) -> Iterator[Use]:
    front = frontmatter.split(text)
    if not front:
        return
    byte = seen.reading.lines.byte
    for field in TAG_FIELDS:
        items = tag_items(front.raw, [scalar for scalar in seen.scalars if scalar.field == field])
        present = {fold(item.tag) for item in items if renaming.of(item.tag) == item.tag}
        removed: dict[int, tuple[int, int]] = {}
        for at, item in enumerate(items):
            new_tag = renaming.of(item.tag)
            start, end = item.start, item.start + renaming.head(front.raw[item.start : item.end])
            is_duplicate = new_tag != item.tag and fold(new_tag) in present
            if is_duplicate and item.is_placed:
                start, end = removed[at] = without(front.raw, items, at, removed)
            present.add(fold(new_tag))
            written = b"" if is_duplicate else renaming.new.encode()
            span = byte(front.start + start), byte(front.start + end)
            yield Use(*span, written, item.tag, None if is_duplicate else new_tag, is_placed=item.is_placed)


def _in_passages(reading: Reading, renaming: Renaming) -> Iterator[Use]:
    for number, passage in enumerate(reading.passages):
        for start, tag_end, tag in _in_prose(passage.prose):
            end = start + renaming.head(passage.prose[start:tag_end])
            span = byte_at(passage, start), byte_after(passage, end - 1)
            yield Use(*span, renaming.new.encode(), tag, renaming.of(tag), number, (start, end))


def _in_prose(prose: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, tag) of the tags in prose, without their `#`."""
    for found in IN_PROSE.finditer(prose) if "#" in prose else ():
        written = (found["tag"] or "").rstrip("-/")
        if tag := clean_tag(written):
            start = found.start("tag")
            yield start, start + len(written), nfc(tag)


def _tags(uses: Iterable[Use], chosen: frozenset[Use]) -> tuple[str, ...]:
    """Return the tags of a note after the `chosen` occurrences are renamed."""
    tags = (_after(use, chosen) for use in uses)
    return tuple(dict.fromkeys(nfc(tag) for tag in tags if tag is not None))


def _after(use: Use, chosen: frozenset[Use]) -> str | None:
    return use.becomes if use in chosen else use.tag


def _edits(chosen: Iterable[Use]) -> Iterator[tuple[int, int, bytes]]:
    """Yield (start, end, new bytes) of the replacements, in order and without overlaps."""
    at = 0
    for start, end, written in sorted({(use.start, use.end, use.written) for use in chosen}):
        yield max(at, start), max(at, end), written
        at = max(at, end)


def _edited(data: bytes, chosen: Iterable[Use]) -> bytes:
    parts = []
    at = 0
    for start, end, written in _edits(chosen):
        parts += [data[at:start], written]
        at = end
    return b"".join([*parts, data[at:]])


def _proved(before: Seen, after: Seen, uses: list[Use], chosen: frozenset[Use], renaming: Renaming) -> bool:
    """Return whether the edit changed nothing in the note except the renamed tags."""
    old, new = before.reading, after.reading
    return (
        new.tags == _tags(uses, chosen)
        and all(getattr(old, field) == getattr(new, field) for field in ("id", "aliases", "created", "problems"))
        and new.title in (old.title, renaming.in_text(old.title))
        and _others(before.fields) == _others(after.fields)
        and _said(old, chosen, renaming.new) == _said(new)
        and [_after(use, chosen) for use in uses if use.passage >= 0]
        == [tag for passage in new.passages for _, _, tag in _in_prose(passage.prose)]
        and _linked(old, chosen) == _linked(new)
    )


def _others(fields: Mapping[str, object]) -> dict[str, object]:
    return {field: item for field, item in fields.items() if field not in TAG_FIELDS}


def _said(reading: Reading, chosen: Iterable[Use] = (), new: str = "") -> list[tuple[int, bool, str, str]]:
    """Return the level and text of each passage, with the chosen tags renamed."""
    content = [(passage.level, passage.is_cell, passage.text, passage.prose) for passage in reading.passages]
    for use in sorted((use for use in chosen if use.passage >= 0), key=lambda use: use.chars, reverse=True):
        (start, end), (level, is_cell, text, prose) = use.chars, content[use.passage]
        content[use.passage] = level, is_cell, text[:start] + new + text[end:], prose[:start] + new + prose[end:]
    return content


def _linked(reading: Reading, chosen: Iterable[Use] = ()) -> list[tuple[str, str, str, int]]:
    """Return the links of a note, with the offsets that they have after the chosen tags are renamed."""
    edits = list(_edits(chosen))
    found = []
    growth = at = 0
    for link in reading.links:
        while at < len(edits) and edits[at][0] < link.start:
            start, end, written = edits[at]
            growth += len(written) - (end - start)
            at += 1
        found.append((link.syntax, link.text, link.dest, link.start + growth))
    return found
