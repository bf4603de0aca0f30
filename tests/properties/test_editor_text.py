"""Test that any text that any editor could send is edited and mapped to bytes as a naive program does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zettel.model.editor.editor_text import ENCODINGS, EditorText, TextPlace, split_lines

PIECES = st.sampled_from(
    ["a", "b ", "\n", "\r", "\r\n", "é", "e\u0301", "語", "😀", "👩\u200d💻", "\u2028", "\x0c", "\ufeff", "[[x]]", "\t"]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)
ENCODING = st.sampled_from(ENCODINGS)


def measure(text: str, encoding: str) -> int:
    """Return the length of a text in units of an encoding."""
    return {"utf-8": len(text.encode()), "utf-16": len(text.encode("utf-16-le")) // 2, "utf-32": len(text)}[encoding]


def list_places(text: str, encoding: str) -> list[tuple[int, TextPlace]]:
    """Return every offset in a text that is not inside a line end, with its place."""
    found, at = [], 0
    lines = split_lines(text)
    for number, line in enumerate(lines):
        words = line.rstrip("\r\n") if number + 1 < len(lines) else line
        found += [(at + count, TextPlace(number, measure(words[:count], encoding))) for count in range(len(words) + 1)]
        at += len(line)
    return found


@given(TEXTS, ENCODING)
def test_lines_make_up_the_text(text: str, encoding: str) -> None:
    """The lines of a text joined are the text, and each except the last ends with one line end."""
    lines = EditorText(text, encoding).lines
    assert text == "".join(lines)
    assert all(line[-1:] in ("\n", "\r") for line in lines[:-1])
    assert not any(end in line.removesuffix("\n").removesuffix("\r") for line in lines for end in "\r\n")


@given(TEXTS, ENCODING)
def test_every_place_is_a_byte_and_back(text: str, encoding: str) -> None:
    """Every place leads to the byte that a naive count gives, and that byte back to the place."""
    document = EditorText(text, encoding)
    for offset, place in list_places(text, encoding):
        size = len(text[:offset].encode())
        assert (size, place) == (document.find_offset(place), document.find_place(size))


@given(TEXTS, ENCODING, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), TEXTS), max_size=6))
def test_incremental_edits_equal_the_whole_text(text: str, encoding: str, edits: list[tuple[int, int, str]]) -> None:
    """After any edits the lines, the text and every place are those of a document that is built from the whole text."""
    document = EditorText(text, encoding)
    for first, last, new in edits:
        places = list_places(text, encoding)
        (start, start_place), (end, end_place) = sorted((places[first % len(places)], places[last % len(places)]))
        behind = document.replace(start_place, end_place, new)
        text = text[:start] + new + text[end:]
        if "\r" not in text:  # otherwise the new text may end within a line end
            assert len(text[: start + len(new)].encode()) == document.find_offset(behind)
        fresh = EditorText(text, encoding)
        assert (text, fresh.lines, fresh.data) == (document.text, document.lines, document.data)
        assert [fresh.find_place(at) for at in range(len(fresh.data))] == [document.find_place(at) for at in range(len(fresh.data))]


@given(TEXTS, ENCODING, st.integers(-5, 20), st.integers(-5, 20), st.integers(-5, 20), st.integers(-5, 20), TEXTS)
def test_any_edit_can_be_made(text: str, encoding: str, line: int, at: int, last_line: int, till: int, new: str) -> None:
    """An edit at places that do not exist, or in the wrong order, changes the text somewhere and raises nothing."""
    document = EditorText(text, encoding)
    document.replace(TextPlace(line, at), TextPlace(last_line, till), new)
    assert split_lines(document.text) == document.lines
    assert new in document.text


@given(TEXTS, ENCODING)
def test_positions_agree_with_pygls(text: str, encoding: str) -> None:
    """Places become offsets as the library's own codec makes them, in texts whose lines both split alike."""
    from lsprotocol import types
    from pygls.workspace import PositionCodec

    codec = PositionCodec(types.PositionEncodingKind(encoding))
    document = EditorText(text, encoding)
    for _, place in list_places(text, encoding):
        theirs = codec.position_from_client_units(document.lines, types.Position(*place))
        if place.line < len(document.lines) - 1 or document.lines[-1]:
            assert (theirs.line, theirs.character) == document.locate(place)


@given(TEXTS, ENCODING, st.lists(st.integers(0, 60), max_size=20))
def test_places_of_bytes_are_the_same_in_any_order(text: str, encoding: str, offsets: list[int]) -> None:
    """The place of a byte does not depend on which bytes were asked for before; one within a character has the place of that."""
    document = EditorText(text, encoding)
    for offset in offsets:
        if encoding != "utf-8":
            before = text.encode()[:offset].decode(errors="ignore")
            expected = EditorText(text, encoding).find_place(len(before.encode()))
            assert expected == document.find_place(offset)
        assert EditorText(text, encoding).find_place(offset) == document.find_place(offset)
