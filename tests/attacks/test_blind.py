"""File systems for which letter case does not count, and that keep accents apart from their letters: no note is overwritten there, and names are found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.attacks import Figures
from tests.attacks.lab.folding import KINDS, CannotMount, on
from tests.attacks.lab.forked import Forked
from tests.attacks.lab.harness import State, in_memory, state
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
"""Texts with words that stand nowhere else, so that one which is lost is found out."""

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
    ("new", "\u00dcbung", "--from", "Dir/Deep.md"),
    ("import", "aside.txt", "--keep"),
    ("merge", "Trust.md", "Deep"),
    ("delete", "TRUST.md"),
    ("append", "TRUST.MD", "one word more"),
)
"""Each of them is tried on the same notebook, taken back, done again and taken back."""

CLASHING = {
    ".zettel/config.toml": "",
    "a.md": "# Same\n\nword1.\n",
    "b.md": "# Other\n\nword2. See [[Same]].\n",
    "sub/A.md": "# Third\n\nword3.\n",
}


def words(root: Path) -> list[str]:
    """The words that stand nowhere else, from all notes and what is in the trash."""
    texts = [file.read_text() for file in root.rglob("*") if file.is_file() and "journal" not in file.parts]
    return sorted(re.findall(r"word\d", "".join(texts)))


def graph(root: Path, home: Path) -> object:
    """What the notebook is made of."""
    done = Forked(root, home)("graph", "--format", "json")
    assert (0, "") == (done.code, done.err)
    return json.loads(done.out)


def made(root: Path, files: dict[str, str]) -> State:
    """Make the notes; what there is then."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return state(root)


def every_command(runner: type[Runner], root: Path) -> None:
    """Each command does what it says or refuses; it can be taken back and done again, and what is known then is what is read from scratch."""
    home = root.parent
    run = runner(root, home / "warm")
    before = made(root, FILES)
    assert [f"word{number}" for number in range(1, 10)] == words(root)
    for number, typed in enumerate(sample(COMMANDS, 3, "commands where letter case does not count")):
        done = run(*typed)
        assert done.code in (0, 2, 4, 5), (typed, done)
        assert {f"word{number}" for number in range(1, 10)} == set(words(root)), (typed, state(root))
        after = state(root)
        assert graph(root, home / f"cold{number}") == graph(root, home / "warm"), typed
        if done.code:
            assert before == after, (typed, done)
            continue
        assert before != after, (typed, done)
        assert 0 == run("undo").code, typed
        assert before == without_trash(state(root)), (typed, done)
        assert 0 == run("undo", "--redo").code, typed
        assert after == state(root), (typed, done)
        assert 0 == run("undo").code, typed
        assert before == without_trash(state(root)), (typed, done)


def without_trash(found: State) -> State:
    """All but the empty folders that a change leaves in `.zettel/`."""
    return {path: kept for path, kept in found.items() if not path.startswith(".zettel/trash")}


def links_are_found(runner: type[Runner], root: Path) -> None:
    """Links and names are found in any letter case and normal form, and every note is there once."""
    made(root, FILES)
    run = runner(root, root.parent / "home")
    found = json.loads(run("graph", "--format", "json").out)
    assert 5 == len(found["notes"])
    assert ["ok"] * len(found["links"]) == [link["status"] for link in found["links"]]
    for named in ("trust.md", "TRUST", "\u00dcbung", "u\u0308bung.md", "U\u0308BUNG", "Caf\u00e9", "cafe\u0301.md", "dir/DEEP.md"):
        assert 0 == run("show", named).code, named


def nothing_is_overwritten(runner: type[Runner], root: Path) -> None:
    """A note never takes the place of one whose name is another spelling of its own."""
    made(root, CLASHING)
    run = runner(root, root.parent / "home")
    for typed in (
        ("move", "Third", "."),
        ("move", "Third", "B.md"),
        ("rename", "sub/A.md", "a"),
        ("move", "b.md", "SUB/a.md"),
        ("delete", "a.md", "sub/A.md"),
    ):
        done = run(*typed)
        assert done.code in (0, 5), (typed, done)
        assert ["word1", "word2", "word3"] == words(root), (typed, done, state(root))


WORKS = (every_command, links_are_found, nothing_is_overwritten)


@pytest.mark.sampled
@pytest.mark.parametrize("work", WORKS)
@pytest.mark.parametrize("kind", KINDS)
def test_where_letter_case_does_not_count(kind: str, work: Callable[[type[Runner], Path], None]) -> None:
    """What commands promise holds on a file system that is really so: of macOS, old and new, and of memory sticks."""
    with in_memory() as folder:
        try:
            on(KINDS[kind], folder, partial(work, Forked))
        except CannotMount as error:
            pytest.skip(f"no such file system here: {error}")


def long_form(minutes: float) -> Iterator[Figures]:
    """The same with processes of their own, on the disk."""
    import tempfile

    for name, kind in KINDS.items():
        lost, wrong = 0, ""
        for work in WORKS:
            with tempfile.TemporaryDirectory() as folder:
                try:
                    on(kind, Path(folder), partial(work, Runner))
                except CannotMount as error:
                    yield Figures(f"a file system like {name}", 0, 0, str(error))
                    break
                except AssertionError as error:
                    lost, wrong = lost + 1, str(error)[-300:]
        else:
            yield Figures(f"a file system like {name}, where letter case does not count", len(COMMANDS) * 3 + 5, lost, wrong)
