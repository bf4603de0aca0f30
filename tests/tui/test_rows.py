"""Test how rows of notes are laid out: the words that are looked for are marked in titles, and sentences are cut around what is marked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.test_browse import build_view
from zettel.model.base.answer import Line
from zettel.model.browse.entry import Entry
from zettel.model.browse.hit import Hit
from zettel.model.browse.note_view import NoteView
from zettel.model.browse.update import start
from zettel.model.note.note import Note
from zettel.model.note.picker_item import PickerItem
from zettel.model.text.wrap import measure_line
from zettel.tui.bars import build_head
from zettel.views.browse_rows import cut_around, mark_words


@pytest.mark.parametrize(
    ("text", "words", "hits"),
    [
        ("Execution is a string of kept promises", ("kept", "promis"), ["kept", "promis"]),
        ("Kept, KEPT and unkempt", ("kept",), ["Kept", "KEPT"]),
        ("Äpfel und A\u0308pfel", ("apf",), ["Äpf", "A\u0308pf"]),
        ("The ﬁrst", ("fir",), ["ﬁr"]),
        ("aaaa", ("aa",), ["aaaa"]),
        ("kept", ("", "absent"), []),
        ("", ("kept",), []),
    ],
)
def test_words_are_marked_in_titles(text: str, words: tuple[str, ...], hits: list[str]) -> None:
    """What is typed is marked wherever it stands, whatever its letter case and accents, and nothing else is."""
    assert hits == [part for part, style in mark_words(text, words, "title") if style == "hit"]


@given(st.text(max_size=20), st.lists(st.text(max_size=4), max_size=3))
def test_marks_change_no_text(text: str, words: list[str]) -> None:
    """Whatever is typed, a title that is marked reads as before."""
    assert text == "".join(part for part, _ in mark_words(text, words, "title"))


@pytest.mark.parametrize("columns", range(16, 90))
def test_a_sentence_is_cut_so_that_its_mark_is_seen(columns: int) -> None:
    """Of a long sentence, the beginning of what is marked is seen, and as many of the words before it as there is room for."""
    mark = ("Trust is repaid in small instalments", "link")
    sentence: Line = (("It was to be expected, as everybody knew by then, since ", ""), mark, (", as I have learnt.", ""))
    shown = cut_around(sentence, columns)
    assert measure_line(shown) <= columns
    marked = "".join(text for text, style in shown if style == "link")
    assert marked[:3] == "Tru"
    if columns >= 40:
        assert "since " in "".join(text for text, _ in shown)


def test_large_numbers_are_grouped() -> None:
    """A thousand notes and more are counted in groups of three digits, and the strip says how many backlinks there are if not all are listed."""
    view = build_view(1)
    note = Note("1.md", None, "One", (), (), "2023-01-01", "2023-01-01", 10, 1, 1315)
    many = NoteView(note, view.blocks, view.links, view.backlinks, view.outline)
    assert f"{len(view.backlinks)} of 1,315 backlinks" == many.backlink_count
    state, _ = start("")
    state = replace(state, place=replace(state.place, total=10_000))
    assert "10,000 notes" in "".join(text for text, _ in build_head(state, "notes")[1])
    found = replace(state, place=replace(state.place, query=Entry("x"), hits=(Hit(PickerItem("1.md", None, "One", (), (), "")),) * 1200))
    assert "1,200 of 10,000 notes" in "".join(text for text, _ in build_head(found, "notes")[1])
