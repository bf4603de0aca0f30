"""Drive programs on a real terminal, that of tmux, and read what it shows."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from tests.conftest import COMMAND
from tests.tui.lab import Notebook

PATIENCE = 30.0
"""Seconds after which a text is not waited for any more."""

STATE = "stty -a | sed 's/rows [0-9]*; columns [0-9]*; //'"
"""Prints the state of the terminal without its size, which tmux changes in its own time."""


class Terminal:
    """A shell in a terminal of its own, which knows nothing of the one that the tests run in."""

    def __init__(self, notebook: Notebook, size: tuple[int, int] = (100, 30), **environ: str) -> None:
        self.notebook, self.patience, self._checks = notebook, PATIENCE, 0
        self._server = ["tmux", "-L", f"zettel-{os.getpid()}-{notebook.folder.parent.name}", "-f", "/dev/null"]
        home = notebook.home
        home.mkdir(exist_ok=True)
        given = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PS1": "$ ", "PATH": os.environ["PATH"], **environ}
        given |= {"PYTHONPATH": os.environ["PYTHONPATH"], "PYTHONUTF8": "1", "LANG": "C.UTF-8", "COLORFGBG": "15;0"}
        words = [f"{name}={value}" for name, value in given.items()]
        shell = ["env", "-i", "TERM=tmux-256color", *words, "bash", "--norc", "--noprofile"]
        self._run("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), "-c", str(notebook.folder), *shell)
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

    def paste(self, file: Path, *, is_signalled: bool = False) -> None:
        """Send the bytes of a file as if they were typed, or pasted, which the terminal signals to the program."""
        self._run("load-buffer", str(file))
        self._run("paste-buffer", "-r", *(["-p"] if is_signalled else []))

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    def read(self) -> str:
        """Return what the terminal shows."""
        return self._run("capture-pane", "-p")

    def read_looks(self) -> str:
        """Return what the terminal shows, with the codes of colours and of other looks."""
        return self._run("capture-pane", "-p", "-e")

    def wait_for(self, text: str, *, is_gone: bool = False, is_wrapped: bool = False) -> str:
        """Wait until the terminal shows a text, or until it `is_gone`, and return what it shows. A text that `is_wrapped` may be on several lines."""
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            shown = self.read()
            if (text in (" ".join(shown.split()) if is_wrapped else shown)) != is_gone:
                return shown
            time.sleep(0.05)
        raise AssertionError(f"{text!r} {'stays' if is_gone else 'is not shown'}:\n{shown}")

    def start(self, *words: str) -> None:
        """Start browsing, after writing down the state of the terminal."""
        self.record_state("before")
        self.type(f"{' '.join([*COMMAND, 'browse', *words])}; echo exit code $?")
        self.wait_for("3 notes" if not words else "of 3 notes")

    def record_state(self, name: str) -> None:
        """Write the state of the terminal into a file of the home."""
        self.type(f"{STATE} > {self.notebook.home}/{name}; clear; echo recorded {'$'}((1+1))")
        self.wait_for("recorded 2")

    def check(self) -> None:
        """Fail unless the terminal is in the state that it was in before, and takes a command."""
        self._checks += 1
        self.type(f"{STATE} > {self.notebook.home}/after; echo checked {'$'}(({self._checks}+0))")
        self.wait_for(f"checked {self._checks}")
        assert (self.notebook.home / "before").read_text() == (self.notebook.home / "after").read_text()

    def find_process(self) -> int:
        """Return the process of the program in the foreground."""
        shell = self._run("display-message", "-p", "#{pane_pid}").strip()
        return int(Path(f"/proc/{shell}/task/{shell}/children").read_text().split()[-1])

    def close(self) -> None:
        """End the terminal and everything in it."""
        subprocess.run([*self._server, "kill-server"], check=False, capture_output=True, timeout=PATIENCE)
