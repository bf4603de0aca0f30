"""Test the colours of the screen: every style has a look, everything can be read, and nothing is told by colour alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.contrast import compute_contrast
from tests.tui.lab import Browsing, copy_starter, write_notebook
from tests.tui.test_flows import THREE
from zettel.adapters.ansi import STYLES
from zettel.model.link.shown_link import NUMBER_SIGN
from zettel.session import GlobalOptions, Session
from zettel.tui.themes import ANSI, COLOURLESS, DARK, LIGHT, OWN_STYLES, PALETTES, build_style, choose_theme

THEMES = (DARK, LIGHT, ANSI, COLOURLESS)
MIN_CONTRAST, MIN_RULE_CONTRAST = 4.5, 3.0
"""The contrast that WCAG 2.1 asks for between a text and what is behind it, and for what is not text."""


@pytest.mark.parametrize("ground", ["page", "chosen"])
@pytest.mark.parametrize("theme", list(PALETTES))
def test_every_colour_can_be_read(theme: str, ground: str) -> None:
    """Every colour of a text has enough contrast with the page, and with the chosen row."""
    palette = PALETTES[theme]
    for name, colour in palette.items():
        if name not in ("page", "chosen", "rule"):
            assert compute_contrast(colour, palette[ground]) >= MIN_CONTRAST, name
    assert compute_contrast(palette["rule"], palette["page"]) >= MIN_RULE_CONTRAST


@pytest.mark.parametrize("theme", list(PALETTES))
def test_grounds_stay_grey_where_there_are_256_colours(theme: str) -> None:
    """On a terminal of 256 colours, the page and the chosen row do not become coloured, are not the same, and leave a dim text readable."""
    from rich.color import Color, ColorSystem

    palette = PALETTES[theme]
    page, chosen, dim = (Color.parse(palette[name]).downgrade(ColorSystem.EIGHT_BIT).get_truecolor() for name in ("page", "chosen", "dim"))
    for ground in (page, chosen):
        assert ground.red == ground.green == ground.blue
        assert compute_contrast(dim.hex, ground.hex) >= MIN_CONTRAST
    assert page != chosen


@pytest.mark.parametrize("theme", THEMES)
def test_every_style_has_a_look_in_every_theme(theme: str) -> None:
    """Every style of a line can be drawn, a link has the same look whatever its number, and a theme without colours has none."""
    for style in (*STYLES, *OWN_STYLES):
        for is_chosen in (False, True):
            look = build_style(style, theme, is_chosen=is_chosen)
            assert theme != COLOURLESS or (look.color, look.bgcolor) == (None, None)
    assert build_style("link", theme) == build_style(f"link{NUMBER_SIGN}7", theme)


def test_nothing_is_told_by_colour_alone() -> None:
    """Links, hits, titles, the chosen link and letters to jump with differ from other text without any colour."""
    plain = build_style("", COLOURLESS)
    for style in ("link", "hit", "title", "chosen-link", "letter", "caret", "key", "mark"):
        assert plain != build_style(style, COLOURLESS), style


def test_the_chosen_row_has_a_mark(tmp_path: Path) -> None:
    """The chosen row begins with a mark, and no other row does."""

    async def drive(one: Browsing) -> None:
        await one.press("down")
        assert [1] == [number for number, line in enumerate(one.read()[3:6]) if line.startswith("▸ ")]

    write_notebook(tmp_path, THREE).browse(drive)


@pytest.mark.parametrize(
    ("expected", "environ"),
    [
        (COLOURLESS, {"NO_COLOR": "1", "COLORTERM": "truecolor"}),
        (ANSI, {"TERM": "xterm"}),
        (DARK, {"COLORTERM": "truecolor", "COLORFGBG": "15;0"}),
        (LIGHT, {"TERM": "xterm-256color", "COLORFGBG": "0;15"}),
        (LIGHT, {"TERM": "xterm-256color", "COLORFGBG": "0;default;15"}),
    ],
)
def test_the_theme_suits_the_terminal(expected: str, environ: dict[str, str], tmp_path: Path) -> None:
    """The theme is that of the terminal's background and its number of colours; without colours if none are wanted."""
    notebook = copy_starter(tmp_path)
    session = Session(GlobalOptions(notebook=str(notebook.folder)), {"HOME": str(notebook.home), **environ}, str(notebook.folder))
    assert expected == choose_theme(session)


def test_a_setting_chooses_the_theme(tmp_path: Path) -> None:
    """The setting `theme` names the theme, whatever the terminal is."""
    notebook = copy_starter(tmp_path)
    options = GlobalOptions(notebook=str(notebook.folder), config=["theme=light"])
    assert LIGHT == choose_theme(Session(options, {"HOME": str(notebook.home), "COLORFGBG": "15;0"}, str(notebook.folder)))
