"""Test which IDs are free: file names decide where they can, with the same result as reading every note."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from zettel.adapters.fs import files, scan
from zettel.notebook.notebook import OpenNotebook
from zettel.session import GlobalOptions, Session

NOTES = {
    "202101011200 Trust.md": "# Trust\n",
    "20210101120101 Second.md": "# Second\n",
    "deep/202101011202.md": "# Deep\n",
    "deep/Named later 202101011203.md": "# Later\n",
    "Without.md": "---\nid: 202101011204\n---\n# Without\n",
    "202101011205/README.md": "# The folder's\n",
    "202101011206_under.markdown": "# Under\n",
}
IDS = [f"2021010112{minute:02}" for minute in range(12)] + ["20210101120101", "20210101120901"]


def _write_note(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda root: None,
    "a new note": lambda root: _write_note(root, "202101011207 More.md", "# More\n"),
    "a new note in a new folder": lambda root: _write_note(root, "new/er/20210101120901 More.md", "# More\n"),
    "a note with its ID inside": lambda root: _write_note(root, "Inside.md", "---\nid: 202101011207\n---\n"),
    "an ID added to a note": lambda root: _write_note(root, "Without.md", "---\nid: 202101011208\n---\n# Without\n"),
    "another ID in a note named after its own": lambda root: _write_note(root, "202101011200 Trust.md", "---\nid: 202101011208\n---\n"),
    "a removed note": lambda root: (root / "202101011200 Trust.md").unlink(),
    "a removed note without a number": lambda root: (root / "Without.md").unlink(),
    "a removed folder": lambda root: shutil.rmtree(root / "deep"),
    "a renamed folder": lambda root: (root / "202101011205").rename(root / "202101011209"),
    "a renamed note": lambda root: (root / "202101011200 Trust.md").rename(root / "202101011208 Trust.md"),
    "a hidden note": lambda root: _write_note(root, ".202101011208.md", "# Hidden\n"),
    "an ignored note": lambda root: _write_note(root, "drafts/202101011208.md", "# Ignored\n"),
    "a file that is not a note": lambda root: _write_note(root, "202101011208.txt", "# Text\n"),
    "a link to a note": lambda root: os.symlink(root / "202101011200 Trust.md", root / "202101011208 Link.md"),
    "thirteen digits": lambda root: _write_note(root, "2021010112081 Odd.md", "# Odd\n"),
    "many new notes": lambda root: [
        _write_note(root, f"Note {number}.md", f"---\nid: 2021010112{number % 12:02}\n---\n") for number in range(230)
    ],
}


@pytest.mark.parametrize("catalogue", ["stored", "none"])
@pytest.mark.parametrize("change", CHANGES)
def test_free_ids_are_those_no_note_has(change: str, catalogue: str, tmp_path: Path) -> None:
    """Whatever has changed since the last refresh, the free IDs are those that no note has."""
    root = tmp_path / "notes"
    for path, text in NOTES.items():
        _write_note(root, path, text)
    if catalogue == "stored":
        _open_notebook(root, tmp_path / "cache").refresh()
    CHANGES[change](root)
    notebook = _open_notebook(root, tmp_path / "cache")
    notebook.refresh_names()
    fresh = _open_notebook(root, tmp_path / "another")
    fresh.refresh()
    assert [note_id for note_id in IDS if fresh.is_id_free(note_id)] == [note_id for note_id in IDS if notebook.is_id_free(note_id)]


def test_free_ids_read_no_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If all file names begin with IDs, as those of zettel's own notes do, no note is read, even after one was added."""
    for path, text in NOTES.items():
        if path[:1].isdigit() and "/" not in path:
            _write_note(tmp_path / "notes", path, text)
    notebook = _open_notebook(tmp_path / "notes", tmp_path / "cache")
    notebook.refresh()
    _write_note(tmp_path / "notes", "202101011207 Another.md", "# Another\n")
    monkeypatch.setattr(scan, "scan_notes", lambda *_: pytest.fail("every note was scanned"))
    monkeypatch.setattr(files, "read_bytes", lambda *_: pytest.fail("a note was read"))
    notebook.refresh_names("A title that no note has")
    assert [False, True] == [notebook.is_id_free("202101011207"), notebook.is_id_free("202101011208")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("202101011207 Trust.md", "# Trust\n"),
        ("202101011207-trust.md", "# Trust\n"),
        ("Anything.md", "# TRUST\n"),
        ("Without.md", "---\nid: 202101011204\naliases: [trust]\n---\n"),
    ],
)
def test_new_finds_notes_of_the_same_title(path: str, text: str, tmp_path: Path) -> None:
    """A note of the same title is found even if it was added since the last refresh, and one that lost the title is not."""
    for name, body in NOTES.items():
        _write_note(tmp_path / "notes", name, body)
    notebook = _open_notebook(tmp_path / "notes", tmp_path / "cache")
    notebook.refresh()
    _write_note(tmp_path / "notes", path, text)
    _write_note(tmp_path / "notes", "202101011200 Trust.md", "# Another title\n")
    notebook.refresh_names("Trust")
    assert [path] == [note.path for note in notebook.catalogue.find_notes_by_title("Trust")]


def _open_notebook(root: Path, cache: Path) -> OpenNotebook:
    environ = {"HOME": str(cache), "XDG_CACHE_HOME": str(cache), "XDG_CONFIG_HOME": str(cache)}
    return Session(GlobalOptions(str(root), ("ignore=drafts",)), environ, str(root)).open_notebook(refresh=False)
