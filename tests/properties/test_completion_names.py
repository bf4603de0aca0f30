"""Test that the names that completion keeps are those of the catalogue after any changes of files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Runner
from zettel.services.editor.open_notes import OpenNotes
from zettel.session import GlobalOptions, Session

NAMES = ("a.md", "202401010001 b.md", "c.md", "202401010001 b (conflicted copy).md")
TEXTS = ("# One\n", "# Two\n", "202401010001 Three\n", "---\nid: 202401010001\ntitle: Four\n---\n", "# Five\n\n#tag\n")
STEPS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([None, *TEXTS]), st.booleans()), min_size=1, max_size=8)


@settings(max_examples=40)
@given(STEPS)
def test_kept_names_equal_fresh_ones(steps: list[tuple[str, str | None, bool]]) -> None:
    """After each file that is written or removed, and looked at alone or with all others, the names equal those loaded from scratch."""
    with tempfile.TemporaryDirectory() as name:
        run = Runner(Path(name) / "notes", Path(name) / "home")
        (run.folder / ".zettel").mkdir(parents=True)
        notebook = Session(GlobalOptions(str(run.folder)), run.environ, str(run.folder)).open_notebook()
        notes = OpenNotes(notebook, "utf-8")
        for path, text, is_named in steps:
            if text is None:
                (run.folder / path).unlink(missing_ok=True)
            else:
                (run.folder / path).write_text(text, encoding="utf-8")
            if is_named:
                notebook.look_at([path])
            else:
                notebook.refresh()
            fresh = OpenNotes(notebook, "utf-8").load_names().names
            assert sorted(fresh, key=lambda one: one.note.path) == sorted(notes.load_names().names, key=lambda one: one.note.path)
        notebook.catalogue.connection.close()
