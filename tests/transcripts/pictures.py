"""Draw what zettel prints on a terminal, and the screens of `zettel browse`, in colour, as the SVG pictures of the documents.

Run `python -m tests.transcripts.pictures` to draw them again.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from html import unescape
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT, STARTER, Runner
from tests.tui.lab import Browsing, Notebook, copy_starter
from zettel.services.tour import format_command

FOLDER = ROOT / "docs" / "images"
COLUMNS = 92
FONT_FACES = re.compile(r"@font-face \{.*?\}\s*", re.S)
"""The fonts that rich would have a reader's browser fetch."""


class Picture(NamedTuple):
    """A picture: the name of its file, and the words after `zettel`."""

    name: str
    words: tuple[str, ...]


PICTURES = (
    Picture("path", ("path", "execution", "value delivery")),
    Picture("show", ("show", "202206171206")),
)


class ScreenPicture(NamedTuple):
    """A picture of browsing: the name of its file, the theme, the query that it begins with, and the keys that lead to the screen."""

    name: str
    theme: str
    query: str
    keys: tuple[str, ...]


SCREEN_SIZE = (110, 32)
SCREEN_PICTURES = (
    ScreenPicture("browse-list", "zettel-dark", "promise delivery", ("down",)),
    ScreenPicture("browse-note", "zettel-light", "small batches", ("enter", "tab", "tab")),
    ScreenPicture("browse-path", "zettel-dark", "being punctual", ("enter", "m", "ctrl+f", *"repaid", "enter", "p")),
    ScreenPicture("browse-suggestion", "zettel-light", "being punctual", ("enter", "s")),
)


def draw_screen(picture: ScreenPicture, notebook: Notebook) -> str:
    """Return the SVG of a screen of browsing."""
    found: list[str] = []

    async def drive(one: Browsing) -> None:
        await one.press(*picture.keys)
        found.append(one.app.export_screenshot(title="zettel browse", simplify=True))

    notebook.browse(drive, query=picture.query, size=SCREEN_SIZE, theme=picture.theme)
    return _name_parts(found[0], picture.name)


def _name_parts(svg: str, name: str) -> str:
    """Return a picture without fonts that a reader's browser would fetch, and with names of its parts that are the same each time."""
    svg = re.sub(r"terminal-\d+", f"zettel-{name}", svg)
    return FONT_FACES.sub("", svg).replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")


def draw(picture: Picture, run: Runner) -> str:
    """Return the SVG of what a command prints on a terminal."""
    from rich.console import Console
    from rich.text import Text

    shown = run.on_terminal(*picture.words, columns=COLUMNS).out
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(f"{shown.rstrip()}\n"), soft_wrap=True)
    svg = console.export_svg(title=format_command(picture.words), unique_id=f"zettel-{picture.name}")
    return FONT_FACES.sub("", svg).replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")


def read_text(svg: str) -> list[str]:
    """Return the lines of text in a picture, without colours and surrounding blanks."""
    lines: dict[str, str] = {}
    for place, text in re.findall(r'<text [^>]*? y="([\d.]+)"[^>]*>(.*?)</text>', svg):
        lines[place] = lines.get(place, "") + unescape(text)
    return [" ".join(line.split()) for line in lines.values() if line.strip()]


def main() -> None:
    """Draw every picture on a copy of the starter notebook."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(STARTER, Path(folder) / "notes")
        run = Runner(Path(folder) / "notes", Path(folder) / "home")
        run("index")
        for picture in PICTURES:
            (FOLDER / f"{picture.name}.svg").write_text(draw(picture, run), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        notebook = copy_starter(Path(folder))
        for screen in SCREEN_PICTURES:
            (FOLDER / f"{screen.name}.svg").write_text(draw_screen(screen, notebook), encoding="utf-8")


if __name__ == "__main__":
    main()
