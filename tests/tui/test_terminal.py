"""Test `zettel browse` on a real terminal, that of tmux: what it shows, its editor, another size, stopped, continued and killed."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import COMMAND
from tests.tui.lab import Notebook, write_notebook
from tests.tui.test_flows import THREE

pytestmark = [pytest.mark.process, pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is not installed")]

PATIENCE = 30.0
"""Seconds after which a text is not waited for any more."""


class Terminal:
    """A shell in a terminal of its own."""

    def __init__(self, notebook: Notebook, **environ: str) -> None:
        self.notebook = notebook
        self._server = ["tmux", "-L", f"zettel-{os.getpid()}-{notebook.folder.parent.name}", "-f", "/dev/null"]
        home = notebook.home
        home.mkdir(exist_ok=True)
        given = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PS1": "$ ", "PATH": os.environ["PATH"], **environ}
        given |= {"PYTHONPATH": os.environ["PYTHONPATH"], "PYTHONUTF8": "1", "LANG": "C.UTF-8", "COLORFGBG": "15;0"}
        words = [f"{name}={value}" for name, value in given.items()]
        shell = ["env", "-i", "TERM=tmux-256color", *words, "bash", "--norc", "--noprofile"]
        self._run("new-session", "-d", "-x", "100", "-y", "30", "-c", str(notebook.folder), *shell)
        self.wait_for("$")

    def _run(self, *words: str) -> str:
        return subprocess.run([*self._server, *words], check=True, capture_output=True, text=True, timeout=PATIENCE).stdout

    def press(self, *keys: str) -> None:
        """Press keys, by the names that tmux gives them."""
        self._run("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a line, and Enter."""
        self._run("send-keys", "-l", text)
        self.press("Enter")

    def paste(self, file: Path) -> None:
        """Send the bytes of a file as if they were typed."""
        self._run("load-buffer", str(file))
        self._run("paste-buffer", "-r")

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    def read(self) -> str:
        """Return what the terminal shows."""
        return self._run("capture-pane", "-p")

    def wait_for(self, text: str, *, is_gone: bool = False) -> str:
        """Wait until the terminal shows a text, or until it `is_gone`, and return what it shows."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            shown = self.read()
            if (text in shown) != is_gone:
                return shown
            time.sleep(0.05)
        raise AssertionError(f"{text!r} {'stays' if is_gone else 'is not shown'}:\n{shown}")

    def start(self, *words: str) -> None:
        """Start browsing, after writing down the state of the terminal."""
        self.type(f"stty -a > {self.notebook.home}/before; {' '.join([*COMMAND, 'browse', *words])}; echo exit code $?")
        self.wait_for("3 notes" if not words else "of 3 notes")

    def check(self) -> None:
        """Fail unless the terminal is in the state that it was in before, and takes a command."""
        self.type(f"stty -a > {self.notebook.home}/after; echo checked {'$'}((1+1))")
        self.wait_for("checked 2")
        assert (self.notebook.home / "before").read_text() == (self.notebook.home / "after").read_text()

    def find_process(self) -> int:
        """Return the process of the program in the foreground."""
        shell = self._run("display-message", "-p", "#{pane_pid}").strip()
        return int(Path(f"/proc/{shell}/task/{shell}/children").read_text().split()[-1])

    def close(self) -> None:
        """End the terminal and everything in it."""
        subprocess.run([*self._server, "kill-server"], check=False, capture_output=True, timeout=PATIENCE)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal in a notebook of three notes, with an editor that adds a line."""
    editor = tmp_path / "vi"
    editor.write_text('#!/bin/sh\nfor file; do :; done\necho "Added by the editor." >> "$file"\nstty -a > "$HOME/editor"\nsleep 0.4\n')
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
    before = terminal.read()
    terminal.press("C-z")
    terminal.wait_for("Stopped")
    terminal.check()
    terminal.type("fg")
    terminal.wait_for("Where it ends")
    time.sleep(0.3)
    assert before == terminal.read()
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
