"""Changes and their way back: whatever is changed, every byte, name and permission comes back."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attacks.lab.harness import State, in_memory, make, state
from zettel.adapters.journal import journal
from zettel.model.edit.changes import Changes, FileEdit, FileMove

NAMES = ["a.md", "b.md", "deep/c.md", "deep/er/d.md", "Übung 知識.md", "new/e.md", ".zettel/trash/a.md", "f.txt"]
DATA = st.one_of(st.just(b""), st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(str.encode))
MODES = st.sampled_from([0o644, 0o600, 0o755, 0o444])
Files = dict[str, bytes]


@st.composite
def plans(draw: st.DrawFn, files: Files) -> Changes:
    """Any changes of some files that can be taken back: some are edited, some removed, some made, some moved, edited or not."""
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
            free.append(path)  # the next one may move to where this one was
    return Changes(tuple(draw(st.permutations(edits))), tuple(moves))


def carried(files: Files, changes: Changes) -> Files:
    """What the files are after changes, said as plainly as can be."""
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
def test_the_inverse_restores_every_byte_and_name(files: Files, data: st.DataObject) -> None:
    """Changes can be taken back, their inverse takes them back, and its inverse does them again."""
    changes = data.draw(plans(files))
    assert changes.is_reversible
    after = carried(files, changes)
    assert files == carried(after, changes.invert())
    assert after == carried(files, changes.invert().invert())


def test_what_cannot_be_taken_back() -> None:
    """A file changed twice, or moved where one is made or removed, leaves no way back."""
    twice = (FileEdit("a", b"1", b"2"), FileEdit("a", b"2", b"3"))
    for edits, moves in (
        (twice, ()),
        ((), (FileMove("a", "b"), FileMove("a", "c"))),
        ((), (FileMove("a", "b"), FileMove("b", "c"))),
        ((FileEdit("a", None, b"1"),), (FileMove("a", "b"),)),
        ((FileEdit("a", b"1", None),), (FileMove("b", "a"),)),
    ):
        assert not Changes(edits, moves).is_reversible


def contents(found: State) -> Files:
    """The files of a state, but for their permissions."""
    return {path: data for path, (_, data) in found.items() if data is not None}


@settings(max_examples=60, deadline=None)
@given(FILES, st.data())
def test_undo_restores_every_byte_name_and_permission(files: Files, data: st.DataObject) -> None:
    """Several changes one after the other, taken back, done again and taken back once more, through the files."""
    with in_memory() as folder:
        root = folder / "notes"
        make(root, {**dict.fromkeys(folders(files), (493, None)), **{path: (data.draw(MODES), text) for path, text in files.items()}})
        states = [state(root)]
        for number in range(data.draw(st.integers(1, 3))):
            now = contents(states[-1])
            changes = data.draw(plans(now))
            journal.apply_changes(str(root), changes, f"change {number}")
            if changes:
                states.append(state(root))
            assert carried(now, changes) == contents(states[-1])
        for again in (False, True, False):
            for wanted in states[1:] if again else states[-2::-1]:
                work = journal.plan_undo(str(root), redo=again)
                assert work
                journal.apply_journaled(str(root), work)
                assert wanted == state(root)
            assert journal.plan_undo(str(root), redo=again) is None


def folders(files: Files) -> set[str]:
    """Every folder in which files lie."""
    return {str(folder) for path in files for folder in Path(path).parents if str(folder) != "."} | {".zettel"}
