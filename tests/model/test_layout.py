"""Test how tables and indented trees are laid out on screens of any width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zettel.model.base.answer import Branch, Column, Line
from zettel.model.text.wrap import measure_columns
from zettel.output.table_layout import lay_out_rows
from zettel.output.tree_layout import lay_out_tree

COLUMNS = (
    Column("@", "number", "number"),
    Column("ID", "id", "id"),
    Column("Title", "title", may_wrap=True),
    Column("Linked by", "sources", "strong"),
    Column("Map", "structure", "dim"),
)
ROWS = [
    {"number": 1, "id": "202403010800", "title": "A rope has two ends", "sources": 7, "structure": True},
    {"number": 2, "id": "202403010801", "title": "Splice what you cannot knot", "sources": 12, "structure": False},
]


def _join(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def _lay_out(width: int) -> list[str]:
    return _join(list(lay_out_rows(COLUMNS, ROWS, width)))


def test_a_table_has_its_columns_side_by_side() -> None:
    """Where there is room, a row is a line, and numbers are aligned right."""
    assert [
        "@  ID            Title                        Linked by  Map",
        "1  202403010800  A rope has two ends                  7  yes",
        "2  202403010801  Splice what you cannot knot         12",
    ] == _lay_out(80)


def test_a_title_wraps_in_its_column() -> None:
    """Where there is less room, the title wraps between words."""
    assert ["2  202403010801  Splice what you cannot           12", "                 knot"] == _lay_out(57)[-2:]


def test_a_narrow_screen_keeps_every_cell() -> None:
    """Where columns do not fit, the title comes first, and every other cell below it, numbers with what they count."""
    assert [
        "  1 202403010800 A rope has two ends",
        "    Linked by 7 · map",
        "  2 202403010801 Splice what you cannot",
        "    knot",
        "    Linked by 12",
    ] == _lay_out(40)


@given(st.integers(20, 120))
def test_no_row_is_wider_than_the_screen(width: int) -> None:
    """On every screen, all lines fit, and no word is lost."""
    lines = _lay_out(width)
    assert all(measure_columns(line) <= width for line in lines)
    assert {"rope", "ends", "Splice", "knot", "7", "12"} <= set(" ".join(lines).split())


def test_a_spaced_tree_has_blank_lines_between_groups() -> None:
    """Branches with others below them are parted by a blank line, also from the note they are about. Single lines are not."""
    groups = (Branch((("Bow", "title"),), (Branch((("fore", ""),)),)), Branch((("Stern", "title"),), (Branch((("aft", ""),)),)))
    assert ["Ship", "", "  Bow", "    fore", "", "  Stern", "    aft"] == _join(
        list(lay_out_tree([Branch((("Ship", "title"),), groups)], 40, is_spaced=True))
    )
    assert ["Bow", "Stern"] == _join(list(lay_out_tree([Branch((("Bow", ""),)), Branch((("Stern", ""),))], 40, is_spaced=True)))


def test_a_long_line_goes_on_behind_its_number_and_arrow() -> None:
    """The further lines of a branch begin where its words do, and a sentence stands below the name of its note."""
    sentence = Branch((("Coil the line before the squall comes", ""),))
    note = Branch((("  1 ", "number"), ("→ ", "arrow"), ("A rope that is coiled runs free", "title")), (sentence,))
    assert [
        "  1 → A rope that is coiled",
        "      runs free",
        "      Coil the line before",
        "      the squall comes",
    ] == _join(list(lay_out_tree([note], 28)))


def test_an_id_before_the_words_of_its_link_is_not_shown() -> None:
    """On a screen, a link is its words; the ID before them is for programs."""
    line = (("See ", ""), ("202403010800 ", "link-id"), ("A rope", "link"), (".", ""))
    assert ["See A rope."] == _join(list(lay_out_tree([Branch(line)], 40)))
