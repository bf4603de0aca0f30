"""Test how a text of a note is replaced: only where it stands once, and never so that the note becomes another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import Refused, UsageError, ZettelError
from zettel.model.edit.replace_text import replace_text

PATH = "202401010101 A.md"


def replace(data: bytes, old: str, new: str) -> bytes:
    """Replace a text of a note."""
    return replace_text(PATH, data, old, new, lambda data: parse_note_bytes(PATH, data))


@pytest.mark.parametrize(
    ("expected", "data", "old", "new"),
    [
        (b"# A\n\nnew b\n", b"# A\n\nold b\n", "old", "new"),
        (b"# A\r\n\r\none\r\ntwo b\r\n", b"# A\r\n\r\nold\r\ntext b\r\n", "old\ntext", "one\ntwo"),
        (b"# A\n\none\ntwo\n", b"# A\n\nold\n", "old", "one\r\ntwo"),
        (b"\xef\xbb\xbf# A\n\n\xc3\xbc\n", b"\xef\xbb\xbf# A\n\n\xc3\xb6\n", "ö", "ü"),
        (b"# A\n\n\n", b"# A\n\nold\n", "old", ""),
        (b"---\ntitle: A\ntags: [two]\n---\n\nx\n", b"---\ntitle: A\ntags: [one]\n---\n\nx\n", "[one]", "[two]"),
    ],
)
def test_text_that_stands_once_is_replaced(expected: bytes, data: bytes, old: str, new: str) -> None:
    """A text that occurs once is replaced, in the note's own line ends."""
    assert expected == replace(data, old, new)


@pytest.mark.parametrize(
    ("words", "data", "old"),
    [
        ("does not occur", b"# A\n\ntext\n", "Text"),
        ("occurs 2 times, in lines 3, 5", b"# A\n\nab\n\nab\n", "ab"),
        ("occurs 2 times", b"# A\n\naaa\n", "aa"),
        ("occurs 6 times, in lines 3, 3, 3, 3, 3 and 1 more", b"# A\n\nbbbbbb\n", "b"),
        ("is empty", b"# A\n", ""),
    ],
)
def test_text_must_stand_there_exactly_once(words: str, data: bytes, old: str) -> None:
    """A text that does not occur, or more than once, is not replaced, and the error says where it stands."""
    with pytest.raises(UsageError) as error:
        replace(data, old, "x")
    assert words in error.value.message
    assert error.value.hint


@pytest.mark.parametrize(
    ("words", "data", "old", "new"),
    [
        ("title", b"# A title\n\nb\n", "title", "heading"),
        ("title", b"---\ntitle: A\n---\n\nb\n", "title: A", "title: B"),
        ("ID", b"---\ntitle: A\nid: 202401010101\n---\n\nb\n", "202401010101", "202401010102"),
        ("front matter", b"---\ntitle: A\ntags: [a]\n---\n\nb\n", "[a]", "[a"),
        ("UTF-8", b"# A\n\nold \xff\n", "old", "new"),
    ],
)
def test_edit_that_would_make_another_note_is_refused(words: str, data: bytes, old: str, new: str) -> None:
    """An edit that would change the ID or the title, or break the front matter, is refused."""
    with pytest.raises(Refused) as error:
        replace_text("A.md", data, old, new, lambda data: parse_note_bytes("A.md", data))
    assert words in error.value.message


@given(st.text(alphabet="ab\n# -`", max_size=12), st.text(alphabet="ab\n# -`[]", max_size=12))
def test_only_the_replaced_bytes_change(old: str, new: str) -> None:
    """Whatever is replaced by whatever, the bytes around it stay, or the edit is refused."""
    data = b"# A\n\naab a b\n\n- bb\n\n```\naa\n```\n"
    try:
        after = replace(data, old, new)
    except ZettelError:
        return
    before, _, behind = data.decode().partition(old)
    assert f"{before}{new}{behind}".encode() == after
