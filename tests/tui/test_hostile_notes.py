"""Test that nothing in a note steers the screen: no escape sequence, no markup, no direction of writing; and that a bug restores the terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Runner
from tests.tui.lab import SIZES, Browsing, write_notebook
from zettel.model.browse.effects import Effect, LoadNote, LoadPreview
from zettel.model.text.inert import is_unsafe
from zettel.services.browse import Browser
from zettel.session import GlobalOptions, Session
from zettel.tui.contents import highlight_code
from zettel.views.browse_note import MAX_BACKLINKS

HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \u202eltr [red]markup[/red] [@click=app.quit]quit[/] [/] \\[b] [bold $primary on white]x"
    " \U000e0041tag {{x}} %s {0} \x00 \u2028 \u200b"
)


def write_hostile(folder: Path):
    """Write notes that are hostile in every place: title, alias, tag, heading, link, table, code and file name."""
    one_line = HOSTILE.replace("\n", " ")
    return write_notebook(
        folder,
        {
            f"202401010900 {one_line.replace('/', '').replace(chr(0), '')[:60]}.md": f"---\naliases: ['{one_line.replace(chr(0), '')}']\n---\n# {one_line}\n\n"
            f"{HOSTILE}\n\n## {one_line}\n\n```{one_line}\n{HOSTILE}\n```\n\n| {one_line} | b |\n| --- | --- |\n| {one_line} | [[202401010901|{one_line}]] |\n",
            "202401010901 Other.md": f"# Other\n\nTo [[202401010900]] and [[{one_line}]]. {HOSTILE}\n",
        },
    )


@pytest.mark.parametrize("size", SIZES)
def test_nothing_in_a_note_steers_the_screen(size: tuple[int, int], tmp_path: Path) -> None:
    """On every screen, all text of hostile notes is shown inert, and markup is shown as it was written."""

    def check(lines: list[str]) -> None:
        assert not [char for line in lines for char in line if is_unsafe(char)]

    async def drive(one: Browsing) -> None:
        check(one.read())
        await one.type("other")
        check(one.read())
        await one.press("enter")
        assert one.shows("[red]markup[/red] [@click=app.quit]quit[/] [/]"), one.read()
        await one.press("escape", "ctrl+u")
        for key in (
            "down",
            "enter",
            "tab",
            "b",
            "b",
            "o",
            "escape",
            "t",
            "escape",
            "w",
            "escape",
            "s",
            "escape",
            "f",
            "escape",
            "m",
            "?",
            "escape",
            "r",
            "escape",
        ):
            await one.press(key)
            check(one.read())
        await one.press("ctrl+f")
        await one.type("[red]")
        check(one.read())

    app = write_hostile(tmp_path).browse(drive, size=size)
    assert app.failure is None


@pytest.mark.process
def test_no_escape_sequence_of_a_note_reaches_the_terminal(tmp_path: Path) -> None:
    """What is written to the terminal has only our own sequences: no title, no sequence of a note."""
    notebook = write_hostile(tmp_path)
    run = Runner(notebook.folder, notebook.home)
    shown = run.on_terminal("browse", columns=120, typed=(("Other", "\r"), ("follow", "\x03")), COLORFGBG="15;0", COLORTERM="truecolor").out
    assert "\x1b]0;" not in shown
    assert "\x9b" not in shown
    assert "\u202e" not in shown
    assert not re.search(r"\x1b\[31m(?=red)", shown)


@pytest.mark.process
def test_a_bug_restores_the_terminal_before_it_is_reported(tmp_path: Path) -> None:
    """A bug leaves the screen first, and is then reported with its traceback on the terminal; the exit code is 70."""
    notebook = write_notebook(tmp_path, {"202401010900 Trust.md": "# Trust\n"})
    (tmp_path / "bug").mkdir()
    (tmp_path / "bug" / "sitecustomize.py").write_text(
        "import zettel.views.browse_rows as rows\n\ndef fail(*_, **__):\n    raise RuntimeError('a bug for the test')\n\nrows.lay_out_head = fail\n"
    )
    run = Runner(notebook.folder, notebook.home)
    result = run.on_terminal("browse", typed=(), COLORFGBG="15;0", PYTHONPATH=f"{tmp_path}/bug:{run.environ['PYTHONPATH']}")
    assert 70 == result.code
    screen, _, after = result.out.rpartition("\x1b[?1049l")
    assert screen
    assert "a bug for the test" in after
    assert "this is a bug in zettel" in after
    assert "a bug for the test" not in screen


def test_a_bug_in_a_thread_ends_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception in a thread that asks the notebook ends the app, and is kept for its caller."""

    def fail(_: Browser, effect: Effect) -> None:
        raise RuntimeError("a bug for the test")

    monkeypatch.setattr(Browser, "perform", fail)

    async def drive(one: Browsing) -> None:
        await one.press("enter")

    with pytest.raises(Exception, match="a bug for the test"):
        write_notebook(tmp_path, {"202401010900 Trust.md": "# Trust\n"}).browse(drive)


def test_a_monster_is_read_in_part(tmp_path: Path) -> None:
    """Of a note with very many links and backlinks, only those of the text that is shown are loaded, and code that is very long has no colours."""
    links = "\n".join(f"- [[202401010901]] {number}" for number in range(20_000))
    notebook = write_notebook(tmp_path, {"202401010900 Links.md": f"# Links\n\n{links}\n", "202401010901 Target.md": "# Target\n"})
    browser = Browser(Session(GlobalOptions(str(notebook.folder)), {"HOME": str(notebook.home)}, str(notebook.folder)))
    shown = {}
    for kind in (LoadPreview, LoadNote):
        for name in ("202401010900 Links.md", "202401010901 Target.md"):
            view = browser.perform(kind(1, name)).view
            shown[kind.__name__, name[13:-3]] = len(view.links), len(view.backlinks)
    assert shown["LoadPreview", "Links"][0] < 1000 < shown["LoadNote", "Links"][0] < 20_000
    assert (0, MAX_BACKLINKS) == shown["LoadPreview", "Target"] == shown["LoadNote", "Target"]
    assert {"code"} == {style for line in highlight_code("x = 1\n" * 10_000, "python") for _, style in line}
