"""Reading a note's text alone gives what reading all of it gives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import STARTER
from zettel.adapters.parse import note

LINES = st.sampled_from(
    [
        "---",
        "title: A title",
        "# A heading",
        "Plain heading",
        "=======",
        "- item [[202101011200|Trust]] and *more*",
        "    indented",
        "| a | b |",
        "|---|---|",
        "```",
        "<div>within</div>",
        "[x]: y.md",
        "",
        "",
        "Text with 202101011200 Trust, é and 信.\r",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(LINES, max_size=14).map("\n".join), st.booleans())
def test_prose_is_that_of_the_whole_reading(text: str, label_first: bool) -> None:
    """Headings and text are the same, whatever the note is made of."""
    whole = note.parse_note_bytes("Note.md", text.encode(), label_first=label_first)
    assert (whole.headings, whole.text) == tuple(note.parse_note_prose("Note.md", text.encode(), label_first=label_first))


@pytest.mark.parametrize("path", sorted(STARTER.rglob("*.md")), ids=lambda path: path.name[:12])
def test_prose_of_the_starter_notebook(path: object) -> None:
    """It is so for every note of the starter notebook."""
    name, data = path.name, path.read_bytes()  # type: ignore[attr-defined]
    whole = note.parse_note_bytes(name, data)
    assert (whole.headings, whole.text) == tuple(note.parse_note_prose(name, data))
