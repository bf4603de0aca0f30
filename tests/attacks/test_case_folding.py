"""Test file systems that ignore letter case and decompose accented letters: no note is overwritten, and names are found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.attacks import Figures
from tests.attacks.lab.case_folding import KINDS, CannotMount, run_on_file_system
from tests.attacks.lab.forked_runner import ForkedRunner
from tests.attacks.lab.harness import State, memory_folder, read_state
from tests.conftest import Runner
from tests.sampling import sample

FILES = {
    "Trust.md": "# Trust\n\nword1. See [[TRUST]], [[trust|it]], [[\u00dcbung]], [[u\u0308bung]] and [[Dir/Deep]].\n",
    "\u00dcbung.md": "# \u00dcbung\n\nword2. See [it](trust.md), [it](dir/deep.md) and [that](%C3%9Cbung.md).\n",
    "Dir/Deep.md": "# Deep\n\nword3. See [[Trust]] and [up](../Trust.md).\n\n## trust\n\nword4.\n\n## STRASSE\n\nword5.\n\n## Stra\u00dfe\n\nword6.\n",
    "Dir/202401010000 Hub.MD": "# Hub\n\nword7. See [[202401010000]] and [[deep]].\n",
    "cafe\u0301.md": "# Caf\u00e9\n\nword8. See [[Caf\u00e9]] and [[cafe\u0301]].\n",
    ".zettel/config.toml": "",
    "aside.txt": "Trust\n\nword9 is in an article.\n",
}
"""Each text has a word that stands nowhere else, so that a lost text is noticed."""

COMMANDS = (
    ("rename", "Trust.md", "TRUST"),
    ("rename", "Deep", "Trust"),
    ("rename", "Caf\u00e9", "\u00dcBUNG"),
    ("rename", "\u00dcbung", "u\u0308bung"),
    ("move", "Trust", "dir"),
    ("move", "Dir/Deep.md", "DIR"),
    ("move", "Dir/Deep.md", "trust.md"),
    ("move", "Dir/Deep.md", "TRUST.MD"),
    ("move", "Dir/Deep.md", "dir/deep.md"),
    ("move", "Caf\u00e9", "CAFE\u0301.md"),
    ("split", "Dir/Deep.md", "--all"),
    ("extract", "Dir/Deep.md", "5", "trust"),
    ("new", "trust"),
    ("new", "\u00dcbung", "--link-from", "Dir/Deep.md"),
    ("import", "aside.txt", "--keep"),
    ("merge", "Trust.md", "Deep"),
    ("delete", "TRUST.md"),
    ("append", "TRUST.MD", "one word more"),
)
"""Each is tried on the same notebook, undone, redone and undone again."""

CLASHING = {
    ".zettel/config.toml": "",
    "a.md": "# Same\n\nword1.\n",
    "b.md": "# Other\n\nword2. See [[Same]].\n",
    "sub/A.md": "# Third\n\nword3.\n",
}


def find_words(root: Path) -> list[str]:
    """Return the words that stand nowhere else, from all notes and the trash."""
    texts = [file.read_text() for file in root.rglob("*") if file.is_file() and "journal" not in file.parts]
    return sorted(re.findall(r"word\d", "".join(texts)))


def read_graph(root: Path, home: Path) -> object:
    """Return the notes and links of the notebook."""
    done = ForkedRunner(root, home)("graph", "--format", "json")
    assert (0, "") == (done.code, done.err)
    return json.loads(done.out)


def create_notes(root: Path, files: dict[str, str]) -> State:
    """Create the notes, and return the state of the notebook."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return read_state(root)


def check_every_command(runner: type[Runner], root: Path) -> None:
    """Each command does what it says or refuses, it can be undone and redone, and its cache answers as an empty one does."""
    home = root.parent
    run = runner(root, home / "warm")
    before = create_notes(root, FILES)
    assert [f"word{number}" for number in range(1, 10)] == find_words(root)
    for number, words in enumerate(sample(COMMANDS, 3, "commands where letter case is ignored")):
        done = run(*words)
        assert done.code in (0, 2, 4, 5), (words, done)
        assert {f"word{number}" for number in range(1, 10)} == set(find_words(root)), (words, read_state(root))
        after = read_state(root)
        assert read_graph(root, home / f"cold{number}") == read_graph(root, home / "warm"), words
        if done.code:
            assert before == after, (words, done)
            continue
        assert before != after, (words, done)
        assert 0 == run("undo").code, words
        assert before == drop_trash(read_state(root)), (words, done)
        assert 0 == run("undo", "--redo").code, words
        assert after == read_state(root), (words, done)
        assert 0 == run("undo").code, words
        assert before == drop_trash(read_state(root)), (words, done)


def drop_trash(found: State) -> State:
    """Return a state without the trash, whose empty folders stay after an undo."""
    return {path: kept for path, kept in found.items() if not path.startswith(".zettel/trash")}


def check_links_are_found(runner: type[Runner], root: Path) -> None:
    """Links and names are found in any letter case and normal form, and every note is listed once."""
    create_notes(root, FILES)
    run = runner(root, root.parent / "home")
    found = json.loads(run("graph", "--format", "json").out)
    assert 5 == len(found["notes"])
    assert ["ok"] * len(found["links"]) == [link["status"] for link in found["links"]]
    for named in ("trust.md", "TRUST", "\u00dcbung", "u\u0308bung.md", "U\u0308BUNG", "Caf\u00e9", "cafe\u0301.md", "dir/DEEP.md"):
        assert 0 == run("show", named).code, named


def check_nothing_is_overwritten(runner: type[Runner], root: Path) -> None:
    """A note never replaces one whose name is another spelling of its own."""
    create_notes(root, CLASHING)
    run = runner(root, root.parent / "home")
    for words in (
        ("move", "Third", "."),
        ("move", "Third", "B.md"),
        ("rename", "sub/A.md", "a"),
        ("move", "b.md", "SUB/a.md"),
        ("delete", "a.md", "sub/A.md"),
    ):
        done = run(*words)
        assert done.code in (0, 5), (words, done)
        assert ["word1", "word2", "word3"] == find_words(root), (words, done, read_state(root))


CHECKS = (check_every_command, check_links_are_found, check_nothing_is_overwritten)


@pytest.mark.sampled
@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("kind", KINDS)
def test_promises_hold_where_letter_case_is_ignored(kind: str, check: Callable[[type[Runner], Path], None]) -> None:
    """On a file system like those of macOS, old and new, and of memory sticks, commands keep their promises."""
    with memory_folder() as folder:
        try:
            run_on_file_system(KINDS[kind], folder, partial(check, ForkedRunner))
        except CannotMount as error:
            pytest.skip(f"no such file system here: {error}")


def long_form(minutes: float) -> Iterator[Figures]:
    """Do the same in real processes on the disk."""
    import tempfile

    for name, kind in KINDS.items():
        lost, wrong = 0, ""
        for check in CHECKS:
            with tempfile.TemporaryDirectory() as folder:
                try:
                    run_on_file_system(kind, Path(folder), partial(check, Runner))
                except CannotMount as error:
                    yield Figures(f"a file system like {name}", 0, 0, str(error))
                    break
                except AssertionError as error:
                    lost, wrong = lost + 1, str(error)[-300:]
        else:
            yield Figures(f"a file system like {name}, where letter case is ignored", len(COMMANDS) * 3 + 5, lost, wrong)
