"""Test that changes can be undone: every byte, name and permission is restored."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attacks.lab.harness import State, create_notebook, memory_folder, read_state
from zettel.adapters.journal import journal
from zettel.model.edit.changes import Changes, FileEdit, FileMove

NAMES = ["a.md", "b.md", "deep/c.md", "deep/er/d.md", "Übung 知識.md", "new/e.md", ".zettel/trash/a.md", "f.txt"]
DATA = st.one_of(st.just(b""), st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(str.encode))
MODES = st.sampled_from([0o644, 0o600, 0o755, 0o444])
Files = dict[str, bytes]


@st.composite
def draw_changes(draw: st.DrawFn, files: Files) -> Changes:
    """Draw changes of some files that can be undone: files are edited, removed, created and moved."""
    there = sorted(files)
    gone = draw(st.lists(st.sampled_from(there), unique=True, max_size=2)) if there else []
    edits = [FileEdit(path, files[path], None) for path in gone]
    edits += [FileEdit(path, files[path], after) for path in there if path not in gone and (after := draw(st.none() | DATA)) is not None]
    edits = [edit for edit in edits if edit.before != edit.after]
    free = [name for name in NAMES if name not in files]
    made = draw(st.lists(st.sampled_from(free), unique=True)) if free else []
    edits += [FileEdit(path, None, draw(DATA)) for path in made]
    free = [name for name in free if name not in made]
    moves = []
    for path in draw(st.permutations([path for path in there if path not in gone])):
        if free and draw(st.booleans()):
            moves.append(FileMove(path, draw(st.sampled_from(free))))
            free.remove(moves[-1].new_path)
            free.append(path)  # the next file may move to where this one was
    return Changes(tuple(draw(st.permutations(edits))), tuple(moves))


def apply_naively(files: Files, changes: Changes) -> Files:
    """Return the files after some changes, computed in the simplest way."""
    found = dict(files)
    for edit in changes.edits:
        assert found.get(edit.path) == edit.before
        if edit.after is None:
            del found[edit.path]
        else:
            found[edit.path] = edit.after
    for move in changes.moves:
        assert move.new_path not in found
        found[move.new_path] = found.pop(move.path)
    return found


FILES = st.dictionaries(st.sampled_from(NAMES), DATA, max_size=6)


@settings(max_examples=300)
@given(FILES, st.data())
def test_inverse_restores_every_byte_and_name(files: Files, data: st.DataObject) -> None:
    """The inverse of reversible changes undoes them, and the inverse of the inverse redoes them."""
    changes = data.draw(draw_changes(files))
    assert changes.is_reversible
    after = apply_naively(files, changes)
    assert files == apply_naively(after, changes.invert())
    assert after == apply_naively(files, changes.invert().invert())


def test_ambiguous_changes_are_not_reversible() -> None:
    """A file changed twice, or moved to where another one is created or removed, cannot be undone."""
    twice = (FileEdit("a", b"1", b"2"), FileEdit("a", b"2", b"3"))
    for edits, moves in (
        (twice, ()),
        ((), (FileMove("a", "b"), FileMove("a", "c"))),
        ((), (FileMove("a", "b"), FileMove("b", "c"))),
        ((FileEdit("a", None, b"1"),), (FileMove("a", "b"),)),
        ((FileEdit("a", b"1", None),), (FileMove("b", "a"),)),
    ):
        assert not Changes(edits, moves).is_reversible


def read_contents(found: State) -> Files:
    """Return the files of a state, without their permissions."""
    return {path: data for path, (_, data) in found.items() if data is not None}


@settings(max_examples=60, deadline=None)
@given(FILES, st.data())
def test_undo_restores_every_byte_name_and_permission(files: Files, data: st.DataObject) -> None:
    """Several changes are undone, redone and undone again through the journal, and each state is as it was."""
    with memory_folder() as folder:
        root = folder / "notes"
        create_notebook(
            root, {**dict.fromkeys(list_folders(files), (493, None)), **{path: (data.draw(MODES), text) for path, text in files.items()}}
        )
        states = [read_state(root)]
        for number in range(data.draw(st.integers(1, 3))):
            now = read_contents(states[-1])
            changes = data.draw(draw_changes(now))
            journal.apply_changes(str(root), changes, f"change {number}")
            if changes:
                states.append(read_state(root))
            assert apply_naively(now, changes) == read_contents(states[-1])
        for redo in (False, True, False):
            for expected in states[1:] if redo else states[-2::-1]:
                work = journal.plan_undo(str(root), redo=redo)
                assert work
                journal.apply_journaled(str(root), work)
                assert expected == read_state(root)
            assert journal.plan_undo(str(root), redo=redo) is None


def list_folders(files: Files) -> set[str]:
    """Return every folder that holds one of the files."""
    return {str(folder) for path in files for folder in Path(path).parents if str(folder) != "."} | {".zettel"}
