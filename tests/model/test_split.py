"""Test how parts of a note become notes: what moves, what stays, and that nothing is lost."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import Refused
from zettel.model.edit.note_part import NotePart, build_line_part, build_section_parts
from zettel.model.edit.sections import find_heading_links, list_sections, list_sections_below_title
from zettel.model.edit.split import (
    WORD,
    Cut,
    NoteVersion,
    SplitContext,
    SplitResult,
    split_note,
    split_note_in_batches,
)
from zettel.model.link.link import Link
from zettel.model.link.resolve import list_note_keys, resolve_link
from zettel.model.note.note import Note

SOURCE = Note("202401010101 A.md", "202401010101", "A", (), (), "", "", 0, 0, 0)
NUMBER = "202401010102"


def build_context(*notes: Note) -> SplitContext:
    """Build a context in which links resolve among these notes."""
    keys = {note.path: list_note_keys(note.path, note.id, note.title, ()) for note in notes}

    def find_target(link: Link) -> str | None:
        return resolve_link(link.source, link.syntax, link.dest, lambda key: [path for path, own in keys.items() if key in own]).target

    return SplitContext(parse_note_bytes, find_target)


def split(data: bytes, number: int = 0, style: str = "bare") -> SplitResult:
    """Split a section off the note."""
    parsed = parse_note_bytes(SOURCE.path, data)
    sections = list_sections(parsed, data)
    return _split_part(data, build_section_parts([list_sections_below_title(parsed, data)[number]], sections)[0], style)


def extract(data: bytes, first: int, last: int, title: str = "") -> SplitResult:
    """Split lines off the note."""
    return _split_part(data, build_line_part(first, last, title, parse_note_bytes(SOURCE.path, data), data), "bare")


def _split_part(data: bytes, part: NotePart, style: str) -> SplitResult:
    target = Note(f"{NUMBER} {part.title}.md", NUMBER, part.title, (), (), "", "", 0, 0, 0)
    return split_note(
        SOURCE, data, [Cut(part, target, f'---\ntitle: "{part.title}"\n---\n\n'.encode())], style, build_context(SOURCE, target)
    )


def strip_front_matter(new_note: bytes) -> str:
    """Return a new note without its front matter."""
    return new_note.decode().split("---", 2)[2].lstrip()


@pytest.mark.parametrize(
    ("rest", "new_note", "data"),
    [
        ("# A\n\nx\n\n{} B\n", "y\n", "# A\n\nx\n\n## B\n\ny\n"),
        ("# A\n\nx\n\n{} B", "y", "# A\n\nx\n\n## B\n\ny"),
        ("# A\n\n## C\n\nz\n\n## {} B\n", "y\n", "# A\n\n## C\n\nz\n\n## B\n\ny\n"),
        ("# A\n\n{} B\n\n## C\n\nz\n", "y\n", "# A\n\n## B\n\ny\n\n## C\n\nz\n"),
        ("# A\nx\n\n{} B\n\n## C\n", "y\n", "# A\nx\n## B\ny\n## C\n"),
        ("# A\n\n{} B\n", "y\n\n## C\n\nz\n\n### D\n", "# A\n\n## B\n\ny\n\n### C\n\nz\n\n#### D\n"),
        ("# A\r\n\r\n{} B\r\n", "y\r\n", "# A\r\n\r\n## B\r\n\r\ny\r\n"),
        ("\ufeff# A\n\n{} B\n", "y\n", "\ufeff# A\n\n## B\ny\n"),
        ("A\n===\n\n{} B\n", "y\n", "A\n===\n\nB\n---\n\ny\n"),
        ("# A\n\nSee [x].\n\n[x]: x.md\n\n{} B\n", "See [x].\n\n[x]: x.md\n", "# A\n\nSee [x].\n\n[x]: x.md\n\n## B\n\nSee [x].\n"),
        ("# A\n\nSee [x].\n\n{} B\n\n[x]: x.md\n", "y\n", "# A\n\nSee [x].\n\n## B\n\ny\n\n[x]: x.md\n"),
        ("# A\n\n{} B\n", "Note[^1].\n\n[^1]: Small.\n", "# A\n\n## B\n\nNote[^1].\n\n[^1]: Small.\n"),
        ("# A\n\n{} B\n\n# C\n\n", "Note[^1].\n\n[^1]: Small.\n", "# A\n\n## B\n\nNote[^1].\n\n# C\n\n[^1]: Small.\n"),
        ("# A\n\nNote[^1].\n\n{} B\n\n[^1]: Small.\n", "y\n", "# A\n\nNote[^1].\n\n## B\n\ny\n\n[^1]: Small.\n"),
        ("# A\n\n{} B\n", "# [[A|B]]\n\ny\n", "# A\n\n## [[A|B]]\n\ny\n"),
        ("# A\n\n{} B\n", "[[202401010101 A#A]] and [[#C]]\n\n## C\n", "# A\n\n## B\n\n[[#A]] and [[#C]]\n\n### C\n"),
        ("# A\n\n[[{} B]] [[{}#C|c]]\n\n{} B\n", "### C\n".removeprefix("#"), "# A\n\n[[#B]] [[#C|c]]\n\n## B\n\n### C\n"),
        ("# A\n\n{} B\n", "```\n## not one\n```\n", "# A\n\n## B\n\n```\n## not one\n```\n"),
        (
            "# A\n\nx[^1]\n\n[^1]: [[A]]\n\n{} B\n",
            "See [x][X][^1].\n\n[^1]: [[A]]\n",
            "# A\n\nx[^1]\n\n[^1]: [[A]]\n\n## B\n\nSee [x][X][^1].\n",
        ),
        ("# A\n\nx[^1]\n\n[^1]: z\n[x]: x.md\n\n{} B\n", "[x]\n", "# A\n\nx[^1]\n\n[^1]: z\n[x]: x.md\n\n## B\n\n[x]\n"),
        (
            "# A\n\n{} B\n",
            "[x] y[^n]\n\n[x]: x.md\n[w]: w.md\n[^n]: z [w]\n",
            "# A\n\n[^n]: z [w]\n\n[x]: x.md\n[w]: w.md\n\n## B\n\n[x] y[^n]\n",
        ),
        ("# A\n\n[b]({}%20B.md) [z](#z)\n\n{} B\n\n## Z\n", "y\n", "# A\n\n[b](#b) [z](#z)\n\n## B\n\ny\n\n## Z\n"),
        ("# A\n\n{} B\n\n## Z: z\n", "[z](202401010101%20A.md#z-z) `[z](#z-z)`\n", "# A\n\n## B\n\n[z](#z-z) `[z](#z-z)`\n\n## Z: z\n"),
        (
            "# A\n\n{} B\n\n## Z {#zed}\n",
            "[z](202401010101%20A.md#zed) [b](#c)\n\n## C\n",
            "# A\n\n## B\n\n[z](#zed) [b](#c)\n\n### C\n\n## Z {#zed}\n",
        ),
        ("# A\n\n[[{} B]] [[{} B#c^x y]]\n\n{} B\n", "# B ^b\n\n## C^x: y\n", "# A\n\n[[#^b]] [[#c^x y]]\n\n## B ^b\n\n### C^x: y\n"),
    ],
)
def test_split_moves_a_section_into_a_note(rest: str, new_note: str, data: str) -> None:
    """A link replaces the section, headings move up, and definitions, footnotes and links to headings go where they belong."""
    found = split(data.encode(), data.count("\n## ") - 1 if data.endswith("## B\n\ny\n") else 0)
    assert rest.replace("{}", NUMBER) == found.rest.decode()
    assert (
        new_note == strip_front_matter(found.new_notes[0])
        if not new_note.endswith("y")
        else new_note == strip_front_matter(found.new_notes[0]).rstrip()
    )
    assert (b"\r\n" in data.encode()) == (b"\r\n" in found.new_notes[0])


@pytest.mark.parametrize(("link", "style"), [(f"{NUMBER} B", "bare"), (f"[[{NUMBER}|B]]", "wiki"), (f"[B]({NUMBER}%20B.md)", "markdown")])
def test_split_links_in_the_notes_style(link: str, style: str) -> None:
    """The link to the new note is bare, wiki or Markdown, as the note links."""
    assert f"# A\n\n{link}\n" == split(b"# A\n\n## B\n\ny\n", 0, style).rest.decode()


@pytest.mark.parametrize(
    ("rest", "new_note", "data", "lines"),
    [
        ("a\n\n{} T\n\nc\n", "b\n", "a\n\nb\n\nc\n", (3, 3)),
        ("a\n\n{} T\n\nc\n", "b\n", "a\nb\nc\n", (2, 2)),
        ("a\n\n{} T\n\nc\n", "b\n", "a\n\n\nb\n\nc\n".replace("\n\n\n", "\n\n"), (2, 4)),
        ("- a\n- {} T\n- c\n", "- b\n", "- a\n- b\n- c\n", (2, 2)),
        ("- a\n  - {} T\n- c\n", "- b\n  - bb\n", "- a\n  - b\n    - bb\n- c\n", (2, 3)),
        ("1. a\n2. {} T\n", "2. b\n", "1. a\n2. b\n", (2, 2)),
        ("a\n\n{} T\n\nc\n", "```\nb\n```\n", "a\n\n```\nb\n```\n\nc\n", (3, 5)),
        ("a\r\n\r\n{} T\r\n", "b\r\n", "a\r\n\r\nb\r\n", (3, 3)),
    ],
)
def test_split_moves_lines_into_a_note(rest: str, new_note: str, data: str, lines: tuple[int, int]) -> None:
    """A link replaces the lines, in a list as an item."""
    found = extract(data.encode(), *lines, "T")
    assert rest.replace("{}", NUMBER) == found.rest.decode()
    assert new_note == strip_front_matter(found.new_notes[0])


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ("```\na\nb\n```\n", (2, 2)),
        ("a\n\n```\nb\n```\n\nc\n", (1, 3)),
        ("| a | b |\n|---|---|\n| c | d |\n| e | f |\n", (3, 3)),
        ("- a\n  - b\n", (1, 1)),
        ("- a\n\n  b\n", (1, 1)),
        ("---\ntitle: A\n---\n\nb\n", (2, 5)),
        ("a\n", (1, 2)),
        ("a\n\n\nb\n", (2, 3)),
        ("a [b\nc](d.md) e\n", (1, 1)),
        ("a `b\nc` d\n", (2, 2)),
        ("<!-- a\nb -->\n\nc\n", (2, 4)),
        ("B\n===\n\nc\n", (2, 4)),
    ],
)
def test_split_refuses_to_cut_through_blocks(data: str, lines: tuple[int, int]) -> None:
    """Code, tables, links, comments, front matter and list items are not cut through."""
    with pytest.raises(Refused):
        extract(data.encode(), *lines, "T")


def test_a_footnote_takes_along_what_it_uses() -> None:
    """A footnote follows its use into another part, and so does the definition that the footnote uses, from a third part."""
    data = b"# A\n\n## One\n\n[^1]: As [x] says.\n\n## Two\n\n[x]: y.md\n\n## The [x]\n\nSee[^1]\n"
    parsed = parse_note_bytes(SOURCE.path, data)
    parts = build_section_parts(list_sections_below_title(parsed, data), list_sections(parsed, data))
    ids = ["202401010102", "202401010103", "202401010104"]
    targets = [Note(f"{note_id}.md", note_id, part.title, (), (), "", "", 0, 0, 0) for note_id, part in zip(ids, parts, strict=True)]
    cuts = [Cut(part, target, f"---\ntitle: {part.title}\n---\n\n".encode()) for part, target in zip(parts, targets, strict=True)]
    context = build_context(SOURCE, *targets)
    rest, new_notes = split_note_in_batches(SOURCE, NoteVersion(parsed, data), cuts, "bare", context)
    assert b"# A\n\n202401010102 One\n\n202401010103 Two\n\n202401010104 The x\n" == rest
    assert "# The [x]\n\nSee[^1]\n\n[x]: y.md\n[^1]: As [x] says.\n" == strip_front_matter(new_notes[2])


def test_lines_without_a_title_are_named_by_their_first_words() -> None:
    """The first heading, else the first sentence, is the title."""
    assert b'title: "First one"' in extract(b"x\n\nFirst one. Second.\n", 3, 3).new_notes[0]
    assert b'title: "B"' in extract(b"# A\n\n## B\n\ny\n", 3, 5).new_notes[0]


PIECES = st.sampled_from(
    [
        "word",
        "more words",
        "# One",
        "## Two",
        "### Three",
        "# Four [[A]]",
        "- item",
        "  - nested",
        "> quote",
        "> ## quoted",
        "```",
        "[[A]]",
        "[[#Two]]",
        "[x]",
        "[x]: y.md",
        "^block",
        "see[^1]",
        "[^1]: note",
        "<!--",
        "-->",
        "| a |",
        "|---|",
        "---",
        "===",
        "",
        "",
        "1. x",
        "#tag",
        "202401010101 A",
        "[t](#two)",
        "[t](#one-1) [[#Two: x]]",
        "## Two: x {#own}",
        "## Part ^p",
        "[u](#own) [[#^p]]",
        "[^1]: note [[A]] [x]",
        "[^n]: of[^1]",
        "and[^n]",
        "[y]: z.md",
        "[y][Y]",
        "é",
    ]
)
NOTES = st.lists(PIECES, min_size=2, max_size=14).flatmap(
    lambda lines: st.tuples(st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff", "---\ntitle: A\n---\n"]), st.booleans()).map(
        lambda how: how[1] + how[0].join(lines) + how[0] * how[2]
    )
)


ANCHOR = re.compile(r"\[\[[^\[\]|]*#[^\[\]|]*|\(#[^()]*\)")
"""Matches the name in a link to a heading, which is replaced by that of the new note if the heading moves."""


@given(NOTES, st.data())
def test_split_loses_nothing(text: str, data: st.DataObject) -> None:
    """Whatever is split off whatever note, every word and link is in one of the two notes, or the split is refused."""
    before = text.encode()
    parsed = parse_note_bytes(SOURCE.path, before)
    sections = list_sections(parsed, before)
    choices = list_sections_below_title(parsed, before)
    try:
        if choices and data.draw(st.booleans()):
            part = build_section_parts([choices[data.draw(st.integers(0, len(choices) - 1))]], sections)[0]
        else:
            first = data.draw(st.integers(1, 8))
            part = build_line_part(first, first + data.draw(st.integers(0, 5)), "Title", parsed, before)
        target = Note(f"{NUMBER} T.md", NUMBER, part.title, (), (), "", "", 0, 0, 0)
        cut = Cut(part, target, f'---\ntitle: "{part.title}"\n---\n\n'.encode())
        found = split_note(SOURCE, before, [cut], "bare", build_context(SOURCE, target))
    except Refused:
        return
    both = Counter(WORD.findall((found.rest + b" " + found.new_notes[0]).decode()))
    assert not Counter(WORD.findall(ANCHOR.sub("", text))) - both
    if not any(mark in text for mark in ("[[#", "](#", "[^", "[x]", "[y]")):  # otherwise links and definitions outside the part may change
        assert found.rest.startswith(before[: part.start])
        assert found.rest.endswith(before[part.end :])
    old, rest, new_note = (
        parse_note_bytes(SOURCE.path, before),
        parse_note_bytes(SOURCE.path, found.rest),
        parse_note_bytes(target.path, found.new_notes[0]),
    )
    assert (old.id, old.title, old.aliases, old.created) == (rest.id, rest.title, rest.aliases, rest.created)
    links = [one for one in (*rest.links, *new_note.links) if one.syntax != "reference"]
    added = len(list(find_heading_links(old))) - len([*find_heading_links(rest), *find_heading_links(new_note)])
    copied = re.search(r"\[\^\w\]:", text) and re.search(r"\[\^\w\]:", found.new_notes[0].decode())  # with the links in it
    assert len([one for one in old.links if one.syntax != "reference"]) + 1 + added == len(links) or copied
