"""Test that the diff of a plan says exactly what is carried out."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from zettel.model.edit.changes import Changes, FileMove, build_edits, format_diff

LINE_LISTS = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "- x\n", "+ y\n", "@@ z\n", "\\ w\n"]), max_size=25)
TEXTS = st.tuples(LINE_LISTS, st.sampled_from(["", "the end"])).map(lambda parts: "".join(parts[0]) + parts[1])


@settings(max_examples=60)
@given(before=TEXTS, after=TEXTS, is_moved=st.booleans())
def test_git_applies_the_diff(before: str, after: str, is_moved: bool) -> None:
    """`git apply` turns the files before into the files after."""
    changed = build_edits([("one note.md", before.encode(), after.encode()), ("new.md", None, b"# New\nwithout a line end")])
    moves = (FileMove("one note.md", "folder/other.md"),) if is_moved else ()
    patch = "".join(f"{line}\n" for line in format_diff(Changes(changed, moves)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "one note.md").write_bytes(before.encode())
        subprocess.run(["git", "apply", "-"], cwd=folder, input=patch.encode(), check=True)
        assert after.encode() == (folder / ("folder/other.md" if is_moved else "one note.md")).read_bytes()
        assert b"# New\nwithout a line end" == (folder / "new.md").read_bytes()
        assert (folder / "one note.md").exists() is not is_moved
