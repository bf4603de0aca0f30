"""A run within the process of the tests is what a process of its own is, whatever ran there before."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.attacks.lab.lines import Of, formats, reading, writing
from tests.conftest import STARTER, Runner
from zettel.cli._snapshot import COMMANDS

OF = Of("202302060730", "Start here", "strategy", "constraint")
PIPED: tuple[tuple[tuple[str, ...], bytes | None], ...] = (
    (("show", "-"), b"202302060730\n"),
    (("append", OF.note), "From a pipe: ÄÖ\n".encode()),
    (("append", OF.note), b"\xff\xfe not UTF-8"),
    (("new", "Piped"), b"x" * 200_000),
    (("import", "-", "--keep"), b"<h1>Page</h1><p>Text of it, of some length."),
    (("daily",), b"A line\n"),
    (("new",), b""),
    (("delete", "Start"), b"y\n"),
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
    ("list", "-n5"),  # what was said before the last command's name is forgotten
    ("-c", "search.limit=1", "search", "constraint", "-tstrategy"),
    ("search", "constraint", "-tstrategy"),
    ("show", "a note that is not there"),
    ("show", "a note that is not there", "--json"),
    ("show", "\udcff"),
    ("search", "lead", "-team"),
    ("path", "no such topic", "Start here"),
)


class Both:
    """Two copies of the starter notebook, on which the same is done: within this process, and by processes of their own."""

    def __init__(self, folder: Path) -> None:
        """Both copies are made in `folder`."""
        self.runs = [Runner(folder / name / "notes", folder / name / "home") for name in ("within", "apart")]
        self.known = {path.name[:12] for path in STARTER.glob("*.md")}
        for run in self.runs:
            shutil.copytree(STARTER, run.folder)

    def differ(self, words: tuple[str, ...], stdin: bytes | None = None) -> list[str]:
        """Run a command line both ways; how the two differ."""
        within, apart = self.runs
        results = within(*words, stdin=stdin, EDITOR="true"), apart.process(*words, stdin=stdin, EDITOR="true")
        one, other = (
            [str(result.code), *(self.plain(text, run) for text in result[1:])] for result, run in zip(results, self.runs, strict=True)
        )
        return [f"zettel {' '.join(words)!a}\n  within: {a!r}\n  apart:  {b!r}" for a, b in zip(one, other, strict=True) if a != b]

    def plain(self, text: str, run: Runner) -> str:
        """A text without what differs in any two runs: where the notebook lies, and the times of what is made and written."""
        text = text.replace(str(run.folder.parent), "...")
        text = re.sub(r'("modified": )"[^"]*"', r'\1"..."', text)
        text = re.sub(r"\b20\d{10}(?:\d\d)?\b", lambda found: found[0] if found[0] in self.known else "ID", text)
        return re.sub(r"\b\d\d:\d\d(?::\d\d)?\b", "TIME", text)

    def notes(self) -> list[dict[str, str]]:
        """The notes of both copies, each by its name."""
        return [
            {
                self.plain(str(path.relative_to(run.folder)), run): self.plain(path.read_text(encoding="utf-8", errors="replace"), run)
                for path in run.folder.rglob("*.md")
            }
            for run in self.runs
        ]


def test_a_run_within_this_process_is_one_apart(tmp_path: Path) -> None:
    """Every command, one after the other, gives the same exit code, output and errors both ways, and does the same to the notes."""
    both = Both(tmp_path)
    lines = [(*line, *form) for name, those in reading(OF).items() for line in those for form in formats(name)[:2]]
    lines += [line for those in writing(OF).values() for line in those]
    lines = [line for line in lines if line[0] != "random"]
    assert set(COMMANDS) - {"random"} == {line[0] for line in lines}
    different = [said for line in (*OTHERS, *lines, *OTHERS) for said in both.differ(line)]
    different += [said for line, stdin in PIPED for said in both.differ(line, stdin)]
    assert not different, "\n".join(different)
    within, apart = both.notes()
    assert within == apart
