"""Test how an editor's text is split into lines, edited, and mapped to bytes."""

from __future__ import annotations

import pytest

from zettel.model.editor.editor_text import UTF_8, UTF_16, UTF_32, EditorText, TextPlace, find_span_in_line, split_lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a\n", ""]),
        ("a\r\nb\rc", ["a\r\n", "b\r", "c"]),
        ("a\u2028b\x0bc\x0cd\x85e", ["a\u2028b\x0bc\x0cd\x85e"]),
    ],
)
def test_lines_end_where_the_protocol_says(text: str, expected: list[str]) -> None:
    r"""Only `\n`, `\r\n` and `\r` end a line; what else Python takes for a line end is part of it."""
    assert expected == split_lines(text)


@pytest.mark.parametrize(("encoding", "character"), [(UTF_8, 9), (UTF_16, 4), (UTF_32, 3)])
def test_places_count_in_units_of_the_encoding(encoding: str, character: int) -> None:
    """A place behind an emoji and a Chinese character counts them as their encoding does, and is found from their bytes."""
    document = EditorText("one\nß😀語x", encoding)
    place = TextPlace(1, character)
    assert (1, 3) == document.locate(place)
    assert place == document.build_place(1, 3) == document.find_place(4 + len("ß😀語".encode()))


def test_place_in_the_middle_of_a_character_means_its_start() -> None:
    """A place between the halves of a surrogate pair, or the bytes of a letter, means the place before the character."""
    assert (0, 1) == EditorText("a😀b", UTF_16).locate(TextPlace(0, 2))
    assert (0, 1) == EditorText("aßb", UTF_8).locate(TextPlace(0, 2))


def test_places_beyond_the_text_mean_its_end() -> None:
    """A place beyond a line means the end of its words, and one beyond the last line the end of the text."""
    document = EditorText("one\r\ntwo")
    assert (0, 3) == document.locate(TextPlace(0, 99))
    assert (1, 3) == document.locate(TextPlace(7, 7))
    assert TextPlace(1, 3) == document.find_place(99)


def test_carriage_return_and_line_feed_meet_in_an_edit() -> None:
    """A line feed that is typed behind a carriage return makes one line end of both."""
    document = EditorText("a\rb")
    document.replace(TextPlace(1, 0), TextPlace(1, 0), "\n")
    assert ["a\r\n", "b"] == document.lines


def test_byte_order_mark_of_a_file_has_no_place() -> None:
    """Bytes of a file are counted with its byte order mark, and places without it, as editors hide it."""
    document = EditorText("\ufeffab", hides_mark=True)
    assert (TextPlace(0, 1), 4, "\ufeffab".encode()) == (document.find_place(4), document.find_offset(TextPlace(0, 1)), document.data)


def test_half_a_character_is_replaced() -> None:
    """JSON can hold half of a surrogate pair; it becomes U+FFFD, so that the text can be written as UTF-8."""
    document = EditorText("a\ud800b")
    document.replace(TextPlace(0, 0), TextPlace(0, 0), "\udfff")
    assert "\ufffda\ufffdb" == document.text


def test_span_in_a_line_needs_no_document() -> None:
    """The span of bytes within one line is the same as a document finds, and None if it is not within a line or not UTF-8."""
    text = "\ufeffone\nß😀 語 x\ny"
    data = text.encode()
    start = data.index("語".encode())
    expected = EditorText(text, hides_mark=True).find_span(start, start + 3)
    assert expected == find_span_in_line(data, start, start + 3, 1, UTF_16)
    assert None is find_span_in_line(data, start, len(data), 1, UTF_16)
    assert None is find_span_in_line(data + b"\xff", start, start + 3, 1, UTF_16)
