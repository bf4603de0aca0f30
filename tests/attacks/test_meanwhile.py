"""What others do to the notebook while zettel changes it: a note that is saved at any moment is kept, a folder may vanish and come back."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.attacks import Figures
from tests.attacks.lab.harness import Ran, State, child, in_memory, make, opened, state
from tests.attacks.test_disk import NOTES, WRITING
from zettel.cli.fastparse import parse_command_line
from zettel.cli.run import run_command

WORDS = b"These words are nowhere else."
MINE = b"# Saved meanwhile\n\n" + WORDS + b"\n"
CHANGING = tuple(words for words in WRITING if words[0] not in ("new", "undo"))
BEFORE: State = {"deep": (0o755, None), ".zettel": (0o755, None)} | {path: (0o644, text.encode()) for path, text in NOTES.items()}


def _save_in_place(note: Path) -> None:
    with note.open("r+b") as file:
        file.write(MINE)
        file.truncate()


def _save_by_rename(note: Path) -> None:
    draft = note.with_name(note.name + "~")
    draft.write_bytes(MINE)
    draft.replace(note)


class Moment(NamedTuple):
    """Who saves which note how, before which call of a command that changes it."""

    words: tuple[str, ...]
    path: str
    save: Callable[[Path], None]
    number: int


def _ran(root: Path, words: Iterable[str], at: int = 0, deed: Callable[[], None] | None = None) -> Ran:
    parsed = parse_command_line(["-N", str(root), *words])
    assert parsed

    def run() -> None:
        code = run_command(*parsed)
        assert code in (0, 4, 5, 6), code  # 4: saved so early that the note has another title

    return child(run, at, deed or "kill")


def _moments(root: Path) -> Iterator[Moment]:
    """Every moment of every command that changes notes."""
    for words in CHANGING:
        make(root, BEFORE)
        opened(root).refresh()
        calls = _ran(root, words).calls
        after = state(root)
        for path in NOTES:
            if after.get(path) != BEFORE[path]:
                for number in range(1, len(calls) + 1):
                    yield Moment(words, path, _save_in_place, number)
                    yield Moment(words, path, _save_by_rename, number)


def _is_kept(root: Path, moment: Moment) -> bool:
    """Whether what is saved at a moment is there afterwards."""
    make(root, BEFORE)
    opened(root).refresh()
    note = root / moment.path
    saved = root.parent / "saved"
    saved.unlink(missing_ok=True)

    def save() -> None:
        if note.exists():
            moment.save(note)
            saved.touch()

    _ran(root, moment.words, moment.number, save)
    opened(root)
    found = [data for _, data in state(root).values() if data]
    return not saved.exists() or any(WORDS in data for data in found)


def test_what_is_saved_meanwhile_is_kept() -> None:
    """Whatever note an editor saves at whatever moment of a change has its words afterwards."""
    with in_memory() as folder:
        moments = list(_moments(folder / "notes"))
        tried = random.Random(1).sample(moments, 60)
        assert [] == [moment for moment in tried if not _is_kept(folder / "notes", moment)]


def long_form(_minutes: float) -> Iterable[Figures]:
    """Every moment."""
    with in_memory() as folder:
        moments = list(_moments(folder / "notes"))
        lost = [moment for moment in moments if not _is_kept(folder / "notes", moment)]
        print(*lost, sep="\n")
        yield Figures("notes saved by an editor at a moment of a change", len(moments), len(lost))
