"""Test that parsing only the prose of a note yields what parsing all of it yields."""

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
def test_prose_is_that_of_the_whole_note(text: str, label_first: bool) -> None:
    """Headings and text are the same, whatever the note holds."""
    whole = note.parse_note_bytes("Note.md", text.encode(), label_first=label_first)
    assert (whole.headings, whole.text) == note.parse_note_prose("Note.md", text.encode(), label_first=label_first)[:2]


@pytest.mark.parametrize("path", sorted(STARTER.rglob("*.md")), ids=lambda path: path.name[:12])
def test_prose_is_that_of_the_whole_note_in_the_starter_notebook(path: object) -> None:
    """Headings and text are the same for every note of the starter notebook."""
    name, data = path.name, path.read_bytes()  # type: ignore[attr-defined]
    whole = note.parse_note_bytes(name, data)
    assert (whole.headings, whole.text) == note.parse_note_prose(name, data)[:2]


def test_prose_has_code_addresses_and_fields() -> None:
    """Code blocks, the addresses of links and front matter without another meaning are returned beside the text."""
    text = """---
title: Harbour
author: Tove Jansson
sites: [harbour.example.org, quay.example.org]
tags: sea
---
# Harbour

See [the quay](https://quay.example.org/map) and [[Pier]].

```sh
dig harbour
```
"""
    prose = note.parse_note_prose("Note.md", text.encode())
    assert ["Harbour"] == prose.headings
    assert "dig harbour" not in prose.text
    assert "dig harbour" == prose.code.strip()
    assert ["quay.example.org/map"] == list(prose.addresses)
    fields = [("author", "Tove Jansson"), ("sites", "harbour.example.org"), ("sites", "quay.example.org")]
    assert fields == list(prose.fields)
