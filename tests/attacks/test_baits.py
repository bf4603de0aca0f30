"""Test notes that are made to be slow: time grows no faster than the size of a note, and no note is left out silently."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import pytest

from tests.attacks import Figures
from tests.attacks.lab.baits import BAITS, ID, OTHER, TITLE, build_note
from tests.attacks.lab.fork import fork
from tests.sampling import sample
from zettel.adapters.parse.note import parse_note_bytes
from zettel.cli._snapshot import COMMANDS

NAME = f"{ID} {TITLE}.md"
BESIDE = {
    f"{OTHER} Trust.md": f"# Trust\n\nIt needs {ID} {TITLE}, and time. #tag\n\n## Last\n\nTrust is a word.\n",
    "202401010104 Third.md": f"# Third\n\nOf words and text: [[{OTHER}]], and [[{ID}|the bait]] of [it](<{NAME}>). #tag/more\n",
    "Fourth.md": "# Fourth\n\nA bait, a line of text, a heading, and trust in words. [[Third]]\n",
}
"""The notes beside the bait."""

STAGES = {
    **{
        line: line.split()
        for line in ("list", "index", "search trust", "show Bait", "show Bait --links", "links Bait", "links Bait --depth 3")
    },
    **{
        line: line.split()
        for line in ("backlinks Trust", "mentions Bait", "related Bait", "suggest Bait", "suggest", "check", "check --fix --dry-run")
    },
    **{
        line: line.split()
        for line in ("graph --format json", "graph --format html", "tags", "topics", "topic Trust", "clusters", "stats", "review")
    },
    **{
        line: line.split() for line in ("path Fourth Bait", "gap Fourth Bait", "append Bait more --dry-run", "rename Trust Faith --dry-run")
    },
    **{
        line: line.split()
        for line in ("move Bait sub --dry-run", "tag rename tag label --dry-run", "split Bait", "split Bait --all --dry-run")
    },
    **{
        line: line.split()
        for line in ("extract Bait 3 Part --dry-run", "merge Third Bait --dry-run", "merge Bait Third --dry-run", "delete Bait --dry-run")
    },
    **{
        line: line.split()
        for line in (
            "random",
            "pick",
            "browse Bait",
            "orphans",
            "hubs",
            "bridges",
            "templates",
            "restore",
            "doctor",
            "tutor",
            "lsp",
            "mcp",
            "undo --list",
            "daily --append more --dry-run",
        )
    },
    "init": ["init"],
    "edit": ["edit", TITLE],
    "trust": ["trust", "--list"],
    "show, rendered": ["--color", "always", "show", TITLE],
    "search in the bait": ["search", "Bait", "or", "text", "--json"],
    "rename Bait": ["rename", TITLE, "Another name", "--dry-run"],
    "suggest --all": ["suggest", TITLE, "--all", "--yes", "--dry-run"],
    "append": ["append", TITLE, "more"],
    "new": ["new", "A", "thought", "--dry-run"],
    "import": ["import", "../bait.md", "--keep", "--dry-run"],
    "import --clean": ["import", "../bait.txt", "--clean", "--dry-run"],
    "import of a page": ["import", "../bait.html", "--clean", "--dry-run"],
}
"""What is done with a bait, in an order in which catalogue and index are filled first."""


class TimedRun(NamedTuple):
    """How a run went: its CPU time in seconds (infinite if it was killed for taking too long), its exit code and the end of stderr."""

    seconds: float
    code: int
    stderr: str


def load_zettel() -> None:
    """Import all of zettel, so that only its work is measured."""
    import zettel

    for module in pkgutil.walk_packages(zettel.__path__, "zettel."):
        if not module.name.endswith(("__main__", "snapshot")):
            importlib.import_module(module.name)


def run(folder: Path, words: list[str], limit: float, stdin: bytes = b"", out: Path | None = None) -> TimedRun:
    """Run zettel in a forked process that may use `limit` seconds of CPU time. Its answer goes to the file `out`."""
    reader, writer = os.pipe()
    process = fork(lambda: _run_in_child(folder, words, limit, stdin, out, writer))
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        report = pipe.read()
    os.waitpid(process, 0)
    return TimedRun(*json.loads(report)) if report else TimedRun(float("inf"), -1, "")


def _run_in_child(folder: Path, words: list[str], limit: float, stdin: bytes, out: Path | None, writer: int) -> None:
    from zettel import __main__ as door

    os.chdir(folder)
    os.environ.update(
        XDG_CACHE_HOME=str(folder.parent / "cache"), XDG_CONFIG_HOME=str(folder.parent / "config"), ZETTEL_PAGER="cat", ZETTEL_EDITOR="true"
    )
    errors = folder.parent / "errors"
    piped = folder.parent / "piped"
    piped.write_bytes(stdin)
    for number, path, flags in (
        (0, piped, os.O_RDONLY),
        (1, out or Path(os.devnull), os.O_RDWR | os.O_CREAT),
        (2, errors, os.O_RDWR | os.O_CREAT),
    ):
        os.dup2(os.open(path, flags | (os.O_TRUNC if number else 0), 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", errors="replace")  # noqa: SIM115
        for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    sys.argv = ["zettel", *words]
    seconds = int(limit + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    began = time.process_time()
    try:
        code = door.main()
    except BaseException as error:  # noqa: BLE001 - reported to the parent
        code = 99
        sys.stderr.write(repr(error))
    took = time.process_time() - began
    sys.stderr.flush()
    os.write(writer, json.dumps([took, code, errors.read_text(errors="replace")[-500:]]).encode())


def create_notebook(folder: Path, name: str, n: int) -> Path:
    """Create a notebook with a bait in it, and files to import beside it."""
    notebook = folder / "notebook"
    (notebook / ".zettel").mkdir(parents=True)
    data = build_note(name, n)
    (notebook / NAME).write_bytes(data)
    for path, text in BESIDE.items():
        (notebook / path).write_text(text, encoding="utf-8")
    for suffix in ("md", "txt"):
        (folder / f"bait.{suffix}").write_bytes(data)
    (folder / "bait.html").write_bytes(b"<!doctype html><title>Page</title><article><h1>Page</h1><p>Text. " + data + b"</p></article>")
    return notebook


# The short form


def test_every_command_is_covered() -> None:
    """Every command is run on a bait."""
    assert set() == set(COMMANDS) - {word for words in STAGES.values() for word in words}


def test_no_bait_hides_its_note() -> None:
    """A note with a bait keeps its title and the link before the bait, or a problem says what could not be parsed."""
    hidden = []
    for name in BAITS:
        data = build_note(name, 1000)
        found = parse_note_bytes(NAME, data)
        if not (TITLE == found.title or data[4:9] == b"title" or found.problems) or OTHER not in [link.dest for link in found.links]:
            hidden.append((name, found.title, found.problems, [link.dest for link in found.links][:5]))
    assert [] == hidden


FULL = {
    **{f"run of {mark!r}": 100_000 for mark in "[(*`<&"},
    **{f"row of {pair!r}": 100_000 for pair in ("[[", "](", "<!--", "**a", "`a ``")},
    "nested quotes": 100_000,  # this bait nests a tenth as many
    "nested brackets": 50_000,
    "front matter: laughs": 100_000,
    "front matter: deep flow": 100_000,
    "TOML: dots": 100_000,
    "front matter: links on a line": 5_000,
    "HTML of links": 5_000,
    "wide table of short rows": 10_000,
    "definitions in HTML": 5_000,
    "definitions and indented code": 5_000,
    "row of 'word '": 2_000_000,  # a line of 5 MB
}
LIMIT = 60
"""Seconds of CPU time after which a run is killed: a guard against hanging, far from what a run needs."""


@pytest.mark.sampled
def test_full_size_baits_are_listed(tmp_path: Path) -> None:
    """Notes with baits of full size are listed with their titles, in bounded time."""
    for number, (name, n) in enumerate(sample(FULL.items(), 2, "baits of full size")):
        folder = create_notebook(tmp_path / str(number), name, n)
        ran = run(folder, ["list", "--json"], LIMIT, out=tmp_path / "out")
        assert 0 == ran.code, (name, ran)
        titles = {row["path"]: row["title"] for row in json.loads((tmp_path / "out").read_bytes())["notes"]}
        assert {*BESIDE, NAME} == titles.keys(), name
        assert TITLE == titles[NAME], name


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("split", TITLE, "--all"), "".join(f"## Heading {at}\n\nText {at} of it.\n\n" for at in range(300))),
        (("rename", TITLE, "Another name"), f"See [[{ID}|Bait]] and {ID} Bait, of it.\n\n" * 2000),
        (("rename", "Trust", "A *b* c"), f"See [[{OTHER}|Trust]] of it.\n\n" * 1000),
        (("append", TITLE, "more"), "\u00e9\n" * 20_000),
    ],
    ids=("split", "rename", "rename to marks", "append"),
)
def test_large_notes_are_changed_in_time(words: tuple[str, ...], text: str, tmp_path: Path) -> None:
    """A note with many headings, many links or many lines is changed in bounded time."""
    folder = create_notebook(tmp_path, "nested brackets", 1)
    (folder / NAME).write_text(f"# {TITLE}\n\n{text}", encoding="utf-8")
    ran = run(folder, [*words, "--dry-run"], LIMIT)
    assert 0 == ran.code, ran


def test_path_through_a_thousand_notes_is_found(tmp_path: Path) -> None:
    """A path through a thousand notes is found in bounded time."""
    folder = tmp_path / "notebook"
    (folder / ".zettel").mkdir(parents=True)
    ids = [str(int(ID) + at) for at in range(1000)]
    for one, other in pairwise(ids):
        (folder / f"{one}.md").write_text(f"On to {other}.\n", encoding="utf-8")
    (folder / f"{ids[-1]}.md").write_text("The end.\n", encoding="utf-8")
    ran = run(folder, ["path", ids[0], ids[-1], "--json"], LIMIT, out=tmp_path / "out")
    assert 0 == ran.code, ran
    (path, *_) = json.loads((tmp_path / "out").read_bytes())["paths"]
    assert ids == [one["id"] for one in path["notes"]]


# The long form

SLOW, SIZE, GROWTH = 0.2, 20_000, 2.4
"""Seconds from which growth counts; pieces of a bait of full size; by which factor time may grow when the size doubles."""

DOUBLINGS = 2


def measure_growth(name: str, stages: dict[str, list[str]], size: int) -> Iterator[tuple[str, float, float]]:
    """Yield (stage, seconds at full size, growth per doubling up to it) for the stages that take noticeable time."""
    took: dict[str, list[float]] = {stage: [] for stage in stages}
    for n in (size, *(size >> number for number in range(1, DOUBLINGS + 1))):
        with tempfile.TemporaryDirectory() as folder:
            notebook = create_notebook(Path(folder), name, n)
            for stage, words in stages.items():
                if n == size or took[stage][0] > SLOW or stage in ("list", "index"):
                    took[stage].append(run(notebook, words, LIMIT).seconds)
    for stage, seconds in took.items():
        if seconds[0] > SLOW:
            yield stage, seconds[0], (seconds[0] / max(seconds[-1], 0.001)) ** (1 / DOUBLINGS)


def long_form(minutes: float) -> Iterator[Figures]:
    """Run every bait through every stage, and report those that take more than 2.4 times as long at twice the size. List a line of 50 MB."""
    load_zettel()
    tried, worst = 0, []
    until = time.monotonic() + 60 * minutes
    for name in sorted(BAITS, key=lambda name: crc32(name.encode())):  # a mixed order, in case there is no time for all
        if time.monotonic() > until:
            break
        tried += len(STAGES)
        suspects = [stage for stage, _, factor in measure_growth(name, STAGES, SIZE) if factor > GROWTH]
        stages = {stage: words for stage, words in STAGES.items() if stage in suspects or stage in ("list", "index")}
        again = measure_growth(name, stages, 2 * SIZE) if suspects else ()  # noise does not grow with the size
        worst += [
            (factor, f"{name}, {stage}: {seconds:.1f} s, {factor:.1f}-fold")
            for stage, seconds, factor in again
            if stage in suspects and factor > GROWTH
        ]
    remark = "; ".join(text for _, text in sorted(worst, reverse=True)[:5])
    yield Figures("baits that double in size, each in every stage", tried, len(worst), remark)
    with tempfile.TemporaryDirectory() as folder:
        notebook = create_notebook(Path(folder), "row of 'word '", 20_000_000)
        ran = run(notebook, ["list", "--json"], 10 * LIMIT, out=Path(folder) / "out")
        listed = NAME in (Path(folder) / "out").read_text(encoding="utf-8")
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    yield Figures("a line of 50 MB", 1, int(not listed), f"{ran.seconds:.1f} s, {memory:,} MB")
