"""Test the look at the names of files by which completion knows new notes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner
from zettel.notebook.new_files import find_new_notes
from zettel.session import GlobalOptions, Session

Make = Callable[[dict[str, "str | bytes"]], Runner]


def open_session(run: Runner) -> Session:
    """Return a session on a notebook whose catalogue is up to date."""
    session = Session(GlobalOptions(str(run.folder)), run.environ, str(run.folder))
    session.open_notebook()
    return session


@pytest.mark.parametrize(
    ("path", "is_new"),
    [
        ("202401010103 New.md", True),
        ("new/folder/New.markdown", True),
        ("people/New.md", True),
        ("picture.png", False),
        (".hidden.md", False),
        (".obsidian/x.md", False),
        ("drafts/x.md", False),
        ("new/picture.png", False),
    ],
)
def test_new_notes_are_noticed(path: str, is_new: bool, notebook: Make) -> None:
    """A new note is noticed wherever it is; other files, hidden and ignored ones are not."""
    files: dict[str, str | bytes] = {"202401010101 A.md": "", "people/B.md": "", ".zettel/config.toml": 'ignore = ["drafts"]\n'}
    run = notebook(files)
    notebook_ = open_session(run).open_notebook()
    assert [] == find_new_notes(notebook_.catalogue, notebook_.root, ("drafts",))
    file = run.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    assert [path] * is_new == find_new_notes(notebook_.catalogue, notebook_.root, ("drafts",))
    notebook_.refresh_if_names_changed()
    assert [] == find_new_notes(notebook_.catalogue, notebook_.root, ("drafts",))
    assert is_new == (path in {note.path for note in notebook_.catalogue.list_notes()})


def test_removed_and_renamed_notes_are_noticed(notebook: Make) -> None:
    """A note that is gone or has another name is noticed, and an edit is not."""
    run = notebook({"A.md": "", "B.md": ""})
    notebook_ = open_session(run).open_notebook()
    (run.folder / "A.md").write_text("edited")
    assert [] == find_new_notes(notebook_.catalogue, notebook_.root, ())
    os.rename(run.folder / "A.md", run.folder / "C.md")
    assert find_new_notes(notebook_.catalogue, notebook_.root, ()) is None
    notebook_.refresh_if_names_changed()
    assert ["B.md", "C.md"] == [note.path for note in notebook_.catalogue.list_notes()]
    Path(run.folder / "B.md").unlink()
    assert find_new_notes(notebook_.catalogue, notebook_.root, ()) is None
