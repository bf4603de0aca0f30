"""Adding text at the end of a note: all that was there stays, and what is added is read as prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import Refused
from zettel.model.edit.append import append_text

PATH = "202401010101 A.md"


def add(data: bytes, text: str, path: str = PATH) -> bytes:
    """The note with a text added."""
    return append_text(path, data, text, lambda data: parse_note_bytes(path, data))


@pytest.mark.parametrize(
    ("expected", "data", "text"),
    [
        (b"a\n\nb\n", b"a\n", "b"),
        (b"a\n\nb\n", b"a", "b\n"),
        (b"a\n\nb\n", b"a\n\n", "b"),
        (b"a\n\n\n\nb\n", b"a\n\n\n\n", "b"),
        (b"a\r\n\r\nb\r\nc\r\n", b"a\r\n", "b\nc"),
        (b"a\r\rb\r", b"a\r", "b"),
        (b"\xef\xbb\xbfa\n\nb\n", b"\xef\xbb\xbfa\n", "b"),
        (b"b\n", b"", "b"),
        (b"---\ntitle: A\n---\n\nb\n", b"---\ntitle: A\n---\n\n", "b"),
        (b"---\ntitle: A\n---\n\nb\n", b"---\ntitle: A\n---", "b"),
        (b"- 08:00 a\n- 09:00 b\n", b"- 08:00 a\n", "- 09:00 b"),
        (b"- 08:00 a\n  more\n- 09:00 b\n", b"- 08:00 a\n  more\n", "- 09:00 b"),
        (b"text\n\n- 09:00 b\n", b"text\n", "- 09:00 b"),
        (b"- a\n\nparagraph\n", b"- a\n", "paragraph"),
        (b"```\ncode\n```\n\nb\n", b"```\ncode\n```\n", "b"),
        (b"> quote\n\nb\n", b"> quote", "b"),
        (b"a\n\n```\ncode\n```\n", b"a\n", "```\ncode\n```"),
        (b"| a |\n|---|\n| b |\n\nc\n", b"| a |\n|---|\n| b |\n", "c"),
    ],
)
def test_text_is_added(expected: bytes, data: bytes, text: str) -> None:
    """A blank line stands between, a list goes on, line ends and BOM are the note's."""
    assert expected == add(data, text)


@pytest.mark.parametrize("data", [b"```\ncode\n", b"a\n\n<!-- not closed\n", b"~~~~\n```\n", b"<pre>\ntext", b"<script>\nx"])
def test_an_end_that_would_swallow_it_is_refused(data: bytes) -> None:
    """Code, comments and tags that are not closed would hide the text."""
    with pytest.raises(Refused) as error:
        add(data, "b")
    assert "close it" in error.value.hint


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"text\n", "# A heading"), (b"See [x].\n", "[x]: 202401010102.md"), (b"---\ntitle: A\n---\n[[a][b]\n", "[b]: c.md")],
)
def test_text_that_would_change_the_note_is_refused(data: bytes, text: str) -> None:
    """A heading does not become the title, and a definition makes no link of words above it."""
    with pytest.raises(Refused):
        add(data, text, "A.md")


def test_a_note_that_is_not_utf8_is_refused() -> None:
    """A note that is not UTF-8 is never rewritten."""
    with pytest.raises(Refused):
        add(b"caf\xe9\n", "b")


PIECES = st.sampled_from(
    [
        "word",
        "# H",
        "- item",
        "> quote",
        "```",
        "`",
        "[[A]]",
        "[x]",
        "[x]: y.md",
        "<!--",
        "-->",
        "<div>",
        "| a |",
        "|---|",
        "---",
        "===",
        "    code",
        "",
        "1. x",
        "[^1]: n",
    ]
)
NOTES = st.lists(PIECES, max_size=8).flatmap(lambda lines: st.sampled_from(["\n", "\r\n", "\r"]).map(lambda end: end.join(lines).encode()))


@given(NOTES, st.lists(PIECES, min_size=1, max_size=3).map("\n".join).filter(str.strip))
def test_every_byte_and_link_stays(data: bytes, text: str) -> None:
    """Whatever is added to whatever note: its bytes are the beginning of the new ones, and so are its links, or it is refused."""
    try:
        after = add(data, text)
    except Refused:
        return
    assert after.startswith(data)
    before, now = parse_note_bytes(PATH, data), parse_note_bytes(PATH, after)
    assert [link.text for link in before.links] == [link.text for link in now.links][: len(before.links)]
    assert before.text.split() == now.text.split()[: len(before.text.split())]
