"""Measure `zettel browse` on a terminal, beside other programs in the same rounds. Run it with

    python -m tests.bench.browse [--notes N] [--rounds N] [--notebook FOLDER]

It prints how long the first picture takes, how long each kind of key takes from its press to the last byte that is written for it, also while
the text of all notes is indexed, how soon a change by another program is seen, what it costs to wait for that, and the most memory. Beside
each figure stands its goal, and what another program takes for the same: an empty Textual app, fzf with the titles of all notes and a preview,
or less. Nobody else should use the machine meanwhile.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from tests.bench import notebooks
from zettel.adapters.fzf import find_fzf

ZETTEL = str(Path(sys.executable).with_name("zettel"))
EMPTY = (
    "from textual.app import App\nfrom textual.widgets import Static\n"
    "class Empty(App):\n    def compose(self):\n        yield Static('zettel is empty')\nEmpty().run()"
)
NAMES_ONLY = (
    "from zettel.model.browse.effects import SearchText\nSearchText._defaults['delay'] = 1.0\nfrom zettel.__main__ import main\nmain()"
)
"""zettel, which searches the texts only a second after the last key, so that what is written for the names alone can be told from the rest."""

COLUMNS, ROWS = 120, 40
QUIET = 0.06
"""Seconds without a byte after which what was written for a key is complete."""

PATIENCE = 60
"""Seconds after which a text is not waited for any more."""

WHOLE = 0.4
"""Seconds without a byte after which nothing more comes at all: the texts are searched, too."""

WORDS = ("trust", "value", "execution", "promise")
UP, DOWN, ERASE, CLEAR = b"\x1b[A", b"\x1b[B", b"\x7f", b"\x15"

KEYS_HELD = 600
"""How many keys are pressed before the memory is read."""

IDLE_SECONDS = 20.0
"""How long the use of the processor is counted while nothing is pressed."""


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

    def press(self, key: bytes, quiet: float = QUIET) -> float:
        """Press a key, and return the milliseconds until the last byte was written: the last one before `quiet` seconds without any."""
        began = last = time.perf_counter()
        os.write(self._descriptor, key)
        while self._read(quiet):
            last = time.perf_counter()
        return 1000 * (last - began)

    def press_until(self, key: bytes, text: bytes) -> float:
        """Press a key, and return the milliseconds until a text is written."""
        began = time.perf_counter()
        self._shown = b""
        os.write(self._descriptor, key)
        while text not in self._shown and time.perf_counter() - began < PATIENCE:
            self._read(1)
        return 1000 * (time.perf_counter() - began)

    @property
    def has_child(self) -> bool:
        """Whether a process that the program has started is running."""
        return bool(Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().strip())

    def read_memory(self) -> float:
        """Return the most memory that the program has had, in MB."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))

    def read_processor(self) -> float:
        """Return the seconds for which the program has had a processor."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def print_row(what: str, measured: str, goal: str = "", peer: str = "") -> None:
    print(f"{what:44} {measured:28} {goal:16} {peer}", flush=True)


def format_times(times: Iterable[float]) -> str:
    """Return the median and the 95th percentile of some times in ms, and how many there are."""
    ordered = sorted(times)
    return f"p50 {_find(ordered, 0.5):3.0f}  p95 {_find(ordered, 0.95):3.0f} ms ({len(ordered)})"


def _find(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def type_words(terminal: Terminal, quiet: float = QUIET) -> list[float]:
    """Type words and erase them again, each key on a screen that has settled, and return the time of each key."""
    times = []
    for word in WORDS:
        times += [terminal.press(bytes([char]), quiet) for char in word.encode()]
        terminal.settle(1)
        times += [terminal.press(ERASE, quiet) for _ in word]
        terminal.settle(1)
    return times


def type_fast(terminal: Terminal, pause: float) -> list[float]:
    """Type words with a pause after each letter, whatever is being searched, and return how long each takes to be seen in the line."""
    times = []
    for word in WORDS:
        for at, char in enumerate(word.encode(), 1):
            began = time.perf_counter()
            times.append(terminal.press_until(bytes([char]), word[:at].encode()))
            time.sleep(max(pause - (time.perf_counter() - began), 0))
        terminal.settle(1)
        terminal.press(CLEAR)
        terminal.settle(1)
    return times


def measure(folder: Path, environ: dict[str, str], rounds: int) -> None:
    """Print all figures for a notebook."""
    index = [ZETTEL, "-N", str(folder), "index"]
    subprocess.run(index, env=environ, check=True, capture_output=True)
    browse = [ZETTEL, "-N", str(folder), "browse"]
    print_row("what", "measured (number of keys)", "goal", "another program")
    _measure_start(browse, environ, rounds)
    rows, letters, scrolls = _measure_peers(folder, environ)
    with Terminal([sys.executable, "-c", NAMES_ONLY, *browse[1:]], environ) as terminal:
        terminal.wait_for(b" notes")
        terminal.settle(2)
        print_row("a letter, with the names it narrows", format_times(type_words(terminal)), "30, 80 ms", letters)
    with Terminal(browse, environ) as terminal:
        terminal.wait_for(b" notes")
        terminal.settle(2)
        print_row("next row, with its preview", format_times(terminal.press(DOWN) for _ in range(40)), "30, 80 ms", rows)
        print_row("a letter, until the texts have joined", format_times(type_words(terminal, WHOLE)), "", "80 ms of it are a pause")
        print_row("a letter at ten a second, until it is seen", format_times(type_fast(terminal, 0.1)), "30, 80 ms")
        for char in b"trust\r":
            terminal.press(bytes([char]))
        terminal.settle(1)
        print_row("scroll a note", format_times(terminal.press(key) for key in (b"j", b"k") * 15), "30, 80 ms", scrolls)
        print_row("next link", format_times(terminal.press(b"\t") for _ in range(20)), "30, 80 ms")
        before = terminal.read_memory()
        for number in range(KEYS_HELD):
            terminal.press((b"\x1b", DOWN, b"\r", b"j", b"\t")[number % 5], 0.01)
        print_row("memory", f"{before:.0f} MB, {terminal.read_memory():.0f} after {KEYS_HELD} more keys", "120 MB")
    _measure_changes(folder, browse, environ)
    _measure_indexing(index, browse, environ)


def _measure_start(browse: list[str], environ: dict[str, str], rounds: int) -> None:
    firsts: dict[str, list[float]] = {"empty": [], "zettel": []}
    for number in range(rounds + 1):
        for name, words in (("empty", [sys.executable, "-c", EMPTY]), ("zettel", browse)):
            with Terminal(words, environ) as terminal:
                taken = terminal.wait_for(b"zettel")
            if number:
                firsts[name].append(taken)
    empty, own = (statistics.median(firsts[name]) for name in ("empty", "zettel"))
    print_row(
        "first picture", f"{own:.3f} s", f"{1.5 * empty:.3f} s", f"empty Textual app: {empty:.3f} s, so {own / empty:.2f} times as long"
    )
    with Terminal(browse, environ) as terminal:
        print_row("first notes", f"{terminal.wait_for(b' notes'):.3f} s")


def _measure_peers(folder: Path, environ: dict[str, str]) -> tuple[str, str, str]:
    """Return how long fzf takes for the next row and a letter, and less for a line, where they are installed."""
    rows = letters = scrolls = "fzf is not installed"
    program = find_fzf("", environ)
    if program:
        with tempfile.NamedTemporaryFile("w") as titles:
            titles.write("\n".join(path.stem for path in sorted(folder.glob("*.md"))))
            titles.flush()
            line = f"{program.command[0]} --exact --preview 'cat {folder}/{{}}.md' < {titles.name}"
            with Terminal(["sh", "-c", line], environ) as terminal:
                terminal.settle(2)
                rows = f"fzf: {format_times(terminal.press(UP) for _ in range(40))}"
                letters = f"fzf: {format_times(type_words(terminal))}"
    if shutil.which("less"):
        with Terminal(["less", str(max(folder.glob("*.md"), key=lambda path: path.stat().st_size))], environ) as terminal:
            terminal.settle(1)
            scrolls = f"less: {format_times(terminal.press(key) for key in (b'j', b'k') * 15)}"
    return rows, letters, scrolls


def _measure_changes(folder: Path, browse: list[str], environ: dict[str, str]) -> None:
    """Print how soon a change of a note that is read is seen, and what it costs to look for changes."""
    note = max(folder.glob("*.md"))
    text = note.read_text()
    seen = []
    with Terminal(browse, environ) as terminal:
        terminal.wait_for(b" notes")
        for char in note.name.split()[0].encode() + b"\r":
            terminal.press(bytes([char]))
        terminal.settle(3)
        try:
            for number in range(5):
                word = f"elsewhere{number}"
                note.write_text(text.replace("\n\n", f"\n\n{word} ", 1))
                began = time.perf_counter()
                terminal.press_until(b"", word.encode())
                seen.append(time.perf_counter() - began)
                terminal.settle(1)
        finally:
            note.write_text(text)
        terminal.settle(8)
        before = terminal.read_processor()
        time.sleep(IDLE_SECONDS)
        share = (terminal.read_processor() - before) / IDLE_SECONDS
    print_row("a change by another program, until it is seen", f"{statistics.median(seen):.1f} s, at most {max(seen):.1f} s")
    print_row("processor while nothing is pressed", f"{100 * share:.1f} %", "1 %")


def _measure_indexing(index: list[str], browse: list[str], environ: dict[str, str]) -> None:
    """Print how long keys take while the text of all notes is indexed, and how long that takes."""
    for fulltext in Path(environ["XDG_CACHE_HOME"]).rglob("fulltext"):
        shutil.rmtree(fulltext)
    with Terminal(browse, environ) as terminal:
        terminal.wait_for(b"Indexing")
        times: list[float] = []
        while terminal.has_child:
            times += [terminal.press(key) for key in (b"t", DOWN, DOWN, b"r", DOWN, ERASE, ERASE)]
        print_row("a key while all texts are indexed", format_times(times), "80 ms at most")
        began = terminal.began
    print_row("all texts indexed, keys being pressed", f"{time.perf_counter() - began:.0f} s")


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
