"""Test what the notes of a notebook look like, and that new ones look the same and read back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.note.note_style import (
    BOTH,
    DEFAULT_FILE_NAME,
    FRONT_MATTER,
    HEADING,
    build_styled_text,
    detect_style,
    is_plain_title,
    is_prose_tag,
)

ID = "202401010101"
WHEN = "2024-01-01 01:01"
TITLED = "---\ntitle: X\n---\n\nText.\n"
UNTITLED = "---\ntags: [a]\n---\n\n# X\n\nText.\n"


@pytest.mark.parametrize(
    ("expected", "starts"),
    [
        (HEADING, ["# A\n", "# B\n\ntext", "\ufeff# C\r\n"]),
        (FRONT_MATTER, [TITLED, TITLED.replace("\n", "\r\n"), "# C\n"]),
        (FRONT_MATTER, ["+++\ntitle = 'x'\n+++\n", "---\ndate: 2024-01-01\n---\nText.\n"]),
        (BOTH, [UNTITLED, UNTITLED, "# C\n"]),
        (FRONT_MATTER, ["---\n" + "a: b\n" * 200] * 2),
        (FRONT_MATTER, []),
        (FRONT_MATTER, ["# A\n"]),
        (FRONT_MATTER, ["# A\n", "# B\n", TITLED, TITLED]),
        (HEADING, ["# A\n", "# B\n", "Plain text.\n", "More text.\n", ""]),
        (HEADING, ["---\n\n# A\n", "# B\n", "# C\n"]),
    ],
)
def test_the_style_is_that_of_most_notes(expected: str, starts: list[str]) -> None:
    """New notes have their title where more than half of the notes that show one have it, and in front matter if none is in the majority."""
    assert expected == detect_style((f"{number}.md", start) for number, start in enumerate(starts))[0]


@pytest.mark.parametrize(
    ("expected", "names"),
    [
        (DEFAULT_FILE_NAME, []),
        (DEFAULT_FILE_NAME, ["Trust", "Other"]),
        ("{id}", [ID, "202401010102"]),
        ("{id} {title}", [f"{ID} Slow trust", "202401010102 B", "202401010103"]),
        ("{id}-{slug}", [f"{ID}-slow-trust", "202401010102-b", "202401010103 C"]),
        ("{id}_{slug}", [f"{ID}_slow_trust", "20240101010203_b"]),
        ("{title} {id}", [f"Slow trust {ID}", "B 202401010102"]),
        ("{id} - {title}", [f"{ID} - Slow trust", "202401010102 - B"]),
        (DEFAULT_FILE_NAME, [f"{ID}-slow-trust", "202401010102 B"]),
        (DEFAULT_FILE_NAME, [f"{ID}-Slow Trust", "202401010102-B", "202401010103"]),
    ],
)
def test_file_names_are_like_those_of_most_notes(expected: str, names: list[str]) -> None:
    """The pattern of new file names is that of more than half of those that hold an ID."""
    assert expected == detect_style((f"folder/{name}.md", "") for name in names)[1]


@pytest.mark.parametrize(
    ("expected", "style", "tags", "body"),
    [
        ("# T\n\n", HEADING, (), ""),
        ("# T\n\nBody.\n", HEADING, (), "\nBody.\n\n"),
        ("# T\n\nBody.\n\n#a #b/c\n", HEADING, ("a", "b/c"), "Body."),
        ("# T\n\n#a\n", HEADING, ("a",), ""),
        ("# T\n\n#a\n\n```\nopen\n", HEADING, ("a",), "```\nopen"),
        ("---\ntags: [a b]\n---\n\n# T\n\nBody.\n", HEADING, ("a b",), "Body."),
        (f"---\ndate: {WHEN}\ntags: [a]\n---\n\n# T\n\nBody.\n", BOTH, ("a",), "Body."),
        (f"---\ntitle: T\ndate: {WHEN}\ntags: [a]\n---\n\nBody.\n", FRONT_MATTER, ("a",), "Body."),
    ],
)
def test_a_note_is_written_in_a_style(expected: str, style: str, tags: tuple[str, ...], body: str) -> None:
    """A title is a heading or a field, and tags are a last line, unless the body would swallow it or prose cannot hold them."""
    assert expected == build_styled_text(style, "T", "T", WHEN, tags, body)


@given(
    st.sampled_from([HEADING, BOTH]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
    .map(lambda text: " ".join(text.split()))
    .filter(is_plain_title),
    st.lists(st.text(st.sampled_from("abÄ知1-_/"), min_size=1, max_size=6).filter(is_prose_tag), max_size=3, unique=True),
)
@example(HEADING, "1. First", ["a"])
@example(HEADING, "- item", [])
@example(HEADING, "Why (not)?", ["x-y", "a/b"])
def test_a_plain_title_is_read_back_from_a_heading(style: str, title: str, tags: list[str]) -> None:
    """A title that is called plain, and tags that are called fit for prose, are read back as they were given."""
    if not title:
        return
    parsed = parse_note_bytes(f"{ID}.md", build_styled_text(style, title, title, WHEN, tuple(tags), "Text.").encode())
    assert (title, ID) == (parsed.title, parsed.id)
    assert set(tags) == set(parsed.tags)
