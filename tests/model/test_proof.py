"""Every edit of a note is proved: a result that is read with anything else changed is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zettel.adapters.parse.note import parse_note_bytes, parse_tagged_note
from zettel.model.base.errors import Refused
from zettel.model.edit.append import PROBE, append_text
from zettel.model.edit.destinations import NoteNames
from zettel.model.edit.insert_link import insert_link
from zettel.model.edit.merge import extend_field, join_section
from zettel.model.edit.note_part import build_section_parts
from zettel.model.edit.proof import Difference, find_difference, keep_links
from zettel.model.edit.renames import Renames
from zettel.model.edit.repair_link import build_target_repair, repair_links
from zettel.model.edit.retag import TagRename, retag_note
from zettel.model.edit.rewrite_note import rewrite_links
from zettel.model.edit.sections import list_sections, list_sections_below_title
from zettel.model.edit.split import Cut, SplitContext, split_note
from zettel.model.link.link import Link
from zettel.model.link.resolve import list_note_keys, resolve_link
from zettel.model.link.syntax import WIKI_STYLE
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.suggest.insertion_points import find_note_end

Spoil = Callable[[bytes], bytes]
"""Changes the bytes of an edit's result."""

PATH = "202401010101 A title.md"
SOURCE = Note(PATH, "202401010101", "A title", (), (), "", "", 0, 0, 0)
TARGET = Note("202401010102 Target.md", "202401010102", "Target", (), (), "", "", 0, 0, 0)
PART = Note("202401010103 Trust.md", "202401010103", "Trust", (), (), "", "", 0, 0, 0)
NOTE = b"""---
aliases: [Alias]
tags: [field]
---
# A title

Some kept words lead to [[Other]] and to [[Targt|it]], #tag here.

| cell | [[Target]] |
|---|---|
| c | d |

## Trust

More of it.
"""
SECTION = b"## Merged\n\nIts text."
KEYS = {note.path: list_note_keys(note.path, note.id, note.title, ()) for note in (SOURCE, TARGET, PART)}
PARSED = parse_note_bytes(PATH, NOTE)


def find_paths(key: str) -> list[str]:
    """Return the notes that answer to a key."""
    return [path for path, keys in KEYS.items() if key in keys]


def resolve(link: Link) -> str | None:
    """Return the note that a link names."""
    return resolve_link(link.source, link.syntax, link.dest, find_paths).target


def parse_spoiled(spoil: Spoil) -> Callable[[str, bytes], ParsedNote]:
    """Return a parser that reads every note as spoiled, except those that the edits begin with."""

    def parse(path: str, data: bytes) -> ParsedNote:
        return parse_note_bytes(path, data if data in (NOTE, SECTION) or PROBE.encode() in data else spoil(data))

    return parse


def append(spoil: Spoil) -> bool:
    """Append a paragraph."""
    return bool(append_text(PATH, NOTE, "More text.", lambda data: parse_spoiled(spoil)(PATH, data)))


def insert(spoil: Spoil) -> bool:
    """Insert a link at the end."""
    point = find_note_end(PATH, PARSED)
    return bool(insert_link(NOTE, point, TARGET, WIKI_STYLE, lambda data: parse_spoiled(spoil)(PATH, data), resolve))


def repair(spoil: Spoil) -> bool:
    """Repair the link whose target is misspelt."""
    planned = build_target_repair(next(link for link in PARSED.links if link.dest == "Targt"), TARGET)
    assert planned
    return bool(repair_links(NOTE, [planned], lambda data: parse_spoiled(spoil)(PATH, data), resolve)[1])


def retag(spoil: Spoil) -> bool:
    """Rename the tag of the front matter."""
    done = retag_note(PATH, NOTE, TagRename("field", "area"), lambda data: parse_tagged_note(PATH, data if data == NOTE else spoil(data)))
    return not done.failures


def rename(spoil: Spoil) -> bool:
    """Rename the note that a link in a table names."""
    old, new = NoteNames(TARGET.path, TARGET.id, "Target", ()), NoteNames("202401010102 Goal.md", TARGET.id, "Goal", ())
    renames = Renames([(old, new)], find_paths, lambda _: old)
    return bool(rewrite_links(renames, PATH, NOTE, parse_spoiled(spoil)).rewritten_links)


def test_a_note_in_which_nothing_is_rewritten_is_parsed_once() -> None:
    """A note whose links all stay as they are needs no proof: of the notes that link to a hub, half name it by its ID alone."""
    names = NoteNames(TARGET.path, TARGET.id, "Target", ())
    parsed = []

    def parse(path: str, data: bytes) -> ParsedNote:
        parsed.append(data)
        return parse_note_bytes(path, data)

    result = rewrite_links(Renames([(names, names)], find_paths, lambda _: names), PATH, NOTE, parse)
    assert (NOTE, [], [NOTE]) == (result.data, result.rewritten_links, parsed)


def split(spoil: Spoil) -> bool:
    """Make a note of the section."""
    part = build_section_parts(list_sections_below_title(PARSED, NOTE)[-1:], list_sections(PARSED, NOTE))[0]
    cut = Cut(part, PART, b"---\ntitle: Trust\ntags: [field]\n---\n\n")
    return bool(split_note(SOURCE, NOTE, [cut], WIKI_STYLE, SplitContext(parse_spoiled(spoil), resolve)).rest)


def join(spoil: Spoil) -> bool:
    """Add the section of another note."""
    return bool(join_section(PATH, NOTE, SECTION, b"\n", lambda data: parse_spoiled(spoil)(PATH, data)))


def extend(spoil: Spoil) -> bool:
    """Add a tag to the front matter."""
    return extend_field(NOTE, "tags", ["more"], lambda data: parse_spoiled(spoil)(PATH, data)) is not None


EDITS = [append, insert, repair, retag, rename, split, join, extend]
DAMAGES = {
    "a lost word": (b"kept ", b""),
    "another word": (b"kept", b"left"),
    "a word more": (b"kept", b"kept, kept"),
    "a changed link": (b"[[Other]]", b"[[Another]]"),
    "a lost link": (b"[[Other]]", b"Other"),
    "a link more": (b"kept", b"[[kept]]"),
    "a hidden paragraph": (b"Some", b"<!-- Some"),
    "a lost tag": (b" #tag", b" # tag"),
    "a lost alias": (b"[Alias]", b"[]"),
    "another title": (b"# A title", b"# The title"),
    "another date": (b"aliases:", b"date: 2020-01-01\naliases:"),
    "broken front matter": (b"[Alias]", b"[Alias"),
    "an emptied table cell": (b"| c | d |", b"| c |"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_edit_is_accepted(edit: Callable[[Spoil], bool]) -> None:
    """Without damage, every edit succeeds, so that its refusal below is due to the damage."""
    assert edit(lambda data: data)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("edit", EDITS)
def test_damaged_result_is_refused(edit: Callable[[Spoil], bool], damage: str) -> None:
    """No edit is carried out if its result is read with another word, link, tag or name than it should be."""
    old, new = DAMAGES[damage]
    assert old in NOTE

    def spoil(data: bytes) -> bytes:
        return data.replace(old, new, 1)

    try:
        assert not edit(spoil)
    except Refused:
        pass


@pytest.mark.parametrize(
    ("facet", "link", "old", "new"),
    [
        ("words", None, b"kept ", b""),
        ("links", None, b"[[Other]]", b"Other"),
        ("links", 0, b"[[Other]]", b"![[Other]]"),
        ("tags", None, b"[field]", b"[fields]"),
        ("title", None, b"# A title", b"# The title"),
        ("aliases", None, b"[Alias]", b"[Elias]"),
        ("created", None, b"aliases:", b"date: 2020-01-01\naliases:"),
    ],
)
def test_difference_is_named(facet: str, link: int | None, old: bytes, new: bytes) -> None:
    """The difference says what has changed, and which link."""
    after = parse_note_bytes(PATH, NOTE.replace(old, new))
    assert find_difference(PARSED, after, links=keep_links(PARSED.links, may_move=True)) == Difference(facet, link)


def test_same_note_does_not_differ() -> None:
    """A note that is parsed again is the same, and what may differ is not compared."""
    assert find_difference(PARSED, parse_note_bytes(PATH, NOTE)) is None
    assert find_difference(PARSED, parse_note_bytes(PATH, NOTE.replace(b"[Alias]", b"[Elias]")), may_differ=("aliases",)) is None
