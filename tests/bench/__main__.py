"""How long zettel takes, as multiples of what a bare Python takes to start. Run it with

    python -m tests.bench [--notes N ...] [--rounds N] [--markdown FILE]

It makes notebooks of 1,000, 10,000 and 50,000 notes of 200 words, runs the `zettel` that is installed beside this Python on
them, and prints three tables: what a person waits for at each command, what is made once, and cold starts. One B is the
median of `python -c pass` by the same interpreter in the same rounds; see `docs/speed.md` for the method and figures.
It takes some minutes; nobody else should be using the machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import notebooks
from tests.bench.processes import Command, Run, evict, in_turn, median, run, spread

SIZES = (1_000, 10_000, 50_000)
STARTED, READ, TOUCHED = (1.5, 1.7, 3.0), (2.5, 5.0, 15.0), (3.0, 5.5, 16.0)
GOALS = {
    "zettel --help": STARTED,
    "zettel --version": STARTED,
    "zettel new": STARTED,
    "zettel links": READ,
    "zettel backlinks": READ,
    "zettel orphans": READ,
    "zettel list -n 20": READ,
    "completion of a title": READ,
    "zettel links, one note changed": TOUCHED,
    "zettel list -n 20, one note changed": TOUCHED,
    "zettel search WORD": (8.0, 11.0, 25.0),
    "zettel path A B": (14.0, 22.0, 60.0),
}
"""What each command may take at most, in B, at each of SIZES."""

FIRST = {"first catalogue": (0.4, 0.4, 0.4), "first full-text index": (1.2, 1.2, 1.5)}
"""What is made once may take so many seconds for every 1,000 notes."""

MEMORY = (60, 90, 250)
"""MB that any command that reads may take at most."""

BARE = "python -c pass"


class Bench:
    """A made-up notebook of a size, and the command lines that are tried on it."""

    def __init__(self, folder: Path, notes: int) -> None:
        self.notes, self.root, self.cache = notes, folder / f"notes-{notes}", folder / f"cache-{notes}"
        self.ids = notebooks.write(self.root, notes)
        (self.root / ".zettel").mkdir()
        self.environ = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        self.environ |= {"XDG_CACHE_HOME": str(self.cache), "XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder)}
        self._touched = 0

    def zettel(self, *words: str, before: Callable[[], object] = lambda: None, **environ: str) -> Command:
        """A command line of zettel on this notebook."""
        program = str(Path(sys.executable).with_name("zettel"))
        return Command((program, "-N", str(self.root), *words), {**self.environ, **environ}, before)

    def bare(self) -> Command:
        """A bare Python."""
        return Command((sys.executable, "-c", "pass"), self.environ)

    def first(self) -> dict[str, list[Run]]:
        """What is made once; the catalogue on one core, as everything after it is left to one."""
        repeats = 3 if self.notes <= 1_000 else 1
        found: dict[str, list[Run]] = {name: [] for name in FIRST}
        cores = os.sched_getaffinity(0)
        for _ in range(repeats):
            shutil.rmtree(self.cache, ignore_errors=True)
            os.sched_setaffinity(0, {min(cores)})
            try:
                found["first catalogue"].append(run(self.zettel("list", "-n", "1")))
            finally:
                os.sched_setaffinity(0, cores)
            found["first full-text index"].append(run(self.zettel("search", notebooks.RARE)))
        return found

    def warm(self, rounds: int) -> dict[str, list[Run]]:
        """What a person waits for at each command, once everything is in the system's memory."""
        middle, last = self.ids[self.notes // 2], self.ids[-5]
        title = Path(next(self.root.glob(f"{middle} *"))).stem.split(" ", 1)[1]
        typed = f"zettel -N {self.root} links {title[:2]}"
        commands = {
            BARE: self.bare(),
            "zettel --help": self.zettel()._replace(words=(self.zettel().words[0], "--help")),
            "zettel --version": self.zettel()._replace(words=(self.zettel().words[0], "--version")),
            "zettel links": self.zettel("links", middle),
            "zettel backlinks": self.zettel("backlinks", middle),
            "zettel orphans": self.zettel("orphans"),
            "zettel list -n 20": self.zettel("list", "-n", "20"),
            "completion of a title": self.zettel(_ZETTEL_COMPLETE="complete_bash", COMP_WORDS=typed, COMP_CWORD="4"),
            "zettel search WORD": self.zettel("search", "feedback"),
            "zettel path A B": self.zettel("path", last, self.ids[1]),
        }
        found = in_turn(commands, rounds)
        touched = {
            "zettel links, one note changed": self.zettel("links", middle, before=self._touch),
            "zettel list -n 20, one note changed": self.zettel("list", "-n", "20", before=self._touch),
        }
        found |= in_turn(touched, rounds)
        run(self.zettel("list", "-n", "1"))
        found |= in_turn({"zettel new": self.zettel("new", "A thought between two meetings")}, rounds)
        run(self.zettel("list", "-n", "1"))
        return found | in_turn(self._peers(), max(3, rounds // 3))

    def cold(self) -> dict[str, list[Run]]:
        """The same with nothing in the system's memory: the notes, the cache and zettel itself come from the disk."""
        site = Path(sys.executable).resolve().parent.parent / "lib"
        places = (self.root, self.cache, Path(__file__).parents[2] / "zettel", site, Path(sys.prefix) / "lib")
        commands = {
            BARE: self.bare(),
            "zettel list -n 20": self.zettel("list", "-n", "20"),
            "zettel search WORD": self.zettel("search", "feedback"),
        }
        return {name: [run(command._replace(before=lambda: evict(*places))) for _ in range(3)] for name, command in commands.items()}

    def _touch(self) -> None:
        self._touched += 1
        note = next(self.root.glob(f"{self.ids[self._touched % 50]} *"))
        with note.open("a", encoding="utf-8") as file:
            file.write(f"\nA line more, the {self._touched}th.\n")

    def _peers(self) -> dict[str, Command]:
        """Other programs that are on this machine; none knows of links but zk."""
        found = {
            "rg -l WORD": ("rg", "-l", "--no-messages", "feedback", str(self.root)),
            "grep -rl WORD": ("grep", "-rlw", "feedback", str(self.root)),
            "zk list --match WORD": ("zk", "--notebook-dir", str(self.root), "--no-input", "list", "--match", "feedback"),
        }
        return {name: Command(words, self.environ, codes=(0, 1)) for name, words in found.items() if shutil.which(words[0])}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--notes", type=int, nargs="+", default=list(SIZES), help="sizes of the notebooks")
    parser.add_argument("--rounds", type=int, default=15, help="runs of each command")
    given = parser.parse_args()
    shown: dict[str, list[str]] = {}
    once: dict[str, list[str]] = {}
    cold: dict[str, list[str]] = {}
    for notes in given.notes:
        with tempfile.TemporaryDirectory(prefix="zettel-bench-") as folder:
            print(f"{notes:,} notes ...", file=sys.stderr, flush=True)
            bench = Bench(Path(folder), notes)
            first, warm = bench.first(), bench.warm(given.rounds)
            bare = median(warm[BARE])
            for name, runs in first.items():
                cpu = min(run.cpu for run in runs) * 1000 / notes
                once.setdefault(name, []).append(
                    f"{median(runs) * 1000 / notes:.2f} s{_goal(FIRST[name], notes, ' s')}, {cpu:.2f} s of processors"
                )
            for name, runs in warm.items():
                shown.setdefault(name, []).append(_cell(name, runs, bare, notes))
            most = max((max(run.memory for run in runs), name) for name, runs in warm.items() if name.startswith(("zettel", "completion")))
            shown.setdefault("memory at most", []).append(f"{most[0]:.0f} MB{_goal(MEMORY, notes, ' MB')}: {most[1]}")
            for name, runs in bench.cold().items():
                cold.setdefault(name, []).append(f"{median(runs) * 1000:.0f} ms")
    sizes = [f"{notes:,} notes" for notes in given.notes]
    _print("warm, in B (quartiles), goal", sizes, shown)
    _print("made once, for every 1,000 notes", sizes, once)
    _print("cold", sizes, cold)


def _cell(name: str, runs: list[Run], bare: float, notes: int) -> str:
    low, high = spread(runs)
    if name == BARE:
        return f"1 B = {bare * 1000:.1f} ms ({low * 1000:.1f}–{high * 1000:.1f})"
    return f"{median(runs) / bare:.2f} ({low / bare:.2f}–{high / bare:.2f}){_goal(GOALS[name], notes, '') if name in GOALS else ''}"


def _goal(goals: tuple[float, ...], notes: int, unit: str) -> str:
    return f", {goals[SIZES.index(notes)]:g}{unit}" if notes in SIZES else ""


def _print(title: str, sizes: list[str], rows: dict[str, list[str]]) -> None:
    """Print a Markdown table."""
    print(f"\n| {' | '.join([title, *sizes])} |\n| --- |{' ---: |' * len(sizes)}")
    for name, cells in rows.items():
        print(f"| {name if name == BARE or ' of ' in name or 'memory' in name or 'first' in name else f'`{name}`'} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
