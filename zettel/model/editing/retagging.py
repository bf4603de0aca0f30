"""Renaming a tag: the bytes of a note in which a tag, and what is nested below it, has another name.

Every edit is proved by reading the result: its tags are the relabelled ones, and all else that the note says is as it was.
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
"""Places of a note that are tried one by one to find the one at which a renaming fails."""


class Seen(NamedTuple):
    """A note as it is read: its reading, the fields of its front matter, and the texts in those of them that hold tags."""

    reading: Reading
    fields: Mapping[str, object]
    scalars: list[Scalar]


See = Callable[[bytes], Seen]
"""Gives what the note would be read as if these were its bytes."""


@value
class Renaming:
    """The tag `old` and what is nested below it become `new`; letter case does not count in what is looked for."""

    old: str
    new: str

    def of(self, tag: str) -> str:
        """What a tag is called afterwards. Into a tag of its own (a to a/b), what is there already stays as it is."""
        old, new, key = fold(self.old), fold(self.new), fold(tag)
        if not _is_within(key, old) or (new != old and _is_within(new, old) and _is_within(key, new)):
            return tag
        return self.new + tag[self.head(tag) :]

    def head(self, tag: str) -> int:
        """How many characters of a tag are those that `old` names."""
        return len("/".join(tag.split("/")[: self.old.count("/") + 1]))

    def in_text(self, text: str) -> str:
        """Prose with its tags called as they are afterwards."""
        for start, end, tag in reversed(list(_in_prose(text))):
            if self.of(tag) != tag:
                text = text[:start] + self.new + text[start + self.head(text[start:end]) :]
        return text


class Use(NamedTuple):
    """A tag where it stands in a note, and what it `becomes` (None: it goes, since its list has the new one already).

    `written` goes in place of the bytes from `start` to `end`; in prose, `passage` is the number of the passage, and
    `chars` are the characters of it that are replaced. Not `is_placed`: it is written so that its bytes cannot be told.
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
    """The bytes of a note with a tag renamed; `stuck` says where that cannot be done, a line each."""

    data: bytes
    stuck: tuple[str, ...] = ()


def retagged(path: str, data: bytes, renaming: Renaming, see: See) -> Retagged:
    """The bytes of the note at `path` with a tag renamed, in front matter and prose."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return Retagged(data, (f"{path}: it is not UTF-8",))
    before = see(data)
    uses = [*_in_front_matter(text, before, renaming), *_in_passages(before.reading, renaming)]
    if _tags(uses, frozenset()) != before.reading.tags:
        return Retagged(data, (f"{path}: its front matter writes tags in a way that cannot be edited",))
    chosen = frozenset(use for use in uses if use.becomes != use.tag)
    after = _edited(data, chosen)
    if all(use.is_placed for use in chosen) and _proved(before, see(after), uses, chosen, renaming):
        return Retagged(after)

    def is_wrong(use: Use) -> bool:
        alone = frozenset([use])
        return not use.is_placed or not _proved(before, see(_edited(data, alone)), uses, alone, renaming)

    places = sorted(chosen, key=lambda use: (use.start, use.end))
    wrong = filter(is_wrong, places[:TRIED])
    line = before.reading.lines.at
    said = tuple(f"{path}:{line(use.start)}: #{use.tag} cannot become #{renaming.of(use.tag)} there" for use in wrong)
    return Retagged(data, said or (f"{path}: #{renaming.old} cannot become #{renaming.new} in it",))


def _is_within(key: str, above: str) -> bool:
    return key == above or key.startswith(above + "/")


def _in_front_matter(text: str, seen: Seen, renaming: Renaming) -> Iterator[Use]:
    front = frontmatter.split(text)
    if not front:
        return
    byte = seen.reading.lines.byte
    for field in TAG_FIELDS:
        items = tag_items(front.raw, [scalar for scalar in seen.scalars if scalar.field == field])
        there = {fold(item.tag) for item in items if renaming.of(item.tag) == item.tag}
        gone: dict[int, tuple[int, int]] = {}
        for at, item in enumerate(items):
            becomes = renaming.of(item.tag)
            start, end = item.start, item.start + renaming.head(front.raw[item.start : item.end])
            is_twice = becomes != item.tag and fold(becomes) in there
            if is_twice and item.is_placed:
                start, end = gone[at] = without(front.raw, items, at, gone)
            there.add(fold(becomes))
            written = b"" if is_twice else renaming.new.encode()
            span = byte(front.start + start), byte(front.start + end)
            yield Use(*span, written, item.tag, None if is_twice else becomes, is_placed=item.is_placed)


def _in_passages(reading: Reading, renaming: Renaming) -> Iterator[Use]:
    for number, run in enumerate(reading.passages):
        for start, till, tag in _in_prose(run.prose):
            end = start + renaming.head(run.prose[start:till])
            span = byte_at(run, start), byte_after(run, end - 1)
            yield Use(*span, renaming.new.encode(), tag, renaming.of(tag), number, (start, end))


def _in_prose(prose: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, tag) of the tags in prose, without their `#`."""
    for found in IN_PROSE.finditer(prose) if "#" in prose else ():
        written = (found["tag"] or "").rstrip("-/")
        if tag := clean_tag(written):
            start = found.start("tag")
            yield start, start + len(written), nfc(tag)


def _tags(uses: Iterable[Use], chosen: frozenset[Use]) -> tuple[str, ...]:
    """The tags of a note once those that are `chosen` are renamed."""
    found = (_after(use, chosen) for use in uses)
    return tuple(dict.fromkeys(nfc(tag) for tag in found if tag is not None))


def _after(use: Use, chosen: frozenset[Use]) -> str | None:
    return use.becomes if use in chosen else use.tag


def _edits(chosen: Iterable[Use]) -> Iterator[tuple[int, int, bytes]]:
    """(start, end, written) of what is replaced, in order, none reaching into the next."""
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
    """Whether a note says after the edit what it said before, but for the tags that are renamed."""
    old, new = before.reading, after.reading
    return (
        new.tags == _tags(uses, chosen)
        and all(getattr(old, field) == getattr(new, field) for field in ("id", "aliases", "created", "problems"))
        and new.title in (old.title, renaming.in_text(old.title))
        and _others(before.fields) == _others(after.fields)
        and _said(old, chosen, renaming.new) == _said(new)
        and [_after(use, chosen) for use in uses if use.passage >= 0] == [tag for run in new.passages for _, _, tag in _in_prose(run.prose)]
        and _linked(old, chosen) == _linked(new)
    )


def _others(fields: Mapping[str, object]) -> dict[str, object]:
    return {field: item for field, item in fields.items() if field not in TAG_FIELDS}


def _said(reading: Reading, chosen: Iterable[Use] = (), new: str = "") -> list[tuple[int, bool, str, str]]:
    """What a note says, passage by passage, the chosen tags renamed."""
    said = [(run.level, run.is_cell, run.text, run.prose) for run in reading.passages]
    for use in sorted((use for use in chosen if use.passage >= 0), key=lambda use: use.chars, reverse=True):
        (start, end), (level, is_cell, text, prose) = use.chars, said[use.passage]
        said[use.passage] = level, is_cell, text[:start] + new + text[end:], prose[:start] + new + prose[end:]
    return said


def _linked(reading: Reading, chosen: Iterable[Use] = ()) -> list[tuple[str, str, str, int]]:
    """The links of a note, each where it stands once the chosen tags are renamed."""
    edits = list(_edits(chosen))
    found = []
    grown = at = 0
    for link in reading.links:
        while at < len(edits) and edits[at][0] < link.start:
            start, end, written = edits[at]
            grown += len(written) - (end - start)
            at += 1
        found.append((link.syntax, link.text, link.dest, link.start + grown))
    return found
