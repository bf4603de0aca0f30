"""Test what other programs do while zettel changes the notebook: a note that is saved at any moment is kept."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.attacks import Figures
from tests.attacks.lab.harness import ChildRun, State, create_notebook, memory_folder, open_notebook, read_state, run_in_child
from tests.attacks.test_disk import NOTES, WRITING
from zettel.cli.fastparse import parse_command_line
from zettel.cli.run import run_command

WORDS = b"These words are nowhere else."
SAVED = b"# Saved meanwhile\n\n" + WORDS + b"\n"
CHANGING = tuple(words for words in WRITING if words[0] not in ("new", "undo"))
BEFORE: State = {"deep": (0o755, None), ".zettel": (0o755, None)} | {path: (0o644, text.encode()) for path, text in NOTES.items()}


def _save_in_place(note: Path) -> None:
    with note.open("r+b") as file:
        file.write(SAVED)
        file.truncate()


def _save_by_rename(note: Path) -> None:
    draft = note.with_name(note.name + "~")
    draft.write_bytes(SAVED)
    draft.replace(note)


class Moment(NamedTuple):
    """A save by an editor: of which note, how, and before which call of which command."""

    words: tuple[str, ...]
    path: str
    save: Callable[[Path], None]
    number: int


def _run_command(root: Path, words: Iterable[str], at: int = 0, action: Callable[[], None] | None = None) -> ChildRun:
    parsed = parse_command_line(["-N", str(root), *words])
    assert parsed

    def run_and_check_code() -> None:
        code = run_command(*parsed)
        assert code in (0, 4, 5, 6), code  # 4: the note was saved so early that it has another title

    return run_in_child(run_and_check_code, at, action or "kill")


def _list_moments(root: Path) -> Iterator[Moment]:
    """Yield every moment of every command that changes notes."""
    for words in CHANGING:
        create_notebook(root, BEFORE)
        open_notebook(root).refresh()
        calls = _run_command(root, words).calls
        after = read_state(root)
        for path in NOTES:
            if after.get(path) != BEFORE[path]:
                for number in range(1, len(calls) + 1):
                    yield Moment(words, path, _save_in_place, number)
                    yield Moment(words, path, _save_by_rename, number)


def _is_kept(root: Path, moment: Moment) -> bool:
    """Return whether what is saved at a moment is there afterwards."""
    create_notebook(root, BEFORE)
    open_notebook(root).refresh()
    note = root / moment.path
    saved = root.parent / "saved"
    saved.unlink(missing_ok=True)

    def save() -> None:
        if note.exists():
            moment.save(note)
            saved.touch()

    _run_command(root, moment.words, moment.number, save)
    open_notebook(root)
    found = [data for _, data in read_state(root).values() if data]
    return not saved.exists() or any(WORDS in data for data in found)


def test_note_saved_during_a_change_is_kept() -> None:
    """Whatever note an editor saves at whatever moment of a change, its words are there afterwards."""
    with memory_folder() as folder:
        moments = list(_list_moments(folder / "notes"))
        tried = random.Random(1).sample(moments, 60)
        assert [] == [moment for moment in tried if not _is_kept(folder / "notes", moment)]


def long_form(_minutes: float) -> Iterable[Figures]:
    """Try every moment."""
    with memory_folder() as folder:
        moments = list(_list_moments(folder / "notes"))
        lost = [moment for moment in moments if not _is_kept(folder / "notes", moment)]
        print(*lost, sep="\n")
        yield Figures("notes saved by an editor at a moment of a change", len(moments), len(lost))
