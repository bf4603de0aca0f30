"""Measure `zettel browse` on a terminal, beside an empty Textual app in the same rounds. Run it with

    python -m tests.bench.browse [--notes N] [--rounds N] [--notebook FOLDER]

It prints how long the first picture takes, how long each kind of key takes from its press to the first and the last byte that is
written for it, and the most memory. Nobody else should use the machine meanwhile.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from typing import Self

from tests.bench import notebooks

ZETTEL = str(Path(sys.executable).with_name("zettel"))
EMPTY = (
    "from textual.app import App\nfrom textual.widgets import Static\n"
    "class Empty(App):\n    def compose(self):\n        yield Static('zettel is empty')\nEmpty().run()"
)
COLUMNS, ROWS = 120, 40
QUIET = 0.06
"""Seconds without a byte after which what was written for a key is complete: less than the pause before texts are searched."""

PATIENCE = 60
"""Seconds after which a text is not waited for any more."""

WORDS = ("trust", "value", "execution", "promise")


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, words: list[str], environ: dict[str, str]) -> None:
        self.began = time.perf_counter()
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execvpe(words[0], words, environ)
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._shown = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._descriptor)

    def _read(self, seconds: float) -> bytes:
        if not select.select([self._descriptor], [], [], seconds)[0]:
            return b""
        data = os.read(self._descriptor, 65536)
        self._shown += data
        return data

    def wait_for(self, text: bytes) -> float:
        """Return the seconds from the start until a text is shown."""
        while text not in self._shown:
            if time.perf_counter() - self.began > PATIENCE:
                raise RuntimeError(f"{text!r} is not shown")
            self._read(1)
        return time.perf_counter() - self.began

    def settle(self, seconds: float) -> None:
        """Wait until nothing was written for some seconds."""
        while self._read(seconds):
            pass

    def press(self, key: bytes) -> tuple[float, float]:
        """Press a key, and return the milliseconds until the first and the last byte was written."""
        began = time.perf_counter()
        os.write(self._descriptor, key)
        times = []
        while self._read(QUIET):
            times.append(1000 * (time.perf_counter() - began))
        return (times[0], times[-1]) if times else (0.0, 0.0)

    def read_memory(self) -> float:
        """Return the most memory that the program has had, in MB."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def print_keys(name: str, times: list[tuple[float, float]]) -> None:
    first, last = (sorted(pair[at] for pair in times) for at in (0, 1))
    print(f"{name:28} {len(times):3} keys  first byte p50 {_find(first, 0.5):4.0f} p95 {_find(first, 0.95):4.0f} ms", end="  ")
    print(f"last byte p50 {_find(last, 0.5):4.0f} p95 {_find(last, 0.95):4.0f} ms")


def _find(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def measure(folder: Path, environ: dict[str, str], rounds: int) -> None:
    """Print all figures for a notebook."""
    subprocess.run([ZETTEL, "-N", str(folder), "index"], env=environ, check=True, capture_output=True)
    browse = [ZETTEL, "-N", str(folder), "browse"]
    firsts: dict[str, list[float]] = {"empty": [], "zettel": []}
    for number in range(rounds + 1):
        for name, words in (("empty", [sys.executable, "-c", EMPTY]), ("zettel", browse)):
            with Terminal(words, environ) as terminal:
                taken = terminal.wait_for(b"zettel")
            if number:
                firsts[name].append(taken)
    empty, own = (statistics.median(firsts[name]) for name in ("empty", "zettel"))
    print(f"first picture: {own:.3f} s, of an empty Textual app {empty:.3f} s: {own / empty:.2f} times as long")
    with Terminal(browse, environ) as terminal:
        print(f"first notes: {terminal.wait_for(b' notes'):.3f} s")
        terminal.settle(2)
        print_keys("next row, with its preview", [terminal.press(b"\x1b[B") for _ in range(40)])
        letters = []
        for word in WORDS:
            letters += [terminal.press(bytes([char])) for char in word.encode()]
            terminal.settle(1)
            letters += [terminal.press(b"\x7f") for _ in word]
            terminal.settle(1)
        print_keys("letters of a query", letters)
        for char in b"trust\r":
            terminal.press(bytes([char]))
        terminal.settle(1)
        print_keys("scroll a note", [terminal.press(key) for key in (b"j", b"k") * 15])
        print_keys("next link", [terminal.press(b"\t") for _ in range(20)])
        print(f"memory: {terminal.read_memory():.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--notebook", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = chosen.notebook or Path(place) / "notes"
        if not chosen.notebook:
            notebooks.write(folder, chosen.notes)
            (folder / ".zettel").mkdir()
        environ = {"PATH": os.environ["PATH"], "HOME": place, "XDG_CACHE_HOME": f"{place}/cache", "TERM": "xterm-256color"}
        measure(folder, {**environ, "COLORTERM": "truecolor", "COLORFGBG": "15;0", "LANG": "C.UTF-8"}, chosen.rounds)


if __name__ == "__main__":
    main()
