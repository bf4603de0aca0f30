"""Measure how long zettel takes, as multiples of the time that a bare Python takes to start. Run it with

    python -m tests.bench [--notes N ...] [--rounds N]

It generates notebooks of 1,000, 10,000 and 50,000 notes of 200 words, runs the `zettel` that is installed beside this Python
on them, and prints three tables: how long a person waits for each command, what is built once, and cold starts. One B is the
median of `python -c pass` with the same interpreter in the same rounds; see `docs/speed.md` for the method and figures.
It takes some minutes. Nobody else should use the machine meanwhile.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import zettel
from tests.bench import notebooks
from tests.bench.processes import Command, Run, evict, find_quartiles, median, run, run_in_turn

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
"""The most that each command may take, in B, for each of SIZES."""

FIRST = {"first catalogue": (0.4, 0.4, 0.4), "first full-text index": (1.2, 1.2, 1.5)}
"""The most that building the cache may take, in seconds for every 1,000 notes."""

MEMORY = (60, 90, 250)
"""The most memory that a reading command may take, in MB."""

BARE = "python -c pass"
ZETTEL = str(Path(sys.executable).with_name("zettel"))


class Bench:
    """A generated notebook of one size, and the command lines that are timed on it."""

    def __init__(self, folder: Path, notes: int) -> None:
        self.notes, self.root, self.cache = notes, folder / f"notes-{notes}", folder / f"cache-{notes}"
        self.ids = notebooks.write(self.root, notes)
        (self.root / ".zettel").mkdir()
        self.environ = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        self.environ |= {"XDG_CACHE_HOME": str(self.cache), "XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder)}
        self._changes = 0

    def zettel(self, *words: str, **environ: str) -> Command:
        """Return a command line of zettel on this notebook."""
        return Command((ZETTEL, "-N", str(self.root), *words), {**self.environ, **environ})

    def bare(self) -> Command:
        """Return the command that starts a bare Python."""
        return Command((sys.executable, "-c", "pass"), self.environ)

    def time_first_runs(self) -> dict[str, list[Run]]:
        """Time what is built once: the catalogue, on one core, then the index."""
        found: dict[str, list[Run]] = {name: [] for name in FIRST}
        cores = os.sched_getaffinity(0)
        for _ in range(3 if self.notes <= 1_000 else 1):
            shutil.rmtree(self.cache, ignore_errors=True)
            os.sched_setaffinity(0, {min(cores)})
            try:
                found["first catalogue"].append(run(self.zettel("list", "-n", "1")))
            finally:
                os.sched_setaffinity(0, cores)
            found["first full-text index"].append(run(self.zettel("search", notebooks.RARE)))
        return found

    def time_warm_runs(self, rounds: int) -> Iterator[dict[str, list[Run]]]:
        """Time each command with everything in the system's memory. Yield groups, each with a bare Python beside it."""
        middle = self.ids[self.notes // 2]
        title = next(self.root.glob(f"{middle} *")).stem.split(" ", 1)[1]
        completion = {"_ZETTEL_COMPLETE": "complete_bash", "COMP_WORDS": f"zettel -N {self.root} links {title[:2]}", "COMP_CWORD": "4"}
        lines = {
            "zettel links": ("links", middle),
            "zettel backlinks": ("backlinks", middle),
            "zettel orphans": ("orphans",),
            "zettel list -n 20": ("list", "-n", "20"),
            "zettel search WORD": ("search", notebooks.USUAL),
            "zettel search COMMON": ("search", "feedback"),
            "zettel path A B": ("path", self.ids[-5], self.ids[1]),
        }
        commands: dict[str, Callable[[], Command]] = {
            BARE: self.bare,
            "zettel --help": lambda: Command((ZETTEL, "--help"), self.environ),
            "zettel --version": lambda: Command((ZETTEL, "--version"), self.environ),
            **{name: partial(self.zettel, *line) for name, line in lines.items()},
            "completion of a title": lambda: self.zettel(**completion),
        }
        yield run_in_turn(commands, rounds)
        touched = {
            f"{name}, one note changed": partial(self._change_note_before, *lines[name]) for name in ("zettel links", "zettel list -n 20")
        }
        yield run_in_turn({BARE: self.bare, **touched}, rounds)
        yield run_in_turn({BARE: self.bare, "zettel new": lambda: self.zettel("new", f"A thought of {time.time_ns()}")}, rounds)
        run(self.zettel("list", "-n", "1"))
        yield run_in_turn({BARE: self.bare, **self._list_peers()}, max(3, rounds // 3))

    def time_cold_runs(self) -> dict[str, list[Run]]:
        """Time commands with nothing in the system's memory: notes, cache, Python and zettel itself come from the disk."""
        python = Path(sys.executable).resolve().parent.parent / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
        places = (self.root, self.cache, Path(zettel.__file__).parent, python, Path(sys.prefix) / "lib")
        found: dict[str, list[Run]] = {}
        for name, command in {
            BARE: self.bare(),
            "zettel list -n 20": self.zettel("list", "-n", "20"),
            "zettel search WORD": self.zettel("search", "feedback"),
        }.items():
            for _ in range(3):
                evict(*places)
                found.setdefault(name, []).append(run(command))
        return found

    def _change_note_before(self, *words: str) -> Command:
        """Change a note as another program would, and return a command line to run next."""
        self._changes += 1
        note = next(self.root.glob(f"{self.ids[self._changes % 50]} *"))
        with note.open("a", encoding="utf-8") as file:
            file.write(f"\nA line more, the {self._changes}th.\n")
        return self.zettel(*words)

    def _list_peers(self) -> dict[str, Callable[[], Command]]:
        """Return comparable programs that are installed on this machine."""
        found = {
            "rg -l WORD": ("rg", "-l", "--no-messages", "feedback", str(self.root)),
            "grep -rl WORD": ("grep", "-rlw", "feedback", str(self.root)),
            "zk list --match WORD": ("zk", "--notebook-dir", str(self.root), "--no-input", "list", "--match", "feedback"),
        }
        return {name: partial(Command, words, self.environ, (0, 1)) for name, words in found.items() if shutil.which(words[0])}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--notes", type=int, nargs="+", default=list(SIZES), help="sizes of the notebooks")
    parser.add_argument("--rounds", type=int, default=15, help="runs of each command")
    args = parser.parse_args()
    shown: dict[str, list[str]] = {}
    once: dict[str, list[str]] = {}
    cold: dict[str, list[str]] = {}
    for notes in args.notes:
        with tempfile.TemporaryDirectory(prefix="zettel-bench-") as folder:
            print(f"{notes:,} notes ...", file=sys.stderr, flush=True)
            bench = Bench(Path(folder), notes)
            for name, runs in bench.time_first_runs().items():
                cpu = min(run.cpu for run in runs) * 1000 / notes
                once.setdefault(name, []).append(
                    f"{median(runs) * 1000 / notes:.2f} s{_format_goal(FIRST[name], notes, ' s')}; {cpu:.2f} s of CPU time"
                )
            most = (0.0, "")
            for number, group in enumerate(bench.time_warm_runs(args.rounds)):
                bare = median(group[BARE])
                for name, runs in group.items():
                    if name != BARE:
                        if name.startswith(("zettel", "completion")):
                            most = max(most, (max(run.memory for run in runs), name))
                        shown.setdefault(name, []).append(_format_cell(name, runs, bare, notes))
                    elif not number:
                        shown.setdefault(name, []).append(_format_bare(runs))
            shown.setdefault("peak memory", []).append(f"{most[0]:.0f} MB{_format_goal(MEMORY, notes, ' MB')}: `{most[1]}`")
            for name, runs in bench.time_cold_runs().items():
                cold.setdefault(name, []).append(f"{median(runs) * 1000:.0f} ms")
    sizes = [f"{notes:,} notes" for notes in args.notes]
    _print_table("warm, in B (quartiles), goal", sizes, shown)
    _print_table("done once, per 1,000 notes", sizes, once)
    _print_table("cold", sizes, cold)


def _format_bare(runs: list[Run]) -> str:
    low, high = find_quartiles(runs)
    return f"1 B = {median(runs) * 1000:.1f} ms ({low * 1000:.1f}–{high * 1000:.1f})"


def _format_cell(name: str, runs: list[Run], bare: float, notes: int) -> str:
    low, high = find_quartiles(runs)
    return f"{median(runs) / bare:.2f} ({low / bare:.2f}–{high / bare:.2f}){_format_goal(GOALS[name], notes, '') if name in GOALS else ''}"


def _format_goal(goals: tuple[float, ...], notes: int, unit: str) -> str:
    return f", {goals[SIZES.index(notes)]:g}{unit}" if notes in SIZES else ""


def _print_table(title: str, sizes: list[str], rows: dict[str, list[str]]) -> None:
    """Print a Markdown table."""
    print(f"\n| {' | '.join([title, *sizes])} |\n| --- |{' ---: |' * len(sizes)}")
    for name, cells in rows.items():
        print(f"| {name if name.startswith(('completion', 'memory', 'first')) else f'`{name}`'} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
