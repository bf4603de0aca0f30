"""Test where a link is added to the text of a note: below its last block, and above the lines that close it."""

from __future__ import annotations

import pytest

from zettel.model.note.new_note import append_link

ID = "202104291526"


@pytest.mark.parametrize(
    ("before", "closing"),
    [
        ("Text.\n", "#work #team/ops\n"),
        ("# A\n\nText.\n", "Tags: #work\n"),
        ("Text.\n", "**Tags:** #work, #ops"),
        ("Text.[^1]\n", "[^1]: A book.\n"),
        ("Text.[^1]\n", "[^1]: A book,\n    page 2.\n\n    More of it.\n"),
        ("See [r].\n", "[r]: https://x.org\n[s]: name.md\n"),
        ("Text.\n", "<!-- status: draft\nof mine -->\n"),
        ("Text.\n", "%% draft %%\n"),
        ("Text.\n", "---\n\n#work\n"),
        ("Text.[^1]\n", "[^1]: A book.\n\n***\n\n<!-- x -->\n\n#work\n\n"),
        ("---\ntitle: A\n---\n\n## Last heading\n\nText.\n", "#work\n"),
        ("```\n#code\n```\n", "#work\n"),
        ("Text.\n", "## Sources\n\n[^1]: A book.\n"),
        ("# Only a title\n", "## To do\n"),
        ("Text.\n\n## See also\n", "#work\n"),
        ("# Only a title\n", "#work\n"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_closing_lines_stay_below_the_link(before: str, closing: str, end: str) -> None:
    """Tags, footnotes, definitions, comments and the rule above them close a note, and the link goes above them."""
    data, link = f"{before}\n{closing}".replace("\n", end).encode(), f"\n{ID} T\n".replace("\n", end).encode()
    expected = before.replace("\n", end).encode() + link + data[len(before.replace("\n", end).encode()) :]
    assert expected == append_link(data, ID, "T", f"{ID}.md")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("- one\n- two\n- LINK\n", "- one\n- two\n"),
        ("- one\n- LINK\n", "- one"),
        ("* one\n\n* two\n\n* LINK\n", "* one\n\n* two\n"),
        ("1. one\n2. two\n3. LINK\n", "1. one\n2. two\n"),
        ("9) one\n10) LINK\n", "9) one\n"),
        ("- [x] done\n- LINK\n", "- [x] done\n"),
        ("- one\n  - below\n- LINK\n", "- one\n  - below\n"),
        ("See also:\n- one,\n  and more\n- LINK\n\n#work\n", "See also:\n- one,\n  and more\n\n#work\n"),
        ("Text.\n\n-   wide\n-   LINK\n\n[^1]: Note.\n", "Text.\n\n-   wide\n\n[^1]: Note.\n"),
        ("- one\nstill of it\n\nLINK\n", "- one\nstill of it\n"),
        ("- one\n\nText.\n\nLINK\n", "- one\n\nText.\n"),
        ("Text.\n\n- - -\n\nLINK\n", "Text.\n\n- - -\n"),
        ("| a |\n| - |\n| b |\n\nLINK\n", "| a |\n| - |\n| b |\n"),
    ],
)
def test_a_link_continues_the_list_that_ends_the_text(expected: str, text: str) -> None:
    """The link is a further item if a list is the last block of the text, else a paragraph of its own."""
    assert expected.replace("LINK", f"{ID} T").encode() == append_link(text.encode(), ID, "T", f"{ID}.md")


@pytest.mark.parametrize("head", ["", "---\ntitle: A\n---\n", "---\ntitle: A\n---\n\n"])
def test_a_note_of_closing_lines_begins_with_the_link(head: str) -> None:
    """In a note that has only tags, the link is the text, and not the note's own ID."""
    assert f"{head}[[{ID}]] T\n\n#work\n".encode() == append_link(f"{head}#work\n".encode(), ID, "T", f"{ID}.md")


def test_a_link_can_be_forced_to_the_end() -> None:
    """With `at_end`, the link goes below everything."""
    assert f"Text.\n\n#work\n\n{ID} T\n".encode() == append_link(b"Text.\n\n#work\n", ID, "T", f"{ID}.md", at_end=True)
