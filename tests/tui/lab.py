"""Drive the screen of `zettel browse` in this process, by Textual's own pilot, and read what it shows."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.conftest import STARTER
from zettel.model.browse.keys import DEFAULT_KEYS
from zettel.session import GlobalOptions, Session
from zettel.tui.app import BrowseApp
from zettel.tui.themes import DARK
from zettel.tui.widgets.line_pane import THUMB

if TYPE_CHECKING:
    from rich.style import Style
    from textual.pilot import Pilot

SIZES = ((120, 40), (80, 24), (40, 10))
"""Columns and rows of the screens that are looked at: two columns, a preview below, and one pane."""

PATIENCE = 20.0
"""Seconds after which an answer is not waited for any more."""

EPOCH = 1_735_689_600
"""When the first note of a copied notebook was written; each of the others a minute later, so that their order is always the same."""


class Notebook(NamedTuple):
    """A notebook to browse, and a home with nothing in it."""

    folder: Path
    home: Path

    def build_app(self, query: str = "", theme: str = DARK, **environ: str) -> BrowseApp:
        """Return the app, before it runs."""
        given = {"HOME": str(self.home), "XDG_CACHE_HOME": str(self.home / "cache"), "PATH": os.environ["PATH"], **environ}
        session = Session(GlobalOptions(notebook=str(self.folder)), given, str(self.folder))
        return BrowseApp(session, query, DEFAULT_KEYS, theme=theme, first_look=PATIENCE)

    def browse(
        self,
        drive: Callable[[Browsing], Awaitable[None]],
        query: str = "",
        size: tuple[int, int] = SIZES[0],
        theme: str = DARK,
        **environ: str,
    ) -> BrowseApp:
        """Run the app on a screen of this size, let `drive` press keys, and return the app after its end."""
        app = self.build_app(query, theme, **environ)

        async def run() -> None:
            async with app.run_test(size=size) as pilot:
                browsing = Browsing(app, pilot)
                await browsing.settle()
                await drive(browsing)

        try:
            asyncio.run(run())
        finally:
            app.close()
        return app


def copy_starter(folder: Path) -> Notebook:
    """Copy the starter notebook into `folder`."""
    shutil.copytree(STARTER, folder / "notes")
    return date_files(Notebook(folder / "notes", folder / "home"))


def write_notebook(folder: Path, notes: dict[str, str | bytes]) -> Notebook:
    """Write a notebook of notes by their paths into `folder`."""
    root = folder / "notes"
    (root / ".zettel").mkdir(parents=True)
    for path, text in notes.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode() if isinstance(text, str) else text)
    return date_files(Notebook(root, folder / "home"))


def date_files(notebook: Notebook) -> Notebook:
    """Let the files of a notebook be written one minute after the other."""
    for number, path in enumerate(sorted(notebook.folder.rglob("*.md"))):
        os.utime(path, (EPOCH + 60 * number, EPOCH + 60 * number))
    return notebook


class Browsing:
    """A person who browses: presses keys, clicks, and reads the screen."""

    def __init__(self, app: BrowseApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def settle(self) -> None:
        """Wait until everything that was asked for has an answer, and the screen is drawn."""
        end = asyncio.get_running_loop().time() + PATIENCE
        settled = 0
        while settled < 2 and self.app.is_running and asyncio.get_running_loop().time() < end:
            await self.pilot.pause(0.005)
            settled = 0 if self.app.is_busy else settled + 1

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each on a screen that has settled."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.pilot.press(*("space" if char == " " else char for char in text))
        await self.settle()

    def read(self) -> list[str]:
        """Return the lines of the screen, without the blanks at their ends."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    def read_cells(self) -> list[list[tuple[str, Style]]]:
        """Return the characters of each line of the screen, and how each looks."""
        from rich.style import Style

        strips = self.app.screen._compositor.render_strips(self.app.size)
        return [[(char, segment.style or Style()) for segment in strip for char in segment.text] for strip in strips]

    async def resize(self, size: tuple[int, int]) -> None:
        """Give the screen another size."""
        if size != tuple(self.app.size):
            await self.pilot.resize_terminal(*size)
            await self.settle()

    async def choose_theme(self, theme: str) -> None:
        """Draw everything again in another theme."""
        self.app.theme = theme
        await self.settle()
        for part in self.app.screen.walk_children(with_self=True):
            part.refresh()
        await self.settle()

    def shows(self, text: str) -> bool:
        """Return whether the screen shows a text, whatever blanks it is broken at."""
        return " ".join(text.split()) in " ".join(" ".join(self.read()).replace(THUMB, " ").split())

    def find(self, text: str) -> tuple[int, int]:
        """Return the column and row at which a text stands on the screen."""
        found = next(((line.index(text), row) for row, line in enumerate(self.read()) if text in line), None)
        assert found, f"{text!r} is not on the screen:\n" + "\n".join(self.read())
        return found

    async def click(self, text: str, times: int = 1) -> None:
        """Click on a text, several times for a double click."""
        column, row = self.find(text)
        await self.pilot.click(offset=(column, row), times=times)
        await self.settle()
