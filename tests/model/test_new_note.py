"""Test the file name and text of a new note, and the link that is appended to another note."""

from __future__ import annotations

import pytest

from zettel.adapters.parse.frontmatter import parse_fields
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.note.new_note import MAX_NAME_BYTES, append_link, build_file_name, build_note_text, format_link, format_yaml
from zettel.model.text.ids import find_first_id

ID = "202401010101"
AWKWARD_TITLES = [
    "a: b",
    "# heading",
    "- dash",
    "'single'",
    '"double"',
    "back\\slash",
    "yes",
    "No",
    "null",
    "~",
    "2024",
    "1e3",
    "0x10",
    ".5",
    "2024-05-03",
    "[x]",
    "{x}",
    "a #b",
    "a: [b, {c: d}]",
    "@x",
    "`x`",
    "%x",
    "&x *x !x",
    "| x",
    "> x",
    "? x",
    "100%",
    "Übung",
    "知識管理",
    "emoji 🚀",
    "a, b (c) 'd' e/f",
    "zero\u200bwidth",
    "tag\U000e0061character",
    "\ufeffmark",
    "it's",
]


@pytest.mark.parametrize(
    ("expected", "form", "title"),
    [
        (f"{ID} Trust is earned.md", "{id} {title}", "Trust is earned"),
        (f"{ID}-trust-is-earned.md", "{id}-{slug}", "Trust is earned"),
        (f"{ID}.md", "{id}", "Trust is earned"),
        (f"Trust is earned {ID}.md", "{title} {id}", "Trust is earned"),
        (f"{ID}.md", "{id} {title}", ""),
        (f"{ID}.md", "{id}-{slug}", "!?"),
        (f"{ID} a b c d.md", "{id} {title}", "a/b\\c:d"),
        (f"{ID} C and F.md", "{id} {title}", "C# and F#"),
        (f"{ID} What now.md", "{id} {title}", 'What? "now"...'),
        (f"{ID} a b.md", "{id} {title}", " a \n\t b "),
        (f"{ID} a b.md", "{id} {title}", "a\x1b\u202eb"),
        (f"{ID} Zoë.md", "{id} {title}", "Zoe\u0308"),
        (f"{ID}-zoë-und-知識.md", "{id}-{slug}", "Zoe\u0308 und 知識!"),
        (f"{ID} a {{title}} of it.md", "{id} {title}", "a {title} of it"),
        (f"{ID} {{slug}} {{id}}.md", "{id} {title}", "{slug} {id}"),
        (f"{ID} etc passwd.md", "{id} {title}", "../../etc/passwd"),
    ],
)
def test_the_file_name_follows_the_setting(expected: str, form: str, title: str) -> None:
    """A note's file name follows the setting, without characters that file systems, shells and links interpret."""
    assert expected == build_file_name(form, ID, title)


@pytest.mark.parametrize("title", ["word " * 300, "x" * 1000, "知" * 300, "🚀" * 300, "a" * 175 + " 知識管理"])
@pytest.mark.parametrize("form", ["{id} {title}", "{id}-{slug}"])
def test_a_long_title_is_cut_in_the_file_name(title: str, form: str) -> None:
    """A file name is at most as long as file systems allow, and has whole characters only."""
    name = build_file_name(form, ID, title)
    assert len(name.encode()) <= MAX_NAME_BYTES + len(f"{ID} .md")
    assert name.startswith(ID)
    assert name == name.encode().decode()


@pytest.mark.parametrize("form", ["{id} {title}", "{id}-{slug}", "{id}", "{title} {id}"])
@pytest.mark.parametrize("title", ["Trust", "2024 in figures", "Answer to 202104291526 Make the hard decisions", "7", ""])
def test_the_file_name_yields_the_notes_own_id(form: str, title: str) -> None:
    """Whatever numbers the title has, the ID in the file name of a new note is its own."""
    assert ID == find_first_id(build_file_name(form, ID, title))


@pytest.mark.parametrize("text", [*AWKWARD_TITLES, "", " ", " x ", "line\nbreak", "tab\there", "bell\x07"])
def test_a_text_survives_yaml(text: str) -> None:
    """A text that is written as YAML is read back as the same text."""
    assert {"key": text} == parse_fields(f"key: {format_yaml(text)}\n", "yaml")


@pytest.mark.parametrize(
    ("expected", "text"), [("Trust is earned", "Trust is earned"), ("a-b, c", "a-b, c"), ('"a: b"', "a: b"), ('"yes"', "yes")]
)
def test_a_simple_text_is_plain_yaml(expected: str, text: str) -> None:
    """A simple text is written without quotes."""
    assert expected == format_yaml(text)


def test_a_new_note_is_front_matter_and_body() -> None:
    """A new note is front matter with title, date and tags, a blank line, and the body."""
    expected = "---\ntitle: Trust\ndate: 2024-01-01 01:01\ntags: [people, a/b]\n---\n\nBody.\n\nMore.\n"
    assert expected == build_note_text("Trust", "2024-01-01 01:01", ("people", "a/b"), "\nBody.\n\nMore.\n\n")


def test_an_empty_note_is_ready_to_be_written_on() -> None:
    """A note without title, tags and body has empty fields and ends with a blank line."""
    assert "---\ntitle:\ndate: 2024-01-01 01:01\ntags: []\n---\n\n" == build_note_text("", "2024-01-01 01:01", (), "")


@pytest.mark.parametrize("title", AWKWARD_TITLES)
def test_a_new_note_is_read_back(title: str) -> None:
    """Title, tags and time of a new note are read back as they were given."""
    tags = ("people", "a/b", "it's", "Führung", "c++", "yes", "a:b", "[z]")
    found = parse_note_bytes(f"{ID}.md", build_note_text(title, "2024-01-01 01:01", tags, "See 202104291526.\n#x").encode())
    assert [] == found.problems
    assert (title, (*tags, "x"), "2024-01-01T01:01") == (found.title, found.tags, found.created)
    assert ["202104291526"] == [link.dest for link in found.links]


@pytest.mark.parametrize(
    ("expected", "note_id", "title", "path"),
    [
        ("202104291526 Make it", "202104291526", "Make it", "202104291526.md"),
        ("[[name]]", None, "name", "dir/name.md"),
        ("[[name|Title]]", None, "Title", "dir/name.md"),
        ("[[a.b|Title]]", None, "Title", "a.b.markdown"),
    ],
)
def test_a_link_is_id_and_title_or_a_wiki_link(expected: str, note_id: str | None, title: str, path: str) -> None:
    """A link is written as ID and title, and as a wiki link if the note has no ID."""
    assert expected == format_link(note_id, title, path)


@pytest.mark.parametrize(
    ("expected", "data"),
    [
        (b"Text.\n\n202104291526 T\n", b"Text.\n"),
        (b"Text.\n\n202104291526 T\n", b"Text."),
        (b"Text.\n\n202104291526 T\n", b"Text.\n\n"),
        (b"Text.\r\n\r\n202104291526 T\r\n", b"Text.\r\n"),
        (b"Text.\r\n\r\n202104291526 T\r\n", b"Text.\r\n\r\n"),
        (b"One\r\nTwo\r\n\r\n202104291526 T\r\n", b"One\r\nTwo"),
        (b"One\rTwo\r\r202104291526 T\r", b"One\rTwo\r"),
        (b"[[202104291526]] T\n", b""),
        (b"\n[[202104291526]] T\n", b"\n"),
        (b"---\ntitle: T\n---\n\n[[202104291526]] T\n", b"---\ntitle: T\n---\n"),
        (b"\xef\xbb\xbfText.\n\n202104291526 T\n", b"\xef\xbb\xbfText.\n"),
    ],
)
def test_an_appended_link_is_a_paragraph(expected: bytes, data: bytes) -> None:
    """A link is appended as a paragraph of its own, with the line endings of the note."""
    assert expected == append_link(data, "202104291526", "T", "202104291526 T.md")
