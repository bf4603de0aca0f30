"""Test `zettel browse` on a real terminal, that of tmux: what it shows, its editor, another size, stopped, continued and killed."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import COMMAND
from tests.tui.lab import write_notebook
from tests.tui.terminal import STATE, Terminal
from tests.tui.test_flows import THREE

pytestmark = [pytest.mark.process, pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is not installed")]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal in a notebook of three notes, with an editor that adds a line."""
    editor = tmp_path / "vi"
    editor.write_text(f'#!/bin/sh\nfor file; do :; done\necho "Added by the editor." >> "$file"\n{STATE} > "$HOME/editor"\nsleep 0.4\n')
    editor.chmod(0o755)
    found = Terminal(write_notebook(tmp_path, THREE), EDITOR=str(editor))
    yield found
    found.close()


def test_browsing_ends_where_it_began(terminal: Terminal) -> None:
    """A note is found, read and left again, and the shell has its terminal back as it was."""
    terminal.start("trust")
    terminal.press("Enter")
    terminal.wait_for("grows from Promises and small promises")
    terminal.press("Tab", "Enter")
    terminal.wait_for("A promise is kept or renegotiated")
    terminal.press("BSpace")
    terminal.wait_for("grows from Promises")
    terminal.press("q")
    terminal.wait_for("exit code 0")
    terminal.check()


def test_the_editor_has_the_terminal_and_gives_it_back(terminal: Terminal) -> None:
    """The editor runs in a terminal as the shell left it, and what it saved is shown afterwards."""
    terminal.start("trust")
    terminal.press("Enter")
    terminal.wait_for("grows from Promises")
    terminal.press("e")
    terminal.wait_for("Added by the editor.")
    terminal.press("q")
    terminal.wait_for("exit code 0")
    assert (terminal.notebook.home / "before").read_text() == (terminal.notebook.home / "editor").read_text()
    terminal.check()


def test_another_size_in_the_middle(terminal: Terminal) -> None:
    """The screen is drawn again for every size that the terminal gets."""
    terminal.start("trust")
    terminal.resize(120, 40)
    terminal.wait_for("┬")
    terminal.resize(40, 10)
    terminal.wait_for("┬", is_gone=True)
    terminal.resize(15, 3)
    terminal.wait_for("more room")
    terminal.resize(100, 30)
    terminal.wait_for("Where it ends")
    terminal.press("C-c")
    terminal.wait_for("exit code 0")
    terminal.check()


def test_a_stopped_screen_goes_on_where_it_was(terminal: Terminal) -> None:
    """Ctrl-Z stops the program and gives the terminal back; fg draws the whole screen again."""
    terminal.start("trust")
    terminal.wait_for("Where it ends")
    time.sleep(0.3)
    before = terminal.wait_for("Indexing", is_gone=True)
    terminal.press("C-z")
    terminal.wait_for("Stopped")
    terminal.check()
    terminal.type("fg")
    terminal.wait_for(before)
    terminal.press("C-c")
    terminal.wait_for("Stopped")
    terminal.check()


@pytest.mark.parametrize("name", ["TERM", "HUP"])
def test_a_killed_screen_leaves_the_terminal_sane(name: str, terminal: Terminal) -> None:
    """A program that is told to end restores the terminal first, and then ends by that signal."""
    terminal.start("trust")
    subprocess.run(["kill", f"-{name}", str(terminal.find_process())], check=True)
    terminal.wait_for(f"exit code {128 + {'TERM': 15, 'HUP': 1}[name]}")
    terminal.check()


def test_a_size_that_comes_while_stopped(terminal: Terminal) -> None:
    """A program that is continued in a terminal of another size draws for that size."""
    terminal.start("trust")
    terminal.wait_for("Where it ends")
    terminal.press("C-z")
    terminal.wait_for("Stopped")
    terminal.resize(40, 10)
    terminal.type("clear; fg")
    terminal.wait_for("> trust")
    terminal.wait_for("F1 help")
    terminal.press("C-q")
    terminal.wait_for("F1 help", is_gone=True)
    terminal.resize(100, 30)
    terminal.check()


def test_killed_while_the_editor_has_the_terminal(terminal: Terminal, tmp_path: Path) -> None:
    """A program that is told to end while the editor runs leaves the terminal sane once that has ended."""
    (tmp_path / "vi").write_text("#!/bin/sh\necho waiting\nread -r answer\n")
    terminal.start("trust")
    terminal.press("Enter")
    terminal.wait_for("grows from Promises")
    browse = terminal.find_process()
    terminal.press("e")
    terminal.wait_for("waiting")
    subprocess.run(["kill", "-TERM", str(browse)], check=True)
    terminal.press("Enter")
    terminal.wait_for("exit code 143")
    terminal.check()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 3", "the editor"),
        ("kill -9 $$", "the editor"),
        ("stty raw -echo; exit 0", "Enter follow"),
        ('rm -r "$PWD"', "notebook"),
    ],
)
def test_an_editor_that_fails_does_not_keep_the_screen(script: str, said: str, terminal: Terminal, tmp_path: Path) -> None:
    """However the editor ends, the screen comes back, says so, and leaves the terminal as it was."""
    (tmp_path / "vi").write_text(f"#!/bin/sh\n{script}\n")
    terminal.start("trust")
    terminal.press("Enter")
    terminal.wait_for("grows from Promises")
    terminal.press("e")
    time.sleep(0.5)
    terminal.wait_for(said)
    terminal.press("q")
    terminal.wait_for("exit code 0")
    terminal.check()


def test_ctrl_c_interrupts_the_editor_only(terminal: Terminal, tmp_path: Path) -> None:
    """Ctrl-C in an editor that does not catch it ends the editor, and browsing goes on."""
    (tmp_path / "vi").write_text("#!/bin/sh\necho waiting\nsleep 100\n")
    terminal.start("trust")
    terminal.press("Enter")
    terminal.wait_for("grows from Promises")
    terminal.press("e")
    terminal.wait_for("waiting")
    terminal.press("C-c")
    terminal.wait_for("the editor was interrupted")
    terminal.press("q")
    terminal.wait_for("exit code 0")
    terminal.check()


@pytest.mark.parametrize("stream", ["2> errors", "2>&-"])
def test_without_stderr_it_is_plain(stream: str, terminal: Terminal) -> None:
    """Textual draws on stderr, so where that is not the terminal, browsing is in plain lines instead of unseen."""
    terminal.type(f"{' '.join([*COMMAND, 'browse'])} {stream}; echo exit code $?")
    terminal.wait_for("list>")
    terminal.type("quit")
    terminal.wait_for("exit code 0")


def test_pasted_text_is_not_taken_for_keys(terminal: Terminal, tmp_path: Path) -> None:
    """Text that is pasted is typed into the query, whatever stands in it, and keys that follow are taken."""
    (tmp_path / "text").write_bytes(b"trust\x1b[A\x1bq\x11\x1b" + b"[1;" * 12)
    terminal.start()
    terminal.paste(tmp_path / "text", is_signalled=True)
    terminal.wait_for("[A q  [1;[1;")
    terminal.press("C-u")
    terminal.press(*"trust")
    terminal.wait_for("1 of 3 notes")
    terminal.press("M-m", "M-m", "M-m")
    terminal.wait_for("A: Trust")
    terminal.press("C-q")
    terminal.wait_for("exit code 0")
    terminal.check()


def test_bytes_that_are_not_text_are_left_out(terminal: Terminal, tmp_path: Path) -> None:
    """Whatever bytes a keyboard or a mouse sends, browsing goes on, and keys that follow are taken."""
    (tmp_path / "bytes").write_bytes(b"\xac\xe9\xff\x1b[<0;5;5M\x1b[<0;;;M\x1b[<35;-1;0M\x1b[M\xff\xff\xff\x1b[<999999;1;1M\xf0\x28\x8c")
    terminal.start()
    terminal.paste(tmp_path / "bytes")
    time.sleep(0.5)
    terminal.press("C-u")
    terminal.press(*"trust")
    terminal.wait_for("of 3 notes")
    terminal.press("C-q")
    terminal.wait_for("exit code 0")
    terminal.check()
