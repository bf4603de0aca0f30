"""Test that a run in the process of the tests does what a process of its own does, whatever ran there before."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.attacks.lab.command_lines import TERMINAL_COMMANDS, LineSubjects, list_format_options, list_reading_lines, list_writing_lines
from tests.conftest import STARTER, Runner
from zettel.cli._snapshot import COMMANDS

SUBJECTS = LineSubjects("202302060730", "Start here", "strategy", "constraint")
PIPED: tuple[tuple[tuple[str, ...], bytes | None], ...] = (
    (("show", "-"), b"202302060730\n"),
    (("append", SUBJECTS.note), "From a pipe: ÄÖ\n".encode()),
    (("append", SUBJECTS.note), b"\xff\xfe not UTF-8"),
    (("new", "Piped"), b"x" * 200_000),
    (("import", "-", "--keep"), b"<h1>Page</h1><p>Text of it, of some length."),
    (("daily",), b"A line\n"),
    (("new",), b""),
    (("delete", "Start"), b"y\n"),
    (("restore", "Start"), b""),
)
OTHERS: tuple[tuple[str, ...], ...] = (
    (),
    ("--help",),
    ("--version",),
    ("list", "--help"),
    ("list", "--nonsense"),
    ("nonsense",),
    ("-N", "nowhere", "list"),
    ("--color", "always", "list", "-n5"),
    ("list", "-n5"),  # options before the last command's name are forgotten
    ("-c", "search.limit=1", "search", "constraint", "-tstrategy"),
    ("search", "constraint", "-tstrategy"),
    ("show", "a note that is not there"),
    ("show", "a note that is not there", "--json"),
    ("show", "\udcff"),
    ("search", "lead", "-team"),
    ("path", "no such topic", "Start here"),
)


class TwoCopies:
    """Two copies of the starter notebook. Each command runs on one in this process, and on the other in a process of its own."""

    def __init__(self, folder: Path) -> None:
        """Create both copies in `folder`."""
        self.runs = [Runner(folder / name / "notes", folder / name / "home") for name in ("within", "apart")]
        self.known = {path.name[:12] for path in STARTER.glob("*.md")}
        for run in self.runs:
            shutil.copytree(STARTER, run.folder)

    def find_differences(self, words: tuple[str, ...], stdin: bytes | None = None) -> list[str]:
        """Run a command line both ways, and return the differences."""
        within, apart = self.runs
        results = within(*words, stdin=stdin, EDITOR="true"), apart.process(*words, stdin=stdin, EDITOR="true")
        one, other = (
            [str(result.code), *(self.normalise(text, run) for text in result[1:])] for result, run in zip(results, self.runs, strict=True)
        )
        return [f"zettel {' '.join(words)!a}\n  within: {a!r}\n  apart:  {b!r}" for a, b in zip(one, other, strict=True) if a != b]

    def normalise(self, text: str, run: Runner) -> str:
        """Return a text without what differs between any two runs: the notebook's folder, and times."""
        text = text.replace(str(run.folder.parent), "...")
        text = re.sub(r'("modified": )"[^"]*"', r'\1"..."', text)
        text = re.sub(r"\b20\d{10}(?:\d\d)?\b", lambda found: found[0] if found[0] in self.known else "ID", text)
        return re.sub(r"\b(?:\d\d:\d\d(?::\d\d)?|\d+ ms)\b", "TIME", text)

    def read_notes(self) -> list[dict[str, str]]:
        """Return the notes of both copies by name."""
        return [
            {
                self.normalise(str(path.relative_to(run.folder)), run): self.normalise(
                    path.read_text(encoding="utf-8", errors="replace"), run
                )
                for path in run.folder.rglob("*.md")
            }
            for run in self.runs
        ]


def test_in_process_run_matches_a_process(tmp_path: Path) -> None:
    """Every command has the same exit code, output and errors both ways, and does the same to the notes."""
    copies = TwoCopies(tmp_path)
    lines = [
        (*line, *form) for name, those in list_reading_lines(SUBJECTS).items() for line in those for form in list_format_options(name)[:2]
    ]
    lines += [line for those in list_writing_lines(SUBJECTS).values() for line in those]
    lines = [line for line in lines if line[0] != "random"]
    assert set(COMMANDS) - {"random"} - TERMINAL_COMMANDS == {line[0] for line in lines}
    different = [text for line in (*OTHERS, *lines, *OTHERS) for text in copies.find_differences(line)]
    different += [text for line, stdin in PIPED for text in copies.find_differences(line, stdin)]
    assert not different, "\n".join(different)
    within, apart = copies.read_notes()
    assert within == apart
