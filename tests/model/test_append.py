"""Test how text is appended to a note: what was there stays, and the new text is read as prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import Refused
from zettel.model.edit.append import append_text, append_to_section
from zettel.model.edit.sections import list_sections

PATH = "202401010101 A.md"


def append(data: bytes, text: str, path: str = PATH) -> bytes:
    """Append a text to a note."""
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
def test_appended_text_is_a_paragraph_or_list_item(expected: bytes, data: bytes, text: str) -> None:
    """Appended text follows a blank line or continues the last list, with the note's own line endings and byte order mark."""
    assert expected == append(data, text)


@pytest.mark.parametrize("data", [b"```\ncode\n", b"a\n\n<!-- not closed\n", b"~~~~\n```\n", b"<pre>\ntext", b"<script>\nx"])
def test_append_refuses_unclosed_code_comments_and_tags(data: bytes) -> None:
    """Appending is refused if an unclosed code fence, comment or tag would hide the text."""
    with pytest.raises(Refused) as error:
        append(data, "b")
    assert "close it" in error.value.hint


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"text\n", "# A heading"), (b"See [x].\n", "[x]: 202401010102.md"), (b"---\ntitle: A\n---\n[[a][b]\n", "[b]: c.md")],
)
def test_append_refuses_text_that_changes_the_rest(data: bytes, text: str) -> None:
    """Appending is refused if a heading would become the title, or a definition would turn words above it into a link."""
    with pytest.raises(Refused):
        append(data, text, "A.md")


def test_append_refuses_a_note_that_is_not_utf8() -> None:
    """A note that is not UTF-8 is never rewritten."""
    with pytest.raises(Refused):
        append(b"caf\xe9\n", "b")


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
def test_append_keeps_every_byte_and_link(data: bytes, text: str) -> None:
    """Whatever is appended to whatever note, the result starts with the old bytes and links, or the change is refused."""
    try:
        after = append(data, text)
    except Refused:
        return
    assert after.startswith(data)
    before, now = parse_note_bytes(PATH, data), parse_note_bytes(PATH, after)
    assert [link.text for link in before.links] == [link.text for link in now.links][: len(before.links)]
    assert before.text.split() == now.text.split()[: len(before.text.split())]


def append_below(data: bytes, heading: str, text: str) -> bytes:
    """Append a text to the section with this heading, before the next heading."""
    sections = list_sections(parse_note_bytes(PATH, data), data)
    number = next(at for at, section in enumerate(sections) if section.heading == heading)
    end = sections[number + 1].start if number + 1 < len(sections) else len(data)
    return append_to_section(PATH, data, end, text, lambda data: parse_note_bytes(PATH, data))


@pytest.mark.parametrize(
    ("expected", "data", "text"),
    [
        (b"# A\n\n## B\n\nb\n\nnew\n\n## C\n\nc\n", b"# A\n\n## B\n\nb\n\n## C\n\nc\n", "new"),
        (b"# A\n\n## B\nb\n\nnew\n\n## C\n", b"# A\n\n## B\nb\n## C\n", "new\n"),
        (b"# A\n\n## B\n\nnew\n\n### C\n", b"# A\n\n## B\n\n### C\n", "new"),
        (b"# A\n\n## B\n\n- b\n- new\n\n## C\n", b"# A\n\n## B\n\n- b\n\n## C\n", "- new"),
        (b"# A\r\n\r\n## B\r\n\r\nnew\r\nmore\r\n\r\n## C\r\n", b"# A\r\n\r\n## B\r\n\r\n## C\r\n", "new\nmore"),
        (b"# A\n\n## B\n\nb\n\nnew\n", b"# A\n\n## B\n\nb\n", "new"),
        (b"# A\n\n## B\n\nb\n\nnew\n", b"# A\n\n## B\n\nb", "new"),
        (b"# A\n\nB\n---\nb\n\nnew\n\nC\n---\n", b"# A\n\nB\n---\nb\n\nC\n---\n", "new"),
    ],
)
def test_text_appended_to_a_section_stands_before_the_next_heading(expected: bytes, data: bytes, text: str) -> None:
    """A text appended to a section follows its own text, and nothing else changes."""
    assert expected == append_below(data, "B", text)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"# A\n\n## B\n\n```\ncode", "new"),
        (b"# A\n\n## B\n\nSee [x].\n\n## C\n", "[x]: 202401010102.md"),
        (b"# A\n\n## B\n\nb\n\n## C\n\nSee [x].\n", "[x]: 202401010102.md"),
        (b"# A\n\n## B\n\n\xff\n", "new"),
        (b"# A\n\n## B\n\nb\n\n## C\n\nSee 202401010102 C.\n", "```\nnever closed"),
    ],
)
def test_text_that_would_change_another_part_is_not_appended_to_a_section(data: bytes, text: str) -> None:
    """A text that would be swallowed, or would change a link or the words of another section, is refused."""
    with pytest.raises(Refused):
        append_below(data, "B", text)


@given(st.text(alphabet="ab \n#-*`[]()>|<!:_~=1.", max_size=40))
def test_whatever_is_appended_to_a_section_the_others_keep_their_words_and_links(text: str) -> None:
    """Whatever text is appended to a section, all bytes that were there stay in their order, and the links are as before, or it is refused."""
    data = b"# A\n\nSee 202401010102 B.\n\n## B\n\nwords\n\n## C\n\n[[202401010103]] says more.\n"
    try:
        after = append_below(data, "B", text)
    except Refused:
        return
    at = data.index(b"\n\n## C")
    assert after.startswith(data[:at])
    assert after.endswith(data[at:])
    dests = [link.dest for link in parse_note_bytes(PATH, after).links]
    assert ["202401010102", "202401010103"] == [dest for dest in dests if dest in ("202401010102", "202401010103")]
