"""Test that a title, tags and a date can be put into any front matter, and that nothing else of it changes."""

from __future__ import annotations

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from zettel.adapters.parse.frontmatter import UnparsableFrontMatter, parse_fields
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import Refused
from zettel.model.edit.fill_front_matter import fill_front_matter, replace_id_field
from zettel.model.note.frontmatter import find_front_matter
from zettel.model.note.parse import ParsedNote
from zettel.model.text.fold import to_nfc

ID = "202401010101"
LINES = st.sampled_from(
    [
        "title: Old",
        "title: 'it''s old'",
        'title: "old: # no"',
        "title: >\n  folded\n  words",
        "title:",
        "Title: Upper",
        "tags: [a, b]",
        "tags: a b",
        "tags:\n  - a\n  - b",
        "tags: []",
        "tags:",
        "tags: [a, # one\n  b]",
        "keywords: a, b",
        "date: 2020-01-01",
        "created: May 4, 2020",
        "# a comment",
        "x: 1 # y",
        "list:\n- one\n- two",
        "deep:\n  title: inner\n  tags: [c]",
        "id: 202301010101",
        "text: |\n  tags: no\n  date: no",
    ]
)
TITLES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(lambda text: " ".join(to_nfc(text).split()))
TAGS = st.lists(st.sampled_from(["a", "new", "two/three", "c++", "über"]), max_size=3, unique=True)


def parse(data: bytes) -> ParsedNote:
    """Parse a note whose file name holds its ID."""
    return parse_note_bytes(f"{ID}.md", data)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(LINES, max_size=5, unique_by=lambda line: line.split(":")[0].lower()), TITLES, TAGS, st.sampled_from(["", "2024-05-03 14:05"])
)
@example(["tags:\n  - a\n  - b"], "T", ["new"], "")
@example(["text: |\n  tags: no\n  date: no"], "T", ["new"], "2024-05-03 14:05")
def test_front_matter_is_filled(lines: list[str], title: str, tags: list[str], timestamp: str) -> None:
    """The note reads back with the title, its own tags and the new ones, and the date, and all other fields are as they were."""
    assume(title)
    text = "---\n" + "".join(f"{line}\n" for line in lines) + "---\n\nThe body: 1\n"
    front = find_front_matter(text)
    assume(front is not None)
    assert front is not None
    try:
        fields = parse_fields(front.raw, "yaml")
    except UnparsableFrontMatter:
        return
    before = parse(text.encode())
    try:
        filled = fill_front_matter(text, fields, title, tags, timestamp, parse)
    except Refused:
        assert any("Upper" in line or ">" in line or "#" in line for line in lines), (lines, title)
        return
    after = parse(filled.encode())
    assert (title, before.text, before.problems) == (after.title, after.text, after.problems)
    assert {*before.tags, *tags} <= {*after.tags}
    assert (timestamp.replace(" ", "T") or before.created) == after.created
    own = find_front_matter(filled)
    assert own is not None
    now = parse_fields(own.raw, "yaml")
    changed = {"title", "tags", "date", "created"}
    assert {key: item for key, item in fields.items() if key.lower() not in changed} == {
        key: item for key, item in now.items() if key.lower() not in changed
    }
    assert filled.endswith("---\n\nThe body: 1\n")


def test_only_the_field_of_the_id_changes() -> None:
    """An ID in a comment or another field stays."""
    text = '---\nold: 202301010101\nid: "202301010101" # 202301010101\n---\n202301010101\n'
    assert text.replace('"202301010101"', '"202401010101"') == replace_id_field(text, ID)
    assert "no front matter" == replace_id_field("no front matter", ID)
