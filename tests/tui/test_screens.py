"""Compare the screens of `zettel browse`, at three sizes and in every theme, with the files in `tests/tui/screens/`.

A file has the text of a screen at each size, and below it a letter for how each character looks. The legend at its end says what a letter
looks like in each theme.

Run `python -m tests.tui.test_screens [NAME ...]` to write the files again. Read the diff before you commit it.
"""

from __future__ import annotations

import string
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.tui.contrast import compute_contrast
from tests.tui.lab import SIZES, Browsing, Notebook, copy_starter
from zettel.session import Session
from zettel.tui.themes import ANSI, COLOURLESS, DARK, LIGHT, PALETTES, build_style

if TYPE_CHECKING:
    from rich.style import Style

FOLDER = Path(__file__).parent / "screens"
TIME = datetime(2026, 3, 2, 9, 30)
THEMES = (LIGHT, DARK, ANSI, COLOURLESS)
LETTERS = string.ascii_lowercase + string.ascii_uppercase + string.digits
PLAIN, NOTHING = ".", " "
"""What stands for the most common look of a text and of a blank."""

STYLES, LEGEND = "styles", "legend"
"""What stands above the letters, and above what they mean."""

ATTRIBUTES = ("bold", "dim", "italic", "underline", "strike", "reverse")
SEEN_ON_BLANKS = ("underline", "strike", "reverse")

MIN_CONTRAST, MIN_RULE_CONTRAST = 4.5, 3.0
"""The contrast that WCAG 2.1 asks for between a text and what is behind it, and for what is not text."""

RULES = frozenset("─│┬┴▐")
"""Characters that are not text: rules between panes, borders, and scroll bars."""

Looks = tuple[str, ...]
"""How a character looks in each theme."""


class Screen(NamedTuple):
    """A screen: the name of its file, the query that browsing begins with, and the keys that lead there.

    Keys that make `changes` need a notebook of their own. The screen is given one size after the other, unless what its keys do depends on the
    size: then browsing begins anew `at_each_size`.
    """

    name: str
    query: str
    keys: tuple[str, ...] = ()
    changes: bool = False
    at_each_size: bool = False


class Cell(NamedTuple):
    """A character of a screen in a file, and how it looks in each theme."""

    char: str
    looks: Looks


PATH_KEYS = ("enter", "m", "ctrl+f", *"repaid", "enter", "p")

SCREENS = (
    Screen("list", "promise delivery", ("down",)),
    Screen("all-notes", ""),
    Screen("nothing-found", "xyzzyplugh"),
    Screen("marks", "trust", ("alt+m", "down", "alt+m")),
    Screen("note", "being punctual", ("enter", "tab", "tab"), at_each_size=True),
    Screen("jump", "being punctual", ("enter", "f"), at_each_size=True),
    Screen("find", "being punctual", ("enter", "/", *"promise"), at_each_size=True),
    Screen("backlinks", "being punctual", ("enter", "b")),
    Screen("outline", "small batches", ("enter", "o")),
    Screen("path", "being punctual", PATH_KEYS),
    Screen("save-path", "being punctual", (*PATH_KEYS, "s")),
    Screen("gap", "being punctual", (*PATH_KEYS, "g")),
    Screen("suggestion", "being punctual", ("enter", "s")),
    Screen("review", "being punctual", ("enter", "r")),
    Screen("topics", "being punctual", ("enter", "t")),
    Screen("topic", "being punctual", ("enter", "t", "enter")),
    Screen("graph", "being punctual", ("enter", "w")),
    Screen("help", "being punctual", ("enter", "?")),
    Screen("capture", "being punctual", ("enter", "c", *"Say")),
    Screen("undo", "", ("ctrl+n", *"Say", "enter", "alt+u"), changes=True),
    Screen("palette", "being punctual", ("enter", "ctrl+p"), at_each_size=True),
)


def draw(screen: Screen, notebook: Notebook) -> str:
    """Return the text and the styles of a screen at every size."""
    sizes: list[tuple[list[str], list[list[Looks]]]] = []

    async def drive(one: Browsing) -> None:
        await one.press(*screen.keys)
        for size in (SIZES[len(sizes)],) if screen.at_each_size else SIZES:
            await one.resize(size)
            sizes.append(await draw_themes(one))

    with tempfile.TemporaryDirectory() as folder:
        own = copy_starter(Path(folder)) if screen.changes else notebook
        while len(sizes) < len(SIZES):
            own.browse(drive, query=screen.query, size=SIZES[len(sizes)], theme=THEMES[0])
    return format_screen(sizes)


async def draw_themes(one: Browsing) -> tuple[list[str], list[list[Looks]]]:
    """Return the lines of the screen, and how each of their characters looks in every theme."""
    drawn: list[list[list[tuple[str, Style]]]] = []
    for theme in THEMES:
        await one.choose_theme(theme)
        drawn.append(one.read_cells())
    texts = [["".join(char for char, _ in line) for line in lines] for lines in drawn]
    assert all(texts[0] == text for text in texts), "a theme shows another text"
    looks = [
        [tuple(format_look(*lines[row][column]) for lines in drawn) for column in range(len(line))] for row, line in enumerate(drawn[0])
    ]
    return texts[0], looks


def format_screen(sizes: list[tuple[list[str], list[list[Looks]]]]) -> str:
    """Return what the file of a screen holds."""
    cells = [
        (char, look)
        for text, looks in sizes
        for line, parts in zip(text, looks, strict=True)
        for char, look in zip(line, parts, strict=True)
    ]
    blanks, texts = (Counter(look for char, look in cells if (char == " ") == is_blank) for is_blank in (True, False))
    letters = {blanks.most_common(1)[0][0]: NOTHING, texts.most_common(1)[0][0]: PLAIN}
    for _, look in cells:
        letters.setdefault(look, LETTERS[len(letters) - 2])
    parts: list[str] = []
    for (columns, rows), (text, lines) in zip(SIZES, sizes, strict=True):
        drawn = ["".join(letters[looks] for looks in line).rstrip() for line in lines]
        parts += [f"{columns} x {rows}", *(line.rstrip() for line in text), "", STYLES, *drawn, ""]
    parts.append(LEGEND)
    for looks, letter in letters.items():
        named = (f"{theme.removeprefix('zettel-')}: {look}" for theme, look in zip(THEMES, looks, strict=True))
        parts.append(f"{letter}  {'; '.join(named)}")
    return "\n".join(parts) + "\n"


def format_look(char: str, style: Style) -> str:
    """Return how a character looks in words, such as `bold #d7d9de on #15171c`. Of a blank, only what can be seen counts."""
    words = [word for word in ATTRIBUTES if getattr(style, word) and (char != " " or word in SEEN_ON_BLANKS)]
    if style.color and not style.color.is_default and (char != " " or words):
        words.append(style.color.name)
    if style.bgcolor and not style.bgcolor.is_default:
        words += ["on", style.bgcolor.name]
    return " ".join(words) or "plain"


def read_screen(text: str) -> Iterator[Cell]:
    """Yield every character that is seen in the file of a screen."""
    drawn, legend = text.split(f"\n{LEGEND}\n")
    looks = {line[0]: tuple(part.partition(": ")[2] for part in line[3:].split("; ")) for line in legend.splitlines()}
    for columns, rows in SIZES:
        lines = drawn.partition(f"{columns} x {rows}\n")[2].split("\n")
        for line, letters in zip(lines[:rows], lines[rows + 2 :][:rows], strict=True):
            for char, letter in zip(line, letters.ljust(columns, PLAIN), strict=False):
                if char != " ":
                    yield Cell(char, looks[letter])


@pytest.fixture(scope="module")
def starter_notebook(tmp_path_factory: pytest.TempPathFactory) -> Notebook:
    """A copy of the starter notebook that is only read."""
    return copy_starter(tmp_path_factory.mktemp("starter"))


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_the_screen_is_the_same(screen: Screen, starter_notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every screen shows the same text in the same colours as before, at every size and in every theme."""
    monkeypatch.setattr(Session, "now", lambda _: TIME)
    expected = (FOLDER / f"{screen.name}.txt").read_text(encoding="utf-8")
    assert expected == draw(screen, starter_notebook)


def test_another_colour_makes_another_picture(starter_notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colour that is one shade different, in one theme, is seen in the file of a screen."""
    monkeypatch.setattr(Session, "now", lambda _: TIME)
    before, other = PALETTES[DARK]["cyan"], "#79c0ca"
    monkeypatch.setitem(PALETTES[DARK], "cyan", other)
    screen = next(screen for screen in SCREENS if screen.name == "note")
    expected = (FOLDER / f"{screen.name}.txt").read_text(encoding="utf-8")
    build_style.cache_clear()
    try:
        drawn = draw(screen, starter_notebook)
    finally:
        build_style.cache_clear()
    assert expected != drawn
    assert expected.replace(before, other) == drawn


def test_every_file_is_that_of_a_screen() -> None:
    """No file is left of a screen that is not compared any more."""
    assert {screen.name for screen in SCREENS} == {path.stem for path in FOLDER.iterdir()}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_every_character_can_be_read(screen: Screen) -> None:
    """Every character of every screen has enough contrast with what is behind it, in light and in dark."""
    for cell in set(read_screen((FOLDER / f"{screen.name}.txt").read_text(encoding="utf-8"))):
        for theme, look in zip(THEMES, cell.looks, strict=True):
            if theme in (LIGHT, DARK):
                words = look.split()
                contrast = compute_contrast(words[words.index("on") - 1], words[-1])
                assert contrast >= (MIN_RULE_CONTRAST if cell.char in RULES else MIN_CONTRAST), (theme, cell.char, look, contrast)


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_that_is_switched_to_is_that_of_a_start(theme: str, starter_notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen has the same look whether browsing began in its theme, which is what people see, or went over to it."""
    cells: list[list[list[tuple[str, Style]]]] = []

    async def drive(one: Browsing) -> None:
        await one.choose_theme(theme)
        cells.append(one.read_cells())

    if theme == COLOURLESS:
        monkeypatch.setenv("NO_COLOR", "1")
    for first in (theme, DARK if theme == LIGHT else LIGHT):
        starter_notebook.browse(drive, query="trust", theme=first)
        monkeypatch.delenv("NO_COLOR", raising=False)
    first, other = ([[format_look(*cell) for cell in line] for line in lines] for lines in cells)
    assert first == other


def main() -> None:
    """Write the files again, or those of the screens that are named."""
    Session.now = lambda _: TIME  # type: ignore[method-assign]
    FOLDER.mkdir(exist_ok=True)
    names = set(sys.argv[1:]) or {screen.name for screen in SCREENS}
    with tempfile.TemporaryDirectory() as folder:
        notebook = copy_starter(Path(folder))
        for screen in SCREENS:
            if screen.name in names:
                (FOLDER / f"{screen.name}.txt").write_text(draw(screen, notebook), encoding="utf-8")


if __name__ == "__main__":
    main()
