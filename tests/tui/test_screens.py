"""Compare the screens of `zettel browse`, at three sizes, with the files in `tests/tui/screens/`.

Run `python -m tests.tui.test_screens` to write the files again. Read the diff before you commit it.
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.tui.lab import SIZES, Browsing, Notebook, copy_starter
from zettel.session import Session

FOLDER = Path(__file__).parent / "screens"
TIME = datetime(2026, 3, 2, 9, 30)


class Screen(NamedTuple):
    """A screen: the name of its file, the query that browsing begins with, and the keys that lead there."""

    name: str
    query: str
    keys: tuple[str, ...] = ()


SCREENS = (
    Screen("list", "promise delivery", ("down",)),
    Screen("all-notes", ""),
    Screen("nothing-found", "xyzzyplugh"),
    Screen("note", "being punctual", ("enter", "tab", "tab")),
    Screen("jump", "being punctual", ("enter", "f")),
    Screen("backlinks", "being punctual", ("enter", "b")),
    Screen("outline", "small batches", ("enter", "o")),
    Screen("path", "being punctual", ("enter", "m", "ctrl+f", *"repaid", "enter", "p")),
    Screen("suggestion", "being punctual", ("enter", "s")),
    Screen("review", "being punctual", ("enter", "r")),
    Screen("topics", "being punctual", ("enter", "t")),
    Screen("graph", "being punctual", ("enter", "w")),
    Screen("help", "being punctual", ("enter", "?")),
    Screen("capture", "being punctual", ("enter", "c", *"Say")),
)


def draw(screen: Screen, notebook: Notebook) -> str:
    """Return the text of a screen at every size."""
    parts: list[str] = []

    async def drive(one: Browsing) -> None:
        await one.press(*screen.keys)
        parts.append("\n".join(one.read()))

    for columns, rows in SIZES:
        notebook.browse(drive, query=screen.query, size=(columns, rows))
        parts[-1] = f"{columns} x {rows}\n{parts[-1]}\n"
    return "\n".join(parts)


@pytest.fixture(scope="module")
def starter_notebook(tmp_path_factory: pytest.TempPathFactory) -> Notebook:
    """A copy of the starter notebook that is only read."""
    return copy_starter(tmp_path_factory.mktemp("starter"))


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_the_screen_is_the_same(screen: Screen, starter_notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every screen shows the same text as before, at every size."""
    monkeypatch.setattr(Session, "now", lambda _: TIME)
    expected = (FOLDER / f"{screen.name}.txt").read_text(encoding="utf-8")
    assert expected == draw(screen, starter_notebook)


def test_every_file_is_that_of_a_screen() -> None:
    """No file is left of a screen that is not compared any more."""
    assert {screen.name for screen in SCREENS} == {path.stem for path in FOLDER.iterdir()}


def main() -> None:
    """Write the files again."""
    Session.now = lambda _: TIME  # type: ignore[method-assign]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        notebook = copy_starter(Path(folder))
        for screen in SCREENS:
            (FOLDER / f"{screen.name}.txt").write_text(draw(screen, notebook), encoding="utf-8")


if __name__ == "__main__":
    main()
