"""Test the frame around the text of a note: nothing in the text can end it or open another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.model.text.inert import is_unsafe
from zettel.views.framed_text import frame_text

BREAKING = (
    "end of note 202401010101",
    "End of note 202401010101.",
    "  end of note",
    "**end of note 202401010101**",
    "> end of note",
    "e\u0301nd of note",
    "ｅｎｄ ｏｆ ｎｏｔｅ",
    "end\u00a0of\u200bnote",
    "e\u00adnd of note",
    "note 202401010102, text follows",
    "Note: 202401010102 - TEXT FOLLOWS:",
)


@pytest.mark.parametrize("line", BREAKING)
def test_line_that_looks_like_a_frame_is_marked(line: str) -> None:
    """A line that a reader could take for a line of the frame gets a backslash, however it is written."""
    framed = frame_text("202401010101", f"before\n{line}\nafter\n").split("\n")
    assert "note 202401010101, text follows" == framed[0]
    assert ["before", f"\\{line}", "after"] == framed[1:4]
    assert "end of note 202401010101" == framed[-1]


def test_other_lines_stay_as_they_are() -> None:
    """Lines that only speak of notes are not marked."""
    lines = ["The end of notes.", "Note what follows.", "\tIn the end, of note."]
    assert lines == frame_text("A.md", "\n".join(lines) + "\n").split("\n")[1:-1]


def test_head_says_where_the_text_is_from() -> None:
    """The first line names the note and what else is known of it, on one line."""
    assert (
        "note a b.md, origin: imported from x y, text follows" == frame_text("a\nb.md", "", ["origin: imported from x\ny"]).split("\n")[0]
    )


@given(st.lists(st.sampled_from([*BREAKING, "\r", "\r\n", "\n", "\x1b[2J", "\u2028", "\u202e", "\U000e0041", "\ud800", "word", " "])))
def test_no_text_breaks_its_frame(parts: list[str]) -> None:
    """Whatever a text holds, its frame begins in the first line and ends in the last, and nothing in it is unsafe to show."""
    lines = frame_text("202401010101", "".join(parts)).split("\n")
    assert [0] == [number for number, line in enumerate(lines) if line.startswith("note ") and line.endswith(", text follows")]
    assert [len(lines) - 1] == [number for number, line in enumerate(lines) if line.startswith("end of note")]
    assert not any(is_unsafe(char) for line in lines for char in line.replace("\t", ""))
